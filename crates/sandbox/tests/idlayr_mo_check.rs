//! MOCheck: created, then verified by an SMS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use http::Method;
use serde_json::{Value, json};
use support::idlayr::Product;
use support::{call, id_of, sandbox};
use verikit_sandbox::IdlayrProject;

const PRODUCT: &str = "mo_check";
const VERSION: &str = "v0.1";
const EVEN: &str = "447700900042";

#[tokio::test]
async fn an_sms_verifies() {
    let sandbox = sandbox().await;
    let idlayr = sandbox.idlayr();
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let answer = checks
        .create_answer(&json!({ "phone_number": "+447700900042", "unknown_member": 1 }))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("x-ratelimit-remaining"), "999999");
    let check = answer.json();
    let id = id_of(&check);
    let text = check["mo_body"].as_str().unwrap();
    let receiver = check["mo_receiver"].as_str().unwrap();
    assert_eq!(
        check,
        json!({ "check_id": id, "mo_receiver": receiver, "mo_body": text })
    );
    let verified = |verified: bool| json!({ "check_id": id, "verified": verified });
    assert_eq!(checks.check(&id).await, verified(false));
    // The wrong text, the wrong sender, the wrong receiver.
    assert!(!idlayr.receive_sms(EVEN, receiver, "guess"));
    assert!(!idlayr.receive_sms("447700900041", receiver, text));
    assert!(!idlayr.receive_sms(EVEN, EVEN, text));
    assert_eq!(checks.check(&id).await, verified(false));
    assert!(idlayr.receive_sms("+447700900042", receiver, text));
    assert_eq!(checks.check(&id).await, verified(true));
    let seen = &idlayr.mo_checks()[0];
    assert_eq!(
        (seen.is_verified(), seen.masked_phone_number(), seen.mo_body()),
        (true, "••••••••••42", text)
    );
    assert!(!format!("{seen:?}").contains(text));
}

#[tokio::test]
async fn the_number_decides_what_the_phone_sends() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    for (number, verified) in [(EVEN, true), ("447700900041", false), ("447700900099", false)] {
        let id = id_of(&checks.create(number).await);
        assert_eq!(sandbox.idlayr().send_sms(&id), Some(verified), "{number}");
        assert_eq!(checks.check(&id).await["verified"], verified, "{number}");
    }
    assert_eq!(sandbox.idlayr().send_sms("none"), None);
}

#[tokio::test]
async fn nothing_else_is_known_of_it() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let id = id_of(&checks.create(EVEN).await);
    checks.get("").await.assert_problem(405, "");
    checks.get(&format!("/{id}/traces")).await.assert_problem(404, "");
    checks.get("/none").await.assert_problem(404, "check_not_found");
    checks.complete(&id, "4fa09c17be").await.assert_problem(405, "");
    for (body, code) in [
        (json!({}), "bad_request"),
        (json!({ "phone_number": "12" }), "phone_format_invalid"),
        (json!({ "phone_number": "8881234567" }), "mno_not_supported"),
    ] {
        checks.create_answer(&body).await.assert_problem(400, code);
    }
    let others = Product::new(&sandbox, "phone_check", "v0.2").await;
    others
        .client
        .get(&format!("/mo_check/v0.1/checks/{id}"))
        .await
        .assert_problem(403, "forbidden");
    assert!(sandbox.idlayr().checks().is_empty());
}

#[tokio::test]
async fn a_check_is_its_projects_own() {
    let project = IdlayrProject::new("other", "secret");
    let sandbox = support::builder().idlayr_project(project).start().await.unwrap();
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let id = id_of(&checks.create(EVEN).await);
    let other = Product::with(&sandbox, "other", "secret", PRODUCT, VERSION).await;
    other
        .get(&format!("/{id}"))
        .await
        .assert_problem(404, "check_not_found");
}

#[tokio::test]
async fn the_control_page_plays_the_phone() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let check = checks.create(EVEN).await;
    let id = id_of(&check);
    let control = sandbox.control_url().as_str();
    let page = call(Method::GET, control, &[], "").await.text();
    assert!(
        page.contains(&format!("action=\"/idlayr/mo-checks/{id}/sms\"")),
        "{page}"
    );
    assert!(page.contains(check["mo_body"].as_str().unwrap()));
    let sms = format!("{control}api/idlayr/mo-checks/{id}/sms");
    let sent = call(Method::POST, &sms, &[], "").await;
    assert_eq!(sent.json(), json!({ "check_id": id, "verified": true }));
    let state = call(Method::GET, &format!("{control}api/state"), &[], "")
        .await
        .json();
    let shown: &Value = &state["idlayr"]["mo_checks"][0];
    assert_eq!(shown["verified"], true);
    assert_eq!(shown["phone_number"], "••••••••••42");
    let none = format!("{control}api/idlayr/mo-checks/none/sms");
    assert_eq!(call(Method::POST, &none, &[], "").await.status, 404);
    let button = format!("{control}idlayr/mo-checks/{id}/sms");
    assert_eq!(call(Method::POST, &button, &[], "").await.status, 303);
}
