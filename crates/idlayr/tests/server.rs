//! The application server of the examples, driven over real HTTP as an app on a phone would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[path = "../examples/phone_check_server.rs"]
mod phone_check_server;

use bytes::Bytes;
use idlayr::transport::{BundledTransport, Transport as _};
use idlayr::{Client, Secret};
use serde_json::{Value, json};
use verikit_sandbox::{Sandbox, ScriptedAnswer};

struct World {
    sandbox: Sandbox,
    transport: BundledTransport,
    server: String,
}

impl World {
    async fn new() -> Self {
        let sandbox = Sandbox::builder().start().await.unwrap();
        let idlayr = sandbox.idlayr();
        let client = Client::builder(idlayr.client_id(), idlayr.client_secret())
            .base_url(idlayr.base_url().as_str())
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        let router = phone_check_server::router(client, [Secret::new("anna"), Secret::new("ben")]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let transport = BundledTransport::builder()
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        Self {
            sandbox,
            transport,
            server,
        }
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        session: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server))
            .header("content-type", "application/json");
        if let Some(session) = session {
            request = request.header("authorization", format!("Bearer {session}"));
        }
        let body = body.map_or(Bytes::new(), |body| Bytes::from(body.to_string()));
        let response = self.transport.send(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().read(64 * 1024).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn begin(&self, version: &str, number: &str) -> (String, String) {
        let path = format!("/{version}/checks");
        let (status, begun) = self
            .call(
                "POST",
                &path,
                Some("anna"),
                Some(json!({ "phone_number": number })),
            )
            .await;
        assert_eq!(status, 200, "{begun}");
        let text = |name: &str| begun.get(name).and_then(Value::as_str).unwrap().to_owned();
        (text("check_id"), text("check_url"))
    }
}

#[tokio::test]
async fn v0_2_ends_with_the_verdict_of_the_operator() {
    let world = World::new().await;
    for (number, verdict) in [("+447700900042", true), ("+447700900041", false)] {
        let (check_id, check_url) = world.begin("v0.2", number).await;
        let device = world.sandbox.device().follow(check_url).await.unwrap();
        let code = json!({ "code": device.code().unwrap() });
        let path = format!("/v0.2/checks/{check_id}/complete");
        let (status, result) = world.call("POST", &path, Some("anna"), Some(code)).await;
        assert_eq!(
            (status, result),
            (200, json!({ "status": "COMPLETED", "match": verdict }))
        );
    }
}

#[tokio::test]
async fn v0_1_has_no_verdict_before_the_device_was_there() {
    let world = World::new().await;
    let (check_id, check_url) = world.begin("v0.1", "+447700900042").await;
    let path = format!("/v0.1/checks/{check_id}");
    let (status, result) = world.call("GET", &path, Some("anna"), None).await;
    assert_eq!(
        (status, result),
        (200, json!({ "status": "ACCEPTED", "match": null }))
    );
    world.sandbox.device().follow(check_url).await.unwrap();
    let (status, result) = world.call("GET", &path, Some("anna"), None).await;
    assert_eq!(
        (status, result),
        (200, json!({ "status": "COMPLETED", "match": true }))
    );
}

#[tokio::test]
async fn a_check_belongs_to_the_session_that_began_it() {
    let world = World::new().await;
    let number = json!({ "phone_number": "+447700900042" });
    for session in [None, Some("nobody"), Some(""), Some("ann"), Some("anna ben")] {
        let (status, _) = world
            .call("POST", "/v0.2/checks", session, Some(number.clone()))
            .await;
        assert_eq!(status, 401, "{session:?}");
    }
    let (check_id, check_url) = world.begin("v0.2", "+447700900042").await;
    let device = world.sandbox.device().follow(check_url).await.unwrap();
    let code = json!({ "code": device.code().unwrap() });
    let path = format!("/v0.2/checks/{check_id}/complete");
    let before = world.sandbox.calls().len();
    let (status, _) = world
        .call("GET", &format!("/v0.1/checks/{check_id}"), Some("anna"), None)
        .await;
    assert_eq!(
        status, 404,
        "a check that asks for a code is not read without one"
    );
    assert_eq!(
        world.call("POST", &path, Some("ben"), Some(code.clone())).await.0,
        404
    );
    assert_eq!(
        world
            .call("GET", &format!("/v0.1/checks/{check_id}"), Some("ben"), None)
            .await
            .0,
        404
    );
    assert_eq!(
        world.sandbox.calls().len(),
        before,
        "the provider is not asked on behalf of a stranger"
    );
    assert_eq!(world.call("POST", &path, Some("anna"), Some(code)).await.0, 200);
}

#[tokio::test]
async fn bad_numbers_are_the_apps_mistake_and_lost_answers_are_looked_up() {
    let world = World::new().await;
    let (status, answer) = world
        .call(
            "POST",
            "/v0.2/checks",
            Some("anna"),
            Some(json!({ "phone_number": "07700 900042" })),
        )
        .await;
    assert_eq!(status, 400);
    assert!(answer.to_string().contains("country code"), "{answer}");

    let (check_id, check_url) = world.begin("v0.2", "+447700900042").await;
    let device = world.sandbox.device().follow(check_url).await.unwrap();
    let lost = ScriptedAnswer::drop_connection_after_processing().for_method(http::Method::PATCH);
    world.sandbox.idlayr().answer_next(lost);
    let path = format!("/v0.2/checks/{check_id}/complete");
    let code = json!({ "code": device.code().unwrap() });
    let (status, result) = world.call("POST", &path, Some("anna"), Some(code)).await;
    assert_eq!(
        (status, result),
        (200, json!({ "status": "COMPLETED", "match": true }))
    );
    let patches = world
        .sandbox
        .calls()
        .iter()
        .filter(|call| call.method() == "PATCH")
        .count();
    assert_eq!(patches, 1, "the code is sent once");
}
