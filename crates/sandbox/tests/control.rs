//! The control host: the page, the API, and who may use them.

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
use support::{Answer, Client, JSON, caf, caf_account, call, id_of, sandbox};
use verikit_sandbox::Sandbox;

const EVEN: &str = "447700900042";

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    call(
        Method::GET,
        sandbox.control_url().join(path).unwrap().as_str(),
        &[],
        "",
    )
    .await
}

async fn post(sandbox: &Sandbox, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    call(
        Method::POST,
        sandbox.control_url().join(path).unwrap().as_str(),
        headers,
        body.to_owned(),
    )
    .await
}

#[tokio::test]
async fn the_page_shows_what_a_person_needs() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let body = json!({ "phone_number": EVEN, "reference_id": "<script>alert('1')</script>" });
    let id = id_of(&client.create_answer("v0.2", &body).await.json());
    call(
        Method::GET,
        &support::url(&sandbox, "/phone_check/v0.2/checks"),
        &[],
        "",
    )
    .await;
    let answer = get(&sandbox, "/").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let html = answer.text();
    for line in sandbox.export_lines() {
        assert!(html.contains(&line.replace('"', "&quot;")), "{line}");
    }
    assert!(html.contains(sandbox.idlayr().operator_url().as_str()));
    assert!(html.contains(&format!("action=\"/idlayr/checks/{id}/open\"")));
    assert!(html.contains("no Authorization header"));
    assert!(html.contains("bearer token ok (scope phone_check)"));
    assert!(html.contains("••••••••••42"));
    assert!(!html.contains(EVEN));
    assert!(!html.contains("<script>"));
    assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
    assert!(!html.contains(&client.token));
}

