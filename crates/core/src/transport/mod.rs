//! What carries a request to a provider and brings the answer back.
//!
//! A transport is small on purpose: one request in, one answer out, and the truth about whether anything was
//! sent. Everything else (deadlines, retries, tokens, limits) is the client's.

mod body;
#[cfg(feature = "reqwest")]
mod bundled;

#[cfg(feature = "reqwest")]
use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::operation::Operation;

pub(crate) use body::Reading;
pub use body::{Body, BodyError};
#[cfg(feature = "reqwest")]
pub use bundled::{BundledTransport, BundledTransportBuilder};

/// The future of one exchange.
pub type Exchange<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// Carries requests.
///
/// Implementers write a plain `async fn`; a closure from a request to a future is a transport too. The client
/// shares one behind a [`SharedTransport`].
///
/// # Rules
///
/// - Send what is given, once. Do not repeat (only an HTTP/2 stack may, what the server proved unprocessed),
///   do not follow redirects, do not decompress, do not add credentials.
/// - Any HTTP status is an answer, not an error.
/// - [`TransportError`] must be honest: a kind that claims that nothing was sent makes the client send the
///   request again.
///
/// ```
/// use verikit_core::transport::{Body, SharedTransport, TransportError};
///
/// let transport = SharedTransport::new(|request: http::Request<bytes::Bytes>| async move {
///     assert_eq!(request.method(), "POST");
///     Ok::<_, TransportError>(http::Response::new(Body::from("{}")))
/// });
/// # let _ = transport;
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and waits for the head of the answer.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Body>, TransportError>> + Send;
}

impl<F, Fut> Transport for F
where
    F: Fn(http::Request<Bytes>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<http::Response<Body>, TransportError>> + Send,
{
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> impl Future<Output = Result<http::Response<Body>, TransportError>> + Send {
        self(request)
    }
}

/// The object-safe twin of [`Transport`].
trait AnyTransport: Send + Sync {
    fn send_boxed(&self, request: http::Request<Bytes>) -> Exchange<'_>;
}

impl<T: Transport> AnyTransport for T {
    fn send_boxed(&self, request: http::Request<Bytes>) -> Exchange<'_> {
        Box::pin(self.send(request))
    }
}

/// A transport that any number of clients share: connections, TLS sessions and all.
#[derive(Clone)]
pub struct SharedTransport(Handle);

#[derive(Clone)]
enum Handle {
    /// The one that is told the URL that a request was built from, since it would have to parse it again.
    #[cfg(feature = "reqwest")]
    Bundled(BundledTransport),
    Other(Arc<dyn AnyTransport>),
}

impl SharedTransport {
    /// Makes a transport shareable.
    pub fn new(transport: impl Transport) -> Self {
        #[cfg(feature = "reqwest")]
        if let Some(bundled) = (&transport as &dyn Any).downcast_ref::<BundledTransport>() {
            return Self(Handle::Bundled(bundled.clone()));
        }
        Self(Handle::Other(Arc::new(transport)))
    }

    /// Sends a request of an operation.
    #[cfg_attr(
        not(feature = "reqwest"),
        expect(unused_variables, reason = "no other transport asks for its URL")
    )]
    pub(crate) fn send(&self, operation: &Operation, request: http::Request<Bytes>) -> Exchange<'_> {
        match &self.0 {
            #[cfg(feature = "reqwest")]
            Handle::Bundled(bundled) => {
                let host = operation.realm().host().clone();
                Box::pin(bundled.send_to(operation.url(), Some(host), request))
            }
            Handle::Other(other) => other.send_boxed(request),
        }
    }
}

impl fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTransport")
    }
}

/// Why an exchange failed, and whether anything was sent.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a failed exchange says about the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be made into one that can be sent. Nothing was sent; repeating does not help.
    Request,
    /// No connection could be made: name resolution, TCP, or a TLS handshake that was cut. Nothing was sent;
    /// the client repeats.
    Connect,
    /// The server's certificate was refused, or the client's, or no TLS session could be agreed on. Nothing
    /// was sent; repeating does not help.
    Certificate,
    /// The server proved that it did not process the request, as HTTP/2 lets it (`REFUSED_STREAM`, or a
    /// `GOAWAY` from before it). The client repeats, calls that start something too.
    Unprocessed,
    /// Anything else before the answer was complete. The request may have been carried out.
    Interrupted,
}

impl TransportError {
    /// An error without a cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// Adds the cause. Its texts end up in error chains: they must hold no URL, header or body.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Request => "the request cannot be sent as it is",
            TransportErrorKind::Connect => "no connection could be made",
            TransportErrorKind::Certificate => "a certificate or the TLS session was refused",
            TransportErrorKind::Unprocessed => "the server did not process the request",
            TransportErrorKind::Interrupted => "the connection broke before the answer was complete",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}
