//! Callbacks: golden vectors, rotation, and everything that must be refused.

use cm_identity::{
    Answer, Callback, CallbackKeys, CallbackType, Delivery, ErrorKind, Result, Secret, Timestamp,
};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

const KEY: &str = "sdk-test-secret-0123456789";

/// Contract cm-identity, 4: the rest of the body, the signature, and what it says.
const GOLDEN: [(&str, &str, usize, Option<bool>); 3] = [
    (
        r#""state":"completed","match":true"#,
        "HMAC IJUM/NyvnqT6KmVYVyxIH3WrNd3xRlwU2Ykub6WZ6/Y=",
        205,
        Some(true),
    ),
    (
        r#""state":"completed","match":false"#,
        "HMAC JwnZ1dUdBh2xck62RZUYrIj3XCdNo0MhoZJAIE8RtMw=",
        206,
        Some(false),
    ),
    (
        r#""state":"failed","match":null"#,
        "HMAC yJrejhpo2Goo2Pt2ybsWsqaPtU1LWjbDOvHYIN5S3Ao=",
        202,
        None,
    ),
];

fn body(outcome: &str) -> String {
    format!(
        r#"{{"id":"11111111-2222-4333-8444-555555555555","type":"numberVerify.state","numberVerify":{{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",{outcome}}},"created":"2025-06-01T12:00:00+00:00"}}"#
    )
}

fn keys<const N: usize>(secrets: [&str; N]) -> CallbackKeys {
    CallbackKeys::new(secrets).unwrap()
}

fn headers(value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    headers
}

#[track_caller]
fn assert_refused(outcome: Result<Answer<Callback>>) {
    let error = outcome.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Signature, Delivery::NotSent)
    );
    assert_eq!(error.provider(), "cm-identity");
}

