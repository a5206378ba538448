//! What cannot be right is refused before anything is sent.

use cm_identity::testing::Step;
use cm_identity::{CompareIdentity, Error, ErrorKind, EventId, NumberVerifyId, PhoneNumber};

use crate::support::{CALLBACK_URL, Scripted, created, number};

#[track_caller]
fn assert_refused(scripted: &Scripted, error: &Error) {
    assert!(error.is_safe_to_repeat());
    assert_eq!(error.provider(), "cm-identity");
    scripted.transport.assert_unsent(error, ErrorKind::InvalidInput);
}

const NO_CALLBACK_URLS: [&str; 17] = [
    "",
    "/callbacks/cm",
    "app.example.net/callbacks",
    "//app.example.net/callbacks",
    "http://app.example.net/callbacks",
    "http://127.0.0.1:3000/callbacks",
    "HTTPS://app.example.net/callbacks",
    " https://app.example.net/callbacks",
    "https://app.example.net/call\nbacks",
    "https://app.example.net/call backs",
    "https://",
    "https://[",
    "https:app.example.net",
    "ftp://app.example.net/",
    "javascript:alert(1)",
    "https//app.example.net",
    "wss://app.example.net",
];

#[test]
fn callback_urls_that_are_not_https() {
    for url in NO_CALLBACK_URLS {
        let scripted = Scripted::new([]);
        let call = || scripted.client.number_verify().create(number(), url);
        let error = scripted.run(call()).unwrap_err();
        assert_refused(&scripted, &error);
        assert!(
            error.to_string().contains("https://") && !error.to_string().contains("example"),
            "{error}"
        );
        assert!(call().prepare().unwrap_err().is_invalid_input());
    }
}

#[test]
fn a_client_of_a_local_sandbox_takes_plain_http_to_this_machine_and_nowhere_else() {
    for (url, taken) in [
        ("http://127.0.0.1:3000/callbacks", true),
        ("http://localhost:3000/callbacks", true),
        ("http://[::1]:3000/callbacks", true),
        (CALLBACK_URL, true),
        ("http://app.example.net/callbacks", false),
        ("http://127.0.0.1.example.net/", false),
        ("ftp://127.0.0.1/", false),
    ] {
        let scripted = Scripted::with([Step::json(200, created())], |config| {
            config
                .base_url("http://127.0.0.1:9/mobile-identity/v1")
                .dangerously_allow_plain_http(true)
        });
        let outcome = scripted.run(scripted.client.number_verify().create(number(), url));
        assert_eq!(outcome.is_ok(), taken, "{url}");
    }
}

#[test]
fn a_comparison_of_nothing() {
    type Set = fn(CompareIdentity) -> CompareIdentity;
    let cases: [Set; 10] = [
        |call| call,
        |call| call.first_name(""),
        |call| call.last_name("  "),
        |call| call.last_name("Jansen").address(""),
        |call| call.last_name("Jansen").address2("\u{a0}"),
        |call| call.last_name("Jansen").address3("\t"),
        |call| call.postal_code("1111\nAA"),
        |call| call.first_name("A\0"),
        |call| call.postal_code("\u{85}"),
        |call| call.first_name("").last_name("Jansen"),
    ];
    for set in cases {
        let scripted = Scripted::new([]);
        let call = || set(scripted.client.identity_match().compare(number()));
        let error = scripted.run(call()).unwrap_err();
        assert_refused(&scripted, &error);
        assert!(!error.to_string().contains("Jansen"));
        assert!(call().prepare().unwrap_err().is_invalid_input());
    }
    let scripted = Scripted::new([]);
    let error = scripted
        .run(scripted.client.identity_match().score(number()))
        .unwrap_err();
    assert_refused(&scripted, &error);
}

#[test]
fn identifiers_and_numbers_that_cannot_be() {
    for text in ["", ".", "..", "a\nb", "\0", "\u{7f}", &"a".repeat(257)] {
        assert!(NumberVerifyId::new(text).is_err(), "{text:?}");
        assert!(EventId::new(text).is_err(), "{text:?}");
    }
    for text in [
        "",
        "0612345678",
        "0031612345678",
        "+31 6",
        "anna",
        "+316123456789012345",
    ] {
        assert!(PhoneNumber::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_odd_identifier_stays_one_segment() {
    for (text, encoded) in [
        ("a/b", "a%2Fb"),
        ("../sim-swap", "..%2Fsim-swap"),
        ("?x=1", "%3Fx%3D1"),
        ("#", "%23"),
        ("%2e%2e", "%252e%252e"),
        ("a b", "a%20b"),
        ("d\u{f6}ner", "d%C3%B6ner"),
    ] {
        let answer = serde_json::json!({"id": text, "state": "pending", "match": null}).to_string();
        let scripted = Scripted::new([Step::json(200, answer)]);
        let id = NumberVerifyId::new(text).unwrap();
        scripted.run(scripted.client.number_verify().get(&id)).unwrap();
        let path = format!("/mobile-identity/v1/number-verify/{encoded}");
        assert_eq!(scripted.asked().uri.path(), path);
    }
}
