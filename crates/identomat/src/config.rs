//! Where Identomat is, and who asks.

use std::fmt;

use url::Url;
use verikit_core::{Environment, Error, Result, Secret, Settings};

use crate::client::Client;
use crate::signing::HmacSigner;

pub(crate) const PROVIDER: &str = "identomat";

const PLAIN_HTTP: &str = "IDENTOMAT_ALLOW_PLAIN_HTTP";

/// Contract identomat, 1.
const BASE_URL: &str = "https://widget.identomat.com/external-api/";
const WIDGET_URL: &str = "https://widget.identomat.com/";

/// Everything that a [`Client`] is made from: begun by [`Client::builder`] or [`Config::from_environment`],
/// changed by its setters, ended by [`build`](Config::build).
///
/// `Debug` shows none of the keys.
#[must_use]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) company_key: Secret,
    pub(crate) signer: Option<Result<HmacSigner>>,
    pub(crate) base_url: String,
    widget_url: String,
}

verikit_core::forward_settings!(Config);

impl Config {
    /// Starts with a company key.
    pub(crate) fn new(company_key: impl Into<Secret>) -> Self {
        Self {
            settings: Settings::default(),
            company_key: company_key.into(),
            signer: None,
            base_url: String::from(BASE_URL),
            widget_url: String::from(WIDGET_URL),
        }
    }

    /// Starts with what the environment says.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `IDENTOMAT_COMPANY_KEY` | the company key |
    /// | `IDENTOMAT_SECRET_KEY` | the secret key; with it, requests are signed and answers have to be |
    /// | `IDENTOMAT_BASE_URL` | another address than `https://widget.identomat.com/external-api/` |
    /// | `IDENTOMAT_WIDGET_URL` | another address of the widget than `https://widget.identomat.com/` |
    /// | `IDENTOMAT_ALLOW_PLAIN_HTTP` | `true` lets both addresses be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let mut config = Self::new(environment.required("IDENTOMAT_COMPANY_KEY")?)
                .dangerously_allow_plain_http(environment.flag(PLAIN_HTTP)?);
            if let Some(secret_key) = environment.optional("IDENTOMAT_SECRET_KEY") {
                config = config.secret_key(secret_key);
            }
            if let Some(base_url) = environment.base_url("IDENTOMAT_BASE_URL", PLAIN_HTTP)? {
                config = config.base_url(base_url);
            }
            // It has a token in it: it stays on this machine like the other.
            if let Some(widget_url) = environment.base_url("IDENTOMAT_WIDGET_URL", PLAIN_HTTP)? {
                config = config.widget_url(widget_url);
            }
            Ok(config)
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// Switches HMAC on: each request is signed with this key, and an answer is used only if it is signed
    /// with it (contract identomat, 7). The key's UTF-8 bytes are the key.
    ///
    /// The vendor hands the key out together with a company key of the matching kind, and advises it for
    /// production.
    pub fn secret_key(mut self, secret_key: impl Into<Secret>) -> Self {
        self.signer = Some(HmacSigner::new(secret_key));
        self
    }

    /// The same with a signer, for a key that is not the bytes of its text.
    pub fn signer(mut self, signer: HmacSigner) -> Self {
        self.signer = Some(Ok(signer));
        self
    }

    /// Another address than `https://widget.identomat.com/external-api/`: a sandbox, or a proxy of your own.
    /// The vendor names no test environment.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Another address of the widget, which the user's browser opens, than `https://widget.identomat.com/`.
    pub fn widget_url(mut self, widget_url: impl Into<String>) -> Self {
        self.widget_url = widget_url.into();
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
        if self.company_key.is_empty() {
            return Err(refuse("the company key must not be empty"));
        }
        Ok(())
    }

    pub(crate) fn parse_widget_url(&self) -> Result<Url> {
        let url = Url::parse(&self.widget_url).map_err(|_| refuse("the widget URL is no URL"))?;
        let plain_http = url.scheme() == "http" && self.settings.allows_plain_http();
        if !url.has_host() || !(url.scheme() == "https" || plain_http) {
            return Err(refuse("the widget URL is no https URL"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("the widget URL holds a credential"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(
                "the widget URL has a query or a fragment, where the token belongs",
            ));
        }
        Ok(url)
    }
}

fn refuse(detail: &'static str) -> Error {
    Error::configuration(detail).with_provider(PROVIDER)
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &(self.base_url != BASE_URL))
            .field("widget_url", &(self.widget_url != WIDGET_URL))
            .field("hmac", &self.signer.is_some())
            .finish_non_exhaustive()
    }
}
