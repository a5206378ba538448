//! Webhooks: adding one, and what is sent to it (contract cm-idscan, 12).

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use url::Url;

use super::transaction::{Change, Transaction};
use crate::clock::date_time;
use crate::members::{Members, Mistake};
use crate::outbox::{Message, is_on_this_machine};
use crate::random::Random;

/// What belongs to the connection or to the body is not the customer's to set.
const OURS: [HeaderName; 8] = [
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
    TE,
    TRAILER,
    UPGRADE,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EventKind {
    TransactionStateUpdated,
    TaskStateUpdated,
}

impl EventKind {
    const ALL: [Self; 2] = [Self::TransactionStateUpdated, Self::TaskStateUpdated];

    fn as_str(self) -> &'static str {
        match self {
            Self::TransactionStateUpdated => "transaction.state.updated",
            Self::TaskStateUpdated => "task.state.updated",
        }
    }
}

pub(super) struct Webhook {
    id: String,
    url: Url,
    /// As sent: what a customer compares the echo with.
    url_text: String,
    events: Vec<EventKind>,
    headers: HeaderMap,
    header_members: Option<Map<String, Value>>,
    created: SystemTime,
}

impl Webhook {
    /// What a body asks for. `allows_http` lets plain http to this machine pass as well.
    pub(super) fn read(
        body: Value,
        allows_http: bool,
        now: SystemTime,
        random: &mut Random,
    ) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let url_text = members.text("url")?.ok_or("url is missing.")?;
        let url = url(&url_text, allows_http)?;
        let events = events(members.texts("events")?)?;
        let header_members = match members.take("headers") {
            None => None,
            Some(Value::Object(headers)) => Some(headers),
            Some(_) => return Err("headers must be an object of texts.".to_owned()),
        };
        members.refuse_others()?;
        Ok(Self {
            id: random.uuid(),
            url,
            url_text,
            events,
            headers: headers(header_members.as_ref())?,
            header_members,
            created: now,
        })
    }

    /// The answer to its creation.
    pub(super) fn json(&self) -> Value {
        let events: Vec<&str> = self.events.iter().map(|event| event.as_str()).collect();
        json!({
            "id": self.id,
            "url": self.url_text,
            "events": events,
            "headers": self.header_members,
            "createdAt": date_time(self.created),
            "updatedAt": date_time(self.created),
        })
    }

    /// The notification of a change, if this webhook wants it.
    pub(super) fn message(&self, event: &Event) -> Option<Message> {
        if !self.events.contains(&event.kind) {
            return None;
        }
        let mut headers = self.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Some(Message {
            id: event.id.clone(),
            url: self.url.clone(),
            headers,
            body: event.body.clone(),
            is_repeated_for: |status: StatusCode| status.is_client_error() || status.is_server_error(),
        })
    }
}

/// The URL and the headers may hold the customer's secret: they are not shown.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

/// Something that has happened. It is the same event for every webhook that hears of it.
pub(super) struct Event {
    kind: EventKind,
    id: String,
    body: Bytes,
}

impl Event {
    pub(super) fn new(
        change: Change,
        transaction: &Transaction,
        now: SystemTime,
        random: &mut Random,
    ) -> Self {
        let id = random.uuid();
        let kind = match change {
            Change::Task(..) => EventKind::TaskStateUpdated,
            Change::Transaction => EventKind::TransactionStateUpdated,
        };
        let mut about = Map::new();
        about.insert("id".to_owned(), json!(transaction.id));
        match change {
            Change::Transaction => {
                about.insert("state".to_owned(), json!(transaction.state.as_str()));
                // Left out where there is no result (inferred).
                if let Some(result_id) = &transaction.result_id {
                    about.insert("resultId".to_owned(), json!(result_id));
                }
            }
            // Its task's change came first: the transaction was still open.
            Change::Task(..) => {
                about.insert("state".to_owned(), json!("pending"));
            }
        }
        let mut body = json!({
            "id": id,
            "type": kind.as_str(),
            "created": date_time(now),
            "transaction": about,
        });
        // No readable page shows this body: the member is ours.
        if let (Change::Task(task, state), Some(members)) = (change, body.as_object_mut()) {
            let task = json!({ "type": task.as_str(), "state": state.as_str() });
            members.insert("task".to_owned(), task);
        }
        Self {
            kind,
            id,
            body: body.to_string().into(),
        }
    }
}

