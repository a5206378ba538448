//! Private texts that stand in the corpus and in what the mutations put in. No `Debug` or `Display` may show
//! one.

use std::fmt::{Debug, Display};

pub(crate) const NUMBER: &str = "447700900178";
pub(crate) const NAME: &str = "Quilliam Needleman";
pub(crate) const SECRET: &str = "s3cr3t-N33dle.Xy/+z";
pub(crate) fn contains_needle(text: &str) -> bool {
    [NUMBER, NAME, SECRET].iter().any(|needle| text.contains(needle))
}

/// Asserts that the text, which a value showed of itself, holds nothing private.
///
/// An identifier that can be nothing else is shown, and a mutation may make one of anything: at least 16
/// characters of lower-case hexadecimal and `-`, with a letter and a digit among them. So are the hosts of
/// the addresses for a device and for a user, which are the platform's, and how long a provider asks to wait.
#[track_caller]
pub(crate) fn assert_hidden(shown: &str) {
    let mut rest = shown.to_owned();
    for (start, end) in [
        ("DeviceUrl(", "/...)"),
        ("TransactionUrl(", "/...)"),
        ("; wait ", " s"),
        ("retry_after: ", "s"),
    ] {
        while let Some(at) = rest.find(start) {
            let length = rest[at..].find(end).unwrap_or(start.len());
            rest.replace_range(at..at + length.max(start.len()), "");
        }
    }
    let shown = rest.as_str();
    let of_identifier = |c: char| matches!(c, '0'..='9' | 'a'..='f' | '-');
    let is_identifier = |word: &str| {
        word.len() >= 16
            && word.contains(|c: char| c.is_ascii_lowercase())
            && word.contains(|c: char| c.is_ascii_digit())
    };
    let number = shown
        .split(|c| !of_identifier(c))
        .any(|word| word.contains(NUMBER) && !is_identifier(word));
    assert!(!number, "a phone number is shown: {shown}");
    for needle in [NAME, SECRET] {
        assert!(!shown.contains(needle), "{needle} is shown: {shown}");
    }
}

#[track_caller]
pub(crate) fn assert_debug_hidden(value: &impl Debug) {
    assert_hidden(&format!("{value:?}"));
    assert_hidden(&format!("{value:#?}"));
}

/// For errors, which are shown in four ways, and with every cause below them.
#[track_caller]
pub(crate) fn assert_error_hidden<E: std::error::Error>(error: &E) {
    assert_debug_hidden(error);
    assert_display_hidden(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        assert_debug_hidden(&error);
        assert_display_hidden(&error);
        cause = error.source();
    }
}

#[track_caller]
pub(crate) fn assert_display_hidden(value: &impl Display) {
    assert_hidden(&format!("{value}"));
    assert_hidden(&format!("{value:#}"));
}

#[test]
fn needles_are_found_and_identifiers_are_let_pass() {
    assert_hidden(
        "CheckId(0b7f6a1e-5c2d-4e8f-9a10-447700900178), DeviceUrl(https://447700900178.example/...)",
    );
    assert_hidden("rate limited; wait 4477009001780 s, retry_after: 447700900178s");
    for shown in [
        "Amount(447700900178)",
        "id 0-447700900178",
        "DeviceUrl(https://example/...), 447700900178",
        "447700900178447700900178",
        "[Quilliam Needleman]",
        "Bearer s3cr3t-N33dle.Xy/+z",
    ] {
        assert!(
            std::panic::catch_unwind(|| assert_hidden(shown)).is_err(),
            "{shown}"
        );
    }
}
