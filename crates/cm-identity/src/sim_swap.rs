//! SIM swap (contract cm-identity, 3.1): when was the SIM behind a number last changed?

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use verikit_core::{Answer, Call, Error, Operation, PhoneNumber, Timestamp, is_json_object, read_json};

use crate::client::Client;
use crate::state::{State, is_success, present};

/// What to ask about the last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceType {
    /// When it was.
    Timestamp,
    /// Whether it was within the last 24 hours.
    Last24Hours,
    /// Between which two ages it lies. **Legacy**: the vendor's newest page no longer lists it, and whether
    /// it is still served is not known.
    Range,
}

impl ServiceType {
    /// The vendor's own word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Last24Hours => "24h",
            Self::Range => "range",
        }
    }
}

/// The SIM swap operation.
#[derive(Debug, Clone)]
pub struct SimSwaps {
    client: Client,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    /// Written as E.164 with its `+`.
    phone_number: PhoneNumber,
    service_type: &'static str,
}

impl SimSwaps {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks the operator about the last change of the SIM behind a number. Sent once: every request may be
    /// **billed**; what it costs is not documented.
    ///
    /// `POST /sim-swap`, contract cm-identity 3.1.
    ///
    /// ```
    /// # async fn example(client: &cm_identity::Client) -> Result<bool, Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use cm_identity::{PhoneNumber, ServiceType};
    ///
    /// let number = PhoneNumber::parse("+31 6 00000042")?;
    /// let swap = client.sim_swap().check(number, ServiceType::Last24Hours).await?;
    /// // Only a clear "no" lets the user through; "nobody knows" does not.
    /// Ok(swap.changed_within(Duration::from_secs(24 * 3600)) == Some(false))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Which errors there are is not documented. An answer to another question than the one asked is an error
    /// of the kind [`Decode`](crate::ErrorKind::Decode).
    pub fn check(&self, number: PhoneNumber, service_type: ServiceType) -> Call<Answer<SimSwap>> {
        let body = Body {
            phone_number: number,
            service_type: service_type.as_str(),
        };
        let operation = Operation::post("sim_swap.check", self.client.realm(), "/sim-swap", &[])
            .and_then(|operation| operation.json(&body));
        let clock = std::sync::Arc::clone(self.client.core().clock());
        self.client.core().call(operation, move |reply| {
            // A clock that is ahead makes a change look older than it is: the earlier one decides.
            let own = clock.system_time();
            let answered_at = reply.date().map_or(own, |date| date.min(own));
            let swap: Answer<SimSwap> = read_json(reply)?;
            if swap.change.answers(service_type) {
                Ok(swap.complemented(|swap| swap.answered_at = Some(answered_at)))
            } else {
                let error = "the answer is to another question than the one that was asked";
                Err(Error::decode(error))
            }
        })
    }
}

/// What is known about the last change of a SIM. Two are equal if they say the same, whenever they came.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Members")]
#[non_exhaustive]
pub struct SimSwap {
    /// How it came out. Older answers do not have it.
    pub state: Option<State>,
    /// The last change, in the way that was asked for.
    pub change: SimChange,
    answered_at: Option<SystemTime>,
}

impl PartialEq for SimSwap {
    fn eq(&self, other: &Self) -> bool {
        (&self.state, &self.change) == (&other.state, &other.change)
    }
}

impl Eq for SimSwap {}

/// The last change of a SIM.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SimChange {
    /// When it was: the answer to [`ServiceType::Timestamp`].
    At(Timestamp),
    /// Whether it was within 24 hours before the answer: to [`ServiceType::Last24Hours`].
    WithinLast24Hours(bool),
    /// Between which two ages it lies: to [`ServiceType::Range`].
    Range(AgeRange),
    /// The answer does not say: no result, a `state` other than success, a range in another shape or of more
    /// than 40 years ago, or several results that nobody could choose from. [`Answer::raw`] has it as it
    /// came.
    Unknown,
}

/// Between which two ages the last change lies.
///
/// On the wire the names read the wrong way round: `gt` is the **upper** bound of the age in seconds and `lt`
/// the **lower** one (contract cm-identity, 3.1). [`Answer::raw`] has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgeRange {
    /// The upper bound, in seconds.
    gt: u64,
    /// The lower bound, in seconds; `-1` says that the change is older than `gt`.
    lt: i64,
}

impl AgeRange {
    /// How old the change is at least: `lt`, or `gt` where `lt` is `-1`, which is how "older than `gt`" is
    /// written.
    #[must_use]
    pub fn at_least(&self) -> Duration {
        Duration::from_secs(u64::try_from(self.lt).unwrap_or(self.gt))
    }

    /// How old the change is at most: `gt`. Nothing where `lt` is `-1`: there is no bound.
    #[must_use]
    pub fn at_most(&self) -> Option<Duration> {
        (self.lt >= 0).then_some(Duration::from_secs(self.gt))
    }

