//! One attempt: authorise, take a place, send, read.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, StatusCode};

use crate::auth::{Authorization, Errand, RefusedAnswer, Ticket};
use crate::client::{Delivered, Inner, Want};
use crate::clock::{Deadline, Elapsed};
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::limit::Permit;
use crate::observe::Attempt;
use crate::operation::{Operation, Repeat};
use crate::reply::{Download, RawReply};
use crate::retry::{Happened, Next, decide, retry_after};
use crate::transport::{Body, BodyError, TransportError, TransportErrorKind};

/// How much of an error's body is read, so that the connection can be used again, and how much is kept.
const ERROR_BODY_READ: usize = 64 * 1024;
const ERROR_BODY_KEPT: usize = 2 * 1024;

/// A call under way.
pub(crate) struct Run<'a> {
    client: &'a Inner,
    operation: &'a Operation,
    deadline: Deadline,
    limit: usize,
    want: Want,
    attempts: u32,
    ticket: Ticket,
    /// The 401 that the credential is being renewed for. A call renews once.
    refused: Option<Error>,
    renewed: bool,
    /// How far any attempt of the call got.
    reached: Delivery,
}

pub(crate) enum Attempted {
    Delivered(Delivered),
    Failed(Error, Next),
}

/// An attempt that did not end well, before it is an error.
struct Failure {
    happened: Happened,
    source: Option<TransportError>,
    answer: Option<(HeaderMap, Bytes)>,
}

impl From<Happened> for Failure {
    fn from(happened: Happened) -> Self {
        Self {
            happened,
            source: None,
            answer: None,
        }
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        let happened = match error.kind() {
            TransportErrorKind::Request => Happened::Unsendable,
            TransportErrorKind::Connect => Happened::NotConnected,
            TransportErrorKind::Certificate => Happened::CertificateRefused,
            TransportErrorKind::Interrupted => Happened::Interrupted,
        };
        Self {
            happened,
            source: Some(error),
            answer: None,
        }
    }
}

