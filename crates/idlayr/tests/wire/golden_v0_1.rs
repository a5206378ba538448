//! Every PhoneCheck v0.1 operation: the request to the byte, and what the answer is read as
//! (contract idlayr, 3, 6 and 9).

use idlayr::TraceId;

use crate::documented::{
    self, BEARER, HAL, JSON, answer_traces, assert_completed, assert_created, assert_failed, assert_traces,
};
use crate::support::{ID, TRACE_ID, Wire, id, number};

const PATH: &str = "/phone_check/v0.1/checks";

fn url(wire: &Wire) -> String {
    format!("{}{PATH}/{ID}", wire.base())
}

#[tokio::test]
async fn create() {
    let wire = Wire::start().await;
    for _ in 0..2 {
        wire.answer(201, HAL, documented::created(&url(&wire)));
    }
    let checks = wire.client().phone_checks_v0_1();
    assert_created!(checks.create(number()).await.unwrap(), url(&wire));
    let create = checks
        .create(number())
        .callback_url("https://app.example.net/callback")
        .reference_id("order-77")
        .phone_ip("203.0.113.9".parse().unwrap());
    assert_created!(create.await.unwrap(), url(&wire));
    let bodies = [
        r#"{"phone_number":"447700900042"}"#,
        r#"{"phone_number":"447700900042","phone_ip":"203.0.113.9","reference_id":"order-77","callback_url":"https://app.example.net/callback"}"#,
    ];
    let calls = wire.calls();
    assert_eq!(calls.len(), bodies.len());
    for (call, body) in calls.iter().zip(bodies) {
        call.assert(&wire, &format!("POST {PATH}"), &[BEARER, JSON], body);
    }
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, documented::completed(&url(&wire), ""));
    let check = wire.client().phone_checks_v0_1().get(&id()).await.unwrap();
    wire.call()
        .assert(&wire, &format!("GET {PATH}/{ID}"), &[BEARER], "");
    assert_completed!(check, url(&wire));
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let list = wire.client().phone_checks_v0_1().list();
    let checks = [
        documented::completed(&url(&wire), ""),
        documented::failed(&url(&wire)),
    ];
    let checks = documented::list(&wire, PATH, list, checks).await;
    assert_completed!(checks[0], url(&wire));
    assert_failed!(checks[1]);
    assert_eq!(checks[1].verdict(), None);
}

#[tokio::test]
async fn traces_and_trace() {
    let wire = Wire::start().await;
    let checks = wire.client().phone_checks_v0_1();
    answer_traces(&wire, &url(&wire));
    let list = checks.traces(&id()).await.unwrap();
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let one = checks.trace(&id(), &trace_id).await.unwrap();
    assert_traces(&wire, PATH, &list, &one);
}
