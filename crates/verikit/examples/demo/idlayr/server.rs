//! An app, its server and IDlayr.

#[path = "../../../../idlayr/examples/phone_check_server.rs"]
mod phone_check_server;

use bytes::Bytes;
use serde_json::{Value, json};
use verikit::Secret;
use verikit::idlayr::Client;
use verikit::transport::{BundledTransport, Transport as _};
use verikit_sandbox::Sandbox;

use crate::story::{Outcome, Step, expect, headline};

/// The app's side, over real HTTP: what a phone would send to its own server.
pub(super) async fn emulated(client: Client, sandbox: &Sandbox) -> Outcome {
    headline("An app, its server and IDlayr (crates/idlayr/examples/phone_check_server.rs)");
    let router = phone_check_server::router(client, [Secret::new("anna"), Secret::new("ben")]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let app = App {
        transport: BundledTransport::builder()
            .dangerously_allow_plain_http(true)
            .build()
            .map_err(|error| error.to_string())?,
        server: format!("http://{address}"),
    };

    let number = json!({ "phone_number": "+44 7700 900042" });
    let (status, _) = app.post("/v0.2/checks", "nobody", &number).await?;
    expect("a request without a session to be refused", status == 401)?;
    let (step, (status, begun)) = Step::run("app begins", app.post("/v0.2/checks", "anna", &number)).await?;
    expect("the check to begin", status == 200)?;
    let text = |name: &str| {
        begun
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    step.tell("its server creates a check and hands back the URL");
    let (step, device) = Step::run("device", sandbox.device().follow(text("check_url"))).await?;
    step.tell("opens it over mobile data");
    let code = json!({ "code": device.code().ok_or("the device brought back no code")? });
    let route = format!("/v0.2/checks/{}/complete", text("check_id"));
    let (status, _) = app.post(&route, "ben", &code).await?;
    expect("somebody else's session to be refused", status == 404)?;
    let (step, (status, result)) = Step::run("app completes", app.post(&route, "anna", &code)).await?;
    expect(
        "a match",
        status == 200 && result.get("match") == Some(&Value::Bool(true)),
    )?;
    step.tell("a match; somebody else's session was refused");
    server.abort();
    Ok(())
}

struct App {
    transport: BundledTransport,
    server: String,
}

impl App {
    async fn post(&self, path: &str, session: &str, body: &Value) -> Outcome<(u16, Value)> {
        let request = http::Request::post(format!("{}{path}", self.server))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {session}"))
            .body(Bytes::from(body.to_string()))
            .map_err(|error| error.to_string())?;
        let response = self
            .transport
            .send(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = response
            .into_body()
            .read(64 * 1024)
            .await
            .map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}
