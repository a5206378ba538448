//! IDlayr's console: one workspace, in which projects are made that can be used at once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod billing;
mod members;
mod projects;
mod reports;
#[path = "../support/mod.rs"]
mod support;

use http::Method;
use serde_json::Value;
use support::{Answer, Client, JSON, PATCH};
use verikit_sandbox::Sandbox;

const WORKSPACES: &str = "/console/v0.2/workspaces";
const EVEN: &str = "447700900042";

async fn console(sandbox: &Sandbox) -> Client<'_> {
    let idlayr = sandbox.idlayr();
    let (id, secret) = (idlayr.console_client_id(), idlayr.console_client_secret());
    Client::with(sandbox, id, secret, "console").await
}

async fn workspace(console: &Client<'_>) -> String {
    let list = console.get(WORKSPACES).await.json();
    assert_eq!(list["page"]["total_elements"], 1);
    let id = list["_embedded"]["workspaces"][0]["workspace_id"]
        .as_str()
        .unwrap();
    format!("{WORKSPACES}/{id}")
}

/// What can be spent.
async fn available(console: &Client<'_>, workspace: &str) -> Value {
    let body = console.get(workspace).await.json();
    body["_embedded"]["balance"]["amount_available"].clone()
}

async fn post(console: &Client<'_>, path: &str, body: &Value) -> Answer {
    console.send(Method::POST, path, JSON, body.to_string()).await
}

async fn patch(console: &Client<'_>, path: &str, body: &Value) -> Answer {
    console.send(Method::PATCH, path, PATCH, body.to_string()).await
}

async fn delete(console: &Client<'_>, path: &str) -> Answer {
    console.send(Method::DELETE, path, "", "").await
}

fn self_of(body: &Value) -> &str {
    body["_links"]["self"]["href"].as_str().unwrap()
}

/// One member of every item of a list.
fn listed<'a>(list: &'a Value, collection: &str, member: &str) -> Vec<&'a str> {
    let items = list["_embedded"][collection].as_array().unwrap().iter();
    items.map(|item| item[member].as_str().unwrap()).collect()
}