    /// "Older than `gt`" leaves out `gt` itself. Whether `lt` leaves itself out is not documented.
    fn is_older_than(&self, age: Duration) -> bool {
        age < self.at_least() || (self.lt == -1 && age == self.at_least())
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// 1991-01-01, before the first SIM was sold. Zero dates stand for "no date".
const FIRST_SIM: i64 = 662_688_000;

/// 40 years, more than there have been SIMs for. Whoever writes a greater age means "no age".
const OLDEST_SIM: Duration = DAY.saturating_mul(40 * 365 + 10);

impl SimSwap {
    /// Whether the SIM was changed within this time before the answer, as far as the answer says:
    ///
    /// | asked | `Some(true)` | `Some(false)` | `None` |
    /// | --- | --- | --- | --- |
    /// | `Timestamp` | the change is that young, or lies ahead | it is older | a date before there were SIMs, which stands for none |
    /// | `Last24Hours` | yes, for 24 h and more | no, for 24 h and less | yes for less, no for more |
    /// | `Range` | from the upper bound of its age on | below the lower bound; up to `gt` where `lt` is -1 | in between |
    ///
    /// and `None` whenever the answer does not say. Let nobody through on `None`: it is not a "no".
    ///
    /// The time of the answer is its `Date`, or what this client's clock showed when it was read, whichever
    /// is earlier: one of the two being ahead makes no change look older than it is. An answer that was
    /// stored and read again with [`Answer::from_json`] has none: use
    /// [`changed_within_at`](SimSwap::changed_within_at).
    #[must_use]
    pub fn changed_within(&self, time: Duration) -> Option<bool> {
        match (&self.change, self.answered_at) {
            (SimChange::At(_), None) => None,
            // Only a timestamp needs to be compared with a clock.
            (_, answered_at) => self.changed_within_at(time, answered_at.unwrap_or(SystemTime::UNIX_EPOCH)),
        }
    }

    /// The same for an answer that came at `answered_at`.
    #[must_use]
    pub fn changed_within_at(&self, time: Duration, answered_at: SystemTime) -> Option<bool> {
        match &self.change {
            SimChange::At(timestamp) if timestamp.unix_seconds() < FIRST_SIM => None,
            SimChange::At(timestamp) => {
                // A change that lies ahead is a clock that is behind: it was just now.
                let age = answered_at.duration_since(timestamp.system_time()?);
                Some(age.unwrap_or(Duration::ZERO) <= time)
            }
            SimChange::WithinLast24Hours(true) => (time >= DAY).then_some(true),
            SimChange::WithinLast24Hours(false) => (time <= DAY).then_some(false),
            SimChange::Range(range) if range.is_older_than(time) => Some(false),
            SimChange::Range(range) => range.at_most().filter(|most| time >= *most).map(|_| true),
            SimChange::Unknown => None,
        }
    }
}

impl SimChange {
    fn answers(&self, service_type: ServiceType) -> bool {
        match self {
            Self::At(_) => service_type == ServiceType::Timestamp,
            Self::WithinLast24Hours(_) => service_type == ServiceType::Last24Hours,
            Self::Range(_) => service_type == ServiceType::Range,
            Self::Unknown => true,
        }
    }
}

/// The members on the wire. One of the last three is there, by what was asked. A legacy range that cannot be
/// read is unknown; the other two decide and are strict.
#[derive(Deserialize)]
struct Members {
    #[serde(default, deserialize_with = "present")]
    state: Option<State>,
    #[serde(default)]
    timestamp: Option<Timestamp>,
    #[serde(default, rename = "24h")]
    within_last_24_hours: Option<bool>,
    #[serde(default)]
    range: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct RangeMembers {
    gt: u64,
    lt: i64,
}

impl Members {
    fn range(&self) -> Option<AgeRange> {
        let json = self.range.as_ref()?.get();
        if !is_json_object(json.as_bytes()) {
            return None;
        }
        let RangeMembers { gt, lt } = serde_json::from_str(json).ok()?;
        let ordered = match u64::try_from(lt) {
            Ok(lower) => lower <= gt,
            Err(_) => lt == -1,
        };
        let range = AgeRange { gt, lt };
        (ordered && range.at_least() <= OLDEST_SIM).then_some(range)
    }
}

impl From<Members> for SimSwap {
    fn from(members: Members) -> Self {
        let range = members.range();
        let change = match (members.timestamp, members.within_last_24_hours, range) {
            _ if !is_success(members.state.as_ref()) => SimChange::Unknown,
            (Some(timestamp), None, None) => SimChange::At(timestamp),
            (None, Some(changed), None) => SimChange::WithinLast24Hours(changed),
            (None, None, Some(range)) => SimChange::Range(range),
            _ => SimChange::Unknown,
        };
        Self {
            state: members.state,
            change,
            answered_at: None,
        }
    }
}