#[test]
fn the_golden_callbacks() {
    for (outcome, signature, length, verdict) in GOLDEN {
        let body = body(outcome);
        assert_eq!(body.len(), length);
        let callback = keys([KEY]).verify(&headers(signature), body.clone()).unwrap();
        assert_eq!(callback.id.as_str(), "11111111-2222-4333-8444-555555555555");
        assert_eq!(callback.callback_type, CallbackType::NumberVerifyState);
        let created = Timestamp::parse("2025-06-01T12:00:00Z").unwrap();
        assert_eq!(callback.created, Some(created));
        let check = callback.number_verify.as_ref().unwrap();
        assert_eq!(check.id.as_str(), "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
        assert!(check.state.is_final());
        assert_eq!(check.verdict(), verdict);
        assert_eq!(&callback.raw()[..], body.as_bytes());
        assert_eq!(keys([KEY]).sign_for_test(body.as_bytes()), signature);
    }
}

#[test]
fn the_scheme_has_no_case_and_space_around_the_signature_does_not_matter() {
    let body = body(GOLDEN[0].0);
    for scheme in ["hmac", "Hmac", "hMAC"] {
        let value = GOLDEN[0].1.replacen("HMAC", scheme, 1);
        keys([KEY]).verify(&headers(&value), body.clone()).unwrap();
    }
    let spaced = GOLDEN[0].1.replacen(' ', "   ", 1);
    keys([KEY]).verify(&headers(&spaced), body.clone()).unwrap();
    let value = HeaderValue::from_static(GOLDEN[0].1);
    keys([KEY]).verify_value(&value, body.clone()).unwrap();
}

#[test]
fn any_of_several_secrets_may_have_signed() {
    let body = body(GOLDEN[0].0);
    let both = keys(["the-next-secret", KEY]);
    both.verify(&headers(GOLDEN[0].1), body.clone()).unwrap();
    let signed = both.sign_for_test(body.as_bytes());
    assert!(signed.is_sensitive());
    keys(["the-next-secret"])
        .verify_value(&signed, body.clone())
        .unwrap();
    assert_refused(keys([KEY]).verify_value(&signed, body.clone()));
    for secrets in [
        vec![],
        vec![Secret::new("")],
        vec![Secret::new(KEY), Secret::new("")],
    ] {
        let error = CallbackKeys::new(secrets).unwrap_err();
        assert!(error.is_configuration());
        assert_eq!(error.provider(), "cm-identity");
    }
}

#[test]
fn whatever_is_changed_on_the_way_is_refused() {
    let body = body(GOLDEN[1].0);
    let (keys, good) = (keys([KEY]), headers(GOLDEN[1].1));
    keys.verify(&good, body.clone()).unwrap();
    for changed in [
        body.replace("false", "true"),
        body.replace("false", "False"),
        body.replace(':', ": "),
        format!("{body}\n"),
        format!(" {body}"),
        body.replacen("1111", "1112", 1),
        String::new(),
        String::from("{}"),
        String::from("not JSON"),
    ] {
        assert_refused(keys.verify(&good, changed));
    }
}

#[test]
fn signatures_that_are_none() {
    let body = body(GOLDEN[0].0);
    let keys = keys([KEY]);
    let (_, signature) = GOLDEN[0].1.split_once(' ').unwrap();
    let truncated = signature.get(..signature.len() - 4).unwrap();
    for value in [
        String::new(),
        String::from("HMAC"),
        String::from("HMAC "),
        signature.to_owned(),
        format!("HMAC{signature}"),
        format!("Bearer {signature}"),
        format!("HMAC-SHA256 {signature}"),
        format!("HMAC {}", signature.trim_end_matches('=')),
        format!("HMAC {}", signature.replace('/', "_")),
        format!("HMAC {truncated}"),
        format!("HMAC {signature}{signature}"),
        format!("HMAC {signature} {signature}"),
        format!("HMAC {signature},"),
        String::from("HMAC MIi9ZMyar2v+o7H7LD7oNolO5LrTJaC+8uKvYUGqJvM="),
        String::from("HMAC \u{e9}"),
    ] {
        assert_refused(keys.verify(&headers(&value), body.clone()));
    }
    assert_refused(keys.verify(&HeaderMap::new(), body.clone()));
    // Two could be read differently by a proxy and by us.
    let mut twice = headers(GOLDEN[0].1);
    twice.append(AUTHORIZATION, HeaderValue::from_static(GOLDEN[0].1));
    assert_refused(keys.verify(&twice, body));
}

fn signed(body: &str) -> Result<Answer<Callback>> {
    let keys = keys([KEY]);
    keys.verify_value(&keys.sign_for_test(body.as_bytes()), body.to_owned())
}

#[test]
fn an_unknown_type_is_kept() {
    let body = r#"{"id":"e-1","type":"verification.state","verification":{"id":"v-1"},"created":"soon"}"#;
    let callback = signed(body).unwrap();
    assert!(callback.callback_type.is_unknown());
    assert_eq!(callback.callback_type.as_str(), "verification.state");
    assert_eq!(
        (callback.number_verify.clone(), callback.created.clone()),
        (None, None)
    );
    assert_eq!(callback.extra()["verification"]["id"], "v-1");
}

#[test]
fn a_check_in_a_callback_of_an_unknown_type_decides_nothing() {
    for (r#type, check) in [
        (
            "numberVerify.test",
            r#"{"id":"c-1","state":"completed","match":true}"#,
        ),
        (
            "numberverify.state",
            r#"{"id":"c-1","state":"completed","match":true}"#,
        ),
        ("numberVerify.expired", r#"{"id":"c-1"}"#),
        ("numberVerify.batch", r#"["c-1","c-2"]"#),
        ("numberVerify.closed", "\"c-1\""),
        ("numberVerify.none", "null"),
    ] {
        let body = format!(r#"{{"id":"e-1","type":"{type}","numberVerify":{check}}}"#);
        let callback = signed(&body).unwrap();
        assert!(callback.callback_type.is_unknown());
        assert_eq!(callback.callback_type.as_str(), r#type);
        assert_eq!(callback.number_verify, None, "{body}");
        assert_eq!(&callback.raw()[..], body.as_bytes());
    }
}

#[test]
fn a_signed_body_that_is_no_callback_is_an_error_that_quotes_nothing() {
    let golden = body(GOLDEN[0].0);
    for body in [
        "",
        "null",
        "[]",
        r#"["e-1","numberVerify.state",{"id":"c","state":"completed","match":true},null]"#,
        r#"{"id":"e-1","type":"numberVerify.state"}"#,
        r#"{"id":"e-1","type":"numberVerify.state","numberVerify":null}"#,
        r#"{"id":"e-1","type":"numberVerify.state","numberVerify":["c","completed",true]}"#,
        r#"{"id":"e-1","type":"numberVerify.state","numberVerify":{"id":"c","state":"completed","match":"true"}}"#,
        r#"{"type":"numberVerify.state","numberVerify":{"id":"c","state":"completed","match":true}}"#,
        r#"{"id":"..","type":"numberVerify.state","numberVerify":{"id":"c","state":"completed","match":true}}"#,
        r#"{"id":"e-1","id":"e-2","type":"x"}"#,
        &golden.replace("true", "true,\"match\":false"),
    ] {
        let error = signed(body).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::NotSent),
            "{body}"
        );
        assert_eq!(error.provider(), "cm-identity");
        assert!(!format!("{error} {error:?}").contains("e-1"), "{error:?}");
    }
}

#[test]
fn debug_shows_no_key() {
    assert!(!format!("{:?}", keys([KEY])).contains(KEY));
}
