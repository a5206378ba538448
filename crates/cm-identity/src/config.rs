//! Where Mobile Identity is, and who asks.

use std::fmt;
use std::time::Duration;

use verikit_core::{Environment, Error, RateLimit, Result, Secret, Settings};

use crate::client::Client;

pub(crate) const PROVIDER: &str = "cm-identity";

/// Contract cm-identity, 1.
const PRODUCTION: &str = "https://api.cm.com/mobile-identity/v1";
const SANDBOX: &str = "https://api.cm.com/mobile-identity-sandbox/v1";

/// The documented limit (contract cm-identity, 5).
const ONE_PER: Duration = Duration::from_secs(1);

/// Everything that a [`Client`] is made from: begun by [`Client::builder`] or [`Config::from_environment`],
/// changed by its setters, ended by [`build`](Config::build).
///
/// `Debug` shows neither the secret nor the key id.
#[must_use]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) key_id: String,
    pub(crate) secret: Secret,
    pub(crate) token_life: Duration,
    pub(crate) token_back_dating: Duration,
    pub(crate) rate_limit: Option<RateLimit>,
    sandbox: bool,
    base_url: Option<String>,
}

verikit_core::forward_settings!(Config);

impl Config {
    /// Starts with a key.
    pub(crate) fn new(key_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            settings: Settings::default(),
            key_id: key_id.into(),
            secret: secret.into(),
            token_life: Duration::from_secs(60),
            token_back_dating: Duration::from_secs(30),
            rate_limit: Some(RateLimit::one_per(ONE_PER)),
            sandbox: false,
            base_url: None,
        }
    }

    /// Starts with what the environment says.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `CM_IDENTITY_KEY_ID` | the key's id |
    /// | `CM_IDENTITY_SECRET` | its secret |
    /// | `CM_IDENTITY_SANDBOX` | `true` goes to the vendor's sandbox, which has keys of its own |
    /// | `CM_IDENTITY_BASE_URL` | another address than the two of the vendor |
    /// | `CM_IDENTITY_ALLOW_PLAIN_HTTP` | `true` lets the base URL be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let mut config = Self::new(
                environment.required("CM_IDENTITY_KEY_ID")?,
                environment.required("CM_IDENTITY_SECRET")?,
            )
            .dangerously_allow_plain_http(environment.flag("CM_IDENTITY_ALLOW_PLAIN_HTTP")?);
            if environment.flag("CM_IDENTITY_SANDBOX")? {
                config = config.sandbox();
            }
            if let Some(base_url) =
                environment.base_url("CM_IDENTITY_BASE_URL", "CM_IDENTITY_ALLOW_PLAIN_HTTP")?
            {
                config = config.base_url(base_url);
            }
            Ok(config)
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// Goes to the vendor's sandbox, `https://api.cm.com/mobile-identity-sandbox/v1`, which has keys of its
    /// own (contract cm-identity, 1). A [`base_url`](Config::base_url) takes its place.
    pub fn sandbox(mut self) -> Self {
        self.sandbox = true;
        self
    }

    /// Another address than `https://api.cm.com/mobile-identity/v1` and its sandbox: a sandbox on this
    /// machine, or a proxy of your own. Version and all, as the vendor's two are.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// How long a token is valid that the client signs for itself, in whole seconds, 10 s at least. Default
    /// 60 s, as in the vendor's example; the longest that is allowed is not documented. One token serves all
    /// calls for 29 s of such a life: the last 30 s are kept for clocks that differ (half of a shorter life,
    /// the last tenth of a life beyond 300 s), and a second for rounding.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = life;
        self
    }

    /// By how much a token's beginning is dated back, in whole seconds, so that a server whose clock is
    /// behind accepts it too. Default 30 s.
    pub fn token_back_dating(mut self, by: Duration) -> Self {
        self.token_back_dating = by;
        self
    }

    /// Another limit of requests per time than the documented one, which is one request per second over all
    /// services of a key (contract cm-identity, 5). Calls wait for their turn in order, repeats included; a
    /// call whose turn would come after its deadline ends at once with
    /// [`RateLimited`](crate::ErrorKind::RateLimited), and is not sent.
    ///
    /// Clients that share a key should share its limit: build it once and hand each of them a clone.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cm_identity::{Client, RateLimit};
    ///
    /// let shared = RateLimit::one_per(Duration::from_millis(500));
    /// let sign_up = Client::builder("key-id", "secret").rate_limit(shared.clone()).build()?;
    /// let checkout = Client::builder("key-id", "secret").rate_limit(shared).build()?;
    /// # drop((sign_up, checkout));
    /// # Ok::<(), cm_identity::Error>(())
    /// ```
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// No limit of requests per time in this client. The vendor's newest pages no longer name one, and older
    /// ones warn that going over it causes errors.
    pub fn without_rate_limit(mut self) -> Self {
        self.rate_limit = None;
        self
    }

    /// Makes the client. Needs no runtime and no network. It costs about 2 ms and 2 MB, unless a transport is
    /// shared: keep the client and clone it.
    ///
    /// # Errors
    ///
    /// A configuration error that names what cannot be used.
    pub fn build(self) -> Result<Client> {
        Client::new(self)
    }

    pub(crate) fn address(&self) -> &str {
        let vendors = if self.sandbox { SANDBOX } else { PRODUCTION };
        self.base_url.as_deref().unwrap_or(vendors)
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.key_id.is_empty() || self.secret.is_empty() {
            let detail = "the key id and the secret must not be empty";
            return Err(Error::configuration(detail).with_provider(PROVIDER));
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("sandbox", &self.sandbox)
            .field("base_url", &self.base_url.is_some())
            .field("token_life", &self.token_life)
            .field("token_back_dating", &self.token_back_dating)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
