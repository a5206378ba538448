//! What CM.com's ID Scan answers and sends, and what the user's browser brings.

use std::future::IntoFuture as _;

use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use verikit::cm_idscan::{
    BrowserReturn, Client, Comparison, Concern, FieldResult, ResultId, ScanCode, TaskState, TaskType, Tasks,
    Transaction, TransactionId, TransactionState, Validity, WebhookSecrets,
};
use verikit::testing::{ManualClock, drive};
use verikit::{Error, ErrorKind, Secret};

use super::answer::{Answer, Requests};
use super::{line, text};
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

const ID: &str = "0a0a0a0a-1111-4222-8333-444444444444";

fn client(clock: &ManualClock, requests: &Requests, answer: &Answer) -> Client {
    let answer = answer.clone();
    Client::builder("key-1", SECRET)
        .transport(requests.answered(move |_| answer.clone()))
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap()
}

/// What holds for every error of a call that was answered.
fn assert_answered(error: &Error, answer: &Answer) {
    answer.assert_error(error, "cm-idscan", &[ErrorKind::Decode, ErrorKind::Untrusted]);
}

/// The answers to the creation and to the read of a transaction.
pub(crate) fn transaction(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let transactions = client(&clock, &requests, &answer).transactions();
    match drive(&clock, transactions.create(Tasks::DocumentScan).into_future()) {
        Ok(created) => {
            assert!(answer.status.is_success());
            let origin = created.url.origin();
            assert!(origin.starts_with("https://"), "a user is sent nowhere else");
            assert_eq!(created.raw(), &answer.body);
            assert_debug_hidden(&created);
        }
        Err(error) => assert_answered(&error, &answer),
    }
    if !matches!(answer.status.as_u16(), 401 | 429) {
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
            assert_counted(&transaction);
        }
        Err(error) => assert_answered(&error, &answer),
    }
}

/// A charge that is not known is never left out of a sum.
fn assert_counted(transaction: &Transaction) {
    let mut sum = Some(0_u128);
    for task in &transaction.tasks {
        let invoiced = task.invoiced();
        sum = sum.and_then(|sum| Some(sum + u128::from(invoiced?)));
        let scans = task.document_scans.as_deref().unwrap_or_default();
        let proven = scans.iter().filter(|scan| scan.is_invoiced() == Some(true));
        let proven = u64::try_from(proven.count()).unwrap();
        assert!(
            invoiced.is_none_or(|invoiced| invoiced >= proven),
            "each of these is charged"
        );
        if task.task_type == TaskType::DocumentScan && task.state == TaskState::Completed {
            assert_ne!(invoiced, Some(0), "a scan that came to its end is charged");
        }
        let unknown = |code: &ScanCode| code.is_unknown();
        if task.attempts_invoiced.is_none()
            && scans.iter().any(|scan| scan.code.as_ref().is_some_and(unknown))
        {
            assert_eq!(
                invoiced.filter(|_| task.task_type == TaskType::DocumentScan),
                None
            );
        }
        if task.task_type != TaskType::DocumentScan
            && task.task_type.as_str().starts_with("face_")
            && !task.task_type.is_unknown()
            && task.state == TaskState::Completed
        {
            assert_ne!(invoiced, Some(0), "an executed face task is charged");
        }
    }
    let sum = sum.filter(|_| !transaction.tasks.is_empty());
    assert_eq!(
        transaction.invoiced().map(u128::from),
        sum.filter(|sum| *sum <= u64::MAX.into())
    );
}

