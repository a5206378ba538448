//! What a project is (contract idlayr, 13.2).

use serde::{Deserialize, Serialize};
use verikit_core::value::lenient;
use verikit_core::{Personal, Result, Timestamp};

use crate::checks::check_destinations;
use crate::client::Client;
use crate::console::credentials::CreatedProjectCredential;
use crate::console::list::listed;
use crate::console::members::MemberId;
use crate::console::redact::Identified;
use crate::console::values::{object, object_or_default, objects};

verikit_core::identifier! {
    /// Identifies a project.
    pub struct ProjectId;
}

verikit_core::open_enum! {
    /// Whether a project's checks are real.
    pub enum ProjectMode {
        /// Real operators, real charges.
        Live = "live",
        /// No operator is asked and nothing is charged; results follow from the last digits of the number.
        Sandbox = "sandbox",
    }
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Project {
    /// The project.
    pub project_id: ProjectId,
    /// Its name, which no other project of the workspace has.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// Whether its checks are real.
    #[serde(default, deserialize_with = "lenient")]
    pub mode: Option<ProjectMode>,
    /// Who made it.
    #[serde(default, deserialize_with = "lenient")]
    pub member_id: Option<MemberId>,
    /// Whether it is switched off. **Unconfirmed**: known from the vendor's command-line client alone.
    #[serde(default, deserialize_with = "lenient")]
    pub disabled: Option<bool>,
    /// Where its checks call back and redirect to.
    #[serde(default, deserialize_with = "object")]
    pub configuration: Option<ProjectConfiguration>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
}

listed!(Project in projects);

impl Identified for Project {
    fn id(&self) -> &str {
        self.project_id.as_str()
    }
}

/// A project that was just made.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Made")]
#[non_exhaustive]
pub struct CreatedProject {
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub name: Option<Personal<String>>,
    /// Whether its checks are real.
    pub mode: Option<ProjectMode>,
    /// Who made it.
    pub member_id: Option<MemberId>,
    /// Whether it is switched off. **Unconfirmed**, as in [`Project`].
    pub disabled: Option<bool>,
    /// Where its checks call back and redirect to.
    pub configuration: Option<ProjectConfiguration>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// Its credentials, with their secrets: in this answer and in no other. What is no credential with a
    /// secret is left out; a project without one can be given one.
    pub credentials: Vec<CreatedProjectCredential>,
}

/// The created project as it comes.
#[derive(Deserialize)]
struct Made {
    project_id: ProjectId,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<Personal<String>>,
    #[serde(default, deserialize_with = "lenient")]
    mode: Option<ProjectMode>,
    #[serde(default, deserialize_with = "lenient")]
    member_id: Option<MemberId>,
    #[serde(default, deserialize_with = "lenient")]
    disabled: Option<bool>,
    #[serde(default, deserialize_with = "object")]
    configuration: Option<ProjectConfiguration>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    updated_at: Option<Timestamp>,
    #[serde(default, rename = "_embedded", deserialize_with = "object_or_default")]
    embedded: Embedded,
}

#[derive(Default, Deserialize)]
struct Embedded {
    #[serde(default, deserialize_with = "objects")]
    credentials: Vec<CreatedProjectCredential>,
}

impl From<Made> for CreatedProject {
    fn from(made: Made) -> Self {
        Self {
            project_id: made.project_id,
            name: made.name,
            mode: made.mode,
            member_id: made.member_id,
            disabled: made.disabled,
            configuration: made.configuration,
            created_at: made.created_at,
            updated_at: made.updated_at,
            credentials: made.embedded.credentials,
        }
    }
}

/// Where the checks of a project call back and redirect to, by product. A check may say otherwise when it is
/// created.
///
/// ```
/// use idlayr::console::{DestinationUrls, ProjectConfiguration};
///
/// let configuration = ProjectConfiguration::new()
///     .phone_check(DestinationUrls::new().callback_url("https://app.example.net/callback"));
/// # let _ = configuration;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProjectConfiguration {
    /// Of PhoneCheck.
    #[serde(default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    pub phone_check: Option<DestinationUrls>,
    /// Of SubscriberCheck.
    #[serde(default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    pub subscriber_check: Option<DestinationUrls>,
}

impl ProjectConfiguration {
    /// Nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets those of PhoneCheck.
    #[must_use]
    pub fn phone_check(mut self, urls: DestinationUrls) -> Self {
        self.phone_check = Some(urls);
        self
    }

    /// Sets those of SubscriberCheck.
    #[must_use]
    pub fn subscriber_check(mut self, urls: DestinationUrls) -> Self {
        self.subscriber_check = Some(urls);
        self
    }

    /// Refuses what is no URL.
    pub(super) fn check(&self, client: &Client) -> Result<()> {
        let mut products = self.phone_check.iter().chain(&self.subscriber_check);
        products.try_for_each(|urls| urls.check(client))
    }
}

/// Where the checks of one product call back and redirect to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DestinationUrls {
    /// Where the platform posts the end of a check.
    #[serde(
        default,
        deserialize_with = "lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub callback_url: Option<Personal<String>>,
    /// Where the device's last hop is sent, in v0.2.
    #[serde(
        default,
        deserialize_with = "lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub redirect_url: Option<Personal<String>>,
}

impl DestinationUrls {
    /// Nothing set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets where the platform posts the end of a check: an absolute https URL.
    #[must_use]
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(Personal::new(url.into()));
        self
    }

    /// Sets where the device's last hop is sent: an absolute URL.
    #[must_use]
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect_url = Some(Personal::new(url.into()));
        self
    }

    pub(super) fn check(&self, client: &Client) -> Result<()> {
        let text = |url: &'_ Option<Personal<String>>| url.as_ref().map(|url| url.expose().clone());
        check_destinations(
            client,
            text(&self.callback_url).as_deref(),
            text(&self.redirect_url).as_deref(),
        )
    }
}
