//! A client with a Mobile Key and without a network, whose clock stands still until somebody waits for it.

use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caf::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};
use caf::{Client, Config, Cpf, Delivery, Error, ErrorKind, Secret};
use serde_json::Value;
use verikit_core::auth::hmac::HmacSha256;

pub(crate) const CLIENT_ID: &str = "cli_0a1b2c3d4e5f60718293a4b5";
/// The secret of the contract's golden vectors; it opens nothing.
pub(crate) const SECRET: &str = "example-client-secret-do-not-use-0123456789";
pub(crate) const MOBILE: &str = "https://api.mobile.combateafraude.com";
pub(crate) const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
/// 2029-12-31T23:55:00Z: five minutes before the end of the golden token.
pub(crate) const NOW: u64 = 1_893_455_700;

pub(crate) fn cpf() -> Cpf {
    Cpf::parse("12345678909").unwrap()
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
}

/// A JWT of any header and payload, signed with HS256 whatever the header says.
pub(crate) fn jwt(secret: &str, header: &str, payload: &str) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = HmacSha256::new(&Secret::new(secret)).unwrap();
    let signature = URL_SAFE_NO_PAD.encode(key.sign(&[message.as_bytes()]));
    format!("{message}.{signature}")
}

/// An answer signed as the provider signs.
pub(crate) fn signed(payload: &str) -> String {
    jwt(SECRET, HEADER, payload)
}

/// The claims of a token, by a judge that shares no code with the signer.
#[track_caller]
pub(crate) fn claims(token: &str) -> Value {
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};

    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let mut validation = Validation::new(Algorithm::HS256);
    // The clock of these tests is not the machine's.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<Value>(token, &key, &validation)
        .unwrap()
        .claims
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
        let clock = clock();
        let transport = ScriptedTransport::new(steps);
        let config = Client::builder()
            .mobile_key(CLIENT_ID, SECRET)
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
        let mut seen = self.transport.seen();
        assert_eq!(seen.len(), 1);
        seen.remove(0)
    }

    /// Asserts the whole of the one request: line, every header and the body, and that there is nothing else.
    /// Gives the `Authorization`.
    #[track_caller]
    pub(crate) fn assert_sent(&self, line: &str, body: &str) -> String {
        let seen = self.sent();
        assert_eq!(format!("{} {}", seen.method, seen.uri), line);
        assert_eq!(std::str::from_utf8(&seen.body).unwrap(), body);
        let authorization = seen.header("authorization").unwrap().to_owned();
        let mut expected = vec![
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("authorization", authorization.as_str()),
            ("user-agent", concat!("verikit/", env!("CARGO_PKG_VERSION"))),
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
        authorization
    }

    /// Asserts the error of a call of which nothing was sent.
    #[track_caller]
    pub(crate) fn assert_refused(&self, error: &Error, kind: ErrorKind) {
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.provider(), "caf");
        assert_eq!(self.transport.seen().len(), 0, "{error}");
    }
}

/// Asserts that no text of an error shows anything that must not be seen.
#[track_caller]
pub(crate) fn assert_silent(error: &Error, private: &[&str]) {
    let shown = format!("{error} {error:#} {error:?} {error:#?}");
    for text in private
        .iter()
        .chain(&[SECRET, "12345678909", "img.example.com", "Ana Teste"])
    {
        assert!(!shown.contains(text), "{shown}");
    }
}
