//! The client and its handles.

use std::sync::Arc;

use http::Method;
use verikit_core::auth::SelfSigned;
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::{Environment, Realm, Request, Result, Secret};

use crate::config::{Config, PROVIDER};
use crate::identity_match::IdentityMatches;
use crate::number_verify::NumberVerifies;
use crate::sim_swap::SimSwaps;

/// A client of Mobile Identity for one key.
///
/// Cheap to clone, usable from any number of tasks, made anywhere: it needs a tokio runtime only while a call
/// is awaited. Keep one a key: the limit of one request per second holds for all clones of a client, not for
/// two clients that were built apart (see [`Config::rate_limit`]).
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use cm_identity::{Client, PhoneNumber, ServiceType};
///
/// let client = Client::from_env()?;
/// let number = PhoneNumber::parse("+31 6 00000042")?;
/// let swap = client.sim_swap().check(number, ServiceType::Timestamp).await?;
/// match swap.changed_within(Duration::from_secs(7 * 24 * 3600)) {
///     Some(false) => println!("the SIM is the same as a week ago"),
///     Some(true) => println!("the SIM was changed within a week"),
///     None => println!("nobody knows"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    core: verikit_core::Client,
    realm: Realm,
    #[cfg(feature = "testing")]
    authorizer: Arc<SelfSigned>,
}

impl Client {
    pub(crate) fn new(config: Config) -> Result<Self> {
        config.check()?;
        let base_url = config.address().to_owned();
        let plain_http = config.settings.allows_plain_http();
        let clock = config.settings.shared_clock();
        let own = |error: verikit_core::Error| error.with_provider(PROVIDER);
        let core = verikit_core::Client::new(config.settings).map_err(own)?;
        let signer = Hs256::new(&config.secret, Some(&config.key_id)).map_err(own)?;
        // The members and their order are those of the vendor's example (contract cm-identity, 2.1).
        let authorizer = Arc::new(
            SelfSigned::builder(signer, |validity| {
                Claims::new()
                    .seconds("iat", validity.from)
                    .seconds("nbf", validity.from)
                    .seconds("exp", validity.until)
            })
            .lifetime(config.token_life)
            .back_date(config.token_back_dating)
            .build(clock)
            .map_err(own)?,
        );
        let realm = Realm::builder(PROVIDER, base_url)
            .authorize(authorizer.clone())
            .rate_limit(config.rate_limit)
            .dangerously_allow_plain_http(plain_http)
            .build()?;
        Ok(Self(Arc::new(Inner {
            core,
            realm,
            #[cfg(feature = "testing")]
            authorizer,
        })))
    }

    /// Starts with a key id and its secret, which the vendor hands out.
    pub fn builder(key_id: impl Into<String>, secret: impl Into<Secret>) -> Config {
        Config::new(key_id, secret)
    }

    /// Makes a client from the environment: `CM_IDENTITY_KEY_ID`, `CM_IDENTITY_SECRET` and the optional
    /// variables of [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        Config::from_environment(&Environment::default())?.build()
    }

    /// SIM swap, which the vendor also calls Takeover Protection: when was the SIM behind a number last
    /// changed?
    #[must_use]
    pub fn sim_swap(&self) -> SimSwaps {
        SimSwaps::new(self.clone())
    }

    /// Identity match: do these personal data fit the operator's record of a number?
    #[must_use]
    pub fn identity_match(&self) -> IdentityMatches {
        IdentityMatches::new(self.clone())
    }

    /// Number verify: does the phone that opens a URL over mobile data have this number?
    #[must_use]
    pub fn number_verify(&self) -> NumberVerifies {
        NumberVerifies::new(self.clone())
    }

    /// A request to a route that has no typed call here, authorised and limited as every other. The path's
    /// segments are those below the base URL. Sent **once** unless [`repeat`](Request::repeat) says
    /// otherwise.
    ///
    /// ```
    /// # async fn example(client: &cm_identity::Client) -> cm_identity::Result<()> {
    /// use cm_identity::Repeat;
    ///
    /// // The path here is made up: take it from the vendor's reference.
    /// let reply = client
    ///     .request(http::Method::GET, ["some-service", "some-id"])
    ///     .repeat(Repeat::Safe)
    ///     .await?;
    /// println!("{}: {} bytes", reply.status(), reply.body().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        Request::new(self.core(), self.realm(), method, segments)
    }

    /// For tests: how many tokens this client and its clones have signed. One serves all calls for
    /// nearly half of the default life, whatever their number.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn tokens_signed(&self) -> u64 {
        self.0.authorizer.tokens_signed()
    }

    pub(crate) fn core(&self) -> &verikit_core::Client {
        &self.0.core
    }

    pub(crate) fn realm(&self) -> &Realm {
        &self.0.realm
    }

    /// Whether this is a sandbox on plain http, whose callbacks may go to plain http too.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.realm().base_url().scheme() == "http"
    }
}
