//! The client and its handles.

use std::sync::Arc;

use http::{HeaderValue, Method};
use verikit_core::auth::{Bearer, ClientCredentials, OAuth2Endpoint, TokenCache};
use verikit_core::{Environment, Realm, Request, Result, Secret};

use crate::config::{Config, Scope};
use crate::coverage::Coverage;
use crate::error::ProblemCode;
use crate::mo_checks::MoChecks;
use crate::phone_checks::{PhoneChecks, PhoneChecksV0_1};
use crate::sim_checks::SimChecks;
use crate::subscriber_checks::{SubscriberChecks, SubscriberChecksV0_1};
use crate::tokens::{TOKEN_ROUTE, Tokens};

/// Media types that IDlayr answers with (contract idlayr, 1).
const ACCEPT: HeaderValue =
    HeaderValue::from_static("application/hal+json, application/json, application/problem+json");

/// A client of IDlayr for one project.
///
/// Cheap to clone, usable from any number of tasks, made anywhere: it needs a tokio runtime only while a call
/// is awaited. Keep one a project.
///
/// ```no_run
/// # async fn example() -> idlayr::Result<()> {
/// use idlayr::{Client, PhoneNumber};
///
/// let client = Client::from_env()?;
/// let number = PhoneNumber::parse("+44 7700 900042").expect("a number");
/// let check = client.phone_checks().create(number).await?;
/// println!("open {} on the phone, over mobile data", check.check_url.expose());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    core: verikit_core::Client,
    realm: Realm,
    oauth2: OAuth2Endpoint,
    cache: TokenCache,
    device_tokens: ClientCredentials,
    #[cfg(feature = "callbacks")]
    keys: crate::callbacks::KeyStore,
}

impl Client {
    pub(crate) fn new(config: Config) -> Result<Self> {
        let parts = config.into_parts()?;
        let plain_http = parts.settings.allows_plain_http();
        let clock = parts.settings.shared_clock();
        let core =
            verikit_core::Client::new(parts.settings).map_err(|error| error.with_provider("idlayr"))?;
        let realm = || {
            Realm::builder("idlayr", parts.base_url.as_str())
                .accept(ACCEPT)
                .known_codes(ProblemCode::WORDS)
                .dangerously_allow_plain_http(plain_http)
        };
        let oauth2 = OAuth2Endpoint::new(
            realm(),
            &parts.client_id,
            parts.client_secret,
            parts.authentication,
        )?;
        let credentials = ClientCredentials::new(&core, oauth2.clone(), TOKEN_ROUTE, &parts.scope);
        let coverage = Scope::Coverage;
        let device_tokens = ClientCredentials::new(&core, oauth2.clone(), TOKEN_ROUTE, coverage.as_str());
        #[cfg(feature = "token-store")]
        let cache = match parts.token_store {
            Some(store) => {
                let shared = verikit_core::auth::store::SharedClientCredentials::new(
                    credentials,
                    store,
                    Arc::clone(&clock),
                );
                TokenCache::new(Arc::new(shared), clock)
            }
            None => TokenCache::new(Arc::new(credentials), clock),
        };
        #[cfg(not(feature = "token-store"))]
        let cache = TokenCache::new(Arc::new(credentials), clock);
        #[cfg(feature = "callbacks")]
        let keys = crate::callbacks::KeyStore::new(realm().build()?);
        let realm = realm().authorize(Arc::new(Bearer::new(cache.clone()))).build()?;
        Ok(Self(Arc::new(Inner {
            core,
            realm,
            oauth2,
            cache,
            device_tokens,
            #[cfg(feature = "callbacks")]
            keys,
        })))
    }

    /// Starts with a project's credentials, which the vendor's console shows once.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Config {
        Config::new(client_id, client_secret)
    }

    /// Makes a client from the environment: `IDLAYR_CLIENT_ID`, `IDLAYR_CLIENT_SECRET` and the optional
    /// variables of [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        Config::from_environment(&Environment::default())?.build()
    }

    /// PhoneCheck v0.2: does the number belong to the SIM in the phone that opens the check URL? Completed
    /// with a code.
    #[must_use]
    pub fn phone_checks(&self) -> PhoneChecks {
        PhoneChecks::new(self.clone())
    }

    /// PhoneCheck v0.1, where the result is read without a code. Prefer
    /// [`phone_checks`](Client::phone_checks): there, whoever finishes the check has shown that it came to
    /// the end of the redirects.
    #[must_use]
    pub fn phone_checks_v0_1(&self) -> PhoneChecksV0_1 {
        PhoneChecksV0_1::new(self.clone())
    }

    /// SubscriberCheck v0.2: PhoneCheck's question, and whether the SIM changed of late. Needs the scope
    /// [`Scope::SubscriberCheck`].
    #[must_use]
    pub fn subscriber_checks(&self) -> SubscriberChecks {
        SubscriberChecks::new(self.clone())
    }

    /// SubscriberCheck v0.1, where the result is read without a code. Prefer
    /// [`subscriber_checks`](Client::subscriber_checks), for the same reason as with PhoneCheck.
    #[must_use]
    pub fn subscriber_checks_v0_1(&self) -> SubscriberChecksV0_1 {
        SubscriberChecksV0_1::new(self.clone())
    }

    /// SIMCheck v0.1: whether the SIM changed of late, without a device. Needs the scope
    /// [`Scope::SimCheck`].
    #[must_use]
    pub fn sim_checks(&self) -> SimChecks {
        SimChecks::new(self.clone())
    }

    /// MOCheck v0.1: an SMS from the phone, where nothing else is possible. Needs the scope
    /// [`Scope::MoCheck`].
    #[must_use]
    pub fn mo_checks(&self) -> MoChecks {
        MoChecks::new(self.clone())
    }

    /// Where the products work: by country, and by a device's address. Needs the scope [`Scope::Coverage`].
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        Coverage::new(self.clone())
    }

    /// Access tokens: look at the current one, or revoke one. Calls fetch and renew theirs by themselves.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.clone())
    }

    /// A request to a route that has no typed call here, with the access token of every other: those of the
    /// authenticator, for example (contract idlayr, 14). Its scope must be among the client's
    /// [`scopes`](Config::scopes). Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &idlayr::Client) -> idlayr::Result<()> {
    /// use idlayr::Repeat;
    ///
    /// let segments = ["authenticator", "v0.1", "factors"];
    /// let factors = client.request(http::Method::GET, segments).repeat(Repeat::Safe).await?;
    /// println!("{} bytes", factors.body().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        Request::new(self.core(), self.realm(), method, segments)
    }

    /// Whether this is a sandbox on plain http, where devices and receivers are too.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.realm().base_url().scheme() == "http"
    }

    pub(crate) fn core(&self) -> &verikit_core::Client {
        &self.0.core
    }

    pub(crate) fn realm(&self) -> &Realm {
        &self.0.realm
    }

    pub(crate) fn oauth2(&self) -> &OAuth2Endpoint {
        &self.0.oauth2
    }

    pub(crate) fn device_tokens(&self) -> &ClientCredentials {
        &self.0.device_tokens
    }

    pub(crate) fn cache(&self) -> &TokenCache {
        &self.0.cache
    }

    #[cfg(feature = "callbacks")]
    pub(crate) fn keys(&self) -> &crate::callbacks::KeyStore {
        &self.0.keys
    }
}
