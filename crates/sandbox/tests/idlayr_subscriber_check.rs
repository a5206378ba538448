//! SubscriberCheck as a server sees it: the SIM on top of what it shares with PhoneCheck.

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
use support::{Client, call, check_url_of, id_of, live_sandbox, open, sandbox, url};
use verikit_sandbox::Sandbox;

const PRODUCT: &str = "subscriber_check";
const EVEN: &str = "447700900042";

/// Plays the check of a number to its end, and reads it.
async fn ended(sandbox: &Sandbox, checks: &Product<'_>, body: &Value) -> Value {
    let check = checks.create_answer(body).await.json();
    let code = open(sandbox, &check).await;
    if let Some(code) = code {
        assert_eq!(checks.complete(&id_of(&check), &code).await.status, 200);
    }
    checks.check(&id_of(&check)).await
}

#[tokio::test]
async fn v0_1_tells_the_sim_with_the_read() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.1").await;
    let body = json!({ "phone_number": EVEN, "period": 60 });
    let check = checks.create_answer(&body).await.json();
    assert_eq!(open(&sandbox, &check).await, None, "v0.1 has no code");
    let read = checks.check(&id_of(&check)).await;
    assert_eq!(
        read,
        json!({
            "check_id": id_of(&check),
            "status": "COMPLETED",
            "match": true,
            "no_sim_change": true,
            "no_sim_change_period": 60,
            "sim_change_within": 525_601,
            "charge_amount": 1,
            "charge_currency": "API",
            "created_at": "2024-05-02T09:10:11+00:00",
            "updated_at": "2024-05-02T09:10:11+00:00",
            "ttl": 120,
            "network_id": "23410",
            "_links": { "self": check["_links"]["self"] },
        })
    );
    let code = checks.complete(&id_of(&check), "4fa09c17be").await;
    code.assert_problem(405, "");
}

#[tokio::test]
async fn v0_2_tells_the_sim_with_the_completion() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    let check = checks.create("447700900041").await;
    let before = checks.check(&id_of(&check)).await;
    for member in [
        "match",
        "no_sim_change",
        "no_sim_change_period",
        "sim_change_within",
    ] {
        assert_eq!(before.get(member), None, "{member} of a check without a result");
    }
    let code = open(&sandbox, &check).await.unwrap();
    let completed = checks.complete(&id_of(&check), &code).await;
    assert_eq!(completed.status, 200);
    // The column of the completion has no window, no network and no links.
    assert_eq!(
        completed.json(),
        json!({
            "check_id": id_of(&check),
            "status": "COMPLETED",
            "match": false,
            "no_sim_change": false,
            "sim_change_within": 60,
            "charge_amount": 1,
            "charge_currency": "API",
            "created_at": "2024-05-02T09:10:11+00:00",
            "updated_at": "2024-05-02T09:10:11+00:00",
        })
    );
    checks
        .complete(&id_of(&check), &code)
        .await
        .assert_problem(404, "check_not_found");
    let read = checks.check(&id_of(&check)).await;
    assert_eq!(
        read["no_sim_change_period"], 10080,
        "seven days unless asked otherwise"
    );
}

#[tokio::test]
async fn the_number_decides() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    for (number, matched, no_sim_change, within) in [
        ("447700900042", true, true, json!(525_601)),
        ("447700900041", false, false, json!(60)),
        ("447700900090", true, false, json!(60)),
        ("447700900091", false, true, json!(525_601)),
        ("447700900070", true, true, Value::Null),
        ("447700900071", false, false, Value::Null),
    ] {
        let check = ended(&sandbox, &checks, &json!({ "phone_number": number })).await;
        assert_eq!(check["status"], "COMPLETED", "{number}");
        assert_eq!(check["match"], matched, "{number}");
        assert_eq!(check["no_sim_change"], no_sim_change, "{number}");
        assert_eq!(check["sim_change_within"], within, "{number}");
    }
    for (number, code) in [
        ("447700900099", "mno_user_not_found"),
        ("447700900199", "not_mobile_ip"),
        ("447700900399", "mno_timeout"),
        ("447700900899", "ip_mismatch"),
    ] {
        let check = ended(&sandbox, &checks, &json!({ "phone_number": number })).await;
        assert_eq!(check["status"], "ERROR", "{number}");
        assert_eq!(check["error_code"], code, "{number}");
        for member in [
            "match",
            "no_sim_change",
            "no_sim_change_period",
            "sim_change_within",
        ] {
            assert_eq!(check.get(member), None, "{member} of {number}");
        }
    }
}

