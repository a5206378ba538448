//! A client of the Core API without a network, whose clock stands still until somebody waits for it.

use std::future::IntoFuture;

use caf::core_api::CoreTransactions;
use caf::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use caf::transactions::{TemplateId, TransactionId};
use caf::{Client, Config, Delivery, Error, ErrorKind};

pub(crate) const TOKEN: &str = "core-token-0001";
pub(crate) const BASE: &str = "https://api.combateafraude.com/v1";
pub(crate) const ID: &str = "64b0c0ffee0000000000bbbb";
pub(crate) const TEMPLATE: &str = "64b0c0ffee0000000000aaaa";
const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

/// The answer to a create, as documented.
pub(crate) const CREATED: &str =
    r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000bbbb"}"#;

pub(crate) fn id() -> TransactionId {
    TransactionId::new(ID).unwrap()
}

pub(crate) fn template() -> TemplateId {
    TemplateId::new(TEMPLATE).unwrap()
}

/// A transaction with a status that is written as it stands.
pub(crate) fn with_status(status: &str) -> String {
    format!(r#"{{"requestId":"r-1","id":"{ID}","status":{status}}}"#)
}

pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    pub(crate) clock: ManualClock,
}

impl Scripted {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |config| config)
    }

    pub(crate) fn with(steps: impl IntoIterator<Item = Step>, set: impl FnOnce(Config) -> Config) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder()
            .core_token(TOKEN)
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1);
        Self {
            client: set(config).build().unwrap(),
            transport,
            clock,
        }
    }

    pub(crate) fn transactions(&self) -> CoreTransactions {
        self.client.core().transactions()
    }

    /// Runs a call to its end, in no time.
    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// The one request that was sent.
    #[track_caller]
    pub(crate) fn sent(&self) -> Seen {
        let mut seen = self.transport.seen();
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }

    /// Asserts the whole of the one request: line, every header and the body, and that there is nothing else.
    #[track_caller]
    pub(crate) fn assert_sent(&self, line: &str, accept: &str, body: &str) {
        let seen = self.sent();
        assert_eq!(format!("{} {}", seen.method, seen.uri), line);
        let authorization = format!("Bearer {TOKEN}");
        let mut expected = vec![
            ("accept", accept),
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

    /// Asserts the error of a call of which nothing was sent.
    #[track_caller]
    pub(crate) fn assert_refused(&self, error: &Error) {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.provider(), "caf");
        assert_eq!(self.transport.seen().len(), 0, "{error}");
    }
}
