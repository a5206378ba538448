//! Identomat, signed in both directions: sessions, files, refusals, hostile answers, bad input, callbacks.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use identomat::{
    Answer, Attempt, CallbackKeys, CallbackType, Choice, Client, Config, ConfigId, CountryCode, DocumentType,
    ErrorCode, FlagConflict, Flags, GeneralDocumentType, HmacSigner, Language, MediaKind, Outcome,
    PageStatus, Question, QuestionType, RejectCode, RetryPolicy, Secret, SessionResult, SessionToken, Step,
    StepType, Title, Unauthenticated, WidgetEnd,
};
use verikit_sandbox::{
    IdentomatCompany, IdentomatErrorStatus, IdentomatEvent, IdentomatHmac, IdentomatOutcome,
    IdentomatResultShape, IdentomatSignature, Sandbox, ScriptedAnswer,
};

use crate::capture::{Captured, Met};
use crate::needles::Needle;

const NAME: &str = "Wilhelmina-Xanthippe";
const SURNAME: &str = "Oudekerkplein";
const PHONE: &str = "995500004217";
const CALLBACK_TEXT: &str = "9-7-3-1-pass";
const RETURN_URL: &str = "https://return.example.org/done?key=r3turn-key";
const WRONG_SECRET: &str = "wr0ng-identomat-s3cr3t";
const WRONG_COMPANY: &str = "wr0ng-c0mpany-k3y";
const STORED_TOKEN: &str = "zq9st0redt0kenzq9st0redt0kenzq9st0redtok";
const HOSTILE: &str = "h0stile-identomat-text";

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let identomat = sandbox.identomat();
    vec![
        Needle::new("company key", identomat.company_key()),
        Needle::new("Identomat secret key", identomat.secret_key()),
        Needle::new("callback key", identomat.callback_api_key()),
        Needle::new("wrong secret key", WRONG_SECRET),
        Needle::new("wrong company key", WRONG_COMPANY),
        Needle::new("given name", NAME),
        Needle::new("surname", SURNAME),
        Needle::new("Georgian number", PHONE),
        Needle::new("one-time text", CALLBACK_TEXT),
        Needle::new("return URL's query", RETURN_URL.split_once("key=").unwrap().1),
        Needle::new("stored token", STORED_TOKEN),
        Needle::new("what a hostile answer of Identomat says", HOSTILE),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let identomat = sandbox.identomat();
    let config = |company_key: &str, secret_key: &str| -> Config {
        let observed = captured.clone();
        Client::builder(company_key)
            .secret_key(secret_key)
            .base_url(identomat.base_url().as_str())
            .widget_url(identomat.widget_url().as_str())
            .dangerously_allow_plain_http(true)
            .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
    };
    captured.show(&config(identomat.company_key(), identomat.secret_key()));
    let client = config(identomat.company_key(), identomat.secret_key())
        .build()
        .unwrap();
    captured.show(&(&client, client.sessions(), client.media(), client.unconfirmed()));

    words(captured);
    let met = session(sandbox, &client, captured).await;
    refusals(sandbox, &client, captured).await;
    results(captured);
    hostile_answers(sandbox, &client, captured).await;
    callbacks(captured);
    bad_input(&client, captured).await;
    for (company_key, secret_key) in [
        (WRONG_COMPANY, identomat.secret_key()),
        (identomat.company_key(), WRONG_SECRET),
    ] {
        let wrong = config(company_key, secret_key).build().unwrap();
        captured.show_failure(wrong.sessions().begin().await);
    }
    met
}

/// The provider's part of the sandbox.
fn emulated(sandbox: &Sandbox, captured: &Captured) {
    let identomat = sandbox.identomat();
    captured.show(&(identomat, identomat.sessions(), identomat.callbacks()));
    let company = IdentomatCompany::new(WRONG_COMPANY, WRONG_SECRET).hmac(IdentomatHmac::Required);
    captured.show(&(company, IdentomatHmac::Optional, IdentomatOutcome::ManualCheck));
    captured.show(&(
        IdentomatErrorStatus::Ok,
        IdentomatResultShape::Recent,
        IdentomatSignature::Wrong,
    ));
}

