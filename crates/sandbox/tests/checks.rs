//! PhoneCheck as a server sees it: create, get, complete, traces, expiry, limits; and what SubscriberCheck
//! has in common with it.

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
use support::{
    Client, JSON, PATCH, builder, call, check_url_of, id_of, live_sandbox, open, sandbox, start_time, url,
};
use verikit_sandbox::IdlayrProject;

const EVEN: &str = "447700900042";
const ODD: &str = "447700900041";
const ERROR: &str = "447700900099";

/// Of the two products that end on a device, which begin alike.
const VERSIONS: [(&str, &str); 4] = [
    ("phone_check", "v0.1"),
    ("phone_check", "v0.2"),
    ("subscriber_check", "v0.1"),
    ("subscriber_check", "v0.2"),
];

fn keys(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_created_check_has_the_documented_members() {
    let sandbox = sandbox().await;
    for (product, version) in VERSIONS {
        let checks = Product::new(&sandbox, product, version).await;
        let body = json!({
            "phone_number": EVEN,
            "reference_id": "order-77",
            "period": 1440,
            "unknown_member": [1],
        });
        let answer = checks.create_answer(&body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/hal+json");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("date"), "Thu, 02 May 2024 09:10:11 GMT");
        assert_eq!(answer.header("x-ratelimit-limit"), "1000000");
        let check = answer.json();
        let id = id_of(&check);
        let link = url(&sandbox, &format!("/{product}/{version}/checks/{id}"));
        assert_eq!(
            check,
            json!({
                "check_id": id,
                "status": "ACCEPTED",
                "reference_id": "order-77",
                "charge_amount": 1,
                "charge_currency": "API",
                "created_at": "2024-05-02T09:10:11+00:00",
                "ttl": 120,
                "snapshot_balance": 100,
                "_links": { "self": { "href": link }, "check_url": { "href": format!("{link}/redirect") } },
            })
        );
    }
}

#[tokio::test]
async fn numbers_are_e164_with_or_without_plus() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    client.create("v0.2", "+447700900042").await;
    for number in [
        "",
        "+",
        "0447700900042",
        "44 7700 900042",
        "447700900042x",
        "123456",
        "1234567890123456",
        "++1",
    ] {
        let answer = client
            .create_answer("v0.1", &json!({ "phone_number": number }))
            .await;
        answer.assert_problem(400, "phone_format_invalid");
    }
}

#[tokio::test]
async fn create_errors() {
    let sandbox = sandbox().await;
    let errors = [
        (json!({}), 400, "bad_request"),
        (json!({ "phone_number": 447_700_900_042_u64 }), 400, "bad_request"),
        (json!([]), 400, "bad_request"),
        (json!({ "phone_number": "12" }), 400, "phone_format_invalid"),
        (json!({ "phone_number": "9991234567" }), 400, ""),
        (json!({ "phone_number": "8881234567" }), 400, "mno_not_supported"),
        (
            json!({ "phone_number": EVEN, "callback_url": "no url" }),
            400,
            "bad_request",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "300.1.1.1" }),
            400,
            "bad_request",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "127.0.0.1" }),
            412,
            "not_mobile_ip",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "10.1.2.3" }),
            412,
            "not_mobile_ip",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "::ffff:192.168.1.1" }),
            412,
            "not_mobile_ip",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "fd00::1" }),
            412,
            "not_mobile_ip",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "198.51.100.7" }),
            409,
            "ip_msisdn_mismatch",
        ),
        (
            json!({ "phone_number": EVEN, "phone_ip": "192.0.2.7" }),
            400,
            "mno_not_supported",
        ),
    ];
    for (product, version) in VERSIONS {
        let checks = Product::new(&sandbox, product, version).await;
        for (body, status, code) in &errors {
            checks.create_answer(body).await.assert_problem(*status, code);
        }
    }
    assert!(sandbox.idlayr().checks().is_empty());
    let allowed = json!({ "phone_number": EVEN, "phone_ip": "203.0.113.9" });
    let client = Client::new(&sandbox).await;
    assert_eq!(client.create_answer("v0.2", &allowed).await.status, 201);
    assert_eq!(sandbox.idlayr().checks().len(), 1);
}

