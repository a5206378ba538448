//! Whether to send again, when, and how often at most: decide, wait, protect.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
#[cfg(any(test, feature = "testing"))]
use std::sync::atomic::AtomicU64;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use crate::error::{Delivery, ErrorKind};
use crate::operation::Repeat;
use crate::value::{parse_http_date, seconds_ahead};

/// How often and at what distance a call is repeated.
///
/// It bounds the repeats that the operation allows; it never makes a call that starts or bills something be
/// sent twice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
}

impl Default for RetryPolicy {
    /// 3 attempts; waits drawn between zero and 100 ms, then 200 ms and so on, 5 s at most.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// No repeats. A stale token is still renewed once.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// How many requests a call may send. Zero counts as one.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest wait before the first repeat; it doubles with each one.
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The longest wait before any repeat.
    pub fn cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    pub(crate) fn allows(&self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Full jitter: anything from zero to the doubled base. `attempts` is how many requests were sent.
    pub(crate) fn backoff(&self, attempts: u32, random: &Random) -> Duration {
        let doubled = 2_u32.checked_pow(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let ceiling = self.base.saturating_mul(doubled).min(self.cap);
        let nanoseconds = u64::try_from(ceiling.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(random.below(nanoseconds.saturating_add(1)))
    }
}

/// What an attempt came to, as far as repeating is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    /// The request cannot be sent as it is.
    Unsendable,
    /// No connection was made.
    NotConnected,
    /// The certificate was refused.
    CertificateRefused,
    /// The server proved that it did not process the request.
    Unprocessed,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer did not come in time.
    TimedOut,
    /// A status that the operation does not take for an answer.
    Status(StatusCode),
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Stop,
    /// Repeat after a wait: the provider's, where it names one, else the policy's.
    Repeat,
    /// Renew the credential and repeat, once a call.
    Reauthorise,
}

/// The table of what may be repeated, for every call of every provider. There is no other.
pub(crate) fn decide(repeat: Repeat, happened: Happened) -> (ErrorKind, Delivery, Next) {
    let if_safe = match repeat {
        Repeat::Safe => Next::Repeat,
        Repeat::Once => Next::Stop,
    };
    match happened {
        Happened::Unsendable => (ErrorKind::InvalidInput, Delivery::NotSent, Next::Stop),
        Happened::NotConnected => (ErrorKind::Connect, Delivery::NotSent, Next::Repeat),
        Happened::CertificateRefused => (ErrorKind::Tls, Delivery::NotSent, Next::Stop),
        Happened::Unprocessed => (ErrorKind::Interrupted, Delivery::Refused, Next::Repeat),
        Happened::Interrupted => (ErrorKind::Interrupted, Delivery::Unknown, if_safe),
        Happened::TimedOut => (ErrorKind::Timeout, Delivery::Unknown, if_safe),
        Happened::Status(status) => match status.as_u16() {
            401 => (ErrorKind::Auth, Delivery::Refused, Next::Reauthorise),
            403 => (ErrorKind::Auth, Delivery::Refused, Next::Stop),
            429 => (ErrorKind::RateLimited, Delivery::Refused, Next::Repeat),
            408 | 500 | 502 | 503 | 504 => (ErrorKind::Provider, Delivery::Unknown, if_safe),
            400..=499 => (ErrorKind::Provider, Delivery::Refused, Next::Stop),
            // A 303 commonly follows a request that was carried out.
            300..=399 => (ErrorKind::Redirect, Delivery::Unknown, Next::Stop),
            _ => (ErrorKind::Provider, Delivery::Unknown, Next::Stop),
        },
    }
}

/// Reads `Retry-After`: whole seconds, or an HTTP date. Anything else counts as absent; a date that has
/// passed is no wait.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a wait that never ends, not nonsense.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = parse_http_date(text)?;
    // By the clock of whoever wrote the date, where it says what that shows.
    let now = headers
        .get(http::header::DATE)
        .and_then(|now| parse_http_date(now.to_str().ok()?))
        .unwrap_or(now);
    Some(Duration::from_secs(
        u64::try_from(seconds_ahead(date, now)).unwrap_or(0),
    ))
}

/// What bounds the repeats of a whole client, so that an outage does not multiply the load.
///
/// A repeat costs one, a success brings a fifth of one back: in the long run at most 20 % on top of the
/// calls. It opens with, and holds at most, ten.
#[derive(Debug)]
pub(crate) struct Budget {
    fifths: AtomicI64,
}

const FULL: i64 = 50;
const REPEAT_COSTS: i64 = 5;

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            fifths: AtomicI64::new(FULL),
        }
    }

    /// Takes the price of one repeat, if it is there.
    pub(crate) fn take(&self) -> bool {
        let spend = |balance: i64| (balance >= REPEAT_COSTS).then(|| balance - REPEAT_COSTS);
        self.fifths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend)
            .is_ok()
    }

    pub(crate) fn succeeded(&self) {
        // Almost always full: do not write a shared cache line for nothing.
        if self.fifths.load(Ordering::Relaxed) < FULL {
            let earn = |balance: i64| (balance < FULL).then(|| balance + 1);
            let _ = self
                .fifths
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
        }
    }
}

/// Randomness for jitter. Not for secrets.
#[derive(Debug, Default)]
pub(crate) enum Random {
    /// The standard library's per-process hash keys, hashed with themselves.
    #[default]
    System,
    /// A reproducible sequence for tests.
    #[cfg(any(test, feature = "testing"))]
    Seeded(AtomicU64),
}

impl Random {
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn seeded(seed: u64) -> Self {
        Self::Seeded(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        match self {
            Self::System => RandomState::new().build_hasher().finish(),
            #[cfg(any(test, feature = "testing"))]
            Self::Seeded(state) => {
                // SplitMix64 (Steele, Lea and Flood, 2014).
                let mut z = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                z ^ (z >> 31)
            }
        }
    }

    /// A number below `bound`; zero for a bound of zero.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A share of `duration` between half of it and all of it.
    pub(crate) fn upper_half(&self, duration: Duration) -> Duration {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let half = nanoseconds / 2;
        Duration::from_nanos(half + self.below(nanoseconds - half + 1))
    }
}

#[cfg(test)]
mod tests;
