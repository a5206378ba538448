//! The webhooks of a query template (contract caf, 5). Nothing signs them.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use url::Url;

use super::change::Change;
use super::onboarding::Link;
use super::profile::Profile;
use super::transaction::Transaction;
use crate::clock::date_time_with_milliseconds;
use crate::outbox::Message;

/// What is told of a transaction. The members are those that integrators read; no page lists them. The id is
/// `report` for transactions of an onboarding link and `uuid` for all others, so that both are met (ours).
pub(super) fn transaction(transaction: &Transaction, change: Change) -> Value {
    let mut body = json!({
        "type": change.core_type(),
        "status": transaction.status,
        "onboardingId": transaction.onboarding_id,
        "statusReasons": transaction.status_reasons(false),
        "attributes": transaction.request.attributes,
        "variables": transaction.request.variables,
        "metadata": transaction.request.metadata.clone().unwrap_or_else(|| json!({})),
    });
    let id = if transaction.onboarding_id.is_some() {
        "report"
    } else {
        "uuid"
    };
    if let Some(members) = body.as_object_mut() {
        members.insert(id.to_owned(), json!(transaction.id));
    }
    body
}

/// What is told of a profile: `type` is not the name of an event here.
pub(super) fn profile(profile: &Profile) -> Value {
    let mut members = Map::new();
    for (name, text) in [
        ("profileId", profile.id.as_str()),
        ("type", profile.kind()),
        ("status", profile.status.as_str()),
        ("updatedAt", &date_time_with_milliseconds(profile.updated)),
        (profile.number_name(), profile.subject.number()),
    ] {
        members.insert(name.to_owned(), json!(text));
    }
    Value::Object(members)
}

/// What is told of an attempt at face authentication in a web onboarding.
pub(super) fn face_authentication(link: &Link, attempt_id: &str, is_match: bool, now: SystemTime) -> Value {
    json!({
        "tenant": "sandbox",
        "onboardingId": link.id,
        "type": "face_authentication",
        "personId": link.person_id(),
        "attemptId": attempt_id,
        "isMatch": is_match,
        "date": date_time_with_milliseconds(now),
        "onboardingToken": link.token,
    })
}

/// `id` is the sandbox's own: the bodies have none.
pub(super) fn message(id: String, url: Url, body: &Value) -> Message {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Message {
        id,
        url,
        headers,
        body: Bytes::from(body.to_string()),
        // What the provider repeats for is not documented.
        is_repeated_for: |status: StatusCode| status.is_server_error(),
    }
}
