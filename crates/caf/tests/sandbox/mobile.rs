//! Whole flows of the Mobile API, over real HTTP.

use caf::mobile_api::{MobileAttemptId, MobileRefusal, SdkAuthorization};
use caf::{Client, Config, Cpf, Delivery, ErrorKind};
use verikit_sandbox::{CafSpoiledResponse, Sandbox};

use crate::support::{sandbox, settings};

const ANA: &str = "https://img.example.com/ana.jpg";
const ANA_AGAIN: &str = "https://img.example.com/ana-2.jpg";
const BRUNO: &str = "https://img.example.com/bruno.jpg";

fn ana() -> Cpf {
    Cpf::parse("123.456.789-09").unwrap()
}

fn bruno() -> Cpf {
    Cpf::parse("314.159.265-90").unwrap()
}

fn config(sandbox: &Sandbox, secret: &str) -> Config {
    settings(sandbox).mobile_key(sandbox.caf().mobile_client_id(), secret)
}

async fn world() -> (Sandbox, Client) {
    let sandbox = sandbox().await;
    let client = config(&sandbox, sandbox.caf().mobile_client_secret())
        .build()
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_face_is_registered_authenticated_and_looked_up() {
    let (sandbox, client) = world().await;
    let faces = client.mobile().faces();
    let error = faces.authenticate(&ana(), ANA).await.unwrap_err();
    assert_eq!(MobileRefusal::of(&error), Some(MobileRefusal::NoFaceRegistered));
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Provider, Delivery::Refused)
    );

    assert!(faces.liveness(ANA).person(&ana()).await.unwrap().is_alive);
    faces.register(&ana(), ANA).await.unwrap();
    faces.register(&bruno(), BRUNO).await.unwrap();
    assert!(faces.authenticate(&ana(), ANA_AGAIN).await.unwrap().is_match);
    assert!(!faces.authenticate(&ana(), BRUNO).await.unwrap().is_match);
    assert!(faces.authenticate(&bruno(), BRUNO).await.unwrap().is_match);

    let attempts = sandbox.caf().mobile().attempts();
    assert_eq!(attempts.len(), 3);
    for attempt in &attempts {
        let id = MobileAttemptId::new(attempt.id()).unwrap();
        let person = Cpf::parse(attempt.people_id()).unwrap();
        let read = faces.attempt(&id).for_person(&person).await.unwrap();
        assert_eq!(read.is_match_of(&person), attempt.is_match());
        assert!(
            !faces
                .attempt(&id)
                .await
                .unwrap()
                .is_match_of(&Cpf::parse("00000000191").unwrap())
        );
        // A token that is bound to somebody else opens nothing.
        let other = if person == ana() { bruno() } else { ana() };
        let error = faces.attempt(&id).for_person(&other).await.unwrap_err();
        assert_eq!(MobileRefusal::of(&error), Some(MobileRefusal::TokenNotAccepted));
    }
    let unknown = MobileAttemptId::new("64b0c0ffee00000000000009").unwrap();
    let error = faces.attempt(&unknown).await.unwrap_err();
    assert_eq!(MobileRefusal::of(&error), Some(MobileRefusal::NoSuchAttempt));
}

#[tokio::test]
async fn a_picture_that_is_not_alive_says_why() {
    use caf::mobile_api::LivenessMessage;

    let (_sandbox, client) = world().await;
    let faces = client.mobile().faces();
    for (picture, message) in [
        ("ana-spoof", None),
        ("ana-many-faces", Some(LivenessMessage::SeveralFaces)),
        ("ana-too-close", Some(LivenessMessage::TooClose)),
        ("ana-too-small", Some(LivenessMessage::TooSmall)),
        ("ana-not-aligned", Some(LivenessMessage::NotAligned)),
        ("no-face", Some(LivenessMessage::NoFace)),
    ] {
        let url = format!("https://img.example.com/{picture}.jpg");
        let plain = faces.liveness(url.as_str()).person(&ana()).await.unwrap();
        let signed = faces
            .liveness(url.as_str())
            .person(&ana())
            .signed()
            .await
            .unwrap();
        assert!(!plain.is_alive && !signed.is_alive);
        assert_eq!(
            (&plain.message, &signed.message),
            (&message, &message),
            "{picture}"
        );
        assert!(signed.is_about(&ana()));
    }
}

