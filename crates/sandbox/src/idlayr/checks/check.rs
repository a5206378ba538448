//! One check: its life and the bodies that describe it (contract 3.3, 3.4, 4, 5).

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use url::Url;

use super::kind::{Kind, Version};
use super::outcome::{Outcome, SimChange};
use super::traces::Trace;
use crate::clock::date_time;
use crate::idlayr::amount::{Amount, CURRENCY};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::idlayr) enum Status {
    Accepted,
    Pending,
    Completed,
    Expired,
    Error,
}

impl Status {
    pub(in crate::idlayr) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Pending => "PENDING",
            Self::Completed => "COMPLETED",
            Self::Expired => "EXPIRED",
            Self::Error => "ERROR",
        }
    }

    pub(in crate::idlayr) fn is_final(self) -> bool {
        match self {
            Self::Accepted | Self::Pending => false,
            Self::Completed | Self::Expired | Self::Error => true,
        }
    }
}

/// Looks like the MCC and MNC of the contract's examples.
const NETWORK_ID: &str = "23410";

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
pub(in crate::idlayr) enum View {
    Created {
        snapshot_balance: Amount,
    },
    Read,
    Patched,
    /// In a callback.
    Reported,
}

#[derive(Debug)]
pub(in crate::idlayr) struct Check {
    pub(in crate::idlayr) id: String,
    /// The order of creation, to sort checks of the same second.
    pub(in crate::idlayr) sequence: u64,
    pub(in crate::idlayr) client_id: String,
    pub(in crate::idlayr) project_id: Option<String>,
    pub(in crate::idlayr) kind: &'static Kind,
    pub(in crate::idlayr) version: Version,
    pub(super) phone_number: String,
    pub(in crate::idlayr) reference_id: Option<String>,
    pub(super) redirect_url: Option<Url>,
    pub(in crate::idlayr) callback_url: Option<Url>,
    /// Its end was told to the customer, or there was nobody to tell.
    pub(in crate::idlayr) is_reported: bool,
    /// The window of the question whether the SIM changed, in minutes.
    pub(super) period: u32,
    pub(in crate::idlayr) status: Status,
    pub(in crate::idlayr) matched: Option<bool>,
    pub(super) sim_change: Option<SimChange>,
    pub(in crate::idlayr) error_code: Option<&'static str>,
    pub(in crate::idlayr) created_at: SystemTime,
    pub(in crate::idlayr) updated_at: Option<SystemTime>,
    /// How long the check waits for its device.
    pub(super) ttl: Duration,
    pub(super) chain: Option<Chain>,
    /// The device reached the end of the redirects.
    pub(super) device_done: bool,
    /// v0.2: what the device was given; taken away by its use.
    pub(in crate::idlayr) code: Option<String>,
    /// v0.1: reads that still answer `PENDING` after the device is done.
    pub(super) pending_reads: u32,
    /// A live project's unit that is given back unless the check completes.
    pub(in crate::idlayr) reserved: bool,
    /// A unit was taken for it and kept.
    pub(in crate::idlayr) is_paid: bool,
    pub(super) traces: Vec<Trace>,
}

impl Check {
    pub(in crate::idlayr) fn expires_at(&self) -> SystemTime {
        self.created_at.checked_add(self.ttl).unwrap_or(self.created_at)
    }

    pub(in crate::idlayr) fn is_due(&self, now: SystemTime) -> bool {
        !self.status.is_final() && now >= self.expires_at()
    }

    pub(in crate::idlayr) fn expire(&mut self, at: SystemTime) {
        self.status = Status::Expired;
        self.updated_at = Some(at);
        self.chain = None;
        self.code = None;
    }

    /// What the check's number stands for.
    pub(super) fn outcome(&self) -> Outcome {
        Outcome::of(self.kind, &self.phone_number)
    }

    /// Gives the check the outcome of its number.
    pub(super) fn conclude(&mut self) {
        match self.outcome() {
            Outcome::Known { matched, sim_change } => {
                self.status = Status::Completed;
                self.matched = matched;
                self.sim_change = sim_change;
            }
            Outcome::Error(code) => {
                self.status = Status::Error;
                self.error_code = Some(code);
            }
        }
        self.code = None;
    }

    pub(in crate::idlayr) fn no_sim_change(&self) -> Option<bool> {
        self.sim_change.map(|sim_change| !sim_change.has_changed)
    }

    pub(in crate::idlayr) fn network_id(&self) -> Option<&'static str> {
        (self.status == Status::Completed).then_some(NETWORK_ID)
    }

    pub(in crate::idlayr) fn masked_number(&self) -> String {
        masked(&self.phone_number)
    }

    /// What a callback says that it is about.
    pub(in crate::idlayr) fn callback_type(&self) -> &'static str {
        self.kind.path
    }

    pub(super) fn path(&self) -> String {
        format!("{}/{}/checks/{}", self.kind.path, self.version.as_str(), self.id)
    }

    /// `None` for a check that needs no device.
    pub(in crate::idlayr) fn check_url(&self, base_url: &Url) -> Option<String> {
        let has_device_step = self.kind.has_device_step;
        has_device_step.then(|| format!("{base_url}{}/redirect", self.path()))
    }

    pub(in crate::idlayr) fn body(&self, base_url: &Url, view: View) -> Value {
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        set("check_id", json!(self.id));
        set("status", json!(self.status.as_str()));
        set("charge_amount", Amount::ONE.json());
        set("charge_currency", json!(CURRENCY));
        set("created_at", json!(date_time(self.created_at)));
        if let Some(reference_id) = &self.reference_id {
            set("reference_id", json!(reference_id));
        }
        if let Some(matched) = self.matched {
            set("match", json!(matched));
        }
        if let Some(sim_change) = self.sim_change {
            set("no_sim_change", json!(!sim_change.has_changed));
            if let Some(minutes) = sim_change.within {
                set("sim_change_within", json!(minutes));
            }
        }
        if let Some(updated_at) = self.updated_at {
            set("updated_at", json!(date_time(updated_at)));
        }
        if view == View::Patched {
            return Value::Object(body);
        }
        if self.sim_change.is_some() {
            set("no_sim_change_period", json!(self.period));
        }
        if self.kind.has_device_step && view != View::Reported {
            set("ttl", json!(self.ttl.as_secs()));
        }
        if let View::Created { snapshot_balance } = view {
            set("snapshot_balance", snapshot_balance.json());
        }
        if let Some(network_id) = self.network_id() {
            set("network_id", json!(network_id));
        }
        if let Some(code) = self.error_code {
            set("error_code", json!(code));
        }
        if view == View::Reported {
            return Value::Object(body);
        }
        let mut links = json!({ "self": { "href": format!("{base_url}{}", self.path()) } });
        // Ours: a check that cannot be opened any more offers nothing to open.
        if let (false, Some(url), Some(links)) = (
            self.status.is_final(),
            self.check_url(base_url),
            links.as_object_mut(),
        ) {
            links.insert("check_url".to_owned(), json!({ "href": url }));
        }
        set("_links", links);
        Value::Object(body)
    }
}

/// The number with all but its last two digits hidden.
pub(in crate::idlayr) fn masked(phone_number: &str) -> String {
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
    fn a_masked_number_shows_two_digits() {
        assert_eq!(masked("447700900042"), "••••••••••42");
        assert_eq!(masked("42"), "42");
    }
}
