//! Sessions from begin to deletion.

use std::time::Duration;

use identomat::{
    AnswerValue, CallbackEvent, CallbackKeys, Choice, ConfigId, Delivery, ErrorCode, ErrorKind, Flags,
    GeneralDocumentType, MediaKind, Outcome, Personal, Question, RejectCode, Secret, Step,
};
use verikit_sandbox::{
    IdentomatErrorStatus, IdentomatEvent, IdentomatOutcome, IdentomatResultShape, ScriptedAnswer,
};

use crate::support::{World, settings};

#[tokio::test]
async fn an_identity_is_approved_and_its_files_are_fetched_and_all_is_deleted() {
    let world = World::new().await;
    let sessions = world.client.sessions();
    let session = world.begin(Flags::new().liveness(true)).await;
    assert_eq!(
        session.widget_url.expose(),
        world.identomat().widget_address(session.token.expose()).as_str(),
        "where the sandbox expects the user"
    );
    let running = sessions.result(&session.token).await.unwrap();
    assert_eq!(running.result, Some(Outcome::InProgress));

    assert!(
        world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::Approved)
    );
    let result = sessions.until_processed(&session.token).await.unwrap();
    assert!(result.is_approved());
    assert_eq!(result.live, Some(true));
    assert!(*result.similarity.unwrap().expose() > 0.5);
    assert!(result.extra().is_empty(), "{:?}", result.extra().keys());
    let person = result.person.as_ref().unwrap();
    assert!(person.first_name.is_some() && person.birthday_time.is_some());
    assert!(person.extra.expose().is_empty());

    for kind in [
        MediaKind::CardFront,
        MediaKind::CardBack,
        MediaKind::Face,
        MediaKind::FaceVideo,
    ] {
        let file = world.client.media().get(kind, &session.token).await.unwrap();
        assert!(!file.bytes.is_empty(), "{kind:?}");
        let download = world.client.media().stream(kind, &session.token).await.unwrap();
        assert_eq!(download.content_type(), file.content_type.as_deref());
        assert_eq!(download.bytes().await.unwrap(), file.bytes);
    }

    let deleted = sessions.delete(&session.token).await.unwrap();
    assert_eq!(deleted.as_result().unwrap().result, Some(Outcome::Approved));
    let gone = [
        sessions.result(&session.token).await.map(|_| ()),
        sessions.delete(&session.token).await.map(|_| ()),
        world
            .client
            .media()
            .get(MediaKind::Face, &session.token)
            .await
            .map(|_| ()),
        world
            .client
            .media()
            .stream(MediaKind::Face, &session.token)
            .await
            .map(|_| ()),
    ];
    for gone in gone {
        let error = gone.unwrap_err();
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound), "{error}");
        assert_eq!(error.status().unwrap(), 200, "as live clients see it");
        assert_eq!(error.delivery(), Delivery::Refused);
    }
    assert!(world.identomat().sessions().is_empty());
}

#[tokio::test]
async fn every_outcome_reads_as_what_it_is() {
    let world = World::new().await;
    for (chosen, outcome) in [
        (IdentomatOutcome::Approved, Outcome::Approved),
        (IdentomatOutcome::ProofOfAddress, Outcome::Approved),
        (IdentomatOutcome::rejected("face_mismatch"), Outcome::Rejected),
        (IdentomatOutcome::ManualCheck, Outcome::ManualCheck),
        (IdentomatOutcome::DisagreedWithTerms, Outcome::DisagreedWithTerms),
        (IdentomatOutcome::Abandoned, Outcome::InProgress),
    ] {
        for shape in [IdentomatResultShape::Recent, IdentomatResultShape::Of2022] {
            world.identomat().set_result_shape(shape);
            let session = world.begin(Flags::new().liveness(true)).await;
            assert!(world.identomat().finish(session.token.expose(), chosen.clone()));
            let result = world.client.sessions().result(&session.token).await.unwrap();
            assert_eq!(result.result, Some(outcome.clone()), "{chosen:?}");
            assert_eq!(result.is_approved(), outcome == Outcome::Approved);
            assert!(result.extra().is_empty(), "{:?}", result.extra().keys());
            let reason = result
                .reject_reason
                .as_ref()
                .and_then(|reason| reason.value.as_ref());
            let mismatch = outcome == Outcome::Rejected;
            assert_eq!(
                reason,
                mismatch.then_some(&RejectCode::FaceMismatch),
                "{chosen:?}"
            );
            if chosen == IdentomatOutcome::ProofOfAddress {
                let document = result.general_documents().next().expect("under either name");
                assert!(document.pages.as_ref().unwrap()[0].extracted.is_some());
            }
        }
    }
}

