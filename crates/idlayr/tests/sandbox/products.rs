//! SubscriberCheck, SIMCheck, MOCheck, coverage and tokens for devices, against the sandbox.

use std::collections::HashMap;
use std::time::Duration;

use idlayr::{
    CheckErrorCode, CheckStatus, Client, Config, CountryCode, DeviceReturn, Environment, ErrorKind, NoReach,
    Outcome, ProblemCode, ProductId, Scope,
};
use verikit_sandbox::{Sandbox, SandboxClock, ScriptedAnswer};

use crate::support::{builder, number, sandbox, settings};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

fn client(sandbox: &Sandbox) -> Client {
    let scopes = [
        Scope::SubscriberCheck,
        Scope::SimCheck,
        Scope::MoCheck,
        Scope::Coverage,
    ];
    settings(sandbox).scopes(scopes).build().unwrap()
}

/// What is looked for by time needs the clock of the client, which is the real one.
async fn sandbox_in_real_time() -> Sandbox {
    builder().clock(SandboxClock::system()).start().await.unwrap()
}

#[tokio::test]
async fn what_the_sandbox_prints_opens_every_product() {
    let sandbox = sandbox().await;
    let exports: HashMap<String, String> = sandbox.exports().into_iter().collect();
    let environment = Environment::new(|name| exports.get(name).cloned());
    let client = Config::from_environment(&environment).unwrap().build().unwrap();
    let phone = number("+44 7700 900042");
    client.phone_checks().create(phone.clone()).await.unwrap();
    client.subscriber_checks().create(phone.clone()).await.unwrap();
    client.sim_checks().create(phone.clone()).await.unwrap();
    client.mo_checks().create(phone).await.unwrap();
    let country = CountryCode::new("GB").unwrap();
    assert!(client.coverage().country(&country).await.unwrap().is_some());
}

#[tokio::test]
async fn a_match_on_a_new_sim() {
    let sandbox = sandbox().await;
    let checks = client(&sandbox).subscriber_checks();
    for (text, matched, unchanged) in [
        ("+44 7700 900042", true, true),
        ("+44 7700 900041", false, false),
        ("+44 7700 900090", true, false),
        ("+44 7700 900091", false, true),
    ] {
        let check = checks.create(number(text)).period(WEEK).await.unwrap();
        let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
        let returned = DeviceReturn::from_json(ended.body()).unwrap();
        let Outcome::Code(code) = &returned.outcome else {
            panic!("{:?}", returned.outcome)
        };
        let result = checks.complete(&check.check_id, code).await.unwrap();
        assert_eq!(
            (result.is_match(), result.is_sim_unchanged()),
            (matched, unchanged),
            "{text}"
        );
        assert_eq!(result.verdict(), Some(matched));
        assert_eq!(result.no_sim_change(), Some(unchanged));
        assert_eq!(result.sim_change_within.unwrap().may_be_within(WEEK), !unchanged);
        let read = checks.get(&check.check_id).await.unwrap();
        assert_eq!(read.no_sim_change_period, Some(WEEK));
    }
}

#[tokio::test]
async fn a_sim_check_answers_at_once() {
    let sandbox = sandbox_in_real_time().await;
    let checks = client(&sandbox).sim_checks();
    for (text, expected) in [("+44 7700 900042", Some(true)), ("+44 7700 900041", Some(false))] {
        let check = checks
            .create(number(text))
            .period(WEEK)
            .reference_id("order-77")
            .await
            .unwrap();
        assert_eq!(check.status, CheckStatus::Completed);
        assert_eq!(check.no_sim_change(), expected, "{text}");
        assert_eq!(check.no_sim_change_period, Some(WEEK));
        assert!(check.snapshot_balance.is_some());
        let read = checks.get(&check.check_id).await.unwrap();
        assert_eq!((read.no_sim_change(), &read.snapshot_balance), (expected, &None));
        let traces = checks.traces(&check.check_id).await.unwrap().traces;
        let trace = checks.trace(&check.check_id, &traces[0].trace_id).await.unwrap();
        assert_eq!(trace.logs, traces[0].logs);
    }
    assert_eq!(checks.list().await.unwrap().checks.len(), 2);
    assert_eq!(checks.find_by_reference("order-77").await.unwrap().len(), 2);
}

/// The sandbox names the code by the digits before 99.
#[tokio::test]
async fn an_operator_that_fails_is_a_result() {
    let sandbox = sandbox().await;
    let checks = client(&sandbox).sim_checks();
    for (text, code) in [
        ("+44 7700 900299", CheckErrorCode::MnoNotSupported),
        ("+44 7700 900399", CheckErrorCode::MnoTimeout),
        ("+44 7700 900499", CheckErrorCode::MnoUserNotFound),
        ("+44 7700 900599", CheckErrorCode::MnoResponseError),
        ("+44 7700 900699", CheckErrorCode::MnoServerError),
        ("+44 7700 900799", CheckErrorCode::MnoNoDataAvailable),
    ] {
        let reply = checks.create(number(text)).send_with_metadata().await.unwrap();
        assert_eq!(reply.status(), 201);
        let check = reply.into_value();
        assert_eq!(
            (&check.status, check.error_code.as_ref()),
            (&CheckStatus::Error, Some(&code)),
            "{text}"
        );
        assert_eq!((check.no_sim_change(), check.is_sim_unchanged()), (None, false));
    }
}

