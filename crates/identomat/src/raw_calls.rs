//! The escape hatch: paths that have no typed call.

use std::collections::BTreeMap;

use http::header::ACCEPT;
use http::{HeaderValue, Method};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::{
    AnswerLimit, Call, CallOptions, Download, Error, Operation, Personal, Repeat, Result, is_json_object,
};

use crate::client::Client;
use crate::config::PROVIDER;
use crate::media::{MediaFile, read_file, stream};
use crate::sessions::SessionToken;

/// Errors and logs show the template in place of the path, which may hold anything.
const ROUTES: [&str; 5] = [
    "/{segment}/",
    "/{segment}/{segment}/",
    "/{segment}/{segment}/{segment}/",
    "/{segment}/{segment}/{segment}/{segment}/",
    "/{segment}/{segment}/{segment}/{segment}/{segment}/",
];

/// What both calls are made of.
#[derive(Debug)]
struct RawCall {
    client: Client,
    path: Personal<String>,
    parameters: Result<Personal<Box<RawValue>>>,
    session: Option<SessionToken>,
    as_form: bool,
    repeat: Repeat,
}

impl RawCall {
    fn new(client: Client, path: &str, parameters: &(impl Serialize + ?Sized)) -> Self {
        // The serializer's message could quote the value.
        let refuse = |_| refuse("the parameters do not serialise to JSON");
        Self {
            client,
            path: Personal::new(path.to_owned()),
            parameters: serde_json::value::to_raw_value(parameters)
                .map(Personal::new)
                .map_err(refuse),
            session: None,
            as_form: false,
            repeat: Repeat::Once,
        }
    }

    fn operation(&self, name: RawName) -> Result<Operation> {
        let path = self.path.expose();
        let path = path.strip_prefix('/').unwrap_or(path);
        let segments: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        let template = segments
            .len()
            .checked_sub(1)
            .and_then(|index| ROUTES.get(index))
            .ok_or_else(|| refuse("a path has one to five segments"))?;
        let realm = self.client.realm();
        let operation = match name {
            RawName::Json => {
                Operation::new(Method::POST, self.repeat, "raw.json", realm, template, &segments)
            }
            RawName::Bytes => {
                Operation::new(Method::POST, self.repeat, "raw.bytes", realm, template, &segments)
            }
        }?;
        let mut operation = self
            .with_parameters(operation)?
            .body_credential("company_key", self.client.company_key().clone())?;
        if let Some(session) = &self.session {
            operation = operation.body_credential("session_token", session.secret().clone())?;
        }
        Ok(operation)
    }

    fn with_parameters(&self, operation: Operation) -> Result<Operation> {
        let parameters = self.parameters.as_ref().map_err(Error::clone)?.expose();
        let json = parameters.get();
        if json == "null" {
            return Ok(if self.as_form {
                operation.form(&[])
            } else {
                operation
            });
        }
        if !is_json_object(json.as_bytes()) {
            return Err(refuse("the parameters are no object"));
        }
        // Which of two would count is the server's secret.
        let names: BTreeMap<String, IgnoredAny> =
            serde_json::from_str(json).map_err(|_| refuse("the parameters do not serialise to JSON"))?;
        if names.contains_key("company_key") {
            return Err(refuse("the client adds the company key itself"));
        }
        if self.session.is_some() && names.contains_key("session_token") {
            return Err(refuse("the session token is given twice"));
        }
        if !self.as_form {
            return operation.json(parameters);
        }
        let members: Map<String, Value> =
            serde_json::from_str(json).map_err(|_| refuse("the parameters do not serialise to JSON"))?;
        let fields: Vec<(String, String)> = members
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                value => (name, value.to_string()),
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        Ok(operation.form(&fields))
    }
}

#[derive(Debug, Clone, Copy)]
enum RawName {
    Json,
    Bytes,
}

fn refuse(detail: &'static str) -> Error {
    Error::invalid_input(detail).with_provider(PROVIDER)
}

/// Gives a builder the setters of its [`RawCall`].
macro_rules! raw_setters {
    ($builder:ident) => {
        impl $builder {
            pub(crate) fn new(client: Client, path: &str, parameters: &(impl Serialize + ?Sized)) -> Self {
                Self {
                    raw: RawCall::new(client, path, parameters),
                    options: CallOptions::default(),
                }
            }

            /// The session that it is about: adds its token to the parameters.
            pub fn session(mut self, token: &SessionToken) -> Self {
                self.raw.session = Some(token.clone());
                self
            }

            /// Sends the parameters as a URL-encoded form in place of JSON. What is no text becomes its JSON
            /// (contract identomat, 1).
            pub fn as_form(mut self) -> Self {
                self.raw.as_form = true;
                self
            }

            /// Whether it may be sent again when it is unknown what became of it. Default [`Repeat::Once`].
            pub fn repeat(mut self, repeat: Repeat) -> Self {
                self.raw.repeat = repeat;
                self
            }
        }
    };
}

/// A call that answers with JSON. Await it for the value, which may be anything and is personal.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CallJson {
    raw: RawCall,
    options: CallOptions,
}

raw_setters!(CallJson);

impl CallJson {
    fn operation(&self) -> Result<Operation> {
        self.raw.operation(RawName::Json)
    }

    fn into_call(self) -> Call<Personal<Value>> {
        let read = |reply: &verikit_core::RawReply| {
            serde_json::from_slice(reply.body())
                .map(Personal::new)
                .map_err(|_| Error::decode("it is not JSON"))
        };
        self.raw
            .client
            .call(self.operation(), read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CallJson => Personal<Value>);

/// A call that answers with a file. Await it for the file in memory, or [`stream`](CallBytes::stream) it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CallBytes {
    raw: RawCall,
    options: CallOptions,
}

raw_setters!(CallBytes);

impl CallBytes {
    /// Reads the file as it arrives; with HMAC it is read whole first.
    pub fn stream(self) -> Call<Download> {
        stream(&self.raw.client, self.operation()).with_options(self.options)
    }

    fn operation(&self) -> Result<Operation> {
        let operation = self.raw.operation(RawName::Bytes)?;
        Ok(operation
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .answer_limit(AnswerLimit::File))
    }

    fn into_call(self) -> Call<MediaFile> {
        self.raw
            .client
            .call(self.operation(), read_file)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CallBytes => MediaFile);
