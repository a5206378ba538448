//! A caller of the emulated CM.com. Its tokens are put together by hand, so that every part of one can be
//! wrong.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};
use verikit_sandbox::Sandbox;

use super::{Answer, JSON, call};

/// A token that is good now and for a minute, unless it is changed.
#[derive(Clone)]
pub(crate) struct Token {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    secret: String,
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn segment(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// HMAC-SHA256.
pub(crate) fn hmac(secret: &str, message: &[u8]) -> Vec<u8> {
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signer = (DEFAULT_PROVIDER.signer_factory)(&Algorithm::HS256, &key).unwrap();
    signer.try_sign(message).unwrap()
}

impl Token {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        let now = sandbox.clock().now();
        let now = now
            .duration_since(std::time::SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        Self {
            header: object(&json!({ "alg": "HS256", "typ": "JWT", "kid": sandbox.cm().key_id() })),
            claims: object(&json!({ "iat": now, "nbf": now, "exp": now + 60 })),
            secret: sandbox.cm().secret().to_owned(),
        }
    }

    pub(crate) fn header(mut self, member: &str, value: Value) -> Self {
        self.header.insert(member.to_owned(), value);
        self
    }

    pub(crate) fn without_header(mut self, member: &str) -> Self {
        self.header.remove(member).unwrap();
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
        let header = segment(&Value::Object(self.header.clone()));
        let claims = segment(&Value::Object(self.claims.clone()));
        let message = format!("{header}.{claims}");
        let signature = URL_SAFE_NO_PAD.encode(hmac(&self.secret, message.as_bytes()));
        format!("{message}.{signature}")
    }

    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.signed())
    }
}

/// An ordinary request, for tests of what comes before it.
pub(crate) fn sim_swap() -> Value {
    json!({ "phoneNumber": "+31600000042", "serviceType": "24h" })
}

pub(crate) async fn with_authorization(sandbox: &Sandbox, headers: &[(&str, &str)]) -> Answer {
    let url = format!("{}/sim-swap", sandbox.cm().mobile_identity_url());
    let mut headers = headers.to_vec();
    headers.push(("content-type", JSON));
    call(Method::POST, &url, &headers, sim_swap().to_string()).await
}

/// A call with a good token.
pub(crate) async fn post(sandbox: &Sandbox, url: &str, body: &Value) -> Answer {
    let bearer = Token::new(sandbox).bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
    call(Method::POST, url, &headers, body.to_string()).await
}

/// A read with a good token.
pub(crate) async fn get(sandbox: &Sandbox, url: &str) -> Answer {
    let bearer = Token::new(sandbox).bearer();
    call(Method::GET, url, &[("authorization", bearer.as_str())], "").await
}
