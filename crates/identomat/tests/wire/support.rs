//! A client without a network, whose clock stands still until somebody waits for it.

use std::future::IntoFuture;

use identomat::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use identomat::{Client, Config, Error, ErrorKind, HmacSigner, SessionToken};

pub(crate) const COMPANY_KEY: &str = "ck_test_0001";
pub(crate) const TOKEN: &str = "0123456789abcdefghij0123456789abcdefghij";
/// The key of the contract's golden vectors.
pub(crate) const SECRET_KEY: &str = "test-secret-key-0001";
pub(crate) const BASE: &str = "https://widget.identomat.com/external-api";
const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

pub(crate) fn token() -> SessionToken {
    SessionToken::new(TOKEN).unwrap()
}

pub(crate) fn signer() -> HmacSigner {
    HmacSigner::new(SECRET_KEY).unwrap()
}

/// An answer that is signed as the provider signs.
pub(crate) fn signed(step: Step) -> Step {
    let Step::Answer { body, .. } = &step else {
        panic!("nothing to sign")
    };
    let code = signer().sign(body);
    step.header("authorization", &format!("signature=\"{code}\""))
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

    /// With HMAC.
    pub(crate) fn signing(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |config| config.secret_key(SECRET_KEY))
    }

    pub(crate) fn with(steps: impl IntoIterator<Item = Step>, set: impl FnOnce(Config) -> Config) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder(COMPANY_KEY)
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

    /// The body of the one request that was sent.
    #[track_caller]
    pub(crate) fn sent_body(&self) -> String {
        String::from_utf8(self.sent().body.to_vec()).unwrap()
    }

    /// Asserts the whole of the one request: line, every header and the body, and that there is nothing else.
    #[track_caller]
    pub(crate) fn assert_sent(&self, path: &str, accept: &str, body: &str, signature: Option<&str>) {
        let authorization = signature.map(|code| format!("signature=\"{code}\""));
        let mut headers = vec![
            ("accept", accept),
            ("accept-encoding", "identity"),
            ("content-type", "application/json"),
            ("user-agent", AGENT),
        ];
        headers.extend(
            authorization
                .as_deref()
                .map(|authorization| ("authorization", authorization)),
        );
        self.sent()
            .assert_is(&format!("POST {BASE}{path}"), &headers, body);
    }

    /// Asserts the error of a call of which nothing was sent.
    #[track_caller]
    pub(crate) fn assert_refused(&self, error: &Error) {
        assert_eq!(error.provider(), "identomat");
        self.transport.assert_unsent(error, ErrorKind::InvalidInput);
    }
}

/// Asserts that no text of an error shows any of these.
#[track_caller]
pub(crate) fn assert_silent(error: &Error, private: &[&str]) {
    let shown = format!("{error} {error:#} {error:?} {error:#?}");
    for text in private {
        assert!(!shown.contains(text), "{shown}");
    }
    assert!(!shown.contains(TOKEN) && !shown.contains(COMPANY_KEY), "{shown}");
}
