//! What the Connect API's webhooks tell of (contract caf, 6.4).

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp, is_json_object};

use crate::Cpf;
use crate::transactions::{OnboardingId, TransactionId, TransactionStatus};

verikit_core::identifier! {
    /// Identifies an event: see [`ConnectEvent::id`].
    pub struct ConnectEventId;
}

verikit_core::open_enum! {
    /// What an event tells of. An open set: of a word that this version does not know, the event is read all
    /// the same.
    pub enum ConnectEventType {
        /// A message was created.
        CommunicationCreated = "COMMUNICATIONCREATEDEVENT",
        /// A message arrived.
        CommunicationDelivered = "COMMUNICATIONDELIVEREDEVENT",
        /// A message was rejected.
        CommunicationRejected = "COMMUNICATIONREJECTEDEVENT",
        /// A message did not arrive.
        CommunicationNotDelivered = "COMMUNICATIONNOTDELIVEREDEVENT",
        /// A message was passed on to its destination.
        CommunicationSentToDestination = "COMMUNICATIONSENTTODESTINATIONEVENT",
        /// A transaction began to be processed.
        TransactionProcessStarted = "TRANSACTIONPROCESSSTARTEDEVENT",
        /// A transaction's status changed. This word has no `EVENT` at its end.
        TransactionStatusUpdated = "TRANSACTIONSTATUSUPDATED",
        /// A transaction was given to people who examine documents.
        TransactionDocumentscopyRequested = "TRANSACTIONDOCUMENTSCOPYREQUESTEDEVENT",
        /// A face was compared.
        FaceAuthentication = "FACEAUTHENTICATIONEVENT",
        /// A profile changed.
        ProfileUpdated = "PROFILEUPDATEDEVENT",
    }
}

verikit_core::open_enum! {
    /// Where an event comes from. An open set, of which one word was seen (contract caf, 9.4).
    pub enum ConnectEventSource {
        /// A transaction.
        Transaction = "TRANSACTION",
    }
}

verikit_core::open_enum! {
    /// What a message goes by.
    pub enum CommunicationChannel {
        /// A text message.
        Sms = "sms",
    }
}

/// An event of which the signature was verified: CAF's own words, and no decision yet.
///
/// The signature has no time in it. An event that somebody recorded verifies for ever, and events may come
/// late or in another order: handle each [`id`](Self::id) once, and read the transaction before you act on
/// what an event says of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct ConnectEvent {
    /// The event, for dropping what comes twice: it is all that there is against replays. A ULID; taken as an
    /// opaque text.
    pub id: ConnectEventId,
    /// What it tells of.
    pub event_type: ConnectEventType,
    /// Where it comes from.
    pub source: Option<ConnectEventSource>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// What it is about. `None` if it is not an object; [`Answer::raw`](crate::Answer::raw) has whatever
    /// there is.
    pub data: Option<ConnectEventData>,
}

/// An event as it arrives: `CloudEvents` 1.0 in one JSON object.
#[derive(Deserialize)]
struct Wire {
    id: ConnectEventId,
    r#type: ConnectEventType,
    #[serde(default, deserialize_with = "lenient")]
    source: Option<ConnectEventSource>,
    #[serde(default, deserialize_with = "lenient")]
    time: Option<Timestamp>,
    #[serde(default)]
    data: Option<Box<RawValue>>,
}

impl TryFrom<Wire> for ConnectEvent {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        if wire.r#type.as_str().is_empty() {
            return Err("an event of no type");
        }
        Ok(Self {
            id: wire.id,
            event_type: wire.r#type,
            source: wire.source,
            time: wire.time,
            data: wire.data.and_then(|json| ConnectEventData::read(json.get())),
        })
    }
}

/// What an event is about. All members may be absent; one of another type than expected reads as absent.
///
/// Of communication events the members are documented. **Unconfirmed**: of all others they come from third
/// parties (contract caf, 6.4), so take them for a hint where to look.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectEventData {
    /// The transaction. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub transaction_id: Option<TransactionId>,
    /// The status of the transaction, or of the profile. **Unconfirmed.** It decides nothing: read the
    /// transaction.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<TransactionStatus>,
    /// The onboarding. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub onboarding_id: Option<OnboardingId>,
    /// Whether the faces match. `None` for everything but a JSON boolean. **Unconfirmed.** It decides
    /// nothing, and is not the verdict of an attempt: read what the event names.
    #[serde(default, deserialize_with = "lenient")]
    pub is_match: Option<bool>,
    /// The profile. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub profile_id: Option<Personal<String>>,
    /// The person's CPF. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub cpf: Option<Cpf>,
    /// The company's CNPJ. **Unconfirmed.**
    #[serde(default, deserialize_with = "lenient")]
    pub cnpj: Option<Personal<String>>,
    /// Your tenant.
    #[serde(default, deserialize_with = "lenient")]
    pub tenant_id: Option<Personal<String>>,
    /// What the message went by.
    #[serde(default, deserialize_with = "lenient")]
    pub channel: Option<CommunicationChannel>,
    /// The message, as another system calls it.
    #[serde(default, deserialize_with = "lenient")]
    pub external_id: Option<Personal<String>>,
    /// The message.
    #[serde(default, deserialize_with = "lenient")]
    pub notification_id: Option<Personal<String>>,
    /// The system that the message came from.
    #[serde(default, deserialize_with = "lenient")]
    pub system: Option<Personal<String>>,
    /// When it happened to the message.
    #[serde(default, deserialize_with = "lenient")]
    pub occurred_on: Option<Timestamp>,
    #[serde(skip)]
    members: Personal<Map<String, Value>>,
}

impl ConnectEventData {
    /// A member by its name on the wire, for those that have no field here. **Personal.**
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.expose().get(name)
    }

    /// What is not an object, or has a member twice, is none: which of two would count is the sender's
    /// secret.
    fn read(json: &str) -> Option<Self> {
        if !is_json_object(json.as_bytes()) {
            return None;
        }
        let mut data: Self = serde_json::from_str(json).ok()?;
        let Members(members) = serde_json::from_str(json).ok()?;
        data.members = Personal::new(members);
        Some(data)
    }
}

/// All members of an object. One that is there twice is an error, where `Map` itself would keep the last.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = access.next_entry()? {
                    if members.insert(name, value).is_some() {
                        return Err(de::Error::custom("a member is there twice"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Each)
    }
}
