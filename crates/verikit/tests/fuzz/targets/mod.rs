//! What reads bytes from outside. `docs/testing.md` has the list of parsers and their targets.

pub(crate) mod answer;
pub(crate) mod caf_connect;
pub(crate) mod caf_core;
pub(crate) mod caf_global;
pub(crate) mod caf_mobile;
pub(crate) mod cm_identity;
pub(crate) mod cm_idscan;
pub(crate) mod core;
pub(crate) mod identomat;
pub(crate) mod idlayr;
pub(crate) mod idlayr_answers;
pub(crate) mod idlayr_callbacks;
pub(crate) mod idlayr_console;
pub(crate) mod idlayr_coverage;
pub(crate) mod idlayr_sim;
pub(crate) mod operations;
pub(crate) mod values;

use std::borrow::Cow;

use verikit::{Delivery, Error, ErrorKind};

use crate::needles::assert_error_hidden;

/// An input as text. What is no UTF-8 could not be passed where a `&str` is taken.
pub(crate) fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// Text up to the first line break, and what is behind it.
pub(crate) fn line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Asserts the error of something that was sent to us, whose signature or key is right and which cannot be
/// read.
#[track_caller]
pub(crate) fn assert_unreadable(error: &Error) {
    assert_error_hidden(error);
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Decode, Delivery::NotSent),
        "{error}"
    );
}

/// What a server makes of the text of a path segment.
pub(crate) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut out = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                out.push(byte);
                rest = &after[2..];
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// Whether a path has a segment that a server or a proxy would take for "here" or "one up", however it is
/// written.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|segment| matches!(percent_decoded(segment).as_slice(), b"." | b".."))
}
