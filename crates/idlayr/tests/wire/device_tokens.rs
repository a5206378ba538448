//! Tokens for handing out (contract idlayr, 2.2 and 10): the scope `coverage` alone, and never the client's
//! own.

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::{Delivery, ErrorKind, Scope};

use crate::support::{FORM, Scripted, TOKEN_ANSWER, Wire, id, in_status};

fn answer(token: &str, members: &str) -> Step {
    Step::json(
        200,
        format!(r#"{{"access_token":"{token}","token_type":"bearer"{members}}}"#),
    )
}

#[tokio::test]
async fn one_is_asked_for_as_documented() {
    let wire = Wire::start().await;
    let body = r#"{"access_token":"device-1","token_type":"bearer","expires_in":3600,"scope":"coverage"}"#;
    wire.answer_token(200, &[("content-type", "application/json")], body);
    // Whatever the client's own scopes are.
    let client = wire
        .builder()
        .scopes([Scope::PhoneCheck, Scope::SimCheck])
        .build()
        .unwrap();
    let token = client.tokens().device_token().await.unwrap();
    assert_eq!(token.access_token.expose(), "device-1");
    assert!(token.expires_in > Duration::from_secs(3590) && token.expires_in <= Duration::from_secs(3600));
    assert!(!format!("{token:?}").contains("device-1"));
    let asked = wire.all();
    assert_eq!(asked.len(), 1);
    asked[0].assert(
        &wire,
        "POST /oauth2/v1/token",
        &[
            ("authorization", "Basic Y2xpZW50LTE6c2VjcmV0LTE="),
            ("content-type", FORM),
        ],
        "grant_type=client_credentials&scope=coverage",
    );
}

/// The client's calls go on with the client's token, and each device gets another.
#[test]
fn it_is_kept_apart_from_the_clients_own() {
    let scope = r#","expires_in":3600,"scope":"coverage""#;
    let scripted = Scripted::new([
        Step::json(200, in_status("PENDING")),
        answer("device-1", scope),
        Step::json(200, in_status("PENDING")),
        answer("device-2", scope),
    ]);
    let client = &scripted.client;
    scripted.run(client.phone_checks().get(&id())).unwrap();
    let first = scripted.run(client.tokens().device_token()).unwrap();
    scripted.run(client.phone_checks().get(&id())).unwrap();
    let second = scripted.run(client.tokens().device_token()).unwrap();
    assert_eq!(first.access_token.expose(), "device-1");
    assert_eq!(second.access_token.expose(), "device-2");
    assert_eq!(first.expires_in, Duration::from_secs(3600));
    let calls = scripted.calls();
    assert_eq!(calls.len(), 2);
    assert!(
        calls
            .iter()
            .all(|call| call.headers["authorization"] == "Bearer AbCdEf.123456")
    );
}

#[test]
fn a_token_that_may_do_more_is_not_handed_out() {
    for members in [
        "",
        r#","scope":null"#,
        r#","scope":"""#,
        r#","scope":"phone_check""#,
        r#","scope":"coverage phone_check""#,
        r#","scope":"phone_check coverage""#,
        r#","scope":"coverage coverage""#,
        r#","scope":"Coverage""#,
        r#","scope":["coverage"]"#,
        r#","scope":1"#,
    ] {
        let scripted = Scripted::from_token([answer("device-1", members)]);
        let error = scripted.run(scripted.client.tokens().device_token()).unwrap_err();
        assert_eq!(
            (error.kind(), error.provider()),
            (ErrorKind::Untrusted, "idlayr"),
            "{members}"
        );
        assert!(!format!("{error:?} {error}").contains("device-1"));
    }
    for members in [r#","scope":"coverage""#, r#","scope":" coverage ""#] {
        let scripted = Scripted::from_token([answer("device-1", members)]);
        scripted.run(scripted.client.tokens().device_token()).unwrap();
    }
}

/// A server that hands out one token for one credential.
#[test]
fn the_clients_own_token_is_not_handed_out() {
    let same = answer("AbCdEf.123456", r#","expires_in":3600,"scope":"coverage""#);
    let scripted = Scripted::from_token([Step::json(200, TOKEN_ANSWER), same]);
    scripted.run(scripted.client.tokens().access_token()).unwrap();
    let error = scripted.run(scripted.client.tokens().device_token()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert!(!format!("{error:?} {error}").contains("AbCdEf"));
}

/// To ask for a token does no harm, so that it is asked for again; what the waits took, the device has less.
#[test]
fn a_failure_in_passing_is_asked_again_and_its_time_counts() {
    let scripted = Scripted::from_token([
        Step::answer(503, ""),
        Step::json(429, "{}").header("retry-after", "7"),
        answer("device-1", r#","expires_in":3600,"scope":"coverage""#),
    ]);
    let token = scripted.run(scripted.client.tokens().device_token()).unwrap();
    assert_eq!(token.access_token.expose(), "device-1");
    assert_eq!(scripted.transport.seen().len(), 3);
    assert!(token.expires_in <= Duration::from_secs(3593), "{token:?}");
    assert!(token.expires_in > Duration::from_secs(3580), "{token:?}");
}

#[test]
fn a_refused_scope_is_an_error_of_the_credential() {
    let refused = Step::json(400, r#"{"error":"invalid_scope"}"#);
    let scripted = Scripted::from_token([refused, Step::json(200, TOKEN_ANSWER)]);
    let error = scripted.run(scripted.client.tokens().device_token()).unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Auth, Some("invalid_scope"))
    );
    assert_eq!(error.delivery(), Delivery::Refused);
    scripted.run(scripted.client.tokens().access_token()).unwrap();
}
