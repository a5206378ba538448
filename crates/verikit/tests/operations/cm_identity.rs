//! CM.com Mobile Identity.

use cm_identity::{Client, NumberVerifyId, PhoneNumber, ServiceType};

use super::{Called, Connect, Connection, Operation, configured, operation};

const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const SWAP: &str = r#"{"state":"success","24h":false}"#;
const MATCH: &str = r#"{"state":"success","lastNameMatch":true}"#;
const SCORE: &str = r#"{"state":"success","lastNameScore":100}"#;
const CREATED: &str = r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"pending","match":null,"sessionUrl":"http://session.example.net/s"}"#;
const CHECK: &str = r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"completed","match":true}"#;

fn id() -> NumberVerifyId {
    NumberVerifyId::new(ID).unwrap()
}

fn number() -> PhoneNumber {
    PhoneNumber::parse("+31 6 00000042").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once SelfSigned "sim_swap.check", "POST /mobile-identity/v1/sim-swap", 200 SWAP,
            |client: Client| client.sim_swap().check(number(), ServiceType::Last24Hours)),
        operation!(Once SelfSigned "identity_match.compare", "POST /mobile-identity/v1/identity-match", 200 MATCH,
            |client: Client| client.identity_match().compare(number()).last_name("Voorbeeld")),
        operation!(Once SelfSigned "identity_match.score", "POST /mobile-identity/v1/identity-match", 200 SCORE,
            |client: Client| client.identity_match().score(number()).last_name("Voorbeeld")),
        operation!(Once SelfSigned "number_verify.create", "POST /mobile-identity/v1/number-verify", 200 CREATED,
            |client: Client| client.number_verify().create(number(), "https://app.example.net/callbacks/cm")),
        operation!(Safe SelfSigned "number_verify.get", "GET /mobile-identity/v1/number-verify/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", 200 CHECK,
            |client: Client| client.number_verify().get(&id())),
        operation!(Once SelfSigned "request.send", "GET /mobile-identity/v1/some-service/some-id", 200 CHECK,
            |client: Client| client.request(http::Method::GET, ["some-service", "some-id"])),
        operation!(Once SelfSigned stream "request.stream", "GET /mobile-identity/v1/some-service/some-id", 200 CHECK,
            |client: Client| client.request(http::Method::GET, ["some-service", "some-id"]).stream()),
    ]
}

impl Connect for Client {
    const PROVIDER: &'static str = "cm-identity";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder("3b438437-04a4-40bb-8389-54bb02766fba", "secret-1").without_rate_limit();
        configured!(config, connection, "/mobile-identity/v1")
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        Some(Client::tokens_signed(self))
    }
}
