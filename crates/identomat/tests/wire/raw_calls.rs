//! The escape hatch and the unconfirmed calls (contract identomat, 2.3 and 2.4).

use std::collections::BTreeMap;

use identomat::testing::Step;
use identomat::{Delivery, ErrorCode, ErrorKind, Repeat};
use serde_json::json;

use crate::support::{BASE, COMPANY_KEY, Scripted, TOKEN, assert_silent, signed, token};

#[test]
fn a_path_is_sent_segment_by_segment_with_a_slash_at_its_end() {
    for (path, sent) in [
        ("some", "/some/"),
        ("/some/", "/some/"),
        ("some/path", "/some/path/"),
        ("a b/c?d#e/\u{e9}", "/a%20b/c%3Fd%23e/%C3%A9/"),
        ("a/b/c/d/e/", "/a/b/c/d/e/"),
    ] {
        let scripted = Scripted::new([Step::json(200, "{}")]);
        scripted.run(scripted.client.call_json(path, &())).unwrap();
        assert_eq!(scripted.sent().uri.to_string(), format!("{BASE}{sent}"));
    }
    for path in [
        "",
        "/",
        "//",
        "a//b",
        "..",
        "a/../b",
        ".",
        "a/b/c/d/e/f",
        "a\r\nb",
        "a\0",
    ] {
        let scripted = Scripted::new([]);
        let error = scripted.run(scripted.client.call_json(path, &())).unwrap_err();
        scripted.assert_refused(&error);
        let error = scripted
            .run(scripted.client.call_bytes(path, &()).stream())
            .unwrap_err();
        scripted.assert_refused(&error);
    }
}

#[test]
fn parameters_are_an_object_and_the_credentials_come_with_it() {
    let scripted = Scripted::new([Step::json(200, "[1,\"text\"]")]);
    let call = scripted
        .client
        .call_json("some/path/", &json!({"name": "ANNA", "list": [1, {"a": null}]}))
        .session(&token());
    let shown = format!("{call:?}");
    assert!(
        !shown.contains("ANNA") && !shown.contains("some/path") && !shown.contains(TOKEN),
        "{shown}"
    );
    let answer = scripted.run(call).unwrap();
    assert_eq!(answer.expose(), &json!([1, "text"]));
    scripted.assert_sent(
        "/some/path/",
        "application/json",
        concat!(
            r#"{"company_key":"ck_test_0001","session_token":"0123456789abcdefghij0123456789abcdefghij","#,
            r#""list":[1,{"a":null}],"name":"ANNA"}"#
        ),
        None,
    );
    for parameters in [
        json!([1]),
        json!("a"),
        json!(1),
        json!({"company_key": "x"}),
        json!({"session_token": "x"}),
    ] {
        let scripted = Scripted::new([]);
        let call = scripted.client.call_json("a/", &parameters).session(&token());
        scripted.assert_refused(&scripted.run(call).unwrap_err());
    }
    let unserialisable = BTreeMap::from([((1, 2), 3)]);
    let scripted = Scripted::new([]);
    let error = scripted
        .run(scripted.client.call_json("a/", &unserialisable))
        .unwrap_err();
    scripted.assert_refused(&error);
    // Another session's token than that of a session of ours.
    let scripted = Scripted::new([Step::json(200, "1")]);
    let call = scripted.client.call_json("a/", &json!({"session_token": "x"}));
    scripted.run(call).unwrap();
}

#[test]
fn a_form_has_what_is_no_text_as_json() {
    let scripted = Scripted::new([Step::json(200, "null")]);
    let parameters = json!({"flags": {"language": "en"}, "name": "A&B", "on": true});
    let call = scripted
        .client
        .call_json("some/", &parameters)
        .as_form()
        .session(&token());
    scripted.run(call).unwrap();
    let seen = scripted.sent();
    assert_eq!(
        seen.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        std::str::from_utf8(&seen.body).unwrap(),
        format!(
            "flags=%7B%22language%22%3A%22en%22%7D&name=A%26B&on=true&company_key={COMPANY_KEY}&session_token={TOKEN}"
        )
    );
}

#[test]
fn it_is_sent_once_unless_told_otherwise() {
    let scripted = Scripted::new(vec![Step::answer(503, ""); 4]);
    let error = scripted.run(scripted.client.call_json("a/", &())).unwrap_err();
    assert_eq!(
        (error.operation(), error.delivery()),
        ("raw.json", Delivery::Unknown)
    );
    assert_eq!(scripted.transport.seen().len(), 1);
    let call = scripted.client.call_bytes("a/", &()).repeat(Repeat::Safe);
    let error = scripted.run(call).unwrap_err();
    assert_eq!((error.operation(), error.attempts()), ("raw.bytes", 3));
}

#[test]
fn the_same_rules_for_errors_and_signatures() {
    let scripted = Scripted::new([
        Step::json(200, "\"SESSION_NOT_FOUND\""),
        Step::json(200, "<html>ANNA"),
        Step::json(200, "\"SESSION_INVALID\""),
        Step::json(200, "{}"),
        Step::answer(200, "pdf").header("content-type", "application/pdf"),
    ]);
    let client = &scripted.client;
    let error = scripted.run(client.call_json("a/", &())).unwrap_err();
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    let error = scripted.run(client.call_json("a/", &())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_silent(&error, &["ANNA"]);
    let error = scripted.run(client.call_bytes("a/", &())).unwrap_err();
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionInvalid));
    let error = scripted.run(client.call_bytes("a/", &()).stream()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let file = scripted.run(client.call_bytes("a/", &())).unwrap();
    assert_eq!(
        (file.content_type.as_deref(), &file.bytes[..]),
        (Some("application/pdf"), &b"pdf"[..])
    );

    let scripted = Scripted::signing([signed(Step::json(200, "{}")), Step::json(200, "{}")]);
    scripted.run(scripted.client.call_json("a/", &())).unwrap();
    let error = scripted.run(scripted.client.call_json("a/", &())).unwrap_err();
    assert!(error.is_signature());
}

#[test]
fn unconfirmed_calls() {
    let scripted = Scripted::new([Step::json(200, r#"{"topics":["x"]}"#)]);
    let details = scripted.client.unconfirmed().screening_person_details("p-1");
    let details = scripted.run(details).unwrap();
    assert_eq!(details.expose()["topics"][0], "x");
    assert!(!format!("{details:?}").contains("topics"));
    scripted.assert_sent(
        "/get-screening-person-details/",
        "application/json",
        r#"{"company_key":"ck_test_0001","personId":"p-1"}"#,
        None,
    );
    let scripted = Scripted::new([Step::json(200, "0.93")]);
    let faces = BTreeMap::from([("image1", "AAAA"), ("image2", "BBBB")]);
    let similarity = scripted
        .run(scripted.client.unconfirmed().compare_faces(&faces))
        .unwrap();
    assert_eq!(similarity.expose(), 0.93);
    scripted.assert_sent(
        "/compare-faces/",
        "application/json",
        r#"{"company_key":"ck_test_0001","image1":"AAAA","image2":"BBBB"}"#,
        None,
    );
}
