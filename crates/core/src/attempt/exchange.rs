//! Sending one request and reading its answer.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, StatusCode};

use super::Run;
use super::failure::Failure;
use crate::client::{Delivered, Want};
use crate::clock::{Deadline, Elapsed};
use crate::error::{Delivery, Error, ErrorKind};
use crate::limit::Permit;
use crate::operation::Repeat;
use crate::reply::{Download, RawReply};
use crate::retry::Happened;
use crate::transport::{Body, BodyError};

/// How much of an error's body is read, so that the connection can be used again.
const ERROR_BODY_READ: usize = 64 * 1024;
/// How long it is waited for: the status is known, and a stalled body must hold up neither a repeat nor a
/// place.
const ERROR_BODY_PATIENCE: Duration = Duration::from_secs(2);

/// How an exchange ended: with an answer, with a failure to decide on, or with an error that nothing changes.
pub(super) enum Exchanged {
    Delivered(Delivered),
    Failed(Failure),
    Final(Error),
}

impl Run<'_> {
    /// Sends and reads. A repeatable call bounds the attempt, so that there is time left for another; one
    /// that is sent once has its whole deadline, since cutting it off would only make its outcome unknown.
    pub(super) fn exchange(
        &mut self,
        request: http::Request<Bytes>,
        permit: Option<Permit>,
    ) -> impl Future<Output = Exchanged> {
        let mut own = match self.operation.repeatable() {
            // It counts from here: waiting for a token or a place is not the provider's slowness.
            Repeat::Safe => Some(self.deadline.within(self.client.attempt_timeout)),
            Repeat::Once => None,
        };
        own.as_mut().unwrap_or(&mut self.deadline).arm();
        let mut sending = self.client.transport.send(self.operation, request);
        let mut errand = self.ticket.take_errand();
        // The arguments of an async fn would lie in its future twice, and the request would stay in it.
        async move {
            let bound = own.as_mut().unwrap_or(&mut self.deadline);
            let exchange = poll_fn(|context| {
                // The call ends when its own work ends; the errand is shared, and others go on with it.
                errand.take_if(|errand| errand.as_mut().poll(context).is_ready());
                sending.as_mut().poll(context)
            });
            let response = match bound.bound(exchange).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => return Exchanged::Failed(error.into()),
                Err(Elapsed) => return Exchanged::Failed(Happened::TimedOut.into()),
            };
            let (status, headers, body) = apart(response);
            if !status.is_success() {
                let patience = bound.within(ERROR_BODY_PATIENCE);
                // Boxed, since the future of each call has the size of its largest part.
                let (headers, body) = Box::pin(refusal(headers, body, patience)).await;
                if self.operation.also_accepts(status, &body) {
                    let attempts = self.attempts;
                    return Exchanged::Delivered(Delivered::Whole(RawReply {
                        status,
                        headers,
                        body,
                        attempts,
                    }));
                }
                return Exchanged::Failed(Failure {
                    happened: Happened::Status(status),
                    source: None,
                    answer: Some((headers, body)),
                });
            }
            if is_encoded(&headers) {
                let error = Error::decode("the answer is compressed, which was not asked for");
                return Exchanged::Final(self.error_of(error, status, headers, &Bytes::new()));
            }
            match self.want {
                Want::Stream(_) if body.declares_more_than(self.limit) => {
                    Exchanged::Final(self.too_large(status, headers))
                }
                Want::Stream(can_stream) if can_stream(&headers) => {
                    Exchanged::Delivered(self.streaming(status, headers, body, permit))
                }
                Want::Whole | Want::Stream(_) => match bound.read(body, self.limit).await {
                    Ok(Ok(body)) => {
                        let attempts = self.attempts;
                        Exchanged::Delivered(Delivered::Whole(RawReply {
                            status,
                            headers,
                            body,
                            attempts,
                        }))
                    }
                    Ok(Err(BodyError::TooLarge)) => Exchanged::Final(self.too_large(status, headers)),
                    Ok(Err(BodyError::Transport(error))) => Exchanged::Failed(error.into()),
                    Err(Elapsed) => Exchanged::Failed(Happened::TimedOut.into()),
                },
            }
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

    fn too_large(&self, status: StatusCode, headers: HeaderMap) -> Error {
        let detail = format!("the answer has more than {} bytes", self.limit);
        let error = Error::new(ErrorKind::TooLarge, detail).with_delivery(Delivery::CarriedOut);
        self.error_of(error, status, headers, &Bytes::new())
    }
}

fn apart(response: http::Response<Body>) -> (StatusCode, HeaderMap, Body) {
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body)
}

/// Reads what an error answer says. The status is the fact; a body that is too long, cut or slow takes
/// nothing away from it.
async fn refusal(headers: HeaderMap, mut body: Body, mut patience: Deadline) -> (HeaderMap, Bytes) {
    let mut read = BytesMut::new();
    if !is_encoded(&headers) {
        patience.read_some(&mut body, ERROR_BODY_READ, &mut read).await;
    }
    (headers, read.freeze())
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity") && !encoding.is_empty())
}
