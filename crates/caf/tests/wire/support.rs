//! A client without a network, whose clock stands still until somebody waits for it.

use std::future::IntoFuture;

use caf::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use caf::{Client, Config, Error, ErrorKind};

pub(crate) const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

/// Each family of APIs adds what makes one with its credential.
pub(crate) struct Scripted {
    pub(crate) client: Client,
    pub(crate) transport: ScriptedTransport,
    pub(crate) clock: ManualClock,
}

impl Scripted {
    pub(crate) fn with(steps: impl IntoIterator<Item = Step>, set: impl FnOnce(Config) -> Config) -> Self {
        Self::at(ManualClock::new(), steps, set)
    }

    pub(crate) fn at(
        clock: ManualClock,
        steps: impl IntoIterator<Item = Step>,
        set: impl FnOnce(Config) -> Config,
    ) -> Self {
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

    /// Runs a call to its end, in no time.
    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// The one request that was sent.
    #[track_caller]
    pub(crate) fn sent(&self) -> Seen {
        self.transport.only()
    }

    /// Asserts the whole of the one request: line, every header and the body, and that there is nothing else.
    #[track_caller]
    pub(crate) fn assert_sent(&self, line: &str, accept: &str, authorization: &str, body: &str) {
        let mut headers = vec![
            ("accept", accept),
            ("accept-encoding", "identity"),
            ("authorization", authorization),
            ("user-agent", AGENT),
        ];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.sent().assert_is(line, &headers, body);
    }

    /// Asserts the error of a call of which nothing was sent, since its input cannot be right.
    #[track_caller]
    pub(crate) fn assert_refused(&self, error: &Error) {
        self.assert_unsent(error, ErrorKind::InvalidInput);
    }

    /// Asserts the error of a call of which nothing was sent.
    #[track_caller]
    pub(crate) fn assert_unsent(&self, error: &Error, kind: ErrorKind) {
        assert_eq!(error.provider(), "caf");
        self.transport.assert_unsent(error, kind);
    }
}

/// Asserts that no text of an error shows any of these.
#[track_caller]
pub(crate) fn assert_hides(error: &Error, private: &[&str]) {
    let shown = format!("{error} {error:#} {error:?} {error:#?}");
    for text in private {
        assert!(!shown.contains(text), "{shown}");
    }
}
