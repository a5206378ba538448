//! The Connect API.

use caf::Client;
use caf::transactions::{TemplateId, TransactionId};

use super::super::{Called, Connect, Connection, Operation, operation};

const TOKEN_LINE: &str = "POST /oauth2/token";
const TOKEN: &str = r#"{"access_token":"t-0","token_type":"Bearer","expires_in":3600}"#;
const CREATED: &str = r#"{"requestId":"r-1","id":"64b0c0ffee0000000000bbbb"}"#;
const TRANSACTION: &str = r#"{"requestId":"r-1","id":"64b0c0ffee0000000000bbbb","status":"PROCESSING"}"#;
const UPLOADED: &str = r#"{"requestId":"r-1","data":{"filename":"f-1"}}"#;

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

fn id() -> TransactionId {
    TransactionId::new("64b0c0ffee0000000000bbbb").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Token "connect_transaction.create", "POST /v1/transactions?origin=TRUST", 200 CREATED,
            |client: Application| client.0.connect().transactions().create(&template())),
        operation!(Safe Token "connect_transaction.get", "GET /v1/transactions/64b0c0ffee0000000000bbbb", 200 TRANSACTION,
            |client: Application| client.0.connect().transactions().get(&id())),
        operation!(Once Token "connect_file.upload", "POST /v1/transactions/files", 200 UPLOADED,
            |client: Application| client.0.connect().upload_file("a.jpg", "image/jpeg", "image")),
        operation!(Safe Secret "oauth2.token", TOKEN_LINE, 200 TOKEN,
            |client: Application| async move { client.0.connect().access_token().await }),
    ]
}

/// A client with an application of Trust.
#[derive(Clone)]
struct Application(Client);

impl Connect for Application {
    const PROVIDER: &'static str = "caf";
    const TOKEN_LINE: Option<&'static str> = Some(TOKEN_LINE);

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder().connect_application("client-1", "secret-1");
        Self(super::client(
            config.connect_base_url(&connection.origin),
            connection,
        ))
    }

    fn fetch_token(&self) -> Option<Called> {
        let client = self.0.clone();
        Some(Box::pin(async move {
            client.connect().access_token().await.map(|_| ())
        }))
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
