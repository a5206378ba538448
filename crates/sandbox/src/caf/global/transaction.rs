//! A transaction of an orchestration (contract caf, 7).

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use url::Url;

use super::handle::CafGlobalStatus;
use crate::clock::date_time_with_milliseconds;
use crate::lock::lock;
use crate::members::{Members, Mistake};

/// What is asked of a workflow.
#[derive(Clone)]
pub(super) struct CreateRequest {
    pub(super) workflow_id: String,
    pub(super) parameters: Map<String, Value>,
    pub(super) metadata: Option<Map<String, Value>>,
    pub(super) webhook_url: Option<Url>,
}

impl CreateRequest {
    /// The name `workflowId` is inferred.
    pub(super) fn read(body: Value) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let workflow_id = members.text("workflowId")?.ok_or("workflowId is missing.")?;
        let parameters = members.object("parameters")?.ok_or("parameters is missing.")?;
        if members.take("files").is_some_and(|files| !files.is_array()) {
            return Err(members.wrong("files", "a list"));
        }
        let metadata = members.object("metadata")?;
        let url = metadata.as_ref().and_then(|metadata| metadata.get("webhookUrl"));
        let webhook_url = match url {
            None => None,
            Some(url) => {
                let parsed = url.as_str().and_then(|url| Url::parse(url).ok());
                let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https"));
                Some(parsed.ok_or("metadata.webhookUrl must be a URL.")?)
            }
        };
        Ok(Self {
            workflow_id,
            parameters,
            metadata,
            webhook_url,
        })
    }

    /// What becomes of it, by the CPF or CNPJ among the parameters: as on Core.
    pub(super) fn status(&self) -> CafGlobalStatus {
        let number = ["cpf", "cnpj"]
            .into_iter()
            .find_map(|name| self.parameters.get(name)?.as_str())
            .map(crate::caf::account::digits);
        match number.as_deref().and_then(|number| number.get(..3)) {
            Some("901") => CafGlobalStatus::Reproved,
            Some("902") => CafGlobalStatus::Pending,
            Some("903") => CafGlobalStatus::Processing,
            _ => CafGlobalStatus::Approved,
        }
    }
}

#[derive(Clone)]
pub(super) struct Transaction {
    pub(super) id: String,
    pub(super) request: CreateRequest,
    pub(super) status: CafGlobalStatus,
    pub(super) created: SystemTime,
    pub(super) updated: SystemTime,
}

impl Transaction {
    /// `data` of a read. Only that it exists is documented: the members are the webhook's, and those of the
    /// request.
    pub(super) fn details(&self) -> Value {
        json!({
            "id": self.id,
            "transactionId": self.id,
            "workflowId": self.request.workflow_id,
            "status": self.status.as_str(),
            "parameters": self.request.parameters,
            "metadata": self.request.metadata.clone().unwrap_or_default(),
            "createdAt": date_time_with_milliseconds(self.created),
            "updatedAt": date_time_with_milliseconds(self.updated),
        })
    }
}

/// The transactions and where their webhooks go.
#[derive(Default)]
pub(in crate::caf) struct Orchestrations(Mutex<Data>);

#[derive(Default)]
pub(super) struct Data {
    /// Oldest first.
    pub(super) transactions: Vec<Transaction>,
    pub(super) webhook_url: Option<Url>,
    pub(super) spells_specversion_lower_case: bool,
}

impl Orchestrations {
    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.0)
    }
}

/// What customers sent is left out.
impl fmt::Debug for Orchestrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orchestrations")
            .field("transactions", &self.data().transactions.len())
            .finish_non_exhaustive()
    }
}
