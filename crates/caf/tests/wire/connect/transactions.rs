//! Transactions by the Connect API (contract caf, 6.3): the Core API's shape on another host, with another
//! authorisation.

use caf::testing::Step;
use caf::transactions::{
    Attributes, FileType, TemplateId, TransactionFile, TransactionId, TransactionStatus,
};
use caf::transport::TransportErrorKind;
use caf::{CalendarDate, Cpf, Delivery, ErrorKind, Repeat};
use http::Method;

use super::BASE;
use crate::support::Scripted;

const JSON: (&str, &str) = ("content-type", "application/json");

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

fn id() -> TransactionId {
    TransactionId::new("64b0c0ffee0000000000bbbb").unwrap()
}

#[test]
fn the_golden_creation() {
    let answer = r#"{"requestId":"7d3b1f0a-1111-4222-8333-444445555566","id":"64b0c0ffee0000000000bbbb"}"#;
    let scripted = Scripted::application([Step::json(200, answer)]);
    let attributes = Attributes::new()
        .cpf(Cpf::parse("12345678909").unwrap())
        .name("Ana Teste")
        .birth_date(CalendarDate::new(1990, 2, 1).unwrap());
    let create = scripted
        .connect()
        .transactions()
        .create(&template())
        .file(TransactionFile::of_data(FileType::Selfie, "f1l3-9a8b.jpg"))
        .attributes(attributes)
        .metadata("orderId", "A-17")
        .reference_token("made.up.token")
        .callback_url("https://hooks.example.com/caf/9f2c");
    let created = scripted.run(create).unwrap();
    assert_eq!(created.id, id());
    let body = r#"{"templateId":"64b0c0ffee0000000000aaaa","files":[{"data":"f1l3-9a8b.jpg","type":"SELFIE"}],"attributes":{"cpf":"12345678909","name":"Ana Teste","birthDate":"01/02/1990"},"metadata":{"orderId":"A-17"},"referenceToken":"made.up.token","_callbackUrl":"https://hooks.example.com/caf/9f2c"}"#;
    scripted.assert_called(
        &format!("POST {BASE}/v1/transactions?origin=TRUST"),
        &[JSON],
        body.as_bytes(),
    );
}

#[test]
fn the_golden_read() {
    let answer = r#"{"requestId":"r","id":"64b0c0ffee0000000000bbbb","status":"APPROVED","createdAt":"2026-01-02T03:04:05.678Z"}"#;
    let scripted = Scripted::application([Step::json(200, answer)]);
    let read = scripted
        .connect()
        .transactions()
        .get(&id())
        .include_cropped_images(true)
        .language("pt");
    let transaction = scripted.run(read).unwrap();
    assert_eq!(transaction.status, TransactionStatus::Approved);
    assert!(transaction.is_approved());
    let line =
        format!("GET {BASE}/v1/transactions/64b0c0ffee0000000000bbbb?_includeCroppedImages=true&_lang=pt");
    scripted.assert_called(&line, &[], b"");
}

#[test]
fn a_creation_is_sent_once_and_a_read_again() {
    let lost = || Step::Fail(TransportErrorKind::Interrupted);
    let scripted = Scripted::application([lost()]);
    let create = scripted.connect().transactions().create(&template());
    let error = scripted.run(create).unwrap_err();
    assert_eq!(
        (error.operation(), error.delivery()),
        ("connect_transaction.create", Delivery::Unknown)
    );
    assert_eq!(scripted.calls().len(), 1);

    let answer = r#"{"id":"64b0c0ffee0000000000bbbb","status":"REPROVED"}"#;
    let scripted = Scripted::application([lost(), Step::json(200, answer)]);
    let read = scripted.connect().transactions().get(&id());
    assert!(!scripted.run(read).unwrap().is_approved());
}

/// Neither the errors' bodies nor what says "no such transaction" are published (contract caf, 10).
#[test]
fn errors_end_typed_whatever_their_body() {
    for (status, kind) in [
        (400, ErrorKind::Provider),
        (403, ErrorKind::Auth),
        (404, ErrorKind::Provider),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Provider),
    ] {
        for (body, message) in [
            ("", None),
            ("<html>", None),
            ("[1]", None),
            (r#"{"requestId":"7d3b1f0a-1111-4222-8333-444445555566"}"#, None),
            (r#"{"message":"m1"}"#, Some("m1")),
            (r#"{"errors":"m2"}"#, Some("m2")),
        ] {
            let answer = Step::json(status, body);
            let scripted = Scripted::application([answer.clone(), answer.clone(), answer]);
            let error = scripted
                .run(scripted.connect().transactions().create(&template()))
                .unwrap_err();
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.provider_message(), message, "{body}");
            assert_eq!(error.body(), body.as_bytes());
            assert_eq!(error.request_id().is_some(), body.contains("requestId"));
        }
    }
}

#[test]
fn any_other_route_can_be_asked() {
    let scripted = Scripted::application([Step::json(200, r#"{"a":1}"#)]);
    let request = scripted
        .connect()
        .request(Method::GET, ["v1", "something", "a/b"])
        .query("q", "1 2")
        .repeat(Repeat::Safe);
    let reply = scripted.run(request).unwrap();
    assert_eq!(&reply.body()[..], br#"{"a":1}"#);
    let line = format!("GET {BASE}/v1/something/a%2Fb?q=1+2");
    scripted.assert_called(&line, &[("accept", "*/*")], b"");
}
