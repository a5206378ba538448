//! Identomat: sessions, from their begin to their deletion.

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
use support::identomat::{api, begin, post, post_json, result, token};
use support::{Answer, FORM, builder, call, sandbox};
use verikit_sandbox::{
    IdentomatCompany, IdentomatErrorStatus, IdentomatOutcome, Sandbox, SandboxError, ScriptedAnswer,
};

#[track_caller]
fn assert_code(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (status, json!(code)),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("content-type"), "application/json");
}

#[track_caller]
fn assert_argument(answer: &Answer, named: &str) {
    let body = answer.json();
    let text = body["argumentError"].as_str().unwrap_or_else(|| panic!("{body}"));
    assert!(text.contains(named), "{text}");
    assert_eq!(body.as_object().unwrap().len(), 1);
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_session_lives_from_begin_to_delete() {
    let sandbox = sandbox().await;
    let token = begin(&sandbox, json!({})).await;
    assert_eq!(result(&sandbox, &token).await["result"], "in_progress");
    assert!(sandbox.identomat().finish(&token, IdentomatOutcome::Approved));
    let approved = result(&sandbox, &token).await;
    assert_eq!(approved["result"], "approved");
    let named = json!({ "session_token": token });
    let deleted = post(&sandbox, "delete/", named.clone()).await;
    assert_eq!((deleted.status.as_u16(), deleted.json()), (200, approved));
    for path in ["delete/", "result/"] {
        assert_code(
            &post(&sandbox, path, named.clone()).await,
            200,
            "SESSION_NOT_FOUND",
        );
    }
    assert!(sandbox.identomat().session(&token).is_none());
    assert!(!sandbox.identomat().finish(&token, IdentomatOutcome::Approved));
}

#[tokio::test]
async fn begin_takes_flags_steps_a_configuration_and_a_parent() {
    let sandbox = sandbox().await;
    let flags = json!({ "language": "ka", "requireHdMedia": true, "server": "human", "return_url": null });
    let steps = json!([{ "type": "liveness", "key": "face", "flags": { "allow_face_upload": true } }]);
    let parent = begin(&sandbox, json!({ "flags": flags, "steps": steps })).await;
    let child = begin(
        &sandbox,
        json!({ "config_id": "65a0b1c2d3e4f5a6b7c8d9e0", "steps": [{ "key": "only-a-key" }],
                "parent_session_id": parent, "flags": null }),
    )
    .await;
    let identomat = sandbox.identomat();
    let held = identomat.session(&parent).unwrap();
    assert_eq!(Value::Object(held.flags().clone()), flags);
    assert_eq!(json!(held.steps()), steps);
    assert_eq!((held.config_id(), held.parent_session_id()), (None, None));
    let held = identomat.session(&child).unwrap();
    assert_eq!(held.config_id(), Some("65a0b1c2d3e4f5a6b7c8d9e0"));
    assert_eq!(held.parent_session_id(), Some(parent.as_str()));
    assert_eq!(
        result(&sandbox, &child).await["configId"],
        "65a0b1c2d3e4f5a6b7c8d9e0"
    );
    let tokens: Vec<_> = identomat
        .sessions()
        .iter()
        .map(|session| session.token().to_owned())
        .collect();
    assert_eq!(tokens, [parent.clone(), child]);
    assert!(!format!("{:?}{:?}", identomat, identomat.sessions()).contains(&parent));
}

#[tokio::test]
async fn parameters_may_stand_in_every_documented_place() {
    let sandbox = sandbox().await;
    let key = sandbox.identomat().company_key();
    let flags = json!({ "language": "en", "skip_agreement": true });
    let encoded: String = url::form_urlencoded::byte_serialize(flags.to_string().as_bytes()).collect();
    let form = format!("company_key={key}&flags={encoded}");
    let in_query = format!("{}?{form}", api(&sandbox, "begin/"));
    let multipart = format!(
        "--b1\r\nContent-Disposition: form-data; name=\"company_key\"\r\n\r\n{key}\r\n\
         --b1\r\nContent-Disposition: form-data; name=\"flags\"\r\n\r\n{flags}\r\n--b1--\r\n"
    );
    let begin = api(&sandbox, "begin/");
    let typed = |kind| [("content-type", kind)];
    for answer in [
        call(Method::GET, &in_query, &[], "").await,
        call(Method::POST, &in_query, &[], "").await,
        call(Method::POST, &begin, &typed(FORM), form.clone()).await,
        call(
            Method::POST,
            &begin,
            &typed("multipart/form-data; boundary=b1"),
            multipart.clone(),
        )
        .await,
        post(&sandbox, "begin/", json!({ "flags": flags })).await,
        call(
            Method::POST,
            &format!("{begin}?company_key={key}"),
            &typed("application/json; charset=utf-8"),
            json!({ "flags": flags }).to_string(),
        )
        .await,
    ] {
        let held = sandbox.identomat().session(&token(&answer)).unwrap();
        assert_eq!(Value::Object(held.flags().clone()), flags);
        // And the token is taken back in the same ways.
        let query = format!("?company_key={key}&session_token={}", held.token());
        let read = call(
            Method::GET,
            &format!("{}{query}", api(&sandbox, "result/")),
            &[],
            "",
        )
        .await;
        assert_eq!(read.json()["result"], "in_progress");
    }
    for (method, url, kind, body) in [
        (Method::GET, &begin, FORM, form.as_str()),
        (Method::POST, &begin, "text/plain", form.as_str()),
        (Method::POST, &begin, "multipart/form-data", multipart.as_str()),
        (
            Method::POST,
            &begin,
            "multipart/form-data; boundary=b2",
            multipart.as_str(),
        ),
        (Method::POST, &in_query, FORM, form.as_str()),
        (Method::POST, &begin, "application/json", "[]"),
        (Method::POST, &begin, "application/json", "{"),
    ] {
        let answer = call(method, url, &typed(kind), body.to_owned()).await;
        assert!(
            answer.json()["argumentError"].is_string(),
            "{kind}: {}",
            answer.text()
        );
    }
    let untyped = call(
        Method::POST,
        &begin,
        &[],
        json!({ "company_key": key }).to_string(),
    )
    .await;
    assert_argument(&untyped, "Content-Type");
}

#[tokio::test]
async fn paths_and_methods_are_those_of_the_documents() {
    let sandbox = sandbox().await;
    let query = format!("?company_key={}", sandbox.identomat().company_key());
    for path in ["begin", "external-api/begin/", "Begin/", "begin//", "none/"] {
        let url = format!("{}{query}", api(&sandbox, path));
        assert_eq!(call(Method::GET, &url, &[], "").await.status, 404, "{path}");
    }
    let url = format!("{}{query}", api(&sandbox, "begin/"));
    for method in [Method::PUT, Method::DELETE, Method::HEAD] {
        assert_eq!(call(method, &url, &[], "").await.status, 405);
    }
    assert!(sandbox.identomat().sessions().is_empty());
}

#[tokio::test]
async fn what_begin_cannot_read_is_an_argument_error() {
    let sandbox = sandbox().await;
    for (body, named) in [
        (json!({ "flag": {} }), "\"flag\""),
        (json!({ "flags": [] }), "flags is not an object"),
        (json!({ "flags": "{}" }), "flags is not an object"),
        (json!({ "flags": { "liveness": "true" } }), "liveness"),
        (json!({ "flags": { "language": 1 } }), "language"),
        (json!({ "flags": { "document_types": "id" } }), "document_types"),
        (json!({ "flags": { "document_types": [1] } }), "document_types"),
        (json!({ "flags": { "document_countries": ["DE"] } }), "alpha-3"),
        (json!({ "flags": { "document_countries": ["deu"] } }), "alpha-3"),
        (json!({ "flags": { "return_url": "/done" } }), "return_url"),
        (
            json!({ "flags": { "return_url": "javascript:alert(1)" } }),
            "return_url",
        ),
        (json!({ "steps": {} }), "steps is not an array"),
        (json!({ "steps": ["liveness"] }), "not an object"),
        (json!({ "steps": [{ "type": "liveness" }] }), "no type or no key"),
        (json!({ "steps": [{ "key": "a" }] }), "no type or no key"),
        (
            json!({ "steps": [{ "key": "a", "type": 1 }] }),
            "type is not a text",
        ),
        (json!({ "config_id": "c", "steps": [{}] }), "no type or no key"),
        (json!({ "config_id": 1 }), "config_id"),
        (json!({ "config_id": "" }), "config_id"),
    ] {
        assert_argument(&post(&sandbox, "begin/", body).await, named);
    }
    assert_argument(
        &post(&sandbox, "result/", json!({})).await,
        "session_token is missing",
    );
    let misnamed = json!({ "sessionId": "x", "session_token": "x" });
    assert_argument(&post(&sandbox, "result/", misnamed).await, "sessionId");
    let orphan = json!({ "parent_session_id": "0".repeat(40) });
    assert_code(&post(&sandbox, "begin/", orphan).await, 200, "SESSION_NOT_FOUND");
    assert!(sandbox.identomat().sessions().is_empty());
}

#[tokio::test]
async fn companies_are_told_apart_by_their_keys() {
    let other = IdentomatCompany::new("other-key", "other-secret");
    let sandbox = builder().identomat_company(other.clone()).start().await.unwrap();
    for body in [
        json!({}),
        json!({ "company_key": "none" }),
        json!({ "company_key": 1 }),
    ] {
        assert_code(
            &post_json(&sandbox, "begin/", &body).await,
            200,
            "COMPANY_KEY_INVALID",
        );
        let verdict = sandbox.calls().last().unwrap().authentication().to_owned();
        assert_eq!(verdict, "unknown company_key");
    }
    let token = begin(&sandbox, json!({})).await;
    let foreign = json!({ "company_key": "other-key", "session_token": token });
    for path in ["result/", "delete/"] {
        assert_code(
            &post_json(&sandbox, path, &foreign).await,
            200,
            "SESSION_NOT_FOUND",
        );
    }
    let foreign = json!({ "company_key": "other-key", "parent_session_id": token });
    assert_code(
        &post_json(&sandbox, "begin/", &foreign).await,
        200,
        "SESSION_NOT_FOUND",
    );
    assert_eq!(result(&sandbox, &token).await["result"], "in_progress");
    let twice = builder()
        .identomat_company(other.clone())
        .identomat_company(other);
    assert!(matches!(
        twice.start().await.unwrap_err(),
        SandboxError::DuplicateCompanyKey
    ));
}

#[tokio::test]
async fn a_session_has_to_be_opened_in_time() {
    let sandbox = sandbox().await;
    let identomat = sandbox.identomat();
    let late = begin(&sandbox, json!({})).await;
    let opened = begin(&sandbox, json!({})).await;
    assert!(identomat.finish(&opened, IdentomatOutcome::Abandoned));
    sandbox.clock().advance(Duration::from_secs(15 * 60 - 1));
    assert_eq!(result(&sandbox, &late).await["result"], "in_progress");
    sandbox.clock().advance(Duration::from_secs(1));
    for path in ["result/", "delete/"] {
        let answer = post(&sandbox, path, json!({ "session_token": late })).await;
        assert_code(&answer, 200, "SESSION_INVALID");
    }
    let answer = post(&sandbox, "begin/", json!({ "parent_session_id": late })).await;
    assert_code(&answer, 200, "SESSION_INVALID");
    assert!(!identomat.finish(&late, IdentomatOutcome::Approved));
    // What was opened in time may take as long as it likes.
    assert_eq!(result(&sandbox, &opened).await["result"], "in_progress");
    assert!(identomat.finish(&opened, IdentomatOutcome::Approved));
    sandbox.clock().advance(Duration::from_secs(86_400));
    assert_eq!(result(&sandbox, &opened).await["result"], "approved");

    let short = builder().identomat_token_lifetime(Duration::from_secs(1));
    let sandbox = short.start().await.unwrap();
    let token = begin(&sandbox, json!({})).await;
    sandbox.clock().advance(Duration::from_secs(1));
    assert!(!sandbox.identomat().finish(&token, IdentomatOutcome::Approved));
}

#[tokio::test]
async fn errors_may_have_statuses_of_their_own() {
    let sandbox = builder()
        .identomat_error_status(IdentomatErrorStatus::ClientError)
        .start()
        .await
        .unwrap();
    let named = json!({ "session_token": "0".repeat(40) });
    assert_code(
        &post_json(&sandbox, "begin/", &json!({})).await,
        401,
        "COMPANY_KEY_INVALID",
    );
    assert_code(
        &post(&sandbox, "result/", named.clone()).await,
        404,
        "SESSION_NOT_FOUND",
    );
    let late = begin(&sandbox, json!({})).await;
    sandbox.clock().advance(Duration::from_secs(900));
    let answer = post(&sandbox, "result/", json!({ "session_token": late })).await;
    assert_code(&answer, 400, "SESSION_INVALID");
    assert_eq!(post(&sandbox, "result/", json!({})).await.status, 400);
    sandbox.identomat().set_error_status(IdentomatErrorStatus::Ok);
    assert_code(&post(&sandbox, "result/", named).await, 200, "SESSION_NOT_FOUND");
}

#[tokio::test]
async fn the_host_can_be_scripted_and_its_calls_are_listed() {
    let sandbox = sandbox().await;
    let identomat = sandbox.identomat();
    identomat.answer_next(
        ScriptedAnswer::new(http::StatusCode::BAD_GATEWAY).for_path_prefix("/external-api/begin"),
    );
    let token = begin_after_failure(&sandbox).await;
    assert_eq!(identomat.waiting_answers(), 0);
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(
        (calls[1].host(), calls[1].path(), calls[1].authentication()),
        (
            "widget.identomat.com",
            "/external-api/begin/",
            "company_key ok, not signed"
        )
    );
    let page = sandbox
        .device()
        .follow(support::identomat::widget(&sandbox, &token))
        .await;
    assert_eq!(page.unwrap().status(), 200);
}

async fn begin_after_failure(sandbox: &Sandbox) -> String {
    assert_eq!(post(sandbox, "begin/", json!({})).await.status, 502);
    begin(sandbox, json!({})).await
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let sandbox = sandbox().await;
    let body = json!({ "config_id": "x".repeat(4 << 20) });
    assert_eq!(post(&sandbox, "begin/", body).await.status, 413);
}
