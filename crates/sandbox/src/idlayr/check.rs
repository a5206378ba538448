//! One PhoneCheck: its life, its outcome and the bodies that describe it (contract 3.3, 3.4, 12).

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use url::Url;

use super::traces::Trace;
use crate::clock::date_time;

/// The version of the API that a check was created with. A check is known to its own version only
/// (ours: nothing is documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V0_1,
    V0_2,
}

impl Version {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V0_1 => "v0.1",
            Self::V0_2 => "v0.2",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Accepted,
    Pending,
    Completed,
    Expired,
    Error,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Expired => "EXPIRED",
            Self::Error => "ERROR",
        }
    }

    pub(crate) fn is_final(self) -> bool {
        match self {
            Self::Accepted | Self::Pending => false,
            Self::Completed | Self::Expired | Self::Error => true,
        }
    }
}

/// The result that a phone number stands for (contract 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Match(bool),
    Error,
}

impl Outcome {
    pub(super) fn of(phone_number: &str) -> Self {
        if phone_number.ends_with("99") {
            return Self::Error;
        }
        Self::Match(phone_number.ends_with(['0', '2', '4', '6', '8']))
    }
}

/// The code of every `ERROR` outcome. The documents do not say which one a number in `99` gets.
pub(super) const ERROR_CODE: &str = "mno_user_not_found";
/// Looks like the MCC and MNC of the contract's examples.
const NETWORK_ID: &str = "23410";
const CHARGE_AMOUNT: u32 = 1;
const CHARGE_CURRENCY: &str = "API";

/// A device on its way through the redirects.
#[derive(Debug)]
pub(super) struct Chain {
    /// Set at the first hop, asked for at the last: it must be one device that makes the whole way.
    pub(super) cookie: String,
    /// Given out by the operator's hop.
    pub(super) operator_pass: String,
}

/// Which body describes the check (the columns of contract 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Created {
        snapshot_balance: u32,
    },
    Read,
    Patched,
    /// In a callback.
    Reported,
}

#[derive(Debug)]
pub(super) struct Check {
    pub(super) id: String,
    /// The order of creation, to sort checks of the same second.
    pub(super) sequence: u64,
    pub(super) client_id: String,
    pub(super) version: Version,
    pub(super) phone_number: String,
    pub(super) reference_id: Option<String>,
    pub(super) redirect_url: Option<Url>,
    pub(super) callback_url: Option<Url>,
    /// Its end was told to the customer, or there was nobody to tell.
    pub(super) is_reported: bool,
    pub(super) status: Status,
    pub(super) matched: Option<bool>,
    pub(super) created_at: SystemTime,
    pub(super) updated_at: Option<SystemTime>,
    pub(super) ttl: Duration,
    pub(super) chain: Option<Chain>,
    /// The device reached the end of the redirects.
    pub(super) device_done: bool,
    /// v0.2: what the device was given; taken away by its use.
    pub(super) code: Option<String>,
    /// v0.1: reads that still answer `PENDING` after the device is done.
    pub(super) pending_reads: u32,
    /// A live project's unit that is given back unless the check completes.
    pub(super) reserved: bool,
    pub(super) traces: Vec<Trace>,
}

impl Check {
    pub(super) fn expires_at(&self) -> SystemTime {
        self.created_at.checked_add(self.ttl).unwrap_or(self.created_at)
    }

    pub(super) fn is_due(&self, now: SystemTime) -> bool {
        !self.status.is_final() && now >= self.expires_at()
    }

    pub(super) fn expire(&mut self, at: SystemTime) {
        self.status = Status::Expired;
        self.updated_at = Some(at);
        self.chain = None;
        self.code = None;
    }

    /// Gives the check the outcome of its number.
    pub(super) fn conclude(&mut self, now: SystemTime) {
        match Outcome::of(&self.phone_number) {
            Outcome::Match(matched) => {
                self.status = Status::Completed;
                self.matched = Some(matched);
            }
            Outcome::Error => self.status = Status::Error,
        }
        self.updated_at = Some(now);
        self.code = None;
    }

    pub(super) fn masked_number(&self) -> String {
        masked(&self.phone_number)
    }

    /// What a callback says that it is about.
    pub(super) fn callback_type(&self) -> &'static str {
        "phone_check"
    }

    pub(super) fn path(&self) -> String {
        format!("phone_check/{}/checks/{}", self.version.as_str(), self.id)
    }

    pub(super) fn check_url(&self, base_url: &Url) -> String {
        format!("{base_url}{}/redirect", self.path())
    }

    pub(super) fn body(&self, base_url: &Url, view: View) -> Value {
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        set("check_id", json!(self.id));
        set("status", json!(self.status.as_str()));
        set("charge_amount", json!(CHARGE_AMOUNT));
        set("charge_currency", json!(CHARGE_CURRENCY));
        set("created_at", json!(date_time(self.created_at)));
        if let Some(reference_id) = &self.reference_id {
            set("reference_id", json!(reference_id));
        }
        if let Some(matched) = self.matched {
            set("match", json!(matched));
        }
        if let Some(updated_at) = self.updated_at {
            set("updated_at", json!(date_time(updated_at)));
        }
        if view == View::Patched {
            return Value::Object(body);
        }
        if view != View::Reported {
            set("ttl", json!(self.ttl.as_secs()));
        }
        if let View::Created { snapshot_balance } = view {
            set("snapshot_balance", json!(snapshot_balance));
        }
        if self.status == Status::Completed {
            set("network_id", json!(NETWORK_ID));
        }
        if self.status == Status::Error {
            set("error_code", json!(ERROR_CODE));
        }
        if view == View::Reported {
            return Value::Object(body);
        }
        let mut links = json!({ "self": { "href": format!("{base_url}{}", self.path()) } });
        // Ours: a check that cannot be opened any more offers nothing to open.
        if !self.status.is_final()
            && let Some(links) = links.as_object_mut()
        {
            links.insert(
                "check_url".to_owned(),
                json!({ "href": self.check_url(base_url) }),
            );
        }
        set("_links", links);
        Value::Object(body)
    }
}

/// The number with all but its last two digits hidden.
fn masked(phone_number: &str) -> String {
    let length = phone_number.chars().count();
    phone_number
        .chars()
        .enumerate()
        .map(|(at, digit)| if at + 2 < length { '•' } else { digit })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digits_decide() {
        assert_eq!(Outcome::of("447700900042"), Outcome::Match(true));
        assert_eq!(Outcome::of("447700900098"), Outcome::Match(true));
        assert_eq!(Outcome::of("447700900041"), Outcome::Match(false));
        assert_eq!(Outcome::of("447700900019"), Outcome::Match(false));
        assert_eq!(Outcome::of("447700900099"), Outcome::Error);
    }

    #[test]
    fn a_masked_number_shows_two_digits() {
        assert_eq!(masked("447700900042"), "••••••••••42");
        assert_eq!(masked("42"), "42");
    }
}
