//! Where CAF's APIs are, and who asks.

use std::fmt;
#[cfg(feature = "token-store")]
use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Environment, Error, Result, Secret, Settings};

use crate::client::Client;
use crate::mobile_api::SdkAuthorization;

pub(crate) const PROVIDER: &str = "caf";

/// CAF once published 30 s of its own (contract caf, 1): whoever gives up first does not hear what came of a
/// creation.
const DEADLINE: Duration = Duration::from_secs(40);

const PLAIN_HTTP: &str = "CAF_ALLOW_PLAIN_HTTP";

/// Contract caf, 1. A beta environment exists, but no official document names its hosts.
const MOBILE: &str = "https://api.mobile.combateafraude.com";
const SDK: &str = "https://web.us.prd.caf.io";
const CORE: &str = "https://api.combateafraude.com";
const CONNECT: &str = "https://api.us.prd.caf.io";
const CONNECT_MTLS: &str = "https://mtls.us.prd.caf.io";
const GLOBAL: &str = "https://api.public.caf.io/v1";
const CPF_SYNC: &str = "https://api.sa.prd.combateafraude.com";

/// Everything that a [`Client`] is made from: begun by [`Client::builder`] or [`Config::from_environment`],
/// changed by its setters, ended by [`build`](Config::build).
///
/// CAF has four families of APIs with credentials of their own. Give those of the families that you call; a
/// call of another family ends with a configuration error, before anything is sent.
///
/// `Debug` shows none of the credentials.
#[must_use]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) mobile_key: Option<Key>,
    pub(crate) mobile_token_life: Duration,
    pub(crate) sdk_authorization: SdkAuthorization,
    pub(crate) core_token: Option<Secret>,
    pub(crate) connect_application: Option<Key>,
    pub(crate) global_token: Option<Secret>,
    pub(crate) addresses: Addresses,
    #[cfg(feature = "token-store")]
    pub(crate) token_store: Option<Arc<dyn verikit_core::auth::store::TokenStore>>,
}

/// An id and its secret.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

/// The base URLs of the hosts.
pub(crate) struct Addresses {
    pub(crate) mobile: String,
    pub(crate) sdk: String,
    pub(crate) core: String,
    pub(crate) connect: String,
    /// Where access tokens come from, if that is another host.
    pub(crate) connect_token: Option<String>,
    pub(crate) global: String,
    pub(crate) cpf_sync: String,
}

verikit_core::forward_settings!(Config, deadline: "40 s");

impl Config {
    pub(crate) fn new() -> Self {
        Self {
            settings: Settings::default().timeout(DEADLINE),
            mobile_key: None,
            mobile_token_life: Duration::from_secs(5 * 60),
            sdk_authorization: SdkAuthorization::default(),
            core_token: None,
            connect_application: None,
            global_token: None,
            addresses: Addresses {
                mobile: String::from(MOBILE),
                sdk: String::from(SDK),
                core: String::from(CORE),
                connect: String::from(CONNECT),
                connect_token: None,
                global: String::from(GLOBAL),
                cpf_sync: String::from(CPF_SYNC),
            },
            #[cfg(feature = "token-store")]
            token_store: None,
        }
    }

