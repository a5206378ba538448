//! Reading a transaction of an orchestration.

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, Operation, Personal, read_json};

use super::{GlobalTransactionId, WorkflowId};
use crate::client::Client;
use crate::documents::check_id;
use crate::request_id::RequestId;
use crate::transactions::TransactionStatus;

/// Reads it, and makes sure that it is the one that was asked for: another one's approval must not count.
pub(super) fn call(client: &Client, transaction_id: &GlobalTransactionId) -> Call<Answer<GlobalTransaction>> {
    let operation = Operation::get(
        "global_transaction.get",
        &client.global_access().realm,
        "/orchestrations/transactions/{transaction_id}",
        &[transaction_id.as_str()],
    );
    let asked = transaction_id.clone();
    client.core_loop().call(operation, move |reply| {
        let transaction: Answer<GlobalTransaction> = read_json(reply)?;
        let id = transaction
            .data
            .as_ref()
            .and_then(|data| data.transaction_id.as_ref());
        let detail = "the answer is another transaction than the one that was asked for";
        check_id(asked.as_str(), id.map(GlobalTransactionId::as_str), detail)?;
        Ok(transaction)
    })
}

/// A transaction of an orchestration, as it is read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GlobalTransaction {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// What the provider says of it, for people.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// The transaction.
    #[serde(default)]
    pub data: Option<Answer<GlobalTransactionData>>,
}

impl GlobalTransaction {
    /// Whether it is approved: its status is there and is `APPROVED`, to the letter. No member `fraud` is
    /// known of these transactions (contract caf, 7).
    ///
    /// **Unconfirmed**: where the status stands, see [`GlobalTransactionData`]. Elsewhere it is not found,
    /// and this is `false`.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let status = self.data.as_ref().and_then(|data| data.status.as_ref());
        status.is_some_and(TransactionStatus::is_approved)
    }
}

/// What is known of a transaction of an orchestration.
///
/// **Unconfirmed**: no public document shows these members here. They are those of the webhooks (contract
/// caf, 7). [`Answer::extra`] has all others.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GlobalTransactionData {
    /// The transaction.
    #[serde(default)]
    pub transaction_id: Option<GlobalTransactionId>,
    /// The workflow that it runs.
    #[serde(default, deserialize_with = "lenient")]
    pub workflow_id: Option<WorkflowId>,
    /// Where it stands. One that is not a text is an error of the whole answer.
    #[serde(default)]
    pub status: Option<TransactionStatus>,
}
