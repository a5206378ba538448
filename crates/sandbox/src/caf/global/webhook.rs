//! Webhooks of orchestrations (contract caf, 7): like `CloudEvents`, and not signed.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::transaction::Transaction;
use crate::caf::state::State;
use crate::clock::date_time_with_milliseconds;
use crate::outbox::Message;

/// Where webhooks say that they come from.
const SOURCE: &str = "https://api.public.caf.io/v1/orchestrations";

/// Tells the customer's server of a transaction. Without an address nothing is sent.
pub(super) fn tell(state: &State, transaction: &Transaction, kind: &str) {
    let own = transaction.request.webhook_url.clone();
    let (url, is_lower_case) = {
        let data = state.orchestrations.data();
        (
            own.or_else(|| data.webhook_url.clone()),
            data.spells_specversion_lower_case,
        )
    };
    let Some(url) = url else { return };
    let id = state.random().uuid();
    // The table and the sample of the documents differ.
    let specversion = if is_lower_case {
        "specversion"
    } else {
        "specVersion"
    };
    let date = date_time_with_milliseconds(transaction.updated);
    let mut body = Map::new();
    for (name, text) in [
        ("id", id.as_str()),
        ("time", &date),
        ("type", kind),
        ("source", SOURCE),
        (specversion, "1.0"),
    ] {
        body.insert(name.to_owned(), json!(text));
    }
    let data = json!({
        "transactionId": transaction.id,
        "workflowId": transaction.request.workflow_id,
        "status": transaction.status.as_str(),
        "date": date,
    });
    body.insert("data".to_owned(), data);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    state.webhooks.post(Message {
        id,
        url,
        headers,
        body: Bytes::from(Value::Object(body).to_string()),
        // What the provider repeats for is not documented.
        is_repeated_for: |status: StatusCode| status.is_server_error(),
    });
}
