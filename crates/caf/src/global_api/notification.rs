//! What arrives at a webhook of an orchestration (contract caf, 7).

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use verikit_core::value::lenient;
use verikit_core::{Answer, Delivery, Result, Timestamp, is_json_object};

use super::transactions::{GlobalTransactionId, WorkflowId};
use crate::config::PROVIDER;

verikit_core::identifier! {
    /// Identifies an event of an orchestration. Keep the ids that you have dealt with, and drop what you have
    /// seen.
    pub struct GlobalEventId;
}

verikit_core::open_enum! {
    /// What a notification tells of. An open set: the vendor announces that there will be more.
    pub enum GlobalEventType {
        /// A transaction has begun.
        TransactionCreated = "TransactionCreated",
        /// A transaction waits for somebody.
        TransactionPending = "TransactionPending",
        /// A transaction has come to its end.
        TransactionFinished = "TransactionFinished",
    }
}

/// A notification of an orchestration: which transaction to read.
///
/// **It proves nothing.** No signature is documented, so anybody who knows the address can send one. That is
/// why the status that comes along has no member here: [read the
/// transaction](super::GlobalTransactions::get).
///
/// ```
/// # async fn on_webhook(client: &caf::Client, body: Vec<u8>) -> caf::Result<bool> {
/// use caf::global_api::GlobalNotification;
///
/// let notification = GlobalNotification::read(body)?;
/// // Drop it if notification.id was here before.
/// match &notification.transaction_id {
///     Some(id) => Ok(client.global().transactions().get(id).await?.is_approved()),
///     None => Ok(false),
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Members")]
#[non_exhaustive]
pub struct GlobalNotification {
    /// The event.
    pub id: Option<GlobalEventId>,
    /// What it tells of.
    pub event_type: GlobalEventType,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The transaction. Always there with the types that this version knows; with others, as far as it can be
    /// read.
    pub transaction_id: Option<GlobalTransactionId>,
    /// The workflow that it runs.
    pub workflow_id: Option<WorkflowId>,
}

impl GlobalNotification {
    /// Reads the body of a request to your webhook. The version of the envelope, which the vendor spells
    /// `specVersion` in one place and `specversion` in another, is not looked at.
    ///
    /// # Errors
    ///
    /// A decode error, which does not quote the body, when it is not an object, has no type, or has a known
    /// type and no transaction.
    pub fn read(body: impl Into<Bytes>) -> Result<Answer<Self>> {
        // Nothing was sent by whoever receives.
        Answer::from_json(body)
            .map_err(|error| error.with_provider(PROVIDER).with_delivery(Delivery::NotSent))
    }
}

/// A notification as it arrives.
#[derive(Deserialize)]
struct Members {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<GlobalEventId>,
    #[serde(rename = "type")]
    event_type: GlobalEventType,
    #[serde(default, deserialize_with = "lenient")]
    time: Option<Timestamp>,
    #[serde(default)]
    data: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    transaction_id: GlobalTransactionId,
    #[serde(default, deserialize_with = "lenient")]
    workflow_id: Option<WorkflowId>,
}

impl TryFrom<Members> for GlobalNotification {
    type Error = &'static str;

    fn try_from(members: Members) -> std::result::Result<Self, &'static str> {
        let json = members.data.as_deref().map(RawValue::get);
        // A struct is read from an array too, member by position.
        let data: Option<Data> = json
            .filter(|json| is_json_object(json.as_bytes()))
            .and_then(|json| serde_json::from_str(json).ok());
        if data.is_none() && !members.event_type.is_unknown() {
            return Err("a notification of a transaction without the transaction");
        }
        let (transaction_id, workflow_id) =
            data.map_or((None, None), |data| (Some(data.transaction_id), data.workflow_id));
        Ok(Self {
            id: members.id,
            event_type: members.event_type,
            time: members.time,
            transaction_id,
            workflow_id,
        })
    }
}
