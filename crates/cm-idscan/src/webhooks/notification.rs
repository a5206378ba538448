//! What arrives at a webhook (contract cm-idscan, 12.3).

use serde::Deserialize;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp};

use crate::transactions::{ResultId, TransactionId, TransactionState};

verikit_core::identifier! {
    /// Identifies a notification. One that was not answered with 2xx comes again: keep the ids that you have
    /// dealt with, and drop what you have seen.
    pub struct NotificationId;
}

verikit_core::open_enum! {
    /// What a webhook is told of.
    pub enum EventType {
        /// A transaction's state changed.
        TransactionStateUpdated = "transaction.state.updated",
        /// A task's state changed.
        TaskStateUpdated = "task.state.updated",
    }
}

/// A notification: which transaction to read, and which result.
///
/// It is no verdict, and it is not signed. Whatever it says of states, read the transaction and the result
/// before you act.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// The notification, for dropping what comes twice.
    pub id: NotificationId,
    /// What it is about.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created: Option<Timestamp>,
    /// The transaction. Documented for [`EventType::TransactionStateUpdated`].
    #[serde(default)]
    pub transaction: Option<NotifiedTransaction>,
    /// The task, in no documented form: what [`EventType::TaskStateUpdated`] carries could not be read in any
    /// public document.
    #[serde(default, deserialize_with = "lenient")]
    pub task: Option<Personal<Map<String, Value>>>,
}

/// The transaction that a notification is about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotifiedTransaction {
    /// The transaction.
    pub id: TransactionId,
    /// What the notification says of its state.
    #[serde(default, deserialize_with = "lenient")]
    pub state: Option<TransactionState>,
    /// Its result, once it is completed.
    #[serde(default)]
    pub result_id: Option<ResultId>,
}