#[tokio::test]
async fn caf_is_shown_and_played_for_programs() {
    let sandbox = sandbox().await;
    let emulated = sandbox.caf();
    let json = [("content-type", JSON)];
    let attempt = json!({ "personId": "ana@example.com", "imageUrl": caf::picture("ana-2.jpg") }).to_string();
    let path = "api/caf/core/faces/attempts";
    assert_eq!(post(&sandbox, path, &json, &attempt).await.status, 404);
    let bearer = format!("Bearer {}", emulated.core_token());
    let headers = [("authorization", bearer.as_str()), json[0]];
    let registration = attempt.replace("ana-2", "ana");
    let faces = emulated.core_url().join("v1/faces").unwrap();
    call(Method::POST, faces.as_str(), &headers, registration).await;
    sandbox.clock().advance(std::time::Duration::from_secs(5));
    let attempted = post(&sandbox, path, &json, &attempt).await.json();
    let id = attempted["attemptId"].as_str().unwrap();
    assert_eq!(emulated.core_faces().attempts()[0].id(), id);

    caf::register(&sandbox, caf::ANA, "ana.jpg").await;
    let path = "api/caf/mobile/signed-responses";
    assert_eq!(post(&sandbox, &format!("{path}/none"), &[], "").await.status, 404);
    let set = post(&sandbox, &format!("{path}/request-token"), &[], "").await;
    assert_eq!(set.json(), json!({ "next_signed_response": "request-token" }));
    let body = json!({ "peopleId": caf::ANA, "imageUrl": caf::picture("bruno.jpg") });
    let signed = caf::post(&sandbox, "faces/authenticate?shouldSignResponse=true", &body).await;
    assert_eq!(signed.text(), caf::MobileToken::new(&sandbox).signed());

    let state = get(&sandbox, "api/state").await.json();
    assert_eq!(
        state["caf"]["mobile_client_secret"],
        emulated.mobile_client_secret()
    );
    assert_eq!(state["caf"]["mobile"]["attempts"][0]["isMatch"], false);
    assert_eq!(state["caf"]["core_faces"]["attempts"][0]["attemptId"], id);
    let html = get(&sandbox, "").await.text();
    for shown in [
        emulated.connect_mtls_url().as_str(),
        emulated.global_token(),
        emulated.mobile().attempts()[0].id(),
        "mtls.us.prd.caf.io",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(!html.contains(caf::ANA) && !html.contains("ana@example.com"));
}

#[tokio::test]
async fn the_page_may_not_be_framed_and_loads_nothing() {
    let sandbox = sandbox().await;
    let answer = get(&sandbox, "/").await;
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

#[tokio::test]
async fn the_state_lists_projects_and_checks() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let id = id_of(&client.create("v0.1", EVEN).await);
    let state = get(&sandbox, "/api/state").await.json();
    assert_eq!(state["now"], "2024-05-02T09:10:11+00:00");
    assert_eq!(state["exports"]["IDLAYR_CLIENT_ID"], sandbox.idlayr().client_id());
    assert_eq!(state["idlayr"]["base_url"], sandbox.idlayr().base_url().as_str());
    assert_eq!(
        state["idlayr"]["projects"][0]["client_secret"],
        sandbox.idlayr().client_secret()
    );
    assert_eq!(state["idlayr"]["checks"][0]["check_id"], id);
    assert_eq!(state["idlayr"]["checks"][0]["status"], "ACCEPTED");
    assert!(!state.to_string().contains(EVEN));
}

#[tokio::test]
async fn the_calls_are_listed() {
    let sandbox = sandbox().await;
    Client::new(&sandbox).await;
    let calls = get(&sandbox, "/api/calls").await.json();
    assert_eq!(
        calls,
        json!({ "calls": [{
            "at": "2024-05-02T09:10:11+00:00",
            "host": "eu.api.idlayr.com",
            "method": "POST",
            "path": "/oauth2/v1/token",
            "status": 200,
            "authentication": "Basic ok",
        }] })
    );
}

#[tokio::test]
async fn a_check_can_be_opened_and_completed() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let id = id_of(&client.create("v0.2", EVEN).await);
    let opened = post(&sandbox, &format!("/api/idlayr/checks/{id}/open"), &[], "").await;
    assert_eq!(opened.status, 200);
    let opened: Value = opened.json();
    assert_eq!(opened["hops"].as_array().unwrap().len(), 3);
    let code = opened["code"].as_str().unwrap();
    // A person finds the code on the page.
    assert!(get(&sandbox, "/").await.text().contains(code));
    assert_eq!(client.complete(&id, code).await.json()["status"], "COMPLETED");
    assert_eq!(
        post(&sandbox, "/api/idlayr/checks/none/open", &[], "")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_check_can_be_let_expire() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let id = id_of(&client.create("v0.2", EVEN).await);
    let path = format!("/api/idlayr/checks/{id}/expire");
    assert_eq!(post(&sandbox, &path, &[], "").await.status, 200);
    assert_eq!(client.check("v0.2", &id).await.json()["status"], "EXPIRED");
    assert_eq!(post(&sandbox, &path, &[], "").await.status, 404);
}

#[tokio::test]
async fn the_buttons_lead_back_to_the_page() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let origin = sandbox.control_url().as_str().trim_end_matches('/').to_owned();
    let headers = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
    let id = id_of(&client.create("v0.2", EVEN).await);
    for (action, status) in [("open", "PENDING"), ("expire", "EXPIRED")] {
        let answer = post(&sandbox, &format!("/idlayr/checks/{id}/{action}"), &headers, "").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
        assert_eq!(client.check("v0.2", &id).await.json()["status"], status);
    }
}

