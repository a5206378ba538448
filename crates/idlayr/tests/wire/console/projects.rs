//! Projects and their credentials.

use idlayr::console::{DestinationUrls, ProjectConfiguration, ProjectMode};
use idlayr::{ErrorKind, Scope};

use super::{
    BEARER, CLIENT, HAL, JSON, MEMBER, PATCH, PROJECT, Played, ROOT, SECRET, client_id, console, project_id,
    workspace_id,
};
use crate::support::Wire;

const CALLBACK: &str = "https://app.example.net/callback";
const REDIRECT: &str = "com.example.app://done";

fn project(rest: &str) -> String {
    format!(
        r#"{{"project_id":"{PROJECT}","name":"shop","mode":"sandbox","member_id":"{MEMBER}","disabled":false,"created_at":"2021-06-01T16:43:30+00:00","updated_at":"2021-06-02T16:43:30+00:00","_links":{{"self":{{"href":"{ROOT}/projects/{PROJECT}"}}}}{rest}}}"#
    )
}

fn credential(rest: &str) -> String {
    format!(
        r#"{{"client_id":"{CLIENT}","created_at":"2021-06-01T16:43:30+00:00","updated_at":"2021-06-01T16:43:30+00:00","scopes":["phone_check","coverage"]{rest}}}"#
    )
}