fn words(captured: &Captured) {
    captured.show(&ConfigId::new("65a0b1c2d3e4f5a6b7c8d9e0").unwrap());
    captured.show(&(
        Language::from(HOSTILE),
        DocumentType::from(HOSTILE),
        CountryCode::new("GEO").unwrap(),
    ));
    captured.show(&(
        GeneralDocumentType::from(HOSTILE),
        StepType::from(HOSTILE),
        QuestionType::from(HOSTILE),
    ));
    captured.show(&(
        Outcome::from(HOSTILE),
        RejectCode::from(HOSTILE),
        PageStatus::from(HOSTILE),
    ));
    captured.show(&(
        CallbackType::from(HOSTILE),
        ErrorCode::from(HOSTILE),
        MediaKind::Face,
    ));
    captured.show(&(
        FlagConflict::LivenessWithoutSkipFace,
        Title::from(NAME),
        Choice::new("a", SURNAME),
    ));
    captured.add("Display", FlagConflict::LivenessWithoutSkipFace);
    captured.show(&Question::text("q", NAME).extra("answer", SURNAME));
    let stored = SessionToken::new(STORED_TOKEN).unwrap();
    captured.show(&stored);
    let message = format!(r#"{{"type":"done","sessionId":"{STORED_TOKEN}"}}"#);
    captured.show(&WidgetEnd::from_message(&message).unwrap());
    let signer = HmacSigner::new(WRONG_SECRET).unwrap();
    captured.show(&(&signer, signer.multipart().text(NAME.as_bytes()).unwrap()));
    captured.show_failure(signer.verify(&HeaderMap::new(), NAME.as_bytes()));
    captured.show_failure(HmacSigner::authorization(HOSTILE));
}

/// As it should go.
async fn session(sandbox: &Sandbox, client: &Client, captured: &Captured) -> Met {
    let identomat = sandbox.identomat();
    let step = Step::identity_document("document")
        .extra("first_name", NAME)
        .extra("last_name", SURNAME);
    let flags = Flags::new()
        .liveness(true)
        .language(Language::En)
        .return_url(RETURN_URL)
        .switch_device_url(RETURN_URL)
        .extra("note", NAME);
    captured.show(&(&flags, &step));
    let begin = || {
        let begin = client.sessions().begin().flags(flags.clone()).step(step.clone());
        begin.config_id(ConfigId::new("65a0b1c2d3e4f5a6b7c8d9e0").unwrap())
    };
    captured.show(&begin());
    captured.show(&begin().prepare().unwrap());
    captured.add("Display", begin().prepare().unwrap());
    let reply = begin().send_with_metadata().await.unwrap();
    captured.show(&reply);
    let session = reply.into_value();
    captured.show(&(&session, client.sessions().widget_url(&session.token)));
    let token = session.token.expose();
    let met = vec![("session token", token.to_owned())];

    assert!(identomat.finish(token, IdentomatOutcome::Approved));
    let wait = client.sessions().until_processed(&session.token);
    captured.show(&wait);
    let result = wait.await.unwrap();
    captured.show(&(&result, result.clone().into_inner()));
    let get = client.media().get(MediaKind::Face, &session.token);
    captured.show(&get);
    captured.add("Display", get.prepare().unwrap());
    captured.show(&get.send_with_metadata().await.unwrap());
    captured.show(
        &client
            .media()
            .stream(MediaKind::CardFront, &session.token)
            .await
            .unwrap(),
    );
    let raw = client.call_json("result", &()).session(&session.token);
    captured.show(&raw);
    captured.add("Display", raw.prepare().unwrap());
    captured.show(&raw.send_with_metadata().await.unwrap());
    let raw = client.call_bytes("result/face", &()).session(&session.token);
    captured.show(&raw);
    captured.show(&raw.send_with_metadata().await.unwrap());
    captured.show(&client.unconfirmed().screening_person_details(NAME));

    let delete = client.sessions().delete(&session.token).send_with_metadata();
    let deleted = delete.await.unwrap();
    captured.show(&deleted);
    captured.show(&deleted.value().as_result().unwrap());
    captured.show_failure(client.sessions().result(&session.token).await);
    let another = client.sessions().begin().await.unwrap();
    emulated(sandbox, captured);
    client.sessions().delete(&another.token).await.unwrap();
    met
}

fn answer(status: u16, body: String) -> ScriptedAnswer {
    let status = StatusCode::from_u16(status).unwrap();
    ScriptedAnswer::new(status).body(HeaderValue::from_static("application/json"), body)
}

/// Refusals that repeat what was sent, spoilt signatures, lost answers.
async fn refusals(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let identomat = sandbox.identomat();
    let token = SessionToken::new(STORED_TOKEN).unwrap();
    for status in [200, 302, 400, 401, 404, 429, 500] {
        for body in [
            format!("\"{HOSTILE}\""),
            String::from("\"SESSION_INVALID\""),
            format!("{{\"argumentError\":\"{HOSTILE}\"}}"),
            format!("{{\"message\":\"{HOSTILE} {STORED_TOKEN}\"}}"),
        ] {
            for _ in 0..3 {
                identomat.answer_next(answer(status, body.clone()));
            }
            let error = client.sessions().result(&token).await.unwrap_err();
            captured.show_error(&error);
            captured.show(&ErrorCode::of(&error));
            if Unauthenticated::marks(&error) {
                let source = std::error::Error::source(&error).unwrap();
                captured.show(source.downcast_ref::<Unauthenticated>().unwrap());
                captured.add("Display", source);
            }
            while identomat.waiting_answers() > 0 {
                drop(client.sessions().result(&token).await);
            }
        }
    }
    let session = client.sessions().begin().await.unwrap();
    for spoilt in [IdentomatSignature::Missing, IdentomatSignature::Wrong] {
        identomat.spoil_next_signature(spoilt);
        captured.show_failure(client.sessions().result(&session.token).await);
    }
    identomat
        .answer_next(ScriptedAnswer::drop_connection_after_processing().for_path_prefix("/external-api"));
    captured.show_failure(client.sessions().begin().await);
    client.sessions().delete(&session.token).await.unwrap();
}

/// Every part of a result, with private texts in each of them.
fn results(captured: &Captured) {
    let text = |name: &str| format!(r#""{name}":"{HOSTILE}""#);
    let json = format!(
        r#"{{"result":"{HOSTILE}","document_type":"{HOSTILE}","live":true,"similarity":0.5,
        "generalDocuments":[{{"documentType":"{HOSTILE}","typeId":"{HOSTILE}","later":"{HOSTILE}","pages":[
          {{"typeId":"{HOSTILE}","statuses":["{HOSTILE}"],"documentPages":[{{"pageNumber":1,"a":"{HOSTILE}"}}],
           "final":{{{},{},"later":"{HOSTILE}"}}}}]}}],
        "reject_reason":{{"value":"{HOSTILE}","description":"{HOSTILE}"}},
        "person":{{"first_name":"{NAME}","last_name":"{SURNAME}","phone":"{PHONE}","later":"{HOSTILE}"}},
        "questionnaires":[{{"key":"{HOSTILE}","questions":[{{"key":"{HOSTILE}","answer":"{HOSTILE}"}},
          {{"key":"b","answer":["{HOSTILE}"]}},{{"key":"c","answer":{{"a":"{HOSTILE}"}}}}]}}],
        "screeningMatches":[{{"personId":"{HOSTILE}","name":"{NAME}","reviewStatus":"{HOSTILE}"}}],
        "technicalDetails":{{"remoteAddress":"{HOSTILE}","userAgent":"{HOSTILE}","countryCode":"{HOSTILE}"}},
        "id_card_front":{{"{HOSTILE}":"{HOSTILE}"}},"name":"{NAME}","later":"{HOSTILE}"}}"#,
        text("street"),
        text("fullName"),
    );
    let result = Answer::<SessionResult>::from_json(json).unwrap();
    captured.show(&result);
    let document = &result.general_documents.as_ref().unwrap()[0];
    let page = &document.pages.as_ref().unwrap()[0];
    captured.show(&(document, page, &page.document_pages.as_ref().unwrap()[0]));
    captured.show(page.extracted.as_ref().unwrap());
    captured.show(&(&result.person, &result.reject_reason, &result.technical_details));
    let questionnaire = &result.questionnaires.as_ref().unwrap()[0];
    let question = &questionnaire.questions.as_ref().unwrap()[0];
    captured.show(&(questionnaire, question, &question.answer));
    captured.show(&result.screening_matches);
    captured.show_failure(Answer::<SessionResult>::from_json(format!(
        r#"{{"result":["{HOSTILE}"]}}"#
    )));
}

