//! What the Core API of CAF answers and sends: transactions, lists, documents, notifications.

use std::future::IntoFuture as _;

use serde_json::Value;
use verikit::caf::core_api::{CoreNotification, CoreTransactions, NotificationSubject};
use verikit::caf::transactions::{FileType, TemplateId, TransactionFile, TransactionId, TransactionStatus};
use verikit::caf::{CalendarDate, Client};
use verikit::testing::{ManualClock, drive};
use verikit::{Error, ErrorKind};

use super::answer::{Answer, Requests};
use super::{assert_unreadable, text};
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

const ID: &str = "64b0c0ffee0000000000bbbb";

fn transactions(clock: &ManualClock, requests: &Requests, answer: &Answer) -> CoreTransactions {
    let answer = answer.clone();
    let client = Client::builder()
        .core_token(SECRET)
        .transport(requests.answered(move |_| answer.clone()))
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap();
    client.core().transactions()
}

/// What holds for every error of a call that was answered.
fn assert_answered(error: &Error, answer: &Answer) {
    answer.assert_error(error, "caf", &[ErrorKind::Decode]);
}

/// The status that the body gives itself, if it is one object that a JSON reader knows.
fn status_in(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("status")?.as_str().map(str::to_owned)
}

/// Whether the body says of itself that it is about a fraud, to the same reader.
fn fraud_in(body: &[u8]) -> Option<bool> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("fraud")?.as_bool()
}

/// The answers to the creation and to the read of a transaction.
pub(crate) fn caf_transaction(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let transactions = transactions(&clock, &requests, &answer);
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();
    match drive(&clock, transactions.create(&template).into_future()) {
        Ok(created) => {
            assert!(answer.status.is_success());
            assert_eq!(created.raw(), &answer.body);
            assert_debug_hidden(&created);
        }
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
    let id = TransactionId::new(ID).unwrap();
    match drive(&clock, transactions.get(&id).into_future()) {
        Ok(transaction) => {
            assert!(answer.status.is_success());
            assert!(transaction.id.as_str().eq_ignore_ascii_case(ID));
            assert_eq!(transaction.raw(), &answer.body);
            assert_debug_hidden(&transaction);
            if transaction.is_approved() {
                assert_eq!(transaction.status, TransactionStatus::Approved);
                // What another reader cannot read, or reads otherwise, is not approved here.
                if let Some(status) = status_in(&answer.body) {
                    assert_eq!(status, "APPROVED");
                }
                assert_ne!(fraud_in(&answer.body), Some(true));
                let body = String::from_utf8_lossy(&answer.body);
                assert!(body.contains("APPROVED") || body.contains("\\u"), "{body}");
            }
            let liveness = transaction.sections.as_ref().map(|sections| {
                let _ = sections.get("documentLiveness");
                sections.document_liveness()
            });
            match liveness {
                Some(Ok(found)) => assert_debug_hidden(&found),
                Some(Err(error)) => assert_error_hidden(&error),
                None => {}
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
}

/// The answers to a list and to the reading of a document.
pub(crate) fn caf_list(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let transactions = transactions(&clock, &requests, &answer);
    match drive(&clock, transactions.list().into_future()) {
        Ok(page) => {
            assert!(answer.status.is_success());
            assert_eq!(page.raw(), &answer.body);
            assert_debug_hidden(&page);
            let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
            let items = body.as_ref().and_then(|body| body["items"].as_array());
            if let Some(items) = items {
                assert_eq!(items.len(), page.items.len(), "none vanishes");
                for (item, listed) in items.iter().zip(&page.items) {
                    assert_eq!(item["id"], listed.id.as_str());
                    assert_eq!(item["status"], listed.status.as_str());
                    assert_eq!(item["status"] == "APPROVED", listed.is_approved());
                }
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    let front = TransactionFile::at_url(FileType::Front, "https://img.example.com/front.jpg");
    let before = requests.count();
    match drive(&clock, transactions.ocr_sync([front]).into_future()) {
        Ok(document) => {
            assert!(answer.status.is_success());
            assert_debug_hidden(&document);
            for name in ["name", "birthDate", "items"] {
                assert!(document.value(name).is_none_or(|value| !value.is_empty()));
                assert_debug_hidden(&document.date(name));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    if answer.status.as_u16() != 429 {
        assert_eq!(requests.count(), before + 1);
    }
}

/// The body of a notification, which anybody may have written.
pub(crate) fn caf_notification(input: &[u8]) {
    match CoreNotification::read(input.to_vec()) {
        Ok(notification) => {
            assert_eq!(&notification.raw()[..], input);
            assert_debug_hidden(&notification);
            if let NotificationSubject::Transaction(id) = &notification.subject {
                let body: Value = serde_json::from_slice(input).unwrap_or_default();
                let named = ["uuid", "report"].map(|name| body[name].as_str());
                assert!(body.is_null() || named.contains(&Some(id.as_str())));
            }
            let clock = ManualClock::new();
            let requests = Requests::default();
            let answer = Answer::json(404, "{}");
            let transactions = transactions(&clock, &requests, &answer);
            match transactions.get_notified(&notification) {
                Ok(get) => {
                    let error = drive(&clock, get.into_future()).unwrap_err();
                    assert_error_hidden(&error);
                    for request in requests.all() {
                        let path = request.uri().path();
                        let id = path.strip_prefix("/v1/transactions/").unwrap();
                        assert!(!id.is_empty() && !id.contains('/'), "{path}");
                        assert_eq!(request.uri().query(), None);
                    }
                }
                Err(error) => {
                    assert_error_hidden(&error);
                    assert!(error.is_invalid_input());
                    assert_eq!(requests.count(), 0);
                }
            }
        }
        Err(error) => assert_unreadable(&error),
    }
}

/// A day of the calendar.
pub(crate) fn calendar_date(input: &[u8]) {
    match CalendarDate::parse(&text(input)) {
        Ok(date) => {
            assert_eq!(CalendarDate::parse(&date.iso()), Ok(date));
            assert_eq!(CalendarDate::parse(&date.day_first()), Ok(date));
            assert_debug_hidden(&date);
        }
        Err(error) => assert_error_hidden(&error),
    }
}
