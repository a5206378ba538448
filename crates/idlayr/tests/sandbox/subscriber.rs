//! SubscriberCheck in both versions: the SIM besides the match, and errors of operators.

use std::time::Duration;

use idlayr::{
    CheckErrorCode, CheckStatus, Client, DeviceReturn, Outcome, Scope, SimChangeWithin, SubscriberCheck,
};
use verikit_sandbox::Sandbox;

use crate::support::{number, sandbox, settings};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A match on a SIM that was just changed.
const SWAPPED: &str = "+44 7700 900090";

fn client(sandbox: &Sandbox) -> Client {
    let scopes = [Scope::PhoneCheck, Scope::SubscriberCheck];
    settings(sandbox).scopes(scopes).build().unwrap()
}

/// Plays a v0.2 check to its end, and reads all that it tells.
async fn ended(sandbox: &Sandbox, client: &Client, text: &str) -> SubscriberCheck {
    let checks = client.subscriber_checks();
    let check = checks.create(number(text)).period(3 * DAY).await.unwrap();
    let device = sandbox.device().follow(check.check_url.expose()).await.unwrap();
    if let Outcome::Code(code) = DeviceReturn::from_json(device.body()).unwrap().outcome {
        let completed = checks.complete(&check.check_id, &code).await.unwrap();
        assert_eq!(completed.status, CheckStatus::Completed);
    }
    checks.get(&check.check_id).await.unwrap().into_inner()
}

#[tokio::test]
async fn match_and_sim_are_independent() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for (text, is_match, is_sim_unchanged, within) in [
        ("+44 7700 900042", true, true, Some(525_601)),
        ("+44 7700 900041", false, false, Some(60)),
        (SWAPPED, true, false, Some(60)),
        ("+44 7700 900091", false, true, Some(525_601)),
        ("+44 7700 900070", true, true, None),
    ] {
        let check = ended(&sandbox, &client, text).await;
        assert_eq!(
            (check.is_match(), check.is_sim_unchanged()),
            (is_match, is_sim_unchanged),
            "{text}"
        );
        assert_eq!(
            check.sim_change_within.map(SimChangeWithin::minutes),
            within,
            "{text}"
        );
        assert_eq!(check.no_sim_change_period, Some(3 * DAY), "{text}");
        if let Some(bucket) = check.sim_change_within {
            assert_eq!(bucket.may_be_within(3 * DAY), !is_sim_unchanged, "{text}");
        }
    }
}

#[tokio::test]
async fn an_error_of_the_operator_proves_nothing() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for (text, code) in [
        ("+44 7700 900099", "mno_user_not_found"),
        ("+44 7700 900399", "mno_timeout"),
        ("+44 7700 900899", "ip_mismatch"),
    ] {
        let check = ended(&sandbox, &client, text).await;
        assert_eq!(check.status, CheckStatus::Error, "{text}");
        assert_eq!(check.error_code.as_ref().map(CheckErrorCode::as_str), Some(code));
        assert_eq!((check.verdict(), check.no_sim_change()), (None, None));
        assert!(!check.is_match() && !check.is_sim_unchanged());
    }
}

#[tokio::test]
async fn v0_1_is_read() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let checks = client.subscriber_checks_v0_1();
    let check = checks
        .create(number(SWAPPED))
        .reference_id("order-77")
        .await
        .unwrap();
    let device = sandbox.device().follow(check.check_url.expose()).await.unwrap();
    assert_eq!((device.status().as_u16(), device.code()), (200, None));
    let read = checks.get(&check.check_id).await.unwrap();
    assert!(read.is_match() && !read.is_sim_unchanged());
    let traces = checks.traces(&check.check_id).await.unwrap();
    assert_eq!(traces.traces.len(), 4);
    let found = checks
        .list()
        .search("reference_id==order-77;no_sim_change==false")
        .await
        .unwrap();
    assert_eq!(found.checks.len(), 1);
    assert_eq!(found.checks[0].check_id, check.check_id);
}

#[tokio::test]
async fn a_token_for_phone_checks_is_not_enough() {
    let sandbox = sandbox().await;
    let client = settings(&sandbox).build().unwrap();
    let error = client
        .subscriber_checks()
        .create(number(SWAPPED))
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403), "{error}");
    assert!(sandbox.idlayr().checks().is_empty());
}
