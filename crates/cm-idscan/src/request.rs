//! Requests to routes that have no typed call.

use http::header::ACCEPT;
use http::{HeaderValue, Method};
use serde::Serialize;
use verikit_core::{Call, CallOptions, Download, Error, Operation, Personal, RawReply, Repeat, Result};

use crate::client::Client;
use crate::config::PROVIDER;

/// Name and route of a request.
struct Route {
    name: &'static str,
    template: &'static str,
}

/// Route templates by the number of segments. Errors and logs show them in place of the path, which may hold
/// anything.
const TEMPLATES: [&str; 8] = [
    "/{segment}",
    "/{segment}/{segment}",
    "/{segment}/{segment}/{segment}",
    "/{segment}/{segment}/{segment}/{segment}",
    "/{segment}/{segment}/{segment}/{segment}/{segment}",
    "/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}",
    "/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}",
    "/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}",
];

/// A request to a route below the base URL that has no typed call here. Await it for the answer as it came,
/// or [`stream`](Request::stream) a file.
///
/// It has the deadline, the authorisation, the limits and the redaction of every other call. It is sent
/// **once**, whatever its method: say [`repeat(Repeat::Safe)`](Request::repeat) for one that only reads.
///
/// ```
/// # async fn example(client: &cm_idscan::Client) -> cm_idscan::Result<()> {
/// use cm_idscan::Repeat;
///
/// // The paths here are made up: take them from the vendor's reference.
/// let segments = ["transactions", "0a0a0a0a-1111-4222-8333-444444444444", "some-report"];
/// let report = client.request(http::Method::GET, segments).repeat(Repeat::Safe).stream().await?;
/// let bytes = report.bytes().await?;
/// # drop(bytes);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct Request {
    client: Client,
    method: Method,
    segments: Personal<Vec<String>>,
    query: Personal<Vec<(String, String)>>,
    body: Option<Result<Personal<serde_json::Value>>>,
    repeat: Repeat,
    options: CallOptions,
}

impl Request {
    pub(crate) fn new<S: AsRef<str>>(
        client: Client,
        method: Method,
        segments: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            client,
            method,
            segments: Personal::new(
                segments
                    .into_iter()
                    .map(|segment| segment.as_ref().to_owned())
                    .collect(),
            ),
            query: Personal::default(),
            body: None,
            repeat: Repeat::Once,
            options: CallOptions::default(),
        }
    }

    /// Adds a query parameter, encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let mut query = self.query.into_inner();
        query.push((name.into(), value.into()));
        self.query = Personal::new(query);
        self
    }

    /// Sends a JSON body. What does not serialise is refused when the call is made.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        let body = serde_json::to_value(body).map(Personal::new);
        // The serializer's message could quote the value.
        self.body = Some(body.map_err(|_| Error::invalid_input("the body does not serialise to JSON")));
        self
    }

    /// Whether it may be sent again when it is unknown what became of it. Default [`Repeat::Once`].
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Reads the answer as it arrives, for a report or an image. A file has at most the client's
    /// `file_limit`.
    pub fn stream(self) -> Call<Download> {
        let operation = self.named("request.stream");
        self.client.core().download(operation).with_options(self.options)
    }

    fn operation(&self) -> Result<Operation> {
        self.named("request.send")
    }

    fn named(&self, name: &'static str) -> Result<Operation> {
        let segments: Vec<&str> = self.segments.expose().iter().map(String::as_str).collect();
        let template = segments.len().checked_sub(1).and_then(|last| TEMPLATES.get(last));
        let Some(template) = template else {
            let refused = Error::invalid_input("a path has from one to eight segments");
            return Err(refused.with_provider(PROVIDER));
        };
        let route = Route { name, template };
        let operation = Operation::new(
            self.method.clone(),
            self.repeat,
            route.name,
            self.client.realm(),
            route.template,
            &segments,
        )?;
        let mut operation = operation.header(ACCEPT, HeaderValue::from_static("*/*"));
        for (name, value) in self.query.expose() {
            operation = operation.query(name, value);
        }
        match &self.body {
            None => Ok(operation),
            Some(Ok(body)) => operation.json(body),
            Some(Err(error)) => Err(error.clone().with_provider(PROVIDER)),
        }
    }

    fn into_call(self) -> Call<RawReply> {
        let operation = self.operation();
        self.client
            .core()
            .call(operation, |reply| Ok(reply.clone()))
            .with_options(self.options)
    }
}

verikit_core::forward_call!(Request => RawReply);
