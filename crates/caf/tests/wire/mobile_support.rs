//! A client with a Mobile Key.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caf::testing::{ManualClock, Step};
use caf::{Config, Cpf, Error, Secret};
use serde_json::Value;
use verikit_core::auth::hmac::HmacSha256;

use crate::support::{Scripted, assert_hides};

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

impl Scripted {
    pub(crate) fn mobile(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::mobile_with(steps, |config| config)
    }

    pub(crate) fn mobile_with(
        steps: impl IntoIterator<Item = Step>,
        set: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::at(clock(), steps, |config| set(config.mobile_key(CLIENT_ID, SECRET)))
    }

    /// Asserts the whole of the one request, whatever its `Authorization` is, and gives that.
    #[track_caller]
    pub(crate) fn assert_mobile_sent(&self, line: &str, body: &str) -> String {
        let authorization = self.sent().header("authorization").unwrap().to_owned();
        self.assert_sent(line, "application/json", &authorization, body);
        authorization
    }
}

/// Asserts that no text of an error shows anything that must not be seen.
#[track_caller]
pub(crate) fn assert_silent(error: &Error, private: &[&str]) {
    assert_hides(error, private);
    assert_hides(error, &[SECRET, "12345678909", "img.example.com", "Ana Teste"]);
}
