//! A server that remembers what it was asked, byte for byte, and answers as told; and a client without a
//! network.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex, MutexGuard};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use idlayr::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use idlayr::{CheckId, Client, Config, PhoneNumber};

pub(crate) const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
pub(crate) const TRACE_ID: &str = "5f3a9c1b7d2e4f60";
pub(crate) const TOKEN: &str = "AbCdEf.123456";
pub(crate) const TOKEN_ANSWER: &str =
    r#"{"access_token":"AbCdEf.123456","token_type":"bearer","expires_in":3600,"scope":"phone_check"}"#;
pub(crate) const ACCEPT: &str = "application/hal+json, application/json, application/problem+json";
pub(crate) const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const BASE: &str = "https://eu.api.idlayr.com";

pub(crate) fn id() -> CheckId {
    CheckId::new(ID).unwrap()
}

pub(crate) fn number() -> PhoneNumber {
    PhoneNumber::parse("+44 7700 900042").unwrap()
}

/// The answer to a create, as documented.
pub(crate) fn created(base: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"ACCEPTED","charge_amount":1,"charge_currency":"API","created_at":"2024-05-02T09:10:11+00:00","ttl":120,"snapshot_balance":41,"_links":{{"self":{{"href":"{base}/phone_check/v0.2/checks/{ID}"}},"check_url":{{"href":"{base}/phone_check/v0.2/checks/{ID}/redirect"}}}}}}"#
    )
}

/// A check that has come to its end.
pub(crate) fn completed(matched: bool) -> String {
    format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":{matched}}}"#)
}

pub(crate) fn in_status(status: &str) -> String {
    format!(r#"{{"check_id":"{ID}","status":"{status}"}}"#)
}

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Asserts the whole request: line, every header and the body, and that there is nothing else.
    #[track_caller]
    pub(crate) fn assert(&self, wire: &Wire, line: &str, headers: &[(&str, &str)], body: &str) {
        let host = wire.server.address().to_string();
        let length = body.len().to_string();
        let mut expected = vec![
            ("accept", ACCEPT),
            ("accept-encoding", "identity"),
            ("host", &host),
            ("user-agent", AGENT),
        ];
        if !body.is_empty() {
            expected.push(("content-length", &length));
        }
        expected.extend_from_slice(headers);
        expected.sort_unstable();
        let expected = Self {
            line: line.to_owned(),
            headers: expected
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        };
        assert_eq!(*self, expected);
    }
}

#[derive(Default)]
struct Exchanges {
    answers: VecDeque<HttpMockResponse>,
    tokens: VecDeque<HttpMockResponse>,
    asked: Vec<Asked>,
}

/// A real HTTP server on loopback. It hands out a token whenever it is asked for one, unless it was told
/// otherwise.
pub(crate) struct Wire {
    pub(crate) server: MockServer,
    exchanges: Arc<Mutex<Exchanges>>,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let exchanges = Arc::new(Mutex::new(Exchanges::default()));
        let shared = Arc::clone(&exchanges);
        server
            .mock_async(move |when, then| {
                when.any_request();
                then.respond_with(move |request| answer(&mut shared.lock().unwrap(), request));
            })
            .await;
        Self { server, exchanges }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.server.address())
    }

    pub(crate) fn answer(&self, status: u16, content_type: &str, body: impl Into<Vec<u8>>) {
        self.answer_with(status, &[("content-type", content_type)], body);
    }

    pub(crate) fn answer_with(&self, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) {
        let response = response(status, headers, body);
        self.exchanges().answers.push_back(response);
    }

    /// What the next token request is answered with.
    pub(crate) fn answer_token(&self, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) {
        let response = response(status, headers, body);
        self.exchanges().tokens.push_back(response);
    }

    pub(crate) fn builder(&self) -> Config {
        Client::builder("client-1", "secret-1")
            .base_url(self.base())
            .dangerously_allow_plain_http(true)
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Everything that arrived, token requests and all.
    pub(crate) fn all(&self) -> Vec<Asked> {
        self.exchanges().asked.clone()
    }

    /// What arrived besides token requests.
    pub(crate) fn calls(&self) -> Vec<Asked> {
        let mut calls = self.all();
        calls.retain(|asked| !asked.line.ends_with("/oauth2/v1/token"));
        calls
    }

    /// The one call that arrived.
    #[track_caller]
    pub(crate) fn call(&self) -> Asked {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    fn exchanges(&self) -> MutexGuard<'_, Exchanges> {
        self.exchanges.lock().unwrap()
    }
}

fn answer(exchanges: &mut Exchanges, request: &HttpMockRequest) -> HttpMockResponse {
    let mut headers = request.headers_vec().clone();
    headers.sort_unstable();
    // The server puts its own origin before what the request line says.
    let uri = request.uri_str();
    let target = uri
        .strip_prefix("http://")
        .and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)))
        .unwrap_or(uri);
    exchanges.asked.push(Asked {
        line: format!("{} {target}", request.method_str()),
        headers,
        body: request.body_string(),
    });
    let json = [("content-type", "application/json")];
    if target == "/oauth2/v1/token" {
        let scripted = exchanges.tokens.pop_front();
        return scripted.unwrap_or_else(|| response(200, &json, TOKEN_ANSWER));
    }
    let scripted = exchanges.answers.pop_front();
    scripted.unwrap_or_else(|| response(599, &json, "{}"))
}

fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> HttpMockResponse {
    HttpMockResponse::builder()
        .status(status)
        .headers(headers.iter().copied())
        .body(body.into())
        .build()
}

/// A client whose transport plays a script and whose clock stands still until somebody waits for it.
pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    pub(crate) clock: ManualClock,
}

impl Scripted {
    /// The first request gets a token, the others these answers.
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::from_token([Step::json(200, TOKEN_ANSWER)].into_iter().chain(steps))
    }

    /// Plays these answers from the first request on, which is for a token.
    pub(crate) fn from_token(steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let client = Client::builder("client-1", "secret-1")
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1)
            .build()
            .unwrap();
        Self {
            client,
            transport,
            clock,
        }
    }

    /// Runs a call to its end, in no time.
    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// What was sent besides token requests.
    pub(crate) fn calls(&self) -> Vec<Seen> {
        let mut seen = self.transport.seen();
        seen.retain(|seen| seen.uri.path() != "/oauth2/v1/token");
        seen
    }
}
