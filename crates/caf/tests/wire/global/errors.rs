//! What the provider says when it refuses: no body is published (contract caf, 7).

use caf::global_api::{GlobalTransactionId, WorkflowId};
use caf::testing::Step;
use caf::{Cpf, Delivery, Error, ErrorKind};
use http::Method;

use crate::core_faces::support::{CORE_TOKEN, CPF, NAME, assert_silent};
use crate::support::Scripted;

/// Every operation of the Global API, by its name, and how often it was sent.
fn calls(steps: &[Step]) -> Vec<(&'static str, Error, usize)> {
    let cpf = Cpf::parse(CPF).unwrap();
    let id = GlobalTransactionId::new("64b0c0ffee0000000000bbbb").unwrap();
    let workflow = WorkflowId::new("64b0c0ffee0000000000dddd").unwrap();
    let mut failed = Vec::new();
    let mut fail = |name: &'static str, call: &dyn Fn(&Scripted) -> Error| {
        let scripted = Scripted::core_and_global(steps.to_vec());
        let error = call(&scripted);
        failed.push((name, error, scripted.transport.seen().len()));
    };
    fail("global_service.query", &|scripted| {
        scripted
            .run(scripted.client.global().services().sanctions(NAME))
            .unwrap_err()
    });
    fail("global_service.cpf_sync", &|scripted| {
        scripted
            .run(scripted.client.global().services().cpf_sync(&cpf))
            .unwrap_err()
    });
    fail("global_transaction.create", &|scripted| {
        scripted
            .run(scripted.client.global().transactions().create(&workflow))
            .unwrap_err()
    });
    fail("global_transaction.get", &|scripted| {
        scripted
            .run(scripted.client.global().transactions().get(&id))
            .unwrap_err()
    });
    fail("global_transaction.list", &|scripted| {
        scripted
            .run(scripted.client.global().unconfirmed().list_transactions())
            .unwrap_err()
    });
    fail("global_transaction.review", &|scripted| {
        let unconfirmed = scripted.client.global().unconfirmed();
        scripted
            .run(unconfirmed.review_transaction(Method::PATCH, &id, &()))
            .unwrap_err()
    });
    failed
}

#[test]
fn every_refusal_is_typed_whatever_its_body() {
    for (status, kind) in [
        (400, ErrorKind::Provider),
        (401, ErrorKind::Auth),
        (403, ErrorKind::Auth),
        (404, ErrorKind::Provider),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Provider),
    ] {
        for body in [
            r#"{"requestId":"r-1","message":"Ana Needle 12345678909"}"#,
            r#"{"error":"Ana Needle"}"#,
            r#"{"errors":[{"n33dle":1}]}"#,
            "<html>n33dle</html>",
            "",
        ] {
            for (name, error, _) in calls(&[
                Step::json(status, body),
                Step::json(status, body),
                Step::json(status, body),
            ]) {
                assert_eq!(error.operation(), name);
                assert_eq!((error.kind(), error.provider()), (kind, "caf"), "{name} {status}");
                assert_eq!(error.status().unwrap().as_u16(), status);
                assert_eq!(error.body(), body.as_bytes());
                assert_silent(&error);
            }
        }
    }
}

#[test]
fn only_reads_are_repeated() {
    let unavailable = || Step::json(503, "{}");
    for (name, _, sent) in calls(&[unavailable(), unavailable(), unavailable()]) {
        let reads = name.ends_with(".get") || name.ends_with(".list");
        assert_eq!(sent, if reads { 3 } else { 1 }, "{name}");
    }
}

#[test]
fn another_familys_token_opens_nothing() {
    let cpf = Cpf::parse(CPF).unwrap();
    let scripted = Scripted::with([], |config| config.core_token(CORE_TOKEN));
    let services = scripted.client.global().services();
    for error in [
        scripted.run(services.sanctions(NAME)).unwrap_err(),
        scripted.run(services.cpf_sync(&cpf)).unwrap_err(),
    ] {
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Configuration, Delivery::NotSent)
        );
        assert!(format!("{error}").contains("global_token"), "{error}");
        assert_silent(&error);
    }
    assert_eq!(scripted.transport.seen().len(), 0);
}
