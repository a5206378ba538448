//! What a test holds of the emulated Global API.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use url::Url;

use super::orchestrations;
use super::transaction::Transaction;
use crate::caf::state::State;

/// The emulated Global API: the transactions of its orchestrations, and their webhooks.
pub struct CafGlobal {
    state: Arc<State>,
}

/// The status of an orchestration's transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CafGlobalStatus {
    /// `PROCESSING`
    Processing,
    /// `APPROVED`
    Approved,
    /// `REPROVED`
    Reproved,
    /// `PENDING`: it waits for a manual review.
    Pending,
}

impl CafGlobalStatus {
    const ALL: [Self; 4] = [Self::Processing, Self::Approved, Self::Reproved, Self::Pending];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Approved => "APPROVED",
            Self::Reproved => "REPROVED",
            Self::Pending => "PENDING",
        }
    }

    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// The `type` of the webhook that tells of it.
    pub(super) fn event(self) -> Option<&'static str> {
        match self {
            Self::Processing => None,
            Self::Approved | Self::Reproved => Some("TransactionFinished"),
            Self::Pending => Some("TransactionPending"),
        }
    }
}

impl CafGlobal {
    pub(in crate::caf) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// All transactions, oldest first.
    #[must_use]
    pub fn transactions(&self) -> Vec<CafGlobalTransaction> {
        let data = self.state.orchestrations.data();
        data.transactions
            .iter()
            .cloned()
            .map(CafGlobalTransaction)
            .collect()
    }

    /// Gives a transaction a status, as a manual review would. A webhook goes out if it is another one.
    /// `None` if there is no such transaction.
    pub fn decide(&self, id: &str, status: CafGlobalStatus) -> Option<CafGlobalTransaction> {
        orchestrations::decide(&self.state, id, status).map(CafGlobalTransaction)
    }

    /// Sets the URL of all workflows. A transaction's own `metadata.webhookUrl` comes before it. Webhooks are
    /// sent to plain http on this machine; all others are kept to be looked at.
    pub fn set_webhook_url(&self, url: Option<Url>) {
        self.state.orchestrations.data().webhook_url = url;
    }

    /// Has webhooks spell `specVersion` as `specversion`: the documents do both.
    pub fn set_lower_case_specversion(&self, is_lower_case: bool) {
        self.state.orchestrations.data().spells_specversion_lower_case = is_lower_case;
    }
}

impl CafGlobal {
    pub(in crate::caf) fn state_json(&self) -> Value {
        let transactions = self.transactions();
        let transactions = transactions.iter().map(|transaction| {
            json!({
                "id": transaction.id(),
                "status": transaction.status().as_str(),
                "workflowId": transaction.workflow_id(),
            })
        });
        json!({ "transactions": transactions.collect::<Vec<_>>() })
    }
}

impl fmt::Debug for CafGlobal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CafGlobal")
            .field(&self.state.orchestrations)
            .finish()
    }
}

/// A transaction of an orchestration as the sandbox holds it. `Debug` shows nothing that was sent.
#[derive(Clone)]
pub struct CafGlobalTransaction(Transaction);

impl CafGlobalTransaction {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> CafGlobalStatus {
        self.0.status
    }

    /// The workflow that it was created with.
    #[must_use]
    pub fn workflow_id(&self) -> &str {
        &self.0.request.workflow_id
    }

    /// The parameters that it was created with.
    #[must_use]
    pub fn parameters(&self) -> &Map<String, Value> {
        &self.0.request.parameters
    }

    /// The metadata that it was created with.
    #[must_use]
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.request.metadata.as_ref()
    }
}

impl fmt::Debug for CafGlobalTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafGlobalTransaction")
            .field("id", &self.0.id)
            .field("status", &self.0.status)
            .finish_non_exhaustive()
    }
}
