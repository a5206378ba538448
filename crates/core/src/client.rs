//! The one loop that every call of every provider runs through.
//!
//! # The order of things
//!
//! One deadline covers all of it. For each attempt:
//!
//! 1. wait for a credential, if none is ready ([`Authorize`](crate::auth::Authorize)): inside the loop, so
//!    that no repeat carries a stale token;
//! 2. take a place among the calls in flight: with a credential at hand, so that no place is held for a token
//!    that others could do without;
//! 3. wait for the realm's rate limit, if it has one ([`RateLimit`](crate::RateLimit)): with a credential and
//!    a place at hand, since a turn that then waits for one of them would go out together with the turns
//!    behind it;
//! 4. build the request and authorise it: now, so that a call that queues is no more than its operation, and
//!    nothing comes to its end in the queue;
//! 5. send, and read the answer with a limit; then give the place back;
//! 6. tell the observer and the log, by allow-list.
//!
//! Then decide, by the one table in `retry.rs`: return, renew the credential and repeat once, or wait and
//! repeat.
//!
//! Every wait is a plain future inside the call's own: dropping the call at any point leaves queues, gives
//! places back and sends nothing more.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::attempt::{Attempted, Run};
use crate::call::{Call, CallOptions};
use crate::clock::{Clock, Deadline, NO_TIMER};
use crate::error::{Error, ErrorKind, Result};
use crate::limit::InFlight;
use crate::observe::Observer;
#[cfg(feature = "signing")]
use crate::observe::TokenIssued;
use crate::operation::{AnswerLimit, Operation};
use crate::reply::{Download, RawReply};
use crate::retry::{Budget, Next, Random, RetryPolicy};
use crate::settings::Settings;
use crate::transport::{Body, SharedTransport};

/// Runs operations. Providers' clients are built on one; it is cheap to clone and holds no task.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: SharedTransport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) in_flight: Option<InFlight>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    timeout: Duration,
    retry: RetryPolicy,
    budget: Budget,
    random: Random,
    json_limit: usize,
    file_limit: usize,
}

/// What the caller of the loop wants of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Want {
    Whole,
    /// As it arrives, where the headers allow it; else whole.
    Stream(CanStream),
}

/// Says by an answer's headers whether it may be handed out before all of it is there.
pub(crate) type CanStream = fn(&HeaderMap) -> bool;

/// What the loop hands out.
pub(crate) enum Delivered {
    Whole(RawReply),
    Stream(RawReply, Box<Download>),
}

impl Client {
    /// Makes a client. Needs no runtime.
    ///
    /// # Errors
    ///
    /// A configuration error when there is no transport, or a setting makes no sense.
    pub fn new(settings: Settings) -> Result<Self> {
        settings.check()?;
        Ok(Self(Arc::new(Inner {
            transport: settings.make_transport()?,
            clock: settings.clock,
            timeout: settings.timeout,
            attempt_timeout: settings.attempt_timeout,
            retry: settings.retry,
            budget: Budget::new(),
            in_flight: Some(InFlight::new(settings.max_in_flight)),
            observer: settings.observer,
            random: settings.random,
            json_limit: settings.json_limit,
            file_limit: settings.file_limit,
        })))
    }

    /// The client's clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Tells the observer and the log of a token that was made for somebody else to use. For provider crates.
    #[cfg(feature = "signing")]
    #[doc(hidden)]
    pub fn token_issued(&self, issued: &TokenIssued) {
        issued.log();
        if let Some(observer) = &self.0.observer {
            observer.token_issued(issued);
        }
    }

