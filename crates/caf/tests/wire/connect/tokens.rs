//! `POST /oauth2/token` (contract caf, 6.1), and what becomes of the calls that wait for a token.

use std::time::Duration;

use caf::testing::Step;
use caf::transactions::TransactionId;
use caf::{Client, Delivery, Error, ErrorKind};

use super::{BASE, CLIENT_SECRET, TOKEN, TOKEN_ANSWER, TOKEN_REQUEST, assert_request};
use crate::support::{Scripted, assert_hides};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn id() -> TransactionId {
    TransactionId::new("64b0c0ffee0000000000bbbb").unwrap()
}

const TRANSACTION: &str = r#"{"requestId":"r","id":"64b0c0ffee0000000000bbbb","status":"PROCESSING"}"#;

#[test]
fn the_golden_token_request() {
    let scripted = Scripted::application([]);
    let token = scripted.run(Box::pin(scripted.connect().access_token())).unwrap();
    assert_eq!(token.expose(), TOKEN);
    let seen = scripted.transport.seen();
    assert_eq!(seen.len(), 1);
    let line = format!("POST {BASE}/oauth2/token");
    // No Authorization: the id and the secret are in the body, and nowhere else.
    assert_request(&seen[0], &line, &[FORM], TOKEN_REQUEST.as_bytes());
}

#[test]
fn a_token_is_fetched_once_and_renewed_when_it_is_old() {
    let scripted = Scripted::application([
        Step::json(200, TRANSACTION),
        Step::json(200, TRANSACTION),
        Step::json(200, TOKEN_ANSWER.replace("EXAMPLE", "SECOND")),
        Step::json(200, TRANSACTION),
    ]);
    let transactions = scripted.connect().transactions();
    for _ in 0..2 {
        scripted.run(transactions.get(&id())).unwrap();
    }
    scripted.clock.advance(Duration::from_secs(3600));
    scripted.run(transactions.get(&id())).unwrap();
    assert_eq!(scripted.transport.seen().len(), 5);
    let carried: Vec<_> = scripted
        .calls()
        .iter()
        .map(|seen| seen.header("authorization").unwrap().to_owned())
        .collect();
    let second = TOKEN.replace("EXAMPLE", "SECOND");
    assert_eq!(
        carried,
        [
            format!("Bearer {TOKEN}"),
            format!("Bearer {TOKEN}"),
            format!("Bearer {second}")
        ]
    );
}

/// A 401 shows that the call was not carried out, so a creation is repeated too.
#[test]
fn a_401_renews_the_token_once() {
    let created = r#"{"requestId":"r","id":"64b0c0ffee0000000000bbbb"}"#;
    let steps = || {
        [
            Step::json(401, "{}"),
            Step::json(200, TOKEN_ANSWER.replace("EXAMPLE", "SECOND")),
        ]
    };
    let template = caf::transactions::TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();

    let scripted = Scripted::application(steps().into_iter().chain([Step::json(200, created)]));
    let create = || scripted.connect().transactions().create(&template);
    let reply = scripted.run(Box::pin(create().send_with_metadata())).unwrap();
    assert_eq!(reply.value().id.as_str(), "64b0c0ffee0000000000bbbb");
    let calls = scripted.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].body, calls[1].body);
    assert_eq!(
        calls[1].header("authorization"),
        Some("Bearer SECOND.rs256.token")
    );

    let scripted = Scripted::application(
        steps()
            .into_iter()
            .chain([Step::json(401, r#"{"message":"no"}"#)]),
    );
    let create = scripted.connect().transactions().create(&template);
    let error = scripted.run(create).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Auth, Delivery::Refused)
    );
    assert_eq!((scripted.calls().len(), scripted.transport.unplayed()), (2, 0));
}

fn refused(status: u16, body: &str) -> Error {
    let scripted = Scripted::application_from_token([Step::json(status, body.to_owned())], |config| config);
    let call = scripted.connect().transactions().get(&id());
    let error = scripted.run(call).unwrap_err();
    assert_eq!(scripted.calls().len(), 0, "nothing is called without a token");
    assert_eq!(error.operation(), "connect_transaction.get");
    assert_eq!(error.provider(), "caf");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_hides(&error, &[CLIENT_SECRET]);
    error
}

