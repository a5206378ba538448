//! Answers that nobody documented: each ends as a typed error with the answer inside, or as a value that
//! keeps it.

use idlayr::testing::Step;
use idlayr::{
    Answer, CompletionCode, CreatedPhoneCheck, Delivery, Error, ErrorKind, PhoneCheck, Result, TraceId,
    TraceList,
};

use crate::support::{BASE, ID, Scripted, Wire, completed, created, id, number};

fn get(body: impl Into<Vec<u8>>) -> Result<Answer<PhoneCheck>> {
    let scripted = Scripted::new([Step::json(200, body.into())]);
    scripted.run(scripted.client.phone_checks().get(&id()))
}

fn create(status: u16, body: impl Into<Vec<u8>>) -> Result<Answer<CreatedPhoneCheck>> {
    let scripted = Scripted::new([Step::json(status, body.into())]);
    let created = scripted.run(scripted.client.phone_checks().create(number()));
    assert_eq!(scripted.calls().len(), 1, "a create arrives once");
    created
}

fn traces(body: &str) -> Result<TraceList> {
    let scripted = Scripted::new([Step::json(200, body.to_owned())]);
    scripted.run(scripted.client.phone_checks().traces(&id()))
}

/// An answer that cannot be read: it was carried out, and nothing of it is lost.
#[track_caller]
fn assert_unreadable(error: &Error, body: &[u8]) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert_eq!(error.body(), body);
    assert_eq!(error.attempts(), 1, "reading it again would not help");
    assert!(error.status().unwrap().is_success());
}

const NO_JSON: [&[u8]; 14] = [
    b"",
    b" ",
    b"null",
    b"true",
    b"17",
    b"\"COMPLETED\"",
    b"[]",
    b"<!doctype html><html><body>Sign in to the hotel's Wi-Fi</body></html>",
    b"{",
    b"{\"check_id\":",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0}\0",
    b"\x1f\x8b\x08\0\0\0",
    b"{}{}",
];

#[test]
fn what_is_no_json_object_is_an_error_with_the_answer_inside() {
    for body in NO_JSON {
        let error = get(body).unwrap_err();
        assert_unreadable(&error, body);
        assert!(error.is_safe_to_repeat(), "it only reads");

        let error = create(201, body).unwrap_err();
        assert_unreadable(&error, body);
        assert!(!error.is_safe_to_repeat(), "a repeat would be a second check");
        assert_eq!(error.operation(), "phone_check.create");

        let code = CompletionCode::new("4fa09c17be").unwrap();
        let scripted = Scripted::new([Step::json(200, body)]);
        let error = scripted
            .run(scripted.client.phone_checks().complete(&id(), &code))
            .unwrap_err();
        assert_unreadable(&error, body);
        assert!(!error.is_safe_to_repeat(), "it may have been billed");
    }
}

#[test]
fn an_empty_answer_to_a_create_is_a_check_that_exists() {
    for status in [200, 201, 202, 204] {
        let error = create(status, "").unwrap_err();
        assert_unreadable(&error, b"");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.to_string().contains("it was carried out"), "{error}");
    }
}

