//! Where IDlayr is, who asks, and what for.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
#[cfg(feature = "token-store")]
use std::sync::Arc;

use serde::Deserialize;
use verikit_core::auth::ClientAuthentication;
use verikit_core::{Environment, Error, Result, Secret, Settings};

use crate::client::Client;

pub(crate) const PROVIDER: &str = "idlayr";

/// Where a workspace keeps its data: the first label of the API's host name.
///
/// A project's calls must go to the residency of its workspace (contract idlayr, 1).
///
/// ```
/// use idlayr::DataResidency;
///
/// assert_eq!(DataResidency::default(), DataResidency::EU);
/// assert_eq!(DataResidency::new("IN")?.as_str(), "in");
/// assert!(DataResidency::new("eu.evil.example/").is_err());
/// # Ok::<(), idlayr::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DataResidency(std::borrow::Cow<'static, str>);

impl DataResidency {
    /// The European Union.
    pub const EU: Self = Self(std::borrow::Cow::Borrowed("eu"));
    /// India.
    pub const IN: Self = Self(std::borrow::Cow::Borrowed("in"));
    /// The United States.
    pub const US: Self = Self(std::borrow::Cow::Borrowed("us"));

    /// A residency by name. Regions that do not exist yet are welcome; what is no plain DNS label is not,
    /// since it becomes part of the host that the credentials are sent to.
    ///
    /// # Errors
    ///
    /// A configuration error when the name is no DNS label.
    pub fn new(name: &str) -> Result<Self> {
        let name = name.to_ascii_lowercase();
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let label = (1..=63).contains(&name.len())
            && name.bytes().all(inner)
            && !name.starts_with('-')
            && !name.ends_with('-');
        if label {
            Ok(Self(name.into()))
        } else {
            Err(
                Error::configuration("the data residency must be a plain DNS label, such as eu")
                    .with_provider(PROVIDER),
            )
        }
    }

    /// The label, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for DataResidency {
    fn default() -> Self {
        Self::EU
    }
}

impl FromStr for DataResidency {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::new(name)
    }
}

verikit_core::open_enum! {
    /// What a token opens (contract idlayr, 2.2). A credential has a list of scopes that it may ask for.
    pub enum Scope {
        /// PhoneCheck.
        PhoneCheck = "phone_check",
        /// SubscriberCheck.
        SubscriberCheck = "subscriber_check",
        /// SIMCheck.
        SimCheck = "sim_check",
        /// MOCheck.
        MoCheck = "mo_check",
        /// Coverage and reachability. The only scope that a token handed to a device may have.
        Coverage = "coverage",
        /// The console API, for workspace credentials alone.
        Console = "console",
    }
}

/// Everything that a [`Client`] is made from: begun by [`Client::builder`], [`Config::from_environment`] or
/// [`Config::from_project_file`], changed by its setters, ended by [`build`](Config::build).
///
/// `Debug` shows neither the secret nor the client id.
#[must_use]
pub struct Config {
    pub(crate) settings: Settings,
    client_id: String,
    client_secret: Secret,
    residency: DataResidency,
    base_url: Option<String>,
    scopes: Vec<Scope>,
    authentication: ClientAuthentication,
    #[cfg(feature = "token-store")]
    token_store: Option<Arc<dyn verikit_core::auth::store::TokenStore>>,
}

verikit_core::forward_settings!(Config);

impl Config {
    /// Where the workspace keeps its data. Default [`DataResidency::EU`]. A [`base_url`](Config::base_url)
    /// takes its place.
    pub fn data_residency(mut self, residency: DataResidency) -> Self {
        self.residency = residency;
        self
    }

