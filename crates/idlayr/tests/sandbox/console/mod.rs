//! Every operation of the console.

mod billing;
mod members;
mod projects;
mod reports;

use idlayr::console::{Console, CreatedProject, Project, WorkspaceId};
use idlayr::{Answer, Client, Scope};
use verikit_sandbox::Sandbox;

fn with_credential(sandbox: &Sandbox, id: &str, secret: impl Into<idlayr::Secret>) -> Console {
    Console::builder(id, secret)
        .base_url(sandbox.idlayr().base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap()
}

fn console(sandbox: &Sandbox) -> Console {
    let idlayr = sandbox.idlayr();
    with_credential(
        sandbox,
        idlayr.console_client_id(),
        idlayr.console_client_secret(),
    )
}

async fn workspace(console: &Console) -> WorkspaceId {
    let workspaces = console.workspaces().list().await.unwrap();
    workspaces.items[0].workspace_id.clone()
}

/// A client of the products, for a project that was just made.
fn client(sandbox: &Sandbox, project: &CreatedProject) -> Client {
    let credential = &project.credentials[0];
    Client::builder(credential.client_id.as_str(), credential.client_secret.clone())
        .base_url(sandbox.idlayr().base_url().as_str())
        .dangerously_allow_plain_http(true)
        .scopes([Scope::PhoneCheck, Scope::SubscriberCheck, Scope::SimCheck])
        .build()
        .unwrap()
}

fn named(projects: &[Answer<Project>]) -> Vec<&str> {
    let names = projects.iter().map(|project| project.name.as_ref().unwrap());
    names.map(|name| name.expose().as_str()).collect()
}

/// What can be spent.
async fn available(console: &Console, workspace_id: &WorkspaceId) -> String {
    let workspace = console.workspaces().get(workspace_id).await.unwrap();
    let amount = &workspace.balance().unwrap().amount_available;
    amount.as_ref().unwrap().as_str().to_owned()
}
