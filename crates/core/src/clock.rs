//! The only place that reads a clock or sleeps.
//!
//! Everything else is handed a [`Clock`], so that a test decides what time it is and never waits for it.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use bytes::{Bytes, BytesMut};

use crate::transport::{Body, BodyError, Reading};

/// What is wrong where [`Clock::can_sleep`] says no.
pub(crate) const NO_TIMER: &str = "the call runs outside of tokio, whose timer it needs; await it inside a tokio runtime, or set another clock";

/// What is so far away that the arithmetic overflows is as good as never: ten years.
pub(crate) const FAR: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// A pending wait.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Time, injected.
///
/// Implement it to run on another runtime than tokio, or use `ManualClock` of the `testing` feature in tests.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Monotonic time, for deadlines and lifetimes.
    fn now(&self) -> Instant;

    /// Wall-clock time, for what is compared with a server's clock (JWT claims, `Retry-After` dates).
    fn system_time(&self) -> SystemTime;

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Whether [`sleep`](Clock::sleep) works where it is called from. A call that finds `false` ends with a
    /// configuration error before anything is sent, where a timer without its runtime would panic.
    ///
    /// [`SystemClock`] can tell whether it is inside tokio, but not whether that runtime was built with its
    /// timer (`enable_time` or `enable_all`): without it, tokio panics before anything is sent.
    fn can_sleep(&self) -> bool {
        true
    }
}

/// The machine's clock and tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that they are allowed in"
)]
impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn can_sleep(&self) -> bool {
        tokio::runtime::Handle::try_current().is_ok()
    }
}

/// The time ran out before the future was ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elapsed;

/// A point in time that futures are bounded by. Its timer is made when the first of them has to wait.
pub(crate) struct Deadline {
    clock: Arc<dyn Clock>,
    at: Instant,
    sleep: Option<Sleep>,
}

impl Deadline {
    pub(crate) fn new(clock: Arc<dyn Clock>, at: Instant) -> Self {
        Self {
            clock,
            at,
            sleep: None,
        }
    }

    /// A point in time that is `duration` away, [`FAR`] at most.
    pub(crate) fn after(now: Instant, duration: Duration) -> Instant {
        now.checked_add(duration.min(FAR)).unwrap_or(now)
    }

    pub(crate) fn at(&self) -> Instant {
        self.at
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(self.clock.now())
    }

    pub(crate) fn has_passed(&self) -> bool {
        self.remaining().is_zero()
    }

    /// An earlier deadline, `time` from now at the latest.
    pub(crate) fn within(&self, time: Duration) -> Self {
        let clock = Arc::clone(&self.clock);
        let at = Self::after(clock.now(), time).min(self.at);
        Self::new(clock, at)
    }

    /// Makes the timer now. Where that is not possible it fails before anything is sent, not after.
    pub(crate) fn arm(&mut self) {
        let remaining = self.remaining();
        self.sleep.get_or_insert_with(|| self.clock.sleep(remaining));
    }

    /// Runs `future` until it is ready or the time is up, whichever comes first. One that cannot be moved is
    /// pinned by the caller: pinned here, it would take its place in the caller's future twice.
    pub(crate) fn bound<F: Future + Unpin>(
        &mut self,
        mut future: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>> {
        poll_fn(move |context| match Pin::new(&mut future).poll(context) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending => self.poll_elapsed(context).map(Err),
        })
    }

    /// Reads a body within the time. One that is always ready would never let [`bound`](Self::bound) look at
    /// the clock.
    pub(crate) fn read(
        &mut self,
        body: Body,
        limit: usize,
    ) -> impl Future<Output = Result<Result<Bytes, BodyError>, Elapsed>> {
        let mut reading = Reading::new(body, limit);
        poll_fn(move |context| {
            loop {
                match reading.poll_chunk(context) {
                    Poll::Ready(Some(read)) => return Poll::Ready(Ok(read)),
                    Poll::Ready(None) if self.has_passed() => return Poll::Ready(Err(Elapsed)),
                    Poll::Ready(None) => {}
                    Poll::Pending => return self.poll_elapsed(context).map(Err),
                }
            }
        })
    }

    /// The same for a body of which only the beginning matters: what came is in `out` when the rest is too
    /// long, breaks off or takes too long.
    pub(crate) async fn read_some(&mut self, body: &mut Body, limit: usize, out: &mut BytesMut) {
        poll_fn(|context| {
            while out.len() < limit && !self.has_passed() {
                match body.poll_chunk(context) {
                    Poll::Ready(Some(Ok(chunk))) => {
                        let wanted = chunk.len().min(limit - out.len());
                        out.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
                    }
                    Poll::Ready(Some(Err(_)) | None) => break,
                    Poll::Pending => return self.poll_elapsed(context).map(|_| ()),
                }
            }
            Poll::Ready(())
        })
        .await;
    }

    pub(crate) fn poll_elapsed(&mut self, context: &mut Context<'_>) -> Poll<Elapsed> {
        // The clock is asked as well as the timer: a task that is always busy spends its cooperative
        // budget, and tokio's timer then answers "pending" however late it is.
        let remaining = self.remaining();
        if remaining.is_zero() {
            return Poll::Ready(Elapsed);
        }
        let sleep = self.sleep.get_or_insert_with(|| self.clock.sleep(remaining));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Elapsed),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deadline")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
