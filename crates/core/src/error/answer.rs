//! Reading what providers say when they refuse: problem+json, `{status,message}`, `{message}`, OAuth 2.0,
//! HTML, garbage.

use http::HeaderMap;
use serde_json::{Map, Value};

/// What could be read from an error answer. All of it is the provider's own text.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorFacts {
    /// The machine-readable code.
    pub code: Option<Box<str>>,
    /// The text for people. Personal: providers repeat what they were sent.
    pub message: Option<Box<str>>,
    /// The provider's identifier of the request.
    pub request_id: Option<Box<str>>,
}

impl ErrorFacts {
    /// What a provider's own reader found, cut and escaped.
    #[must_use]
    pub fn new(code: Option<&str>, message: Option<&str>, request_id: Option<&str>) -> Self {
        Self {
            code: code.map(|code| escaped(code, CODE_BYTES)),
            message: message.map(|message| escaped(message, MESSAGE_BYTES)),
            request_id: request_id.map(|id| escaped(id, CODE_BYTES)),
        }
    }

    /// The code as a text of our own, if it is documented: by RFC 6749 or by the provider.
    pub(crate) fn known_code(&self, known: &[&'static str]) -> Option<&'static str> {
        let code = self.code.as_deref()?;
        OAUTH_CODES
            .iter()
            .chain(known)
            .find(|known| **known == code)
            .copied()
    }
}

/// RFC 6749, 5.2, and RFC 6750, 3.1.
const OAUTH_CODES: [&str; 10] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_token",
    "insufficient_scope",
    "access_denied",
    "temporarily_unavailable",
];

/// Default-deny: shows which facts there are, not what they say.
impl std::fmt::Debug for ErrorFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ErrorFacts")
            .field("code", &self.code.is_some())
            .field("message", &self.message.is_some())
            .field("request_id", &self.request_id.is_some())
            .finish()
    }
}

/// How much of a provider's text is kept.
const MESSAGE_BYTES: usize = 2048;
const CODE_BYTES: usize = 128;

/// Reads an error answer in any of the shapes that the providers use. It never fails: what cannot be read is
/// absent.
///
/// - RFC 9457 problem details: the code is what stands after `#` in `type`; `detail`, else `title`, is the
///   message.
/// - OAuth 2.0 (RFC 6749, 5.2): `error` is the code, `error_description` the message.
/// - `{"status": 404, "message": "..."}` and `{"message": "..."}`, `code` where there is one.
/// - A JSON string alone is taken for a message. Anything else (HTML, text, nothing) leaves everything
///   absent; the body is kept by the error.
#[must_use]
pub fn read_error_facts(headers: &HeaderMap, body: &[u8]) -> ErrorFacts {
    let mut facts = ErrorFacts {
        request_id: request_id(headers),
        ..ErrorFacts::default()
    };
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(members)) => {
            facts.code = text(&members, "type")
                .and_then(|address| address.split_once('#').map(|(_, code)| code))
                .or_else(|| text(&members, "error"))
                .or_else(|| text(&members, "code"))
                .filter(|code| !code.is_empty())
                .map(|code| escaped(code, CODE_BYTES));
            facts.message = ["detail", "error_description", "message", "title"]
                .iter()
                .find_map(|name| text(&members, name))
                .map(|message| escaped(message, MESSAGE_BYTES));
            if facts.request_id.is_none() {
                facts.request_id = ["requestId", "request_id"]
                    .iter()
                    .find_map(|name| text(&members, name))
                    .map(|id| escaped(id, CODE_BYTES));
            }
        }
        Ok(Value::String(message)) => facts.message = Some(escaped(&message, MESSAGE_BYTES)),
        _ => {}
    }
    facts
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str()
}

fn request_id(headers: &HeaderMap) -> Option<Box<str>> {
    [
        "x-request-id",
        "request-id",
        "x-correlation-id",
        "x-amzn-requestid",
    ]
    .iter()
    .find_map(|name| headers.get(*name)?.to_str().ok())
    .map(|id| escaped(id, CODE_BYTES))
}

/// Cuts at a character boundary and escapes what could forge a log line or a terminal sequence.
fn escaped(text: &str, limit: usize) -> Box<str> {
    let mut out = String::with_capacity(text.len().min(limit));
    for character in text.chars() {
        if character.is_control()
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
        if out.len() > limit {
            break;
        }
    }
    while out.len() > limit {
        out.pop();
    }
    out.into_boxed_str()
}
