//! Answers that a test puts in the way of the real ones.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

use axum::body::Body;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::lock::lock;

/// An answer given once, instead of what the emulated host would have answered.
///
/// ```
/// use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
/// use verikit_sandbox::ScriptedAnswer;
///
/// let answer = ScriptedAnswer::new(StatusCode::SERVICE_UNAVAILABLE)
///     .header(RETRY_AFTER, HeaderValue::from_static("1"))
///     .body(HeaderValue::from_static("text/html"), "<h1>Out of order</h1>")
///     .for_path_prefix("/phone_check");
/// # let _ = answer;
/// ```
#[derive(Clone)]
#[must_use = "hand it to `answer_next`"]
pub struct ScriptedAnswer {
    ending: Ending,
    processed: bool,
    host: Option<String>,
    method: Option<Method>,
    path_prefix: Option<String>,
}

#[derive(Clone)]
enum Ending {
    Answer {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    Close,
    Silence,
}

/// What the host does with a scripted request.
pub(crate) enum Act {
    Answer(Response<Body>),
    Close,
    Silence,
}

impl ScriptedAnswer {
    /// An empty answer with this status.
    pub fn new(status: StatusCode) -> Self {
        Self::ending(Ending::Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    }

    /// Closes the connection instead of answering. The request is not carried out.
    pub fn drop_connection() -> Self {
        Self::ending(Ending::Close)
    }

    /// Carries the request out, then closes the connection instead of answering: the case in which a
    /// caller cannot know whether something was created.
    pub fn drop_connection_after_processing() -> Self {
        Self::ending(Ending::Close).after_processing()
    }

    /// Never answers; the connection stays open until the caller or the sandbox ends it. The request
    /// is not carried out.
    pub fn silence() -> Self {
        Self::ending(Ending::Silence)
    }

    fn ending(ending: Ending) -> Self {
        Self {
            ending,
            processed: false,
            host: None,
            method: None,
            path_prefix: None,
        }
    }

    /// Adds a header. It has no effect where nothing is answered.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Ending::Answer { headers, .. } = &mut self.ending {
            headers.append(name, value);
        }
        self
    }

    /// Sets the body and its type. It has no effect where nothing is answered.
    pub fn body(mut self, content_type: HeaderValue, bytes: impl Into<Bytes>) -> Self {
        if let Ending::Answer { headers, body, .. } = &mut self.ending {
            headers.insert(CONTENT_TYPE, content_type);
            *body = bytes.into();
        }
        self
    }

    /// Carries the request out first and throws its real answer away: a gateway that fails on the way
    /// back.
    pub fn after_processing(mut self) -> Self {
        self.processed = true;
        self
    }

    /// Keeps this answer for the next request to this host, by the real host's name, such as
    /// `api.combateafraude.com`.
    pub fn for_host(mut self, name: impl Into<String>) -> Self {
        self.host = Some(name.into());
        self
    }

    /// Keeps this answer for the next request with this method.
    pub fn for_method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Keeps this answer for the next request whose path begins with `prefix`.
    pub fn for_path_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.path_prefix = Some(prefix.into());
        self
    }

    fn matches(&self, host: &str, method: &Method, path: &str) -> bool {
        self.host.as_ref().is_none_or(|wanted| wanted == host)
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self
                .path_prefix
                .as_ref()
                .is_none_or(|prefix| path.starts_with(prefix.as_str()))
    }

    /// Whether the real handler is to run first.
    pub(crate) fn is_processed(&self) -> bool {
        self.processed
    }

    pub(crate) fn into_act(self) -> Act {
        match self.ending {
            Ending::Answer {
                status,
                headers,
                body,
            } => {
                let mut response = Response::new(Body::from(body));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Act::Answer(response)
            }
            Ending::Close => Act::Close,
            Ending::Silence => Act::Silence,
        }
    }
}

/// The body and the headers are left out: they may hold a made-up token.
impl fmt::Debug for ScriptedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = match &self.ending {
            Ending::Answer { status, .. } => status.to_string(),
            Ending::Close => "close the connection".to_owned(),
            Ending::Silence => "silence".to_owned(),
        };
        f.debug_struct("ScriptedAnswer")
            .field("ending", &ending)
            .field("processed", &self.processed)
            .field("host", &self.host)
            .field("method", &self.method)
            .field("path_prefix", &self.path_prefix)
            .finish()
    }
}

/// The answers waiting for one host, or for a provider's hosts together, first in, first out among those that
/// match.
#[derive(Debug, Default)]
pub(crate) struct Scripts(Mutex<VecDeque<ScriptedAnswer>>);

impl Scripts {
    pub(crate) fn add(&self, answer: ScriptedAnswer) {
        lock(&self.0).push_back(answer);
    }

    pub(crate) fn take(&self, host: &str, method: &Method, path: &str) -> Option<ScriptedAnswer> {
        let mut waiting = lock(&self.0);
        let position = waiting
            .iter()
            .position(|answer| answer.matches(host, method, path))?;
        waiting.remove(position)
    }

    pub(crate) fn waiting(&self) -> usize {
        lock(&self.0).len()
    }
}
