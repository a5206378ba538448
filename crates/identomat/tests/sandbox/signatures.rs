//! HMAC against a provider that was written apart from the client.

use identomat::{Delivery, ErrorCode, ErrorKind, Flags, MediaKind};
use verikit_sandbox::{IdentomatOutcome, IdentomatSignature};

use crate::support::{World, settings};

#[tokio::test]
async fn who_does_not_sign_is_refused_where_it_is_required() {
    let world = World::new().await;
    let unsigned = settings(&world.sandbox).build().unwrap();
    let error = unsigned.sessions().begin().await.unwrap_err();
    assert!(error.code().is_some(), "{error}");
    let detail = "the sandbox made this code up: no client can know what it says of a begin";
    assert_eq!(error.delivery(), Delivery::Unknown, "{detail}");
    let wrong = settings(&world.sandbox).secret_key("another").build().unwrap();
    assert!(wrong.sessions().begin().await.unwrap_err().code().is_some());
    assert!(world.identomat().sessions().is_empty());
}

#[tokio::test]
async fn without_hmac_everything_goes_where_it_is_optional() {
    let world = World::with(|builder| builder.identomat_hmac(verikit_sandbox::IdentomatHmac::Optional)).await;
    let client = settings(&world.sandbox).build().unwrap();
    let session = client
        .sessions()
        .begin()
        .flags(Flags::new().liveness(true))
        .await
        .unwrap();
    assert!(
        world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::Approved)
    );
    assert!(
        client
            .sessions()
            .result(&session.token)
            .await
            .unwrap()
            .is_approved()
    );
    let file = client.media().get(MediaKind::Face, &session.token).await.unwrap();
    let download = client
        .media()
        .stream(MediaKind::Face, &session.token)
        .await
        .unwrap();
    assert_eq!(download.bytes().await.unwrap(), file.bytes);
}

#[tokio::test]
async fn a_spoilt_signature_is_never_an_answer() {
    let world = World::new().await;
    let session = world.begin(Flags::new().liveness(true)).await;
    assert!(
        world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::Approved)
    );
    for spoilt in [IdentomatSignature::Missing, IdentomatSignature::Wrong] {
        world.identomat().spoil_next_signature(spoilt);
        let error = world.client.sessions().result(&session.token).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Signature, Delivery::Unknown)
        );
        world.identomat().spoil_next_signature(spoilt);
        let streamed = world.client.media().stream(MediaKind::Face, &session.token).await;
        assert_eq!(
            streamed.unwrap_err().kind(),
            ErrorKind::Signature,
            "before the first byte"
        );
        world.identomat().spoil_next_signature(spoilt);
        let error = world.client.sessions().begin().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature);
        assert!(!error.is_safe_to_repeat(), "a session did begin");
        assert_eq!(ErrorCode::of(&error), None);
    }
    assert!(
        world
            .client
            .sessions()
            .result(&session.token)
            .await
            .unwrap()
            .is_approved()
    );
}
