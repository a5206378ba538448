//! A create whose answer is lost, and how a caller goes on without paying twice.

use std::time::Duration;

use http::{Method, StatusCode};
use idlayr::{Delivery, DeviceReturn, ErrorKind, Outcome};
use verikit_sandbox::ScriptedAnswer;

use crate::support::{MATCHES, MATCHES_NOT, builder, client, create_calls, number, verify};

/// The client's clock is the real one, and so is this sandbox's.
async fn sandbox() -> verikit_sandbox::Sandbox {
    builder()
        .clock(verikit_sandbox::SandboxClock::system())
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_check_of_a_lost_answer_is_found_and_completed() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let checks = client.phone_checks();
    verify(&sandbox, &client, MATCHES_NOT).await.unwrap();
    let before = create_calls(&sandbox);
    for lost in [
        ScriptedAnswer::drop_connection_after_processing(),
        ScriptedAnswer::new(StatusCode::BAD_GATEWAY).after_processing(),
    ] {
        let lost = lost.for_method(Method::POST).for_path_prefix("/phone_check");
        sandbox.idlayr().answer_next(lost);
    }
    for (reference, kind) in [
        ("lost 1; \"a\"==b", ErrorKind::Interrupted),
        ("lost-2", ErrorKind::Provider),
    ] {
        let create = checks.create(number(MATCHES)).reference_id(reference);
        let error = create.await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, Delivery::Unknown));
        assert!(!error.is_safe_to_repeat());

        let found = checks.find_by_reference(reference).await.unwrap();
        assert_eq!(found.len(), 1, "it was created, once");
        let url = found[0].check_url.as_ref().unwrap();
        let ended = sandbox.device().follow(url.expose()).await.unwrap();
        let Outcome::Code(code) = DeviceReturn::from_json(ended.body()).unwrap().outcome else {
            panic!("no code")
        };
        let result = checks.complete(&found[0].check_id, &code).await.unwrap();
        assert!(result.is_match());
    }
    assert_eq!(create_calls(&sandbox) - before, 2, "each create arrived once");
}

#[tokio::test]
async fn a_create_that_never_arrived_is_not_found() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let checks = client.phone_checks();
    checks
        .create(number(MATCHES))
        .reference_id("other")
        .await
        .unwrap();
    let lost = ScriptedAnswer::drop_connection().for_path_prefix("/phone_check");
    sandbox.idlayr().answer_next(lost.for_method(Method::POST));
    let create = checks.create(number(MATCHES)).reference_id("lost-1");
    assert_eq!(create.await.unwrap_err().delivery(), Delivery::Unknown);
    assert!(checks.find_by_reference("lost-1").await.unwrap().is_empty());
    // What the caller does then is a create that can be the only one.
    checks
        .create(number(MATCHES))
        .reference_id("lost-1")
        .await
        .unwrap();
    assert_eq!(checks.find_by_reference("lost-1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn all_pages_are_looked_through_in_both_versions_and_no_further_back() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let (checks, old) = (client.phone_checks(), client.phone_checks_v0_1());
    for count in 0..210 {
        let reference = if count % 70 == 0 { "wanted" } else { "other" };
        checks
            .create(number(MATCHES))
            .reference_id(reference)
            .await
            .unwrap();
    }
    old.create(number(MATCHES)).reference_id("wanted").await.unwrap();
    assert_eq!(checks.find_by_reference("wanted").await.unwrap().len(), 3);
    assert_eq!(old.find_by_reference("wanted").await.unwrap().len(), 1);
    let later = sandbox.clock().now() + Duration::from_secs(60);
    let found = checks.find_by_reference("wanted").created_since(later).await;
    assert!(found.unwrap().is_empty());
}
