//! Making an onboarding link.

use serde::Serialize;
use serde_json::Value;
use verikit_core::value::{ExtraMembers, check_callback_url};
use verikit_core::{
    Answer, Call, CallOptions, Delivery, Error, ErrorKind, Operation, Personal, RawReply, Result, read_json,
};

use super::types::{CreatedOnboarding, OnboardingTemplateId, OnboardingType};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::transactions::{Attributes, TemplateId, is_plain_http};

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    r#type: &'a OnboardingType,
    transaction_template_id: &'a TemplateId,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_id: Option<&'a OnboardingTemplateId>,
    #[serde(rename = "transactionPFTemplateId", skip_serializing_if = "Option::is_none")]
    transaction_pf_template_id: Option<&'a TemplateId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_qsa_template_id: Option<&'a TemplateId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sms_phone_number: Option<&'a Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_expire: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_notification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a Attributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<&'a ExtraMembers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a ExtraMembers>,
    #[serde(rename = "_callbackUrl", skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a Personal<String>>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &[
    "type",
    "transactionTemplateId",
    "templateId",
    "transactionPFTemplateId",
    "transactionQsaTemplateId",
    "email",
    "smsPhoneNumber",
    "noExpire",
    "noNotification",
    "attributes",
    "variables",
    "metadata",
    "_callbackUrl",
];