#[tokio::test]
async fn a_signed_answer_is_verified_and_a_spoiled_one_refused() {
    let (sandbox, client) = world().await;
    let faces = client.mobile().faces();
    faces.register(&ana(), ANA).await.unwrap();
    let verified = faces.authenticate(&ana(), ANA_AGAIN).signed().await.unwrap();
    assert!(verified.is_match && verified.issued_at().is_some());
    for (flaw, kind) in [
        (CafSpoiledResponse::Tampered, ErrorKind::Signature),
        (CafSpoiledResponse::Unsigned, ErrorKind::Signature),
        (CafSpoiledResponse::AlgorithmNone, ErrorKind::Signature),
        (CafSpoiledResponse::WrongKey, ErrorKind::Signature),
        (CafSpoiledResponse::WithIssuer, ErrorKind::Signature),
        (CafSpoiledResponse::RequestToken, ErrorKind::Signature),
        (CafSpoiledResponse::Expired, ErrorKind::Signature),
        (CafSpoiledResponse::WithoutVerdict, ErrorKind::Decode),
    ] {
        sandbox.caf().mobile().spoil_next_signed_response(flaw);
        let error = faces.authenticate(&ana(), BRUNO).signed().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{flaw:?}");
        // It came by way of a device, and is handed in here.
        let body = error.body().clone();
        let verifier = client.mobile().signed_responses().unwrap();
        assert_eq!(
            verifier.authentication(&body).unwrap_err().kind(),
            kind,
            "{flaw:?}"
        );
    }
    // Only one answer each was spoiled.
    assert!(!faces.authenticate(&ana(), BRUNO).signed().await.unwrap().is_match);
}

#[tokio::test]
async fn a_key_that_is_not_right_opens_nothing() {
    let (sandbox, _client) = world().await;
    let wrong = config(&sandbox, "another secret").build().unwrap();
    let error = wrong.mobile().faces().register(&ana(), ANA).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(MobileRefusal::of(&error), Some(MobileRefusal::TokenNotAccepted));
    let error = wrong.mobile().sdk_sessions().create().await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(sandbox.caf().mobile().registered_faces(), 0);
}

#[tokio::test]
async fn sdk_sessions_in_both_forms() {
    let (sandbox, _client) = world().await;
    let mut tokens = std::collections::BTreeSet::new();
    for form in [SdkAuthorization::Bare, SdkAuthorization::Bearer] {
        let secret = sandbox.caf().mobile_client_secret();
        let client = config(&sandbox, secret).sdk_authorization(form).build().unwrap();
        let create = || client.mobile().sdk_sessions().create();
        tokens.insert(create().await.unwrap().session_token.expose().to_owned());
        tokens.insert(
            create()
                .for_person(&ana())
                .await
                .unwrap()
                .session_token
                .expose()
                .to_owned(),
        );
    }
    assert_eq!(tokens.len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_people_at_once() {
    let (_sandbox, client) = world().await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..50 {
        let client = client.clone();
        calls.spawn(async move {
            let person = Cpf::parse(&format!("{number:011}")).unwrap();
            let own = format!("https://img.example.com/face{number}.jpg");
            let faces = client.mobile().faces();
            faces.register(&person, own.as_str()).await.unwrap();
            // The sandbox answers 401 to a token of somebody else.
            assert!(faces.authenticate(&person, own.as_str()).await.unwrap().is_match);
            let other = format!("https://img.example.com/face{}.jpg", number + 1);
            assert!(!faces.authenticate(&person, other).await.unwrap().is_match);
        });
    }
    while let Some(ended) = calls.join_next().await {
        ended.unwrap();
    }
}
