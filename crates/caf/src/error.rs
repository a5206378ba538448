//! What CAF says when it refuses. No error body is published (contract caf, 3.5 and 4.1): it is read for what
//! such bodies usually have.

use http::HeaderMap;
use serde_json::Value;
use verikit_core::error::{ErrorFacts, read_error_facts};

/// The request id, which every answer carries in its body (contract caf, 1), and whatever message there is.
pub(crate) fn read_facts(headers: &HeaderMap, body: &[u8]) -> ErrorFacts {
    let facts = read_error_facts(headers, body);
    let Ok(Value::Object(members)) = serde_json::from_slice::<Value>(body) else {
        return facts;
    };
    let message = || {
        ["message", "errors", "error"]
            .iter()
            .find_map(|name| message_in(members.get(*name)?, *name == "error"))
    };
    ErrorFacts::new(
        facts.code.as_deref(),
        facts.message.as_deref().or_else(message),
        members
            .get("requestId")
            .and_then(Value::as_str)
            .or(facts.request_id.as_deref()),
    )
}

/// The first text of a list, and what an object in either's place calls its message: validators list theirs.
fn message_in(value: &Value, is_code: bool) -> Option<&str> {
    match value {
        // A text as `error` is a code.
        Value::String(text) => (!is_code).then_some(text),
        Value::Array(list) => list.iter().find_map(|value| message_in(value, is_code)),
        Value::Object(members) => members.get("message")?.as_str(),
        _ => None,
    }
}
