//! The Mobile API and SDK session tokens.

use caf::mobile_api::MobileAttemptId;
use caf::{Client, Cpf};

use super::super::{Called, Connect, Connection, Operation, operation};

const LIVENESS: &str = r#"{"requestId":"r-1","isAlive":true,"attemptId":"64b0c0ffee00000000000001"}"#;
const REGISTERED: &str = r#"{"requestId":"r-1","message":"Feito."}"#;
const MATCH: &str = r#"{"requestId":"r-1","isMatch":true}"#;
const ATTEMPT: &str = r#"{"requestId":"r-1","data":{"id":"64b0c0ffee00000000000001","isMatch":true}}"#;
const SESSION: &str = r#"{"requestId":"r-1","sessionToken":"made.up"}"#;
// Signed with the secret below.
const SIGNED_LIVENESS: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXF1ZXN0SWQiOiJyLTEiLCJpc0FsaXZlIjp0cnVlLCJhdHRlbXB0SWQiOiI2NGIwYzBmZmVlMDAwMDAwMDAwMDAwMDEifQ.80LndFIhR6CAUM-6QnyzB2Z1N4RxnZ0AfficqBD2V8c";
const SIGNED_MATCH: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXF1ZXN0SWQiOiIwYzlhM2Y1Mi02ZDFlLTRiN2EtOWYwOC0yZTVkN2M0MWFiOTAiLCJpc01hdGNoIjp0cnVlLCJpYXQiOjE4OTM0NTU0MDB9.gJUNadYTOLWQYlEMfbKwElXg616dmhTsnXE6lztRVzA";
/// Of the contract's golden vectors; it opens nothing.
const SECRET: &str = "example-client-secret-do-not-use-0123456789";
const IMAGE: &str = "https://img.example.com/a.jpg";

fn cpf() -> Cpf {
    Cpf::parse("12345678909").unwrap()
}

fn id() -> MobileAttemptId {
    MobileAttemptId::new("64b0c0ffee00000000000001").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once SelfSigned "mobile_face.liveness", "POST /faces/liveness", 200 LIVENESS,
            |client: MobileKey| client.0.mobile().faces().liveness(IMAGE)),
        operation!(Once Bound "mobile_face.liveness_signed", "POST /faces/liveness?shouldSignResponse=true", 200 SIGNED_LIVENESS,
            |client: MobileKey| client.0.mobile().faces().liveness(IMAGE).person(&cpf()).signed()),
        operation!(Once Bound "mobile_face.register", "POST /faces/register", 200 REGISTERED,
            |client: MobileKey| client.0.mobile().faces().register(&cpf(), IMAGE)),
        operation!(Once Bound "mobile_face.authenticate", "POST /faces/authenticate", 200 MATCH,
            |client: MobileKey| client.0.mobile().faces().authenticate(&cpf(), IMAGE)),
        operation!(Once Bound "mobile_face.authenticate_signed", "POST /faces/authenticate?shouldSignResponse=true", 200 SIGNED_MATCH,
            |client: MobileKey| client.0.mobile().faces().authenticate(&cpf(), IMAGE).signed()),
        operation!(Safe SelfSigned "mobile_face.attempt", "GET /faces/authenticate/64b0c0ffee00000000000001", 200 ATTEMPT,
            |client: MobileKey| client.0.mobile().faces().attempt(&id())),
        operation!(Safe SelfSigned "sdk_session.create", "GET /bff/session-tokens", 200 SESSION,
            |client: MobileKey| client.0.mobile().sdk_sessions().create()),
    ]
}

/// A client with a Mobile Key.
#[derive(Clone)]
struct MobileKey(Client);

impl Connect for MobileKey {
    const PROVIDER: &'static str = "caf";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder()
            .mobile_key("cli_0a1b2c3d4e5f60718293a4b5", SECRET)
            .mobile_base_url(&connection.origin)
            .sdk_base_url(&connection.origin);
        Self(super::client(config, connection))
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        Some(self.0.mobile().tokens_signed())
    }
}