/// An onboarding link that is about to be made. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateOnboarding {
    client: Client,
    onboarding_type: OnboardingType,
    transaction_template_id: TemplateId,
    template_id: Option<OnboardingTemplateId>,
    transaction_pf_template_id: Option<TemplateId>,
    transaction_qsa_template_id: Option<TemplateId>,
    email: Option<Personal<String>>,
    sms_phone_number: Option<Personal<String>>,
    no_expire: Option<bool>,
    no_notification: Option<bool>,
    attributes: Option<Attributes>,
    variables: Option<ExtraMembers>,
    metadata: Option<ExtraMembers>,
    callback_url: Option<Personal<String>>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl CreateOnboarding {
    pub(super) fn new(
        client: Client,
        onboarding_type: OnboardingType,
        transaction_template_id: TemplateId,
    ) -> Self {
        Self {
            client,
            onboarding_type,
            transaction_template_id,
            template_id: None,
            transaction_pf_template_id: None,
            transaction_qsa_template_id: None,
            email: None,
            sms_phone_number: None,
            no_expire: None,
            no_notification: None,
            attributes: None,
            variables: None,
            metadata: None,
            callback_url: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// The template of the screens. Without it, the one that is tied to the query template is taken, else the
    /// provider's own.
    pub fn template_id(mut self, template_id: &OnboardingTemplateId) -> Self {
        self.template_id = Some(template_id.clone());
        self
    }

    /// The query template of the related persons: needed with [`OnboardingType::PersonWithPersons`], and
    /// taken with no other type. **Unconfirmed**: the member's name, `transactionPFTemplateId`.
    pub fn transaction_pf_template_id(mut self, template_id: &TemplateId) -> Self {
        self.transaction_pf_template_id = Some(template_id.clone());
        self
    }

    /// The query template of a company's partners. **Unconfirmed**: the member's name,
    /// `transactionQsaTemplateId`.
    pub fn transaction_qsa_template_id(mut self, template_id: &TemplateId) -> Self {
        self.transaction_qsa_template_id = Some(template_id.clone());
        self
    }

    /// The address that the link is sent to. **Unconfirmed**: third party.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(Personal::new(email.into()));
        self
    }

    /// The phone that the link is sent to, in a form that is not documented. **Unconfirmed**: third party.
    pub fn sms_phone_number(mut self, number: impl Into<String>) -> Self {
        self.sms_phone_number = Some(Personal::new(number.into()));
        self
    }

    /// Whether the link works for ever. **Unconfirmed**: third party.
    pub fn no_expire(mut self, no_expire: bool) -> Self {
        self.no_expire = Some(no_expire);
        self
    }

    /// Whether nothing is sent to the user. **Unconfirmed**: third party.
    pub fn no_notification(mut self, no_notification: bool) -> Self {
        self.no_notification = Some(no_notification);
        self
    }

    /// What you know of the person or company. **Unconfirmed**: third party; `cpf`, `cnpj`, `name` and
    /// `birthDate` were seen.
    pub fn attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = Some(attributes);
        self
    }

    /// Adds a variable of your own. **Unconfirmed**: third party. One that is given twice is refused when the
    /// call is made.
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.variables.get_or_insert_default().push(name, value);
        self
    }

    /// Adds a member of your own, which comes back with the transaction. **Unconfirmed**: third party. One
    /// that is given twice is refused when the call is made.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.get_or_insert_default().push(name, value);
        self
    }

    /// Where notifications of this onboarding go, in place of the template's address. They are **not
    /// signed**: use a path that nobody can guess, and read what they name.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(Personal::new(url.into()));
        self
    }

    /// A member that has no setter here, sent as it is. One that has, or is given twice, is refused when the
    /// call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.core_access().realm();
        let operation = Operation::post("core_onboarding.create", realm, "/v1/onboardings", &[])?;
        self.check(is_plain_http(realm))
            .map_err(|error| error.with_provider(PROVIDER))?;
        operation.query("origin", "TRUST").json(&Body {
            r#type: &self.onboarding_type,
            transaction_template_id: &self.transaction_template_id,
            template_id: self.template_id.as_ref(),
            transaction_pf_template_id: self.transaction_pf_template_id.as_ref(),
            transaction_qsa_template_id: self.transaction_qsa_template_id.as_ref(),
            email: self.email.as_ref(),
            sms_phone_number: self.sms_phone_number.as_ref(),
            no_expire: self.no_expire,
            no_notification: self.no_notification,
            attributes: self.attributes.as_ref(),
            variables: self.variables.as_ref(),
            metadata: self.metadata.as_ref(),
            callback_url: self.callback_url.as_ref(),
            extra: &self.extra,
        })
    }

    fn check(&self, plain_http: bool) -> Result<()> {
        let texts = [&self.email, &self.sms_phone_number].into_iter().flatten();
        let mut texts = texts
            .map(|text| text.expose().as_str())
            .chain([self.onboarding_type.as_str()]);
        if texts.any(|text| text.trim().is_empty()) {
            return Err(Error::invalid_input(
                "a text of an onboarding is empty; leave it out",
            ));
        }
        let with_persons = self.onboarding_type == OnboardingType::PersonWithPersons;
        // What a type that this version does not know needs is not known either.
        if !self.onboarding_type.is_unknown() && with_persons != self.transaction_pf_template_id.is_some() {
            return Err(Error::invalid_input(
                "transaction_pf_template_id is needed for PF_PF, and goes with no other type",
            ));
        }
        if let Some(url) = &self.callback_url {
            check_callback_url(url.expose(), plain_http)?;
        }
        if let Some(attributes) = &self.attributes {
            attributes.check()?;
        }
        for members in [&self.variables, &self.metadata].into_iter().flatten() {
            members.check(&[])?;
        }
        self.extra.check(TYPED)
    }

    fn into_call(self) -> Call<Answer<CreatedOnboarding>> {
        let operation = self.operation();
        let plain_http = is_plain_http(self.client.core_access().realm());
        self.client
            .core_loop()
            .call(operation, move |reply| read(reply, plain_http))
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateOnboarding => Answer<CreatedOnboarding>);

/// Reads the link. A user is sent to a plain http page only by a sandbox.
fn read(reply: &RawReply, plain_http: bool) -> Result<Answer<CreatedOnboarding>> {
    let onboarding: Answer<CreatedOnboarding> = read_json(reply)?;
    if onboarding.url.as_ref().is_some_and(|url| url.plain_http) && !plain_http {
        let detail = "the onboarding URL is plain http, where nobody should show a document";
        return Err(Error::new(ErrorKind::Untrusted, detail).with_delivery(Delivery::CarriedOut));
    }
    Ok(onboarding)
}
