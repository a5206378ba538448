//! A transport that answers as told, and remembers what it was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};

/// What happens to the next request. `Debug` does not show what an answer says.
#[derive(Clone)]
#[non_exhaustive]
pub enum Step {
    /// An answer.
    Answer {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: HeaderMap,
        /// Its body.
        body: Bytes,
    },
    /// The exchange fails.
    Fail(TransportErrorKind),
    /// The server accepts and is silent.
    Silence,
    /// The head arrives and the body is cut off.
    CutBody,
}

impl Step {
    /// A JSON answer. A status that does not exist becomes 500.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::answer(status, body).header("content-type", "application/json")
    }

    /// An answer without headers. A status that does not exist becomes 500.
    #[must_use]
    pub fn answer(status: u16, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::Answer {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// Adds a header to an answer; one that cannot stand in an answer is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Self::Answer { headers, .. }, Ok(name), Ok(value)) = (
            &mut self,
            name.parse::<HeaderName>(),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
        self
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { status, body, .. } => f
                .debug_struct("Answer")
                .field("status", status)
                .field("body", &format_args!("[{} bytes]", body.len()))
                .finish_non_exhaustive(),
            Self::Fail(kind) => f.debug_tuple("Fail").field(kind).finish(),
            Self::Silence => f.write_str("Silence"),
            Self::CutBody => f.write_str("CutBody"),
        }
    }
}

/// A request that a [`ScriptedTransport`] was given.
#[derive(Clone)]
#[non_exhaustive]
pub struct Seen {
    /// Its method.
    pub method: Method,
    /// Its address.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Seen {
    /// A header's text, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The path may hold identifiers, the query anything.
        f.debug_struct("Seen")
            .field("method", &self.method)
            .field("host", &self.uri.host())
            .finish_non_exhaustive()
    }
}

/// A transport that plays a script. When the script is at its end it answers 599, which no client takes for
/// anything.
///
/// ```
/// use verikit_core::testing::{ScriptedTransport, Step};
///
/// let transport = ScriptedTransport::new([Step::json(200, r#"{"ok":true}"#)]);
/// let setting = transport.shared();
/// // ... after the calls:
/// assert_eq!(transport.seen().len(), 0);
/// # let _ = setting;
/// ```
#[derive(Clone)]
pub struct ScriptedTransport(Arc<Mutex<Script>>);

struct Script {
    steps: VecDeque<Step>,
    seen: Vec<Seen>,
}

impl ScriptedTransport {
    /// Plays these steps, one a request.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(Arc::new(Mutex::new(Script {
            steps: steps.into_iter().collect(),
            seen: Vec::new(),
        })))
    }

    /// Adds steps to the end.
    pub fn then(&self, steps: impl IntoIterator<Item = Step>) {
        self.script().steps.extend(steps);
    }

    /// The transport as a setting.
    #[must_use]
    pub fn shared(&self) -> SharedTransport {
        SharedTransport::new(self.clone())
    }

    /// What was asked so far, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.script().seen.clone()
    }

    /// How many steps were not played: calls that should have come and did not.
    #[must_use]
    pub fn unplayed(&self) -> usize {
        self.script().steps.len()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedTransport")
            .field("unplayed", &self.unplayed())
            .finish_non_exhaustive()
    }
}

impl Transport for ScriptedTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let step = {
            let mut script = self.script();
            let (parts, body) = request.into_parts();
            script.seen.push(Seen {
                method: parts.method,
                uri: parts.uri,
                headers: parts.headers,
                body,
            });
            script
                .steps
                .pop_front()
                .unwrap_or_else(|| Step::answer(599, "the script is at its end"))
        };
        match step {
            Step::Answer {
                status,
                headers,
                body,
            } => {
                let mut response = http::Response::new(Body::from(body));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            }
            Step::Fail(kind) => Err(TransportError::new(kind)),
            Step::Silence => std::future::pending().await,
            Step::CutBody => {
                let chunks = futures_util::stream::iter([
                    Ok(Bytes::from_static(b"{\"cut")),
                    Err(TransportError::new(TransportErrorKind::Interrupted)),
                ]);
                let mut response = http::Response::new(Body::from_stream(chunks));
                response
                    .headers_mut()
                    .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                Ok(response)
            }
        }
    }
}
