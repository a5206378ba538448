//! A client without a network, whose clock stands still until somebody waits for it.

use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use cm_idscan::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use cm_idscan::{Answer, Client, Config, Error, ErrorKind, ResultId, TransactionId};
use serde::de::DeserializeOwned;

pub(crate) const ID: &str = "0a0a0a0a-1111-4222-8333-444444444444";
pub(crate) const RESULT_ID: &str = "5b5b5b5b-6666-4777-8888-999999999999";
pub(crate) const BASE: &str = "https://api.cm.com/id-scan/v1";
pub(crate) const TOKEN: &str = "EXAMPLETOKEN4567890123456789012345678901234567890";
const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

/// The example credential that the vendor prints; it opens nothing (contract cm-idscan, 2.1).
pub(crate) const KEY_ID: &str = "3b438437-04a4-40bb-8389-54bb02766fba";
pub(crate) const SECRET: &str = "AC4Etykn7jusGR5FwLDAtILtQbiQbTMKedP31szXg4WlSbjGEXyNMZ";
/// 2019-01-01T00:00:00Z, when the vendor's example token begins.
const GV_1_BEGINS: Duration = Duration::from_secs(1_546_300_800);
pub(crate) const GV_1: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9.eyJpYXQiOjE1NDYzMDA4MDAsIm5iZiI6MTU0NjMwMDgwMCwiZXhwIjoxNTQ2MzAwODYwfQ.bwqCUHS1d5d8guAPHDsdd9-a8oXxH1q45O0tDP1asTo";

pub(crate) fn id() -> TransactionId {
    TransactionId::new(ID).unwrap()
}

pub(crate) fn result_id() -> ResultId {
    ResultId::new(RESULT_ID).unwrap()
}

/// The answer to a create, as documented.
pub(crate) const CREATED: &str = r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"pending","tasks":["document_scan"],"url":"https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN","locale":"nl-NL","mobileOnly":false,"created":"2026-01-01T00:00:00+00:00","expires":"2026-01-01T01:00:00+00:00"}"#;

pub(crate) fn in_state(state: &str) -> String {
    format!(r#"{{"id":"{ID}","state":"{state}","tasks":[]}}"#)
}

pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Answer<T> {
    Answer::from_json(json.to_owned()).unwrap()
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
        Self::at(ManualClock::new(), steps, set)
    }

    fn at(
        clock: ManualClock,
        steps: impl IntoIterator<Item = Step>,
        set: impl FnOnce(Config) -> Config,
    ) -> Self {
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder(KEY_ID, SECRET)
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1);
        Self {
            client: set(config).build().unwrap(),
            transport,
            clock,
        }
    }

    /// At the moment when the vendor's example token begins, with its life and without back-dating: every
    /// request carries that very token.
    pub(crate) fn golden(steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = ManualClock::starting_at(SystemTime::UNIX_EPOCH + GV_1_BEGINS);
        Self::at(clock, steps, |config| config.token_back_dating(Duration::ZERO))
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
    pub(crate) fn assert_sent(&self, line: &str, accept: &str, body: &str) {
        let authorization = format!("Bearer {GV_1}");
        let mut headers = vec![
            ("accept", accept),
            ("accept-encoding", "identity"),
            ("authorization", &authorization),
            ("user-agent", AGENT),
        ];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.sent().assert_is(line, &headers, body);
    }

    /// Asserts the error of a call of which nothing was sent.
    #[track_caller]
    pub(crate) fn assert_refused(&self, error: &Error) {
        assert_eq!(error.provider(), "cm-idscan");
        self.transport.assert_unsent(error, ErrorKind::InvalidInput);
    }
}
