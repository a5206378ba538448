//! CM.com Number Verify: checks, the page for the phone, callbacks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use support::cm::{Token, get, hmac, post};
use support::receiver::Receiver;
use support::{Answer, builder, call, sandbox};
use tokio::net::TcpListener;
use verikit_sandbox::{CmNumberVerifyOutcome, Delivery, DeliveryState, Sandbox};

const NUMBER: &str = "+31600000042";
const HTTPS: &str = "https://customer.example.net/cm?secret=hook";
const FORM: &str = "application/x-www-form-urlencoded";

async fn create_answer(sandbox: &Sandbox, callback_url: &str) -> Answer {
    let url = format!("{}/number-verify", sandbox.cm().mobile_identity_url());
    let body = json!({ "phoneNumber": NUMBER, "callbackUrl": callback_url });
    post(sandbox, &url, &body).await
}

async fn create(sandbox: &Sandbox, callback_url: &str) -> Value {
    let answer = create_answer(sandbox, callback_url).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn read(sandbox: &Sandbox, check: &Value) -> Answer {
    let base = sandbox.cm().mobile_identity_url();
    get(sandbox, &format!("{base}/number-verify/{}", text(&check["id"]))).await
}

async fn with_plain_callbacks() -> Sandbox {
    builder().cm_plain_http_callbacks(true).start().await.unwrap()
}

fn is_signed_by(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let expected = format!("HMAC {}", STANDARD.encode(hmac(secret, body)));
    headers["authorization"] == expected.as_str()
}

#[tokio::test]
async fn a_check_is_pending_until_the_phone_is_seen() {
    let sandbox = sandbox().await;
    let check = create(&sandbox, HTTPS).await;
    assert_eq!(check.as_object().unwrap().len(), 4, "{check}");
    assert_eq!(
        (&check["state"], &check["match"]),
        (&json!("pending"), &Value::Null)
    );
    assert_eq!(text(&check["id"]).len(), 36);
    assert!(text(&check["sessionUrl"]).starts_with("http://127.0.0.1:"));
    let expected = json!({ "id": check["id"], "state": "pending", "match": null });
    assert_eq!(read(&sandbox, &check).await.json(), expected);

    for (outcome, state, is_match) in [
        (CmNumberVerifyOutcome::Match, "completed", json!(true)),
        (CmNumberVerifyOutcome::NoMatch, "completed", json!(false)),
        (CmNumberVerifyOutcome::Failed, "failed", Value::Null),
    ] {
        let check = create(&sandbox, HTTPS).await;
        let mobile_identity = sandbox.cm().mobile_identity();
        assert!(mobile_identity.finish_number_verify(text(&check["id"]), outcome));
        let expected = json!({ "id": check["id"], "state": state, "match": is_match });
        assert_eq!(read(&sandbox, &check).await.json(), expected);
        // Once.
        assert!(!mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match));
        assert_eq!(read(&sandbox, &check).await.json(), expected);
        let held = mobile_identity.number_verifies().pop().unwrap();
        assert_eq!(held.state(), state);
        assert_eq!(held.is_match(), is_match.as_bool());
        assert_eq!(held.session_url(), text(&check["sessionUrl"]));
        assert_eq!(held.masked_phone_number(), "••••••••••42");
    }
    assert!(
        !sandbox
            .cm()
            .mobile_identity()
            .finish_number_verify("none", CmNumberVerifyOutcome::Match)
    );
}

#[tokio::test]
async fn a_check_is_known_to_its_own_base() {
    let sandbox = sandbox().await;
    let check = create(&sandbox, HTTPS).await;
    let id = text(&check["id"]);
    let other = sandbox.cm().mobile_identity_sandbox_url();
    let base = sandbox.cm().mobile_identity_url();
    for url in [
        format!("{other}/number-verify/{id}"),
        format!("{base}/number-verify/{}", id.to_uppercase()),
        format!("{base}/number-verify/none"),
        format!("{base}/number-verify/%ff"),
    ] {
        let answer = get(&sandbox, &url).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["status"]),
            (404, &json!(404)),
            "{url}"
        );
    }
    let url = format!("{base}/number-verify/{id}");
    assert_eq!(call(Method::GET, &url, &[], "").await.status, 401);
    assert_eq!(call(Method::DELETE, &url, &[], "").await.status, 405);
    let bearer = Token::new(&sandbox).bearer();
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(call(Method::HEAD, &url, &headers, "").await.status, 405);
}

