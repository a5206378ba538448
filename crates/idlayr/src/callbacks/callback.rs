//! What a verified callback says (contract idlayr, 8.1).

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use verikit_core::value::{Amount, lenient};
use verikit_core::{Answer, Personal, Timestamp};

use crate::checks::{CheckErrorCode, CheckId, CheckStatus, Currency, NetworkId};

verikit_core::open_enum! {
    /// What kind of check a callback is about: its signed header `x-tru-callback`.
    pub enum CallbackType {
        /// A PhoneCheck.
        PhoneCheck = "phone_check",
        /// A SubscriberCheck.
        SubscriberCheck = "subscriber_check",
    }
}

/// A callback whose signature fits.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Callback {
    /// What kind of check it is about.
    pub callback_type: CallbackType,
    /// The check, as the platform reports its end.
    pub check: Answer<CallbackCheck>,
    /// When it was sent, by the platform's clock: at most 300 s from now.
    pub sent_at: SystemTime,
}

impl Callback {
    /// What is the same in every delivery of one event: the kind of check, its identifier and its status.
    ///
    /// The platform repeats a callback until it is answered with 200, and for five minutes anybody who saw one can
    /// send it again. Keep the keys of what was handled, and drop what comes again (contract idlayr, 8.2).
    #[must_use]
    pub fn replay_key(&self) -> String {
        let (check_id, status) = (self.check.check_id.as_str(), self.check.status.as_str());
        format!("{}/{check_id}/{status}", self.callback_type.as_str())
    }
}

/// A check in a callback. What decides is strict, what informs is lenient, as in every answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Members")]
#[non_exhaustive]
pub struct CallbackCheck {
    /// The check.
    pub check_id: CheckId,
    /// Where it ended.
    pub status: CheckStatus,
    matched: Option<bool>,
    no_sim_change: Option<bool>,
    /// The time that `no_sim_change` looks back over. SubscriberCheck only.
    pub no_sim_change_period: Option<Duration>,
    /// How long ago the SIM was changed last: the upper bound, in minutes, of a bucket of the platform's; 525601
    /// is more than a year (contract idlayr, 4). SubscriberCheck only, and only if the operator says it.
    pub sim_change_within: Option<u64>,
    /// Why there is no result, with the status `ERROR`.
    pub error_code: Option<CheckErrorCode>,
    /// Your own reference. Whoever begins a check chooses it, other customers of the platform included: look a check
    /// up by its identifier.
    pub reference_id: Option<Personal<String>>,
    /// What the check cost.
    pub charge_amount: Option<Amount>,
    /// What the amount is counted in.
    pub charge_currency: Option<Currency>,
    /// The operator, by its network code. With the status `COMPLETED` only.
    pub network_id: Option<NetworkId>,
    /// When the check was created.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

impl CallbackCheck {
    /// Whether the number belongs to the SIM: `true` only when the status is `COMPLETED` and `match` is the JSON
    /// boolean `true`.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.verdict() == Some(true)
    }

    /// The result, if there is one: `Some(false)` is a completed check whose number does not match.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        self.when_completed(self.matched)
    }

    /// Whether the SIM was **not** changed within the time that was asked about, if the check is completed and says
    /// so. Independent of [`verdict`](CallbackCheck::verdict): a number can match on a SIM that was just swapped.
    #[must_use]
    pub fn no_sim_change(&self) -> Option<bool> {
        self.when_completed(self.no_sim_change)
    }

    fn when_completed(&self, result: Option<bool>) -> Option<bool> {
        result.filter(|_| self.status == CheckStatus::Completed)
    }
}

#[derive(Deserialize)]
struct Members {
    check_id: CheckId,
    status: CheckStatus,
    #[serde(default)]
    r#match: Option<bool>,
    #[serde(default)]
    no_sim_change: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    no_sim_change_period: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    sim_change_within: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    error_code: Option<CheckErrorCode>,
    #[serde(default, deserialize_with = "lenient")]
    reference_id: Option<Personal<String>>,
    #[serde(default, deserialize_with = "lenient")]
    charge_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient")]
    charge_currency: Option<Currency>,
    #[serde(default, deserialize_with = "lenient")]
    network_id: Option<NetworkId>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    updated_at: Option<Timestamp>,
}

impl From<Members> for CallbackCheck {
    fn from(members: Members) -> Self {
        let minutes = |minutes: u32| Duration::from_secs(60 * u64::from(minutes));
        Self {
            check_id: members.check_id,
            status: members.status,
            matched: members.r#match,
            no_sim_change: members.no_sim_change,
            no_sim_change_period: members.no_sim_change_period.map(minutes),
            sim_change_within: members.sim_change_within,
            error_code: members.error_code,
            reference_id: members.reference_id,
            charge_amount: members.charge_amount,
            charge_currency: members.charge_currency,
            network_id: members.network_id,
            created_at: members.created_at,
            updated_at: members.updated_at,
        }
    }
}
