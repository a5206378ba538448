//! Adding a webhook (contract cm-idscan, 12.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use verikit_core::value::{check_callback_url, lenient};
use verikit_core::{
    Answer, Call, CallOptions, Error, Operation, Personal, Result, Secret, Timestamp, read_json,
};

use super::header::{check_value, read_name};
use super::notification::EventType;
use crate::client::Client;
use crate::config::PROVIDER;

verikit_core::identifier! {
    /// Identifies a webhook.
    pub struct WebhookId;
}

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
struct Body<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<&'a [EventType]>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    headers: Option<&'a BTreeMap<HeaderText, Secret>>,
}

/// A header's name, in lower case, in which names are equal.
type HeaderText = Box<str>;

/// The secrets go into the body here, and nowhere else.
fn exposed<S: Serializer>(
    headers: &Option<&BTreeMap<HeaderText, Secret>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        headers
            .iter()
            .flat_map(|headers| headers.iter())
            .map(|(name, secret)| (name, secret.expose())),
    )
}

/// A webhook that is about to be added. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateWebhook {
    client: Client,
    url: Personal<String>,
    events: Option<Vec<EventType>>,
    headers: Vec<(String, Secret)>,
    options: CallOptions,
}

impl CreateWebhook {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self {
            client,
            url: Personal::new(url),
            events: None,
            headers: Vec::new(),
            options: CallOptions::default(),
        }
    }

    /// What to be told of, each once. The provider's default is both kinds.
    pub fn events(mut self, events: impl IntoIterator<Item = EventType>) -> Self {
        let mut once = Vec::new();
        for event in events {
            if !once.contains(&event) {
                once.push(event);
            }
        }
        self.events = Some(once);
        self
    }

    /// A header that comes with every notification. Its value is treated as a secret: printable ASCII,
    /// without spaces around it. Its name is sent in lower case, and is none that belongs to the connection
    /// or to the body, such as `content-type`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn operation(&self) -> Result<Operation> {
        let operation = Operation::post("webhook.create", self.client.realm(), "/webhooks", &[])?;
        let headers = self.check().map_err(|error| error.with_provider(PROVIDER))?;
        operation.json(&Body {
            url: self.url.expose(),
            events: self.events.as_deref(),
            headers: Some(&headers).filter(|headers| !headers.is_empty()),
        })
    }

    fn check(&self) -> Result<BTreeMap<HeaderText, Secret>> {
        let refuse = |detail: &'static str| Err(Error::invalid_input(detail));
        // Around a sandbox on plain http, the receiver is on plain http too.
        check_callback_url(self.url.expose(), self.client.is_plain_http())?;
        let hollow = |events: &Vec<EventType>| {
            events.is_empty() || events.iter().any(|event| event.as_str().is_empty())
        };
        if self.events.as_ref().is_some_and(hollow) {
            return refuse("a list of events is empty or has an empty word; without one, all are sent");
        }
        let mut headers = BTreeMap::new();
        for (name, value) in &self.headers {
            let name = read_name(name).map_err(Error::invalid_input)?;
            check_value(value).map_err(Error::invalid_input)?;
            if headers.insert(name.as_str().into(), value.clone()).is_some() {
                return refuse("a webhook's header is given twice");
            }
        }
        Ok(headers)
    }

    fn into_call(self) -> Call<Answer<Webhook>> {
        let operation = self.operation();
        self.client
            .core()
            .call(operation, read_json)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateWebhook => Answer<Webhook>);

/// A webhook.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The webhook.
    pub id: WebhookId,
    /// Where notifications go.
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<Personal<String>>,
    /// What it is told of.
    #[serde(default, deserialize_with = "lenient")]
    pub events: Option<Vec<EventType>>,
    /// The headers that come along.
    #[serde(default, deserialize_with = "lenient")]
    pub headers: Option<BTreeMap<String, Secret>>,
    /// When it was added.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
}
