//! Beginning a transaction of an orchestration.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, check_callback_url, lenient};
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, Result, read_json};

use super::{GlobalTransactionId, WorkflowId};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::request_id::RequestId;
use crate::transactions::is_plain_http;

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    workflow_id: &'a WorkflowId,
    parameters: &'a ExtraMembers,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    files: &'a [Personal<Value>],
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<&'a Personal<String>>,
    #[serde(flatten)]
    more: &'a ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &["workflowId", "parameters", "files", "metadata"];

/// A transaction of an orchestration that is about to be begun. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateGlobalTransaction {
    client: Client,
    workflow_id: WorkflowId,
    parameters: ExtraMembers,
    files: Vec<Personal<Value>>,
    metadata: ExtraMembers,
    webhook_url: Option<Personal<String>>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl CreateGlobalTransaction {
    pub(super) fn new(client: Client, workflow_id: WorkflowId) -> Self {
        Self {
            client,
            workflow_id,
            parameters: ExtraMembers::default(),
            files: Vec::new(),
            metadata: ExtraMembers::default(),
            webhook_url: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// Adds a parameter. Which ones there are depends on the workflow.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.push(name, value);
        self
    }

    /// Adds a file, in the form of the vendor's reference: that there are files is documented, what they are
    /// made of is not (contract caf, 7).
    pub fn file(mut self, file: impl Into<Value>) -> Self {
        self.files.push(Personal::new(file.into()));
        self
    }

    /// Adds a member of your own.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.push(name, value);
        self
    }

    /// Where notifications of this transaction go, in place of the workflow's address: `metadata.webhookUrl`.
    /// They are **not signed**, as far as is documented: use a path that nobody can guess, and read what they
    /// name.
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(Personal::new(url.into()));
        self
    }

    /// A member that has no setter here, sent as it is. One that has, or is given twice, is refused when the
    /// call is made. **Unconfirmed**: the name of the workflow's member, `workflowId` (contract caf, 7).
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = &self.client.global_access().realm;
        let operation = Operation::post(
            "global_transaction.create",
            realm,
            "/orchestrations/transactions",
            &[],
        )?;
        self.check(is_plain_http(realm))
            .map_err(|error| error.with_provider(PROVIDER))?;
        let has_metadata = self.webhook_url.is_some() || self.metadata != ExtraMembers::default();
        operation.json(&Body {
            workflow_id: &self.workflow_id,
            parameters: &self.parameters,
            files: &self.files,
            metadata: has_metadata.then_some(Metadata {
                webhook_url: self.webhook_url.as_ref(),
                more: &self.metadata,
            }),
            extra: &self.extra,
        })
    }

    fn check(&self, plain_http: bool) -> Result<()> {
        if let Some(url) = &self.webhook_url {
            check_callback_url(url.expose(), plain_http)?;
        }
        if self.files.iter().any(|file| file.expose().is_null()) {
            return Err(Error::invalid_input("a file is null; leave it out"));
        }
        self.parameters.check(&[])?;
        // Even where the setter is not used: its URL is checked, and another would not be.
        self.metadata.check(&["webhookUrl"])?;
        self.extra.check(TYPED)
    }

    fn into_call(self) -> Call<Answer<CreatedGlobalTransaction>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read_json)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateGlobalTransaction => Answer<CreatedGlobalTransaction>);

/// A transaction of an orchestration that has begun. It says nothing of how it will end: read it when you are
/// notified.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedGlobalTransaction {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// What the provider says of it, for people.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// What was made.
    pub data: Answer<CreatedGlobalTransactionData>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedGlobalTransactionData {
    /// The transaction.
    pub transaction_id: GlobalTransactionId,
}
