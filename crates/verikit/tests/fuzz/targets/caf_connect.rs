//! What CAF's Connect API sends.

use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use verikit::ErrorKind;
use verikit::caf::connect_api::{ConnectEventData, ConnectWebhookKeys};
use verikit::caf::transactions::TransactionStatus;

use super::{assert_unreadable, text};
use crate::needles::{assert_debug_hidden, assert_error_hidden};

const WEBHOOK_SECRET: &str = "example-webhook-secret";

/// The `X-Caf-Signature` value on the first line, the event behind it.
pub(crate) fn connect_event(input: &[u8]) {
    let at = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let body = &input[(at + 1).min(input.len())..];
    let keys = |secrets: &[&str]| ConnectWebhookKeys::new(secrets.iter().copied()).unwrap();
    let both = keys(&["another", WEBHOOK_SECRET]);
    let good = keys(&[WEBHOOK_SECRET]).sign_for_test(body);
    if let Ok(value) = HeaderValue::from_bytes(&input[..at]) {
        let mut headers = HeaderMap::new();
        headers.insert("x-caf-signature", value.clone());
        match both.verify(&headers, body.to_vec()) {
            Err(error) if error.kind() == ErrorKind::Signature => assert_error_hidden(&error),
            _ => {
                let given = text(value.as_bytes()).trim().to_ascii_lowercase();
                assert_eq!(given.as_str(), good.to_str().unwrap());
            }
        }
    }
    match both.verify_value(&good, body.to_vec()) {
        Ok(event) => {
            assert_debug_hidden(&event);
            assert_eq!(&event.raw()[..], body);
            // Another reader's opinion; of what is duplicated it sees the last.
            let value: Value = serde_json::from_slice(body).unwrap_or_default();
            if value.is_null() {
                return; // It gave up on something that the other one does not look at.
            }
            assert_eq!(value["id"], event.id.as_str());
            assert_eq!(value["type"], event.event_type.as_str());
            if let Some(data) = &event.data {
                assert_data(data, &value["data"]);
            }
        }
        Err(error) => assert_unreadable(&error),
    }
}

/// Nothing reads as positive but the very value.
fn assert_data(data: &ConnectEventData, value: &Value) {
    assert!(value.is_object());
    assert_eq!(data.is_match, value["isMatch"].as_bool());
    let approved = data.status.as_ref().is_some_and(TransactionStatus::is_approved);
    assert_eq!(approved, value["status"] == "APPROVED");
    if let Some(id) = &data.transaction_id {
        assert_eq!(value["transactionId"], id.as_str());
    }
    if let Some(cpf) = &data.cpf {
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        assert_eq!(value["cpf"].as_str().map(digits), Some(cpf.digits().len()));
    }
}
