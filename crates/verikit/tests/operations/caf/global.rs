//! The Global API and its services.

use caf::global_api::{GlobalTransactionId, WorkflowId};
use caf::{Client, Cpf};

use super::super::{Called, Connect, Connection, Operation, operation};

const SANCTIONS: &str = r#"{"requestId":"r-1","message":"OK","data":{"service":"sanctions","serviceData":{"isSanctioned":false,"totalMatches":0}}}"#;
const RECORD: &str = r#"{"requestId":"r-1","message":"OK","data":{"service":"cpf_sync","serviceData":{"taxIdNumber":"12345678909"}}}"#;
const CREATED: &str =
    r#"{"requestId":"r-1","message":"OK","data":{"transactionId":"64b0c0ffee0000000000bbbb"}}"#;

fn cpf() -> Cpf {
    Cpf::parse("12345678909").unwrap()
}

fn workflow() -> WorkflowId {
    WorkflowId::new("64b0c0ffee0000000000dddd").unwrap()
}

fn id() -> GlobalTransactionId {
    GlobalTransactionId::new("64b0c0ffee0000000000bbbb").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Secret "global_service.query", "POST /v1/services", 200 SANCTIONS,
            |client: Account| client.0.global().services().sanctions("Ana Teste")),
        operation!(Once Secret "global_service.cpf_sync", "POST /services", 200 RECORD,
            |client: Account| client.0.global().services().cpf_sync(&cpf())),
        operation!(Once Secret "global_transaction.create", "POST /v1/orchestrations/transactions", 200 CREATED,
            |client: Account| client.0.global().transactions().create(&workflow())),
        operation!(Safe Secret "global_transaction.get", "GET /v1/orchestrations/transactions/64b0c0ffee0000000000bbbb", 200 CREATED,
            |client: Account| client.0.global().transactions().get(&id())),
        operation!(Safe Secret "global_transaction.list", "GET /v1/orchestrations/transactions", 200 "{}",
            |client: Account| client.0.global().unconfirmed().list_transactions()),
        operation!(Once Secret "global_transaction.review", "POST /v1/orchestrations/transactions/64b0c0ffee0000000000bbbb/manual-reviews", 200 "{}",
            |client: Account| client.0.global().unconfirmed().review_transaction(http::Method::POST, &id(), &())),
    ]
}

/// A client with a token for the Global API. One service has a host of its own, without a base path.
#[derive(Clone)]
struct Account(Client);

impl Connect for Account {
    const PROVIDER: &'static str = "caf";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder()
            .global_token("global-token-1")
            .global_base_url(format!("{}/v1", connection.origin))
            .cpf_sync_base_url(&connection.origin);
        Self(super::client(config, connection))
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