#[tokio::test]
async fn an_operator_changes_what_was_decided() {
    let world = World::new().await;
    let session = world.begin(Flags::new()).await;
    let token = session.token.expose();
    assert!(world.identomat().finish(token, IdentomatOutcome::ManualCheck));
    let sessions = world.client.sessions();
    let waited = sessions.until_processed(&session.token).await.unwrap();
    assert_eq!(
        waited.result,
        Some(Outcome::ManualCheck),
        "the wait does not outlast an operator"
    );
    assert!(!waited.screening_matches.as_ref().unwrap().is_empty());
    assert!(world.identomat().decide(token, IdentomatOutcome::Approved));
    assert!(sessions.result(&session.token).await.unwrap().is_approved());
    assert!(
        world
            .identomat()
            .decide(token, IdentomatOutcome::rejected("face_mismatch"))
    );
    assert!(!sessions.result(&session.token).await.unwrap().is_approved());
}

#[tokio::test]
async fn flags_steps_a_configuration_and_a_parent_arrive_as_they_were_set() {
    let world = World::new().await;
    let parent = world.begin(Flags::new().multiple_participants(true)).await;
    let flags = Flags::new()
        .require_hd_media(true)
        .skip_face(true)
        .skip_document(true)
        .general_document_types([GeneralDocumentType::UtilityBill])
        .allow_general_document_upload(true)
        .return_url("https://app.example.net/done?order=77");
    let begin = world
        .client
        .sessions()
        .begin()
        .flags(flags)
        .step(Step::liveness("face"))
        .step(Step::user_questionnaire("funds").question(Question::options(
            "source",
            "Source of funds",
            [Choice::new("salary", "Salary")],
        )))
        .config_id(ConfigId::new("65a0b1c2d3e4f5a6b7c8d9e0").unwrap())
        .parent(&parent.token);
    assert!(begin.check().is_empty());
    let session = begin.await.unwrap();
    let seen = world.identomat().session(session.token.expose()).unwrap();
    assert_eq!(seen.flags()["requireHdMedia"], true);
    assert_eq!(seen.flags()["general_document_types"][0], "utility_bill");
    assert_eq!(seen.flags().len(), 6);
    assert_eq!(seen.steps()[0]["type"], "liveness");
    assert_eq!(seen.config_id(), Some("65a0b1c2d3e4f5a6b7c8d9e0"));
    assert_eq!(seen.parent_session_id(), Some(parent.token.expose()));

    assert!(
        world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::Approved)
    );
    let result = world.client.sessions().result(&session.token).await.unwrap();
    let answer = result.questionnaire("funds").unwrap().answer("source");
    assert_eq!(
        answer,
        Some(&AnswerValue::Text(Personal::new(String::from("salary"))))
    );
}

#[tokio::test]
async fn a_session_that_nobody_opens_runs_out() {
    let world = World::new().await;
    let session = world.begin(Flags::new()).await;
    world
        .clock
        .advance(identomat::SessionToken::VALIDITY + Duration::from_secs(1));
    assert!(
        !world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::Approved)
    );
    let wait = world.client.sessions().until_processed(&session.token);
    let wait = wait
        .within(Duration::from_millis(300))
        .interval(Duration::from_millis(100));
    match wait.await {
        Ok(result) => assert!(!result.is_approved(), "{result:?}"),
        Err(error) => assert!(
            error.kind() == ErrorKind::Timeout || ErrorCode::of(&error).is_some(),
            "{error}"
        ),
    }
}

