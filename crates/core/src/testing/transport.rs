//! A transport that answers as told, and remembers what it was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::error::{Delivery, Error, ErrorKind};
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

    /// Asserts the whole of the request: the line, which is the method and the address with a space between;
    /// every header, in any order and with its name in lower case; the body, to the byte. And that there is
    /// nothing else.
    ///
    /// # Panics
    ///
    /// When anything differs. The message shows both sides, credentials and all.
    #[track_caller]
    pub fn assert_is(&self, line: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) {
        assert_eq!(format!("{} {}", self.method, self.uri), line);
        let mut sent: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let mut expected: Vec<(&str, &[u8])> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()))
            .collect();
        sent.sort_unstable();
        expected.sort_unstable();
        assert!(
            sent == expected,
            "the headers are\n{}in place of\n{}",
            readable(&sent),
            readable(&expected)
        );
        let body = body.as_ref();
        assert!(
            self.body == body,
            "the body is\n{}\nin place of\n{}",
            String::from_utf8_lossy(&self.body),
            String::from_utf8_lossy(body)
        );
    }
}

fn readable(headers: &[(&str, &[u8])]) -> String {
    headers
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value)))
        .collect()
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

    /// The one request that was sent.
    ///
    /// # Panics
    ///
    /// When there was none, or more than one.
    #[track_caller]
    #[must_use]
    pub fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }

    /// Asserts that a call ended with this error before anything was sent, by the transport and by what the
    /// error says itself.
    ///
    /// # Panics
    ///
    /// When the error is of another kind, or any request was sent or may have been.
    #[track_caller]
    pub fn assert_unsent(&self, error: &Error, kind: ErrorKind) {
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{error}");
        assert_eq!(self.seen().len(), 0, "{error}");
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

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::testing::{ManualClock, drive};

    /// A transport that was given this many requests.
    fn asked(times: usize) -> ScriptedTransport {
        let transport = ScriptedTransport::new([]);
        for _ in 0..times {
            let request = http::Request::post("https://api.example.com/checks?page=1")
                .header("Accept", "application/json")
                .header("x-twice", "b")
                .header("x-twice", "a")
                .body(Bytes::from_static(b"{\"n\":1}"))
                .unwrap();
            drive(&ManualClock::new(), transport.send(request)).unwrap();
        }
        transport
    }

    /// Whether an assertion holds.
    fn holds(assertion: impl FnOnce()) -> bool {
        catch_unwind(AssertUnwindSafe(assertion)).is_ok()
    }

    #[test]
    fn a_request_is_asserted_whole() {
        const LINE: &str = "POST https://api.example.com/checks?page=1";
        const HEADERS: [(&str, &str); 3] =
            [("x-twice", "a"), ("accept", "application/json"), ("x-twice", "b")];
        const BODY: &str = r#"{"n":1}"#;
        let seen = asked(1).only();
        seen.assert_is(LINE, &HEADERS, BODY);

        for line in [
            "GET https://api.example.com/checks?page=1",
            "POST https://api.example.com/checks",
            "POST https://api.example.com/checks?page=1 ",
            "",
        ] {
            assert!(!holds(|| seen.assert_is(line, &HEADERS, BODY)), "{line}");
        }
        let more = [HEADERS.as_slice(), &[("x-more", "1")]].concat();
        let changed = [HEADERS[0], ("accept", "application/jsoN"), HEADERS[2]];
        let repeated = [HEADERS[0], HEADERS[1], HEADERS[0]];
        for headers in [&[], &HEADERS[1..], &more, &changed, &repeated] {
            assert!(!holds(|| seen.assert_is(LINE, headers, BODY)), "{headers:?}");
        }
        for body in ["", r#"{"n":1} "#, r#"{"n":2}"#] {
            assert!(!holds(|| seen.assert_is(LINE, &HEADERS, body)), "{body}");
        }
    }

    #[test]
    fn what_is_no_text_is_compared_to_the_byte() {
        let transport = ScriptedTransport::new([]);
        let request = http::Request::put("https://files.example.com/1")
            .header("x-name", HeaderValue::from_bytes(b"\xff").unwrap())
            .body(Bytes::from_static(b"\xfe"))
            .unwrap();
        drive(&ManualClock::new(), transport.send(request)).unwrap();
        let mut seen = transport.only();
        let line = "PUT https://files.example.com/1";
        assert!(!holds(|| seen.assert_is(
            line,
            &[("x-name", "\u{fffd}")],
            b"\xfe"
        )));
        seen.headers.clear();
        assert!(!holds(|| seen.assert_is(line, &[], "\u{fffd}")));
        seen.assert_is(line, &[], b"\xfe");
    }

    #[test]
    fn the_only_request_is_neither_none_nor_one_of_two() {
        for times in [0, 2] {
            assert!(!holds(|| drop(asked(times).only())), "{times}");
        }
    }

    #[test]
    fn unsent_is_what_the_error_says_and_what_the_transport_saw() {
        let refused = |kind| Error::new(kind, "refused").with_delivery(Delivery::NotSent);
        let input = refused(ErrorKind::InvalidInput);
        asked(0).assert_unsent(&input, ErrorKind::InvalidInput);

        assert!(!holds(|| asked(1).assert_unsent(&input, ErrorKind::InvalidInput)));
        assert!(!holds(|| asked(0).assert_unsent(&input, ErrorKind::Decode)));
        let unknown = refused(ErrorKind::InvalidInput).with_delivery(Delivery::Unknown);
        assert!(!holds(
            || asked(0).assert_unsent(&unknown, ErrorKind::InvalidInput)
        ));
    }
}