    /// A call whose answer `read` turns into a value. `read` is pure: it sees the complete answer and nothing
    /// else.
    pub fn call<T: Send + 'static>(
        &self,
        operation: Result<Operation>,
        read: impl FnOnce(&RawReply) -> Result<T> + Send + 'static,
    ) -> Call<T> {
        Call::whole(self.clone(), operation, Box::new(read))
    }

    /// The same for an answer with credentials in it: `read` sees all of it, and what is kept of its bytes,
    /// in [`Reply::raw`](crate::Reply::raw) and in errors, is what `redact` leaves.
    pub fn call_redacted<T: Send + 'static>(
        &self,
        operation: Result<Operation>,
        redact: fn(&Bytes) -> Bytes,
        read: impl FnOnce(&RawReply) -> Result<T> + Send + 'static,
    ) -> Call<T> {
        Call::redacted(self.clone(), operation, redact, Box::new(read))
    }

    /// A call whose answer stays as it came.
    pub fn call_raw(&self, operation: Operation) -> Call<RawReply> {
        self.call(Ok(operation), |reply| Ok(reply.clone()))
    }

    /// A call whose answer is read as it arrives.
    pub fn download(&self, operation: Result<Operation>) -> Call<Download> {
        let operation = operation.map(Operation::for_file);
        Call::stream(self.clone(), operation, Box::new(Ok))
    }

    /// A call whose answer is read as it arrives where its headers say that it `can_stream`. Any other is
    /// read whole and given to `check`, for providers whose errors come with a status of success, and for
    /// answers that are signed; only what `check` accepts is handed out.
    pub fn download_checked(
        &self,
        operation: Result<Operation>,
        can_stream: fn(&HeaderMap) -> bool,
        check: impl FnOnce(&RawReply) -> Result<()> + Send + 'static,
    ) -> Call<Download> {
        let operation = operation.map(Operation::for_file);
        Call::checked(self.clone(), operation, can_stream, Box::new(check), Box::new(Ok))
    }

    /// What was read whole, to be handed out like any other download. It is all here, so that no deadline
    /// bounds how long its reader takes.
    pub(crate) fn download_of(
        &self,
        operation: &Operation,
        options: &CallOptions,
        raw: &RawReply,
    ) -> Download {
        let clock = &self.0.clock;
        Download::new(
            operation,
            &raw.headers,
            Body::from(raw.body.clone()),
            self.limit_of(operation, options),
            Deadline::new(Arc::clone(clock), Deadline::after(clock.now(), Duration::MAX)),
            None,
            raw.attempts,
        )
    }

    /// The same transport and clock for fetching tokens: with its own three attempts, its own time and
    /// budget, and no queue, since the calls in the queue wait for the token.
    pub(crate) fn for_tokens(&self, timeout: Duration) -> Self {
        let inner = &*self.0;
        Self(Arc::new(Inner {
            transport: inner.transport.clone(),
            clock: Arc::clone(&inner.clock),
            timeout,
            // Half of it: one silent connection leaves time for another, and an endpoint that is merely slow
            // is not cut off.
            attempt_timeout: timeout / 2,
            retry: RetryPolicy::default(),
            budget: Budget::new(),
            in_flight: None,
            observer: inner.observer.clone(),
            random: Random::default(),
            json_limit: inner.json_limit,
            file_limit: inner.file_limit,
        }))
    }

    /// The loop.
    pub(crate) async fn execute(
        &self,
        operation: &Operation,
        options: &CallOptions,
        want: Want,
    ) -> Result<Delivered> {
        let inner = &*self.0;
        if !inner.clock.can_sleep() {
            return Err(operation.fail(Error::configuration(NO_TIMER)));
        }
        let timeout = options.timeout.unwrap_or(inner.timeout);
        let deadline = Deadline::new(
            Arc::clone(&inner.clock),
            Deadline::after(inner.clock.now(), timeout),
        );
        let policy = options.retry.as_ref().unwrap_or(&inner.retry);
        let mut run = Run::new(
            inner,
            operation,
            timeout,
            deadline,
            self.limit_of(operation, options),
            want,
        );
        loop {
            let (failure, next) = match run.attempt().await {
                Ok(Attempted::Delivered(delivered)) => {
                    inner.budget.succeeded();
                    return Ok(delivered);
                }
                Ok(Attempted::Failed(failure, next)) => (run.so_far(failure), next),
                Err(error) => return Err(run.so_far(error)),
            };
            match next {
                Next::Stop => return Err(failure),
                Next::Reauthorise => run.reauthorise(failure)?,
                Next::Repeat if !policy.allows(run.attempts()) => return Err(failure),
                Next::Repeat => {
                    let asked = failure.retry_after();
                    let wait = asked.unwrap_or_else(|| policy.backoff(run.attempts(), &inner.random));
                    if !run.has_time_after(wait) {
                        return Err(if asked.is_some() {
                            as_rate_limited(failure)
                        } else {
                            failure
                        });
                    }
                    if !inner.budget.take() {
                        return Err(failure);
                    }
                    run.pause(wait).await;
                }
            }
        }
    }

    fn limit_of(&self, operation: &Operation, options: &CallOptions) -> usize {
        options.answer_limit.unwrap_or(match operation.limit() {
            AnswerLimit::Json => self.0.json_limit,
            AnswerLimit::File => self.0.file_limit,
            AnswerLimit::Bytes(bytes) => bytes,
        })
    }
}

/// The provider asks to wait longer than the deadline allows: whoever sees the error should see the wait.
fn as_rate_limited(mut failure: Error) -> Error {
    failure.inner_mut().kind = ErrorKind::RateLimited;
    failure
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("timeout", &self.0.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
