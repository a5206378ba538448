//! The sandbox's time: the only place that reads a clock or waits.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::lock::lock;

/// The time that the emulated providers go by: token lifetimes, `ttl`, rate limits, traces.
///
/// A clone is the same clock. No test has to wait for a check to expire:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use verikit_sandbox::SandboxClock;
///
/// let clock = SandboxClock::manual(SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(120));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(120));
/// ```
#[derive(Clone)]
pub struct SandboxClock {
    reading: Arc<Mutex<Reading>>,
    moved: Arc<Notify>,
}

#[derive(Clone, Copy)]
enum Reading {
    System { ahead: Duration },
    Manual(SystemTime),
}

impl SandboxClock {
    /// The machine's time. [`advance`](Self::advance) puts it ahead of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self::with(Reading::System {
            ahead: Duration::ZERO,
        })
    }

    /// A clock that stands still at `time` until it is moved.
    #[must_use]
    pub fn manual(time: SystemTime) -> Self {
        Self::with(Reading::Manual(time))
    }

    fn with(reading: Reading) -> Self {
        Self {
            reading: Arc::new(Mutex::new(reading)),
            moved: Arc::new(Notify::new()),
        }
    }

    /// The sandbox's present.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match *lock(&self.reading) {
            Reading::System { ahead } => {
                let machine = machine_time();
                machine.checked_add(ahead).unwrap_or(machine)
            }
            Reading::Manual(time) => time,
        }
    }

    /// Moves the clock forward. A step that no `SystemTime` can hold changes nothing.
    pub fn advance(&self, by: Duration) {
        match &mut *lock(&self.reading) {
            Reading::System { ahead } => *ahead = ahead.saturating_add(by),
            Reading::Manual(time) => *time = time.checked_add(by).unwrap_or(*time),
        }
        self.moved.notify_waiters();
    }

    /// Puts the clock to `time`, where it stands still from then on, a system clock too.
    pub fn set(&self, time: SystemTime) {
        *lock(&self.reading) = Reading::Manual(time);
        self.moved.notify_waiters();
    }

    /// Waits until this clock shows `time` or later. A clock that stands still waits until it is moved.
    pub(crate) async fn reached(&self, time: SystemTime) {
        loop {
            // Made before the clock is read: it hears of every move from here on.
            let moved = self.moved.notified();
            let reading = *lock(&self.reading);
            let Some(left) = time
                .duration_since(self.now())
                .ok()
                .filter(|left| !left.is_zero())
            else {
                return;
            };
            match reading {
                Reading::Manual(_) => moved.await,
                // Whether it was the clock or a move: the clock is read again.
                Reading::System { .. } => {
                    let _ = within(left, moved).await;
                }
            }
        }
    }
}

impl Default for SandboxClock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match *lock(&self.reading) {
            Reading::System { .. } => "system",
            Reading::Manual(_) => "manual",
        };
        f.debug_struct("SandboxClock")
            .field("kind", &kind)
            .field("now", &date_time(self.now()))
            .finish()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the sandbox's one reading of the machine's clock"
)]
fn machine_time() -> SystemTime {
    SystemTime::now()
}

/// Waits for `future`, at most for `limit` of real time: sockets do not know the sandbox's time.
#[expect(clippy::disallowed_methods, reason = "sockets need a limit in real time")]
pub(crate) async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit, future).await.ok()
}

/// A pause in real time, for the accept loop when the machine has run out of sockets.
#[expect(clippy::disallowed_methods, reason = "the accept loop must not spin")]
pub(crate) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

fn timestamp(time: SystemTime) -> Timestamp {
    let limit = if time < SystemTime::UNIX_EPOCH {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::try_from(time).unwrap_or(limit)
}

/// `2024-05-02T09:10:11+00:00`
pub(crate) fn date_time(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// `2024-05-02T09:10:11Z`
pub(crate) fn date_time_utc(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2024-05-02T09:10:11.751Z`
pub(crate) fn date_time_with_milliseconds(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `2024-05-02T09`, in UTC.
pub(crate) fn hour(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H").to_string()
}

/// `2024-05-02`, in UTC.
pub(crate) fn day(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%d").to_string()
}

/// `2024-05`, in UTC.
pub(crate) fn month(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m").to_string()
}

/// In UTC.
pub(crate) fn year(time: SystemTime) -> i16 {
    timestamp(time).to_zoned(jiff::tz::TimeZone::UTC).year()
}

/// `Thu, 02 May 2024 09:10:11 GMT`
pub(crate) fn http_date(time: SystemTime) -> String {
    timestamp(time).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whether this is a date of the calendar, written as `2024-05-02`.
pub(crate) fn is_date(text: &str) -> bool {
    let has_the_form = text.len() == 10
        && text.bytes().enumerate().all(|(position, byte)| match position {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    has_the_form && text.parse::<jiff::civil::Date>().is_ok()
}

/// Whole seconds since 1970, 0 for anything earlier.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Whole milliseconds since 1970, 0 for anything earlier.
pub(crate) fn unix_milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_714_641_011_751)
    }

    #[test]
    fn dates_are_written_as_the_provider_writes_them() {
        assert_eq!(date_time(moment()), "2024-05-02T09:10:11+00:00");
        assert_eq!(date_time_utc(moment()), "2024-05-02T09:10:11Z");
        assert_eq!(date_time_with_milliseconds(moment()), "2024-05-02T09:10:11.751Z");
        assert_eq!(http_date(moment()), "Thu, 02 May 2024 09:10:11 GMT");
        assert_eq!(hour(moment()), "2024-05-02T09");
        assert_eq!(day(moment()), "2024-05-02");
        assert_eq!(month(moment()), "2024-05");
        assert_eq!(year(moment()), 2024);
        assert_eq!(unix_seconds(moment()), 1_714_641_011);
        assert_eq!(unix_milliseconds(moment()), 1_714_641_011_751);
    }

    #[test]
    fn only_dates_of_the_calendar_are_dates() {
        for good in ["2024-02-29", "1899-12-31", "2019-03-01"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2024-2-29",
            "2023-02-29",
            "2024-13-01",
            "20240229",
            "2024-02-29T00",
            "29-02-2024",
            "2024/02/29",
            " 2024-02-29",
            "2024-02-2x",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn a_clone_is_the_same_clock() {
        let clock = SandboxClock::manual(moment());
        clock.clone().advance(Duration::from_secs(60));
        assert_eq!(clock.now(), moment() + Duration::from_secs(60));
    }

    #[test]
    fn a_system_clock_can_be_put_ahead_and_stopped() {
        let clock = SandboxClock::system();
        let before = clock.now();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() >= before + Duration::from_secs(3600));
        clock.set(moment());
        assert_eq!(clock.now(), moment());
    }

    #[tokio::test]
    async fn a_moment_is_waited_for() {
        let clock = SandboxClock::manual(moment());
        clock.reached(moment()).await;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reached(moment() + Duration::from_secs(10)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(1));
        waiting.await.unwrap();
        // A running clock needs no move.
        let system = SandboxClock::system();
        system.reached(system.now() + Duration::from_millis(1)).await;
    }

    #[test]
    fn an_impossible_step_changes_nothing() {
        let clock = SandboxClock::manual(moment());
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), moment());
        let system = SandboxClock::system();
        system.advance(Duration::MAX);
        assert!(system.now() > moment());
    }
}