    /// Starts with what the environment says. At least one family's credentials have to be there.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `CAF_MOBILE_CLIENT_ID`, `CAF_MOBILE_CLIENT_SECRET` | a Mobile Key: Mobile API and SDK sessions |
    /// | `CAF_CORE_TOKEN` | a token for the Core API |
    /// | `CAF_CONNECT_CLIENT_ID`, `CAF_CONNECT_CLIENT_SECRET` | an application: Connect API |
    /// | `CAF_GLOBAL_TOKEN` | a token for the Global API |
    /// | `CAF_MOBILE_BASE_URL` | another address than `https://api.mobile.combateafraude.com` |
    /// | `CAF_SDK_BASE_URL` | another address than `https://web.us.prd.caf.io` |
    /// | `CAF_CORE_BASE_URL` | another address than `https://api.combateafraude.com` |
    /// | `CAF_CONNECT_BASE_URL` | another address than `https://api.us.prd.caf.io` |
    /// | `CAF_CONNECT_TOKEN_BASE_URL` | another address for its access tokens than the one above |
    /// | `CAF_GLOBAL_BASE_URL` | another address than `https://api.public.caf.io/v1` |
    /// | `CAF_CPF_SYNC_BASE_URL` | another address than `https://api.sa.prd.combateafraude.com` |
    /// | `CAF_ALLOW_PLAIN_HTTP` | `true` lets these addresses be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let mut config = Self::new().dangerously_allow_plain_http(environment.flag(PLAIN_HTTP)?);
            config.mobile_key = key(environment, "CAF_MOBILE_CLIENT_ID", "CAF_MOBILE_CLIENT_SECRET")?;
            config.core_token = environment.optional("CAF_CORE_TOKEN").map(Secret::new);
            config.connect_application =
                key(environment, "CAF_CONNECT_CLIENT_ID", "CAF_CONNECT_CLIENT_SECRET")?;
            config.global_token = environment.optional("CAF_GLOBAL_TOKEN").map(Secret::new);
            let addresses = &mut config.addresses;
            for (name, address) in [
                ("CAF_MOBILE_BASE_URL", &mut addresses.mobile),
                ("CAF_SDK_BASE_URL", &mut addresses.sdk),
                ("CAF_CORE_BASE_URL", &mut addresses.core),
                ("CAF_CONNECT_BASE_URL", &mut addresses.connect),
                ("CAF_GLOBAL_BASE_URL", &mut addresses.global),
                ("CAF_CPF_SYNC_BASE_URL", &mut addresses.cpf_sync),
            ] {
                if let Some(base_url) = environment.base_url(name, PLAIN_HTTP)? {
                    *address = base_url;
                }
            }
            addresses.connect_token = environment.base_url("CAF_CONNECT_TOKEN_BASE_URL", PLAIN_HTTP)?;
            Ok(config)
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// A Mobile Key, which is made in Trust under settings, API Integration, "Mobile Keys" (contract caf,
    /// 2.1): it opens the Mobile API, and SDK session tokens.
    pub fn mobile_key(mut self, client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        self.mobile_key = Some(Key {
            id: client_id.into(),
            secret: client_secret.into(),
        });
        self
    }

    /// How long the tokens are valid that the client signs for its own calls of the Mobile API, in whole
    /// seconds: 10 s at least, 15 minutes at most. Default 5 minutes. For those of apps see
    /// [`tokens`](crate::mobile_api::Mobile::tokens).
    pub fn mobile_token_life(mut self, life: Duration) -> Self {
        self.mobile_token_life = life;
        self
    }

    /// How the token stands in a request for an SDK session. Default [`SdkAuthorization::Bare`].
    pub fn sdk_authorization(mut self, authorization: SdkAuthorization) -> Self {
        self.sdk_authorization = authorization;
        self
    }

    /// A token that was issued in Trust for the Core API (contract caf, 4.1).
    pub fn core_token(mut self, token: impl Into<Secret>) -> Self {
        self.core_token = Some(token.into());
        self
    }

    /// An application of Trust, whose id and secret are exchanged for access tokens of the Connect API
    /// (contract caf, 6.1).
    pub fn connect_application(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.connect_application = Some(Key {
            id: client_id.into(),
            secret: client_secret.into(),
        });
        self
    }

    /// A token that was issued in Trust for the Global API (contract caf, 7). It is of the same kind as that
    /// of the [Core API](Self::core_token): one that has the permissions of both can be given to both.
    pub fn global_token(mut self, token: impl Into<Secret>) -> Self {
        self.global_token = Some(token.into());
        self
    }

