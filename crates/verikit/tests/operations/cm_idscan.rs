//! CM.com ID Scan.

use cm_idscan::{Client, DownloadUrl, Repeat, ResultId, Tasks, TransactionId};

use super::{Called, Connect, Connection, FILE, Operation, configured, operation};

const CREATED: &str = r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"pending","tasks":["document_scan"],"url":"https://id-scan.identity.cm.com/nl-nl/identifications/EXAMPLETOKEN"}"#;
const TRANSACTION: &str = r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"pending","tasks":[{"type":"document_scan","state":"pending","attempts":0,"attemptsInvoiced":0}]}"#;
const RESULT: &str = r#"{"id":"0a0a0a0a-1111-4222-8333-444444444444","state":"completed","tasks":[{"type":"document_scan","state":"completed","score":0.9,"result":[]}]}"#;
const WEBHOOK: &str = r#"{"id":"77777777-0000-4111-8222-333333333333","url":"https://app.example.net/hook"}"#;

fn id() -> TransactionId {
    TransactionId::new("0a0a0a0a-1111-4222-8333-444444444444").unwrap()
}

fn result_id() -> ResultId {
    ResultId::new("5b5b5b5b-6666-4777-8888-999999999999").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once SelfSigned "transaction.create", "POST /id-scan/v1/transactions", 201 CREATED,
            |client: Client| client.transactions().create(Tasks::DocumentScan)),
        operation!(Safe SelfSigned "transaction.get", "GET /id-scan/v1/transactions/0a0a0a0a-1111-4222-8333-444444444444", 200 TRANSACTION,
            |client: Client| client.transactions().get(&id())),
        operation!(Safe SelfSigned "transaction.result", "GET /id-scan/v1/transactions/0a0a0a0a-1111-4222-8333-444444444444/results/5b5b5b5b-6666-4777-8888-999999999999", 200 RESULT,
            |client: Client| client.transactions().result(&id(), &result_id())),
        operation!(Safe SelfSigned "download.get", "GET /id-scan/v1/downloads/EXAMPLETOKEN", 200 FILE,
            |client: Client| client.downloads().bytes(&DownloadUrl::new("downloads/EXAMPLETOKEN"))),
        operation!(Safe SelfSigned stream "download.get", "GET /id-scan/v1/downloads/EXAMPLETOKEN", 200 FILE,
            |client: Client| client.downloads().stream(&DownloadUrl::new("downloads/EXAMPLETOKEN"))),
        operation!(Once SelfSigned "webhook.create", "POST /id-scan/v1/webhooks", 201 WEBHOOK,
            |client: Client| client.webhooks().create("https://app.example.net/hook")),
        operation!(Once SelfSigned "request.send", "GET /id-scan/v1/some-route/some-id", 200 "a report",
            |client: Client| client.request(http::Method::GET, ["some-route", "some-id"])),
        operation!(Safe SelfSigned stream "request.stream", "GET /id-scan/v1/some-route/some-id", 200 "a report",
            |client: Client| client.request(http::Method::GET, ["some-route", "some-id"]).repeat(Repeat::Safe).stream()),
    ]
}

impl Connect for Client {
    const PROVIDER: &'static str = "cm-idscan";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        configured!(Client::builder("key-1", "secret-1"), connection, "/id-scan/v1")
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        Some(Client::tokens_signed(self))
    }
}
