//! Coverage by country, reachability by address, and the token that a device may have.

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
use support::{Answer, Client, builder, call, sandbox, url};
use verikit_sandbox::Sandbox;

async fn client<'a>(sandbox: &'a Sandbox, scope: &str) -> Client<'a> {
    let idlayr = sandbox.idlayr();
    Client::with(sandbox, idlayr.client_id(), idlayr.client_secret(), scope).await
}

#[track_caller]
fn assert_no_reach(answer: &Answer) {
    answer.assert_problem(404, "");
    assert_eq!(
        answer.json(),
        json!({ "title": "Not Found", "detail": "No Reach" })
    );
}

#[tokio::test]
async fn a_country_is_found_by_either_code() {
    let sandbox = sandbox().await;
    let client = client(&sandbox, "coverage").await;
    let answer = client.get("/coverage/v0.1/countries/GB").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/hal+json");
    assert_eq!(answer.header("x-ratelimit-remaining"), "999999");
    let country = answer.json();
    let link = url(&sandbox, "/coverage/v0.1/countries/GB");
    let prices = json!([{ "currency": "API", "amount": 1 }, { "currency": "EUR", "amount": 0.0375 }]);
    assert_eq!(country["country_code"], "GB");
    assert_eq!(country["dialing_code"], 44, "a number here");
    assert_eq!(country["_links"], json!({ "self": { "href": link } }));
    assert_eq!(
        country["products"][0],
        json!({
            "product_id": "PCK",
            "product_name": "PhoneCheck",
            "coverage": "FULL",
            "prices_starting_from": prices,
            "networks": [
                {
                    "network_id": "23410",
                    "network_name": "Example Mobile",
                    "network_aliases": ["23402"],
                    "prices": prices,
                },
                { "network_id": "23420", "network_name": "Another Mobile", "prices": prices },
            ],
            "_links": { "self": { "href": link } },
        })
    );
    let by_dialling_code = client.get("/coverage/v0.1/countries/44").await.json();
    assert_eq!(by_dialling_code, country);
}