#[tokio::test]
async fn the_clock_can_be_moved() {
    let sandbox = sandbox().await;
    let headers = [("content-type", JSON)];
    let answer = post(&sandbox, "/api/clock/advance", &headers, r#"{"seconds":49}"#).await;
    assert_eq!(answer.json()["now"], "2024-05-02T09:11:00+00:00");
    for (body, status) in [
        (r#"{"seconds":-1}"#, 422),
        ("{", 400),
        (r#"{"seconds":18446744073709551615}"#, 400),
    ] {
        assert_eq!(
            post(&sandbox, "/api/clock/advance", &headers, body).await.status,
            status,
            "{body}"
        );
    }
    assert_eq!(
        get(&sandbox, "/api/state").await.json()["now"],
        "2024-05-02T09:11:00+00:00"
    );
}

#[tokio::test]
async fn other_sites_cannot_use_the_control_host() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let id = id_of(&client.create("v0.2", EVEN).await);
    let api = sandbox
        .idlayr()
        .base_url()
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let control = sandbox.control_url().as_str().trim_end_matches('/').to_owned();
    for path in [
        format!("/api/idlayr/checks/{id}/expire"),
        format!("/idlayr/checks/{id}/expire"),
    ] {
        for headers in [
            vec![("origin", "https://evil.example.net")],
            vec![("origin", "null")],
            vec![("origin", api.as_str())],
            vec![
                ("origin", control.as_str()),
                ("origin", "https://evil.example.net"),
            ],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("host", "evil.example.net")],
            vec![
                ("host", "evil.example.net"),
                ("origin", "http://evil.example.net"),
            ],
        ] {
            assert_eq!(
                post(&sandbox, &path, &headers, "").await.status,
                403,
                "{path} {headers:?}"
            );
        }
    }
    assert_eq!(client.check("v0.2", &id).await.json()["status"], "ACCEPTED");
}

#[tokio::test]
async fn a_foreign_name_for_this_machine_sees_nothing() {
    let sandbox = sandbox().await;
    let url = sandbox.control_url().as_str();
    let port = sandbox.control_url().port().unwrap();
    for (host, status) in [
        ("rebound.example.net".to_owned(), 403),
        (format!("rebound.example.net:{port}"), 403),
        (format!("localhost:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        (format!("[::1]:{port}"), 200),
    ] {
        let answer = call(Method::GET, url, &[("host", host.as_str())], "").await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn cafs_account_is_played_for_people_and_programs() {
    let sandbox = sandbox().await;
    let emulated = sandbox.caf();
    let json = [("content-type", JSON)];
    let urls = json!({ "template": "https://hooks.example.com/core", "connect": "https://hooks.example.com/connect" });
    assert_eq!(
        post(&sandbox, "api/caf/webhook-urls", &json, &urls.to_string())
            .await
            .status,
        204
    );
    assert_eq!(
        post(&sandbox, "api/caf/webhook-urls", &json, r#"{"connect":"x"}"#)
            .await
            .status,
        400
    );
    assert_eq!(
        post(&sandbox, "api/caf/connect-events/forge/no-signature", &[], "")
            .await
            .status,
        204
    );
    assert_eq!(
        post(&sandbox, "api/caf/connect-events/forge/none", &[], "")
            .await
            .status,
        400
    );
    let id = caf_account::create(&sandbox, json!({ "attributes": { "cpf": "90311111111" } })).await;
    let page = get(&sandbox, "/").await.text();
    assert!(
        page.contains(&format!("action=\"/caf/transactions/{id}/approved\"")),
        "{page}"
    );
    assert!(!page.contains("90311111111"));
    let reproved = post(
        &sandbox,
        &format!("api/caf/transactions/{id}/reproved?code=91"),
        &[],
        "",
    )
    .await;
    assert_eq!(reproved.json()["status"], "REPROVED");
    assert_eq!(
        caf_account::read(&sandbox, &id).await["manualReprovalReasons"][0]["code"],
        "91"
    );
    for (path, status) in [
        (format!("api/caf/transactions/{id}/perhaps"), 400),
        ("api/caf/transactions/x/approved".to_owned(), 404),
        ("api/caf/onboardings/x/approved".to_owned(), 404),
        ("api/caf/onboardings/x/perhaps".to_owned(), 400),
        ("api/caf/onboardings/x/face/match".to_owned(), 404),
        ("api/caf/onboardings/x/face/perhaps".to_owned(), 400),
        (format!("caf/transactions/{id}/approved"), 303),
    ] {
        assert_eq!(post(&sandbox, &path, &[], "").await.status, status, "{path}");
    }
    assert_eq!(emulated.account().transaction(&id).unwrap().status(), "APPROVED");

    let body = json!({ "transactionTemplateId": "t" });
    let link = caf_account::core_post(&sandbox, "/v1/onboardings?origin=TRUST", &body)
        .await
        .json();
    let token = link["token"].as_str().unwrap();
    assert!(get(&sandbox, "/").await.text().contains(token));
    let onboarding = format!("api/caf/onboardings/{token}");
    assert_eq!(
        post(&sandbox, &format!("{onboarding}/face/match"), &[], "")
            .await
            .json()["isMatch"],
        true
    );
    assert_eq!(
        post(&sandbox, &format!("{onboarding}/pending"), &[], "")
            .await
            .json()["status"],
        "PENDING"
    );
    let state = get(&sandbox, "api/state").await.json()["caf"].clone();
    assert_eq!(state["account"]["transactions"].as_array().unwrap().len(), 2);
    assert_eq!(state["account"]["onboardings"][0]["is_open"], false);
    let signatures: Vec<&Value> = state["webhooks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|webhook| webhook["url"] == "https://hooks.example.com/connect")
        .map(|webhook| &webhook["signature"])
        .collect();
    assert!(signatures[0].is_null(), "{signatures:?}");
    assert!(
        signatures[1..].iter().all(|signature| signature.is_string()),
        "{signatures:?}"
    );
}
