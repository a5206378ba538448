//! Connect's webhooks (contract caf, 6.4): `CloudEvents` whose bytes are signed.

use std::fmt::Write;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::caf::hmac::hmac_sha256;
use crate::clock::date_time_with_milliseconds;
use crate::outbox::Message;

const SIGNATURE: HeaderName = HeaderName::from_static("x-caf-signature");

/// What is wrong with an event on purpose, as the vendor says that it does to see whether it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CafForgery {
    /// The signature is made with another secret.
    WrongSecret,
    /// The body was changed after it was signed.
    ChangedBody,
    /// There is no signature.
    NoSignature,
}

impl CafForgery {
    /// The forgery that the control API names: `wrong-secret`, `changed-body` or `no-signature`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "wrong-secret" => Some(Self::WrongSecret),
            "changed-body" => Some(Self::ChangedBody),
            "no-signature" => Some(Self::NoSignature),
            _ => None,
        }
    }
}

/// An event before it is sent.
pub(super) struct Event<'a> {
    pub(super) id: String,
    pub(super) kind: &'a str,
    pub(super) source: &'a str,
    pub(super) time: SystemTime,
    pub(super) data: Value,
}

impl Event<'_> {
    fn body(&self) -> String {
        json!({
            "specversion": "1.0",
            "type": self.kind,
            "source": self.source,
            "id": self.id,
            "time": date_time_with_milliseconds(self.time),
            "datacontenttype": "application/json",
            "data": self.data,
        })
        .to_string()
    }

    pub(super) fn message(self, url: Url, secret: &str, forgery: Option<CafForgery>) -> Message {
        let mut body = self.body();
        let signature = match forgery {
            Some(CafForgery::WrongSecret) => signature(&format!("not-{secret}"), body.as_bytes()),
            Some(CafForgery::NoSignature) => None,
            Some(CafForgery::ChangedBody) | None => signature(secret, body.as_bytes()),
        };
        if forgery == Some(CafForgery::ChangedBody) {
            // Still the same JSON: what is signed are the bytes.
            body.push(' ');
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static("Caf-Webhook/Connect"));
        if let Some(value) = signature.and_then(|hex| HeaderValue::from_str(&hex).ok()) {
            headers.insert(SIGNATURE, value);
        }
        Message {
            id: self.id,
            url,
            headers,
            body: Bytes::from(body),
            // What the provider repeats for is not documented.
            is_repeated_for: |status: StatusCode| status.is_server_error(),
        }
    }
}

/// Lower-case hex of HMAC-SHA256.
fn signature(secret: &str, body: &[u8]) -> Option<String> {
    let code = hmac_sha256(secret.as_bytes(), body)?;
    Some(code.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECRET: &str = "example-webhook-secret";

    /// The contract's vector 9.4.
    #[test]
    fn the_signature_is_the_contracts() {
        let body = r#"{"specversion":"1.0","type":"TRANSACTIONSTATUSUPDATED","source":"TRANSACTION","id":"01K0EXAMPLE0000000000000000","time":"2026-01-02T03:04:05.678Z","datacontenttype":"application/json","data":{"transactionId":"64b0c0ffee00000000000001","status":"APPROVED"}}"#;
        assert_eq!(body.len(), 256);
        assert_eq!(
            signature(SECRET, body.as_bytes()).unwrap(),
            "39326ba465e2d1f4efceb0b90d96e8ec3c686485058860f02cafd96eeb29a415"
        );
        let spaced = body.replacen(':', ": ", 1);
        assert_eq!(
            signature(SECRET, spaced.as_bytes()).unwrap(),
            "f9dedda0d422002158be7339c6f980aff7cb88b67393b1b5a8c11ea9b5f4131d"
        );
    }

    #[test]
    fn forgeries_are_wrong_each_in_its_own_way() {
        let message = |forgery| {
            let event = Event {
                id: "01K0EXAMPLE0000000000000000".to_owned(),
                kind: "TRANSACTIONSTATUSUPDATED",
                source: "TRANSACTION",
                time: SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_323_045_678),
                data: json!({ "status": "APPROVED" }),
            };
            event.message(Url::parse("http://127.0.0.1/").unwrap(), SECRET, forgery)
        };
        let is_right = |message: &Message| {
            let sent = message
                .headers
                .get(SIGNATURE)
                .map(|value| value.to_str().unwrap());
            sent.is_some() && sent == signature(SECRET, &message.body).as_deref()
        };
        let right = message(None);
        assert!(is_right(&right));
        assert_eq!(right.headers[USER_AGENT], "Caf-Webhook/Connect");
        let body: Value = serde_json::from_slice(&right.body).unwrap();
        assert_eq!(body["time"], "2026-01-02T03:04:05.678Z");
        for name in ["wrong-secret", "changed-body", "no-signature"] {
            let forged = message(CafForgery::named(name));
            assert!(!is_right(&forged), "{name}");
            assert_eq!(serde_json::from_slice::<Value>(&forged.body).unwrap(), body);
            assert_eq!(forged.headers.contains_key(SIGNATURE), name != "no-signature");
        }
        assert_eq!(CafForgery::named("none"), None);
    }
}