#[tokio::test]
async fn periods_have_limits() {
    let sandbox = sandbox().await;
    for version in ["v0.1", "v0.2"] {
        let checks = Product::new(&sandbox, PRODUCT, version).await;
        for period in [json!(60), json!(540_000), json!(10_080)] {
            let body = json!({ "phone_number": EVEN, "period": period });
            assert_eq!(checks.create_answer(&body).await.status, 201, "{period}");
        }
        for period in [
            json!(59),
            json!(540_001),
            json!(-60),
            json!(60.5),
            json!("60"),
            json!(u64::MAX),
        ] {
            let body = json!({ "phone_number": EVEN, "period": period });
            checks
                .create_answer(&body)
                .await
                .assert_problem(400, "bad_request");
        }
    }
    // A PhoneCheck has no such member and ignores it.
    let client = Client::new(&sandbox).await;
    let body = json!({ "phone_number": EVEN, "period": "whatever" });
    assert_eq!(client.create_answer("v0.2", &body).await.status, 201);
}

#[tokio::test]
async fn each_product_has_its_own_scope_and_its_own_checks() {
    let sandbox = sandbox().await;
    let subscriber = Product::new(&sandbox, PRODUCT, "v0.2").await;
    let phone = Product::new(&sandbox, "phone_check", "v0.2").await;
    let check = subscriber.create(EVEN).await;
    let id = id_of(&check);
    phone
        .get(&format!("/{id}"))
        .await
        .assert_problem(404, "check_not_found");
    phone
        .get(&format!("/{id}/redirect"))
        .await
        .assert_problem(404, "check_not_found");
    assert_eq!(phone.get("").await.json()["page"]["total_elements"], 0);
    let old = Product::new(&sandbox, PRODUCT, "v0.1").await;
    old.get(&format!("/{id}"))
        .await
        .assert_problem(404, "check_not_found");
    phone
        .client
        .get(&subscriber.base)
        .await
        .assert_problem(403, "forbidden");
    assert!(
        sandbox
            .calls()
            .iter()
            .any(|call| { call.authentication() == "bearer token lacks the scope subscriber_check" })
    );
    let seen = sandbox.idlayr().checks();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].product(), "SubscriberCheck");
    assert_eq!(seen[0].check_url().unwrap(), check_url_of(&check));
}

#[tokio::test]
async fn lists_are_searched_by_reference_date_and_sim() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    for (number, reference_id) in [(EVEN, "a"), ("447700900090", "b"), ("447700900099", "c")] {
        let body = json!({ "phone_number": number, "reference_id": reference_id });
        ended(&sandbox, &checks, &body).await;
        sandbox.clock().advance(Duration::from_secs(10));
    }
    for (search, references) in [
        ("reference_id==b", vec!["b"]),
        ("created_at>=2024-05-02T09:10:21%2B00:00", vec!["c", "b"]),
        ("created_at>=2024-05-02T09:10:21Z;reference_id==c", vec!["c"]),
        ("no_sim_change==false", vec!["b"]),
        ("match==true;no_sim_change==true", vec!["a"]),
        ("network_id==23410", vec!["b", "a"]),
        ("error_code==mno_user_not_found", vec!["c"]),
    ] {
        let list = checks.get(&format!("?search={search}")).await.json();
        let found: Vec<_> = list["_embedded"]["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| check["reference_id"].as_str().unwrap())
            .collect();
        assert_eq!(found, references, "{search}");
        let own = url(&sandbox, "/subscriber_check/v0.2/checks?");
        assert!(list["_links"]["self"]["href"].as_str().unwrap().starts_with(&own));
    }
}

#[tokio::test]
async fn traces_are_kept() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    let check = ended(&sandbox, &checks, &json!({ "phone_number": EVEN })).await;
    let id = id_of(&check);
    let list = checks.get(&format!("/{id}/traces")).await.json();
    let traces = list["_embedded"]["traces"].as_array().unwrap();
    assert_eq!(traces.len(), 4);
    let trace_id = traces[3]["trace_id"].as_str().unwrap();
    let trace = checks.get(&format!("/{id}/traces/{trace_id}")).await.json();
    assert_eq!(trace, traces[3]);
    assert_eq!(trace["logs"][0]["message"], "Code accepted.");
}