#[tokio::test]
async fn broken_bodies_are_problems() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let path = "/phone_check/v0.2/checks";
    client
        .send(Method::POST, path, JSON, "{\"phone_number\":")
        .await
        .assert_problem(400, "bad_request");
    let twice = r#"{"phone_number":"447700900042","phone_number":"447700900041"}"#;
    client
        .send(Method::POST, path, JSON, twice)
        .await
        .assert_problem(400, "bad_request");
    client
        .send(Method::POST, path, "text/plain", "{}")
        .await
        .assert_problem(415, "");
    client
        .send(Method::POST, path, JSON, vec![b' '; 70_000])
        .await
        .assert_problem(413, "");
    let charset = "application/json; charset=utf-8";
    let body = r#"{"phone_number":"447700900042"}"#;
    assert_eq!(client.send(Method::POST, path, charset, body).await.status, 201);
}

#[tokio::test]
async fn redirect_url_belongs_to_v0_2() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let body = json!({ "phone_number": EVEN, "redirect_url": "no url" });
    client
        .create_answer("v0.2", &body)
        .await
        .assert_problem(400, "bad_request");
    assert_eq!(client.create_answer("v0.1", &body).await.status, 201);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    client
        .get("/phone_checks/v0.2/checks")
        .await
        .assert_problem(404, "");
    client
        .get("/phone_check/v0.3/checks")
        .await
        .assert_problem(404, "");
    client.get("/phone_check/v0.2").await.assert_problem(404, "");
    client
        .send(Method::DELETE, "/phone_check/v0.2/checks", "", "")
        .await
        .assert_problem(405, "");
    client.get("/oauth2/v1/token").await.assert_problem(405, "");
    let id = id_of(&client.create("v0.1", EVEN).await);
    let patch = client
        .send(
            Method::PATCH,
            &format!("/phone_check/v0.1/checks/{id}"),
            PATCH,
            "[]",
        )
        .await;
    patch.assert_problem(405, "");
}

#[tokio::test]
async fn a_check_is_known_to_its_project_and_version_only() {
    let sandbox = builder()
        .idlayr_project(IdlayrProject::new("other", "secret"))
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox).await;
    let other = Client::with(&sandbox, "other", "secret", "phone_check").await;
    let id = id_of(&client.create("v0.2", EVEN).await);
    assert_eq!(client.check("v0.2", &id).await.status, 200);
    client
        .check("v0.1", &id)
        .await
        .assert_problem(404, "check_not_found");
    other
        .check("v0.2", &id)
        .await
        .assert_problem(404, "check_not_found");
    client
        .check("v0.2", "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80")
        .await
        .assert_problem(404, "check_not_found");
    let list = other.get("/phone_check/v0.2/checks").await.json();
    assert_eq!(list["page"]["total_elements"], 0);
}

#[tokio::test]
async fn v0_2_ends_with_the_code() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    for (number, matched) in [(EVEN, true), (ODD, false)] {
        let check = client.create("v0.2", number).await;
        let id = id_of(&check);
        client
            .complete(&id, "0000000000")
            .await
            .assert_problem(404, "check_not_found");
        let code = open(&sandbox, &check).await.unwrap();
        let pending = client.check("v0.2", &id).await.json();
        assert_eq!(pending["status"], "PENDING");
        assert!(pending.get("match").is_none() && pending.get("network_id").is_none());
        client
            .complete(&id, "0000000000")
            .await
            .assert_problem(404, "check_not_found");

        let answer = client.complete(&id, &code).await;
        assert_eq!(answer.status, 200);
        let patched = answer.json();
        assert_eq!(patched["status"], "COMPLETED");
        assert_eq!(patched["match"], matched);
        let members = [
            "charge_amount",
            "charge_currency",
            "check_id",
            "created_at",
            "match",
            "status",
            "updated_at",
        ];
        assert_eq!(keys(&patched), members);

        client
            .complete(&id, &code)
            .await
            .assert_problem(404, "check_not_found");
        let read = client.check("v0.2", &id).await.json();
        assert_eq!(read["status"], "COMPLETED");
        assert_eq!(read["match"], matched);
        assert_eq!(read["network_id"], "23410");
        assert!(read.get("snapshot_balance").is_none(), "{read}");
        assert!(read["_links"].get("check_url").is_none(), "{read}");
    }
}

#[tokio::test]
async fn v0_2_error_ends_without_a_code() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", ERROR).await;
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert_eq!(result.code(), None);
    assert_eq!(result.error().as_deref(), Some("mno_user_not_found"));
    let read = client.check("v0.2", &id_of(&check)).await.json();
    assert_eq!(read["status"], "ERROR");
    assert_eq!(read["error_code"], "mno_user_not_found");
    assert!(
        read.get("match").is_none() && read.get("network_id").is_none(),
        "{read}"
    );
}

