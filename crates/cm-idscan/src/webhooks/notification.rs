//! What arrives at a webhook (contract cm-idscan, 12.3).

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp, is_json_object};

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
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct Notification {
    /// The notification, for dropping what comes twice.
    pub id: NotificationId,
    /// What it is about.
    pub event_type: EventType,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The transaction. Documented for [`EventType::TransactionStateUpdated`], of which one that cannot be
    /// read is an error. Of any other event it is `None` then, and [`Answer::raw`](crate::Answer::raw) has
    /// it.
    pub transaction: Option<NotifiedTransaction>,
    /// The task, in no documented form: what [`EventType::TaskStateUpdated`] carries could not be read in any
    /// public document.
    pub task: Option<Personal<Map<String, Value>>>,
}

/// A notification as it arrives: how its transaction is read depends on its type, which may come after it.
#[derive(Deserialize)]
struct Wire {
    id: NotificationId,
    #[serde(rename = "type")]
    event_type: EventType,
    #[serde(default, deserialize_with = "lenient")]
    created: Option<Timestamp>,
    #[serde(default)]
    transaction: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "lenient")]
    task: Option<Personal<Map<String, Value>>>,
}

impl TryFrom<Wire> for Notification {
    type Error = serde_json::Error;

    fn try_from(wire: Wire) -> Result<Self, serde_json::Error> {
        let transaction = wire.transaction.map(|json| read(&json)).transpose();
        let transaction = match wire.event_type {
            EventType::TransactionStateUpdated => transaction?,
            _ => transaction.unwrap_or_default(),
        };
        Ok(Self {
            id: wire.id,
            event_type: wire.event_type,
            created: wire.created,
            transaction,
            task: wire.task,
        })
    }
}

fn read(json: &RawValue) -> Result<NotifiedTransaction, serde_json::Error> {
    if !is_json_object(json.get().as_bytes()) {
        return Err(de::Error::custom("no object"));
    }
    serde_json::from_str(json.get())
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
    #[serde(default, deserialize_with = "result_id")]
    pub result_id: Option<ResultId>,
}

/// There is no result to name before there is one: absent, `null` and empty are the same.
fn result_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ResultId>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .filter(|text| !text.is_empty())
        .map(|text| ResultId::new(text).map_err(de::Error::custom))
        .transpose()
}
