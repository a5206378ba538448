//! Every operation to the letter (contract identomat, 2).

use std::future::IntoFuture as _;

use identomat::testing::Step;
use identomat::{ConfigId, Flags, Language, MediaKind, Preview, SessionToken, Step as SessionStep};

use crate::support::{COMPANY_KEY, SECRET_KEY, Scripted, TOKEN, signed, token};

const JSON: &str = "application/json";
const BOTH: &str =
    r#"{"company_key":"ck_test_0001","session_token":"0123456789abcdefghij0123456789abcdefghij"}"#;

fn begun() -> Step {
    Step::json(200, format!("\"{TOKEN}\""))
}

#[test]
fn a_bare_session() {
    let scripted = Scripted::new([begun()]);
    let session = scripted.run(scripted.client.sessions().begin()).unwrap();
    scripted.assert_sent("/begin/", JSON, r#"{"company_key":"ck_test_0001"}"#, None);
    assert_eq!(session.token.expose(), TOKEN);
    assert_eq!(
        session.widget_url.expose(),
        format!("https://widget.identomat.com/?session_token={TOKEN}")
    );
    let stored = scripted.client.sessions().widget_url(&session.token);
    assert_eq!(stored.expose(), session.widget_url.expose());
    assert_eq!(SessionToken::VALIDITY.as_secs(), 900);
}

#[test]
fn by_configuration() {
    let scripted = Scripted::new([begun()]);
    let config_id = ConfigId::new("65a0b1c2d3e4f5a6b7c8d9e0").unwrap();
    let begin = scripted.client.sessions().begin().config_id(config_id);
    scripted.run(begin).unwrap();
    scripted.assert_sent(
        "/begin/",
        JSON,
        r#"{"company_key":"ck_test_0001","config_id":"65a0b1c2d3e4f5a6b7c8d9e0"}"#,
        None,
    );
}

#[test]
fn by_flags_and_steps_and_a_configuration_that_they_override_and_a_parent() {
    let scripted = Scripted::new([begun()]);
    let begin = scripted
        .client
        .sessions()
        .begin()
        .flags(Flags::new().language(Language::En).skip_face(true))
        .step(SessionStep::liveness("face"))
        .steps([SessionStep::identity_document("document").extra("first_name", "ANNA")])
        .config_id(ConfigId::new("65a0b1c2d3e4f5a6b7c8d9e0").unwrap())
        .parent(&SessionToken::new("parent-token").unwrap());
    assert_eq!(begin.check().len(), 1, "{:?}", begin.check());
    scripted.run(begin).unwrap();
    scripted.assert_sent(
        "/begin/",
        JSON,
        concat!(
            r#"{"company_key":"ck_test_0001","parent_session_id":"parent-token","#,
            r#""flags":{"language":"en","skip_face":true},"#,
            r#""steps":[{"type":"liveness","key":"face"},"#,
            r#"{"type":"identity-document","key":"document","first_name":"ANNA"}],"#,
            r#""config_id":"65a0b1c2d3e4f5a6b7c8d9e0"}"#
        ),
        None,
    );
}

/// Golden vector G1: the body and its code, by a whole call.
#[test]
fn a_signed_session() {
    let scripted = Scripted::signing([signed(begun())]);
    let flags = Flags::new().language(Language::En).skip_agreement(true);
    scripted
        .run(scripted.client.sessions().begin().flags(flags))
        .unwrap();
    scripted.assert_sent(
        "/begin/",
        JSON,
        r#"{"company_key":"ck_test_0001","flags":{"language":"en","skip_agreement":true}}"#,
        Some("8HdGAlU+9IqSpDHfFdc+yjWpdN/9p1octXElRMCIBg0="),
    );
    assert!(
        scripted.sent().headers["authorization"].is_sensitive(),
        "no log of the HTTP stack shows it"
    );
}

#[test]
fn a_result_and_a_deletion() {
    let scripted = Scripted::new([Step::json(200, r#"{"result":"approved"}"#)]);
    let result = scripted.run(scripted.client.sessions().result(&token())).unwrap();
    assert!(result.is_approved());
    scripted.assert_sent("/result/", JSON, BOTH, None);

    let data = r#"{"result":"REJECTED","person":{"first_name":"ANNA"},"later":1}"#;
    let scripted = Scripted::new([Step::json(200, data)]);
    let deleted = scripted.run(scripted.client.sessions().delete(&token())).unwrap();
    scripted.assert_sent("/delete/", JSON, BOTH, None);
    assert_eq!(&deleted.raw()[..], data.as_bytes());
    assert_eq!(deleted.data()["later"], 1);
    let result = deleted.as_result().unwrap();
    assert!(!result.is_approved());
    assert_eq!(
        result
            .person
            .as_ref()
            .unwrap()
            .first_name
            .as_ref()
            .unwrap()
            .expose(),
        "ANNA"
    );
}

#[test]
fn every_file() {
    for (kind, path) in [
        (MediaKind::CardFront, "/result/card-front/"),
        (MediaKind::CardBack, "/result/card-back/"),
        (MediaKind::Passport, "/result/passport/"),
        (MediaKind::Face, "/result/face/"),
        (MediaKind::FaceVideo, "/result/face-video/"),
    ] {
        let image = || Step::answer(200, "image").header("content-type", "image/jpeg");
        let scripted = Scripted::new([image()]);
        let file = scripted.run(scripted.client.media().get(kind, &token())).unwrap();
        scripted.assert_sent(path, "*/*", BOTH, None);
        assert_eq!(file.bytes, "image");
        let scripted = Scripted::new([image()]);
        let download = scripted
            .run(scripted.client.media().stream(kind, &token()))
            .unwrap();
        scripted.assert_sent(path, "*/*", BOTH, None);
        assert_eq!(scripted.run(Box::pin(download.bytes())).unwrap(), "image");
    }
}

/// No URL holds a key or a token, whatever the call.
#[test]
fn no_credential_in_a_url_or_a_preview() {
    let scripted = Scripted::signing(vec![Step::answer(404, ""); 9]);
    let (client, token) = (&scripted.client, token());
    let mut previews: Vec<Preview> = Vec::new();
    let begin = client.sessions().begin().parent(&token);
    previews.push(begin.prepare().unwrap());
    drop(scripted.run(begin));
    let result = client.sessions().result(&token);
    previews.push(result.prepare().unwrap());
    drop(scripted.run(result));
    let delete = client.sessions().delete(&token);
    previews.push(delete.prepare().unwrap());
    drop(scripted.run(delete));
    let face = client.media().get(MediaKind::Face, &token);
    previews.push(face.prepare().unwrap());
    drop(scripted.run(face));
    let face = client.media().stream(MediaKind::Face, &token);
    previews.push(face.prepare().unwrap());
    drop(scripted.run(face.into_future()));
    let raw = client.call_json("a/b", &()).session(&token);
    previews.push(raw.prepare().unwrap());
    drop(scripted.run(raw));
    let raw = client.call_bytes("a/b", &()).session(&token).as_form();
    previews.push(raw.prepare().unwrap());
    drop(scripted.run(raw));

    assert_eq!(previews.len(), 7);
    for preview in previews {
        let shown = format!("{preview} {preview:?}");
        for secret in [TOKEN, COMPANY_KEY, SECRET_KEY, "signature="] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("company_key"), "{shown}");
    }
    let seen = scripted.transport.seen();
    assert!(seen.len() >= 7);
    for seen in seen {
        assert!(seen.uri.query().is_none());
        let url = seen.uri.to_string();
        assert!(!url.contains(TOKEN) && !url.contains(COMPANY_KEY), "{url}");
    }
}
