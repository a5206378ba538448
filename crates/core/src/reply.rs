//! Answers: what came back, and what it was read as.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, StatusCode};

use crate::clock::Deadline;
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::limit::Permit;
use crate::operation::Operation;
use crate::transport::Body;
use crate::value::parse_http_date;

/// A complete answer, unread.
#[derive(Clone)]
pub struct RawReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
}

impl RawReply {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// When the provider sent it, by its own clock, if its `Date` says so.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        parse_http_date(self.headers.get(DATE)?.to_str().ok()?)
    }

    /// The body's bytes. Personal.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many requests it took.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawReply")
            .field("status", &self.status)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What a call was read as, with what came along.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    pub(crate) value: T,
    pub(crate) raw: RawReply,
}

impl<T> Reply<T> {
    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers of the answer: rate limits, dates, and what the provider adds.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// How many requests were sent for the call, token requests not counted.
    pub fn attempts(&self) -> u32 {
        self.raw.attempts
    }

    /// The answer's bytes as they came. **Personal.** Empty for a download, whose bytes are its value.
    pub fn raw(&self) -> &Bytes {
        &self.raw.body
    }
}

/// A file that is read as it arrives.
///
/// The call's deadline and its place among the calls in flight live in it: read it or drop it. A download
/// that breaks off, passes its limit or outlasts the deadline ends with an error; whatever came before is not
/// the whole file.
pub struct Download {
    body: Body,
    deadline: Deadline,
    permit: Option<Permit>,
    limit: usize,
    received: usize,
    declared: Option<u64>,
    ended: bool,
    content_type: Option<Box<str>>,
    operation: Operation,
    attempts: u32,
}

impl Download {
    pub(crate) fn new(
        operation: &Operation,
        headers: &HeaderMap,
        body: Body,
        limit: usize,
        deadline: Deadline,
        permit: Option<Permit>,
        attempts: u32,
    ) -> Self {
        Self {
            declared: body.declared_length(),
            body,
            deadline,
            permit,
            limit,
            received: 0,
            ended: false,
            content_type: headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(Into::into),
            operation: operation.clone(),
            attempts,
        }
    }

    /// The content type that the provider stated.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The length that the provider stated.
    #[must_use]
    pub fn declared_length(&self) -> Option<u64> {
        self.declared
    }

    /// Reads all of it into memory.
    ///
    /// # Errors
    ///
    /// When it breaks off, passes the limit or outlasts the deadline.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let mut all = BytesMut::new();
        while let Some(chunk) = std::future::poll_fn(|context| Pin::new(&mut self).poll_next(context)).await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.freeze())
    }

    /// Nothing more is read: the connection and the place among the calls in flight are free.
    fn end(&mut self) {
        self.ended = true;
        self.permit = None;
        self.body = Body::empty();
    }

    fn fail(&mut self, kind: ErrorKind, detail: &'static str) -> Error {
        self.end();
        let mut error = self
            .operation
            .fail(Error::new(kind, detail).with_delivery(Delivery::CarriedOut));
        error.inner_mut().attempts = self.attempts;
        error
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // A body that is always ready, one byte at a time, must end at the deadline too.
        if self.deadline.has_passed() {
            return Poll::Ready(Some(Err(
                self.fail(ErrorKind::Timeout, "the download outlasted the deadline")
            )));
        }
        let polled = self.body.poll_chunk(context);
        if polled.is_pending() {
            ready!(self.deadline.poll_elapsed(context));
            return Poll::Ready(Some(Err(
                self.fail(ErrorKind::Timeout, "the download outlasted the deadline")
            )));
        }
        match ready!(polled) {
            None if self
                .declared
                .is_some_and(|length| u64::try_from(self.received) != Ok(length)) =>
            {
                Poll::Ready(Some(Err(
                    self.fail(ErrorKind::Interrupted, "the download broke off")
                )))
            }
            None => {
                self.end();
                Poll::Ready(None)
            }
            Some(Err(error)) => {
                let failure = self
                    .fail(ErrorKind::Interrupted, "the download broke off")
                    .with_source(error);
                Poll::Ready(Some(Err(failure)))
            }
            Some(Ok(chunk)) => {
                self.received = self.received.saturating_add(chunk.len());
                if self.received > self.limit {
                    return Poll::Ready(Some(Err(
                        self.fail(ErrorKind::TooLarge, "the download passed its limit")
                    )));
                }
                Poll::Ready(Some(Ok(chunk)))
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.operation.name())
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
