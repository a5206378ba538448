//! Creating a transaction (contract caf, 4.2).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, check_callback_url, lenient};
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, Result, Secret, read_json};

use super::attributes::Attributes;
use super::files::TransactionFile;
use super::types::{TemplateId, TransactionId};
use super::{ORIGIN, TRANSACTIONS, TransactionRoutes, is_plain_http};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::request_id::RequestId;

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    template_id: Option<&'a TemplateId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<ServiceList<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [TransactionFile],
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a Attributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a ExtraMembers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_token: Option<&'a str>,
    #[serde(rename = "_callbackUrl", skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a Personal<String>>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// What stands in the place of a template.
#[derive(Serialize)]
pub(crate) struct ServiceList<'a> {
    pub(crate) services: &'a [Personal<String>],
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &[
    "templateId",
    "template",
    "files",
    "attributes",
    "metadata",
    "referenceToken",
    "_callbackUrl",
];

/// What a transaction runs.
#[derive(Debug)]
enum Template {
    Id(TemplateId),
    Services(Vec<Personal<String>>),
}

/// A transaction that is about to be created. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateTransaction {
    client: Client,
    routes: &'static TransactionRoutes,
    template: Template,
    files: Vec<TransactionFile>,
    attributes: Option<Attributes>,
    metadata: Option<ExtraMembers>,
    reference_token: Option<Secret>,
    callback_url: Option<Personal<String>>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl CreateTransaction {
    pub(crate) fn by_template(
        client: Client,
        routes: &'static TransactionRoutes,
        template_id: TemplateId,
    ) -> Self {
        Self::new(client, routes, Template::Id(template_id))
    }

    pub(crate) fn by_services(
        client: Client,
        routes: &'static TransactionRoutes,
        services: Vec<String>,
    ) -> Self {
        let services = services.into_iter().map(Personal::new).collect();
        Self::new(client, routes, Template::Services(services))
    }

    fn new(client: Client, routes: &'static TransactionRoutes, template: Template) -> Self {
        Self {
            client,
            routes,
            template,
            files: Vec::new(),
            attributes: None,
            metadata: None,
            reference_token: None,
            callback_url: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// Adds an image.
    pub fn file(mut self, file: TransactionFile) -> Self {
        self.files.push(file);
        self
    }

    /// What you know of the person or company.
    pub fn attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = Some(attributes);
        self
    }

    /// Adds a member of your own, which CAF repeats when the transaction is read: the number of an order,
    /// say. One that is given twice is refused when the call is made.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.get_or_insert_default().push(name, value);
        self
    }

    /// The session token of the SDK that took the images (contract caf, 2.3), which links the transaction to
    /// that session.
    pub fn reference_token(mut self, session_token: impl Into<Secret>) -> Self {
        self.reference_token = Some(session_token.into());
        self
    }

    /// Where to be notified, in the place of the template's own webhook: a URL that starts with `https://`.
    /// Have something in it that nobody can guess: notifications are not signed on the Core API.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(Personal::new(url.into()));
        self
    }

    /// A member that has no setter here, sent as it is. One that has a setter, or one that is given twice, is
    /// refused when the call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = (self.routes.realm)(&self.client);
        let route = self.routes.create;
        let operation = Operation::post(route.name, realm, TRANSACTIONS, &[])?;
        self.check(is_plain_http(realm))
            .map_err(|error| error.with_provider(PROVIDER))?;
        let (template_id, template) = match &self.template {
            Template::Id(id) => (Some(id), None),
            Template::Services(services) => (None, Some(ServiceList { services })),
        };
        operation.query(ORIGIN.0, ORIGIN.1).json(&Body {
            template_id,
            template,
            files: &self.files,
            attributes: self.attributes.as_ref(),
            metadata: self.metadata.as_ref(),
            reference_token: self.reference_token.as_ref().map(Secret::expose),
            callback_url: self.callback_url.as_ref(),
            extra: &self.extra,
        })
    }

    fn check(&self, plain_http: bool) -> Result<()> {
        if let Template::Services(services) = &self.template
            && (services.is_empty() || services.iter().any(|name| name.expose().is_empty()))
        {
            return Err(Error::invalid_input(
                "a transaction without a template needs services, each with a name",
            ));
        }
        for file in &self.files {
            file.check(plain_http)?;
        }
        if let Some(attributes) = &self.attributes {
            attributes.check()?;
        }
        if let Some(metadata) = &self.metadata {
            metadata.check(&[])?;
        }
        if self.reference_token.as_ref().is_some_and(Secret::is_empty) {
            return Err(Error::invalid_input("the reference token is empty; leave it out"));
        }
        if let Some(url) = &self.callback_url {
            check_callback_url(url.expose(), plain_http)?;
        }
        self.extra.check(TYPED)
    }

    fn into_call(self) -> Call<Answer<CreatedTransaction>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read_json)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateTransaction => Answer<CreatedTransaction>);

/// A transaction that was just created. It says nothing of how it will end: read it when you are notified.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedTransaction {
    /// The transaction.
    pub id: TransactionId,
    /// CAF's own name of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
}