#[tokio::test]
async fn create() {
    let wire = Wire::start().await;
    let credentials = credential(&format!(r#","client_secret":"{SECRET}""#));
    let made = project(&format!(
        r#","configuration":{{"phone_check":{{"callback_url":"{CALLBACK}"}}}},"_embedded":{{"credentials":[{credentials}]}}"#
    ));
    wire.answer(201, HAL, made.clone());
    wire.answer(201, HAL, made);
    let projects = console(&wire).projects(&workspace_id());
    let made = projects.create("shop").await.unwrap();
    assert_eq!(made.project_id, project_id());
    assert_eq!(made.mode, Some(ProjectMode::Sandbox));
    assert_eq!(made.name.as_ref().unwrap().expose(), "shop");
    assert!(made.created_at.is_some());
    let [credential] = &made.credentials[..] else {
        panic!("one credential")
    };
    assert_eq!(credential.client_id, client_id());
    assert_eq!(credential.client_secret.expose(), SECRET);
    assert_eq!(credential.scopes, Some(vec![Scope::PhoneCheck, Scope::Coverage]));
    let urls = made.configuration.as_ref().unwrap().phone_check.as_ref().unwrap();
    assert_eq!(urls.callback_url.as_ref().unwrap().expose(), CALLBACK);

    let configuration = ProjectConfiguration::new()
        .phone_check(
            DestinationUrls::new()
                .callback_url(CALLBACK)
                .redirect_url(REDIRECT),
        )
        .subscriber_check(DestinationUrls::new().redirect_url(REDIRECT));
    let create = projects
        .create("shop")
        .mode(ProjectMode::Live)
        .configuration(configuration);
    create.await.unwrap();
    let bodies = [
        r#"{"name":"shop"}"#.to_owned(),
        format!(
            r#"{{"name":"shop","mode":"live","configuration":{{"phone_check":{{"callback_url":"{CALLBACK}","redirect_url":"{REDIRECT}"}},"subscriber_check":{{"redirect_url":"{REDIRECT}"}}}}}}"#
        ),
    ];
    for (call, body) in wire.calls().iter().zip(&bodies) {
        call.assert(&wire, &format!("POST {ROOT}/projects"), &[BEARER, JSON], body);
    }
    assert_eq!(wire.calls().len(), 2);
}

#[tokio::test]
async fn a_made_project_is_known_though_its_credentials_are_odd() {
    let wire = Wire::start().await;
    for embedded in [
        "",
        r#","_embedded":null"#,
        r#","_embedded":{"credentials":"none"}"#,
        r#","_embedded":{"credentials":[null,["x","y"],{"client_id":"x"},{"client_id":"x","client_secret":7}]}"#,
    ] {
        wire.answer(201, HAL, project(embedded));
        let made = console(&wire)
            .projects(&workspace_id())
            .create("shop")
            .await
            .unwrap();
        assert_eq!(made.project_id, project_id());
        assert_eq!(made.credentials.len(), 0, "{embedded}");
    }
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    wire.answer(
        200,
        HAL,
        format!(
            r#"{{"_embedded":{{"projects":[{}]}},"_links":{{}}}}"#,
            project("")
        ),
    );
    let projects = console(&wire).projects(&workspace_id());
    let list = projects.list().name("shop & co").size(1);
    let page = list.search("mode==sandbox").await.unwrap();
    wire.call().assert(
        &wire,
        &format!("GET {ROOT}/projects?size=1&search=mode%3D%3Dsandbox&name=shop+%26+co"),
        &[BEARER],
        "",
    );
    let project = &page.items[0];
    assert_eq!(project.project_id, project_id());
    assert_eq!(project.member_id.as_ref().unwrap().as_str(), MEMBER);
    assert_eq!((project.disabled, &project.configuration), (Some(false), &None));
    assert!(project.created_at.is_some() && project.updated_at.is_some());
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    let configuration = format!(
        r#","configuration":{{"subscriber_check":{{"callback_url":"{CALLBACK}","redirect_url":7}},"phone_check":[]}}"#
    );
    wire.answer(200, HAL, project(&configuration));
    let project = console(&wire)
        .projects(&workspace_id())
        .get(&project_id())
        .await
        .unwrap();
    wire.call()
        .assert(&wire, &format!("GET {ROOT}/projects/{PROJECT}"), &[BEARER], "");
    let configuration = project.configuration.as_ref().unwrap();
    assert_eq!(configuration.phone_check, None);
    let urls = configuration.subscriber_check.as_ref().unwrap();
    assert_eq!(urls.callback_url.as_ref().unwrap().expose(), CALLBACK);
    assert_eq!(urls.redirect_url, None);
}

#[tokio::test]
async fn update() {
    let wire = Wire::start().await;
    for _ in 0..6 {
        wire.answer(200, HAL, project(""));
    }
    let projects = console(&wire).projects(&workspace_id());
    let update = || projects.update(&project_id());
    let urls = || DestinationUrls::new().callback_url(CALLBACK);
    update().name("shop").mode(ProjectMode::Live).await.unwrap();
    update().mode(ProjectMode::Sandbox).await.unwrap();
    let configuration = ProjectConfiguration::new().subscriber_check(urls());
    update().configuration(configuration).await.unwrap();
    update().phone_check(urls()).await.unwrap();
    update().phone_check_callback_url(CALLBACK).await.unwrap();
    update().remove_phone_check_callback_url().await.unwrap();
    let bodies = [
        r#"[{"op":"replace","path":"/name","value":"shop"},{"op":"replace","path":"/mode","value":"live"}]"#
            .to_owned(),
        r#"[{"op":"replace","path":"/mode","value":"sandbox"}]"#.to_owned(),
        format!(
            r#"[{{"op":"add","path":"/configuration","value":{{"subscriber_check":{{"callback_url":"{CALLBACK}"}}}}}}]"#
        ),
        format!(
            r#"[{{"op":"add","path":"/configuration/phone_check","value":{{"callback_url":"{CALLBACK}"}}}}]"#
        ),
        format!(
            r#"[{{"op":"replace","path":"/configuration/phone_check/callback_url","value":"{CALLBACK}"}}]"#
        ),
        r#"[{"op":"remove","path":"/configuration/phone_check/callback_url"}]"#.to_owned(),
    ];
    let calls = wire.calls();
    assert_eq!(calls.len(), bodies.len());
    for (call, body) in calls.iter().zip(&bodies) {
        call.assert(
            &wire,
            &format!("PATCH {ROOT}/projects/{PROJECT}"),
            &[BEARER, PATCH],
            body,
        );
    }
}

#[tokio::test]
async fn credentials() {
    let wire = Wire::start().await;
    let by = format!(r#"{{"member_id":"{MEMBER}","name":"Anna Jansen"}}"#);
    let at_the_top = credential(&format!(r#","created_by":{by}"#));
    let embedded = credential(&format!(r#","_embedded":{{"created_by":{by}}}"#));
    let list = format!(r#"{{"_embedded":{{"credentials":[{at_the_top},{embedded}]}}}}"#);
    wire.answer(200, "application/json", list);
    wire.answer(200, "application/json", at_the_top);
    let projects = console(&wire).projects(&workspace_id());
    let page = projects.credentials(&project_id()).await.unwrap();
    let one = projects.credential(&project_id(), &client_id()).await.unwrap();
    assert_eq!(page.items[0], one);
    for credential in &page.items {
        let by = credential.created_by().unwrap();
        assert_eq!(by.member_id.as_ref().unwrap().as_str(), MEMBER);
        assert_eq!(by.name.as_ref().unwrap().expose(), "Anna Jansen");
        assert!(credential.updated_at.is_some());
    }
    let calls = wire.calls();
    let route = format!("GET {ROOT}/projects/{PROJECT}/credentials");
    calls[0].assert(&wire, &route, &[BEARER], "");
    calls[1].assert(&wire, &format!("{route}/{CLIENT}"), &[BEARER], "");
}

#[tokio::test]
async fn create_credential() {
    let wire = Wire::start().await;
    let made = credential(&format!(r#","client_secret":"{SECRET}""#));
    // Both statuses are in the vendor's documents.
    wire.answer(200, "application/json", made.clone());
    wire.answer(201, "application/json", made);
    wire.answer(200, "application/json", credential(""));
    let projects = console(&wire).projects(&workspace_id());
    for _ in 0..2 {
        let made = projects.create_credential(&project_id()).await.unwrap();
        assert_eq!(made.client_id, client_id());
        assert_eq!(made.client_secret.expose(), SECRET);
        assert!(made.created_at.is_some() && made.scopes.is_some());
    }
    let without = projects.create_credential(&project_id()).await.unwrap_err();
    assert_eq!(without.kind(), ErrorKind::Decode);
    let calls = wire.calls();
    assert_eq!(calls.len(), 3);
    for call in calls {
        let route = format!("POST {ROOT}/projects/{PROJECT}/credentials");
        call.assert(&wire, &route, &[BEARER], "");
    }
}

#[tokio::test]
async fn delete_credential() {
    let wire = Wire::start().await;
    wire.answer(200, "application/json", "");
    wire.answer(204, "application/json", "");
    wire.answer(202, "text/plain", "gone");
    let projects = console(&wire).projects(&workspace_id());
    for _ in 0..3 {
        projects
            .delete_credential(&project_id(), &client_id())
            .await
            .unwrap();
    }
    for call in wire.calls() {
        let route = format!("DELETE {ROOT}/projects/{PROJECT}/credentials/{CLIENT}");
        call.assert(&wire, &route, &[BEARER], "");
    }
}

#[test]
fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let played = Played::new([]);
    let projects = played.console.projects(&workspace_id());
    let bad = || DestinationUrls::new().callback_url("/callback?key=k-1");
    let (create, update) = (|| projects.create("shop"), || projects.update(&project_id()));
    let errors = [
        played.run(projects.create("")).unwrap_err(),
        played
            .run(create().configuration(ProjectConfiguration::new().phone_check(bad())))
            .unwrap_err(),
        played
            .run(create().configuration(
                ProjectConfiguration::new().subscriber_check(DestinationUrls::new().redirect_url("done")),
            ))
            .unwrap_err(),
        played.run(update()).unwrap_err(),
        played.run(update().name("")).unwrap_err(),
        played.run(update().name("a").name("b")).unwrap_err(),
        played
            .run(update().phone_check_callback_url("ftp://x.example/"))
            .unwrap_err(),
        played.run(update().phone_check(bad())).unwrap_err(),
        played
            .run(update().configuration(ProjectConfiguration::new().subscriber_check(bad())))
            .unwrap_err(),
        played
            .run(
                update()
                    .phone_check_callback_url(CALLBACK)
                    .remove_phone_check_callback_url(),
            )
            .unwrap_err(),
        played
            .run(played.console.workspaces().rename(&workspace_id(), ""))
            .unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_invalid_input(), "{error}");
        assert_eq!(error.provider(), "idlayr");
        assert!(!format!("{error} {error:?}").contains("k-1"), "{error}");
    }
    assert_eq!(played.transport.seen().len(), 0);
}
