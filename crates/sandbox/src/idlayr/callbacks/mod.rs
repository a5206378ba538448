//! Callbacks and signed redirects (contract idlayr, 8).

pub(super) mod control;
mod forgery;
mod redirect;
mod signature;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;
use url::Url;

pub use forgery::IdlayrForgery;
pub use signature::IdlayrDigest;

use super::checks::{Check, View};
use super::keys::{IdlayrSigningKey, SigningKeys};
use crate::assembly::Assembly;
use crate::clock::http_date;
use crate::outbox::{Message, Outbox};
use crate::random::Random;

/// "After 10 s, then adds 10 s each time, and stops when the delay has reached one minute" (contract idlayr,
/// 8.2).
const WAITS: [Duration; 6] = [
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(30),
    Duration::from_secs(40),
    Duration::from_secs(50),
    Duration::from_secs(60),
];
/// More than any clock may be wrong.
const STALE: Duration = Duration::from_secs(3600);

const CALLBACK_TYPE: &str = "x-tru-callback";
const DIGEST: &str = "digest";

/// What the builder decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) signing_key: IdlayrSigningKey,
    pub(crate) digest: IdlayrDigest,
    pub(crate) signs_redirects: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signing_key: IdlayrSigningKey::default(),
            digest: IdlayrDigest::default(),
            signs_redirects: true,
        }
    }
}

/// Signs what goes to the customer, and sends what is not the device's to carry.
#[derive(Debug)]
pub(super) struct Callbacks {
    settings: Settings,
    keys: SigningKeys,
    outbox: Outbox,
}

impl Callbacks {
    pub(super) fn new(settings: Settings, assembly: &mut Assembly) -> Self {
        Self {
            settings,
            keys: SigningKeys::new(settings.signing_key, assembly.random()),
            outbox: assembly.outbox_repeating_after(&WAITS),
        }
    }

    pub(super) fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    pub(super) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Tells the customer of a check's end, once.
    pub(super) fn report(&self, check: &mut Check, base_url: &Url, now: SystemTime, random: &mut Random) {
        if check.status.is_final() && !check.is_reported {
            check.is_reported = true;
            self.send(check, base_url, now, random, None);
        }
    }

    /// Tells it again, or spoils it. `false` if there is no end to tell of, or nobody to tell it.
    pub(super) fn send(
        &self,
        check: &Check,
        base_url: &Url,
        now: SystemTime,
        random: &mut Random,
        forgery: Option<IdlayrForgery>,
    ) -> bool {
        let Some(url) = check.callback_url.clone().filter(|_| check.status.is_final()) else {
            return false;
        };
        let body = check.body(base_url, View::Reported);
        match self.message(random.uuid(), url, check.callback_type(), body, now, forgery) {
            Some(message) => {
                self.outbox.post(message);
                true
            }
            None => false,
        }
    }

    fn message(
        &self,
        id: String,
        url: Url,
        callback_type: &'static str,
        body: Value,
        now: SystemTime,
        forgery: Option<IdlayrForgery>,
    ) -> Option<Message> {
        let date = http_date(match forgery {
            Some(IdlayrForgery::StaleDate) => now.checked_sub(STALE).unwrap_or(SystemTime::UNIX_EPOCH),
            _ => now,
        });
        let text = body.to_string();
        let digest = self.settings.digest.header(match forgery {
            Some(IdlayrForgery::WrongDigest) => b"another body",
            _ => text.as_bytes(),
        });
        let target = signature::target("post", &url);
        let host = signature::host(&url);
        let lines = [
            ("(request-target)", target.as_str()),
            ("host", host),
            ("date", &date),
            (CALLBACK_TYPE, callback_type),
            (DIGEST, &digest),
        ];
        let authorization = match forgery {
            Some(IdlayrForgery::Unsigned) => None,
            Some(IdlayrForgery::UnknownKey) => {
                Some(signature::authorization(&self.keys.unpublished(), &lines)?)
            }
            Some(IdlayrForgery::WrongKey) => Some(signature::authorization(&self.keys.impostor(), &lines)?),
            _ => Some(signature::authorization(&*self.keys.current()?, &lines)?),
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(HOST, host.parse().ok()?);
        headers.insert(DATE, date.parse().ok()?);
        headers.insert(CALLBACK_TYPE, HeaderValue::from_static(callback_type));
        headers.insert(DIGEST, digest.parse().ok()?);
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization.parse().ok()?);
        }
        let text = match forgery {
            Some(IdlayrForgery::TamperedBody) => turned(body).to_string(),
            _ => text,
        };
        Some(Message {
            id,
            url,
            headers,
            body: Bytes::from(text),
            is_repeated_for: |status| status != StatusCode::OK,
        })
    }
}

/// The opposite of what the check came to; of one that came to nothing, a match.
fn turned(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        let matched = members.get("match") == Some(&Value::Bool(true));
        members.insert("match".to_owned(), Value::Bool(!matched));
        members.insert("status".to_owned(), Value::from("COMPLETED"));
    }
    body
}
