//! The client and its handles.

use std::sync::Arc;

use http::{HeaderValue, Method};
use verikit_core::auth::SelfSigned;
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::{Environment, Realm, Request, Result, Secret};

use crate::config::{Config, PROVIDER};
use crate::downloads::Downloads;
use crate::transactions::Transactions;
use crate::webhooks::Webhooks;

/// A client of ID Scan for one key.
///
/// Cheap to clone, usable from any number of tasks, made anywhere: it needs a tokio runtime only while a call
/// is awaited. Keep one a key.
///
/// ```no_run
/// # async fn example() -> cm_idscan::Result<()> {
/// use cm_idscan::{Client, Tasks};
///
/// let client = Client::from_env()?;
/// let transaction = client.transactions().create(Tasks::DocumentScan).await?;
/// println!("show the user {}", transaction.url.expose());
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
        let plain_http = config.settings.allows_plain_http();
        let clock = config.settings.shared_clock();
        let own = |error: verikit_core::Error| error.with_provider(PROVIDER);
        let core = verikit_core::Client::new(config.settings).map_err(own)?;
        let signer = Hs256::new(&config.secret, Some(&config.key_id)).map_err(own)?;
        // The members and their order are those of the vendor's example (contract cm-idscan, 2.1).
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
        let realm = Realm::builder(PROVIDER, config.base_url)
            .authorize(authorizer.clone())
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

    /// Makes a client from the environment: `CM_IDSCAN_KEY_ID`, `CM_IDSCAN_SECRET` and the optional variables
    /// of [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        Config::from_environment(&Environment::default())?.build()
    }

    /// Transactions and their results.
    #[must_use]
    pub fn transactions(&self) -> Transactions {
        Transactions::new(self.clone())
    }

    /// The images behind the download URLs of transactions and results.
    #[must_use]
    pub fn downloads(&self) -> Downloads {
        Downloads::new(self.clone())
    }

    /// Webhooks: adding one. What arrives is read with [`WebhookSecrets`](crate::WebhookSecrets), which needs
    /// no client.
    #[must_use]
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(self.clone())
    }

    /// A request to a route that has no typed call here, authorised as every other: the audit report, or a
    /// list of webhooks, whose paths stand in the vendor's reference and could not be read (contract
    /// cm-idscan, 3 and 14). Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &cm_idscan::Client) -> cm_idscan::Result<()> {
    /// use cm_idscan::Repeat;
    ///
    /// // The last segment is made up: take it from the vendor's reference.
    /// let segments = ["transactions", "0a0a0a0a-1111-4222-8333-444444444444", "some-report"];
    /// let report = client.request(http::Method::GET, segments).repeat(Repeat::Safe).stream().await?;
    /// let bytes = report.bytes().await?;
    /// # drop(bytes);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        // What such a route answers with is not known.
        Request::new(self.core(), self.realm(), method, segments).accept(HeaderValue::from_static("*/*"))
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

    /// Whether this is a sandbox on plain http, where the pages and receivers around it are too.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.realm().base_url().scheme() == "http"
    }
}
