//! What arrives at a Core webhook (contract caf, 5).

use bytes::Bytes;
use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Delivery, Result};

use super::{CoreFaceAttemptId, ProfileId};
use crate::config::PROVIDER;
use crate::transactions::{OnboardingId, TransactionId};

verikit_core::open_enum! {
    /// What a notification is about. An open set.
    pub enum CoreNotificationType {
        /// The user ended the web onboarding and the documents were sent.
        ProcessStarted = "process_started",
        /// Experts are asked to look at the document; the transaction goes on `PROCESSING`.
        DocumentscopyRequested = "documentscopy_requested",
        /// A transaction's status changed. **Unconfirmed**: the vendor's page cuts the word after `status_`;
        /// third parties complete it.
        StatusUpdated = "status_updated",
        /// A face was compared in a web onboarding, with whatever result.
        FaceAuthentication = "face_authentication",
        /// The profile of a person changed: here, `type` is not an event.
        Pf = "PF",
        /// The profile of a company changed.
        Pj = "PJ",
    }
}

/// A notification of the Core API: what to read, and never a decision.
///
/// **Nobody signs these.** No signature, secret or list of addresses is documented (contract caf, 5): whoever
/// knows the webhook's URL can send one that says anything. So this type has no status and no match. Take the
/// [subject](CoreNotification::subject), read it with your own token, and go by that alone. Have something in
/// the URL that nobody can guess, answer 2xx at once, and expect the same notification twice.
///
/// ```
/// use caf::core_api::{CoreNotification, NotificationSubject};
///
/// # let body = br#"{"type":"status_updated","uuid":"64b0c0ffee0000000000bbbb","status":"APPROVED"}"#;
/// let notification = CoreNotification::read(&body[..])?;
/// if let NotificationSubject::Transaction(transaction_id) = &notification.subject {
///     // client.core().transactions().get(transaction_id)
///     # assert_eq!(transaction_id.as_str(), "64b0c0ffee0000000000bbbb");
/// }
/// # Ok::<(), caf::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct CoreNotification {
    /// What it is about.
    pub notification_type: Option<CoreNotificationType>,
    /// What to read.
    pub subject: NotificationSubject,
    /// The onboarding that it belongs to.
    pub onboarding_id: Option<OnboardingId>,
}

impl CoreNotification {
    /// Reads the body of a webhook's request. Any JSON object is a notification; one that this version makes
    /// nothing of has the subject [`Unknown`](NotificationSubject::Unknown). [`Answer::raw`] has all of it.
    ///
    /// # Errors
    ///
    /// A decode error, which does not quote the body, when it is not a JSON object, or has a member twice
    /// that says what it is about.
    pub fn read(body: impl Into<Bytes>) -> Result<Answer<Self>> {
        // Nothing was sent by whoever receives.
        Answer::from_json(body)
            .map_err(|error| error.with_provider(PROVIDER).with_delivery(Delivery::NotSent))
    }
}

/// What to read when a notification arrives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NotificationSubject {
    /// [A transaction](super::CoreTransactions::get). **Unconfirmed**: the members with its id come from
    /// third parties (contract caf, 5).
    Transaction(TransactionId),
    /// [The profile of a person](super::People::get).
    Person(ProfileId),
    /// [The profile of a company](super::Companies::get).
    Company(ProfileId),
    /// [An attempt to compare a face](super::CoreFaces::attempt).
    FaceAttempt(CoreFaceAttemptId),
    /// Nothing that this version knows, or two things at once.
    Unknown,
}

/// A notification as it arrives. What is of a wrong type counts as missing: somebody else may have written
/// it, and all that comes of it is what to read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    notification_type: Option<CoreNotificationType>,
    #[serde(default, deserialize_with = "lenient")]
    uuid: Option<TransactionId>,
    #[serde(default, deserialize_with = "lenient")]
    report: Option<TransactionId>,
    #[serde(default, deserialize_with = "lenient")]
    profile_id: Option<ProfileId>,
    #[serde(default, deserialize_with = "lenient")]
    attempt_id: Option<CoreFaceAttemptId>,
    #[serde(default, deserialize_with = "lenient")]
    onboarding_id: Option<OnboardingId>,
}

impl From<Wire> for CoreNotification {
    fn from(wire: Wire) -> Self {
        let subject = match &wire.notification_type {
            Some(CoreNotificationType::Pf) => wire.profile_id.map(NotificationSubject::Person),
            Some(CoreNotificationType::Pj) => wire.profile_id.map(NotificationSubject::Company),
            Some(CoreNotificationType::FaceAuthentication) => {
                wire.attempt_id.map(NotificationSubject::FaceAttempt)
            }
            // A new event of a transaction is one of a transaction.
            _ => match (wire.uuid, wire.report) {
                (Some(uuid), Some(report)) if uuid != report => None,
                (uuid, report) => uuid.or(report).map(NotificationSubject::Transaction),
            },
        };
        Self {
            notification_type: wire.notification_type,
            subject: subject.unwrap_or(NotificationSubject::Unknown),
            onboarding_id: wire.onboarding_id,
        }
    }
}
