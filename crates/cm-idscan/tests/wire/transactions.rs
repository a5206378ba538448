//! Reading transactions (contract cm-idscan, 5): both published versions of the sample's shape.

use cm_idscan::testing::Step;
use cm_idscan::{
    Answer, CaptureSource, ErrorKind, FileCategory, FileKind, Level, Result, ScanCode, TaskState, TaskType,
    Transaction, TransactionId, TransactionState,
};

use crate::support::{BASE, ID, Scripted, id};

fn get(body: &str) -> Result<Answer<Transaction>> {
    let scripted = Scripted::golden([Step::json(200, body.to_owned())]);
    let transaction = scripted.run(scripted.client.transactions().get(&id()));
    scripted.assert_sent(&format!("GET {BASE}/transactions/{ID}"), "application/json", "");
    transaction
}

/// With `level` (the newer version), two attempts, and what a face task might carry.
const NEWER: &str = r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"pending","created":"2025-06-01T10:00:00+00:00","expires":"2025-06-01T11:00:00+00:00","completed":null,"tasks":[
 {"type":"document_scan","state":"pending","level":"advanced","attempts":2,"attemptsInvoiced":1,"documentScans":[
  {"created":"2025-06-01T10:01:00+00:00","code":"unknown_type_front","score":null,"source":"camera","linked":false,"files":[
   {"category":"image","type":"raw_document_image","url":"https:\/\/api.cm.com\/id-scan\/v1\/downloads\/RAW1"}]},
  {"created":"2025-06-01T10:02:00+00:00","code":null,"score":0.98,"source":"file","linked":true,"files":[
   {"category":"document","type":"passport","name":"Exampleland - ePassport (2020)","score":0.98,"url":"https:\/\/api.cm.com\/id-scan\/v1\/downloads\/DOC1"},
   {"category":"image","type":"portrait","url":"https:\/\/api.cm.com\/id-scan\/v1\/downloads\/POR1"}]}]},
 {"type":"face_liveness","state":"pending","attempts":0,"livenessScore":0.5,"photo":{"url":null}}]}"#;

#[test]
fn a_pending_transaction_with_two_attempts() {
    let transaction = get(NEWER).unwrap();
    assert_eq!(transaction.state, TransactionState::Pending);
    assert_eq!(transaction.completed, None);
    assert_eq!(
        transaction.expires.as_ref().unwrap().as_str(),
        "2025-06-01T11:00:00+00:00"
    );
    let task = transaction.task(&TaskType::DocumentScan).unwrap();
    assert_eq!((task.attempts, task.attempts_invoiced), (Some(2), Some(1)));
    assert_eq!(
        (&task.state, &task.level),
        (&TaskState::Pending, &Some(Level::Advanced))
    );
    let scans = task.document_scans.as_ref().unwrap();
    assert_eq!(scans[0].code, Some(ScanCode::UnknownTypeFront));
    assert_eq!((scans[0].score, scans[0].linked), (None, Some(false)));
    assert_eq!(scans[0].source, Some(CaptureSource::Camera));
    assert_eq!(scans[0].created.as_ref().unwrap().unix_seconds(), 1_748_772_060);
    assert!(scans[0].files[0].is(&FileKind::RawDocumentImage));
    assert_eq!((&scans[0].files[0].name, scans[0].files[0].score), (&None, None));
    assert_eq!(
        (&scans[1].code, scans[1].score, scans[1].linked),
        (&None, Some(0.98), Some(true))
    );
    let document = &scans[1].files[0];
    assert_eq!(document.category, Some(FileCategory::Document));
    assert_eq!(
        document.name.as_ref().unwrap().expose(),
        "Exampleland - ePassport (2020)"
    );
    assert_eq!(document.score, Some(0.98));
    assert_eq!(
        document.url.as_ref().unwrap().expose(),
        format!("{BASE}/downloads/DOC1")
    );
    // What nobody published of the face tasks is kept.
    let face = transaction.task(&TaskType::FaceLiveness).unwrap();
    assert_eq!(
        face.extra().keys().collect::<Vec<_>>(),
        ["livenessScore", "photo"]
    );
    assert_eq!(face.document_scans, None);
    assert!(transaction.task(&TaskType::FaceMatch).is_none());
}

#[test]
fn the_older_version_has_no_level() {
    let transaction = get(&NEWER.replace(r#""level":"advanced","#, "")).unwrap();
    assert_eq!(transaction.task(&TaskType::DocumentScan).unwrap().level, None);
    let completed = NEWER.replace(
        r#""completed":null"#,
        r#""completed":"2025-06-01T10:05:00+02:00""#,
    );
    let transaction = get(&completed.replace(r#""state":"pending""#, r#""state":"completed""#)).unwrap();
    assert_eq!(transaction.state, TransactionState::Completed);
    assert_eq!(
        transaction.completed.as_ref().unwrap().unix_seconds(),
        1_748_765_100
    );
}

#[test]
fn words_that_nobody_published_are_kept() {
    let transaction = get(
        r#"{"id":"0A0A0A0A-1111-4222-8333-444444444444","state":"expired","tasks":[{"type":"voice","state":"failed","documentScans":[{"code":"too_dark","files":[{"type":"SELFIE"}]}]}],"reason":"late"}"#,
    )
    .unwrap();
    assert!(transaction.state.is_unknown());
    assert_eq!(transaction.state.as_str(), "expired");
    let task = &transaction.tasks[0];
    assert_eq!(
        (task.task_type.as_str(), task.state.as_str()),
        ("voice", "failed")
    );
    let scan = &task.document_scans.as_ref().unwrap()[0];
    assert_eq!(scan.code.as_ref().unwrap().as_str(), "too_dark");
    assert_eq!(scan.files[0].file_type.as_ref().unwrap().as_str(), "SELFIE");
    assert_eq!(transaction.extra()["reason"], "late");
}

#[test]
fn another_transaction_is_no_answer() {
    let other = NEWER.replace("0a0a0a0a-", "0b0b0b0b-");
    let error = get(&other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!error.to_string().contains("0b0b"), "{error}");
    let odd = TransactionId::new("another").unwrap();
    let scripted = Scripted::new([Step::json(200, NEWER)]);
    assert!(
        scripted
            .run(scripted.client.transactions().get(&odd))
            .unwrap_err()
            .is_decode()
    );
}

#[test]
fn reading_is_repeated() {
    let scripted = Scripted::new([Step::json(503, "{}"), Step::CutBody, Step::json(200, NEWER)]);
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    assert_eq!(scripted.transport.seen().len(), 3);
}
