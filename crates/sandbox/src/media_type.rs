//! The type of a request's body.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Whether the request's body has this type, whatever its parameters.
pub(crate) fn has_content_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
}
