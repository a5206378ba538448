//! The console: a project that is made in it is used at once.

use idlayr::console::{Console, DestinationUrls, ProjectConfiguration, ProjectMode};
use idlayr::{Client, ErrorKind};
use verikit_sandbox::Sandbox;

use crate::support::{MATCHES, number, sandbox, verify};

fn console(sandbox: &Sandbox) -> Console {
    let idlayr = sandbox.idlayr();
    Console::builder(idlayr.console_client_id(), idlayr.console_client_secret())
        .base_url(idlayr.base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_new_project_verifies_a_number_until_its_credential_is_deleted() {
    let sandbox = sandbox().await;
    let console = console(&sandbox);
    let workspaces = console.workspaces().list().await.unwrap();
    let workspace = &workspaces.items[0];
    assert!(workspace.balance().is_some() && workspace.me().is_some());
    let projects = console.projects(&workspace.workspace_id);
    let urls = DestinationUrls::new().callback_url("https://app.example.net/callback");
    let created = projects
        .create("shop")
        .mode(ProjectMode::Sandbox)
        .configuration(ProjectConfiguration::new().phone_check(urls))
        .await
        .unwrap();
    let credential = &created.credentials[0];
    let client = Client::builder(credential.client_id.as_str(), credential.client_secret.clone())
        .base_url(sandbox.idlayr().base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    assert!(verify(&sandbox, &client, MATCHES).await.unwrap().is_match());
    let told = sandbox.idlayr().callbacks();
    assert_eq!(told[0].url().as_str(), "https://app.example.net/callback");

    let changed = projects
        .update(&created.project_id)
        .name("bank")
        .remove_phone_check_callback_url()
        .await
        .unwrap();
    assert_eq!(changed.name.as_ref().unwrap().expose(), "bank");
    verify(&sandbox, &client, MATCHES).await.unwrap();
    assert_eq!(sandbox.idlayr().callbacks().len(), 1);

    // Pages are followed through links that are relative.
    for count in 0..12 {
        projects.create(format!("more {count}")).await.unwrap();
    }
    let mut items = projects.list().size(5).items();
    let mut found = 0;
    while let Some(project) = items.next().await {
        project.unwrap();
        found += 1;
    }
    assert_eq!(found, 14);

    projects
        .delete_credential(&created.project_id, &credential.client_id)
        .await
        .unwrap();
    let error = client.phone_checks().create(number(MATCHES)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
}
