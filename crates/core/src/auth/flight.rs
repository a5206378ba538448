//! A fetch that is under way, shared by everybody who waits for it.
//!
//! The fetch belongs to no caller: each of them polls it, so it goes on when the one that started it is dropped. It
//! does belong to a runtime, because the connection and the timers inside it do: callers on another runtime wait for
//! its end without polling it, and replace it when nobody polls it any more or when it is older than a fetch may be.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::clock::Clock;

/// Identifies a runtime; `None` outside of tokio.
type RuntimeId = Option<tokio::runtime::Id>;

fn current_runtime() -> RuntimeId {
    Handle::try_current().ok().map(|handle| handle.id())
}

/// One fetch.
#[derive(Clone)]
pub(crate) struct Flight(Arc<Inner>);

struct Inner {
    work: Shared<BoxFuture<'static, ()>>,
    runtime: RuntimeId,
    stale_at: Instant,
    drivers: AtomicUsize,
    changed: Notify,
}

/// How waiting for a flight ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Landed {
    /// It is done; its outcome is where it left it.
    Done,
    /// Nobody brings it to its end: start another.
    Abandoned,
}

impl Flight {
    /// Starts a fetch. It counts as stale after `patience`, however it is doing.
    pub(crate) fn start(work: BoxFuture<'static, ()>, now: Instant, patience: Duration) -> Self {
        Self(Arc::new(Inner {
            work: work.shared(),
            runtime: current_runtime(),
            stale_at: now.checked_add(patience).unwrap_or(now),
            drivers: AtomicUsize::new(0),
            changed: Notify::new(),
        }))
    }

    /// Whether a caller that comes now should start another fetch in its place.
    pub(crate) fn is_hopeless(&self, now: Instant) -> bool {
        now >= self.0.stale_at || (!self.is_ours() && self.is_undriven())
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

    /// Waits for the end of the fetch, driving it where this runtime may.
    pub(crate) async fn land(&self, clock: &dyn Clock) -> Landed {
        if self.is_ours() {
            let mut driver = Driver::new(self.clone());
            let stale = clock.sleep(self.0.stale_at.saturating_duration_since(clock.now()));
            return match futures_util::future::select(&mut driver, stale).await {
                futures_util::future::Either::Left(((), _)) => Landed::Done,
                futures_util::future::Either::Right(((), _)) => Landed::Abandoned,
            };
        }
        loop {
            let mut changed = pin!(self.0.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            if self.0.work.peek().is_some() {
                return Landed::Done;
            }
            let now = clock.now();
            if self.is_hopeless(now) {
                return Landed::Abandoned;
            }
            let stale = clock.sleep(self.0.stale_at.saturating_duration_since(now));
            futures_util::future::select(changed, stale).await;
        }
    }

    /// The fetch as work to carry along, if this runtime may drive it.
    pub(crate) fn errand(&self) -> Option<BoxFuture<'static, ()>> {
        self.is_ours()
            .then(|| Box::pin(Driver::new(self.clone())) as BoxFuture<'static, ()>)
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
struct Driver {
    flight: Flight,
    work: Shared<BoxFuture<'static, ()>>,
}

impl Driver {
    fn new(flight: Flight) -> Self {
        flight.0.drivers.fetch_add(1, Ordering::AcqRel);
        let work = flight.0.work.clone();
        Self { flight, work }
    }
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.work.poll_unpin(context)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.flight.0.drivers.fetch_sub(1, Ordering::AcqRel) == 1 || self.work.peek().is_some() {
            self.flight.0.changed.notify_waiters();
        }
    }
}