/// Answers to every operation with private texts where they do not belong.
async fn hostile_answers(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let identomat = sandbox.identomat();
    let unsigned = Client::builder(identomat.company_key())
        .base_url(identomat.base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let token = SessionToken::new(STORED_TOKEN).unwrap();
    for client in [client, &unsigned] {
        for body in [
            format!(r#"{{"result":7,"name":"{HOSTILE}"}}"#),
            format!("[\"{HOSTILE}\"]"),
            format!("\"{HOSTILE}\""),
            format!(r#"{{"{HOSTILE}":"{HOSTILE}"}}"#),
        ] {
            identomat.answer_next(answer(200, body.clone()));
            match client.sessions().result(&token).send_with_metadata().await {
                Ok(reply) => captured.show(&(reply.value(), reply.headers())),
                Err(error) => captured.show_error(&error),
            }
            identomat.answer_next(answer(200, body.clone()));
            captured.show_failure(client.media().get(MediaKind::Face, &token).await);
            identomat.answer_next(answer(200, body.clone()));
            captured.show_failure(client.media().stream(MediaKind::Face, &token).await);
            identomat.answer_next(answer(200, body));
            match client.sessions().begin().await {
                Ok(session) => captured.show(&session),
                Err(error) => captured.show_error(&error),
            }
        }
    }
    assert_eq!(identomat.waiting_answers(), 0);
}

fn callbacks(captured: &Captured) {
    let keys = CallbackKeys::new([Secret::new(WRONG_SECRET)]).unwrap();
    captured.show(&keys);
    for (key, callback_type) in [
        (WRONG_SECRET, "one-time-password-request"),
        (WRONG_SECRET, "share-session-link-via-sms"),
        (WRONG_SECRET, HOSTILE),
        (HOSTILE, "one-time-password-request"),
    ] {
        let body = format!(
            r#"{{"callbackApiKey":"{key}","type":"{callback_type}","sessionId":"{STORED_TOKEN}",
            "text":"{CALLBACK_TEXT}","phoneNumber":"+{PHONE}","sessionLink":"https://w.example/?t={STORED_TOKEN}"}}"#
        );
        match keys.read(body) {
            Ok(callback) => captured.show(&(&callback, callback.event())),
            Err(error) => captured.show_error(&error),
        }
    }
    captured.show_failure(keys.read(format!(
        r#"{{"callbackApiKey":"{WRONG_SECRET}","type":["{PHONE}"]}}"#
    )));
    captured.show(&IdentomatEvent::OneTimePassword {
        phone_number: String::from("+1"),
    });
}

async fn bad_input(client: &Client, captured: &Captured) {
    let token = SessionToken::new(STORED_TOKEN).unwrap();
    captured.show_failure(SessionToken::new(format!("{STORED_TOKEN}\n")));
    captured.show_failure(CountryCode::new(NAME));
    let odd = ConfigId::new(format!("{NAME}\n")).unwrap_err();
    captured.show(&odd);
    let sessions = client.sessions();
    captured.show_failure(
        sessions
            .begin()
            .step(Step::liveness("").extra(NAME, SURNAME))
            .await,
    );
    let twice = Flags::new().extra(NAME, SURNAME).extra(NAME, SURNAME);
    captured.show_failure(sessions.begin().flags(twice).await);
    captured.show_failure(client.call_json(&format!("../{NAME}"), &()).await);
    captured.show_failure(client.call_json("a/", &[NAME]).session(&token).await);
    captured.show_failure(
        Client::builder(WRONG_COMPANY)
            .widget_url(format!("https://{NAME}:{WRONG_SECRET}@w.example/"))
            .build(),
    );
}
