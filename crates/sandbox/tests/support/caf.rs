//! A caller of the emulated CAF's Mobile API. Its tokens are put together by hand, so that every part of one
//! can be wrong.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use serde_json::{Map, Value, json};
use verikit_sandbox::Sandbox;

use super::cm::{hmac, segment};
use super::{Answer, JSON, call};

/// A CPF with good check digits.
pub(crate) const ANA: &str = "12345678909";
pub(crate) const BRUNO: &str = "31415926590";

pub(crate) fn picture(name: &str) -> String {
    format!("https://img.example.com/{name}")
}

/// A token that is good for anyone and for a minute, unless it is changed.
#[derive(Clone)]
pub(crate) struct MobileToken {
    header: Value,
    claims: Map<String, Value>,
    secret: String,
}

impl MobileToken {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        let now = sandbox.clock().now();
        let since_1970 = now.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
        let claims = json!({ "iss": sandbox.caf().mobile_client_id(), "exp": since_1970.as_secs() + 60 });
        Self {
            header: json!({ "alg": "HS256", "typ": "JWT" }),
            claims: claims.as_object().unwrap().clone(),
            secret: sandbox.caf().mobile_client_secret().to_owned(),
        }
    }

    pub(crate) fn header(mut self, header: Value) -> Self {
        self.header = header;
        self
    }

    pub(crate) fn claim(mut self, member: &str, value: Value) -> Self {
        self.claims.insert(member.to_owned(), value);
        self
    }

    pub(crate) fn without_claim(mut self, member: &str) -> Self {
        self.claims.remove(member).unwrap();
        self
    }

    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secret = secret.to_owned();
        self
    }

    pub(crate) fn signed(&self) -> String {
        let message = format!(
            "{}.{}",
            segment(&self.header),
            segment(&Value::Object(self.claims.clone()))
        );
        let signature = URL_SAFE_NO_PAD.encode(hmac(&self.secret, message.as_bytes()));
        format!("{message}.{signature}")
    }
}

pub(crate) fn mobile(sandbox: &Sandbox, path: &str) -> String {
    sandbox.caf().mobile_url().join(path).unwrap().into()
}

/// A call of the Mobile API with this value of the header.
pub(crate) async fn post_with(sandbox: &Sandbox, path: &str, authorization: &str, body: &Value) -> Answer {
    let headers = [("authorization", authorization), ("content-type", JSON)];
    call(Method::POST, &mobile(sandbox, path), &headers, body.to_string()).await
}

/// A call of the Mobile API with a good token.
pub(crate) async fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    post_with(sandbox, path, &MobileToken::new(sandbox).signed(), body).await
}

pub(crate) async fn get(sandbox: &Sandbox, path: &str, authorization: &str) -> Answer {
    let headers = [("authorization", authorization)];
    call(Method::GET, &mobile(sandbox, path), &headers, "").await
}

/// Registers a picture for a person.
pub(crate) async fn register(sandbox: &Sandbox, people_id: &str, name: &str) {
    let body = json!({ "peopleId": people_id, "imageUrl": picture(name) });
    let answer = post(sandbox, "faces/register", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Asserts an error with a body as the general rules have it.
#[track_caller]
pub(crate) fn assert_error(answer: &Answer, status: u16) {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (status, JSON),
        "{}",
        answer.text()
    );
    let body = answer.json();
    assert!(
        body["requestId"].is_string() && body["message"].is_string(),
        "{body}"
    );
}
