//! MOCheck v0.1 (contract idlayr, 7), as thin as its documents: for phones where nothing else is possible.

use std::time::Duration;

use serde::Deserialize;
use verikit_core::value::{Amount, lenient};
use verikit_core::{Answer, Call, Operation, Personal, PhoneNumber, RawReply, Result, Timestamp, read_json};

use crate::checks::{CheckId, CheckStatus, Currency, Route, create_builder, read_ttl, require_same};
use crate::client::Client;

const CREATE: Route = Route {
    name: "mo_check.create",
    path: "/mo_check/v0.1/checks",
};

/// A MOCheck, created or read. The documents name `mo_receiver` and `mo_body` of a created check, and
/// `verified` of one that is read. The other members are what other checks have; nothing says that these have
/// them. Only the identifier must be there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MoCheck {
    /// The check.
    pub check_id: CheckId,
    /// The number to text.
    #[serde(default, deserialize_with = "lenient")]
    pub mo_receiver: Option<Personal<String>>,
    /// The one-time text for the SMS. Hand it to the phone of the session that began the check.
    #[serde(default, deserialize_with = "lenient")]
    pub mo_body: Option<Personal<String>>,
    #[serde(default)]
    verified: Option<bool>,
    /// Where it stands.
    #[serde(default)]
    pub status: Option<CheckStatus>,
    /// How long it lives.
    #[serde(default, deserialize_with = "read_ttl")]
    pub ttl: Option<Duration>,
    /// Your own reference.
    #[serde(default, deserialize_with = "lenient")]
    pub reference_id: Option<Personal<String>>,
    /// What it cost.
    #[serde(default, deserialize_with = "lenient")]
    pub charge_amount: Option<Amount>,
    /// What the amount is counted in.
    #[serde(default, deserialize_with = "lenient")]
    pub charge_currency: Option<Currency>,
    /// The workspace's balance after the charge.
    #[serde(default, deserialize_with = "lenient")]
    pub snapshot_balance: Option<Amount>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
}

impl MoCheck {
    /// Whether the SMS came, with the text, from the number: `true` only when `verified` is the JSON boolean
    /// `true` and there is no status, as documented, or the status is `COMPLETED`.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified() == Some(true)
    }

    /// What the platform says so far. `None` when it says nothing, and with another status than `COMPLETED`:
    /// that these checks have one is inferred, and what it would mean beside `verified` is not known. That
    /// `Some(false)` is final is not documented.
    #[must_use]
    pub fn verified(&self) -> Option<bool> {
        match self.status {
            None | Some(CheckStatus::Completed) => self.verified,
            Some(_) => None,
        }
    }
}

create_builder! {
    /// A MOCheck that is about to be created. Await it to send it.
    CreateMoCheck => MoCheck by into_call,
}

/// MOCheck v0.1: the user's phone sends an SMS with a one-time text to a number of the platform, which
/// compares text and sender. The create request takes the number alone: no other member is documented.
///
/// ```
/// # async fn example(client: &idlayr::Client, number: idlayr::PhoneNumber) -> idlayr::Result<bool> {
/// let check = client.mo_checks().create(number).await?;
/// // Let the user send check.mo_body to check.mo_receiver, and ask when the app says that it is sent:
/// Ok(client.mo_checks().get(&check.check_id).await?.is_verified())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MoChecks {
    client: Client,
}

impl MoChecks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Starts a check of a number. Sent once: a repeat would be a second check. When it is billed is not
    /// documented.
    ///
    /// `POST /mo_check/v0.1/checks`, contract idlayr 7.
    ///
    /// # Errors
    ///
    /// None are documented; see [`ProblemCode`](crate::ProblemCode).
    pub fn create(&self, number: PhoneNumber) -> CreateMoCheck {
        CreateMoCheck::new(self.client.clone(), CREATE, number)
    }

    /// Reads a check: `GET /mo_check/v0.1/checks/{check_id}`, contract idlayr 7. May be repeated.
    ///
    /// # Errors
    ///
    /// None are documented; 404 `check_not_found` is to be expected when there is no such check.
    pub fn get(&self, check_id: &CheckId) -> Call<Answer<MoCheck>> {
        let operation = Operation::get(
            "mo_check.get",
            self.client.realm(),
            "/mo_check/v0.1/checks/{check_id}",
            &[check_id.as_str()],
        );
        let expected = check_id.clone();
        self.client
            .core()
            .call(operation, move |reply| read(reply, &expected))
    }
}

fn read(reply: &RawReply, expected: &CheckId) -> Result<Answer<MoCheck>> {
    let check: Answer<MoCheck> = read_json(reply)?;
    require_same(&check.check_id, expected)?;
    Ok(check)
}
