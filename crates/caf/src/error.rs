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
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    ErrorFacts::new(
        facts.code.as_deref(),
        facts.message.as_deref().or_else(|| text("errors")),
        text("requestId").or(facts.request_id.as_deref()),
    )
}
