//! The device: redirects, cookies, endings, and where it refuses to go.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use http::header::LOCATION;
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;
use support::{Client, builder, call, check_url_of, id_of, sandbox, url};
use url::Url;
use verikit_sandbox::{DeviceError, IdlayrProject, ScriptedAnswer};

const API: &str = "eu.api.idlayr.com";
const OPERATOR: &str = "sandbox.redirect.m-auth.com";
const EVEN: &str = "447700900042";

#[tokio::test]
async fn the_chain_leads_through_the_operator_and_back() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let body = json!({ "phone_number": EVEN, "reference_id": "order-77" });
    let check = client.create_answer("v0.2", &body).await.json();
    sandbox.clear_calls();
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    let hops: Vec<_> = result
        .hops()
        .iter()
        .map(|hop| (hop.host(), hop.status().as_u16()))
        .collect();
    assert_eq!(hops, [(API, 302), (OPERATOR, 302), (API, 200)]);
    assert_eq!(result.status(), 200);
    assert_eq!(result.content_type(), Some("application/json"));
    assert_eq!(result.redirected_to(), None);
    let ending: serde_json::Value = serde_json::from_slice(result.body()).unwrap();
    let code = result.code().unwrap();
    assert_eq!(code.len(), 10);
    assert_eq!(
        ending,
        json!({ "check_id": id_of(&check), "code": code, "reference_id": "order-77" })
    );
    assert!(!format!("{result:?}").contains(&code));
    let calls = sandbox.calls();
    assert_eq!(
        calls
            .iter()
            .map(verikit_sandbox::RecordedCall::host)
            .collect::<Vec<_>>(),
        [API, OPERATOR, API]
    );
    assert!(
        calls
            .iter()
            .all(|call| call.authentication() == "none needed (device)")
    );
    assert!(calls.iter().all(|call| !call.path().contains('?')));
}

#[tokio::test]
async fn v0_1_ends_on_a_page_without_a_code() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.1", EVEN).await;
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert_eq!(result.status(), 200);
    assert!(result.content_type().unwrap().starts_with("text/html"));
    assert_eq!(result.code(), None);
}

#[tokio::test]
async fn a_device_without_cookies_gets_no_code() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", EVEN).await;
    let result = sandbox
        .device()
        .without_cookies()
        .follow(check_url_of(&check))
        .await
        .unwrap();
    assert_eq!(result.status(), 400);
    assert_eq!(result.code(), None);
    assert_eq!(
        client.check("v0.2", &id_of(&check)).await.json()["status"],
        "PENDING"
    );
    // It may start again, properly this time.
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert_eq!(
        client
            .complete(&id_of(&check), &result.code().unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_device_cannot_skip_the_operator() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check_url = check_url_of(&client.create("v0.2", EVEN).await);
    let first = call(Method::GET, &check_url, &[], "").await;
    assert_eq!(first.status, 302);
    let operator = sandbox.idlayr().operator_url();
    assert!(
        first.header("location").starts_with(operator.as_str()),
        "{}",
        first.header("location")
    );
    assert_ne!(operator.port(), sandbox.idlayr().base_url().port());
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let guess = format!("{check_url}/result?operator_pass=guess");
    call(Method::GET, &guess, &[("cookie", cookie.as_str())], "")
        .await
        .assert_problem(400, "bad_request");
    let second = call(Method::GET, first.header("location"), &[], "").await;
    let last = call(
        Method::GET,
        second.header("location"),
        &[("cookie", cookie.as_str())],
        "",
    )
    .await;
    assert_eq!(last.status, 200);
}

#[tokio::test]
async fn a_used_check_url_opens_nothing() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check_url = check_url_of(&client.create("v0.2", EVEN).await);
    sandbox.device().follow(&check_url).await.unwrap();
    call(Method::GET, &check_url, &[], "")
        .await
        .assert_problem(404, "check_not_found");
    let unknown = url(&sandbox, "/phone_check/v0.2/checks/none/redirect");
    call(Method::GET, &unknown, &[], "")
        .await
        .assert_problem(404, "check_not_found");
    let wrong_version = check_url_of(&client.create("v0.2", EVEN).await).replace("v0.2", "v0.1");
    call(Method::GET, &wrong_version, &[], "")
        .await
        .assert_problem(404, "check_not_found");
    let operator = format!("{}callback/sandbox?id=none", sandbox.idlayr().operator_url());
    call(Method::GET, &operator, &[], "")
        .await
        .assert_problem(404, "check_not_found");
}

