//! Onboarding links (contract caf, 4.6): pages that lead an end user through everything.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use url::Url;

use super::outcome::Outcome;
use super::request::{CreateRequest, SentFile, Template, attributes, callback_url};
use crate::members::{Members, Mistake};
use crate::random::Random;

/// How long a link works; no page says it.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Who the end user turns out to be, if the customer did not say it.
const PERSON: &str = "12345678909";
const COMPANY: &str = "12345678000195";

/// How the end user of an onboarding link fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CafOnboardingOutcome {
    /// The transaction is `APPROVED`.
    Approved,
    /// The transaction is `REPROVED`: the document cannot be read.
    Reproved,
    /// The transaction is `PENDING`: somebody has to look at it.
    Pending,
    /// The transaction stays `PROCESSING`.
    Processing,
}

impl CafOnboardingOutcome {
    /// All of them, in the order in which the page offers them.
    pub const ALL: &'static [Self] = &[Self::Approved, Self::Reproved, Self::Pending, Self::Processing];

    /// The name in the page's forms and in the control API, which is ours.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Reproved => "reproved",
            Self::Pending => "pending",
            Self::Processing => "processing",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.name() == name)
    }

    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Approved => Outcome::Approved,
            Self::Reproved => Outcome::Reproved("50"),
            Self::Pending => Outcome::Pending,
            Self::Processing => Outcome::Processing,
        }
    }
}

/// Whom a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::caf) enum LinkKind {
    Person,
    Company,
    PersonWithRelated,
}

#[derive(Clone)]
pub(in crate::caf) struct OnboardingRequest {
    pub(super) kind: LinkKind,
    pub(super) transaction_template: String,
    pub(super) never_expires: bool,
    pub(super) attributes: Map<String, Value>,
    pub(super) variables: Map<String, Value>,
    pub(super) metadata: Option<Value>,
    pub(super) callback_url: Option<Url>,
}

impl OnboardingRequest {
    pub(in crate::caf) fn read(body: Value) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let kind = match members.text("type")?.as_deref() {
            None | Some("PF") => LinkKind::Person,
            Some("PJ") => LinkKind::Company,
            Some("PF_PF") => LinkKind::PersonWithRelated,
            Some(_) => return Err(members.wrong("type", "PF, PJ or PF_PF")),
        };
        let transaction_template = members
            .text("transactionTemplateId")?
            .ok_or("transactionTemplateId is missing.")?;
        let related = members.text("transactionPFTemplateId")?;
        if (kind == LinkKind::PersonWithRelated) != related.is_some() {
            return Err("transactionPFTemplateId is for PF_PF, which needs it.".to_owned());
        }
        for name in [
            "templateId",
            "transactionQsaTemplateId",
            "email",
            "smsPhoneNumber",
        ] {
            members.text(name)?;
        }
        members.boolean("noNotification")?;
        Ok(Self {
            kind,
            transaction_template,
            never_expires: members.boolean("noExpire")?.unwrap_or_default(),
            attributes: attributes(&mut members)?,
            variables: members.object("variables")?.unwrap_or_default(),
            metadata: members.object("metadata")?.map(Value::Object),
            callback_url: callback_url(&mut members)?,
        })
    }
}

#[derive(Clone)]
pub(in crate::caf) struct Link {
    pub(in crate::caf) id: String,
    /// The secret part of its address.
    pub(in crate::caf) token: String,
    pub(in crate::caf) request: OnboardingRequest,
    expires: Option<SystemTime>,
    pub(in crate::caf) transaction_id: Option<String>,
}

impl Link {
    pub(super) fn new(request: OnboardingRequest, now: SystemTime, random: &mut Random) -> Self {
        let expires = if request.never_expires {
            None
        } else {
            now.checked_add(LIFETIME)
        };
        Self {
            id: random.hex(24),
            token: random.text(40),
            request,
            expires,
            transaction_id: None,
        }
    }

    pub(in crate::caf) fn is_expired(&self, now: SystemTime) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    pub(in crate::caf) fn is_open(&self, now: SystemTime) -> bool {
        self.transaction_id.is_none() && !self.is_expired(now)
    }

    /// Where the end user goes.
    pub(in crate::caf) fn address(&self, pages: &Url) -> Url {
        let mut url = pages.clone();
        url.set_path("/onboarding");
        url.query_pairs_mut().append_pair("token", &self.token);
        url
    }

    /// The CPF of the end user.
    pub(in crate::caf) fn person_id(&self) -> &str {
        let given = self.request.attributes.get("cpf").and_then(Value::as_str);
        given.unwrap_or(PERSON)
    }

    /// What is looked into at its end.
    pub(super) fn create_request(&self) -> CreateRequest {
        let mut attributes = self.request.attributes.clone();
        let (name, number) = match self.request.kind {
            LinkKind::Company => ("cnpj", COMPANY),
            LinkKind::Person | LinkKind::PersonWithRelated => ("cpf", PERSON),
        };
        attributes.entry(name).or_insert_with(|| json!(number));
        let files = [("SELFIE", "selfie"), ("FRONT", "front"), ("BACK", "back")];
        CreateRequest {
            template: Template::Id(self.request.transaction_template.clone()),
            files: files
                .into_iter()
                .map(|(kind, name)| SentFile {
                    data: format!("https://images.invalid/{}/{name}.jpg?signature=made-up", self.id),
                    kind: kind.to_owned(),
                })
                .collect(),
            attributes,
            variables: self.request.variables.clone(),
            metadata: self.request.metadata.clone(),
            reference_token: None,
            callback_url: self.request.callback_url.clone(),
            forced_document: None,
            returns_selected_images: false,
        }
    }
}
