//! Every SIMCheck operation: the request to the byte, and what the answer is read as
//! (contract idlayr, 5, 6 and 9).

use std::time::Duration;

use idlayr::{Answer, CheckStatus, Currency, SimCheck, Timestamp, TraceId};

use crate::documented::{
    self, BEARER, HAL, JSON, SIM, amount, answer_traces, assert_charged, assert_failed, assert_sim,
    assert_traces,
};
use crate::support::{ID, TRACE_ID, Wire, id, number};

const PATH: &str = "/sim_check/v0.1/checks";

fn url(wire: &Wire) -> String {
    format!("{}{PATH}/{ID}", wire.base())
}

/// A check with a result and every member that section 5 lists; nothing of a device.
fn completed(url: &str, more: &str) -> String {
    documented::completed(url, &format!("{SIM}{more}"))
        .replace(r#""match":true,"#, "")
        .replace(r#""ttl":60,"#, "")
        .replace(&format!(r#","check_url":{{"href":"{url}/redirect"}}"#), "")
}

/// Every member of [`completed`].
#[track_caller]
fn assert_completed(check: &Answer<SimCheck>) {
    assert_charged!(check, Completed);
    assert_sim!(check);
    assert_eq!(check.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(check.error_code, None);
}

#[tokio::test]
async fn create() {
    let wire = Wire::start().await;
    // The contract's own example.
    let url = url(&wire);
    let body = format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","no_sim_change":true,"no_sim_change_period":1440,"sim_change_within":129600,"charge_amount":1,"charge_currency":"API","created_at":"2024-05-02T09:10:11+00:00","network_id":"23410","snapshot_balance":40,"_links":{{"self":{{"href":"{url}"}}}}}}"#
    );
    wire.answer(201, HAL, body.clone());
    let checks = wire.client().sim_checks();
    let check = checks.create(number()).await.unwrap();
    assert_eq!((&check.check_id, &check.status), (&id(), &CheckStatus::Completed));
    assert!(check.is_sim_unchanged());
    assert_eq!(check.no_sim_change_period, Some(Duration::from_secs(24 * 3600)));
    assert_eq!(check.sim_change_within.unwrap().minutes(), 129_600);
    assert_eq!(check.charge_amount, Some(amount("1")));
    assert_eq!(check.charge_currency, Some(Currency::Api));
    assert_eq!(check.snapshot_balance, Some(amount("40")));
    assert_eq!(check.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(
        check.created_at,
        Some(Timestamp::parse("2024-05-02T09:10:11Z").unwrap())
    );
    assert_eq!((&check.error_code, &check.updated_at), (&None, &None));
    assert_eq!(check.raw(), body.as_bytes());
    let extra = check.extra();
    assert!(extra.keys().all(|name| name == "_links"), "{extra:?}");

    // With every member, and the operator's failure, which is HTTP 201 too.
    wire.answer(201, HAL, completed(&url, r#""snapshot_balance":-41.50,"#));
    wire.answer(201, HAL, documented::failed(&url));
    let create = || {
        checks
            .create(number())
            .phone_ip("2001:db8::7".parse().unwrap())
            .reference_id("order-77")
            .period(Duration::from_secs(24 * 3600))
    };
    let check = create().await.unwrap();
    assert_completed(&check);
    assert_eq!(check.snapshot_balance, Some(amount("-41.50")));
    let failed = create().await.unwrap();
    assert_failed!(failed);
    assert_eq!(
        (failed.no_sim_change(), failed.snapshot_balance.clone()),
        (None, None)
    );

    let everything =
        r#"{"phone_number":"447700900042","phone_ip":"2001:db8::7","reference_id":"order-77","period":1440}"#;
    let bodies = [r#"{"phone_number":"447700900042"}"#, everything, everything];
    for (call, body) in wire.calls().iter().zip(bodies) {
        call.assert(&wire, &format!("POST {PATH}"), &[BEARER, JSON], body);
    }
    assert_eq!(wire.calls().len(), bodies.len());
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, completed(&url(&wire), ""));
    let check = wire.client().sim_checks().get(&id()).await.unwrap();
    wire.call()
        .assert(&wire, &format!("GET {PATH}/{ID}"), &[BEARER], "");
    assert_completed(&check);
    assert_eq!(check.snapshot_balance, None);
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let list = wire.client().sim_checks().list();
    let checks = [completed(&url(&wire), ""), documented::failed(&url(&wire))];
    let checks = documented::list(&wire, PATH, list, checks).await;
    assert_completed(&checks[0]);
    assert_failed!(checks[1]);
    assert_eq!(checks[1].no_sim_change(), None);
}

#[tokio::test]
async fn traces_and_trace() {
    let wire = Wire::start().await;
    let checks = wire.client().sim_checks();
    answer_traces(&wire, &url(&wire));
    let list = checks.traces(&id()).await.unwrap();
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let one = checks.trace(&id(), &trace_id).await.unwrap();
    assert_traces(&wire, PATH, &list, &one);
}