#[tokio::test]
async fn a_preview_does_not_open_a_check() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let check = client.create("v0.2", EVEN).await;
    assert_eq!(
        call(Method::HEAD, &check_url_of(&check), &[], "").await.status,
        405
    );
    assert_eq!(
        client.check("v0.2", &id_of(&check)).await.json()["status"],
        "ACCEPTED"
    );
}

#[tokio::test]
async fn the_checks_redirect_url_wins_over_the_projects() {
    let project = IdlayrProject::new("me", "secret")
        .redirect_url(Url::parse("https://project.example.net/done?from=project").unwrap());
    let builder = builder().idlayr_project(project).idlayr_signed_redirects(false);
    let sandbox = builder.start().await.unwrap();
    let client = Client::with(&sandbox, "me", "secret", "phone_check").await;

    let check = client.create("v0.2", EVEN).await;
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    let code = result.code().unwrap();
    assert_eq!(
        result.redirected_to().unwrap().as_str(),
        format!(
            "https://project.example.net/done?from=project&check_id={}&code={code}",
            id_of(&check)
        )
    );
    assert_eq!(result.status(), 302);
    assert!(!format!("{result:?}").contains(&code));

    let body = json!({
        "phone_number": "447700900099",
        "reference_id": "a&b",
        "redirect_url": "https://check.example.net/",
    });
    let check = client.create_answer("v0.2", &body).await.json();
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert_eq!(
        result.redirected_to().unwrap().host_str(),
        Some("check.example.net")
    );
    assert_eq!(result.code(), None);
    assert_eq!(result.error().as_deref(), Some("mno_user_not_found"));
    assert!(result.member("error_description").is_some());
    assert_eq!(result.member("reference_id").as_deref(), Some("a&b"));

    // v0.1 knows no redirect_url, not even the project's.
    let check = client.create("v0.1", EVEN).await;
    let result = sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert_eq!(result.redirected_to(), None);
}

fn redirect_to(location: &str) -> ScriptedAnswer {
    ScriptedAnswer::new(StatusCode::FOUND).header(LOCATION, HeaderValue::from_str(location).unwrap())
}

#[tokio::test]
async fn ten_redirects_are_followed_and_no_more() {
    let sandbox = sandbox().await;
    let start = url(&sandbox, "/loop");
    for _ in 0..10 {
        sandbox.idlayr().answer_next(redirect_to("/loop"));
    }
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::new(StatusCode::NO_CONTENT));
    let result = sandbox.device().follow(&start).await.unwrap();
    assert_eq!((result.status().as_u16(), result.hops().len()), (204, 11));

    for _ in 0..20 {
        sandbox.idlayr().answer_next(redirect_to("/loop"));
    }
    assert!(matches!(
        sandbox.device().follow(&start).await,
        Err(DeviceError::TooManyRedirects)
    ));
    assert_eq!(sandbox.idlayr().waiting_answers(), 9);
}

#[tokio::test]
async fn the_device_never_leaves_the_sandbox() {
    let sandbox = sandbox().await;
    let device = sandbox.device();
    for outside in [
        "https://example.net/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
    ] {
        assert!(
            matches!(device.follow(outside).await, Err(DeviceError::NotTheSandbox)),
            "{outside}"
        );
    }
    assert!(matches!(
        device.follow(sandbox.control_url()).await,
        Err(DeviceError::NotTheSandbox)
    ));
    assert!(matches!(device.follow("no url").await, Err(DeviceError::NotAUrl)));
    let tls = sandbox.idlayr().base_url().as_str().replace("http:", "https:");
    assert!(matches!(
        device.follow(&tls).await,
        Err(DeviceError::NotTheSandbox)
    ));

    sandbox.idlayr().answer_next(redirect_to("myapp://done?code=1"));
    let result = device.follow(url(&sandbox, "/")).await.unwrap();
    assert_eq!(result.redirected_to().unwrap().as_str(), "myapp://done?code=1");

    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::new(StatusCode::FOUND));
    assert!(matches!(
        device.follow(url(&sandbox, "/")).await,
        Err(DeviceError::BadLocation)
    ));
}

#[tokio::test]
async fn a_broken_connection_is_an_error() {
    let sandbox = sandbox().await;
    sandbox.idlayr().answer_next(ScriptedAnswer::drop_connection());
    let result = sandbox.device().follow(url(&sandbox, "/")).await;
    assert!(matches!(result, Err(DeviceError::Connection(_))));
}
