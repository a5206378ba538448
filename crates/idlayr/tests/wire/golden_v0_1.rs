//! Every PhoneCheck v0.1 operation: the request to the byte, and what the answer is read as (contract idlayr, 3, 6 and 9).

use std::time::Duration;

use idlayr::{CheckStatus, TraceId};

use crate::support::{ID, TRACE_ID, Wire, completed, created, id, number};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const HAL: &str = "application/hal+json";

#[tokio::test]
async fn create() {
    let wire = Wire::start().await;
    let answer = created(&wire.base())
        .replace("v0.2", "v0.1")
        .replace(r#""ttl":120"#, r#""ttl":60"#);
    for _ in 0..2 {
        wire.answer(201, HAL, answer.clone());
    }
    let client = wire.client();
    let check = client.phone_checks_v0_1().create(number()).await.unwrap();
    assert_eq!(check.status, CheckStatus::Accepted);
    assert_eq!(check.ttl, Some(Duration::from_secs(60)));
    assert_eq!(
        check.check_url.as_str(),
        format!("{}/phone_check/v0.1/checks/{ID}/redirect", wire.base())
    );

    client
        .phone_checks_v0_1()
        .create(number())
        .callback_url("http://app.example.net/callback")
        .reference_id("order-77")
        .phone_ip("203.0.113.9".parse().unwrap())
        .await
        .unwrap();
    let bodies = [
        r#"{"phone_number":"447700900042"}"#,
        r#"{"phone_number":"447700900042","phone_ip":"203.0.113.9","reference_id":"order-77","callback_url":"http://app.example.net/callback"}"#,
    ];
    let calls = wire.calls();
    assert_eq!(calls.len(), bodies.len());
    for (call, body) in calls.iter().zip(bodies) {
        call.assert(
            &wire,
            "POST /phone_check/v0.1/checks",
            &[BEARER, ("content-type", "application/json")],
            body,
        );
    }
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, completed(true));
    let check = wire.client().phone_checks_v0_1().get(&id()).await.unwrap();
    wire.call().assert(
        &wire,
        &format!("GET /phone_check/v0.1/checks/{ID}"),
        &[BEARER],
        "",
    );
    assert!(check.is_match());
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let next = format!("{}/phone_check/v0.1/checks?page=2", wire.base());
    wire.answer(
        200,
        HAL,
        format!(
            r#"{{"_embedded":{{"checks":[{}]}},"_links":{{"next":{{"href":"{next}"}}}}}}"#,
            completed(false)
        ),
    );
    wire.answer(200, HAL, r#"{"_embedded":{"checks":[]},"_links":{}}"#);
    let page = wire.client().phone_checks_v0_1().list().size(1).await.unwrap();
    assert_eq!(page.checks[0].verdict(), Some(false));
    assert!(page.next().unwrap().await.unwrap().next().is_none());
    let calls = wire.calls();
    calls[0].assert(&wire, "GET /phone_check/v0.1/checks?size=1", &[BEARER], "");
    calls[1].assert(&wire, "GET /phone_check/v0.1/checks?page=2", &[BEARER], "");
}

#[tokio::test]
async fn traces_and_trace() {
    let wire = Wire::start().await;
    let client = wire.client();
    let trace = format!(r#"{{"trace_id":"{TRACE_ID}","logs":[{{"message":"m"}}]}}"#);
    wire.answer(200, HAL, format!(r#"{{"_embedded":{{"traces":[{trace}]}}}}"#));
    wire.answer(200, HAL, trace);
    let list = client.phone_checks_v0_1().traces(&id()).await.unwrap();
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let one = client.phone_checks_v0_1().trace(&id(), &trace_id).await.unwrap();
    assert_eq!(list.traces, [one]);
    let calls = wire.calls();
    let route = format!("GET /phone_check/v0.1/checks/{ID}/traces");
    calls[0].assert(&wire, &route, &[BEARER], "");
    calls[1].assert(&wire, &format!("{route}/{TRACE_ID}"), &[BEARER], "");
}
