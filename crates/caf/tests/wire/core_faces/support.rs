//! A client of the Core and the Global API without a network, whose clock stands still until somebody waits
//! for it.

use std::future::IntoFuture;

use caf::testing::{ManualClock, ScriptedTransport, Step, drive};
use caf::{Client, Config, Delivery, Error, ErrorKind};

pub(crate) const CORE_TOKEN: &str = "core-token-0001";
pub(crate) const GLOBAL_TOKEN: &str = "global-token-0001";
pub(crate) const CORE: &str = "https://api.combateafraude.com";
pub(crate) const GLOBAL: &str = "https://api.public.caf.io/v1";
pub(crate) const CPF_SYNC: &str = "https://api.sa.prd.combateafraude.com";
pub(crate) const CPF: &str = "12345678909";
pub(crate) const NAME: &str = "Ana Needle Teste";
const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    clock: ManualClock,
}

impl Scripted {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |config| {
            config.core_token(CORE_TOKEN).global_token(GLOBAL_TOKEN)
        })
    }

    pub(crate) fn with(steps: impl IntoIterator<Item = Step>, set: impl FnOnce(Config) -> Config) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder()
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1);
        Self {
            client: set(config).build().unwrap(),
            transport,
            clock,
        }
    }

    /// With one answer.
    pub(crate) fn answered(body: impl Into<String>) -> Self {
        Self::new([Step::json(200, body.into())])
    }

    /// Runs a call to its end, in no time.
    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// Asserts the whole of the one request: line, every header and the body, and that there is nothing else.
    #[track_caller]
    pub(crate) fn assert_sent(&self, line: &str, token: &str, body: &str) {
        let [seen] = &self.transport.seen()[..] else {
            panic!("one request")
        };
        assert_eq!(format!("{} {}", seen.method, seen.uri), line);
        let authorization = format!("Bearer {token}");
        let mut expected = vec![
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("authorization", &authorization),
            ("user-agent", AGENT),
        ];
        if !body.is_empty() {
            expected.push(("content-type", "application/json"));
        }
        expected.sort_unstable();
        let mut headers: Vec<_> = seen
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        headers.sort_unstable();
        assert_eq!(headers, expected);
        assert_eq!(std::str::from_utf8(&seen.body).unwrap(), body);
    }

    /// Asserts that a call is refused before anything is sent.
    #[track_caller]
    pub(crate) fn assert_refuses<T: std::fmt::Debug>(
        &self,
        call: impl IntoFuture<Output = Result<T, Error>>,
    ) {
        let error = self.run(call).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.provider(), "caf");
        assert_eq!(self.transport.seen().len(), 0, "{error}");
        assert_silent(&error);
    }
}

/// Asserts that no text of an error shows anything private.
#[track_caller]
pub(crate) fn assert_silent(error: &Error) {
    let shown = format!("{error} {error:#} {error:?} {error:#?}");
    for text in ["Needle", CPF, CORE_TOKEN, GLOBAL_TOKEN, "n33dle"] {
        assert!(!shown.contains(text), "{shown}");
    }
}

/// Asserts an error of an answer that was a 2xx and cannot be used.
#[track_caller]
pub(crate) fn assert_undecodable<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert!(!error.body().is_empty(), "what was answered is kept");
    assert_silent(&error);
}

/// Values that are neither `true` nor `false`, nor missing, as JSON.
pub(crate) const NO_BOOLEANS: [&str; 14] = [
    r#""true""#,
    r#""false""#,
    r#""True""#,
    r#""""#,
    r#""yes""#,
    "0",
    "1",
    "1.0",
    "-1",
    "[]",
    "[true]",
    "{}",
    r#"{"value":true}"#,
    r#""n33dle""#,
];
