//! How much at once, and how often.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::clock::{Clock, Deadline, FAR, Sleep};

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
/// deadline is refused at once, and nothing is sent. One that goes away gives its turn back, and those behind
/// it move up. One that is left alone in the queue, begun and not polled, holds nobody up: when its turn has
/// been there for an interval, the call behind it goes first.
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
    state: Mutex<State>,
}

/// Nobody holds anything while it waits: turns are points in time, counted from the next that is free.
#[derive(Default)]
struct State {
    /// When the next call may begin.
    next: Option<Instant>,
    numbers: u64,
    /// By their numbers, which are the order.
    queue: BTreeMap<u64, Waiting>,
}

struct Waiting {
    /// Wakes the call when it has become the first.
    waker: Option<Waker>,
    /// It did not come when it was its turn. Until it does, the others do not wait for it.
    missing: bool,
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
            state: Mutex::default(),
        }))
    }

    /// Waits for the call's turn, unless that leaves no more than `needed` before the deadline.
    pub(crate) async fn enter(
        &self,
        clock: &dyn Clock,
        deadline: Instant,
        needed: Duration,
    ) -> Result<(), TooLate> {
        let mut place = Place::new(&self.0);
        let mut timer: Option<(Instant, Sleep)> = None;
        // A clock whose timer is a little early must not make a loop of the wait.
        let mut reached = clock.now();
        poll_fn(|context| {
            loop {
                let now = clock.now().max(reached);
                let Some(turn) = place.take_turn(now, context.waker()) else {
                    return Poll::Ready(Ok(()));
                };
                // A turn that comes too late to be used is no reason to wait for it. This bounds the wait:
                // what is waited for is before the deadline.
                let wait = turn
                    .at
                    .map_or(Duration::MAX, |at| at.saturating_duration_since(now));
                let remaining = deadline.saturating_duration_since(now);
                let Some(at) = turn.at.filter(|_| wait.saturating_add(needed) < remaining) else {
                    return Poll::Ready(Err(TooLate {
                        wait: turn.for_others,
                    }));
                };
                let sleep = match &mut timer {
                    Some((until, sleep)) if *until == at => sleep,
                    _ => &mut timer.insert((at, clock.sleep(wait))).1,
                };
                match sleep.as_mut().poll(context) {
                    Poll::Ready(()) => (reached, timer) = (at, None),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn that has not come yet.
struct Turn {
    /// `None` is later than can be computed.
    at: Option<Instant>,
    /// How long a call would wait that came now, in place of this one.
    for_others: Duration,
}

impl State {
    /// The turn of a call that has so many before it.
    fn turn_after(&self, calls: usize, interval: Duration, now: Instant) -> Option<Instant> {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        self.next
            .map_or(Some(now), |next| next.checked_add(interval.saturating_mul(calls)))
    }

    /// The waker of the call that is the first, if the one with this `number`, which is gone, was before it.
    fn first_after(&mut self, number: u64) -> Option<Waker> {
        let (first, waiting) = self.queue.iter_mut().find(|(_, waiting)| !waiting.missing)?;
        waiting.waker.take_if(|_| number < *first)
    }
}

/// A call's place in the queue, from its first look at it until it is dropped or has its turn.
struct Place<'a> {
    inner: &'a Inner,
    number: Option<u64>,
}

impl<'a> Place<'a> {
    fn new(inner: &'a Inner) -> Self {
        Self { inner, number: None }
    }

    /// Takes the turn if it has come, and says `None`; otherwise says when it will.
    fn take_turn(&mut self, now: Instant, waker: &Waker) -> Option<Turn> {
        let interval = self.inner.interval;
        let mut guard = self.inner.state();
        let state = &mut *guard;
        let number = *self.number.get_or_insert_with(|| {
            state.numbers += 1;
            state.numbers
        });
        let before = state.queue.range(..number);
        let before = before.filter(|(_, waiting)| !waiting.missing).count();
        let at = state.turn_after(before, interval, now);
        if at.is_some_and(|at| at <= now) {
            for (_, waiting) in state.queue.range_mut(..number) {
                waiting.missing = true;
            }
            let own = state.queue.remove(&number);
            state.next = Some(Deadline::after(now, interval));
            let next = state.first_after(number);
            self.number = None;
            // A waker may take a task along that has a place too: never under the lock.
            drop(guard);
            drop(own);
            next.into_iter().for_each(Waker::wake);
            return None;
        }
        let waiting = Waiting {
            waker: Some(waker.clone()),
            missing: false,
        };
        let replaced = state.queue.insert(number, waiting);
        let others = state.queue.values().filter(|waiting| !waiting.missing).count() - 1;
        let for_others = state
            .turn_after(others, interval, now)
            .map_or(Duration::MAX, |at| at.saturating_duration_since(now));
        drop(guard);
        drop(replaced);
        Some(Turn { at, for_others })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else {
            return;
        };
        let mut state = self.inner.state();
        let own = state.queue.remove(&number);
        let next = state.first_after(number);
        drop(state);
        drop(own);
        next.into_iter().for_each(Waker::wake);
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
        let deadline = start + Duration::from_secs(seconds);
        async move {
            limit.enter(clock, deadline, Duration::ZERO).await?;
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

    #[test]
    fn a_call_that_is_begun_and_left_alone_holds_nobody_up() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(1));
        drive(&clock, enter(&limit, &clock, 30)).unwrap();
        let mut alone: Vec<_> = (0..2).map(|_| Box::pin(enter(&limit, &clock, 30))).collect();
        for alone in &mut alone {
            assert!(alone.as_mut().now_or_never().is_none());
        }
        let others = join_all((0..3).map(|_| enter(&limit, &clock, 30)));
        let began: Vec<f64> = drive(&clock, others).into_iter().map(Result::unwrap).collect();
        assert_eq!(began, [3.0, 4.0, 5.0], "their turns are lost, once");
        assert_eq!(
            drive(&clock, enter(&limit, &clock, 30)).unwrap(),
            1.0,
            "and not for each that comes later"
        );
        let began: Vec<f64> = drive(&clock, join_all(alone))
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(began, [7.0, 8.0], "they take the next turns");
    }

    #[test]
    fn calls_that_come_late_to_their_turns_stay_an_interval_apart() {
        for backwards in [false, true] {
            let clock = ManualClock::new();
            let limit = RateLimit::one_per(Duration::from_secs(1));
            drive(&clock, enter(&limit, &clock, 30)).unwrap();
            let mut stalled: Vec<_> = (0..5).map(|_| Box::pin(enter(&limit, &clock, 30))).collect();
            for call in &mut stalled {
                assert!(call.as_mut().now_or_never().is_none());
            }
            clock.advance(Duration::from_secs(10));
            if backwards {
                stalled.reverse();
            }
            let began: Vec<f64> = drive(&clock, join_all(stalled))
                .into_iter()
                .map(Result::unwrap)
                .collect();
            let expected = if backwards {
                // The one that happens to come first takes the turn that is there; the others keep order.
                [10.0, 14.0, 13.0, 12.0, 11.0]
            } else {
                [10.0, 11.0, 12.0, 13.0, 14.0]
            };
            assert_eq!(began, expected, "backwards: {backwards}");
        }
    }

    #[test]
    fn a_turn_that_moved_beyond_the_deadline_is_refused_with_the_wait_behind_all_others() {
        let clock = ManualClock::new();
        let limit = RateLimit::one_per(Duration::from_secs(1));
        drive(&clock, enter(&limit, &clock, 30)).unwrap();
        let mut first = Box::pin(enter(&limit, &clock, 30));
        let mut second = Box::pin(enter(&limit, &clock, 3));
        let mut third = Box::pin(enter(&limit, &clock, 30));
        for call in [&mut first, &mut second, &mut third] {
            assert!(call.as_mut().now_or_never().is_none());
        }
        // The first comes 1.5 s late, and moves the others.
        clock.advance(Duration::from_millis(2500));
        assert_eq!(first.as_mut().now_or_never().unwrap().unwrap(), 2.5);
        let late = second.as_mut().now_or_never().unwrap().unwrap_err();
        assert_eq!(
            late.wait,
            Duration::from_secs(2),
            "the third's turn is before the next call's"
        );
        assert_eq!(drive(&clock, third).unwrap(), 3.5);
    }

    #[test]
    fn no_order_of_events_begins_two_calls_within_an_interval() {
        for seed in 0..300_u64 {
            let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut below = |limit: u64| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random % limit
            };
            let clock = ManualClock::new();
            let start = clock.now();
            let limit = RateLimit::one_per(Duration::from_secs(1));
            let mut calls = Vec::new();
            let mut began = Vec::new();
            for _ in 0..200 {
                match below(5) {
                    0 | 1 => calls.push(Box::pin(enter(&limit, &clock, 1 + below(12)))),
                    2 => clock.advance(Duration::from_millis(below(1500))),
                    _ if calls.is_empty() => {}
                    3 if below(4) == 0 => {
                        let gone = usize::try_from(below(calls.len() as u64)).unwrap();
                        drop(calls.swap_remove(gone));
                    }
                    _ => {
                        let polled = usize::try_from(below(calls.len() as u64)).unwrap();
                        if let Some(outcome) = calls[polled].as_mut().now_or_never() {
                            drop(calls.swap_remove(polled));
                            if outcome.is_ok() {
                                began.push(clock.now());
                            }
                        }
                    }
                }
            }
            for pair in began.windows(2) {
                assert!(pair[1] - pair[0] >= Duration::from_secs(1), "seed {seed}");
            }
            // Whoever is left ends, with a turn or without.
            drive(&clock, join_all(calls));
            assert!(clock.now() - start < Duration::from_secs(400), "seed {seed}");
            assert!(limit.0.state().queue.is_empty(), "seed {seed}");
        }
    }
}
