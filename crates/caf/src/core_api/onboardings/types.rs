//! What onboarding links are made of.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use url::Url;
use verikit_core::value::lenient;
use verikit_core::{Error, Result, Secret};

use crate::config::PROVIDER;
use crate::request_id::RequestId;
use crate::transactions::OnboardingId;

verikit_core::open_enum! {
    /// Who is onboarded. **Unconfirmed**: the words are of a third party's client, apart from `PF_PF`
    /// (contract caf, 4.6).
    pub enum OnboardingType {
        /// A person.
        Person = "PF",
        /// A company.
        Company = "PJ",
        /// A person with related persons.
        PersonWithPersons = "PF_PF",
    }
}

verikit_core::identifier! {
    /// Identifies a template of the screens that a user sees in an onboarding.
    pub struct OnboardingTemplateId;
}

/// An onboarding link that was made. **Unconfirmed**: its members come from third parties' clients (contract
/// caf, 4.6).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedOnboarding {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// The onboarding.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<OnboardingId>,
    /// Where the user does it.
    #[serde(default)]
    pub url: Option<OnboardingUrl>,
    /// The token of the link, of which one client knows.
    #[serde(default, deserialize_with = "lenient")]
    pub token: Option<OnboardingToken>,
}

/// The page of an onboarding. It holds a token: whoever has it can go through it in the user's place. `Debug`
/// shows nothing of it.
#[derive(Clone)]
pub struct OnboardingUrl {
    text: Secret,
    pub(super) plain_http: bool,
}

impl OnboardingUrl {
    /// Takes a URL that was stored.
    ///
    /// # Errors
    ///
    /// When it is not an absolute http or https URL. The error does not quote it.
    pub fn new(text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| {
            Error::invalid_input("the onboarding URL is not an absolute http or https URL")
                .with_provider(PROVIDER)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        (web && url.has_host()).then(|| Self {
            text: Secret::new(text),
            plain_http: url.scheme() == "http",
        })
    }

    /// The URL as the provider wrote it, to the letter.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

impl PartialEq for OnboardingUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text.ct_eq(other.text.expose().as_bytes())
    }
}

impl Eq for OnboardingUrl {}

impl fmt::Debug for OnboardingUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnboardingUrl([redacted])")
    }
}

impl<'de> Deserialize<'de> for OnboardingUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an absolute http or https URL"))
    }
}

/// The token of an onboarding link, as secret as the link. `Debug` shows nothing of it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct OnboardingToken(Secret);

impl OnboardingToken {
    /// The token as the provider wrote it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl PartialEq for OnboardingToken {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.expose().as_bytes())
    }
}

impl Eq for OnboardingToken {}

impl fmt::Debug for OnboardingToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnboardingToken([redacted])")
    }
}
