//! Where the console is, and who asks.

use std::fmt;
#[cfg(feature = "token-store")]
use std::sync::Arc;

use verikit_core::auth::ClientAuthentication;
use verikit_core::{Environment, Result, Secret, Settings};

use super::Console;
use crate::config::{Config, DataResidency, PROVIDER, Scope};

/// Everything that a [`Console`] is made from: begun by [`Console::builder`] or
/// [`ConsoleConfig::from_environment`], changed by its setters, ended by [`build`](ConsoleConfig::build).
///
/// `Debug` shows neither the secret nor the client id.
#[must_use]
pub struct ConsoleConfig {
    settings: Settings,
    config: Config,
}

verikit_core::forward_settings!(ConsoleConfig);

impl ConsoleConfig {
    pub(super) fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            settings: Settings::default(),
            config: Config::new(client_id, client_secret).scopes([Scope::Console]),
        }
    }

    /// Starts with what the environment says. The credential has variables of its own; where the API is, is
    /// said once for the console and for the projects of its workspaces.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `IDLAYR_CONSOLE_CLIENT_ID` | the workspace credential's client id |
    /// | `IDLAYR_CONSOLE_CLIENT_SECRET` | its secret |
    /// | `IDLAYR_DATA_RESIDENCY` | `eu` (default), `in`, `us` |
    /// | `IDLAYR_BASE_URL` | another address than the residency's |
    /// | `IDLAYR_ALLOW_PLAIN_HTTP` | `true` lets the base URL be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let console = Self::new(
                environment.required("IDLAYR_CONSOLE_CLIENT_ID")?,
                environment.required("IDLAYR_CONSOLE_CLIENT_SECRET")?,
            )
            .dangerously_allow_plain_http(environment.flag("IDLAYR_ALLOW_PLAIN_HTTP")?);
            Ok(Self {
                config: console.config.address_from(environment)?,
                ..console
            })
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// Where the workspace keeps its data. Default [`DataResidency::EU`]. A
    /// [`base_url`](ConsoleConfig::base_url) takes its place.
    pub fn data_residency(mut self, residency: DataResidency) -> Self {
        self.config = self.config.data_residency(residency);
        self
    }

    /// Another address than `https://{data_residency}.api.idlayr.com`. The path `/console/v0.2` follows.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.config = self.config.base_url(base_url);
        self
    }

    /// How the client id and secret are sent for a token. The default is the documented one; change it only
    /// for a gateway of your own.
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.config = self.config.client_authentication(authentication);
        self
    }

    /// Shares tokens with other clients through a store.
    #[cfg(feature = "token-store")]
    pub fn token_store(mut self, store: Arc<dyn verikit_core::auth::store::TokenStore>) -> Self {
        self.config = self.config.token_store(store);
        self
    }

    /// Makes the client. Needs no runtime and no network.
    ///
    /// # Errors
    ///
    /// A configuration error that names what cannot be used.
    pub fn build(self) -> Result<Console> {
        let mut config = self.config;
        config.settings = self.settings;
        config.build().map(Console::new)
    }
}

impl fmt::Debug for ConsoleConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleConfig")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
