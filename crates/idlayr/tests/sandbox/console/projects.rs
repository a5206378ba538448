//! A project that is made in the console is used at once.

use idlayr::console::{DestinationUrls, ProjectConfiguration, ProjectMode};
use idlayr::{ErrorKind, Sort};

use super::{client, console, named, workspace};
use crate::support::{MATCHES, number, sandbox, verify};

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
    let client = client(&sandbox, &created);
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

#[tokio::test]
async fn workspace_and_projects_are_renamed_read_and_found() {
    let sandbox = sandbox().await;
    let console = console(&sandbox);
    let id = workspace(&console).await;
    let renamed = console.workspaces().rename(&id, "Shop").await.unwrap();
    assert_eq!(renamed.name.as_ref().unwrap().expose(), "Shop");
    assert_eq!(console.workspaces().get(&id).await.unwrap(), renamed);

    let projects = console.projects(&id);
    for name in ["b", "a", "c"] {
        projects.create(name).mode(ProjectMode::Live).await.unwrap();
    }
    let found = projects.list().name("a").await.unwrap();
    assert_eq!(named(&found.items), ["a"]);
    let first = projects.get(&found.items[0].project_id).await.unwrap();
    assert_eq!(first.mode, Some(ProjectMode::Live));
    let sorted = projects
        .list()
        .search("mode==live")
        .sort(Sort::descending("name"));
    assert_eq!(named(&sorted.await.unwrap().items), ["c", "b", "a"]);
    // A page leads to the next one, searched and sorted as it was.
    let mut items = projects
        .list()
        .search("mode==live;name>=b")
        .sort(Sort::ascending("name"))
        .size(1)
        .items();
    let mut names = Vec::new();
    while let Some(project) = items.next().await {
        names.push(project.unwrap());
    }
    assert_eq!(named(&names), ["b", "c"]);
    let error = projects.list().search("balance==1").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Provider, 400)
    );

    let made = projects.create_credential(&first.project_id).await.unwrap();
    let read = projects
        .credential(&first.project_id, &made.client_id)
        .await
        .unwrap();
    assert_eq!(
        read.created_by().unwrap().member_id,
        renamed.me().unwrap().member_id
    );
    let newest = projects
        .credentials(&first.project_id)
        .page(2)
        .size(1)
        .await
        .unwrap();
    assert_eq!(newest.items, [read]);
}
