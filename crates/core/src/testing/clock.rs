//! Time that moves when it is told to.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant, SystemTime};

use crate::clock::{Clock, Sleep, SystemClock};

/// A clock for tests. Clones show the same time.
///
/// ```
/// use std::time::Duration;
/// use verikit_core::Clock as _;
/// use verikit_core::testing::{ManualClock, drive};
///
/// let clock = ManualClock::new();
/// let start = clock.now();
/// drive(&clock, clock.sleep(Duration::from_secs(3600))); // takes no time
/// assert_eq!(clock.now() - start, Duration::from_secs(3600));
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<Shared>);

struct Shared {
    start: Instant,
    state: Mutex<State>,
}

struct State {
    elapsed: Duration,
    wall_start: SystemTime,
    /// By their ends; the number tells apart those that end together.
    sleepers: BTreeMap<(Duration, u64), Waker>,
    numbers: u64,
}

impl ManualClock {
    /// A clock that shows 2026-01-01T00:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600))
    }

    /// A clock whose wall time starts here.
    #[must_use]
    pub fn starting_at(wall_start: SystemTime) -> Self {
        let state = State {
            elapsed: Duration::ZERO,
            wall_start,
            sleepers: BTreeMap::new(),
            numbers: 0,
        };
        Self(Arc::new(Shared {
            start: SystemClock.now(),
            state: Mutex::new(state),
        }))
    }

    /// The clock as a setting.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Clock> {
        Arc::new(self.clone())
    }

    /// Moves time on, and ends the waits that this reaches.
    pub fn advance(&self, by: Duration) {
        let woken = {
            let mut state = self.state();
            state.elapsed = state.elapsed.saturating_add(by);
            let now = state.elapsed;
            let waiting = state.sleepers.split_off(&(now, u64::MAX));
            std::mem::replace(&mut state.sleepers, waiting)
        };
        for waker in woken.into_values() {
            waker.wake();
        }
    }

    /// Moves time on to the end of the next wait. `false` if nothing waits.
    pub fn advance_to_next(&self) -> bool {
        let next = {
            let state = self.state();
            let first = state.sleepers.keys().next();
            first.map(|(at, _)| at.saturating_sub(state.elapsed))
        };
        match next {
            Some(by) => {
                self.advance(by);
                true
            }
            None => false,
        }
    }

    /// How many waits there are.
    #[must_use]
    pub fn sleeping(&self) -> usize {
        self.state().sleepers.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock")
            .field("elapsed", &self.state().elapsed)
            .finish_non_exhaustive()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.0.start + self.state().elapsed
    }

    fn system_time(&self) -> SystemTime {
        let state = self.state();
        state.wall_start + state.elapsed
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.state();
        state.numbers += 1;
        Box::pin(Sleeping {
            clock: self.clone(),
            key: (state.elapsed.saturating_add(duration), state.numbers),
        })
    }
}

struct Sleeping {
    clock: ManualClock,
    key: (Duration, u64),
}

impl Future for Sleeping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if state.elapsed >= self.key.0 {
            return Poll::Ready(());
        }
        let replaced = state.sleepers.insert(self.key, context.waker().clone());
        // A waker may take a task along that sleeps too: never under the lock.
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        let removed = {
            let mut state = self.clock.state();
            state.sleepers.remove(&self.key)
        };
        drop(removed);
    }
}

/// Runs a future to its end without a runtime. Whenever it can only wait, the clock moves on to the end of
/// the next wait.
///
/// # Panics
///
/// When the future waits for something else than the clock, which would be for ever.
pub fn drive<F: Future>(clock: &ManualClock, future: F) -> F::Output {
    struct Flag(AtomicBool);

    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Release);
        }
    }

    let flag = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        if !flag.0.swap(false, Ordering::Acquire) {
            let moved = clock.advance_to_next();
            assert!(moved, "the future waits for something else than the clock");
        }
    }
}
