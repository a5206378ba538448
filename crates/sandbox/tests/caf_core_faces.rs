//! Faces of CAF's Core API.

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
use support::caf::{MobileToken, assert_error, picture};
use support::{Answer, JSON, call, sandbox};
use verikit_sandbox::Sandbox;

const ANA: &str = "ana@example.com";

fn url(sandbox: &Sandbox, path: &str) -> String {
    sandbox.caf().core_url().join(path).unwrap().into()
}

async fn post(sandbox: &Sandbox, body: &Value) -> Answer {
    let bearer = format!("Bearer {}", sandbox.caf().core_token());
    let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
    call(
        Method::POST,
        &url(sandbox, "v1/faces"),
        &headers,
        body.to_string(),
    )
    .await
}

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    let bearer = format!("Bearer {}", sandbox.caf().core_token());
    call(
        Method::GET,
        &url(sandbox, path),
        &[("authorization", &bearer)],
        "",
    )
    .await
}

fn registration(person_id: &str, name: &str) -> Value {
    json!({ "personId": person_id, "imageUrl": picture(name) })
}

#[tokio::test]
async fn only_a_core_token_opens_it() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let core = caf.core_token();
    for (authorization, status, verdict) in [
        (None, 401, "no Authorization header"),
        (
            Some(core.to_owned()),
            401,
            "the Authorization header is not a bearer token",
        ),
        (Some("Bearer made-up".to_owned()), 401, "bearer token unknown"),
        (
            Some(format!("Bearer {}", MobileToken::new(&sandbox).signed())),
            401,
            "bearer token unknown",
        ),
        (
            Some(format!("Bearer {}", caf.global_token())),
            403,
            "bearer token of another family",
        ),
        (
            Some(format!("Bearer {}", caf.token_without_permissions())),
            403,
            "bearer token without permissions",
        ),
    ] {
        let mut headers = vec![("content-type", JSON)];
        if let Some(value) = &authorization {
            headers.push(("authorization", value));
        }
        let body = registration(ANA, "ana.jpg").to_string();
        let answer = call(Method::POST, &url(&sandbox, "v1/faces"), &headers, body).await;
        assert_error(&answer, status);
        assert_eq!(sandbox.calls().last().unwrap().authentication(), verdict);
    }
    assert_eq!(caf.core_faces().registered_faces(), 0);
    assert_eq!(post(&sandbox, &registration(ANA, "ana.jpg")).await.status, 200);
    assert_eq!(
        sandbox.calls().last().unwrap().authentication(),
        "bearer token ok"
    );
}

#[tokio::test]
async fn a_registration_takes_its_time() {
    let sandbox = sandbox().await;
    let faces = sandbox.caf().core_faces();
    let answer = post(&sandbox, &registration("123.456.789-09", "ana.jpg")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["personId"], "12345678909");
    assert!(body["requestId"].is_string() && body["message"].is_string());
    assert_eq!(faces.registered_faces(), 1);
    assert!(!faces.is_registered("12345678909"));
    assert_eq!(faces.attempt("12345678909", &picture("ana-2.jpg")), None);
    sandbox.clock().advance(Duration::from_secs(5));
    assert!(faces.is_registered("12345678909") && faces.is_registered("123.456.789-09"));
    assert!(faces.attempt("12345678909", &picture("ana-2.jpg")).is_some());
    // The Mobile API has faces of its own.
    assert_eq!(sandbox.caf().mobile().registered_faces(), 0);
}

#[tokio::test]
async fn an_sdks_attempt_can_be_looked_up() {
    let sandbox = sandbox().await;
    post(&sandbox, &registration(ANA, "ana.jpg")).await;
    sandbox.clock().advance(Duration::from_secs(5));
    let faces = sandbox.caf().core_faces();
    for (name, is_match) in [
        ("ana-2.png", true),
        ("bruno.jpg", false),
        ("ana-spoof.jpg", false),
    ] {
        let id = faces.attempt(ANA, &picture(name)).unwrap();
        assert_eq!(id.len(), 26);
        let answer = get(&sandbox, &format!("v1/faces/attempts/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let data = answer.json()["data"].clone();
        assert_eq!(
            (
                &data["id"],
                &data["createdAt"],
                &data["personId"],
                &data["isMatch"]
            ),
            (
                &json!(id),
                &json!("2024-05-02T09:10:16.000Z"),
                &json!(ANA),
                &json!(is_match)
            ),
            "{name}"
        );
        assert_eq!(data["receivedImageUrl"], picture(name));
    }
    assert_eq!(faces.attempts().len(), 3);
    assert_eq!(faces.attempt("bruno@example.com", &picture("bruno.jpg")), None);
    assert_eq!(faces.attempt(ANA, "no picture"), None);
    assert_error(
        &get(&sandbox, "v1/faces/attempts/01ARYZ6S410000000000000000").await,
        404,
    );
    assert_error(&get(&sandbox, "v1/faces/attempts").await, 400);
    assert_error(&get(&sandbox, "v1/faces/attempts/").await, 400);
    let shown = format!("{faces:?} {:?}", faces.attempts());
    assert!(!shown.contains(ANA) && !shown.contains("example.com"), "{shown}");
}

#[tokio::test]
async fn what_is_no_face_is_refused() {
    let sandbox = sandbox().await;
    for (body, status) in [
        (json!({ "imageUrl": picture("ana.jpg") }), 400),
        (json!({ "personId": ANA }), 400),
        (registration("1234", "ana.jpg"), 400),
        (registration("ana teste", "ana.jpg"), 400),
        (registration(ANA, "no-face.jpg"), 400),
        (registration(ANA, "ana.bmp"), 415),
        (json!({ "personId": ANA, "imageUrl": "ana.jpg" }), 400),
    ] {
        assert_error(&post(&sandbox, &body).await, status);
    }
    assert_eq!(sandbox.caf().core_faces().registered_faces(), 0);
    assert_error(&get(&sandbox, "v1/faces").await, 405);
}