#[tokio::test]
async fn a_lost_sim_check_is_found() {
    let sandbox = sandbox_in_real_time().await;
    let checks = client(&sandbox).sim_checks();
    let lost = ScriptedAnswer::drop_connection_after_processing().for_path_prefix("/sim_check");
    sandbox.idlayr().answer_next(lost);
    let create = checks.create(number("+44 7700 900042")).reference_id("order-78");
    let error = create.await.unwrap_err();
    assert!(!error.is_safe_to_repeat());
    let found = checks.find_by_reference("order-78").await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].is_sim_unchanged());
    assert_eq!(sandbox.idlayr().checks().len(), 1);
}

/// The user's phone sends the SMS if its number is even, and another phone does if it is odd.
#[tokio::test]
async fn an_sms_verifies_a_number() {
    let sandbox = sandbox().await;
    let checks = client(&sandbox).mo_checks();
    for (text, verified) in [("+44 7700 900042", true), ("+44 7700 900041", false)] {
        let check = checks.create(number(text)).await.unwrap();
        assert!(check.mo_receiver.is_some() && check.mo_body.is_some());
        assert!(!checks.get(&check.check_id).await.unwrap().is_verified());
        sandbox.idlayr().send_sms(check.check_id.as_str()).unwrap();
        assert_eq!(
            checks.get(&check.check_id).await.unwrap().is_verified(),
            verified,
            "{text}"
        );
    }
}

#[tokio::test]
async fn countries_and_addresses() {
    let sandbox = sandbox().await;
    let coverage = client(&sandbox).coverage();
    for code in ["gb", "+44"] {
        let country = CountryCode::new(code).unwrap();
        let covered = coverage.country(&country).await.unwrap().unwrap();
        assert!(covered.is_covered(&ProductId::PhoneCheck));
        assert_eq!(covered.dialing_code, Some(CountryCode::new("44").unwrap()));
    }
    let germany = coverage
        .country(&CountryCode::new("DE").unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(
        !germany.is_covered(&ProductId::SubscriberCheck),
        "it is coming soon"
    );
    let nowhere = CountryCode::new("AQ").unwrap();
    assert!(coverage.country(&nowhere).await.unwrap().is_none());
    for (address, reason) in [
        ("203.0.113.9", None),
        ("2001:db8::9", None),
        ("10.0.0.7", Some(NoReach::NotMobileIp)),
        ("192.0.2.7", Some(NoReach::MnoNotSupported)),
        ("198.18.0.7", Some(NoReach::Unspecified)),
    ] {
        let call = coverage.device_ip(address.parse().unwrap());
        let reply = call.send_with_metadata().await.unwrap();
        assert_eq!(NoReach::of(&reply), reason, "{address}");
        assert_eq!(reply.value().is_some(), reason.is_none());
    }
}

#[tokio::test]
#[expect(deprecated, reason = "the route is still there, and so is the call")]
async fn a_browser_asks_without_a_token() {
    let sandbox = sandbox().await;
    let coverage = client(&sandbox).coverage();
    for (address, reason) in [
        ([203, 0, 113, 9], None),
        ([10, 0, 0, 7], Some(NoReach::NotMobileIp)),
        ([192, 0, 2, 7], Some(NoReach::MnoNotSupported)),
    ] {
        sandbox.idlayr().set_device_ip(address.into());
        let reply = coverage.public_device_ip().send_with_metadata().await.unwrap();
        assert_eq!(NoReach::of(&reply), reason);
        let judged = reply
            .into_value()
            .map(|reach| *reach.mobile_data_ip.as_ref().unwrap().expose());
        assert_eq!(judged, reason.is_none().then(|| std::net::IpAddr::from(address)));
    }
    let calls = sandbox.calls();
    assert!(
        calls.iter().all(|call| !call.path().contains("oauth2")),
        "no token was asked for"
    );
}

#[tokio::test]
async fn a_device_asks_with_its_own_token_and_with_no_other() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let token = client.tokens().device_token().await.unwrap();
    assert!(token.expires_in > Duration::from_secs(3000));
    let own = client.tokens().access_token().await.unwrap();
    assert_ne!(own.expose(), token.access_token.expose());
    sandbox.idlayr().set_device_ip([203, 0, 113, 9].into());
    let reach = client
        .coverage()
        .own_device_ip(&token.access_token)
        .await
        .unwrap()
        .unwrap();
    assert!(reach.supports(&ProductId::PhoneCheck));
    assert_eq!(
        *reach.mobile_data_ip.as_ref().unwrap().expose(),
        std::net::IpAddr::from([203, 0, 113, 9])
    );
    let error = client.coverage().own_device_ip(&own).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Auth,
        "a token with more scopes has no place on a device"
    );
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::Forbidden));
    sandbox.idlayr().set_device_ip([10, 0, 0, 7].into());
    assert!(
        client
            .coverage()
            .own_device_ip(&token.access_token)
            .await
            .unwrap()
            .is_none()
    );
}
