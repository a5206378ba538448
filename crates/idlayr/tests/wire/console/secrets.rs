//! The secret of a new credential is in its `Secret` and nowhere else.

use idlayr::Answer;
use idlayr::console::{CreatedMemberCredential, CreatedProject, CreatedProjectCredential};
use idlayr::testing::Step;

use super::{CLIENT, PROJECT, Played, SECRET, member_id, project_id, workspace_id};

fn assert_without(what: &str, text: &str) {
    assert!(!text.contains(SECRET), "{what}: {text}");
    assert!(!text.contains("s3cret"), "{what}: {text}");
}

fn credential() -> String {
    format!(r#"{{"client_id":"{CLIENT}","client_secret":"{SECRET}","later":"x"}}"#)
}

/// Everything that an answer shows or gives away besides its typed value.
fn assert_redacted<T: std::fmt::Debug + serde::de::DeserializeOwned>(reply: idlayr::Reply<Answer<T>>) {
    assert_without("reply", &format!("{reply:?} {reply:#?}"));
    assert_without("bytes of the reply", &String::from_utf8_lossy(reply.raw()));
    let answer = reply.into_value();
    assert_without("answer", &format!("{answer:?}"));
    assert_without("bytes of the answer", &String::from_utf8_lossy(answer.raw()));
    assert_without("stored answer", &serde_json::to_string(&answer).unwrap());
    assert_without("unknown members", &format!("{:?}", answer.extra()));
    let inner = answer.into_inner();
    assert_without("value", &format!("{inner:?}"));
}

#[test]
fn of_a_new_project() {
    let body = format!(
        r#"{{"project_id":"{PROJECT}","_embedded":{{"credentials":[{}]}},"client_secret":"{SECRET}"}}"#,
        credential()
    );
    let played = Played::new([Step::json(201, body)]);
    let create = played.console.projects(&workspace_id()).create("shop");
    let reply = played.run(create.send_with_metadata()).unwrap();
    assert_eq!(reply.value().credentials[0].client_secret.expose(), SECRET);
    assert_redacted::<CreatedProject>(reply);
}

#[test]
fn of_a_new_credential_of_a_project() {
    let played = Played::new([Step::json(200, credential())]);
    let create = played
        .console
        .projects(&workspace_id())
        .create_credential(&project_id());
    let reply = played.run(create.send_with_metadata()).unwrap();
    assert_eq!(reply.value().client_secret.expose(), SECRET);
    assert_eq!(reply.value().extra()["later"], "x");
    let stored = serde_json::to_string(reply.value()).unwrap();
    let again = serde_json::from_str::<Answer<CreatedProjectCredential>>(&stored);
    assert!(again.is_err(), "no secret is made up for one that was not kept");
    assert_redacted(reply);
}

/// A name with half a character in it is in JSON's grammar, and cannot be read. What stands beside it is kept
/// no more for that.
#[test]
fn beside_a_name_that_cannot_be_read() {
    let odd = format!(r#"{{"\ud800":1,"client_id":"{CLIENT}","client_secret":"{SECRET}"}}"#);
    let made = format!(r#"{{"project_id":"{PROJECT}","_embedded":{{"credentials":[{odd}]}}}}"#);
    let played = Played::new([Step::json(200, odd), Step::json(201, made)]);
    let projects = played.console.projects(&workspace_id());
    let error = played.run(projects.create_credential(&project_id())).unwrap_err();
    assert!(error.is_decode());
    assert_without("error", &format!("{error} {error:?}"));
    assert_without("bytes of the error", &String::from_utf8_lossy(error.body()));
    let reply = played.run(projects.create("shop").send_with_metadata()).unwrap();
    assert!(reply.value().credentials.is_empty());
    assert_redacted::<CreatedProject>(reply);
}

/// A gateway that fails on the way back may quote what it did not pass on.
#[test]
fn in_a_refusal() {
    let quoted = format!(r#"{{"title":"Bad Gateway","answer":{}}}"#, credential());
    let page = format!("<h1>Bad Gateway</h1><pre>{}</pre>", credential());
    let cut = format!(r#"{{"answer":{},"rest":"{}"}}"#, credential(), "x".repeat(4096));
    for (body, kept) in [
        (quoted, r#"{"title":"Bad Gateway","answer":{"client_id":"#),
        (page, "{}"),
        (cut, "{}"),
    ] {
        let played = Played::new([Step::answer(502, body)]);
        let projects = played.console.projects(&workspace_id());
        let error = played.run(projects.create_credential(&project_id())).unwrap_err();
        assert_eq!(error.status().unwrap(), 502);
        let bytes = String::from_utf8_lossy(error.body()).into_owned();
        assert!(bytes.starts_with(kept), "{bytes}");
        assert_without("bytes of the error", &bytes);
        assert_without("error", &format!("{error} {error:#} {error:?}"));
    }
}

#[test]
fn of_a_new_credential_of_a_member() {
    let played = Played::new([Step::json(200, credential())]);
    let create = played
        .console
        .members(&workspace_id())
        .create_credential(&member_id());
    let reply = played.run(create.send_with_metadata()).unwrap();
    assert_eq!(reply.value().client_secret.as_ref().unwrap().expose(), SECRET);
    assert_redacted::<CreatedMemberCredential>(reply);
}

#[test]
fn the_console_shows_no_credential_of_its_own() {
    let played = Played::new([]);
    let config = idlayr::console::Console::builder("workspace-c11e47", SECRET);
    for text in [
        format!("{config:?}"),
        format!("{:?}", config.build().unwrap()),
        format!("{:?}", played.console.projects(&workspace_id())),
        format!("{:?}", super::client_id()),
    ] {
        assert_without("configuration", &text);
        assert!(!text.contains("c11e47"), "{text}");
    }
}
