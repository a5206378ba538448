//! Headers that a notification can bring: the same for adding a webhook and for reading what arrives.

use http::HeaderName;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use verikit_core::Secret;

/// What belongs to the connection or to the body, and is never the webhook's own.
const NOT_OURS: [HeaderName; 8] = [
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Reads the name of a header, or says what is wrong with it.
pub(super) fn read_name(name: &str) -> Result<HeaderName, &'static str> {
    let Ok(name) = name.parse::<HeaderName>() else {
        return Err("a webhook's header has a name that no header can have");
    };
    if NOT_OURS.contains(&name) {
        return Err("a webhook's header has a name that belongs to the connection or to the body");
    }
    Ok(name)
}

/// Checks that a secret arrives as it is. HTTP drops white space around a value, and what is not ASCII is
/// written in as many ways as there are servers: such a secret would match nothing.
pub(super) fn check_value(value: &Secret) -> Result<(), &'static str> {
    let text = value.expose();
    let arrives = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if text.is_empty() || text.trim() != text || !arrives {
        return Err("a webhook's header needs a value of printable ASCII, without spaces around it");
    }
    Ok(())
}
