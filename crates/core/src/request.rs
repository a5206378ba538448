//! The escape hatch: requests to routes that have no typed call.

use http::header::ACCEPT;
use http::{HeaderValue, Method};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::call::{Call, CallOptions};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::operation::{Operation, Repeat};
use crate::realm::Realm;
use crate::reply::{Download, RawReply};
use crate::secret::Personal;

const SEGMENT: &str = "/{segment}";
/// The template of a request is as much of this as it has segments. Errors and logs show it in place of the
/// path, which may hold anything.
const SEGMENTS: &str =
    "/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}/{segment}";

/// A request below a provider's base URL to a route that has no typed call. Await it for the answer as it
/// came, or [`stream`](Request::stream) a file.
///
/// It has the deadline, the authorisation, the limits and the redaction of every other call. It is sent
/// **once**, whatever its method: say [`repeat(Repeat::Safe)`](Request::repeat) for one that only reads.
///
/// ```
/// use http::Method;
/// use verikit_core::{Client, Realm, Repeat, Request};
///
/// # async fn example(client: &Client, realm: &Realm) -> verikit_core::Result<()> {
/// let report = Request::new(client, realm, Method::GET, ["transactions", "0a0a0a0a", "report"])
///     .query("format", "pdf")
///     .repeat(Repeat::Safe);
/// let reply = report.await?;
/// println!("{} bytes", reply.body().len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct Request {
    client: Client,
    realm: Realm,
    method: Method,
    segments: Personal<Vec<String>>,
    query: Personal<Vec<(String, String)>>,
    body: Option<Result<Personal<Box<RawValue>>>>,
    accept: Option<HeaderValue>,
    repeat: Repeat,
    options: CallOptions,
}

impl Request {
    /// A request of `realm`. Each segment of the path is percent-encoded; there are one to ten.
    pub fn new<S: AsRef<str>>(
        client: &Client,
        realm: &Realm,
        method: Method,
        segments: impl IntoIterator<Item = S>,
    ) -> Self {
        let segments = segments.into_iter().map(|segment| segment.as_ref().to_owned());
        Self {
            client: client.clone(),
            realm: realm.clone(),
            method,
            segments: Personal::new(segments.collect()),
            query: Personal::default(),
            body: None,
            accept: None,
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

    /// Sends a JSON body, its members in the order in which `body` writes them. What does not serialise is
    /// refused when the call is made.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        // The serializer's message could quote the value.
        let refuse = |_| Error::invalid_input("the body does not serialise to JSON");
        let body = serde_json::value::to_raw_value(body);
        self.body = Some(body.map(Personal::new).map_err(refuse));
        self
    }

    /// The media types to ask for, in place of those that the provider's other calls ask for.
    pub fn accept(mut self, accept: HeaderValue) -> Self {
        self.accept = Some(accept);
        self
    }

    /// Whether it may be sent again when it is unknown what became of it. Default [`Repeat::Once`].
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Reads the answer as it arrives, for a report or an image. Its limit is that of files.
    pub fn stream(self) -> Call<Download> {
        let operation = self.named("request.stream");
        self.client.download(operation).with_options(self.options)
    }

    fn operation(&self) -> Result<Operation> {
        self.named("request.send")
    }

    fn named(&self, name: &'static str) -> Result<Operation> {
        let refuse = |error: Error| error.with_provider(self.realm.provider());
        let segments: Vec<&str> = self.segments.expose().iter().map(String::as_str).collect();
        let route = match SEGMENTS.get(..SEGMENT.len() * segments.len()) {
            Some(route) if !route.is_empty() => route,
            _ => return Err(refuse(Error::invalid_input("a path has one to ten segments"))),
        };
        let mut operation = Operation::new(
            self.method.clone(),
            self.repeat,
            name,
            &self.realm,
            route,
            &segments,
        )?;
        for (name, value) in self.query.expose() {
            operation = operation.query(name, value);
        }
        if let Some(accept) = &self.accept {
            operation = operation.header(ACCEPT, accept.clone());
        }
        match &self.body {
            None => Ok(operation),
            Some(Ok(body)) => operation.json(body),
            Some(Err(error)) => Err(refuse(error.clone())),
        }
    }

    fn into_call(self) -> Call<RawReply> {
        let operation = self.operation();
        self.client
            .call(operation, |reply| Ok(reply.clone()))
            .with_options(self.options)
    }
}

crate::forward_call!(Request => RawReply);

#[cfg(test)]
mod tests {
    use std::future::IntoFuture as _;