    /// Another address of the Mobile API than `https://api.mobile.combateafraude.com`: a sandbox, a proxy of
    /// your own, or the beta environment, whose host the vendor tells its customers.
    pub fn mobile_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.mobile = base_url.into();
        self
    }

    /// Another address of the SDK session tokens than `https://web.us.prd.caf.io`.
    pub fn sdk_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.sdk = base_url.into();
        self
    }

    /// Another address of the Core API than `https://api.combateafraude.com`.
    pub fn core_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.core = base_url.into();
        self
    }

    /// Another address of the Connect API than `https://api.us.prd.caf.io`. Its access tokens come from there
    /// too.
    pub fn connect_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.connect = base_url.into();
        self
    }

    /// Calls the Connect API at `https://mtls.us.prd.caf.io`, its host for mutual TLS (contract caf, 6.2),
    /// and takes the access tokens from there. The client certificate is the transport's:
    ///
    /// ```no_run
    /// use caf::Client;
    /// use caf::transport::{BundledTransport, SharedTransport};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let transport = BundledTransport::builder()
    ///     .client_certificate_pem(std::fs::read("client-key.pem")?)
    ///     .client_certificate_pem(std::fs::read("client-chain.pem")?)
    ///     .build()?;
    /// let client = Client::builder()
    ///     .connect_application("my-client-id", "my-client-secret")
    ///     .connect_mtls()
    ///     .transport(SharedTransport::new(transport))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The certificate comes from Trust, which signs a request that you upload; it lives 365 days. Whether an
    /// access token is needed besides, and whether this host gives tokens, is **not documented**: one is
    /// asked for here, unless [`connect_token_base_url`](Self::connect_token_base_url) names another host.
    pub fn connect_mtls(self) -> Self {
        self.connect_base_url(CONNECT_MTLS)
    }

    /// Another address for the access tokens of the Connect API than that of the API itself.
    pub fn connect_token_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.connect_token = Some(base_url.into());
        self
    }

    /// Shares the access tokens of the Connect API with other clients through a store.
    #[cfg(feature = "token-store")]
    pub fn token_store(mut self, store: Arc<dyn verikit_core::auth::store::TokenStore>) -> Self {
        self.token_store = Some(store);
        self
    }

    /// Another address of the Global API than `https://api.public.caf.io/v1`.
    pub fn global_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.global = base_url.into();
        self
    }

    /// Another address of the service `cpf_sync` than `https://api.sa.prd.combateafraude.com`.
    pub fn cpf_sync_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.addresses.cpf_sync = base_url.into();
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
        let refuse = |detail: &'static str| Err(Error::configuration(detail).with_provider(PROVIDER));
        let none = self.mobile_key.is_none()
            && self.core_token.is_none()
            && self.connect_application.is_none()
            && self.global_token.is_none();
        if none {
            return refuse(
                "there are no credentials: give a Mobile Key, a Core token, a Connect application or a Global token",
            );
        }
        if self.mobile_token_life > Duration::from_secs(15 * 60) {
            return refuse("the tokens of the client's own calls may live 15 minutes at most");
        }
        for key in [&self.mobile_key, &self.connect_application]
            .into_iter()
            .flatten()
        {
            if key.id.is_empty() || key.secret.is_empty() {
                return refuse("a client id and its client secret must not be empty");
            }
        }
        Ok(())
    }
}

/// Both variables, or none.
fn key(environment: &Environment<'_>, id: &str, secret: &str) -> Result<Option<Key>> {
    if environment.optional(id).is_none() && environment.optional(secret).is_none() {
        return Ok(None);
    }
    Ok(Some(Key {
        id: environment.required(id)?,
        secret: Secret::new(environment.required(secret)?),
    }))
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("mobile_key", &self.mobile_key.is_some())
            .field("core_token", &self.core_token.is_some())
            .field("connect_application", &self.connect_application.is_some())
            .field("global_token", &self.global_token.is_some())
            .finish_non_exhaustive()
    }
}