#[tokio::test]
async fn live_checks_pay_when_they_complete() {
    let sandbox = live_sandbox(2).await;
    let checks = Product::with(&sandbox, "live", "secret", PRODUCT, "v0.2").await;
    let first = checks.create(EVEN).await;
    assert_eq!(first["snapshot_balance"], 1);
    let second = checks.create("447700900099").await;
    assert_eq!(second["snapshot_balance"], 0);
    checks
        .create_answer(&json!({ "phone_number": EVEN }))
        .await
        .assert_problem(402, "");
    // A check that ends in an error gives its unit back, one that completes does not.
    open(&sandbox, &second).await;
    let code = open(&sandbox, &first).await.unwrap();
    assert_eq!(checks.complete(&id_of(&first), &code).await.status, 200);
    assert_eq!(checks.create(EVEN).await["snapshot_balance"], 0);
}

#[tokio::test]
async fn the_device_ends_at_the_redirect_url() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    let body = json!({
        "phone_number": EVEN,
        "reference_id": "order-77",
        "redirect_url": "https://app.example.net/done?a=1",
    });
    let check = checks.create_answer(&body).await.json();
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    let url = result.redirected_to().unwrap();
    assert_eq!(url.host_str(), Some("app.example.net"));
    assert_eq!(result.member("check_id").unwrap(), id_of(&check));
    assert_eq!(result.member("reference_id").as_deref(), Some("order-77"));
    let code = result.code().unwrap();
    assert_eq!(
        checks.complete(&id_of(&check), &code).await.json()["no_sim_change"],
        true
    );
}

#[tokio::test]
async fn an_unopened_check_expires() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.1").await;
    let check = checks.create(EVEN).await;
    sandbox.clock().advance(Duration::from_secs(120));
    let read = checks.check(&id_of(&check)).await;
    assert_eq!(read["status"], "EXPIRED");
    assert_eq!(read.get("no_sim_change"), None);
}

#[tokio::test]
async fn some_operators_cannot_redirect() {
    let sandbox = sandbox().await;
    for product in [PRODUCT, "phone_check"] {
        let checks = Product::new(&sandbox, product, "v0.2").await;
        let check = checks.create("8871234568").await;
        let answer = call(Method::GET, &check_url_of(&check), &[], "").await;
        answer.assert_problem(501, "mno_redirect_unsupported");
        assert_eq!(checks.check(&id_of(&check)).await["status"], "ACCEPTED");
    }
}

#[tokio::test]
async fn a_device_without_cookies_gets_no_code() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    let check = checks.create(EVEN).await;
    let device = sandbox.device().without_cookies();
    let result = device.follow(check_url_of(&check)).await.unwrap();
    assert_eq!((result.status().as_u16(), result.code()), (400, None));
    assert_eq!(checks.check(&id_of(&check)).await["status"], "PENDING");
}

#[tokio::test]
async fn a_callback_tells_of_the_sim_and_the_page_shows_it() {
    let sandbox = sandbox().await;
    let checks = Product::new(&sandbox, PRODUCT, "v0.2").await;
    // The sandbox speaks no TLS: the callback is kept to be looked at.
    let body = json!({
        "phone_number": "447700900090",
        "period": 1440,
        "callback_url": "https://app.example.net/callbacks",
    });
    let check = checks.create_answer(&body).await.json();
    let code = open(&sandbox, &check).await.unwrap();
    checks.complete(&id_of(&check), &code).await;
    sandbox.idlayr().callbacks_settled().await;
    let callbacks = sandbox.idlayr().callbacks();
    assert_eq!(callbacks.len(), 1);
    assert_eq!(callbacks[0].headers()["x-tru-callback"], "subscriber_check");
    let told: Value = serde_json::from_slice(callbacks[0].body()).unwrap();
    assert_eq!(
        told,
        json!({
            "check_id": id_of(&check),
            "status": "COMPLETED",
            "match": true,
            "no_sim_change": false,
            "no_sim_change_period": 1440,
            "sim_change_within": 60,
            "charge_amount": 1,
            "charge_currency": "API",
            "created_at": "2024-05-02T09:10:11+00:00",
            "updated_at": "2024-05-02T09:10:11+00:00",
            "network_id": "23410",
        })
    );
    let page = call(Method::GET, sandbox.control_url().as_str(), &[], "")
        .await
        .text();
    assert!(page.contains("<td>SubscriberCheck</td>"), "{page}");
    assert!(
        page.contains("<td>match true, no_sim_change false</td>"),
        "{page}"
    );
    assert!(!page.contains("447700900090"));
}
