//! The escape hatch: routes without a typed call, with the token, the limits and the redaction of every
//! other.

use http::Method;
use idlayr::testing::Step;
use idlayr::{Delivery, ErrorKind, ProblemCode, Repeat};

use crate::support::{Scripted, Wire};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const JSON: (&str, &str) = ("content-type", "application/json");
const FACTORS: [&str; 3] = ["authenticator", "v0.1", "factors"];

/// An optional API of contract idlayr, 14, that has no typed calls.
#[tokio::test]
async fn any_route_with_the_token_of_every_other_call() {
    let wire = Wire::start().await;
    wire.answer(201, "application/hal+json", r#"{"factor_id":"f-1"}"#);
    let body = serde_json::json!({ "phone_number": "447700900042" });
    let call = wire.client().request(Method::POST, FACTORS).json(&body);
    let answer = call.await.unwrap();
    wire.call().assert(
        &wire,
        "POST /authenticator/v0.1/factors",
        &[BEARER, JSON],
        r#"{"phone_number":"447700900042"}"#,
    );
    assert_eq!(answer.status(), 201);
    assert_eq!(&answer.body()[..], br#"{"factor_id":"f-1"}"#);
}

#[test]
fn sent_once_unless_told_otherwise() {
    let steps = || [Step::answer(503, ""), Step::json(200, "{}")];
    let scripted = Scripted::new(steps());
    let error = scripted
        .run(scripted.client.request(Method::GET, FACTORS))
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(scripted.calls().len(), 1);

    let scripted = Scripted::new(steps());
    let call = scripted.client.request(Method::GET, FACTORS).repeat(Repeat::Safe);
    assert_eq!(scripted.run(call).unwrap().attempts(), 2);
    assert_eq!(scripted.calls().len(), 2);
}

#[test]
fn errors_are_typed_and_show_no_path() {
    let problem = r#"{"type":"https://developer.tru.id/docs/reference/api-errors#forbidden"}"#;
    let refused = Step::answer(403, problem).header("content-type", "application/problem+json");
    let scripted = Scripted::new([refused]);
    let call = scripted.client.request(Method::GET, ["oidc", "447700900042"]);
    let error = scripted.run(call).unwrap_err();
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::Forbidden));
    assert_eq!((error.provider(), error.kind()), ("idlayr", ErrorKind::Auth));
    assert!(!format!("{error} {error:?}").contains("7700"));
}