#[tokio::test]
async fn v0_1_ends_with_a_read_after_the_device() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    for (number, status, matched) in [
        (EVEN, "COMPLETED", json!(true)),
        (ODD, "COMPLETED", json!(false)),
        (ERROR, "ERROR", Value::Null),
    ] {
        let check = client.create("v0.1", number).await;
        let id = id_of(&check);
        assert_eq!(client.check("v0.1", &id).await.json()["status"], "ACCEPTED");
        assert_eq!(open(&sandbox, &check).await, None);
        // A list fetches nothing.
        let listed = client
            .get(&format!("/phone_check/v0.1/checks?search=check_id=={id}"))
            .await
            .json();
        assert_eq!(listed["_embedded"]["checks"][0]["status"], "PENDING");
        let read = client.check("v0.1", &id).await.json();
        assert_eq!(read["status"], status);
        assert_eq!(read.get("match").cloned().unwrap_or_default(), matched);
        let code = if status == "ERROR" {
            json!("mno_user_not_found")
        } else {
            Value::Null
        };
        assert_eq!(read.get("error_code").cloned().unwrap_or_default(), code);
    }
}

#[tokio::test]
async fn v0_1_may_stay_pending_for_some_reads() {
    let sandbox = builder().idlayr_v0_1_pending_reads(2).start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.1", EVEN).await;
    open(&sandbox, &check).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(client.check("v0.1", &id_of(&check)).await.json()["status"].clone());
    }
    assert_eq!(seen, ["PENDING", "PENDING", "COMPLETED", "COMPLETED"]);
}

#[tokio::test]
async fn complete_takes_one_operation_of_the_right_type() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", EVEN).await;
    let code = open(&sandbox, &check).await.unwrap();
    let path = format!("/phone_check/v0.2/checks/{}", id_of(&check));
    let good = json!({ "op": "add", "path": "/code", "value": code });
    let body = json!([good]).to_string();
    client
        .send(Method::PATCH, &path, JSON, body.clone())
        .await
        .assert_problem(415, "");
    for bad in [
        good.clone(),
        json!([]),
        json!([good, good]),
        json!([{ "op": "replace", "path": "/code", "value": code }]),
        json!([{ "op": "add", "path": "/codes", "value": code }]),
        json!([{ "op": "add", "path": "/code", "value": 1 }]),
        json!([{ "op": "add", "path": "/code" }]),
    ] {
        client
            .send(Method::PATCH, &path, PATCH, bad.to_string())
            .await
            .assert_problem(400, "bad_request");
    }
    assert_eq!(client.send(Method::PATCH, &path, PATCH, body).await.status, 200);
}

#[tokio::test]
async fn a_check_expires_by_the_clock() {
    let sandbox = builder()
        .idlayr_ttl(Duration::from_secs(60))
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox).await;
    let (fresh, opened) = (
        client.create("v0.2", EVEN).await,
        client.create("v0.2", EVEN).await,
    );
    assert_eq!(fresh["ttl"], 60);
    let code = open(&sandbox, &opened).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(59));
    assert_eq!(
        client.check("v0.2", &id_of(&fresh)).await.json()["status"],
        "ACCEPTED"
    );
    sandbox.clock().advance(Duration::from_secs(1));
    for check in [&fresh, &opened] {
        let read = client.check("v0.2", &id_of(check)).await.json();
        assert_eq!(read["status"], "EXPIRED");
        assert_eq!(read["updated_at"], "2024-05-02T09:11:11+00:00");
        assert!(read.get("match").is_none());
    }
    client
        .complete(&id_of(&opened), &code)
        .await
        .assert_problem(404, "check_not_found");
    let device = sandbox.device().follow(check_url_of(&fresh)).await.unwrap();
    assert_eq!(device.status(), 404);
}

#[tokio::test]
async fn a_finished_check_does_not_expire() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", EVEN).await;
    let code = open(&sandbox, &check).await.unwrap();
    client.complete(&id_of(&check), &code).await;
    sandbox.clock().advance(Duration::from_secs(1000));
    assert_eq!(
        client.check("v0.2", &id_of(&check)).await.json()["status"],
        "COMPLETED"
    );
}

