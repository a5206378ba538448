//! What arrives at a webhook of an orchestration (contract caf, 7).

use caf::global_api::{GlobalEventType, GlobalNotification};
use caf::{Delivery, ErrorKind};

const FINISHED: &str = r#"{"id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","time":"2026-01-02T03:04:05.678Z","type":"TransactionFinished","source":"https://api.public.caf.io/v1/orchestrations","specVersion":"1.0","data":{"transactionId":"64b0c0ffee0000000000bbbb","workflowId":"64b0c0ffee0000000000dddd","status":"APPROVED","date":"2026-01-02T03:04:05.678Z"}}"#;

#[test]
fn it_names_what_to_read_and_nothing_more() {
    for spelled in ["specVersion", "specversion"] {
        let body = FINISHED.replace("specVersion", spelled);
        let notification = GlobalNotification::read(body.clone()).unwrap();
        assert_eq!(notification.event_type, GlobalEventType::TransactionFinished);
        assert_eq!(
            notification.id.as_ref().unwrap().as_str(),
            "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80"
        );
        assert_eq!(notification.time.as_ref().unwrap().unix_seconds(), 1_767_323_045);
        assert_eq!(
            notification.transaction_id.as_ref().unwrap().as_str(),
            "64b0c0ffee0000000000bbbb"
        );
        assert_eq!(
            notification.workflow_id.as_ref().unwrap().as_str(),
            "64b0c0ffee0000000000dddd"
        );
        assert_eq!(&notification.raw()[..], body.as_bytes());
        assert!(!format!("{notification:?}").contains("APPROVED"));
    }
    let both = FINISHED.replace(
        r#""specVersion":"1.0""#,
        r#""specVersion":"1.0","specversion":"1.0""#,
    );
    assert!(GlobalNotification::read(both).is_ok());
}

#[test]
fn more_types_may_come() {
    for (event_type, known) in [
        ("TransactionCreated", true),
        ("TransactionPending", true),
        ("transactionfinished", false),
        ("LinkOpened", false),
        ("", false),
    ] {
        let body = FINISHED.replace("TransactionFinished", event_type);
        let notification = GlobalNotification::read(body).unwrap();
        assert_eq!(notification.event_type.is_unknown(), !known);
        assert!(notification.transaction_id.is_some());
    }
    for data in [
        "null",
        "{}",
        "[]",
        "7",
        r#"{"transactionId":7}"#,
        r#"["64b0c0ffee0000000000bbbb"]"#,
    ] {
        let known = format!(r#"{{"type":"TransactionFinished","data":{data}}}"#);
        let error = GlobalNotification::read(known).unwrap_err();
        assert_eq!(
            (error.kind(), error.provider()),
            (ErrorKind::Decode, "caf"),
            "{data}"
        );
        assert_eq!(error.delivery(), Delivery::NotSent);
        let unknown = format!(r#"{{"type":"LinkOpened","data":{data}}}"#);
        let notification = GlobalNotification::read(unknown).unwrap();
        assert_eq!(notification.transaction_id, None, "{data}");
    }
}

#[test]
fn what_is_none_is_refused_and_not_quoted() {
    for body in [
        "",
        "n33dle",
        "[]",
        "{}",
        r#"["n33dle"]"#,
        r#"{"type":7,"data":"n33dle"}"#,
        r#"{"type":"TransactionFinished"}"#,
        r#"{"type":"TransactionFinished","type":"n33dle"}"#,
        r#"{"data":{"transactionId":"n33dle"}}"#,
        r#"{"type":"TransactionFinished","data":{"transactionId":"n33dle","transactionId":"n33dle2"}}"#,
        r#"{"type":"TransactionFinished","data":{"transactionId":".."}}"#,
    ] {
        let error = GlobalNotification::read(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(!format!("{error} {error:?}").contains("n33dle"), "{error}");
    }
}
