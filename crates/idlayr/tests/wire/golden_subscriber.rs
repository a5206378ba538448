//! Every SubscriberCheck operation in both versions: the request to the byte, and what the answer is read as
//! (contract idlayr, 4, 6 and 9).

use std::time::Duration;

use idlayr::{CompletionCode, TraceId};

use crate::documented::{
    self, BEARER, HAL, JSON, JSON_PATCH, SIM, SIM_OF_PATCH, answer_traces, assert_completed, assert_created,
    assert_failed, assert_patched, assert_sim, assert_traces,
};
use crate::support::{ID, TRACE_ID, Wire, id, number};

const V0_2: &str = "/subscriber_check/v0.2/checks";
const V0_1: &str = "/subscriber_check/v0.1/checks";

fn url(wire: &Wire, path: &str) -> String {
    format!("{}{path}/{ID}", wire.base())
}

#[tokio::test]
async fn create_v0_2() {
    let wire = Wire::start().await;
    let url = url(&wire, V0_2);
    for _ in 0..2 {
        wire.answer(201, HAL, documented::created(&url));
    }
    let checks = wire.client().subscriber_checks();
    assert_created!(checks.create(number()).await.unwrap(), url);
    let create = checks
        .create(number())
        .phone_ip("2001:db8::7".parse().unwrap())
        .reference_id("order-77")
        .callback_url("https://app.example.net/callback")
        .redirect_url("https://app.example.net/done")
        .period(Duration::from_secs(72 * 3600));
    assert_created!(create.await.unwrap(), url);
    let bodies = [
        r#"{"phone_number":"447700900042"}"#,
        r#"{"phone_number":"447700900042","phone_ip":"2001:db8::7","reference_id":"order-77","callback_url":"https://app.example.net/callback","redirect_url":"https://app.example.net/done","period":4320}"#,
    ];
    for (call, body) in wire.calls().iter().zip(bodies) {
        call.assert(&wire, &format!("POST {V0_2}"), &[BEARER, JSON], body);
    }
    assert_eq!(wire.calls().len(), bodies.len());
}

#[tokio::test]
async fn create_v0_1() {
    let wire = Wire::start().await;
    let url = url(&wire, V0_1);
    for _ in 0..2 {
        wire.answer(201, HAL, documented::created(&url));
    }
    let checks = wire.client().subscriber_checks_v0_1();
    assert_created!(checks.create(number()).await.unwrap(), url);
    let create = checks
        .create(number())
        .phone_ip("203.0.113.9".parse().unwrap())
        .reference_id("order-77")
        .callback_url("https://app.example.net/callback")
        .period(Duration::from_secs(3600));
    assert_created!(create.await.unwrap(), url);
    let bodies = [
        r#"{"phone_number":"447700900042"}"#,
        r#"{"phone_number":"447700900042","phone_ip":"203.0.113.9","reference_id":"order-77","callback_url":"https://app.example.net/callback","period":60}"#,
    ];
    for (call, body) in wire.calls().iter().zip(bodies) {
        call.assert(&wire, &format!("POST {V0_1}"), &[BEARER, JSON], body);
    }
    assert_eq!(wire.calls().len(), bodies.len());
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    let client = wire.client();
    let body = |path| documented::completed(&url(&wire, path), SIM);
    wire.answer(200, HAL, body(V0_2));
    wire.answer(200, HAL, body(V0_1));
    let check = client.subscriber_checks().get(&id()).await.unwrap();
    let old = client.subscriber_checks_v0_1().get(&id()).await.unwrap();
    assert_completed!(check, url(&wire, V0_2));
    assert_completed!(old, url(&wire, V0_1));
    for (check, path) in [(&check, V0_2), (&old, V0_1)] {
        assert_sim!(check);
        assert_eq!(serde_json::to_string(check).unwrap(), body(path));
    }
    for (call, path) in wire.calls().iter().zip([V0_2, V0_1]) {
        call.assert(&wire, &format!("GET {path}/{ID}"), &[BEARER], "");
    }
    assert_eq!(wire.calls().len(), 2);
}

#[tokio::test]
async fn complete() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, documented::patched(SIM_OF_PATCH));
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let checks = wire.client().subscriber_checks();
    let check = checks.complete(&id(), &code).await.unwrap();
    wire.call().assert(
        &wire,
        &format!("PATCH {V0_2}/{ID}"),
        &[BEARER, JSON_PATCH],
        r#"[{"op":"add","path":"/code","value":"4fa09c17be"}]"#,
    );
    assert_patched!(check);
    assert_eq!(check.no_sim_change(), Some(false));
    assert!(!check.is_sim_unchanged());
    assert_eq!(check.sim_change_within.unwrap().minutes(), 360);
    assert_eq!(check.no_sim_change_period, None);
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let client = wire.client();
    let checks = |path| {
        [
            documented::completed(&url(&wire, path), SIM),
            documented::failed(&url(&wire, path)),
        ]
    };
    let (new, old) = (client.subscriber_checks(), client.subscriber_checks_v0_1());
    let new = documented::list(&wire, V0_2, new.list(), checks(V0_2)).await;
    let old = documented::list(&wire, V0_1, old.list(), checks(V0_1)).await;
    for (checks, path) in [(new, V0_2), (old, V0_1)] {
        assert_completed!(checks[0], url(&wire, path));
        assert_sim!(checks[0]);
        assert_failed!(checks[1]);
        assert_eq!((checks[1].verdict(), checks[1].no_sim_change()), (None, None));
    }
}

#[tokio::test]
async fn traces_and_trace() {
    let wire = Wire::start().await;
    let client = wire.client();
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let checks = client.subscriber_checks();
    answer_traces(&wire, &url(&wire, V0_2));
    let list = checks.traces(&id()).await.unwrap();
    let one = checks.trace(&id(), &trace_id).await.unwrap();
    assert_traces(&wire, V0_2, &list, &one);

    let checks = client.subscriber_checks_v0_1();
    answer_traces(&wire, &url(&wire, V0_1));
    let list = checks.traces(&id()).await.unwrap();
    let one = checks.trace(&id(), &trace_id).await.unwrap();
    assert_traces(&wire, V0_1, &list, &one);
}