#[tokio::test]
async fn traces_are_listed_and_read() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", EVEN).await;
    let code = open(&sandbox, &check).await.unwrap();
    client.complete(&id_of(&check), &code).await;
    let path = format!("/phone_check/v0.2/checks/{}/traces", id_of(&check));
    let answer = client.get(&path).await;
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let list = answer.json();
    assert_eq!(keys(&list), ["_embedded", "_links"]);
    assert_eq!(list["_links"]["self"]["href"], url(&sandbox, &path));
    let traces = list["_embedded"]["traces"].as_array().unwrap();
    assert_eq!(traces.len(), 4);
    assert_eq!(traces[0]["logs"][0]["message"], "Check accepted.");
    assert_eq!(traces[0]["logs"][0]["timestamp"], "2024-05-02T09:10:11.000Z");
    let id = traces[0]["trace_id"].as_str().unwrap();
    assert_eq!(id.len(), 16);
    assert_eq!(client.get(&format!("{path}/{id}")).await.json(), traces[0]);
    client
        .get(&format!("{path}/0123456789abcdef"))
        .await
        .assert_problem(404, "trace_not_found");
    client
        .get("/phone_check/v0.2/checks/none/traces")
        .await
        .assert_problem(404, "check_not_found");
    call(Method::GET, &url(&sandbox, &path), &[], "")
        .await
        .assert_problem(401, "");
}

#[tokio::test]
async fn traces_are_gone_after_seven_days() {
    let sandbox = builder()
        .idlayr_token_lifetime(Duration::from_secs(30 * 86_400))
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox).await;
    let path = format!(
        "/phone_check/v0.1/checks/{}/traces",
        id_of(&client.create("v0.1", EVEN).await)
    );
    let id = client.get(&path).await.json()["_embedded"]["traces"][0]["trace_id"]
        .as_str()
        .unwrap()
        .to_owned();
    sandbox.clock().advance(Duration::from_secs(7 * 86_400));
    assert_eq!(client.get(&path).await.status, 200);
    sandbox.clock().advance(Duration::from_secs(1));
    client.get(&path).await.assert_problem(410, "trace_gone");
    client
        .get(&format!("{path}/{id}"))
        .await
        .assert_problem(410, "trace_gone");
}

#[tokio::test]
async fn the_hourly_limit_is_announced_and_kept() {
    let sandbox = builder().idlayr_rate_limit(2).start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let path = "/phone_check/v0.2/checks";
    let next_hour = "1714644000";
    for remaining in ["1", "0"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), "2");
        assert_eq!(answer.header("x-ratelimit-remaining"), remaining);
        assert_eq!(answer.header("x-ratelimit-reset"), next_hour);
    }
    let answer = client
        .create_answer("v0.2", &json!({ "phone_number": EVEN }))
        .await;
    answer.assert_problem(429, "too_many_requests");
    assert_eq!(answer.json()["title"], "Rate Limit exceeded");
    // 09:10:11 to 10:00:00
    assert_eq!(answer.header("retry-after"), "2989");
    assert!(sandbox.idlayr().checks().is_empty());
    sandbox.clock().advance(Duration::from_secs(2989));
    assert_eq!(client.get(path).await.status, 200);
}

#[tokio::test]
async fn a_live_project_pays_for_completed_checks_only() {
    let sandbox = live_sandbox(2).await;
    let client = Client::with(&sandbox, "live", "secret", "phone_check").await;
    let first = client.create("v0.2", EVEN).await;
    assert_eq!(first["snapshot_balance"], 1);
    assert_eq!(client.create("v0.2", EVEN).await["snapshot_balance"], 0);
    let body = json!({ "phone_number": EVEN });
    client.create_answer("v0.2", &body).await.assert_problem(402, "");
    let code = open(&sandbox, &first).await.unwrap();
    assert_eq!(client.complete(&id_of(&first), &code).await.status, 200);
    client.create_answer("v0.2", &body).await.assert_problem(402, "");
    // The other check expires, and its unit comes back.
    sandbox.clock().advance(Duration::from_secs(120));
    client.get("/phone_check/v0.2/checks").await;
    assert_eq!(client.create("v0.2", EVEN).await["snapshot_balance"], 0);
    // Projects in sandbox mode pay nothing.
    assert_eq!(
        Client::new(&sandbox).await.create("v0.2", EVEN).await["snapshot_balance"],
        0
    );
}

#[tokio::test]
async fn one_seed_makes_the_same_sandbox_twice() {
    let mut ids = Vec::new();
    for seed in [5, 5, 6] {
        let sandbox = builder().seed(seed).start().await.unwrap();
        let client = Client::new(&sandbox).await;
        let id = id_of(&client.create("v0.2", EVEN).await);
        ids.push((
            sandbox.idlayr().client_secret().to_owned(),
            client.token.clone(),
            id,
        ));
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0].0, ids[2].0);
    assert_ne!(ids[0].1, ids[2].1);
    assert_ne!(ids[0].2, ids[2].2);
}

#[tokio::test]
async fn a_set_clock_dates_what_follows() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    sandbox.clock().set(start_time() + Duration::from_millis(1999));
    assert_eq!(
        client.create("v0.2", EVEN).await["created_at"],
        "2024-05-02T09:10:12+00:00"
    );
}