    use super::*;
    use crate::error::{Delivery, ErrorKind};
    use crate::settings::Settings;
    use crate::testing::{ManualClock, ScriptedTransport, Step, drive};
    use crate::transport::TransportErrorKind;

    struct Bench {
        clock: ManualClock,
        transport: ScriptedTransport,
        client: Client,
        realm: Realm,
    }

    fn bench(steps: impl IntoIterator<Item = Step>) -> Bench {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let settings = Settings::default()
            .transport(transport.shared())
            .clock(clock.shared());
        Bench {
            client: Client::new(settings).unwrap(),
            realm: Realm::builder("example", "https://api.example.com/v1")
                .build()
                .unwrap(),
            clock,
            transport,
        }
    }

    impl Bench {
        fn request<const N: usize>(&self, method: Method, segments: [&str; N]) -> Request {
            Request::new(&self.client, &self.realm, method, segments)
        }

        fn run(&self, request: Request) -> Result<RawReply> {
            drive(&self.clock, request.into_future())
        }
    }

    #[test]
    fn it_is_sent_as_it_was_built_and_answered_as_it_came() {
        #[derive(Serialize)]
        struct Body {
            zebra: u8,
            ant: u8,
        }
        let bench = bench([Step::json(201, r#"{"a":1}"#)]);
        let request = bench
            .request(Method::POST, ["things", "a/b ..", "x"])
            .query("q", "1 & 2")
            .json(&Body { zebra: 1, ant: 2 })
            .accept(HeaderValue::from_static("application/pdf"));
        let reply = bench.run(request).unwrap();
        assert_eq!(
            (reply.status().as_u16(), &reply.body()[..]),
            (201, &br#"{"a":1}"#[..])
        );
        let seen = &bench.transport.seen()[0];
        assert_eq!(
            seen.uri,
            "https://api.example.com/v1/things/a%2Fb%20../x?q=1+%26+2"
        );
        assert_eq!(&seen.body[..], br#"{"zebra":1,"ant":2}"#);
        assert_eq!(seen.header("accept"), Some("application/pdf"));
    }

    #[test]
    fn it_is_sent_once_unless_it_is_said_to_be_safe() {
        let failures = || [Step::Fail(TransportErrorKind::Interrupted), Step::json(200, "{}")];
        let once = bench(failures());
        let error = once.run(once.request(Method::GET, ["things"])).unwrap_err();
        assert_eq!(
            (error.delivery(), once.transport.unplayed()),
            (Delivery::Unknown, 1)
        );
        assert_eq!((error.operation(), error.provider()), ("request.send", "example"));

        let safe = bench(failures());
        let request = safe.request(Method::GET, ["things"]).repeat(Repeat::Safe);
        assert_eq!(safe.run(request).unwrap().attempts(), 2);
    }

    #[test]
    fn a_file_is_streamed_with_the_limit_of_files() {
        let bench = bench([Step::answer(200, vec![7; 2 * 1024 * 1024])]);
        let call = bench.request(Method::GET, ["report"]).stream();
        let file = drive(&bench.clock, async { call.await?.bytes().await }).unwrap();
        assert_eq!(file.len(), 2 * 1024 * 1024);
    }

    #[test]
    fn what_cannot_be_sent_is_refused_and_never_shown() {
        let bench = bench([]);
        let no_segments: [&str; 0] = [];
        let unserialisable = std::collections::BTreeMap::from([((1, 2), "x")]);
        for request in [
            bench.request(Method::GET, no_segments),
            bench.request(Method::GET, ["s"; 11]),
            bench.request(Method::GET, [".."]),
            bench.request(Method::GET, ["a", ""]),
            bench.request(Method::GET, ["a\r\nb"]),
            bench.request(Method::GET, ["a"]).query("q", "a\nb"),
            bench.request(Method::POST, ["a"]).json(&unserialisable),
        ] {
            let error = bench.run(request).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert_eq!(error.provider(), "example");
        }
        assert_eq!(bench.transport.seen().len(), 0);

        let request = bench
            .request(Method::POST, ["447700900042"])
            .query("number", "447700900043")
            .json(&serde_json::json!({"number": "447700900044"}));
        let shown = format!(
            "{request:?} {} {:?}",
            request.prepare().unwrap(),
            request.prepare()
        );
        assert!(!shown.contains("4477009000"), "{shown}");
        let error = bench.run(request).unwrap_err();
        let shown = format!("{error} {error:#} {error:?}");
        assert!(
            !shown.contains("4477009000") && shown.contains("/{segment}"),
            "{shown}"
        );
    }
}