fn url(text: &str, allows_http: bool) -> Result<Url, Mistake> {
    let url = Url::parse(text).map_err(|_| "url is not a URL.")?;
    let is_allowed = (url.scheme() == "https" && text.starts_with("https://"))
        || (allows_http && is_on_this_machine(&url));
    if is_allowed {
        Ok(url)
    } else {
        Err("url must start with https://.".to_owned())
    }
}

/// Both unless they are named. Naming none, or one twice, is a mistake (ours).
fn events(names: Option<Vec<String>>) -> Result<Vec<EventKind>, Mistake> {
    let wrong = "events must be transaction.state.updated, task.state.updated or both.";
    let Some(names) = names else {
        return Ok(EventKind::ALL.to_vec());
    };
    let mut events = Vec::new();
    for name in names {
        let event = EventKind::ALL.into_iter().find(|event| event.as_str() == name);
        match event {
            Some(event) if !events.contains(&event) => events.push(event),
            _ => return Err(wrong.to_owned()),
        }
    }
    if events.is_empty() {
        Err(wrong.to_owned())
    } else {
        Ok(events)
    }
}

/// The message names no value: it may be a secret.
fn headers(members: Option<&Map<String, Value>>) -> Result<HeaderMap, Mistake> {
    let mut headers = HeaderMap::new();
    for (name, value) in members.into_iter().flatten() {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .filter(|name| !OURS.contains(name))
            .zip(value.as_str().and_then(|text| HeaderValue::from_str(text).ok()));
        let Some((name, value)) = parsed else {
            return Err("headers must be names and texts that HTTP allows to be set.".to_owned());
        };
        if headers.insert(name, value).is_some() {
            return Err("headers must not name a header twice.".to_owned());
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value, allows_http: bool) -> Result<Webhook, Mistake> {
        Webhook::read(
            body,
            allows_http,
            SystemTime::UNIX_EPOCH,
            &mut Random::from_seed(1),
        )
    }

    #[test]
    fn https_alone_is_taken() {
        for (url, allowed, with_switch) in [
            ("https://shop.example.net/hook", true, true),
            ("http://127.0.0.1:3000/hook", false, true),
            ("http://localhost:3000/hook", false, true),
            ("http://shop.example.net/hook", false, false),
            ("HTTPS://shop.example.net/hook", false, false),
            ("https:shop.example.net/hook", false, false),
            ("ftp://127.0.0.1/hook", false, false),
            ("shop.example.net", false, false),
            ("https://", false, false),
        ] {
            assert_eq!(read(json!({ "url": url }), false).is_ok(), allowed, "{url}");
            assert_eq!(read(json!({ "url": url }), true).is_ok(), with_switch, "{url}");
        }
    }

    #[test]
    fn the_answer_has_the_documented_members() {
        let body = json!({ "url": "https://shop.example.net", "headers": { "X-Secret": "s" } });
        let webhook = read(body, false).unwrap().json();
        assert_eq!(webhook["url"], "https://shop.example.net");
        assert_eq!(
            webhook["events"],
            json!(["transaction.state.updated", "task.state.updated"])
        );
        assert_eq!(webhook["headers"], json!({ "X-Secret": "s" }));
        assert_eq!(webhook["createdAt"], "1970-01-01T00:00:00+00:00");
        assert_eq!(webhook["updatedAt"], webhook["createdAt"]);
        let plain = read(json!({ "url": "https://shop.example.net" }), false).unwrap();
        assert_eq!(plain.json()["headers"], Value::Null);
    }

    #[test]
    fn mistakes_are_refused_without_repeating_values() {
        let url = "https://shop.example.net/hook";
        for body in [
            json!({}),
            json!({ "url": null }),
            json!({ "url": url, "events": [] }),
            json!({ "url": url, "events": ["transaction.created"] }),
            json!({ "url": url, "events": ["task.state.updated", "task.state.updated"] }),
            json!({ "url": url, "events": null }),
            json!({ "url": url, "headers": ["s3cret"] }),
            json!({ "url": url, "headers": { "X-Secret": 1 } }),
            json!({ "url": url, "headers": { "X Secret": "s3cret" } }),
            json!({ "url": url, "headers": { "X-Secret": "s3cret\r\n" } }),
            json!({ "url": url, "headers": { "Content-Length": "0" } }),
            json!({ "url": url, "headers": { "X-Secret": "s3cret", "x-secret": "s3cret" } }),
            json!({ "url": url, "secret": "s3cret" }),
        ] {
            let mistake = read(body.clone(), false).unwrap_err();
            assert!(!mistake.contains("s3cret"), "{mistake}");
        }
    }
}
