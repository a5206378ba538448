//! Ending a check, and the signed callback that tells of it (contract cm-identity, 4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde::Serialize;

use super::handle::CmNumberVerifyOutcome;
use super::number_verify::Check;
use crate::clock::date_time;
use crate::cm::State;
use crate::outbox::Message;

/// In the order of the documents' example.
#[derive(Serialize)]
struct Event<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "numberVerify")]
    number_verify: Subject<'a>,
    created: &'a str,
}

#[derive(Serialize)]
struct Subject<'a> {
    id: &'a str,
    state: &'static str,
    #[serde(rename = "match")]
    is_match: Option<bool>,
}

/// Ends a check and sends the callback. `false` if there is none or if it has ended already.
pub(super) fn finish(state: &State, id: &str, outcome: CmNumberVerifyOutcome) -> bool {
    let (check, is_forged) = {
        let mut data = state.mobile_identity.data();
        let Some(check) = data.with_id_mut(id).filter(|check| check.outcome.is_none()) else {
            return false;
        };
        check.outcome = Some(outcome);
        let check = check.clone();
        (check, std::mem::take(&mut data.forges_next_callback))
    };
    if let Some(message) = message(state, &check, is_forged) {
        state.callbacks.post(message);
    }
    true
}

fn message(state: &State, check: &Check, is_forged: bool) -> Option<Message> {
    let (id, another_key) = {
        let mut random = state.random();
        (random.uuid(), random.text(54))
    };
    let created = date_time(state.clock.now());
    let body = event_body(&id, check, &created)?;
    let key = if is_forged {
        &another_key
    } else {
        &state.credential.secret
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(AUTHORIZATION, signature(key, &body)?);
    Some(Message {
        id,
        url: check.callback_url.clone(),
        headers,
        body: Bytes::from(body),
        is_repeated_for: |status: StatusCode| status.is_server_error(),
    })
}

fn event_body(id: &str, check: &Check, created: &str) -> Option<Vec<u8>> {
    let event = Event {
        id,
        kind: "numberVerify.state",
        number_verify: Subject {
            id: &check.id,
            state: check.state(),
            is_match: check.is_match(),
        },
        created,
    };
    // It has text for member names and no floats: writing it cannot fail.
    serde_json::to_vec(&event).ok()
}

/// `HMAC ` and the base64 of HMAC-SHA256 over the raw body; the key is the secret's text as it is. Nothing in
/// it is shared with the code that checks it on the clients' side.
fn signature(secret: &str, body: &[u8]) -> Option<HeaderValue> {
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signer = (DEFAULT_PROVIDER.signer_factory)(&Algorithm::HS256, &key).ok()?;
    let signature = STANDARD.encode(signer.try_sign(body).ok()?);
    HeaderValue::from_str(&format!("HMAC {signature}")).ok()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::cm::mobile_identity::Base;
    use crate::cm::mobile_identity::phone_number::PhoneNumber;

    const SECRET: &str = "sdk-test-secret-0123456789";

    /// The contract's vectors CV-1 to CV-3.
    #[test]
    fn callbacks_are_written_and_signed_as_the_contract_has_them() {
        for (outcome, length, expected) in [
            (
                CmNumberVerifyOutcome::Match,
                205,
                "HMAC IJUM/NyvnqT6KmVYVyxIH3WrNd3xRlwU2Ykub6WZ6/Y=",
            ),
            (
                CmNumberVerifyOutcome::NoMatch,
                206,
                "HMAC JwnZ1dUdBh2xck62RZUYrIj3XCdNo0MhoZJAIE8RtMw=",
            ),
            (
                CmNumberVerifyOutcome::Failed,
                202,
                "HMAC yJrejhpo2Goo2Pt2ybsWsqaPtU1LWjbDOvHYIN5S3Ao=",
            ),
        ] {
            let check = Check {
                id: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee".to_owned(),
                base: Base::Production,
                phone_number: serde_json::from_str::<PhoneNumber>("\"+31600000042\"").unwrap(),
                callback_url: Url::parse("https://example.net/").unwrap(),
                session: String::new(),
                outcome: Some(outcome),
            };
            let id = "11111111-2222-4333-8444-555555555555";
            let body = event_body(id, &check, "2025-06-01T12:00:00+00:00").unwrap();
            assert_eq!(body.len(), length, "{}", String::from_utf8_lossy(&body));
            assert_eq!(signature(SECRET, &body).unwrap(), expected);
        }
    }
}
