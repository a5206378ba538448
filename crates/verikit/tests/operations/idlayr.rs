//! IDlayr.

use idlayr::{CheckId, Client, CompletionCode, PhoneNumber, Secret, TokenKind, TraceId};

use super::{Called, Connect, Connection, Operation, configured, operation};

const TOKEN_LINE: &str = "POST /oauth2/v1/token";
const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
const CREATED: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"ACCEPTED","ttl":120,"_links":{"check_url":{"href":"https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}}}"#;
const CHECK: &str =
    r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true}"#;
const CHECKS: &str = r#"{"_embedded":{"checks":[]},"_links":{}}"#;
const TRACES: &str = r#"{"_embedded":{"traces":[{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}]}}"#;
const TRACE: &str = r#"{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}"#;
const TOKEN: &str = r#"{"access_token":"t-0","token_type":"bearer","expires_in":3600}"#;

fn id() -> CheckId {
    CheckId::new(ID).unwrap()
}

fn trace_id() -> TraceId {
    TraceId::new("5f3a9c1b7d2e4f60").unwrap()
}

fn number() -> PhoneNumber {
    PhoneNumber::parse("+44 7700 900042").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Token "phone_check.create", "POST /phone_check/v0.2/checks", 201 CREATED,
            |client: Client| client.phone_checks().create(number())),
        operation!(Safe Token "phone_check.get", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks().get(&id())),
        operation!(Safe Token "phone_check.list", "GET /phone_check/v0.2/checks", 200 CHECKS,
            |client: Client| client.phone_checks().list()),
        operation!(Once Token "phone_check.complete", "PATCH /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks().complete(&id(), &CompletionCode::new("4fa09c17be").unwrap())),
        operation!(Safe Token "phone_check.traces", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.phone_checks().traces(&id())),
        operation!(Safe Token "phone_check.trace", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.phone_checks().trace(&id(), &trace_id())),
        operation!(Once Token "phone_check_v0_1.create", "POST /phone_check/v0.1/checks", 201 CREATED,
            |client: Client| client.phone_checks_v0_1().create(number())),
        operation!(Safe Token "phone_check_v0_1.get", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks_v0_1().get(&id())),
        operation!(Safe Token "phone_check_v0_1.list", "GET /phone_check/v0.1/checks", 200 CHECKS,
            |client: Client| client.phone_checks_v0_1().list()),
        operation!(Safe Token "phone_check_v0_1.traces", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.phone_checks_v0_1().traces(&id())),
        operation!(Safe Token "phone_check_v0_1.trace", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.phone_checks_v0_1().trace(&id(), &trace_id())),
        operation!(Safe Secret "oauth2.revoke", "POST /oauth2/v1/revoke", 200 "",
            |client: Client| client.tokens().revoke(&Secret::new("t-1"), TokenKind::AccessToken)),
        operation!(Safe Secret "oauth2.token", TOKEN_LINE, 200 TOKEN,
            |client: Client| client.tokens().access_token()),
    ]
}

impl Connect for Client {
    const PROVIDER: &'static str = "idlayr";
    const TOKEN_LINE: Option<&'static str> = Some(TOKEN_LINE);

    fn connect(connection: &Connection) -> Self {
        configured!(Client::builder("client-1", "secret-1"), connection)
    }

    fn fetch_token(&self) -> Option<Called> {
        let client = self.clone();
        Some(Box::pin(async move {
            client.tokens().access_token().await.map(|_| ())
        }))
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