#[tokio::test]
async fn callback_urls_are_https_unless_the_builder_says_otherwise() {
    let strict = sandbox().await;
    let lenient = with_plain_callbacks().await;
    for (url, by_strict, by_lenient) in [
        (HTTPS, 200, 200),
        ("http://127.0.0.1:9/hook", 400, 200),
        ("http://localhost:9/hook", 400, 200),
        ("http://[::1]:9/hook", 400, 200),
        ("http://customer.example.net/", 400, 400),
        ("http://192.168.0.1/", 400, 400),
        ("HTTPS://customer.example.net/", 400, 400),
        (" https://customer.example.net/", 400, 400),
        ("https://", 400, 400),
        ("customer.example.net", 400, 400),
        ("", 400, 400),
    ] {
        assert_eq!(create_answer(&strict, url).await.status, by_strict, "{url}");
        assert_eq!(create_answer(&lenient, url).await.status, by_lenient, "{url}");
    }
    let url = format!("{}/number-verify", strict.cm().mobile_identity_url());
    for body in [
        json!({ "phoneNumber": NUMBER }),
        json!({ "phoneNumber": NUMBER, "callbackUrl": null }),
        json!({ "callbackUrl": HTTPS }),
        json!({ "phoneNumber": "31600000042", "callbackUrl": HTTPS }),
        json!({ "phoneNumber": NUMBER, "callbackUrl": HTTPS, "reference": "x" }),
    ] {
        assert_eq!(post(&strict, &url, &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_person_chooses_on_the_page() {
    let sandbox = sandbox().await;
    for (choice, state, is_match) in [
        ("match", "completed", json!(true)),
        ("no-match", "completed", json!(false)),
        ("failed", "failed", Value::Null),
    ] {
        let check = create(&sandbox, HTTPS).await;
        let url = text(&check["sessionUrl"]);
        let page = call(Method::GET, url, &[], "").await;
        let seen_by_the_device = sandbox.device().follow(url).await.unwrap();
        assert_eq!(seen_by_the_device.body(), &page.body);
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (200, "text/html; charset=utf-8")
        );
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(
            page.header("content-security-policy")
                .starts_with("default-src 'none'")
        );
        let html = page.text();
        for name in ["match", "no-match", "failed"] {
            assert!(
                html.contains(&format!("name=\"outcome\" value=\"{name}\"")),
                "{html}"
            );
        }
        assert!(!html.contains(NUMBER) && html.contains("42"));
        assert_eq!(
            sandbox.calls().last().unwrap().authentication(),
            "none needed (phone)"
        );
        let send =
            async |body: &str| call(Method::POST, url, &[("content-type", FORM)], body.to_owned()).await;
        for body in ["outcome=perhaps", "", "outcome="] {
            assert_eq!(send(body).await.status, 400, "{body}");
        }
        assert_eq!(read(&sandbox, &check).await.json()["state"], "pending");
        let chosen = send(&format!("outcome={choice}")).await;
        assert_eq!(chosen.status, 303);
        assert!(url.ends_with(chosen.header("location")));
        let expected = json!({ "id": check["id"], "state": state, "match": is_match });
        assert_eq!(read(&sandbox, &check).await.json(), expected);
        assert!(!call(Method::GET, url, &[], "").await.text().contains("<button"));
        assert_eq!(send("outcome=match").await.status, 409);
        assert_eq!(read(&sandbox, &check).await.json(), expected);
    }
    let base = sandbox
        .cm()
        .mobile_identity_url()
        .join("/number-verify-sessions/none")
        .unwrap();
    assert_eq!(call(Method::GET, base.as_str(), &[], "").await.status, 404);
    let headers = [("content-type", FORM)];
    assert_eq!(
        call(Method::POST, base.as_str(), &headers, "outcome=match")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_callback_is_signed_over_its_bytes() {
    let sandbox = with_plain_callbacks().await;
    let mut receiver = Receiver::answering(&[]).await;
    let check = create(&sandbox, &receiver.url).await;
    sandbox.clock().advance(Duration::from_secs(5));
    let mobile_identity = sandbox.cm().mobile_identity();
    assert!(mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::NoMatch));
    let (headers, body) = receiver.received.recv().await.unwrap();
    assert_eq!(headers["content-type"], "application/json");
    assert!(is_signed_by(sandbox.cm().secret(), &headers, &body));
    let event: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(text(&event["id"]).len(), 36);
    assert_ne!(event["id"], check["id"]);
    assert_eq!(
        event,
        json!({
            "id": event["id"],
            "type": "numberVerify.state",
            "numberVerify": { "id": check["id"], "state": "completed", "match": false },
            "created": "2024-05-02T09:10:16+00:00",
        })
    );
    mobile_identity.callbacks_settled().await;
    let callback = mobile_identity.callbacks().pop().unwrap();
    assert_eq!(callback.state(), DeliveryState::Delivered);
    assert_eq!((callback.body(), callback.id()), (&body, text(&event["id"])));
    assert_eq!(callback.attempts()[0].status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn a_server_error_is_retried_by_the_sandboxs_clock() {
    let sandbox = with_plain_callbacks().await;
    let mut receiver = Receiver::answering(&[500, 503, 200]).await;
    let check = create(&sandbox, &receiver.url).await;
    let mobile_identity = sandbox.cm().mobile_identity();
    mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match);
    let (_, first) = receiver.received.recv().await.unwrap();
    mobile_identity.callbacks_settled().await;
    let state = || mobile_identity.callbacks()[0].state();
    assert_eq!(state(), DeliveryState::Waiting);
    sandbox.clock().advance(Duration::from_secs(9));
    mobile_identity.callbacks_settled().await;
    assert!(receiver.received.try_recv().is_err());
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    // A clock that is moved before the answer was judged has counted too.
    sandbox.clock().advance(Duration::from_secs(20));
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    mobile_identity.callbacks_settled().await;
    assert_eq!(state(), DeliveryState::Delivered);
    let statuses: Vec<_> = mobile_identity.callbacks()[0]
        .attempts()
        .iter()
        .map(|attempt| attempt.status().unwrap().as_u16())
        .collect();
    assert_eq!(statuses, [500, 503, 200]);
}

#[tokio::test]
async fn other_answers_are_not_retried_and_retries_end() {
    let sandbox = with_plain_callbacks().await;
    let mut receiver = Receiver::answering(&[404, 500, 500, 500, 500, 500, 500]).await;
    let mobile_identity = sandbox.cm().mobile_identity();
    let finish = async |url: &str| {
        let check = create(&sandbox, url).await;
        mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match);
        mobile_identity.callbacks_settled().await;
    };
    finish(&receiver.url).await;
    assert_eq!(mobile_identity.callbacks()[0].state(), DeliveryState::GivenUp);
    assert_eq!(mobile_identity.callbacks()[0].attempts().len(), 1);

    // It keeps its port, which would be another test's otherwise, and closes every connection.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}/hook", listener.local_addr().unwrap());
    let closing = tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    finish(&receiver.url).await;
    finish(&silent).await;
    sandbox.clock().advance(Duration::from_secs(3600));
    mobile_identity.callbacks_settled().await;
    for callback in &mobile_identity.callbacks()[1..] {
        assert_eq!(callback.state(), DeliveryState::GivenUp);
        assert_eq!(callback.attempts().len(), 6);
        assert_eq!(callback.next_attempt(), None);
    }
    assert_eq!(mobile_identity.callbacks()[2].attempts()[5].status(), None);
    closing.abort();
    let mut received = 0;
    while receiver.received.try_recv().is_ok() {
        received += 1;
    }
    assert_eq!(received, 7);
}

#[tokio::test]
async fn a_callback_over_https_is_kept_for_the_test() {
    let sandbox = sandbox().await;
    let check = create(&sandbox, HTTPS).await;
    let mobile_identity = sandbox.cm().mobile_identity();
    mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match);
    mobile_identity.callbacks_settled().await;
    let callback = mobile_identity.callbacks().pop().unwrap();
    assert_eq!(callback.state(), DeliveryState::NotSent);
    assert_eq!(callback.url().as_str(), HTTPS);
    assert!(callback.attempts().is_empty());
    assert!(is_signed_by(
        sandbox.cm().secret(),
        callback.headers(),
        callback.body()
    ));
}

#[tokio::test]
async fn callbacks_can_be_forged_and_repeated() {
    let sandbox = sandbox().await;
    let mobile_identity = sandbox.cm().mobile_identity();
    mobile_identity.forge_next_callback();
    for _ in 0..2 {
        let check = create(&sandbox, HTTPS).await;
        mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match);
    }
    let callbacks = mobile_identity.callbacks();
    let secret = sandbox.cm().secret();
    let signed: Vec<_> = callbacks
        .iter()
        .map(|callback| is_signed_by(secret, callback.headers(), callback.body()))
        .collect();
    assert_eq!(signed, [false, true]);
    let forged = callbacks[0].headers()["authorization"].to_str().unwrap();
    assert_eq!(forged.len(), "HMAC ".len() + 44);

    assert!(mobile_identity.repeat_callback(callbacks[1].id()));
    assert!(!mobile_identity.repeat_callback("none"));
    let again = mobile_identity.callbacks().pop().unwrap();
    assert_eq!(
        (again.id(), again.body()),
        (callbacks[1].id(), callbacks[1].body())
    );
    assert_eq!(mobile_identity.callbacks().len(), 3);
}

#[tokio::test]
async fn the_control_host_plays_the_operator() {
    let sandbox = sandbox().await;
    let control = async |method: Method, path: &str| {
        let url = sandbox.control_url().join(path).unwrap();
        call(method, url.as_str(), &[], "").await
    };
    let by_api = create(&sandbox, HTTPS).await;
    let by_button = create(&sandbox, HTTPS).await;
    let id = |check: &Value| text(&check["id"]).to_owned();
    let html = control(Method::GET, "/").await.text();
    for name in ["match", "no-match", "failed"] {
        let form = format!("action=\"/cm/number-verify/{}/{name}\"", id(&by_button));
        assert!(html.contains(&form), "{html}");
    }
    assert!(html.contains(text(&by_button["sessionUrl"])));
    assert!(html.contains(sandbox.cm().id_scan_url().as_str()) && html.contains(sandbox.cm().key_id()));
    assert!(!html.contains(NUMBER));

    let path = format!("/api/cm/number-verify/{}/no-match", id(&by_api));
    let answer = control(Method::POST, &path).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["match"]),
        (200, &json!(false))
    );
    for path in [
        path.clone(),
        format!("/api/cm/number-verify/{}/perhaps", id(&by_button)),
        "/api/cm/number-verify/none/match".to_owned(),
    ] {
        assert_eq!(control(Method::POST, &path).await.status, 404, "{path}");
    }
    let path = format!("/cm/number-verify/{}/match", id(&by_button));
    let pressed = control(Method::POST, &path).await;
    assert_eq!((pressed.status.as_u16(), pressed.header("location")), (303, "/"));
    assert_eq!(read(&sandbox, &by_button).await.json()["match"], true);

    let html = control(Method::GET, "/").await.text();
    assert!(html.contains("Open number verify checks (0)") && html.contains("not sent"));
    assert!(!html.contains("secret=hook"));
    let callbacks = sandbox.cm().mobile_identity().callbacks();
    let row = |callback: &Delivery| {
        let id = callback.id();
        format!(
            "<tr><td><code>{id}</code></td><td>https://customer.example.net</td><td>not sent</td><td>0</td></tr>"
        )
    };
    // The newest first.
    let table = format!(
        "<h3>Number verify callbacks</h3><table><tr><th>Event</th><th>To</th><th>State</th><th>Attempts</th></tr>{}{}</table>",
        row(&callbacks[1]),
        row(&callbacks[0])
    );
    assert!(html.contains(&table), "{html}");
    let state = control(Method::GET, "/api/state").await.json();
    let state = &state["cm"];
    assert_eq!(state["secret"], sandbox.cm().secret());
    let part = &state["mobile_identity"];
    assert_eq!(part["number_verifies"][0]["state"], "completed");
    assert_eq!(part["number_verifies"][0]["phone_number"], "••••••••••42");
    let callback = &part["callbacks"][1];
    let signature = STANDARD.encode(hmac(sandbox.cm().secret(), text(&callback["body"]).as_bytes()));
    assert_eq!(callback["authorization"], format!("HMAC {signature}"));
    assert_eq!(
        (&callback["state"], &callback["attempts"]),
        (&json!("not sent"), &json!([]))
    );

    // Another site's page presses no button.
    let check = create(&sandbox, HTTPS).await;
    let url = sandbox
        .control_url()
        .join(&format!("/cm/number-verify/{}/match", id(&check)))
        .unwrap();
    let headers = [("origin", "https://evil.example.net")];
    assert_eq!(call(Method::POST, url.as_str(), &headers, "").await.status, 403);
    assert_eq!(read(&sandbox, &check).await.json()["state"], "pending");
}

#[tokio::test]
async fn debug_shows_neither_numbers_nor_secret_urls() {
    let sandbox = sandbox().await;
    let check = create(&sandbox, HTTPS).await;
    let mobile_identity = sandbox.cm().mobile_identity();
    mobile_identity.finish_number_verify(text(&check["id"]), CmNumberVerifyOutcome::Match);
    let callbacks = mobile_identity.callbacks();
    let all = format!(
        "{sandbox:?} {mobile_identity:?} {:?} {callbacks:?}",
        mobile_identity.number_verifies()
    );
    let authorization = callbacks[0].headers()["authorization"].to_str().unwrap();
    for secret in [
        NUMBER,
        "secret=hook",
        text(&check["sessionUrl"]),
        authorization,
        sandbox.cm().secret(),
    ] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
}
