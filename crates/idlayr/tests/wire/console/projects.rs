//! Projects and their credentials.

use idlayr::console::{
    CreatedBy, CreatedProjectCredential, DestinationUrls, Project, ProjectConfiguration, ProjectMode,
};
use idlayr::{Answer, ErrorKind, Personal, Scope, Timestamp};

use super::{
    BEARER, CLIENT, HAL, JSON, MEMBER, PATCH, PROJECT, Played, ROOT, SECRET, client_id, console, member_id,
    project_id, workspace_id,
};
use crate::support::Wire;

const CALLBACK: &str = "https://app.example.net/callback";
const REDIRECT: &str = "com.example.app://done";

fn project(rest: &str) -> String {
    format!(
        r#"{{"project_id":"{PROJECT}","name":"shop","mode":"sandbox","member_id":"{MEMBER}","disabled":false,"created_at":"2021-06-01T16:43:30+00:00","updated_at":"2021-06-02T16:43:30+00:00","_links":{{"self":{{"href":"{ROOT}/projects/{PROJECT}"}}}}{rest}}}"#
    )
}

/// What its checks are sent to, in every member.
fn configuration() -> String {
    let urls = |name: &str| {
        format!(r#""{name}":{{"callback_url":"{CALLBACK}/{name}","redirect_url":"{REDIRECT}/{name}"}}"#)
    };
    format!(
        r#","configuration":{{{},{}}}"#,
        urls("phone_check"),
        urls("subscriber_check")
    )
}

#[track_caller]
fn assert_configuration(configuration: Option<&ProjectConfiguration>) {
    let configuration = configuration.unwrap();
    for (urls, name) in [
        (&configuration.phone_check, "phone_check"),
        (&configuration.subscriber_check, "subscriber_check"),
    ] {
        let urls = urls.as_ref().unwrap();
        let text = |url: &Option<Personal<String>>| url.as_ref().unwrap().expose().clone();
        assert_eq!(text(&urls.callback_url), format!("{CALLBACK}/{name}"));
        assert_eq!(text(&urls.redirect_url), format!("{REDIRECT}/{name}"));
    }
}

#[track_caller]
fn assert_dates(created_at: Option<&Timestamp>, updated_at: Option<&Timestamp>) {
    let dates = [created_at, updated_at].map(|date| date.unwrap().as_str());
    assert_eq!(dates, ["2021-06-01T16:43:30+00:00", "2021-06-02T16:43:30+00:00"]);
}

/// Every member of [`project`] with [`configuration`].
#[track_caller]
fn assert_every_member(project: &Answer<Project>) {
    assert_eq!(project.project_id, project_id());
    assert_eq!(project.name.as_ref().unwrap().expose(), "shop");
    assert_eq!(project.mode, Some(ProjectMode::Sandbox));
    assert_eq!(project.member_id, Some(member_id()));
    assert_eq!(project.disabled, Some(false));
    assert_dates(project.created_at.as_ref(), project.updated_at.as_ref());
    assert_configuration(project.configuration.as_ref());
}

fn credential(rest: &str) -> String {
    format!(
        r#"{{"client_id":"{CLIENT}","created_at":"2021-06-01T16:43:30+00:00","updated_at":"2021-06-02T16:43:30+00:00","scopes":["phone_check","coverage"],"_links":{{"self":{{"href":"{ROOT}/x"}}}}{rest}}}"#
    )
}

/// Who made a credential.
fn creator() -> String {
    format!(r#"{{"member_id":"{MEMBER}","name":"Anna Jansen"}}"#)
}

#[track_caller]
fn assert_creator(created_by: Option<&CreatedBy>) {
    let created_by = created_by.unwrap();
    assert_eq!(created_by.member_id, Some(member_id()));
    assert_eq!(created_by.name.as_ref().unwrap().expose(), "Anna Jansen");
}

/// Every member of [`credential`] with its secret and its creator.
#[track_caller]
fn assert_made(credential: &CreatedProjectCredential) {
    assert_eq!(credential.client_id, client_id());
    assert_eq!(credential.client_secret.expose(), SECRET);
    assert_eq!(credential.scopes, Some(vec![Scope::PhoneCheck, Scope::Coverage]));
    assert_dates(credential.created_at.as_ref(), credential.updated_at.as_ref());
    assert_creator(credential.created_by());
}

#[tokio::test]
async fn create() {
    let wire = Wire::start().await;
    let credentials = credential(&format!(
        r#","client_secret":"{SECRET}","created_by":{}"#,
        creator()
    ));
    let made = project(&format!(
        r#"{},"_embedded":{{"credentials":[{credentials}]}}"#,
        configuration()
    ));
    wire.answer(201, HAL, made.clone());
    wire.answer(201, HAL, made);
    let projects = console(&wire).projects(&workspace_id());
    let made = projects.create("shop").await.unwrap();
    assert_eq!(made.project_id, project_id());
    assert_eq!(made.name.as_ref().unwrap().expose(), "shop");
    assert_eq!(made.mode, Some(ProjectMode::Sandbox));
    assert_eq!(
        (&made.member_id, made.disabled),
        (&Some(member_id()), Some(false))
    );
    assert_dates(made.created_at.as_ref(), made.updated_at.as_ref());
    assert_configuration(made.configuration.as_ref());
    let [credential] = &made.credentials[..] else {
        panic!("one credential")
    };
    assert_made(credential);

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
            project(&configuration())
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
    assert_every_member(&page.items[0]);
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    let odd = format!(
        r#","configuration":{{"subscriber_check":{{"callback_url":"{CALLBACK}","redirect_url":7}},"phone_check":[]}}"#
    );
    for body in [project(&configuration()), project(&odd), project("")] {
        wire.answer(200, HAL, body);
    }
    let projects = console(&wire).projects(&workspace_id());
    assert_every_member(&projects.get(&project_id()).await.unwrap());
    wire.call()
        .assert(&wire, &format!("GET {ROOT}/projects/{PROJECT}"), &[BEARER], "");

    // What informs may be odd, and may be missing.
    let odd = projects.get(&project_id()).await.unwrap();
    let configuration = odd.configuration.as_ref().unwrap();
    assert_eq!(configuration.phone_check, None);
    let urls = configuration.subscriber_check.as_ref().unwrap();
    assert_eq!(urls.callback_url.as_ref().unwrap().expose(), CALLBACK);
    assert_eq!(urls.redirect_url, None);
    let bare = projects.get(&project_id()).await.unwrap();
    assert_eq!(bare.configuration, None);
}

#[tokio::test]
async fn update() {
    let wire = Wire::start().await;
    for _ in 0..6 {
        wire.answer(200, HAL, project(&configuration()));
    }
    let projects = console(&wire).projects(&workspace_id());
    let update = || projects.update(&project_id());
    let urls = || DestinationUrls::new().callback_url(CALLBACK);
    let updated = update().name("shop").mode(ProjectMode::Live).await.unwrap();
    assert_every_member(&updated);
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
    let by = creator();
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
        assert_eq!(credential.client_id, client_id());
        assert_eq!(credential.scopes, Some(vec![Scope::PhoneCheck, Scope::Coverage]));
        assert_dates(credential.created_at.as_ref(), credential.updated_at.as_ref());
        assert_creator(credential.created_by());
    }
    let calls = wire.calls();
    let route = format!("GET {ROOT}/projects/{PROJECT}/credentials");
    calls[0].assert(&wire, &route, &[BEARER], "");
    calls[1].assert(&wire, &format!("{route}/{CLIENT}"), &[BEARER], "");
}

#[tokio::test]
async fn create_credential() {
    let wire = Wire::start().await;
    let made = |by: &str| credential(&format!(r#","client_secret":"{SECRET}",{by}"#));
    // Both statuses are in the vendor's documents, and both places of the creator.
    let by = creator();
    wire.answer(200, "application/json", made(&format!(r#""created_by":{by}"#)));
    let embedded = made(&format!(r#""_embedded":{{"created_by":{by}}}"#));
    wire.answer(201, "application/json", embedded);
    wire.answer(200, "application/json", credential(""));
    let projects = console(&wire).projects(&workspace_id());
    for _ in 0..2 {
        assert_made(&projects.create_credential(&project_id()).await.unwrap());
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
