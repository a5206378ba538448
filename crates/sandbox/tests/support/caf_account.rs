//! A caller of the emulated CAF's account: Core and Connect.

use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::{Delivery, Sandbox};

use super::{Answer, FORM, JSON, call};

pub(crate) fn core(sandbox: &Sandbox, path: &str) -> String {
    sandbox.caf().core_url().join(path).unwrap().into()
}

pub(crate) fn connect(sandbox: &Sandbox, path: &str) -> String {
    sandbox.caf().connect_url().join(path).unwrap().into()
}

/// A call with a bearer token.
pub(crate) async fn send(method: Method, url: &str, token: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("authorization", authorization.as_str())];
    let body = if body.is_null() {
        String::new()
    } else {
        headers.push(("content-type", JSON));
        body.to_string()
    };
    call(method, url, &headers, body).await
}

pub(crate) async fn core_post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    send(
        Method::POST,
        &core(sandbox, path),
        sandbox.caf().core_token(),
        body,
    )
    .await
}

pub(crate) async fn core_get(sandbox: &Sandbox, path: &str) -> Answer {
    let url = core(sandbox, path);
    send(Method::GET, &url, sandbox.caf().core_token(), &Value::Null).await
}

/// The members of a success.
#[track_caller]
pub(crate) fn ok(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), JSON);
    let body = answer.json();
    assert_eq!(body["requestId"].as_str().unwrap().len(), 36, "{body}");
    body
}

/// Asserts the status and the shape of an error.
#[track_caller]
pub(crate) fn assert_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    let body = answer.json();
    assert!(
        body["requestId"].is_string() && body["message"].is_string(),
        "{body}"
    );
}

/// Creates a transaction on Core and returns its id.
pub(crate) async fn create(sandbox: &Sandbox, mut body: Value) -> String {
    if body.get("template").is_none() {
        body["templateId"] = json!("64b0c0ffee0000000000aaaa");
    }
    let answer = core_post(sandbox, "/v1/transactions?origin=TRUST", &body).await;
    ok(&answer)["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn read(sandbox: &Sandbox, id: &str) -> Value {
    ok(&core_get(sandbox, &format!("/v1/transactions/{id}")).await)
}

/// An access token of Connect.
pub(crate) async fn access_token(sandbox: &Sandbox) -> String {
    let caf = sandbox.caf();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        caf.connect_client_id(),
        caf.connect_client_secret()
    );
    let headers = [("content-type", FORM)];
    let answer = call(Method::POST, &connect(sandbox, "/oauth2/token"), &headers, form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

pub(crate) fn body_of(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.body()).unwrap()
}
