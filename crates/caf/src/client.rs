//! The client and its four handles.

use std::sync::Arc;

use verikit_core::{Environment, Result};

use crate::config::{Config, PROVIDER};
use crate::connect_api::{self, Connect};
use crate::core_api::{self, Core};
use crate::global_api::{self, Global};
use crate::mobile_api::{self, Mobile};

/// A client of CAF.
///
/// CAF has four families of APIs with three ways to authenticate; each is a handle, and needs only its own
/// credential (contract caf, 1).
///
/// Cheap to clone, usable from any number of tasks, made anywhere: it needs a tokio runtime only while a call
/// is awaited. Keep one.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    core: verikit_core::Client,
    mobile_api: mobile_api::Access,
    core_api: core_api::Access,
    connect_api: connect_api::Access,
    global_api: global_api::Access,
}

impl Client {
    pub(crate) fn new(mut config: Config) -> Result<Self> {
        config.check()?;
        let settings = std::mem::take(&mut config.settings);
        let foundation = Foundation {
            clock: settings.shared_clock(),
            plain_http: settings.allows_plain_http(),
            core: verikit_core::Client::new(settings).map_err(|error| error.with_provider(PROVIDER))?,
        };
        let families = || -> Result<_> {
            Ok((
                mobile_api::Access::new(&config, &foundation)?,
                core_api::Access::new(&config, &foundation)?,
                connect_api::Access::new(&config, &foundation)?,
                global_api::Access::new(&config, &foundation)?,
            ))
        };
        let (mobile_api, core_api, connect_api, global_api) =
            families().map_err(|error| error.with_provider(PROVIDER))?;
        Ok(Self(Arc::new(Inner {
            core: foundation.core,
            mobile_api,
            core_api,
            connect_api,
            global_api,
        })))
    }

    /// Starts without any credentials: give those of the families that you call.
    pub fn builder() -> Config {
        Config::new()
    }

    /// Makes a client from the environment: see [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        Config::from_environment(&Environment::default())?.build()
    }

    /// The Mobile API, and what goes with it: tokens for apps and SDKs, faces, signed responses. Needs a
    /// [Mobile Key](Config::mobile_key).
    #[must_use]
    pub fn mobile(&self) -> Mobile {
        Mobile::new(self.clone())
    }

    /// The Core API: transactions, onboarding links, profiles, faces, services. Needs a
    /// [token](Config::core_token) from Trust.
    #[must_use]
    pub fn core(&self) -> Core {
        Core::new(self.clone())
    }

    /// The Connect API: transactions, files, signed webhooks. Needs an
    /// [application](Config::connect_application) of Trust.
    #[must_use]
    pub fn connect(&self) -> Connect {
        Connect::new(self.clone())
    }

    /// The Global API: services and orchestrations. Needs a [token](Config::global_token) from Trust.
    #[must_use]
    pub fn global(&self) -> Global {
        Global::new(self.clone())
    }

    /// The loop that every call goes through.
    pub(crate) fn core_loop(&self) -> &verikit_core::Client {
        &self.0.core
    }

    pub(crate) fn mobile_access(&self) -> &mobile_api::Access {
        &self.0.mobile_api
    }

    pub(crate) fn core_access(&self) -> &core_api::Access {
        &self.0.core_api
    }

    pub(crate) fn connect_access(&self) -> &connect_api::Access {
        &self.0.connect_api
    }

    pub(crate) fn global_access(&self) -> &global_api::Access {
        &self.0.global_api
    }
}

/// What the four families stand on.
pub(crate) struct Foundation {
    pub(crate) core: verikit_core::Client,
    pub(crate) clock: Arc<dyn verikit_core::Clock>,
    pub(crate) plain_http: bool,
}
