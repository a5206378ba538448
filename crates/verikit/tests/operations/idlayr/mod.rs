//! IDlayr, a file for each product.

mod console;
mod coverage;
mod phone;
mod sim;
mod subscriber;

use idlayr::{CheckId, Client, PhoneNumber, Secret, TokenKind, TraceId};

use super::{Called, Connect, Connection, Operation, configured, operation};

const TOKEN_LINE: &str = "POST /oauth2/v1/token";
const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
const CHECKS: &str = r#"{"_embedded":{"checks":[]},"_links":{}}"#;
const TRACES: &str = r#"{"_embedded":{"traces":[{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}]}}"#;
const TRACE: &str = r#"{"trace_id":"5f3a9c1b7d2e4f60","logs":[]}"#;
const KEYS: &str = r#"{"keys":[]}"#;
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

/// The list. A new operation joins with one entry in its product's file.
pub(crate) fn operations() -> Vec<Operation> {
    [
        console::operations(),
        coverage::operations(),
        phone::operations(),
        sim::operations(),
        subscriber::operations(),
        others(),
    ]
    .concat()
}

#[rustfmt::skip]
fn others() -> Vec<Operation> {
    vec![
        operation!(Safe Secret "jwks.get", "GET /.well-known/jwks.json", 200 KEYS,
            |client: Client| client.signing_keys()),
        operation!(Safe Secret "oauth2.revoke", "POST /oauth2/v1/revoke", 200 "",
            |client: Client| client.tokens().revoke(&Secret::new("t-1"), TokenKind::AccessToken)),
        operation!(Safe Secret "oauth2.token", TOKEN_LINE, 200 TOKEN,
            |client: Client| client.tokens().access_token()),
        operation!(Once Token "request.send", "GET /some-product/v0.1/some-id", 200 "{}",
            |client: Client| client.request(http::Method::GET, ["some-product", "v0.1", "some-id"])),
        operation!(Once Token stream "request.stream", "GET /some-product/v0.1/some-id", 200 "{}",
            |client: Client| client.request(http::Method::GET, ["some-product", "v0.1", "some-id"]).stream()),
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
