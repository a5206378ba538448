//! The Core API's transactions and document reading.

use caf::Client;
use caf::transactions::{FileType, TemplateId, TransactionFile, TransactionId};

use super::super::{Called, Connect, Connection, Operation, operation};

const CREATED: &str = r#"{"requestId":"r-1","id":"64b0c0ffee0000000000bbbb"}"#;
const TRANSACTION: &str = r#"{"requestId":"r-1","id":"64b0c0ffee0000000000bbbb","status":"PROCESSING"}"#;
const LIST: &str =
    r#"{"requestId":"r-1","items":[{"id":"64b0c0ffee0000000000bbbb","status":"PENDING"}],"totalItems":1}"#;
const READ: &str =
    r#"{"requestId":"r-1","id":"64b0c0ffee0000000000bbbb","type":"cnh","data":{"name":"Ana Teste"}}"#;

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

fn id() -> TransactionId {
    TransactionId::new("64b0c0ffee0000000000bbbb").unwrap()
}

fn front() -> [TransactionFile; 1] {
    [TransactionFile::at_url(
        FileType::Front,
        "https://img.example.com/front.jpg",
    )]
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Secret "core_transaction.create", "POST /v1/transactions?origin=TRUST", 200 CREATED,
            |client: Token| client.0.core().transactions().create(&template())),
        operation!(Safe Secret "core_transaction.get", "GET /v1/transactions/64b0c0ffee0000000000bbbb", 200 TRANSACTION,
            |client: Token| client.0.core().transactions().get(&id())),
        operation!(Safe Secret "core_transaction.list", "GET /v1/transactions?_limit=1", 200 LIST,
            |client: Token| client.0.core().transactions().list().limit(1)),
        operation!(Once Secret "core_ocr.read", "POST /v1/transactions?origin=TRUST", 200 READ,
            |client: Token| client.0.core().transactions().ocr_sync(front())),
        // By one family: the name is the same for all.
        operation!(Once Secret "request.send", "GET /v1/some-route/some-id", 200 "a report",
            |client: Token| client.0.core().request(http::Method::GET, ["v1", "some-route", "some-id"])),
        operation!(Once Secret stream "request.stream", "GET /v1/some-route/some-id", 200 "a report",
            |client: Token| client.0.core().request(http::Method::GET, ["v1", "some-route", "some-id"]).stream()),
    ]
}

/// A client with a token for the Core API.
#[derive(Clone)]
pub(super) struct Token(pub(super) Client);

impl Connect for Token {
    const PROVIDER: &'static str = "caf";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder().core_token("core-token-1");
        Self(super::client(
            config.core_base_url(&connection.origin),
            connection,
        ))
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
