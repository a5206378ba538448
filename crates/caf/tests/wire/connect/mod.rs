//! The Connect API.

mod files;
mod mtls;
mod tokens;
mod transactions;
mod webhooks;

use caf::Config;
use caf::connect_api::Connect;
use caf::testing::{Seen, Step};

use crate::support::{AGENT, Scripted};

const BASE: &str = "https://api.us.prd.caf.io";
const CLIENT_ID: &str = "app-0a1b2c3d";
const CLIENT_SECRET: &str = "app-s3cr3t-4e5f";
const TOKEN: &str = "EXAMPLE.rs256.token";
/// Contract caf, 6.1.
const TOKEN_ANSWER: &str =
    r#"{"access_token":"EXAMPLE.rs256.token","token_type":"Bearer","expires_in":3600}"#;
const TOKEN_REQUEST: &str =
    "grant_type=client_credentials&client_id=app-0a1b2c3d&client_secret=app-s3cr3t-4e5f";

impl Scripted {
    /// The first request gets a token, the others these answers.
    fn application(steps: impl IntoIterator<Item = Step>) -> Self {
        let token = Step::json(200, TOKEN_ANSWER);
        Self::application_from_token([token].into_iter().chain(steps), |config| config)
    }

    /// Plays these answers from the first request on, which is for a token.
    fn application_from_token(
        steps: impl IntoIterator<Item = Step>,
        set: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::with(steps, |config| {
            set(config.connect_application(CLIENT_ID, CLIENT_SECRET))
        })
    }

    fn connect(&self) -> Connect {
        self.client.connect()
    }

    /// What was sent besides token requests.
    fn calls(&self) -> Vec<Seen> {
        let mut seen = self.transport.seen();
        seen.retain(|seen| seen.uri.path() != "/oauth2/token");
        seen
    }

    /// Asserts the whole of the one call: line, every header and the body, and that there is nothing else.
    #[track_caller]
    fn assert_called(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) {
        let calls = self.calls();
        assert_eq!(calls.len(), 1);
        let authorization = format!("Bearer {TOKEN}");
        let mut expected = vec![("authorization", authorization.as_str())];
        expected.extend_from_slice(headers);
        assert_request(&calls[0], line, &expected, body);
    }
}

/// Asserts the whole of a request.
#[track_caller]
fn assert_request(seen: &Seen, line: &str, headers: &[(&str, &str)], body: &[u8]) {
    let mut expected = vec![("accept-encoding", "identity"), ("user-agent", AGENT)];
    if !headers.iter().any(|(name, _)| *name == "accept") {
        expected.push(("accept", "application/json"));
    }
    expected.extend_from_slice(headers);
    seen.assert_is(line, &expected, body);
}
