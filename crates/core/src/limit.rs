//! How much at once, and how often.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::{Clock, Deadline, Elapsed, FAR};

/// A cap on calls in flight, first come first served.
#[derive(Debug, Clone)]
pub(crate) struct InFlight(Arc<Semaphore>);

/// A place among the calls in flight, given back on drop.
pub(crate) type Permit = OwnedSemaphorePermit;

impl InFlight {
    pub(crate) fn new(calls: usize) -> Self {
        Self(Arc::new(Semaphore::new(calls.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Takes a place, if one is free and nobody waits for it.
    pub(crate) fn try_enter(&self) -> Option<Permit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }

    /// Waits for a place. Dropping the wait leaves the queue.
    pub(crate) async fn enter(&self) -> Option<Permit> {
        // The semaphore is never closed; `None` would only say that it was.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

/// A limit of calls per time, first come first served: at most one call begins in every `interval`.
///
/// Clones share the limit. Repeats of a call count like calls. A call whose turn would come after its
/// deadline is refused at once, and nothing is sent.
///
/// ```
/// use std::time::Duration;
/// use verikit_core::RateLimit;
///
/// let one_per_second = RateLimit::one_per(Duration::from_secs(1));
/// # let _ = one_per_second;
/// ```
#[derive(Clone)]
pub struct RateLimit(Arc<Inner>);

struct Inner {
    interval: Duration,
    /// Held by the call whose turn is next. Tokio's mutex is fair: waiting for it is the queue, dropping the
    /// wait leaves it.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

/// What a wait is estimated from.
#[derive(Default)]
struct State {
    next: Option<Instant>,
    queued: u32,
}

/// The turn would come after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLate {
    pub(crate) wait: Duration,
}

impl RateLimit {
    /// At most one call in every `interval`. Ten years are the longest.
    #[must_use]
    pub fn one_per(interval: Duration) -> Self {
        Self(Arc::new(Inner {
            interval: interval.min(FAR),
            turn: tokio::sync::Mutex::new(()),
            state: Mutex::default(),
        }))
    }

    /// Waits for the call's turn, unless that leaves no more than `needed` before the deadline.
    pub(crate) async fn enter(
        &self,
        clock: &dyn Clock,
        deadline: &mut Deadline,
        needed: Duration,
    ) -> Result<(), TooLate> {
        let now = clock.now();
        let (_place, wait) = Place::take(&self.0, now);
        let too_late = |_| TooLate { wait };
        // A turn that comes too late to be used is no reason to wait for it.
        let remaining = deadline.at().saturating_duration_since(now);
        if !wait.is_zero() && wait.saturating_add(needed) >= remaining {
            return Err(too_late(Elapsed));
        }
        let turn = pin!(self.0.turn.lock());
        let _turn = deadline.bound(turn).await.map_err(too_late)?;
        let rest = self.0.state().until_next(clock.now());
        if !rest.is_zero() {
            deadline.bound(clock.sleep(rest)).await.map_err(too_late)?;
        }
        self.0.state().next = Some(Deadline::after(clock.now(), self.0.interval));
        Ok(())
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn until_next(&self, now: Instant) -> Duration {
        self.next
            .map_or(Duration::ZERO, |next| next.saturating_duration_since(now))
    }
}

/// Counts a call as queued until it is dropped.
struct Place<'a>(&'a Inner);

impl<'a> Place<'a> {
    /// Joins the queue and says how long the wait in it will be.
    fn take(inner: &'a Inner, now: Instant) -> (Self, Duration) {
        let mut state = inner.state();
        let wait = state
            .until_next(now)
            .saturating_add(inner.interval.saturating_mul(state.queued));
        state.queued = state.queued.saturating_add(1);
        (Self(inner), wait)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.queued = state.queued.saturating_sub(1);
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit")
            .field("interval", &self.0.interval)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;
    use crate::testing::{ManualClock, drive};

    fn enter<'a>(
        limit: &'a RateLimit,
        clock: &'a ManualClock,
        seconds: u64,
    ) -> impl Future<Output = Result<f64, TooLate>> + 'a {
        let start = clock.now();
        let mut deadline = Deadline::new(clock.shared(), start + Duration::from_secs(seconds));
        async move {
            limit.enter(clock, &mut deadline, Duration::ZERO).await?;
            Ok(clock.now().duration_since(start).as_secs_f64())
        }
    }

    #[test]
    fn calls_at_once_begin_in_order_and_one_interval_apart() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(1));
        let all = join_all((0..5).map(|_| enter(&limit, &clock, 30)));
        let began: Vec<f64> = drive(&clock, all).into_iter().map(Result::unwrap).collect();
        assert_eq!(began, [0.0, 1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn a_turn_beyond_the_deadline_is_refused_at_once_with_the_wait() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(10));
        drive(&clock, enter(&limit, &clock, 1)).unwrap();
        let error = drive(&clock, enter(&limit, &clock, 5)).unwrap_err();
        assert_eq!(error.wait, Duration::from_secs(10));
    }

    #[test]
    fn an_interval_without_end_is_a_limit_too() {
        for interval in [Duration::MAX, Duration::from_secs(u64::MAX / 2)] {
            let clock = ManualClock::new();
            let limit = RateLimit::one_per(interval);
            drive(&clock, enter(&limit, &clock, 30)).unwrap();
            for _ in 0..3 {
                let late = drive(&clock, enter(&limit, &clock, 30)).unwrap_err();
                assert!(late.wait > Duration::from_secs(365 * 24 * 3600), "{late:?}");
            }
        }
    }

    #[test]
    fn whoever_goes_away_does_not_use_up_a_turn() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(1));
        drive(&clock, enter(&limit, &clock, 30)).unwrap();
        {
            let mut gone = Box::pin(enter(&limit, &clock, 30));
            assert!(gone.as_mut().now_or_never().is_none());
        }
        assert_eq!(drive(&clock, enter(&limit, &clock, 30)).unwrap(), 1.0);
    }

    #[test]
    fn when_the_first_in_the_queue_goes_away_the_others_move_up() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(1));
        drive(&clock, enter(&limit, &clock, 30)).unwrap();
        let mut first = Box::pin(enter(&limit, &clock, 30));
        let mut others: Vec<_> = (0..3).map(|_| Box::pin(enter(&limit, &clock, 30))).collect();
        assert!(first.as_mut().now_or_never().is_none());
        for other in &mut others {
            assert!(other.as_mut().now_or_never().is_none());
        }
        clock.advance(Duration::from_millis(300));
        drop(first);
        let began: Vec<f64> = drive(&clock, join_all(others))
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(began, [1.0, 2.0, 3.0]);
    }
}