/// The answer to the read of a result, and what is made of its files.
pub(crate) fn scan_result(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let client = client(&clock, &requests, &answer);
    let (id, result_id) = (TransactionId::new(ID).unwrap(), ResultId::new(ID).unwrap());
    let result = match drive(
        &clock,
        client.transactions().result(&id, &result_id).into_future(),
    ) {
        Ok(result) => result,
        Err(error) => return assert_answered(&error, &answer),
    };
    assert_eq!(result.raw(), &answer.body);
    assert_debug_hidden(&result);
    let concerns = result.concerns(Tasks::DocumentScan, 0.5);
    assert_debug_hidden(&concerns);
    let [task] = &result.tasks[..] else {
        return assert!(!concerns.is_empty(), "one task was asked for");
    };
    // The rule once more, by what has to be there.
    let good = result.state == TransactionState::Completed
        && task.task_type == TaskType::DocumentScan
        && task.state == TaskState::Completed
        && task.score.is_some_and(|score| (0.5..=1.0).contains(&score))
        && !task.result.is_empty()
        && task.result.iter().all(|entry| {
            entry.validity == Some(Validity::Valid)
                && entry.comparison == Some(Comparison::Match)
                && entry.value().is_some_and(|value| !value.expose().is_empty())
        })
        && task.result.iter().all(|entry| {
            // Every place of the field in this language has the value that it has here.
            let same = |other: &&FieldResult| (&other.field, &other.locale) == (&entry.field, &entry.locale);
            let mut others = task.result.iter().filter(same).flat_map(|other| &other.values);
            others.all(|other| {
                let mut here = entry.values.iter().filter(|value| value.source == other.source);
                here.all(|value| value.value == other.value)
            })
        });
    assert_eq!(concerns.is_empty(), good);
    assert!(!result.is_all_clear(Tasks::DocumentScanAndFaceLiveness, 0.0));
    if concerns.iter().all(Concern::is_unchecked) {
        let invalid = task
            .result
            .iter()
            .any(|entry| entry.validity == Some(Validity::Invalid));
        assert!(!invalid, "what was found bad is not what nobody looked at");
    }
    for url in task.files.iter().filter_map(|file| file.url.as_ref()) {
        let before = requests.count();
        let fetched = drive(&clock, client.downloads().bytes(url).into_future());
        for request in &requests.all()[before..] {
            let uri = request.uri();
            assert_eq!(
                (uri.scheme_str(), uri.host()),
                (Some("https"), Some("api.cm.com"))
            );
            assert!(uri.port_u16().is_none_or(|port| port == 443), "{uri}");
        }
        if let Err(error) = fetched {
            assert_error_hidden(&error);
        }
    }
}

/// The secret in a notification's header, on the first line, and its body.
pub(crate) fn notification(input: &[u8]) {
    let text = text(input);
    let (value, body) = line(&text);
    let Ok(value) = HeaderValue::from_str(value) else {
        return;
    };
    let known = value.as_bytes() == SECRET.as_bytes();
    let mut headers = HeaderMap::new();
    headers.insert("x-secret", value);
    let secrets = WebhookSecrets::new("x-secret", [Secret::new("another"), Secret::new(SECRET)]).unwrap();
    match secrets.read(&headers, body.to_owned()) {
        Ok(notification) => {
            assert!(known || headers["x-secret"] == "another");
            assert_eq!(&notification.raw()[..], body.as_bytes());
            assert_debug_hidden(&notification);
            let value: Value = serde_json::from_str(body).unwrap_or_default();
            if let (Some(about), false) = (&notification.transaction, value.is_null()) {
                assert_eq!(value["transaction"]["id"], about.id.as_str());
                let result_id = about.result_id.as_ref().map(ResultId::as_str);
                let written = value["transaction"]["resultId"].as_str();
                assert_eq!(written.filter(|text| !text.is_empty()), result_id);
            }
        }
        Err(error) => {
            assert_error_hidden(&error);
            let kind = if known || headers["x-secret"] == "another" {
                ErrorKind::Decode
            } else {
                ErrorKind::Auth
            };
            assert_eq!(error.kind(), kind);
        }
    }
}

/// The URL that the user's browser came back to.
pub(crate) fn browser_return(input: &[u8]) {
    let url = text(input);
    match BrowserReturn::from_url(&url) {
        Ok(returned) => {
            assert_debug_hidden(&returned);
            let query = url
                .split('#')
                .next()
                .and_then(|url| url.split_once('?'))
                .unwrap()
                .1;
            let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
            let values = |name: &str| -> Vec<_> { pairs.iter().filter(|pair| pair.0 == name).collect() };
            assert_eq!(values("trxid").len(), 1);
            assert_eq!(values("trxid")[0].1, returned.transaction_id.as_str());
            assert!(values("resultid").len() <= 1 && values("state").len() <= 1);
        }
        Err(error) => {
            assert_error_hidden(&error);
            assert!(error.is_invalid_input());
        }
    }
}
