//! What CAF answers about people, companies, faces and onboarding links on the Core API, and what its Global
//! API answers and sends.

use std::future::IntoFuture as _;

use serde_json::Value;
use verikit::caf::core_api::{CoreFaceAttemptId, OnboardingType, PersonId, ProfileId};
use verikit::caf::global_api::{GlobalNotification, GlobalTransactionId, WorkflowId};
use verikit::caf::transactions::TemplateId;
use verikit::caf::{Client, Cpf};
use verikit::testing::{ManualClock, drive};
use verikit::{Error, ErrorKind};

use super::answer::{Answer, Requests};
use super::{assert_unreadable, text};
use crate::needles::{NAME, SECRET, assert_debug_hidden, assert_error_hidden};

const CPF: &str = "12345678909";
const ATTEMPT: &str = "01K0EXAMPLE000000000000000";
const ID: &str = "64b0c0ffee0000000000cccc";

fn client(clock: &ManualClock, requests: &Requests, answer: &Answer) -> Client {
    let answer = answer.clone();
    Client::builder()
        .core_token(SECRET)
        .global_token(SECRET)
        .transport(requests.answered(move |_| answer.clone()))
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap()
}

/// What holds for every error of a call that was answered.
fn assert_answered(error: &Error, answer: &Answer) {
    answer.assert_error(error, "caf", &[ErrorKind::Decode, ErrorKind::Untrusted]);
}

/// A member of the body as another JSON reader sees it, or `None` where that reader cannot read the body.
fn member(answer: &Answer, path: &str) -> Option<Value> {
    let body: Value = serde_json::from_slice(&answer.body).ok()?;
    Some(body.pointer(path).cloned().unwrap_or_default())
}

/// Asserts that what was taken for this is nothing else to another reader.
fn assert_member(answer: &Answer, path: &str, expected: &Value) {
    if let Some(value) = member(answer, path) {
        assert_eq!(value, *expected, "{path}");
    }
}

