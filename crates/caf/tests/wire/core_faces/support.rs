//! A client of the Core and the Global API.

use std::future::IntoFuture;

use caf::testing::Step;
use caf::{Delivery, Error, ErrorKind};

use crate::support::{Scripted, assert_hides};

pub(crate) const CORE_TOKEN: &str = "core-token-0001";
pub(crate) const GLOBAL_TOKEN: &str = "global-token-0001";
pub(crate) const CORE: &str = "https://api.combateafraude.com";
pub(crate) const GLOBAL: &str = "https://api.public.caf.io/v1";
pub(crate) const CPF_SYNC: &str = "https://api.sa.prd.combateafraude.com";
pub(crate) const CPF: &str = "12345678909";
pub(crate) const NAME: &str = "Ana Needle Teste";

impl Scripted {
    pub(crate) fn core_and_global(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |config| {
            config.core_token(CORE_TOKEN).global_token(GLOBAL_TOKEN)
        })
    }

    /// With one answer.
    pub(crate) fn answered(body: impl Into<String>) -> Self {
        Self::core_and_global([Step::json(200, body.into())])
    }

    /// Asserts the whole of the one request, with this token.
    #[track_caller]
    pub(crate) fn assert_sent_with(&self, line: &str, token: &str, body: &str) {
        self.assert_sent(line, "application/json", &format!("Bearer {token}"), body);
    }

    /// Asserts that a call is refused before anything is sent.
    #[track_caller]
    pub(crate) fn assert_refuses<T: std::fmt::Debug>(
        &self,
        call: impl IntoFuture<Output = Result<T, Error>>,
    ) {
        let error = self.run(call).unwrap_err();
        self.assert_refused(&error);
        assert_silent(&error);
    }
}

/// Asserts that no text of an error shows anything private.
#[track_caller]
pub(crate) fn assert_silent(error: &Error) {
    assert_hides(error, &["Needle", CPF, CORE_TOKEN, GLOBAL_TOKEN, "n33dle"]);
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
