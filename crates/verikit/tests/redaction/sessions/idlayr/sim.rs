//! SIMCheck and MOCheck: with something private in every place of the answers.

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::{CheckId, Config, Scope, TraceId};
use verikit_sandbox::{IdlayrDigest, IdlayrForgery, IdlayrSigningKey, Sandbox};

use super::subscriber::{ID, client};
use super::{NUMBER, PHONE_IP, REFERENCE, number};
use crate::capture::{Captured, Met};

const TEXT: &str = "0ne-t1me-text";

/// Plays both products. Gives the secrets that it met.
pub(super) async fn session(captured: &Captured) -> Met {
    sim(captured).await;
    mo(captured).await;
    vec![("one-time text", TEXT.to_owned())]
}

/// What the sandbox shows of a MOCheck, and of how it signs callbacks.
pub(super) async fn sandboxed(sandbox: &Sandbox, config: Config, captured: &Captured) -> Met {
    let client = config.scopes([Scope::MoCheck]).build().unwrap();
    let check = client.mo_checks().create(number()).await.unwrap();
    captured.show(&check);
    let held = sandbox.idlayr().mo_checks().remove(0);
    captured.show(&held);
    captured.show(&(
        IdlayrDigest::Hex,
        IdlayrForgery::StaleDate,
        IdlayrSigningKey::P256,
    ));
    let token = client.tokens().access_token().await.unwrap();
    vec![
        ("token for MOChecks", token.expose().to_owned()),
        ("one-time text of the sandbox", held.mo_body().to_owned()),
    ]
}

async fn sim(captured: &Captured) {
    let (id, trace_id) = (
        CheckId::new(ID).unwrap(),
        TraceId::new("5f3a9c1b7d2e4f60").unwrap(),
    );
    let private = format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","no_sim_change":false,"no_sim_change_period":{NUMBER},"sim_change_within":{NUMBER},"last_sim_change_at":"{NUMBER}","network_id":"{NUMBER}","reference_id":"{REFERENCE}","charge_currency":"{NUMBER}","snapshot_balance":"{NUMBER}","later":"{NUMBER}"}}"#
    );
    let failed = format!(r#"{{"check_id":"{ID}","status":"ERROR","error_code":"{NUMBER}"}}"#);
    let trace = format!(
        r#"{{"trace_id":"{}","logs":[{{"message":"{NUMBER}"}}]}}"#,
        trace_id.as_str()
    );
    let client = client([
        Step::json(201, private.clone()),
        Step::json(201, failed),
        Step::json(
            201,
            format!(r#"{{"check_id":"{ID}","status":"COMPLETED","no_sim_change":"{NUMBER}"}}"#),
        ),
        Step::json(
            412,
            format!(r#"{{"type":"https://x.example/#{NUMBER}","detail":"{REFERENCE}"}}"#),
        ),
        Step::json(200, private.clone()),
        Step::json(200, format!(r#"{{"_embedded":{{"checks":[{private}]}}}}"#)),
        Step::json(200, format!(r#"{{"_embedded":{{"traces":[{trace}]}}}}"#)),
        Step::json(200, trace),
    ]);
    let checks = client.sim_checks();
    captured.show(&checks);
    let create = || {
        checks
            .create(number())
            .phone_ip(PHONE_IP.parse().unwrap())
            .reference_id(REFERENCE)
            .period(Duration::from_secs(7200))
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    captured.show(&create().send_with_metadata().await.unwrap());
    let check = create().await.unwrap();
    captured.show(&check);
    captured.show(&check.into_inner());
    captured.show_failure(create().await);
    captured.show_failure(create().await);
    captured.show_failure(create().period(Duration::from_secs(1)).await);
    captured.show(&checks.get(&id).await.unwrap());
    captured.show(&checks.list().await.unwrap());
    captured.show(&checks.traces(&id).await.unwrap());
    captured.show(&checks.trace(&id, &trace_id).await.unwrap());
}

async fn mo(captured: &Captured) {
    let id = CheckId::new(ID).unwrap();
    let private = format!(
        r#"{{"check_id":"{ID}","mo_receiver":"{NUMBER}","mo_body":"{TEXT}","status":"{NUMBER}","verified":true,"reference_id":"{REFERENCE}","charge_currency":"{NUMBER}","later":"{NUMBER}"}}"#
    );
    let client = client([
        Step::json(201, private.clone()),
        Step::json(200, private),
        Step::json(200, format!(r#"{{"check_id":"{ID}","verified":"{NUMBER}"}}"#)),
    ]);
    let checks = client.mo_checks();
    captured.show(&checks);
    let create = checks.create(number());
    captured.show(&create);
    captured.add("Display", create.prepare().unwrap());
    let check = create.await.unwrap();
    captured.show(&check);
    captured.show(&check.into_inner());
    captured.show(&checks.get(&id).await.unwrap());
    captured.show_failure(checks.get(&id).await);
}