/// The answers to the read of a profile, of a person and of a company.
pub(crate) fn caf_profile(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let core = client(&clock, &requests, &answer).core();
    let id = ProfileId::new(ID).unwrap();
    match drive(&clock, core.people().get(&id).into_future()) {
        Ok(person) => {
            assert!(answer.status.is_success());
            assert_eq!(person.raw(), &answer.body);
            assert_debug_hidden(&person);
            if person.is_approved() {
                assert_member(&answer, "/status", &Value::from("APPROVED"));
            }
            if let Some(found) = &person.id {
                assert!(found.as_str().eq_ignore_ascii_case(ID));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    let cpf = Cpf::parse(CPF).unwrap();
    match drive(&clock, core.people().get_by_cpf(&cpf).into_future()) {
        Ok(person) => {
            let number = person.cpf.as_ref().map(|number| Cpf::parse(number.expose()));
            assert!(number.is_none_or(|number| number.is_err() || number == Ok(cpf)));
        }
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, core.companies().get(&id).into_future()) {
        Ok(company) => {
            assert_debug_hidden(&company);
            if company.is_approved() {
                assert_member(&answer, "/status", &Value::from("APPROVED"));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
}

/// The answers to the registration of a face, to the read of an attempt, and to the making of a link.
pub(crate) fn caf_core_face(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let core = client(&clock, &requests, &answer).core();
    let person = PersonId::new(CPF).unwrap();
    let attempt_id = CoreFaceAttemptId::new(ATTEMPT).unwrap();
    match drive(&clock, core.faces().attempt(&attempt_id).into_future()) {
        Ok(attempt) => {
            assert_eq!(attempt.raw(), &answer.body);
            assert_debug_hidden(&attempt);
            assert!(attempt.data.id.as_str().eq_ignore_ascii_case(ATTEMPT));
            if attempt.is_match() {
                assert_member(&answer, "/data/isMatch", &Value::from(true));
                for contradiction in ["/data/faceMatch/isFaceMatch", "/data/liveness/isAlive"] {
                    assert_ne!(member(&answer, contradiction), Some(Value::from(false)));
                }
            }
            if attempt.is_match_of(&person) {
                assert!(attempt.is_match());
                let named = PersonId::new(attempt.data.person_id.as_ref().unwrap().expose());
                assert_eq!(named.as_ref(), Ok(&person));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    let once = |before: usize| {
        if answer.status.as_u16() != 429 {
            assert_eq!(requests.count(), before + 1, "again after {}", answer.status);
        }
    };
    let before = requests.count();
    let register = core.faces().register(&person, "https://img.example.com/a.jpg");
    match drive(&clock, register.into_future()) {
        Ok(face) => assert_debug_hidden(&face),
        Err(error) => assert_answered(&error, &answer),
    }
    once(before);
    let before = requests.count();
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();
    let create = core.onboardings().create(OnboardingType::Person, &template);
    match drive(&clock, create.into_future()) {
        Ok(link) => {
            assert_debug_hidden(&link);
            if let Some(url) = &link.url {
                let url = url::Url::parse(url.expose()).unwrap();
                assert_eq!(url.scheme(), "https", "a user is sent nowhere else");
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    once(before);
}

/// The answers of the services.
pub(crate) fn caf_service(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let services = client(&clock, &requests, &answer).global().services();
    let cpf = Cpf::parse(CPF).unwrap();
    match drive(&clock, services.sanctions(NAME).into_future()) {
        Ok(found) => {
            assert_eq!(found.raw(), &answer.body);
            assert_debug_hidden(&found);
            if found.service_data().is_some_and(|found| found.is_clear()) {
                assert_member(&answer, "/data/serviceData/isSanctioned", &Value::from(false));
                assert_member(&answer, "/data/serviceData/totalMatches", &Value::from(0));
                let list = member(&answer, "/data/serviceData/sanctionsList").unwrap_or_default();
                assert!(list.as_array().is_none_or(Vec::is_empty));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, services.cpf_sync(&cpf).into_future()) {
        Ok(found) => {
            assert_debug_hidden(&found);
            if let Some(record) = found.record() {
                let number = Cpf::parse(record.tax_id_number.as_ref().unwrap().expose());
                assert!(number.is_err() || number == Ok(cpf));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, services.basic_data(&cpf).into_future()) {
        Ok(found) => assert_debug_hidden(&found),
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, services.company_record("r-1").into_future()) {
        Ok(found) => assert_debug_hidden(&found),
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, services.query("some_service").into_future()) {
        Ok(found) => assert_debug_hidden(&found),
        Err(error) => assert_answered(&error, &answer),
    }
    if answer.status.as_u16() != 429 {
        assert_eq!(requests.count(), 5, "each may be billed");
    }
}

/// The answers about a transaction of an orchestration.
pub(crate) fn caf_orchestration(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let transactions = client(&clock, &requests, &answer).global().transactions();
    let workflow = WorkflowId::new(ID).unwrap();
    match drive(&clock, transactions.create(&workflow).into_future()) {
        Ok(created) => assert_debug_hidden(&created),
        Err(error) => assert_answered(&error, &answer),
    }
    if answer.status.as_u16() != 429 {
        assert_eq!(
            requests.count(),
            1,
            "a second transaction after {}",
            answer.status
        );
    }
    let id = GlobalTransactionId::new(ID).unwrap();
    match drive(&clock, transactions.get(&id).into_future()) {
        Ok(transaction) => {
            assert_eq!(transaction.raw(), &answer.body);
            assert_debug_hidden(&transaction);
            if transaction.is_approved() {
                assert_member(&answer, "/data/status", &Value::from("APPROVED"));
                let named = member(&answer, "/data/transactionId").unwrap_or_default();
                assert!(named.as_str().is_none_or(|named| named.eq_ignore_ascii_case(ID)));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
}

/// The body of a notification of an orchestration, which anybody may have written.
pub(crate) fn caf_global_notification(input: &[u8]) {
    match GlobalNotification::read(input.to_vec()) {
        Ok(notification) => {
            assert_eq!(&notification.raw()[..], input);
            assert_debug_hidden(&notification);
            if !notification.event_type.is_unknown() {
                assert!(notification.transaction_id.is_some());
            }
            if let (Some(id), Ok(body)) = (
                &notification.transaction_id,
                serde_json::from_slice::<Value>(input),
            ) {
                assert_eq!(body["data"]["transactionId"], id.as_str());
            }
        }
        Err(error) => assert_unreadable(&error),
    }
}

/// What a face is to be registered under.
pub(crate) fn caf_person_id(input: &[u8]) {
    match PersonId::new(&text(input)) {
        Ok(person) => {
            assert_debug_hidden(&person);
            let kept = person.as_str();
            assert!((5..=254).contains(&kept.len()));
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"@._-".contains(&byte);
            assert!(kept.bytes().all(known), "{kept:?}");
            assert_eq!(PersonId::new(kept).unwrap(), person);
        }
        Err(error) => assert_error_hidden(&error),
    }
}
