//! SIMCheck: the answer to the creation is the result.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use support::idlayr::Product;
use support::{call, id_of, live_sandbox, sandbox, url};

const PRODUCT: &str = "sim_check";
const VERSION: &str = "v0.1";
const EVEN: &str = "447700900042";

#[tokio::test]
async fn a_created_check_is_its_result() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    // What a SIMCheck does not have is ignored, whatever it is.
    let body = json!({
        "phone_number": EVEN,
        "reference_id": "order-77",
        "period": 1440,
        "callback_url": 7,
        "redirect_url": "no url",
    });
    let answer = checks.create_answer(&body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/hal+json");
    assert_eq!(answer.header("x-ratelimit-remaining"), "999999");
    let mut check = answer.json();
    let id = id_of(&check);
    let link = url(&sandbox, &format!("/sim_check/v0.1/checks/{id}"));
    assert_eq!(
        check,
        json!({
            "check_id": id,
            "status": "COMPLETED",
            "reference_id": "order-77",
            "no_sim_change": true,
            "no_sim_change_period": 1440,
            "sim_change_within": 525_601,
            "network_id": "23410",
            "charge_amount": 1,
            "charge_currency": "API",
            "created_at": "2024-05-02T09:10:11+00:00",
            "snapshot_balance": 100,
            "_links": { "self": { "href": link } },
        })
    );
    // Nothing ever changes it, and a read tells the same but the balance.
    sandbox.clock().advance(Duration::from_secs(3600 * 24 - 1));
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    check.as_object_mut().unwrap().remove("snapshot_balance");
    assert_eq!(checks.check(&id).await, check);
}

#[tokio::test]
async fn an_operator_error_is_created() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    for (number, code) in [
        ("447700900099", "mno_user_not_found"),
        ("447700900299", "mno_not_supported"),
        ("447700900399", "mno_timeout"),
        ("447700900499", "mno_user_not_found"),
        ("447700900599", "mno_response_error"),
        ("447700900699", "mno_server_error"),
        ("447700900799", "mno_no_data_available"),
        // A SIMCheck has no device, and none of its errors.
        ("447700900199", "mno_user_not_found"),
        ("447700900899", "mno_user_not_found"),
        ("447700900999", "mno_user_not_found"),
    ] {
        let answer = checks.create_answer(&json!({ "phone_number": number })).await;
        assert_eq!(answer.status, 201, "{number}");
        let check = answer.json();
        assert_eq!(check["status"], "ERROR", "{number}");
        assert_eq!(check["error_code"], code, "{number}");
        for member in [
            "no_sim_change",
            "no_sim_change_period",
            "sim_change_within",
            "network_id",
        ] {
            assert_eq!(check.get(member), None, "{member} of {number}");
        }
    }
}

#[tokio::test]
async fn the_number_decides() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    for (number, no_sim_change, within) in [
        ("447700900042", true, json!(525_601)),
        ("447700900041", false, json!(60)),
        ("447700900090", true, json!(525_601)),
        ("447700900070", true, Value::Null),
        ("447700900071", false, Value::Null),
    ] {
        let check = checks.create(number).await;
        assert_eq!(check["no_sim_change"], no_sim_change, "{number}");
        assert_eq!(check["sim_change_within"], within, "{number}");
        assert_eq!(check["no_sim_change_period"], 10080);
        assert_eq!(check.get("match"), None);
    }
}

#[tokio::test]
async fn create_errors() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    for (body, status, code) in [
        (json!({}), 400, "bad_request"),
        (json!({ "phone_number": "12" }), 400, "phone_format_invalid"),
        (json!({ "phone_number": "8881234567" }), 400, "mno_not_supported"),
        (json!({ "phone_number": EVEN, "period": 59 }), 400, "bad_request"),
        (
            json!({ "phone_number": EVEN, "phone_ip": "192.0.2.7" }),
            400,
            "mno_not_supported",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "192.168.0.7" }),
            412,
            "not_mobile_ip",
        ),
    ] {
        checks.create_answer(&body).await.assert_problem(status, code);
    }
    // It compares no address with the number.
    let body = json!({ "phone_number": EVEN, "phone_ip": "198.51.100.7" });
    assert_eq!(checks.create_answer(&body).await.status, 201);
}

#[tokio::test]
async fn there_is_no_device_step_and_no_second_version() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let id = id_of(&checks.create(EVEN).await);
    checks
        .get(&format!("/{id}/redirect"))
        .await
        .assert_problem(404, "");
    checks
        .client
        .get("/sim_check/v0.2/checks")
        .await
        .assert_problem(404, "");
    checks.complete(&id, "4fa09c17be").await.assert_problem(405, "");
    let seen = &sandbox.idlayr().checks()[0];
    assert_eq!(
        (seen.product(), seen.status(), seen.check_url()),
        ("SIMCheck", "COMPLETED", None)
    );
    assert!(!sandbox.idlayr().expire_check(&id));
    let open = format!("{}api/idlayr/checks/{id}/open", sandbox.control_url());
    assert_eq!(call(Method::POST, &open, &[], "").await.status, 404);
}

#[tokio::test]
async fn lists_and_traces() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    let body = json!({ "phone_number": EVEN, "reference_id": "order-77" });
    let id = id_of(&checks.create_answer(&body).await.json());
    checks.create("447700900099").await;
    let list = checks.get("?search=reference_id==order-77").await.json();
    assert_eq!(list["page"]["total_elements"], 1);
    assert_eq!(list["_embedded"]["checks"][0]["check_id"], id);
    let list = checks.get("?search=status==ERROR").await.json();
    assert_eq!(list["page"]["total_elements"], 1);
    let traces = checks.get(&format!("/{id}/traces")).await.json();
    let trace = &traces["_embedded"]["traces"][0];
    assert_eq!(trace["logs"].as_array().unwrap().len(), 3);
    sandbox.clock().advance(Duration::from_secs(7 * 24 * 3600 + 1));
    let checks = Product::new(&sandbox, PRODUCT, VERSION).await;
    checks
        .get(&format!("/{id}/traces"))
        .await
        .assert_problem(410, "trace_gone");
}

#[tokio::test]
async fn only_completed_checks_are_billed() {
    let sandbox = live_sandbox(1).await;
    let checks = Product::with(&sandbox, "live", "secret", PRODUCT, VERSION).await;
    assert_eq!(checks.create("447700900099").await["snapshot_balance"], 1);
    assert_eq!(checks.create(EVEN).await["snapshot_balance"], 0);
    checks
        .create_answer(&json!({ "phone_number": EVEN }))
        .await
        .assert_problem(402, "");
}