    /// Another address than `https://{data_residency}.api.idlayr.com`: a sandbox, a proxy of your own, or the
    /// host name from before the rebrand, `https://eu.api.tru.id`.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// The scopes to ask a token for. Default [`Scope::PhoneCheck`].
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes = scopes.into_iter().collect();
        self
    }

    /// How the client id and secret are sent for a token. The default is the documented one; change it only
    /// for a gateway of your own.
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Shares tokens with other clients through a store.
    #[cfg(feature = "token-store")]
    pub fn token_store(mut self, store: Arc<dyn verikit_core::auth::store::TokenStore>) -> Self {
        self.token_store = Some(store);
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

    fn check(&self) -> Result<()> {
        let refuse = |detail: &'static str| Err(Error::configuration(detail).with_provider(PROVIDER));
        if self.client_id.is_empty() || self.client_secret.is_empty() {
            return refuse("the client id and the client secret must not be empty");
        }
        if self.scopes.is_empty() {
            return refuse("at least one scope is needed");
        }
        let scope_text = |scope: &Scope| {
            let text = scope.as_str();
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
        };
        if !self.scopes.iter().all(scope_text) {
            return refuse("a scope is empty or has characters that no scope may have");
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("residency", &self.residency)
            .field("base_url", &self.base_url.is_some())
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// The vendor's project file, as its command-line client writes it. Only what is needed is read.
#[derive(Deserialize)]
struct ProjectFile {
    credentials: Vec<ProjectCredential>,
    #[serde(default)]
    data_residency: Option<String>,
}

#[derive(Deserialize)]
struct ProjectCredential {
    client_id: String,
    client_secret: Secret,
}

impl Config {
    /// Starts with a project's credentials.
    pub(crate) fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Config {
            settings: Settings::default(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            residency: DataResidency::default(),
            base_url: None,
            scopes: vec![Scope::PhoneCheck],
            authentication: ClientAuthentication::default(),
            #[cfg(feature = "token-store")]
            token_store: None,
        }
    }

    /// Starts with what the environment says.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `IDLAYR_CLIENT_ID` | the project's client id |
    /// | `IDLAYR_CLIENT_SECRET` | its secret |
    /// | `IDLAYR_DATA_RESIDENCY` | `eu` (default), `in`, `us` |
    /// | `IDLAYR_BASE_URL` | another address than the residency's |
    /// | `IDLAYR_SCOPES` | scopes separated by spaces; default `phone_check` |
    /// | `IDLAYR_ALLOW_PLAIN_HTTP` | `true` lets the base URL be plain http, for a sandbox on this machine |
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self> {
        let read = || -> Result<Self> {
            let mut builder = Self::new(
                environment.required("IDLAYR_CLIENT_ID")?,
                environment.required("IDLAYR_CLIENT_SECRET")?,
            )
            .dangerously_allow_plain_http(environment.flag("IDLAYR_ALLOW_PLAIN_HTTP")?)
            .address_from(environment)?;
            if let Some(scopes) = environment.optional("IDLAYR_SCOPES") {
                builder = builder.scopes(scopes.split_ascii_whitespace().map(Scope::from));
            }
            Ok(builder)
        };
        read().map_err(|error| error.with_provider(PROVIDER))
    }

    /// Takes the API's address from the environment, which is one for a workspace and its projects.
    pub(crate) fn address_from(mut self, environment: &Environment<'_>) -> Result<Self> {
        if let Some(residency) = environment.optional("IDLAYR_DATA_RESIDENCY") {
            self = self.data_residency(DataResidency::new(&residency)?);
        }
        if let Some(base_url) = environment.base_url("IDLAYR_BASE_URL", "IDLAYR_ALLOW_PLAIN_HTTP")? {
            self = self.base_url(base_url);
        }
        Ok(self)
    }

    /// Starts with the first credential of a project file, `tru.json`, which the vendor's command-line client
    /// writes when it creates a project. A file without `data_residency` means `eu`, as it does there. The
    /// format is the one of that client's published source; no document describes it.
    ///
    /// # Errors
    ///
    /// A configuration error when the file cannot be read or holds no credential. It does not quote the file.
    pub fn from_project_file(path: impl AsRef<Path>) -> Result<Self> {
        let refuse = |detail: &'static str| Error::configuration(detail).with_provider(PROVIDER);
        let text = std::fs::read(path)
            .map_err(|error| refuse("the project file cannot be read").with_source(error))?;
        let file: ProjectFile = serde_json::from_slice(&text)
            .map_err(|_| refuse("the project file is not JSON with a list of credentials"))?;
        let credential = file.credentials.into_iter().next().ok_or_else(|| {
            refuse("the project file holds no credential; its secret is shown only once, when it is made")
        })?;
        let mut builder = Self::new(credential.client_id, credential.client_secret);
        if let Some(residency) = file.data_residency {
            builder = builder.data_residency(DataResidency::new(&residency)?);
        }
        Ok(builder)
    }
}

impl Config {
    /// The parts that the client is made from.
    pub(crate) fn into_parts(self) -> Result<Parts> {
        self.check()?;
        let base_url = self
            .base_url
            .unwrap_or_else(|| format!("https://{}.api.idlayr.com", self.residency.as_str()));
        let scope = self
            .scopes
            .iter()
            .map(Scope::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        Ok(Parts {
            settings: self.settings,
            client_id: self.client_id,
            client_secret: self.client_secret,
            base_url,
            scope,
            authentication: self.authentication,
            #[cfg(feature = "token-store")]
            token_store: self.token_store,
        })
    }
}

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) base_url: String,
    pub(crate) scope: String,
    pub(crate) authentication: ClientAuthentication,
    #[cfg(feature = "token-store")]
    pub(crate) token_store: Option<Arc<dyn verikit_core::auth::store::TokenStore>>,
}

#[cfg(test)]
mod tests;
