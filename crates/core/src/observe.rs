//! What every attempt came to, for metrics and logs.

use std::time::Duration;

use http::StatusCode;

use crate::error::{Delivery, ErrorKind};

/// Hears of every attempt of every call. It runs inside the call: it must be quick and must not block.
///
/// A closure is an observer:
///
/// ```
/// use std::sync::Arc;
/// use verikit_core::{Attempt, Observer};
///
/// let observer: Arc<dyn Observer> = Arc::new(|attempt: &Attempt| {
///     println!("{} {}: {:?} after {:?}", attempt.provider, attempt.operation, attempt.status, attempt.elapsed);
/// });
/// # let _ = observer;
/// ```
pub trait Observer: Send + Sync + 'static {
    /// An attempt has ended: the answer arrived, or did not. Whether a complete answer can be read is seen
    /// after that, by the call's error.
    fn attempt(&self, attempt: &Attempt);
}

impl<F: Fn(&Attempt) + Send + Sync + 'static> Observer for F {
    fn attempt(&self, attempt: &Attempt) {
        self(attempt);
    }
}

impl std::fmt::Debug for dyn Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observer")
    }
}

/// One attempt. An allow-list: it names routes, not addresses, and holds nothing of the request or the
/// answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The provider, such as `idlayr`.
    pub provider: &'static str,
    /// The operation, such as `phone_check.create`.
    pub operation: &'static str,
    /// The path's template.
    pub route: &'static str,
    /// The number of this attempt, from 1.
    pub number: u32,
    /// The status, if an answer arrived.
    pub status: Option<StatusCode>,
    /// What went wrong, if anything.
    pub error: Option<ErrorKind>,
    /// How far a failed attempt got.
    pub delivery: Option<Delivery>,
    /// From sending to the last byte read; of a download, to its head. Waiting for a credential, for a place and
    /// for a turn is not in it.
    pub elapsed: Duration,
}

impl Attempt {
    pub(crate) fn log(&self) {
        tracing::debug!(
            target: "verikit",
            provider = self.provider,
            operation = self.operation,
            route = self.route,
            attempt = self.number,
            status = self.status.map(|status| status.as_u16()),
            error = self.error.map(tracing::field::display),
            delivery = self.delivery.map(tracing::field::display),
            elapsed_us = u64::try_from(self.elapsed.as_micros()).unwrap_or(u64::MAX),
            "attempt ended"
        );
    }
}