#[test]
fn the_whole_of_an_unreadable_answer_is_kept() {
    let body = format!(r#"{{"id":"{ID}","pad":"{}"}}"#, "x".repeat(10_000));
    assert_unreadable(&create(201, body.clone()).unwrap_err(), body.as_bytes());
}

#[test]
fn a_created_check_without_what_it_is_for_is_an_error() {
    let good = created(BASE);
    assert!(create(201, good.clone()).is_ok());
    for (from, to) in [
        (r#""check_id""#, r#""id""#),
        (r#""check_url""#, r#""url""#),
        (r#""_links":{"#, r#""links":{"#),
        (r#""_links":{"self""#, r#""_links":null,"x":{"self""#),
        (
            r#""check_url":{"href":"https:"#,
            r#""check_url":{"href":"javascript:"#,
        ),
        (
            r#""check_url":{"href":"https://eu.api.idlayr.com"#,
            r#""check_url":{"href":""#,
        ),
        (r#""check_url":{"href""#, r#""check_url":{"url""#),
        (r#""status":"ACCEPTED""#, r#""status":null"#),
        (r#""status":"ACCEPTED","#, ""),
        (
            r#""status":"ACCEPTED""#,
            r#""status":"ACCEPTED","status":"ACCEPTED""#,
        ),
        (ID, ".."),
        (ID, ""),
        (ID, "a\\nb"),
    ] {
        let body = good.replacen(from, to, 1);
        assert_ne!(body, good, "{from}");
        assert_unreadable(&create(201, body.clone()).unwrap_err(), body.as_bytes());
    }
    let listed = good
        .replace(r#""_links":{"#, r#""_links":[{"#)
        .replace("}}}", "}}]}");
    assert!(create(201, listed).is_err(), "links are no array");
}

#[test]
fn a_check_url_without_encryption_is_not_handed_out() {
    let body = created(BASE).replace(r#""check_url":{"href":"https:"#, r#""check_url":{"href":"http:"#);
    let error = create(201, body.clone()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert!(!error.is_safe_to_repeat());
    assert_eq!(error.body(), body.as_bytes(), "its id is not lost");
}

#[test]
fn the_url_for_the_device_stays_as_it_was_written() {
    let url = "https://EU.api.idlayr.com:443/a/../b%2f/?x=%7e|y#";
    let body = created(BASE).replace(&format!("{BASE}/phone_check/v0.2/checks/{ID}/redirect"), url);
    assert_eq!(create(201, body).unwrap().check_url.expose(), url);
}

#[test]
fn an_answer_about_another_trace_is_an_error() {
    let body = r#"{"trace_id":"t-2","logs":[]}"#;
    let scripted = Scripted::new([Step::json(200, body)]);
    let trace_id = TraceId::new("t-1").unwrap();
    let error = scripted
        .run(scripted.client.phone_checks().trace(&id(), &trace_id))
        .unwrap_err();
    assert_unreadable(&error, body.as_bytes());
}

/// Members that inform: a value of another type is as good as none, and the raw answer shows it.
#[test]
fn a_member_of_another_type_spoils_only_itself() {
    for (name, values) in [
        ("reference_id", &["7", "true", "[]", "{}", "null"][..]),
        ("error_code", &["7", "true", "[]", "{}", "null"]),
        ("network_id", &["23410", "true", "[]", "{}", "null"]),
        ("charge_amount", &["\"1\"", "true", "[]", "{}", "null"]),
        ("charge_currency", &["7", "true", "[]", "{}", "null"]),
        (
            "ttl",
            &[
                "\"120\"",
                "-1",
                "1.5",
                "1e400",
                "true",
                "99999999999999999999",
                "[]",
                "{}",
                "null",
            ],
        ),
        (
            "created_at",
            &[
                "1714641011",
                "\"yesterday\"",
                "\"2024-05-02\"",
                "\"\"",
                "[]",
                "{}",
                "null",
            ],
        ),
        (
            "updated_at",
            &["1714641011", "\"2024-05-02T09:10:11\"", "[]", "{}", "null"],
        ),
        (
            "_links",
            &["7", "\"x\"", "[]", "[[[]]]", "{\"check_url\":7}", "null"],
        ),
    ] {
        for value in values {
            let body = format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,"{name}":{value}}}"#);
            let check = get(body.clone()).unwrap_or_else(|error| panic!("{body}: {error}"));
            assert!(check.is_match(), "{body}");
            let empty: Answer<PhoneCheck> = Answer::from_json(completed(true)).unwrap();
            assert_eq!(check, empty, "{body}");
            assert_eq!(check.raw(), body.as_bytes());
        }
    }
    let body = created(BASE)
        .replace(":41", ":\"41\"")
        .replace(":120", ":\"120\"");
    let check = create(201, body).unwrap();
    assert_eq!((&check.snapshot_balance, check.ttl), (&None, None));
}

#[test]
fn unknown_members_are_kept() {
    let check = get(format!(
        r#"{{"later":{{"a":[1.10,null]}},"check_id":"{ID}","status":"PENDING","url":"https://x.example","":0}}"#
    ))
    .unwrap();
    let extra = check.extra();
    assert_eq!(extra.keys().collect::<Vec<_>>(), ["", "later", "url"]);
    assert_eq!(extra["later"]["a"][0], 1.1);
    assert!(!format!("{check:?}").contains("x.example"));
}

#[test]
fn members_that_come_twice_are_refused_if_they_are_known() {
    for member in [
        r#""check_id":"x""#,
        r#""ttl":120,"ttl":60"#,
        r#""reference_id":"a","reference_id":"b""#,
        r#""_links":{},"_links":{}"#,
        r#""charge_amount":0,"charge_amount":1"#,
    ] {
        let body = format!(r#"{{"check_id":"{ID}","status":"PENDING",{member}}}"#);
        assert_unreadable(&get(body.clone()).unwrap_err(), body.as_bytes());
    }
    let body = format!(r#"{{"check_id":"{ID}","status":"PENDING","later":1,"later":2}}"#);
    assert_eq!(get(body.clone()).unwrap().raw(), body.as_bytes());
}

#[test]
fn deep_nesting_does_no_harm() {
    for depth in [200, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let deep = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            for name in ["later", "_links", "reference_id", "match", "status"] {
                let body = format!(r#"{{"check_id":"{ID}","{name}":{deep},"x":1}}"#);
                match get(body.clone()) {
                    Ok(check) => assert!(!check.is_match() && check.raw() == body.as_bytes()),
                    Err(error) => assert_unreadable(&error, body.as_bytes()),
                }
            }
        }
    }
}

#[test]
fn text_that_is_no_utf_8_is_an_error_or_kept() {
    for member in ["check_id", "status", "reference_id", "network_id", "later"] {
        let mut body = format!(r#"{{"check_id":"{ID}","status":"PENDING","{member}":""#).into_bytes();
        body.extend_from_slice(b"\xc3\x28\xff\"}");
        match get(body.clone()) {
            Ok(check) => assert!(member == "later" && check.raw() == &body, "{member}"),
            Err(error) => assert_unreadable(&error, &body),
        }
    }
}

#[test]
fn traces_of_another_form_are_errors() {
    for body in [
        "{}",
        r#"{"_embedded":{"traces":[{"logs":[]}]}}"#,
        r#"{"_embedded":{"traces":[{"trace_id":7}]}}"#,
        r#"{"_embedded":{"traces":[["t-1",[]]]}}"#,
        r#"{"_embedded":[[]]}"#,
        r#"[null,null,{"traces":[]}]"#,
    ] {
        assert_unreadable(&traces(body).unwrap_err(), body.as_bytes());
    }
    let list = traces(
        r#"{"_embedded":{"traces":[{"trace_id":"t-1","later":1},{"trace_id":"t-2","logs":[{"message":"m","timestamp":7,"attributes":[],"later":2}]}]}}"#,
    )
    .unwrap();
    assert_eq!(list.traces[0].trace_id, TraceId::new("t-1").unwrap());
    assert_eq!(list.traces[0].extra()["later"], 1);
    let log = &list.traces[1].logs[0];
    assert_eq!(log.message.as_ref().unwrap().expose(), "m");
    assert_eq!((&log.timestamp, &log.attributes), (&None, &None));
}

/// Logs are for people to read: a line that cannot be read takes neither its neighbours nor other traces
/// away.
#[test]
fn an_odd_line_of_a_log_is_there_with_nothing_in_it() {
    let good = r#"{"message":"m","timestamp":"2024-05-02T09:10:11.751Z"}"#;
    for odd in [
        "{}",
        "null",
        "7",
        "\"m\"",
        "[\"m\"]",
        r#"{"message":7}"#,
        r#"{"message":null}"#,
        r#"{"message":"a","message":"b"}"#,
        r#"{"message":"\ud800"}"#,
    ] {
        let list = traces(&format!(
            r#"{{"_embedded":{{"traces":[{{"trace_id":"t-1","logs":[{good},{odd},{good}]}},{{"trace_id":"t-2","logs":[{good}]}}]}}}}"#
        ))
        .unwrap();
        let [before, line, after] = &list.traces[0].logs[..] else {
            panic!("{odd}: {list:?}")
        };
        for read in [before, after, &list.traces[1].logs[0]] {
            assert_eq!(read.message.as_ref().unwrap().expose(), "m", "{odd}");
            assert!(read.timestamp.is_some(), "{odd}");
        }
        assert!(
            line.message.is_none() && line.timestamp.is_none() && line.attributes.is_none(),
            "{odd}"
        );
        assert!(String::from_utf8_lossy(list.traces[0].raw()).contains(odd));
    }
    for logs in ["{}", "null", "7", "\"m\""] {
        let list = traces(&format!(
            r#"{{"_embedded":{{"traces":[{{"trace_id":"t-1","logs":{logs}}}]}}}}"#
        ));
        assert!(list.unwrap().traces[0].logs.is_empty(), "{logs}");
    }
    let untold = traces(
        r#"{"_embedded":{"traces":[{"trace_id":"t-1","logs":[{"timestamp":"2024-05-02T09:10:11.751Z"}]}]}}"#,
    );
    assert!(untold.unwrap().traces[0].logs[0].timestamp.is_some());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let wire = Wire::start().await;
        let location = format!("{}/elsewhere", wire.base());
        wire.answer_with(status, &[("location", &location)], "");
        let error = wire.client().phone_checks().create(number()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{status}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(wire.call().line, "POST /phone_check/v0.2/checks");
    }
}

#[tokio::test]
async fn an_encoded_answer_is_refused() {
    for encoding in ["gzip", "br", "deflate", "identity, gzip"] {
        let wire = Wire::start().await;
        wire.answer_with(201, &[("content-encoding", encoding)], created(BASE));
        let error = wire.client().phone_checks().create(number()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{encoding}");
        assert_eq!(error.delivery(), Delivery::CarriedOut);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(error.status().unwrap().as_u16(), 201);
    }
    let wire = Wire::start().await;
    wire.answer_with(200, &[("content-encoding", "identity")], completed(true));
    let check = wire.client().phone_checks().get(&id()).await.unwrap();
    assert!(check.is_match());
}
