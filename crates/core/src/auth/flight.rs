//! A fetch that is under way, shared by everybody who waits for it.
//!
//! The fetch belongs to no caller: each of them polls it, so it goes on when the one that started it is
//! dropped. It does belong to a runtime, because the connection and the timers inside it do: callers on
//! another runtime wait for its end without polling it, and replace it when nobody polls it any more or when
//! it is older than a fetch may be.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, Shared};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::error::Error;

/// What a fetch comes to, besides the token that it leaves in the cache: its failure, for everybody who
/// waits.
type Work = BoxFuture<'static, Option<Error>>;

/// A fetch that nobody has driven for this long is not taken up again: its own time ran on, and so did the
/// server's patience.
const IDLE: Duration = Duration::from_secs(5);
/// Nor is one that nobody drives and that is about to run out of time: whoever took it up would be handed its
/// end.
const OLD: Duration = Duration::from_secs(14);

/// Identifies a runtime; `None` outside of tokio.
type RuntimeId = Option<tokio::runtime::Id>;

fn current_runtime() -> RuntimeId {
    Handle::try_current().ok().map(|handle| handle.id())
}

/// One fetch.
#[derive(Clone)]
pub(crate) struct Flight(Arc<Inner>);

struct Inner {
    work: Shared<Work>,
    runtime: RuntimeId,
    stale_at: Instant,
    started: Instant,
    /// When its last driver left, in milliseconds after it started.
    left_after: AtomicU64,
    clock: Arc<dyn Clock>,
    drivers: AtomicUsize,
    /// The fetch has ended, or has lost its last driver: for those on other runtimes.
    changed: Notify,
    /// A driver went away and may have taken a wake-up along: for one of the others.
    left: Notify,
}

/// How waiting for a flight ended.
#[derive(Debug)]
pub(crate) enum Landed {
    /// It is done; the token is where it left it.
    Done,
    /// It failed.
    Failed(Error),
    /// Nobody brings it to its end: start another.
    Abandoned,
}

impl From<Option<Error>> for Landed {
    fn from(failure: Option<Error>) -> Self {
        failure.map_or(Self::Done, Self::Failed)
    }
}

impl Flight {
    /// Starts a fetch. It counts as stale after `patience`, however it is doing.
    pub(crate) fn start(work: Work, clock: Arc<dyn Clock>, patience: Duration) -> Self {
        let now = clock.now();
        Self(Arc::new(Inner {
            work: work.shared(),
            runtime: current_runtime(),
            stale_at: now.checked_add(patience).unwrap_or(now),
            started: now,
            left_after: AtomicU64::new(0),
            clock,
            drivers: AtomicUsize::new(0),
            changed: Notify::new(),
            left: Notify::new(),
        }))
    }

    /// Whether a caller that comes now should start another fetch in its place.
    pub(crate) fn is_hopeless(&self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.0.started);
        let idle = age.saturating_sub(Duration::from_millis(self.0.left_after.load(Ordering::Acquire)));
        let forsaken = self.is_undriven() && (!self.is_ours() || idle >= IDLE || age >= OLD);
        now >= self.0.stale_at || forsaken
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn is_ours(&self) -> bool {
        self.0.runtime == current_runtime()
    }

    fn is_undriven(&self) -> bool {
        self.0.drivers.load(Ordering::Acquire) == 0
    }

    /// Whoever may drive the fetch here does so until this is dropped. To be asked for together with the
    /// flight: a flight without a driver is hopeless to other runtimes.
    pub(crate) fn board(&self) -> Option<Driver> {
        self.is_ours().then(|| Driver::new(self.clone()))
    }

    /// Waits for the end of the fetch, driving it where this runtime may.
    pub(crate) async fn land(&self, driver: Option<Driver>, clock: &dyn Clock) -> Landed {
        match driver {
            Some(driver) => self.drive(driver, clock).await,
            None => self.watch(clock).await,
        }
    }

    async fn drive(&self, mut driver: Driver, clock: &dyn Clock) -> Landed {
        let mut stale = clock.sleep(self.0.stale_at.saturating_duration_since(clock.now()));
        loop {
            // Made anew for each round, and polled after the fetch: it only asks for another round.
            let left = pin!(self.0.left.notified());
            let mut wait = futures_util::future::select(left, &mut stale);
            let landed = poll_fn(|context| {
                if let Poll::Ready(failure) = driver.poll_unpin(context) {
                    return Poll::Ready(Some(failure.into()));
                }
                wait.poll_unpin(context).map(|waited| match waited {
                    Either::Left(_) => None,
                    Either::Right(_) => Some(Landed::Abandoned),
                })
            });
            if let Some(landed) = landed.await {
                return landed;
            }
        }
    }

    async fn watch(&self, clock: &dyn Clock) -> Landed {
        loop {
            let mut changed = pin!(self.0.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            if let Some(failure) = self.0.work.peek() {
                return failure.clone().into();
            }
            let now = clock.now();
            if self.is_hopeless(now) {
                return Landed::Abandoned;
            }
            let stale = clock.sleep(self.0.stale_at.saturating_duration_since(now));
            futures_util::future::select(changed, stale).await;
        }
    }
}

impl fmt::Debug for Flight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight")
            .field("done", &self.0.work.peek().is_some())
            .finish_non_exhaustive()
    }
}

/// Polls the fetch, and lets the others know when it stops doing so.
pub(crate) struct Driver {
    flight: Flight,
    work: Shared<Work>,
}

impl Driver {
    fn new(flight: Flight) -> Self {
        flight.0.drivers.fetch_add(1, Ordering::AcqRel);
        let work = flight.0.work.clone();
        Self { flight, work }
    }
}

impl Future for Driver {
    type Output = Option<Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.work.poll_unpin(context)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let flight = &self.flight.0;
        // Before the count, so that nobody finds it without a driver and with an old time.
        let after = flight
            .clock
            .now()
            .saturating_duration_since(flight.started)
            .as_millis();
        flight
            .left_after
            .fetch_max(u64::try_from(after).unwrap_or(u64::MAX), Ordering::AcqRel);
        let last = flight.drivers.fetch_sub(1, Ordering::AcqRel) == 1;
        if last || flight.work.peek().is_some() {
            flight.changed.notify_waiters();
        } else {
            flight.left.notify_one();
        }
    }
}
