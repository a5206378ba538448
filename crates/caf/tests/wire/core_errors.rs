//! What CAF says when it refuses: no error body is published (contract caf, 3.5 and 4.1).

use caf::testing::Step;
use caf::transactions::{FileType, TransactionFile};
use caf::{Delivery, Error, ErrorKind};

use crate::core_support::{id, template};
use crate::support::{Scripted, assert_hides};

type Failing = fn(&Scripted) -> Error;

/// Each operation, with its name.
fn calls() -> Vec<(&'static str, Failing)> {
    vec![
        ("core_transaction.create", |scripted| {
            scripted
                .run(scripted.transactions().create(&template()))
                .unwrap_err()
        }),
        ("core_transaction.get", |scripted| {
            scripted.run(scripted.transactions().get(&id())).unwrap_err()
        }),
        ("core_transaction.list", |scripted| {
            scripted.run(scripted.transactions().list()).unwrap_err()
        }),
        ("core_ocr.read", |scripted| {
            let front = TransactionFile::at_url(FileType::Front, "https://img.example.com/a");
            scripted
                .run(scripted.transactions().ocr_sync([front]))
                .unwrap_err()
        }),
        ("core_transaction.get", |scripted| {
            scripted
                .run(scripted.transactions().until_final(&id()))
                .unwrap_err()
        }),
    ]
}

#[test]
fn every_status_ends_typed() {
    for (operation, call) in calls() {
        for (status, kind) in [
            (400, ErrorKind::Provider),
            (401, ErrorKind::Auth),
            (403, ErrorKind::Auth),
            (404, ErrorKind::Provider),
            (409, ErrorKind::Provider),
            (422, ErrorKind::Provider),
        ] {
            let body = format!(
                r#"{{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","message":"Transaction of Ana, {status}"}}"#
            );
            let scripted = Scripted::core([Step::json(status, body.clone())]);
            let error = call(&scripted);
            assert_eq!(
                (error.kind(), error.delivery()),
                (kind, Delivery::Refused),
                "{operation}"
            );
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!((error.provider(), error.operation()), ("caf", operation));
            let message = format!("Transaction of Ana, {status}");
            assert_eq!(error.provider_message(), Some(message.as_str()));
            assert_eq!(error.request_id(), Some("7d3b1f0a-1111-4222-8333-944445555566"));
            assert_eq!(error.body(), body.as_bytes());
            assert_hides(&error, &["Ana", "core-token"]);
            assert_eq!(scripted.transport.seen().len(), 1, "{operation} {status}");
        }
    }
}

/// After a failure of the server nobody knows whether there is a transaction.
#[test]
fn a_failing_server_leaves_it_open() {
    for (operation, call) in calls().into_iter().take(4) {
        let body = r#"{"requestId":"r","error":"internal"}"#;
        let scripted = Scripted::core(vec![Step::json(500, body); 3]);
        let error = call(&scripted);
        assert_eq!(error.kind(), ErrorKind::Provider);
        assert_eq!(error.code(), Some("internal"));
        let reads = operation.ends_with(".get") || operation.ends_with(".list");
        assert_eq!(error.is_safe_to_repeat(), reads, "{operation}");
        assert_eq!(scripted.transport.seen().len() > 1, reads, "{operation}");
    }
}

/// Every shape that such bodies usually have, and what is none.
#[test]
fn any_body_ends_typed() {
    for (body, message) in [
        (r#"{"message":"no"}"#, Some("no")),
        (r#"{"errors":"no"}"#, Some("no")),
        (
            r#"{"requestId":"r","error":"bad_request","message":"no"}"#,
            Some("no"),
        ),
        (r#"{"errors":["no"]}"#, Some("no")),
        (r#"{"errors":[{"message":"no"}]}"#, Some("no")),
        (r#"{"message":{"pt":"no"}}"#, None),
        (r#"{"message":null}"#, None),
        (r#"{"requestId":7,"message":7}"#, None),
        (r#""no""#, Some("no")),
        ("{}", None),
        ("[]", None),
        ("null", None),
        ("", None),
        ("<html><body>400</body></html>", None),
        ("{\"message\":", None),
        ("\u{feff}{}", None),
    ] {
        for (operation, call) in calls() {
            let scripted = Scripted::core([Step::json(400, body)]);
            let error = call(&scripted);
            assert_eq!(error.status().unwrap().as_u16(), 400, "{body}");
            assert_eq!(
                (error.kind(), error.operation()),
                (ErrorKind::Provider, operation)
            );
            assert_eq!(error.provider_message(), message, "{body}");
            assert_eq!(error.body(), body);
        }
    }
    for (_, call) in calls() {
        let scripted = Scripted::core([Step::answer(400, &b"\xff\xfe\0"[..])]);
        assert_eq!(call(&scripted).body(), &b"\xff\xfe\0"[..]);
    }
}

/// The id that CAF's support asks for is in the body; gateways in between write headers of that name.
#[test]
fn the_request_id_is_the_bodys() {
    for (body, request_id) in [
        (r#"{"requestId":"r-1"}"#, "r-1"),
        (r#"{"requestId":7}"#, "gateway"),
        ("<html>", "gateway"),
    ] {
        for (_, call) in calls() {
            let refused = Step::json(400, body).header("x-request-id", "gateway");
            let error = call(&Scripted::core([refused]));
            assert_eq!(error.request_id(), Some(request_id), "{body}");
        }
    }
}

/// No limit is documented, and third parties have met one.
#[test]
fn a_rate_limit_says_how_long_to_wait() {
    let scripted = Scripted::core([Step::json(429, "{}").header("retry-after", "120")]);
    let error = scripted
        .run(scripted.transactions().create(&template()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after().unwrap().as_secs(), 120);
    assert_eq!(scripted.transport.seen().len(), 1);
}
