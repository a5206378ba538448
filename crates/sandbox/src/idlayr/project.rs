//! A customer's project: its credentials, what they may do, and its configuration.

use std::fmt;

use url::Url;

use crate::sandbox::SandboxError;

/// The scopes of the products that a client of IDlayr is built for (contract 2.2).
pub(super) const DEFAULT_SCOPES: &str = "phone_check coverage subscriber_check sim_check mo_check";

/// Whether a project reaches real operators.
///
/// The sandbox has no operators, so both modes give the fixed outcomes. They differ in money: only a
/// live project has a balance that goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProjectMode {
    /// No charge.
    #[default]
    Sandbox,
    /// Each check reserves one unit of the balance at its creation and gives it back unless it ends as
    /// `COMPLETED`; with nothing left, creation fails with 402.
    Live,
}

impl ProjectMode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Live => "live",
        }
    }
}

/// One more project with its credential, known to the emulated IDlayr from the start.
///
/// ```
/// use verikit_sandbox::{IdlayrProject, ProjectMode};
///
/// let project = IdlayrProject::new("my-client", "my secret: with + and %")
///     .scopes(["phone_check"])
///     .mode(ProjectMode::Live);
/// assert!(!format!("{project:?}").contains("my secret"));
/// ```
#[derive(Clone)]
#[must_use = "hand it to `SandboxBuilder::idlayr_project`"]
pub struct IdlayrProject {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) mode: ProjectMode,
    pub(crate) redirect_url: Option<Url>,
    pub(crate) callback_url: Option<Url>,
}

impl IdlayrProject {
    /// A project in sandbox mode with the scopes `phone_check`, `coverage`, `subscriber_check`,
    /// `sim_check` and `mo_check`.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scopes: DEFAULT_SCOPES.split(' ').map(str::to_owned).collect(),
            mode: ProjectMode::default(),
            redirect_url: None,
            callback_url: None,
        }
    }

    /// Replaces the scopes that the credential may ask for.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the project's mode.
    pub fn mode(mut self, mode: ProjectMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets where the device's last hop of a v0.2 check is sent, unless the check names its own URL.
    pub fn redirect_url(mut self, url: Url) -> Self {
        self.redirect_url = Some(url);
        self
    }

    /// Sets where the ends of checks are told, unless the check names its own URL. Callbacks go to plain http
    /// on this machine; all others are kept to be looked at.
    pub fn callback_url(mut self, url: Url) -> Self {
        self.callback_url = Some(url);
        self
    }
}

impl fmt::Debug for IdlayrProject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdlayrProject")
            .field("client_id", &self.client_id)
            .field("client_secret", &"[redacted]")
            .field("scopes", &self.scopes)
            .field("mode", &self.mode)
            .field("redirect_url", &self.redirect_url.as_ref().map(|_| "[set]"))
            .field("callback_url", &self.callback_url.as_ref().map(|_| "[set]"))
            .finish()
    }
}

/// A client id leads to one project.
pub(super) fn refuse_duplicates(projects: &[IdlayrProject]) -> Result<(), SandboxError> {
    let mut seen = std::collections::HashSet::new();
    match projects.iter().find(|project| !seen.insert(&project.client_id)) {
        Some(project) => Err(SandboxError::DuplicateClientId {
            client_id: project.client_id.clone(),
        }),
        None => Ok(()),
    }
}