/// How an exchange ended: with an answer, with a failure to decide on, or with an error that nothing changes.
enum Exchanged {
    Delivered(Delivered),
    Failed(Failure),
    Final(Error),
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        client: &'a Inner,
        operation: &'a Operation,
        deadline: Deadline,
        limit: usize,
        want: Want,
    ) -> Self {
        let ticket = Ticket::default();
        Self {
            client,
            operation,
            deadline,
            limit,
            want,
            attempts: 0,
            ticket,
            refused: None,
            renewed: false,
            reached: Delivery::NotSent,
        }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.remaining()
    }

    pub(crate) async fn pause(&mut self, wait: Duration) {
        if !wait.is_zero() {
            // The wait fits; if the clock jumps, the next attempt meets the deadline itself.
            let _ = self.deadline.bound(self.client.clock.sleep(wait)).await;
        }
    }

    /// Makes the error of an attempt the error of the call: when an earlier attempt may have been carried out, a later one that never
    /// left takes nothing away from that.
    pub(crate) fn so_far(&mut self, error: Error) -> Error {
        self.reached = self.reached.or_further(error.delivery());
        error.with_delivery(self.reached)
    }

    /// Takes note that the next attempt needs another credential than the one that `failure` refused.
    pub(crate) fn reauthorise(&mut self, failure: Error) -> Result<()> {
        if self.renewed {
            return Err(failure);
        }
        self.renewed = true;
        self.refused = Some(failure);
        Ok(())
    }

    /// One attempt. `Err` is final.
    pub(crate) async fn attempt(&mut self) -> Result<Attempted> {
        if let Some(rate_limit) = self.operation.realm().rate_limit() {
            let entered = rate_limit.enter(&*self.client.clock, &mut self.deadline).await;
            entered.map_err(|late| {
                let error = Error::new(
                    ErrorKind::RateLimited,
                    "the client's own rate limit leaves no turn before the deadline",
                );
                self.error(error.with_retry_after(late.wait), Delivery::NotSent)
            })?;
        }
        let began = self.client.clock.now();
        let mut request = self.operation.request()?;
        self.authorise(&mut request, began).await?;
        let permit = self.enter().await?;
        // A request that begins now would be cut off at once, and nobody would know what became of it.
        if self.deadline.has_passed() {
            let error = Error::new(ErrorKind::Timeout, "the deadline passed before it was sent");
            return Err(self.error(error, Delivery::NotSent));
        }
        self.attempts += 1;
        let exchanged = self.exchange(request, permit).await;
        let attempted = match exchanged {
            Exchanged::Delivered(delivered) => Ok(Attempted::Delivered(delivered)),
            Exchanged::Final(error) => Err(error),
            Exchanged::Failed(failure) => Ok(self.judge(failure)),
        };
        self.report(&attempted, began);
        attempted
    }

    async fn authorise(&mut self, request: &mut http::Request<Bytes>, now: Instant) -> Result<()> {
        let authorized = match self.operation.realm().authorizer().authorize(request, now) {
            Authorization::Done(ticket) => ticket,
            Authorization::Wait(wait) => match self.deadline.bound(wait).await {
                Ok(ticket) => ticket,
                Err(Elapsed) => {
                    let error = Error::new(
                        ErrorKind::Timeout,
                        "the deadline passed while waiting for a credential",
                    );
                    return Err(self.error(error, Delivery::NotSent));
                }
            },
        };
        let ticket = authorized.map_err(|error| self.in_authorisation(error))?;
        if let Some(refused) = self.refused.take() {
            // Renewing brought the same credential again: the provider has already said no to it.
            if ticket.generation() == self.ticket.generation() {
                return Err(refused);
            }
        }
        self.ticket = ticket;
        Ok(())
    }

    async fn enter(&mut self) -> Result<Option<Permit>> {
        let Some(in_flight) = &self.client.in_flight else {
            return Ok(None);
        };
        match self.deadline.bound(in_flight.enter()).await {
            Ok(permit) => Ok(permit),
            Err(Elapsed) => {
                let error = Error::new(
                    ErrorKind::Overloaded,
                    "as many calls as max_in_flight allows were under way until the deadline",
                );
                Err(self.error(error, Delivery::NotSent))
            }
        }
    }

    /// Sends and reads. A repeatable call bounds the attempt, so that there is time left for another; one that is sent once has its
    /// whole deadline, since cutting it off would only make its outcome unknown.
    async fn exchange(&mut self, request: http::Request<Bytes>, permit: Option<Permit>) -> Exchanged {
        let errand = self.ticket.take_errand();
        let mut own;
        let bound = match self.operation.repeatable() {
            Repeat::Safe => {
                // It counts from here: waiting for a token or a place is not the provider's slowness.
                let end = Deadline::after(self.client.clock.now(), self.client.attempt_timeout);
                own = Deadline::new(Arc::clone(&self.client.clock), end.min(self.deadline.at()));
                &mut own
            }
            Repeat::Once => &mut self.deadline,
        };
        let sending = self.client.transport.send(request);
        let response = match errand {
            None => bound.bound(sending).await,
            Some(errand) => bound.bound(carrying(errand, sending)).await,
        };
        let response = match response {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Exchanged::Failed(error.into()),
            Err(Elapsed) => return Exchanged::Failed(Happened::TimedOut.into()),
        };
        let (http::response::Parts { status, headers, .. }, body) = response.into_parts();
        if !self.operation.accepts(status) {
            return Exchanged::Failed(refusal(status, headers, body, bound).await);
        }
        if is_encoded(&headers) {
            let error = Error::decode("the answer is compressed, which was not asked for");
            return Exchanged::Final(self.error_of(error, status, &headers, &Bytes::new()));
        }
        match self.want {
            Want::Stream if body.declares_more_than(self.limit) => {
                Exchanged::Final(self.too_large(status, &headers))
            }
            Want::Stream => Exchanged::Delivered(self.streaming(status, headers, body, permit)),
            Want::Whole => match bound.read(body, self.limit).await {
                Ok(Ok(body)) => {
                    let attempts = self.attempts;
                    Exchanged::Delivered(Delivered::Whole(RawReply {
                        status,
                        headers,
                        body,
                        attempts,
                    }))
                }
                Ok(Err(BodyError::TooLarge)) => Exchanged::Final(self.too_large(status, &headers)),
                Ok(Err(BodyError::Transport(error))) => Exchanged::Failed(error.into()),
                Err(Elapsed) => Exchanged::Failed(Happened::TimedOut.into()),
            },
        }
    }

    fn streaming(
        &self,
        status: StatusCode,
        headers: HeaderMap,
        body: Body,
        permit: Option<Permit>,
    ) -> Delivered {
        let deadline = Deadline::new(Arc::clone(&self.client.clock), self.deadline.at());
        let attempts = self.attempts;
        let download = Download::new(
            self.operation,
            &headers,
            body,
            self.limit,
            deadline,
            permit,
            attempts,
        );
        Delivered::Stream(
            RawReply {
                status,
                headers,
                body: Bytes::new(),
                attempts,
            },
            Box::new(download),
        )
    }

    fn too_large(&self, status: StatusCode, headers: &HeaderMap) -> Error {
        let detail = format!("the answer has more than {} bytes", self.limit);
        let error = Error::new(ErrorKind::TooLarge, detail).with_delivery(Delivery::CarriedOut);
        self.error_of(error, status, headers, &Bytes::new())
    }

    /// Makes the error of a failed attempt and says what follows.
    fn judge(&mut self, failure: Failure) -> Attempted {
        let (kind, delivery, mut next) = decide(self.operation.repeatable(), failure.happened);
        let detail = match failure.happened {
            Happened::TimedOut if self.deadline.has_passed() => {
                "the deadline passed before the answer was complete"
            }
            Happened::TimedOut => "the answer did not come in time",
            Happened::Unsendable => "the transport could not send the request as it is",
            _ => "",
        };
        let mut error = Error::new(kind, detail).with_delivery(delivery);
        if let Some(source) = failure.source {
            error = error.with_source(source);
        }
        if let (Happened::Status(status), Some((headers, body))) = (failure.happened, failure.answer) {
            let now = self.client.clock.system_time();
            if let Some(wait) = retry_after(&headers, now).filter(|_| asks_to_wait(status)) {
                error = error.with_retry_after(wait);
            }
            if next == Next::Reauthorise {
                let answer = RefusedAnswer {
                    headers: &headers,
                    received_at: now,
                };
                if !self.operation.realm().authorizer().refused(&self.ticket, &answer) {
                    next = Next::Stop;
                }
            }
            return Attempted::Failed(self.error_of(error, status, &headers, &body), next);
        }
        Attempted::Failed(self.error(error, delivery), next)
    }

    /// Gives an error the call's context.
    fn error(&self, error: Error, delivery: Delivery) -> Error {
        let mut error = self.operation.fail(error.with_delivery(delivery));
        error.inner_mut().attempts = self.attempts;
        error
    }

    /// The same with what the answer says.
    fn error_of(&self, error: Error, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Error {
        let delivery = error.delivery();
        let mut error = self.error(error, delivery);
        let inner = error.inner_mut();
        inner.status = Some(status);
        inner.facts = self.operation.realm().read_error_facts(headers, body);
        // A slice would keep all that was read alive.
        inner.body = body
            .get(..ERROR_BODY_KEPT)
            .map_or(body.clone(), Bytes::copy_from_slice);
        error
    }

    /// The credential could not be had. What failed is named as a step of the call; the call itself was not sent.
    fn in_authorisation(&self, mut error: Error) -> Error {
        let inner = error.inner_mut();
        if inner.operation.is_empty() {
            return self.error(error, Delivery::NotSent);
        }
        inner.step = Some(inner.operation);
        inner.operation = self.operation.name();
        inner.provider = self.operation.realm().provider();
        inner.repeat = self.operation.repeatable();
        inner.delivery = Delivery::NotSent;
        inner.attempts = self.attempts;
        error
    }

    fn report(&self, attempted: &Result<Attempted>, began: Instant) {
        let observed = self.client.observer.as_ref();
        if observed.is_none() && !tracing::enabled!(target: "verikit", tracing::Level::DEBUG) {
            return;
        }
        let (status, error) = match attempted {
            Ok(Attempted::Delivered(Delivered::Whole(reply) | Delivered::Stream(reply, _))) => {
                (Some(reply.status), None)
            }
            Ok(Attempted::Failed(error, _)) | Err(error) => (error.status(), Some(error)),
        };
        let attempt = Attempt {
            provider: self.operation.realm().provider(),
            operation: self.operation.name(),
            route: self.operation.route(),
            number: self.attempts,
            status,
            error: error.map(Error::kind),
            delivery: error.map(Error::delivery),
            elapsed: self.client.clock.now().saturating_duration_since(began),
        };
        attempt.log();
        if let Some(observer) = observed {
            observer.attempt(&attempt);
        }
    }
}

/// Reads what an error answer says. The status is the fact; a body that is too long, cut or slow takes nothing away from it.
async fn refusal(status: StatusCode, headers: HeaderMap, mut body: Body, bound: &mut Deadline) -> Failure {
    let mut read = BytesMut::new();
    if !is_encoded(&headers) {
        let _ = bound.read_some(&mut body, ERROR_BODY_READ, &mut read).await;
    }
    Failure {
        happened: Happened::Status(status),
        source: None,
        answer: Some((headers, read.freeze())),
    }
}

/// `Retry-After` means something on these alone.
fn asks_to_wait(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity") && !encoding.is_empty())
}

/// Polls an errand alongside the call's own work. The call ends when its work ends; the errand is shared, and others go on with it.
async fn carrying<F: Future>(errand: Errand, work: F) -> F::Output {
    let mut errand = Some(errand);
    let mut work = pin!(work);
    poll_fn(|context| {
        if errand
            .as_mut()
            .is_some_and(|errand| errand.as_mut().poll(context).is_ready())
        {
            errand = None;
        }
        work.as_mut().poll(context)
    })
    .await
}
