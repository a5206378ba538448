//! Answers that nobody documented: each ends as a typed error with the answer inside, or as a value that
//! keeps it.

use std::future::IntoFuture as _;

use cm_identity::testing::{Step, drive};
use cm_identity::{CallFuture, Client, Delivery, Error, ErrorKind, ServiceType};

use crate::support::{CALLBACK_URL, Scripted, check, id, number};

type Call = fn(&Client) -> CallFuture<()>;

/// Every call, and whether it may be repeated.
const CALLS: [(&str, Call, bool); 5] = [
    (
        "sim_swap.check",
        |client| {
            let call = client.sim_swap().check(number(), ServiceType::Timestamp);
            Box::pin(async { call.await.map(|_| ()) })
        },
        false,
    ),
    (
        "identity_match.compare",
        |client| {
            let call = client.identity_match().compare(number()).first_name("Anna");
            Box::pin(async { call.await.map(|_| ()) })
        },
        false,
    ),
    (
        "identity_match.score",
        |client| {
            let call = client.identity_match().score(number()).first_name("Anna");
            Box::pin(async { call.await.map(|_| ()) })
        },
        false,
    ),
    (
        "number_verify.create",
        |client| {
            let call = client.number_verify().create(number(), CALLBACK_URL);
            Box::pin(async { call.await.map(|_| ()) })
        },
        false,
    ),
    (
        "number_verify.get",
        |client| {
            let call = client.number_verify().get(&id());
            Box::pin(async { call.await.map(|_| ()) })
        },
        true,
    ),
];

fn run(call: Call, steps: impl IntoIterator<Item = Step>) -> (Result<(), Error>, usize) {
    let scripted = Scripted::new(steps);
    let outcome = drive(&scripted.clock, call(&scripted.client).into_future());
    (outcome, scripted.transport.seen().len())
}

#[track_caller]
fn assert_unreadable(call: Call, safe: bool, body: &[u8]) {
    let (outcome, sent) = run(call, [Step::json(200, body.to_vec()), Step::json(200, "{}")]);
    let error = outcome.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Decode,
        "{}",
        String::from_utf8_lossy(body)
    );
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert_eq!(error.body(), body, "nothing is lost");
    assert_eq!(error.is_safe_to_repeat(), safe);
    assert_eq!(sent, 1, "reading it again would not help");
}

#[test]
fn what_is_no_json_object_is_an_error_with_the_answer_inside() {
    let bodies: [&[u8]; 13] = [
        b"",
        b" ",
        b"null",
        b"true",
        b"17",
        b"\"success\"",
        b"[]",
        b"[\"success\",\"2025-02-03T04:05:06Z\",false,null]",
        b"<html><body>Sign in</body></html>",
        b"{\"state\":",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"{}{}",
    ];
    for (_, call, safe) in CALLS {
        for body in bodies {
            assert_unreadable(call, safe, body);
        }
    }
}

#[test]
fn a_decision_of_the_wrong_type_or_doubled_is_an_error() {
    for (name, body) in [
        ("sim_swap.check", r#"{"state":1,"24h":false}"#),
        ("sim_swap.check", r#"{"state":null,"24h":false}"#),
        ("sim_swap.check", r#"{"24h":"false"}"#),
        ("sim_swap.check", r#"{"24h":0}"#),
        ("sim_swap.check", r#"{"24h":true,"24h":false}"#),
        (
            "sim_swap.check",
            r#"{"state":"failed","state":"success","24h":false}"#,
        ),
        ("sim_swap.check", r#"{"timestamp":1738555506}"#),
        ("sim_swap.check", r#"{"timestamp":"yesterday"}"#),
        ("identity_match.compare", r#"{"state":true,"nameMatch":true}"#),
        ("identity_match.compare", r#"{"nameMatch":1}"#),
        ("identity_match.compare", r#"{"nameMatch":"yes"}"#),
        ("identity_match.compare", r#"{"nameMatch":"TRUE"}"#),
        ("identity_match.compare", r#"{"nameMatch":[true]}"#),
        (
            "identity_match.compare",
            r#"{"nameMatch":false,"nameMatch":true}"#,
        ),
        ("identity_match.score", r#"{"state":null,"nameScore":100}"#),
        ("identity_match.score", r#"{"nameScore":0,"nameScore":100}"#),
        ("number_verify.create", "{}"),
        ("number_verify.create", r#"{"id":"c-1","state":"pending"}"#),
        (
            "number_verify.create",
            r#"{"id":"c-1","state":"pending","sessionUrl":null}"#,
        ),
        (
            "number_verify.create",
            r#"{"id":"c-1","state":"pending","sessionUrl":"/s/1"}"#,
        ),
        (
            "number_verify.create",
            r#"{"id":"c-1","state":"pending","sessionUrl":"javascript:alert(1)"}"#,
        ),
        (
            "number_verify.create",
            r#"{"id":"c-1","state":"pending","sessionUrl":"https://"}"#,
        ),
        (
            "number_verify.create",
            r#"{"id":"","state":"pending","sessionUrl":"http://s.example/"}"#,
        ),
        (
            "number_verify.create",
            r#"{"id":"..","state":"pending","sessionUrl":"http://s.example/"}"#,
        ),
        ("number_verify.get", "{}"),
        (
            "number_verify.get",
            r#"{"id":"another","state":"completed","match":true}"#,
        ),
        ("number_verify.get", r#"{"state":"completed","match":true}"#),
        (
            "number_verify.get",
            r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","match":true}"#,
        ),
        (
            "number_verify.get",
            r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"completed","match":"true"}"#,
        ),
        (
            "number_verify.get",
            r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"completed","match":false,"match":true}"#,
        ),
    ] {
        let (_, call, safe) = CALLS.into_iter().find(|(known, ..)| *known == name).unwrap();
        assert_unreadable(call, safe, body.as_bytes());
    }
}

#[test]
fn the_same_id_in_capitals_is_the_same() {
    let (outcome, _) = run(
        CALLS[4].1,
        [Step::json(
            200,
            check("pending", "null")
                .to_uppercase()
                .replace("ID", "id")
                .replace("STATE", "state")
                .replace("MATCH", "match")
                .replace("NULL", "null"),
        )],
    );
    outcome.unwrap();
}

#[test]
fn errors_are_read_in_the_familys_shape_and_in_any_other() {
    for (name, call, safe) in CALLS {
        for (status, body, message) in [
            (
                400,
                r#"{"status":400,"message":"phone number +31600000042 is invalid"}"#,
                Some("phone number +31600000042 is invalid"),
            ),
            (404, "", None),
            (422, "<html>", None),
            (409, "[1]", None),
            (402, r#"{"status":"402"}"#, None),
        ] {
            let (outcome, sent) = run(call, [Step::json(status, body)]);
            let error = outcome.unwrap_err();
            assert_eq!((error.kind(), sent), (ErrorKind::Provider, 1));
            assert_eq!(error.operation(), name);
            assert_eq!(error.delivery(), Delivery::Refused);
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.provider_message(), message);
            assert_eq!(&error.body()[..], body.as_bytes());
            assert!(
                !format!("{error} {error:#} {error:?}").contains("31600000042"),
                "{error:?}"
            );
        }
        // Whether an operator's failure comes this way is not documented: it may have been carried out.
        let (outcome, sent) = run(call, [500, 502, 503].map(|status| Step::json(status, "{}")));
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.delivery(), error.is_safe_to_repeat()),
            (Delivery::Unknown, safe)
        );
        assert_eq!(sent, if safe { 3 } else { 1 });
    }
}
