//! A caller that shares no code with the sandbox: plain HTTP over one connection a request.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod caf;
pub(crate) mod caf_account;
pub(crate) mod cm;
pub(crate) mod identomat;
pub(crate) mod idlayr;
pub(crate) mod receiver;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use url::{Position, Url};
use verikit_sandbox::{IdlayrProject, ProjectMode, Sandbox, SandboxBuilder, SandboxClock};

pub(crate) const JSON: &str = "application/json";
pub(crate) const PATCH: &str = "application/json-patch+json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// 2024-05-02T09:10:11Z
pub(crate) fn start_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_714_641_011)
}

/// A sandbox whose time stands still.
pub(crate) fn builder() -> SandboxBuilder {
    Sandbox::builder()
        .seed(1)
        .clock(SandboxClock::manual(start_time()))
}

pub(crate) async fn sandbox() -> Sandbox {
    builder().start().await.unwrap()
}

/// A sandbox with a project of IDlayr, `live` with the secret `secret`, whose checks are paid from this
/// balance.
pub(crate) async fn live_sandbox(balance: u32) -> Sandbox {
    let project = IdlayrProject::new("live", "secret").mode(ProjectMode::Live);
    let builder = builder().idlayr_project(project).idlayr_balance(balance);
    builder.start().await.unwrap()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    /// Asserts that this is the problem with the given status and code (the part of `type` after `#`).
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        let found = body["type"]
            .as_str()
            .and_then(|kind| kind.split_once('#'))
            .map_or("", |(_, code)| code);
        assert_eq!(found, code, "{body}");
        assert!(body["title"].is_string() && body["detail"].is_string(), "{body}");
    }
}

/// One request. An error when the connection ends without an answer.
pub(crate) async fn try_call(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Result<Answer, hyper::Error> {
    let url = Url::parse(url).unwrap();
    let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
    let stream = TcpStream::connect(&authority).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(&url[Position::BeforePath..Position::AfterQuery]);
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        request = request.header(HOST, &authority);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(body.into())).unwrap();
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    connection.abort();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body,
    })
}

pub(crate) async fn call(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    try_call(method, url, headers, body).await.unwrap()
}

/// `id` and `secret` go out as they are: encoding them is the caller's part.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn url(sandbox: &Sandbox, path: &str) -> String {
    sandbox.idlayr().base_url().join(path).unwrap().into()
}

pub(crate) async fn post_form(sandbox: &Sandbox, path: &str, authorization: &str, body: &str) -> Answer {
    let headers = [
        (AUTHORIZATION.as_str(), authorization),
        (CONTENT_TYPE.as_str(), FORM),
    ];
    call(Method::POST, &url(sandbox, path), &headers, body.to_owned()).await
}

pub(crate) async fn token_answer(sandbox: &Sandbox, id: &str, secret: &str, scope: &str) -> Answer {
    let body = format!("grant_type=client_credentials&scope={scope}");
    post_form(sandbox, "/oauth2/v1/token", &basic(id, secret), &body).await
}

/// A client of the default project (or another one) with a token.
pub(crate) struct Client<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) token: String,
}

impl<'a> Client<'a> {
    pub(crate) async fn new(sandbox: &'a Sandbox) -> Self {
        let idlayr = sandbox.idlayr();
        Self::with(sandbox, idlayr.client_id(), idlayr.client_secret(), "phone_check").await
    }

    pub(crate) async fn with(sandbox: &'a Sandbox, id: &str, secret: &str, scope: &str) -> Self {
        let answer = token_answer(sandbox, id, secret, scope).await;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        Self { sandbox, token }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: impl Into<Bytes>,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        if !content_type.is_empty() {
            headers.push(("content-type", content_type));
        }
        call(method, &url(self.sandbox, path), &headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "", "").await
    }

    pub(crate) async fn create_answer(&self, version: &str, body: &Value) -> Answer {
        let path = format!("/phone_check/{version}/checks");
        self.send(Method::POST, &path, JSON, body.to_string()).await
    }

    /// Creates a check and returns its body.
    pub(crate) async fn create(&self, version: &str, phone_number: &str) -> Value {
        let answer = self
            .create_answer(version, &json!({ "phone_number": phone_number }))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn check(&self, version: &str, id: &str) -> Answer {
        self.get(&format!("/phone_check/{version}/checks/{id}")).await
    }

    pub(crate) async fn complete(&self, id: &str, code: &str) -> Answer {
        let body = json!([{ "op": "add", "path": "/code", "value": code }]);
        self.send(
            Method::PATCH,
            &format!("/phone_check/v0.2/checks/{id}"),
            PATCH,
            body.to_string(),
        )
        .await
    }
}

pub(crate) fn id_of(check: &Value) -> String {
    check["check_id"].as_str().unwrap().to_owned()
}

pub(crate) fn check_url_of(check: &Value) -> String {
    check["_links"]["check_url"]["href"].as_str().unwrap().to_owned()
}

/// Lets the device open the URL of a check, and gives the code that it ends with, if it gets one.
pub(crate) async fn open(sandbox: &Sandbox, check: &Value) -> Option<String> {
    sandbox.device().follow(check_url_of(check)).await.unwrap().code()
}