/// The bodies are not published: whatever there is must end typed.
#[test]
fn refusals_of_the_token_endpoint() {
    for body in [
        "",
        "{}",
        "<html>",
        r#"{"error":"invalid_client"}"#,
        r#"{"message":"bad"}"#,
    ] {
        let error = refused(401, body);
        assert_eq!(error.kind(), ErrorKind::Auth, "{body}");
        assert_eq!(error.status().unwrap().as_u16(), 401);
        assert_eq!(error.body(), body.as_bytes());
    }
    assert_eq!(
        refused(400, r#"{"error":"invalid_client"}"#).kind(),
        ErrorKind::Auth
    );
    let error = refused(400, r#"{"message":"grant_type is missing","requestId":"r-1"}"#);
    assert_eq!(error.kind(), ErrorKind::Provider);
    assert_eq!(error.provider_message(), Some("grant_type is missing"));
}

#[test]
fn a_token_endpoint_that_is_in_trouble_is_asked_again() {
    let scripted = Scripted::application_from_token(
        [
            Step::json(503, "{}"),
            Step::json(200, TOKEN_ANSWER),
            Step::json(200, TRANSACTION),
        ],
        |config| config,
    );
    let call = scripted.connect().transactions().get(&id());
    assert!(!scripted.run(call).unwrap().is_approved());
}

#[test]
fn a_token_answer_that_is_none_is_an_error_that_does_not_show_it() {
    for body in [
        "{}",
        r#"["S3CR3T.token","Bearer",3600]"#,
        r#"{"access_token":"S3CR3T.token"}"#,
        r#"{"access_token":"S3CR3T.token","token_type":"mac"}"#,
        r#"{"access_token":"S3CR3T.token\r\nx: y","token_type":"Bearer"}"#,
    ] {
        let error = refused(200, body);
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        let shown = format!("{error} {error:?} {:?}", error.body());
        assert!(!shown.contains("S3CR3T"), "{shown}");
    }
}

#[test]
fn without_an_application_nothing_is_sent() {
    let scripted = Scripted::application_from_token([], |config| config);
    let other = Client::builder()
        .core_token("core-token")
        .transport(scripted.transport.shared())
        .clock(scripted.clock.shared())
        .build()
        .unwrap();
    let connect = other.connect();
    for error in [
        scripted.run(Box::pin(connect.access_token())).unwrap_err(),
        scripted.run(connect.transactions().get(&id())).unwrap_err(),
        scripted
            .run(connect.upload_file("a.jpg", "image/jpeg", "x"))
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("connect_application"), "{error}");
        assert_eq!((error.provider(), error.delivery()), ("caf", Delivery::NotSent));
    }
    assert_eq!(scripted.transport.seen().len(), 0);
}

#[test]
fn tokens_come_from_where_they_are_said_to_be() {
    let steps = || [Step::json(200, TOKEN_ANSWER), Step::json(200, TRANSACTION)];
    let hosts = |set: fn(caf::Config) -> caf::Config| {
        let scripted = Scripted::application_from_token(steps(), set);
        let call = scripted.connect().transactions().get(&id());
        scripted.run(call).unwrap();
        let seen = scripted.transport.seen();
        seen.iter()
            .map(|seen| seen.uri.host().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(hosts(|config| config), ["api.us.prd.caf.io"; 2]);
    assert_eq!(hosts(caf::Config::connect_mtls), ["mtls.us.prd.caf.io"; 2]);
    assert_eq!(
        hosts(|config| config
            .connect_mtls()
            .connect_token_base_url("https://api.us.prd.caf.io")),
        ["api.us.prd.caf.io", "mtls.us.prd.caf.io"]
    );
    assert_eq!(
        hosts(|config| config.connect_base_url("https://proxy.example.net/caf")),
        ["proxy.example.net"; 2]
    );
}

#[cfg(feature = "token-store")]
#[test]
fn two_clients_share_a_token_through_a_store() {
    use std::sync::Arc;

    let scripted = Scripted::application_from_token([], |config| config);
    let store = Arc::new(caf::store::MemoryTokenStore::new(scripted.clock.shared()));
    let client = |id: &str| {
        Client::builder()
            .connect_application(id, CLIENT_SECRET)
            .token_store(store.clone())
            .transport(scripted.transport.shared())
            .clock(scripted.clock.shared())
            .build()
            .unwrap()
            .connect()
    };
    scripted.transport.then([Step::json(200, TOKEN_ANSWER)]);
    for _ in 0..2 {
        let token = scripted.run(Box::pin(client("one").access_token())).unwrap();
        assert_eq!(token.expose(), TOKEN);
    }
    assert_eq!(scripted.transport.seen().len(), 1);
    // Another application has another token.
    scripted
        .transport
        .then([Step::json(200, TOKEN_ANSWER.replace("EXAMPLE", "OTHER"))]);
    let token = scripted.run(Box::pin(client("two").access_token())).unwrap();
    assert_eq!(token.expose(), "OTHER.rs256.token");
}
