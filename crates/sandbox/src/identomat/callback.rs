//! Callbacks to the company's server (contract identomat, 9).

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use url::Url;

use super::session::Session;
use super::state::State;
use crate::outbox::Message;

/// What Identomat asks or tells the company.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatEvent {
    /// `one-time-password-request`: the company sends a code to a phone.
    OneTimePassword {
        /// The phone's number.
        phone_number: String,
    },
    /// `share-session-link-via-sms`: the company sends the widget's address to a phone.
    ShareLinkBySms {
        /// The phone's number.
        phone_number: String,
    },
    /// An event whose body no document shows, such as those for e-mail and for changes of status.
    Other {
        /// The member `type`.
        kind: String,
        /// The members besides `callbackApiKey`, `type` and `sessionId`.
        members: Map<String, Value>,
    },
}

impl IdentomatEvent {
    /// The event of this `type`, of those whose body is documented.
    pub(super) fn named(kind: &str, phone_number: String) -> Option<Self> {
        match kind {
            "one-time-password-request" => Some(Self::OneTimePassword { phone_number }),
            "share-session-link-via-sms" => Some(Self::ShareLinkBySms { phone_number }),
            _ => None,
        }
    }

    fn kind(&self) -> &str {
        match self {
            Self::OneTimePassword { .. } => "one-time-password-request",
            Self::ShareLinkBySms { .. } => "share-session-link-via-sms",
            Self::Other { kind, .. } => kind,
        }
    }
}

/// Phone numbers and members are left out.
impl fmt::Debug for IdentomatEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdentomatEvent").field(&self.kind()).finish()
    }
}

/// Sends an event of a session. `false` if there is none.
pub(super) fn send(state: &State, token: &str, event: IdentomatEvent) -> bool {
    let (session, is_forged) = {
        let mut data = state.data();
        let Some(session) = data.session(token).cloned() else {
            return false;
        };
        (session, std::mem::take(&mut data.forges_next_callback))
    };
    let Some(company) = state.company(&session.company_key) else {
        return false;
    };
    let key = if is_forged {
        format!("not-{}", company.callback_api_key)
    } else {
        company.callback_api_key.clone()
    };
    let body = body(state, &session, event, &key);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let id = state.random().uuid();
    state.callbacks.post(Message {
        id,
        url: company
            .callback_url
            .clone()
            .unwrap_or_else(|| nowhere(&state.url)),
        headers,
        body: Bytes::from(body.to_string()),
        is_repeated_for: |status: StatusCode| status.is_server_error(),
    });
    true
}

/// Where nothing is sent, as it is no plain http address of this machine.
fn nowhere(fallback: &Url) -> Url {
    Url::parse("https://callback-url-not-set.invalid/").unwrap_or_else(|_| fallback.clone())
}

fn body(state: &State, session: &Session, event: IdentomatEvent, key: &str) -> Value {
    let kind = event.kind().to_owned();
    let mut members = match event {
        IdentomatEvent::OneTimePassword { phone_number } => {
            let text = format!("Code {}", state.random().decimal(4));
            texts([("text", text), ("phoneNumber", phone_number)])
        }
        IdentomatEvent::ShareLinkBySms { phone_number } => {
            let link = state.widget_address(&session.token).to_string();
            let text = format!("Continue here: {link}");
            texts([
                ("text", text),
                ("phoneNumber", phone_number),
                ("sessionLink", link),
            ])
        }
        IdentomatEvent::Other { members, .. } => members,
    };
    for (name, text) in [
        ("callbackApiKey", key),
        ("type", &kind),
        ("sessionId", &session.token),
    ] {
        members.insert(name.to_owned(), json!(text));
    }
    Value::Object(members)
}

fn texts<const N: usize>(members: [(&str, String); N]) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .map(|(name, text)| (name.to_owned(), Value::String(text)))
        .collect()
}
