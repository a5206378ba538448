//! From the number to the result.

use std::time::Duration;

use http::StatusCode;
use idlayr::{
    CheckErrorCode, CheckStatus, CompletionCode, Delivery, DeviceReturn, Error, Outcome, ProblemCode,
};

use crate::support::{
    FAILS, MATCHES, MATCHES_NOT, builder, calls, client, code, device, number, sandbox, verify,
};

#[tokio::test]
async fn v0_2_from_the_number_to_the_result() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client
        .phone_checks()
        .create(number(MATCHES))
        .reference_id("order-77")
        .await
        .unwrap();
    assert_eq!(check.status, CheckStatus::Accepted);
    assert_eq!(check.ttl, Some(Duration::from_secs(120)));

    let returned = device(&sandbox, &check).await;
    assert_eq!(returned.check_id, check.check_id);
    assert_eq!(returned.reference_id.as_ref().unwrap().expose(), "order-77");
    let Outcome::Code(code) = &returned.outcome else {
        panic!("{returned:?}")
    };
    let result = client
        .phone_checks()
        .complete(&check.check_id, code)
        .await
        .unwrap();
    assert!(result.is_match());
    assert_eq!(result.status, CheckStatus::Completed);
    assert_eq!(result.reference_id.as_ref().unwrap().expose(), "order-77");

    let read = client.phone_checks().get(&check.check_id).await.unwrap();
    assert!(read.is_match() && read.network_id.is_some());
    let waited = client.phone_checks().until_final(&check).await.unwrap();
    assert!(waited.is_match());

    let id = check.check_id.as_str();
    let one = format!("/phone_check/v0.2/checks/{id}");
    assert_eq!(
        calls(&sandbox),
        [
            (String::from("POST /oauth2/v1/token"), 200),
            (String::from("POST /phone_check/v0.2/checks"), 201),
            (format!("PATCH {one}"), 200),
            (format!("GET {one}"), 200),
            (format!("GET {one}"), 200),
        ]
    );
    for call in sandbox.calls() {
        assert!(!call.authentication().contains("no Auth"), "{call:?}");
    }
}

#[tokio::test]
async fn v0_2_tells_a_number_of_another_sim_apart() {
    let sandbox = sandbox().await;
    let result = verify(&sandbox, &client(&sandbox), MATCHES_NOT).await.unwrap();
    assert_eq!(result.verdict(), Some(false));
    assert!(!result.is_match());
}

#[tokio::test]
async fn v0_2_tells_an_operator_that_does_not_know_the_number_from_a_mismatch() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(FAILS)).await.unwrap();
    let returned = device(&sandbox, &check).await;
    let Outcome::Error { error, description } = &returned.outcome else {
        panic!("{returned:?}")
    };
    assert_eq!(
        CheckErrorCode::from(error.as_str()),
        CheckErrorCode::MnoUserNotFound
    );
    assert!(description.is_some());
    let result = client.phone_checks().get(&check.check_id).await.unwrap();
    assert_eq!(result.status, CheckStatus::Error);
    assert_eq!(result.error_code, Some(CheckErrorCode::MnoUserNotFound));
    assert_eq!(result.verdict(), None);
}

#[tokio::test]
async fn v0_2_hands_the_code_over_in_a_redirect() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for redirect_url in ["https://app.example.net/done?session=1", "com.example.app://done"] {
        let check = client
            .phone_checks()
            .create(number(MATCHES))
            .redirect_url(redirect_url)
            .reference_id("order 77&code=x")
            .await
            .unwrap();
        let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
        let url = ended.redirected_to().unwrap();
        assert!(url.as_str().starts_with(redirect_url), "{url}");
        let returned = DeviceReturn::from_url(url.as_str()).unwrap();
        assert_eq!(returned.check_id, check.check_id);
        assert_eq!(
            returned.reference_id.as_ref().unwrap().expose(),
            "order 77&code=x"
        );
        let Outcome::Code(code) = &returned.outcome else {
            panic!("{returned:?}")
        };
        let result = client
            .phone_checks()
            .complete(&check.check_id, code)
            .await
            .unwrap();
        assert!(result.is_match());
    }
}

#[tokio::test]
async fn a_check_completes_with_its_own_code_only_and_only_once() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let wrong = CompletionCode::new("0000000000").unwrap();
    let refused = |error: Error| {
        assert_eq!(ProblemCode::of(&error), Some(ProblemCode::CheckNotFound));
        assert_eq!(error.delivery(), Delivery::Refused);
    };
    // Before the device has come, with a code that is not the device's, and a second time.
    refused(
        client
            .phone_checks()
            .complete(&check.check_id, &wrong)
            .await
            .unwrap_err(),
    );
    let code = code(&sandbox, &check).await;
    refused(
        client
            .phone_checks()
            .complete(&check.check_id, &wrong)
            .await
            .unwrap_err(),
    );
    assert!(
        client
            .phone_checks()
            .complete(&check.check_id, &code)
            .await
            .unwrap()
            .is_match()
    );
    refused(
        client
            .phone_checks()
            .complete(&check.check_id, &code)
            .await
            .unwrap_err(),
    );
}

#[tokio::test]
async fn v0_1_is_read_without_a_code() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let checks = client.phone_checks_v0_1();
    for (text, status, verdict) in [
        (MATCHES, CheckStatus::Completed, Some(true)),
        (MATCHES_NOT, CheckStatus::Completed, Some(false)),
        (FAILS, CheckStatus::Error, None),
    ] {
        let check = checks.create(number(text)).await.unwrap();
        let before = checks.get(&check.check_id).await.unwrap();
        assert_eq!((&before.status, before.verdict()), (&CheckStatus::Accepted, None));
        let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
        assert_eq!(ended.status(), StatusCode::OK);
        let result = checks.until_final(&check).await.unwrap();
        assert_eq!((&result.status, result.verdict()), (&status, verdict), "{text}");
    }
}

#[tokio::test]
async fn v0_1_may_still_be_pending_after_the_device_is_done() {
    let sandbox = builder().idlayr_v0_1_pending_reads(1).start().await.unwrap();
    let client = client(&sandbox);
    let checks = client.phone_checks_v0_1();
    let check = checks.create(number(MATCHES)).await.unwrap();
    sandbox.device().follow(check.check_url.expose()).await.unwrap();
    let first = checks.get(&check.check_id).await.unwrap();
    assert_eq!((&first.status, first.verdict()), (&CheckStatus::Pending, None));
    assert!(checks.get(&check.check_id).await.unwrap().is_match());
}

#[tokio::test]
async fn the_versions_do_not_mix() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let error = client.phone_checks_v0_1().get(&check.check_id).await.unwrap_err();
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::CheckNotFound));
}

#[tokio::test]
async fn a_check_that_nobody_opens_expires() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let v0_2 = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let v0_1 = client.phone_checks_v0_1().create(number(MATCHES)).await.unwrap();
    sandbox.clock().advance(v0_2.ttl.unwrap());
    for result in [
        client.phone_checks().until_final(&v0_2).await.unwrap(),
        client.phone_checks_v0_1().until_final(&v0_1).await.unwrap(),
    ] {
        assert_eq!(result.status, CheckStatus::Expired);
        assert_eq!(result.verdict(), None);
    }
}
