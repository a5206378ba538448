//! Where ID Scan is, and who asks.

use std::fmt;
use std::time::Duration;

use verikit_core::{Environment, Error, Result, Secret, Settings};

use crate::client::Client;

pub(crate) const PROVIDER: &str = "cm-idscan";

/// Contract cm-idscan, 1.
const BASE_URL: &str = "https://api.cm.com/id-scan/v1";

/// Everything that a [`Client`] is made from: begun by [`Client::builder`] or [`Config::from_environment`],
/// changed by its setters, ended by [`build`](Config::build).
///
/// `Debug` shows neither the secret nor the key id.
#[must_use]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) key_id: String,
    pub(crate) secret: Secret,
    pub(crate) base_url: String,
    pub(crate) token_life: Duration,
    pub(crate) token_back_dating: Duration,
}

verikit_core::forward_settings!(Config);

impl Config {
    /// Starts with a key.
    pub(crate) fn new(key_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            settings: Settings::default(),
            key_id: key_id.into(),
            secret: secret.into(),
            base_url: String::from(BASE_URL),
            token_life: Duration::from_secs(60),
            token_back_dating: Duration::from_secs(30),
        }
    }

    /// Starts with what the environment says.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `CM_IDSCAN_KEY_ID` | the key's id |
    /// | `CM_IDSCAN_SECRET` | its secret |
    /// | `CM_IDSCAN_BASE_URL` | another address than `https://api.cm.com/id-scan/v1` |
    /// | `CM_IDSCAN_ALLOW_PLAIN_HTTP` | `true` lets the base URL be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let mut config = Self::new(
                environment.required("CM_IDSCAN_KEY_ID")?,
                environment.required("CM_IDSCAN_SECRET")?,
            )
            .dangerously_allow_plain_http(environment.flag("CM_IDSCAN_ALLOW_PLAIN_HTTP")?);
            if let Some(base_url) =
                environment.base_url("CM_IDSCAN_BASE_URL", "CM_IDSCAN_ALLOW_PLAIN_HTTP")?
            {
                config = config.base_url(base_url);
            }
            Ok(config)
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// Another address than `https://api.cm.com/id-scan/v1`: a sandbox, or a proxy of your own. The vendor
    /// names no test environment for ID Scan.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long a token is valid that the client signs for itself, in whole seconds, 10 s at least. Default
    /// 60 s, as in the vendor's example. One token serves all calls for 29 s of such a life: the last 30 s
    /// are kept for clocks that differ (half of a shorter life, the last tenth of a life beyond 300 s), and a
    /// second for rounding.
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

    /// Makes the client. Needs no runtime and no network. It costs about 2 ms and 2 MB, unless a transport is
    /// shared: keep the client and clone it.
    ///
    /// # Errors
    ///
    /// A configuration error that names what cannot be used.
    pub fn build(self) -> Result<Client> {
        Client::new(self)
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
            .field("base_url", &(self.base_url != BASE_URL))
            .field("token_life", &self.token_life)
            .field("token_back_dating", &self.token_back_dating)
            .finish_non_exhaustive()
    }
}