#[tokio::test]
async fn coverage_has_degrees_and_may_say_little() {
    let sandbox = sandbox().await;
    let client = client(&sandbox, "coverage").await;
    let germany = client.get("/coverage/v0.1/countries/49").await.json();
    let found: Vec<_> = germany["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| (&product["product_id"], &product["coverage"], &product["networks"]))
        .map(|(id, coverage, networks)| (id.clone(), coverage.clone(), networks.as_array().unwrap().len()))
        .collect();
    assert_eq!(
        found,
        [
            (json!("PCK"), json!("PARTIAL"), 1),
            (json!("SUK"), json!("COMING_SOON"), 0)
        ]
    );
    let america = client.get("/coverage/v0.1/countries/US").await.json();
    assert_eq!(
        america["products"],
        json!([{ "product_id": "PCK", "product_name": "PhoneCheck", "coverage": "FULL" }])
    );
    for code in ["ZZ", "999", "gb", "+44", "GBR", "0"] {
        assert_no_reach(&client.get(&format!("/coverage/v0.1/countries/{code}")).await);
    }
}

#[tokio::test]
async fn an_address_is_reachable_or_why_not() {
    let sandbox = sandbox().await;
    let client = client(&sandbox, "coverage phone_check").await;
    let path = |ip: &str| format!("/coverage/v0.1/device_ips/{ip}");
    let answer = client.get(&path("203.0.113.9")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({
            "country_code": "GB",
            "dialing_code": "44",
            "network_id": "23410",
            "network_name": "Example Mobile",
            "network_aliases": ["23402"],
            "mobile_data_ip": "203.0.113.9",
            "products": [
                { "product_id": "PCK", "product_name": "Phone Check" },
                { "product_id": "SCK", "product_name": "SIM Check" },
                { "product_id": "SUK", "product_name": "Subscriber Check" },
            ],
        })
    );
    let other = client.get(&path("198.51.100.7")).await.json();
    assert_eq!(other["network_id"], "23420");
    assert_eq!(other.get("network_aliases"), None);
    assert_eq!(other["products"].as_array().unwrap().len(), 1);
    for ip in ["2001:db8::9", "2001%3Adb8%3A%3A9"] {
        let six = client.get(&path(ip)).await.json();
        assert_eq!(six["mobile_data_ip"], "2001:db8::9");
    }
    for (ip, status, code) in [
        ("192.0.2.7", 400, "mno_not_supported"),
        ("300.1.1.1", 400, "bad_request"),
        ("phone", 400, "bad_request"),
        ("10.0.0.1", 412, "not_mobile_ip"),
        ("::1", 412, "not_mobile_ip"),
    ] {
        client.get(&path(ip)).await.assert_problem(status, code);
    }
    assert_no_reach(&client.get(&path("198.18.0.1")).await);
}

#[tokio::test]
async fn a_device_asks_for_itself() {
    let sandbox = builder()
        .idlayr_device_ip("198.51.100.7".parse().unwrap())
        .start()
        .await
        .unwrap();
    let client = client(&sandbox, "coverage").await;
    let own = "/coverage/v0.1/device_ip";
    let public = "/public/coverage/v0.1/device_ip";
    let ask_in_public = async || call(Method::GET, &url(&sandbox, public), &[], "").await;
    assert_eq!(client.get(own).await.json()["mobile_data_ip"], "198.51.100.7");
    assert_eq!(ask_in_public().await.json()["network_id"], "23420");
    for (ip, status, code) in [
        ("192.168.1.1", 412, "not_mobile_ip"),
        ("192.0.2.1", 400, "mno_not_supported"),
    ] {
        sandbox.idlayr().set_device_ip(ip.parse().unwrap());
        client.get(own).await.assert_problem(status, code);
        ask_in_public().await.assert_problem(status, code);
    }
    sandbox.idlayr().set_device_ip("198.19.0.1".parse().unwrap());
    assert_no_reach(&client.get(own).await);
    let seen: Vec<String> = sandbox
        .calls()
        .iter()
        .filter(|call| call.path().ends_with("device_ip"))
        .map(|call| call.authentication().to_owned())
        .collect();
    assert!(seen.contains(&"bearer token ok (scope coverage)".to_owned()));
    assert!(seen.contains(&"none needed (device)".to_owned()));
}

#[tokio::test]
async fn a_device_token_has_the_scope_coverage_alone() {
    let sandbox = sandbox().await;
    let own = "/coverage/v0.1/device_ip";
    let mixed = client(&sandbox, "coverage phone_check").await;
    mixed.get(own).await.assert_problem(403, "forbidden");
    let verdict = "bearer token has more scopes than coverage, and came from a device";
    assert!(
        sandbox
            .calls()
            .iter()
            .any(|call| call.authentication() == verdict)
    );
    // The server may use it for its own questions.
    assert_eq!(mixed.get("/coverage/v0.1/countries/GB").await.status, 200);
    let without = client(&sandbox, "phone_check").await;
    without.get(own).await.assert_problem(403, "forbidden");
    without
        .get("/coverage/v0.1/countries/GB")
        .await
        .assert_problem(403, "forbidden");
    // What a device was handed opens no product.
    let device = client(&sandbox, "coverage").await;
    assert_eq!(device.get(own).await.status, 200);
    for product in ["phone_check/v0.2", "subscriber_check/v0.2", "sim_check/v0.1"] {
        let answer = device.get(&format!("/{product}/checks")).await;
        answer.assert_problem(403, "forbidden");
    }
    for path in [
        own,
        "/coverage/v0.1/countries/GB",
        "/coverage/v0.1/device_ips/203.0.113.9",
    ] {
        let answer = call(Method::GET, &url(&sandbox, path), &[], "").await;
        answer.assert_problem(401, "");
    }
}

#[tokio::test]
async fn questions_count_against_the_rate_limit() {
    let sandbox = builder().idlayr_rate_limit(1).start().await.unwrap();
    let client = client(&sandbox, "coverage").await;
    let path = "/coverage/v0.1/countries/GB";
    let first = client.get(path).await;
    assert_eq!(
        (first.status.as_u16(), first.header("x-ratelimit-remaining")),
        (200, "0")
    );
    let second = client.get(path).await;
    second.assert_problem(429, "too_many_requests");
    assert_eq!(second.header("retry-after"), "2989");
    let post = client.send(Method::POST, path, "", "").await;
    post.assert_problem(405, "");
    let state = call(
        Method::GET,
        &format!("{}api/state", sandbox.control_url()),
        &[],
        "",
    )
    .await;
    assert_eq!(state.json()["idlayr"]["device_ip"], Value::from("203.0.113.9"));
}
