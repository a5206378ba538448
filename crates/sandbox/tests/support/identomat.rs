//! A caller of the emulated Identomat. Its signatures are made here, as anyone would make them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::Sandbox;

use super::cm::hmac;
use super::{Answer, FORM, JSON, call};

pub(crate) fn api(sandbox: &Sandbox, path: &str) -> String {
    sandbox.identomat().base_url().join(path).unwrap().into()
}

/// The header's value for one body.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    format!("signature=\"{}\"", STANDARD.encode(hmac(secret, body)))
}

/// An unsigned JSON call of the default company.
pub(crate) async fn post(sandbox: &Sandbox, path: &str, mut body: Value) -> Answer {
    body["company_key"] = json!(sandbox.identomat().company_key());
    post_json(sandbox, path, &body).await
}

pub(crate) async fn post_json(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    let headers = [("content-type", JSON)];
    call(Method::POST, &api(sandbox, path), &headers, body.to_string()).await
}

/// A JSON call of the default company, signed with `secret`.
pub(crate) async fn post_signed(sandbox: &Sandbox, path: &str, mut body: Value, secret: &str) -> Answer {
    body["company_key"] = json!(sandbox.identomat().company_key());
    let body = body.to_string();
    let signature = signature(secret, body.as_bytes());
    let headers = [("content-type", JSON), ("authorization", signature.as_str())];
    call(Method::POST, &api(sandbox, path), &headers, body).await
}

/// Begins a session and returns its token.
pub(crate) async fn begin(sandbox: &Sandbox, body: Value) -> String {
    let answer = post(sandbox, "begin/", body).await;
    token(&answer)
}

#[track_caller]
pub(crate) fn token(answer: &Answer) -> String {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, JSON)
    );
    let token = answer
        .json()
        .as_str()
        .unwrap_or_else(|| panic!("{}", answer.text()))
        .to_owned();
    let is_token = token.len() == 40
        && token
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    assert!(is_token, "{token}");
    token
}

pub(crate) async fn result(sandbox: &Sandbox, token: &str) -> Value {
    let answer = post(sandbox, "result/", json!({ "session_token": token })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The widget's address for a session.
pub(crate) fn widget(sandbox: &Sandbox, token: &str) -> String {
    format!("{}?session_token={token}", sandbox.identomat().widget_url())
}

/// What the widget's buttons do.
pub(crate) async fn choose(sandbox: &Sandbox, token: &str, form: &str) -> Answer {
    let headers = [("content-type", FORM)];
    call(Method::POST, &widget(sandbox, token), &headers, form.to_owned()).await
}
