//! What arrives at a Core webhook: an id to read, and never a decision (contract caf, 5).

use caf::core_api::{
    CoreFaceAttemptId, CoreNotification, CoreNotificationType, NotificationSubject, ProfileId,
};
use caf::testing::Step;
use caf::{Answer, Delivery};

use crate::core_support::{BASE, ID, with_status};
use crate::support::Scripted;

fn read(body: &str) -> Answer<CoreNotification> {
    CoreNotification::read(body.to_owned()).unwrap()
}

fn transaction_id(notification: &CoreNotification) -> Option<&str> {
    match &notification.subject {
        NotificationSubject::Transaction(id) => Some(id.as_str()),
        _ => None,
    }
}

#[test]
fn events_of_transactions() {
    for (word, event) in [
        ("process_started", CoreNotificationType::ProcessStarted),
        (
            "documentscopy_requested",
            CoreNotificationType::DocumentscopyRequested,
        ),
        ("status_updated", CoreNotificationType::StatusUpdated),
    ] {
        for member in ["uuid", "report"] {
            let body = format!(
                r#"{{"type":"{word}","{member}":"{ID}","status":"APPROVED","onboardingId":"64b0c0ffee0000000000cccc",
                 "statusReasons":[],"attributes":{{"cpf":"12345678909"}},"variables":{{}},"metadata":{{"orderId":"A-17"}}}}"#
            );
            let notification = read(&body);
            assert_eq!(notification.notification_type.as_ref(), Some(&event));
            assert_eq!(transaction_id(&notification), Some(ID));
            let onboarding_id = notification.onboarding_id.as_ref().unwrap();
            assert_eq!(onboarding_id.as_str(), "64b0c0ffee0000000000cccc");
            assert_eq!(notification.raw(), body.as_bytes());
            let shown = format!("{notification:?} {notification:#?}");
            assert!(
                !shown.contains("APPROVED") && !shown.contains("12345678909"),
                "{shown}"
            );
        }
    }
}

#[test]
fn events_of_profiles_and_faces() {
    let updated = r#""status":"APPROVED","updatedAt":"2026-01-02T03:04:05.678Z""#;
    let person = read(&format!(
        r#"{{"profileId":"p-1","type":"PF",{updated},"cpf":"12345678909"}}"#
    ));
    assert_eq!(
        person.subject,
        NotificationSubject::Person(ProfileId::new("p-1").unwrap())
    );
    let company = read(&format!(
        r#"{{"profileId":"p-2","type":"PJ",{updated},"cnpj":"12ABC34501DE35"}}"#
    ));
    assert_eq!(
        company.subject,
        NotificationSubject::Company(ProfileId::new("p-2").unwrap())
    );
    let face = read(
        r#"{"tenant":"t","onboardingId":"o-1","type":"face_authentication","personId":"12345678909","attemptId":"a-1",
         "isMatch":true,"date":"2026-01-02T03:04:05.678Z","onboardingToken":"Needle"}"#,
    );
    assert_eq!(
        face.subject,
        NotificationSubject::FaceAttempt(CoreFaceAttemptId::new("a-1").unwrap())
    );
    assert_eq!(face.onboarding_id.as_ref().unwrap().as_str(), "o-1");
    let shown = format!("{person:?} {company:?} {face:?}");
    for hidden in ["p-1", "p-2", "a-1", "Needle", "12345678909", "APPROVED", "true"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

/// Any object is taken, and what nobody knows names nothing.
#[test]
fn what_is_not_known_names_nothing() {
    for body in [
        "{}",
        r#"{"type":"status_updated"}"#,
        r#"{"type":"status_updated","id":"64b0c0ffee0000000000bbbb"}"#,
        r#"{"type":"status_updated","uuid":7}"#,
        r#"{"type":"status_updated","uuid":""}"#,
        r#"{"type":"status_updated","uuid":".."}"#,
        r#"{"type":"status_updated","uuid":["64b0c0ffee0000000000bbbb"]}"#,
        r#"{"type":"status_updated","report":{"id":"64b0c0ffee0000000000bbbb"}}"#,
        r#"{"type":"status_updated","uuid":"a","report":"b"}"#,
        r#"{"type":"PF","uuid":"64b0c0ffee0000000000bbbb"}"#,
        r#"{"type":"PJ","profileId":7}"#,
        r#"{"type":"face_authentication","uuid":"a","isMatch":true}"#,
        r#"{"type":"SOMETHING_ELSE","profileId":"p"}"#,
        r#"{"type":null,"profileId":"p"}"#,
        r#"{"status":"APPROVED"}"#,
    ] {
        assert_eq!(read(body).subject, NotificationSubject::Unknown, "{body}");
    }
    // A new event of a transaction, an event without a name, the same id twice.
    for body in [
        r#"{"type":"a_new_event","uuid":"a"}"#,
        r#"{"type":7,"uuid":"a"}"#,
        r#"{"report":"a"}"#,
        r#"{"type":"status_updated","uuid":"a","report":"a"}"#,
        r#"{"type":"status_updated","uuid":"a","report":null}"#,
    ] {
        assert_eq!(transaction_id(&read(body)), Some("a"), "{body}");
    }
}

#[test]
fn what_is_no_object_is_an_error_that_quotes_nothing() {
    for body in [
        "",
        "Needle",
        "null",
        "true",
        "\"Needle\"",
        "[]",
        r#"["status_updated","Needle"]"#,
        r#"[{"type":"status_updated","uuid":"Needle"}]"#,
        r#"{"type":"status_updated","uuid":"Needle""#,
        r#"{"type":"status_updated","uuid":"Needle","uuid":"a"}"#,
        r#"{"type":"status_updated","type":"PF","profileId":"Needle"}"#,
        "{}{}",
    ] {
        let error = CoreNotification::read(body.to_owned()).unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
        // Whoever receives has sent nothing.
        assert_eq!((error.provider(), error.delivery()), ("caf", Delivery::NotSent));
        assert!(!format!("{error} {error:?}").contains("Needle"), "{body}");
    }
}

/// Somebody who found the webhook says that a transaction is approved: what counts is what CAF answers.
#[test]
fn a_forged_notification_decides_nothing() {
    let forged = read(&format!(
        r#"{{"type":"status_updated","uuid":"{ID}","status":"APPROVED"}}"#
    ));
    let scripted = Scripted::core([Step::json(200, with_status("\"REPROVED\""))]);
    let get = scripted.transactions().get_notified(&forged).unwrap();
    assert!(!scripted.run(get).unwrap().is_approved());
    scripted.assert_core_sent(&format!("GET {BASE}/transactions/{ID}"), "application/json", "");

    // One that names another path names one segment of it.
    let odd = read(r#"{"type":"status_updated","uuid":"../people/1?a=b"}"#);
    let scripted = Scripted::core([Step::json(404, "{}")]);
    let get = scripted.transactions().get_notified(&odd).unwrap();
    scripted.run(get).unwrap_err();
    let uri = scripted.sent().uri.to_string();
    assert_eq!(uri, format!("{BASE}/transactions/..%2Fpeople%2F1%3Fa%3Db"));

    let scripted = Scripted::core([]);
    for body in ["{}", r#"{"type":"PF","profileId":"p"}"#] {
        let error = scripted.transactions().get_notified(&read(body)).unwrap_err();
        scripted.assert_refused(&error);
    }
}