#[tokio::test]
async fn errors_are_the_same_whatever_status_they_have() {
    let world = World::new().await;
    let never = identomat::SessionToken::new("0123456789abcdefghij0123456789abcdefghij").unwrap();
    for status in [IdentomatErrorStatus::Ok, IdentomatErrorStatus::ClientError] {
        world.identomat().set_error_status(status);
        let error = world.client.sessions().result(&never).await.unwrap_err();
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound), "{error}");
        let stranger = settings(&world.sandbox);
        drop(stranger);
        let stranger = identomat::Client::builder("nobodys-key")
            .base_url(world.identomat().base_url().as_str())
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        let error = stranger.sessions().begin().await.unwrap_err();
        assert_eq!(
            ErrorCode::of(&error),
            Some(ErrorCode::CompanyKeyInvalid),
            "{error}"
        );
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
}

#[tokio::test]
async fn a_begin_whose_answer_gets_lost_is_not_sent_again() {
    let world = World::new().await;
    let lost = ScriptedAnswer::drop_connection_after_processing().for_path_prefix("/external-api");
    world.identomat().answer_next(lost);
    let error = world.client.sessions().begin().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(
        world.identomat().sessions().len(),
        1,
        "one session, although its answer was lost"
    );
}

#[tokio::test]
async fn callbacks_are_read_with_the_companys_key_alone() {
    let world = World::new().await;
    let session = world.begin(Flags::new()).await;
    let token = session.token.expose();
    let identomat = world.identomat();
    let keys = CallbackKeys::new([Secret::new(identomat.callback_api_key())]).unwrap();
    let phone_number = String::from("+995500000042");
    let send = |event| {
        assert!(identomat.send_callback(token, event));
        identomat.callbacks().pop().unwrap().body().clone()
    };
    let password = IdentomatEvent::OneTimePassword {
        phone_number: phone_number.clone(),
    };
    let callback = keys.read(send(password.clone())).unwrap();
    assert!(callback.session_token.as_ref().unwrap().ct_eq(&session.token));
    assert!(
        matches!(callback.event(), CallbackEvent::OneTimePassword { phone_number: to, .. } if *to.expose() == phone_number)
    );
    let link = keys
        .read(send(IdentomatEvent::ShareLinkBySms { phone_number }))
        .unwrap();
    let CallbackEvent::ShareLink { session_link, .. } = link.event() else {
        panic!("{link:?}")
    };
    assert_eq!(session_link.expose(), session.widget_url.expose());
    identomat.forge_next_callback();
    assert!(keys.read(send(password)).unwrap_err().is_auth());
}

#[tokio::test]
async fn the_unconfirmed_calls_and_a_form() {
    let world = World::new().await;
    let session = world.begin(Flags::new()).await;
    assert!(
        world
            .identomat()
            .finish(session.token.expose(), IdentomatOutcome::ManualCheck)
    );
    let result = world.client.sessions().result(&session.token).await.unwrap();
    let person_id = result.screening_matches.as_ref().unwrap()[0]
        .person_id
        .as_ref()
        .unwrap();
    let details = world
        .client
        .unconfirmed()
        .screening_person_details(person_id.expose())
        .session(&session.token)
        .await
        .unwrap();
    assert!(details.expose().is_object());
    // A form is signed like JSON, and answered alike.
    let call = world.client.call_json("result/", &()).session(&session.token);
    let by_form = call.as_form().await.unwrap();
    assert_eq!(by_form.expose()["result"], "manual_check");
    let face = world
        .client
        .call_bytes("/result/face", &())
        .session(&session.token)
        .await
        .unwrap();
    let typed = world
        .client
        .media()
        .get(MediaKind::Face, &session.token)
        .await
        .unwrap();
    assert_eq!(face, typed);
}
