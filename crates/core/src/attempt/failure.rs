//! An attempt that did not end well: what it means, and the error that says so.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Attempted, Run};
use crate::auth::RefusedAnswer;
use crate::client::Delivered;
use crate::error::{Delivery, Error, Result};
use crate::observe::Attempt;
use crate::retry::{Happened, Next, decide, retry_after};
use crate::transport::{TransportError, TransportErrorKind};

/// How much of an error's body is kept.
const ERROR_BODY_KEPT: usize = 2 * 1024;

/// An attempt that did not end well, before it is an error.
pub(super) struct Failure {
    pub(super) happened: Happened,
    pub(super) source: Option<TransportError>,
    pub(super) answer: Option<(HeaderMap, Bytes)>,
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
            TransportErrorKind::Unprocessed => Happened::Unprocessed,
            TransportErrorKind::Interrupted => Happened::Interrupted,
        };
        Self {
            happened,
            source: Some(error),
            answer: None,
        }
    }
}

impl Run<'_> {
    /// Makes the error of a failed attempt and says what follows.
    pub(super) fn judge(&mut self, failure: Failure) -> Attempted {
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
            if next == Next::Reauthorise && self.renewed {
                // The second 401 of a call says nothing against the fresh credential that it did not say
                // against the old one.
                next = Next::Stop;
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
            return Attempted::Failed(self.error_of(error, status, headers, &body), next);
        }
        Attempted::Failed(self.error(error, delivery), next)
    }

    /// Gives an error the call's context.
    pub(super) fn error(&self, error: Error, delivery: Delivery) -> Error {
        let mut error = self.operation.fail(error.with_delivery(delivery));
        error.inner_mut().attempts = self.attempts;
        error
    }

    /// The same with what the answer says.
    pub(super) fn error_of(
        &self,
        error: Error,
        status: StatusCode,
        headers: HeaderMap,
        body: &Bytes,
    ) -> Error {
        let delivery = error.delivery();
        let mut error = self.error(error, delivery);
        let inner = error.inner_mut();
        inner.status = Some(status);
        let realm = self.operation.realm();
        inner.facts = realm.read_error_facts(&headers, body);
        inner.known_code = inner.facts.known_code(realm.known_codes());
        inner.headers = Some(Arc::new(headers));
        // A slice would keep all that was read alive.
        inner.body = body
            .get(..ERROR_BODY_KEPT)
            .map_or(body.clone(), Bytes::copy_from_slice);
        error
    }

    /// The credential could not be had. What failed is named as a step of the call; the call itself was not
    /// sent.
    pub(super) fn in_authorisation(&self, mut error: Error) -> Error {
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

    pub(super) fn report(&self, attempted: &Result<Attempted>, began: Instant) {
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

/// `Retry-After` means something on these alone.
fn asks_to_wait(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}
