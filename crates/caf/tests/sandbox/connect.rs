//! The Connect API: tokens, files, transactions, and events from the first to a forged one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use caf::connect_api::{
    CommunicationChannel, ConnectEvent, ConnectEventId, ConnectEventSource, ConnectEventType,
    ConnectWebhookKeys,
};
use caf::transactions::{Attributes, FileType, TransactionFile, TransactionId, TransactionStatus};
use caf::{Answer, Client, Config, Cpf, Delivery, ErrorKind, Secret};
use http::{HeaderMap, StatusCode};
use verikit_sandbox::{CafForgery, CafReview, DeliveryState, Sandbox};

use crate::support::{sandbox, settings, template};

const WEBHOOK: &str = "https://hooks.example.com/caf/connect";

fn config(sandbox: &Sandbox) -> Config {
    let caf = sandbox.caf();
    settings(sandbox).connect_application(caf.connect_client_id(), caf.connect_client_secret())
}

fn client(sandbox: &Sandbox) -> Client {
    config(sandbox).build().unwrap()
}

fn keys(sandbox: &Sandbox) -> ConnectWebhookKeys {
    let secrets = ["the-next-secret", sandbox.caf().webhook_secret()];
    ConnectWebhookKeys::new(secrets.map(Secret::new)).unwrap()
}

async fn create(client: &Client, cpf: &str) -> TransactionId {
    let attributes = Attributes::new().cpf(Cpf::parse(cpf).unwrap());
    let create = client.connect().transactions().create(&template());
    create.attributes(attributes).await.unwrap().id.clone()
}

#[tokio::test]
async fn a_file_and_its_transaction() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let connect = client.connect();
    // A file that looks like the end of a form, whose boundary could be guessed.
    let content = "\u{ff}\r\n--verikit-0000000000000000--\r\n";
    let file = connect
        .upload_file("selfie \u{e9}.jpg", "image/jpeg", content)
        .await
        .unwrap();
    let created = connect
        .transactions()
        .create(&template())
        .file(TransactionFile::of_data(FileType::Selfie, file.filename.expose()))
        .attributes(Attributes::new().cpf(Cpf::parse("12345678909").unwrap()))
        .await
        .unwrap();
    let transaction = connect.transactions().get(&created.id).await.unwrap();
    assert!(transaction.is_approved());
    assert_eq!(sandbox.caf().account().transactions().len(), 1);
}

#[tokio::test]
async fn a_token_that_is_no_longer_valid_is_renewed_and_a_creation_is_not_duplicated() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    create(&client, "12345678909").await;
    let first = client.connect().access_token().await.unwrap();
    sandbox.caf().revoke_connect_tokens();
    create(&client, "12345678909").await;
    let second = client.connect().access_token().await.unwrap();
    assert!(!second.ct_eq(first.expose().as_bytes()));
    assert_eq!(sandbox.caf().account().transactions().len(), 2);
}

#[tokio::test]
async fn a_wrong_secret_opens_nothing() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    for (id, secret) in [
        (caf.connect_client_id(), "wrong-secret"),
        ("wrong-id", caf.connect_client_secret()),
        (caf.mobile_client_id(), caf.mobile_client_secret()),
    ] {
        let client = config(&sandbox).connect_application(id, secret).build().unwrap();
        let error = client
            .connect()
            .transactions()
            .create(&template())
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Auth, Delivery::NotSent)
        );
        assert_eq!(error.code(), Some("invalid_client"));
    }
    assert_eq!(caf.account().transactions().len(), 0);
}

/// The last event about a transaction's status; events about profiles come between.
fn last_of_a_transaction(sandbox: &Sandbox) -> Answer<ConnectEvent> {
    let events = sandbox.caf().webhooks().into_iter().rev().map(|sent| {
        assert_eq!(sent.state(), DeliveryState::NotSent);
        keys(sandbox).verify(sent.headers(), sent.body().clone()).unwrap()
    });
    let mut events = events.filter(|event| event.event_type == ConnectEventType::TransactionStatusUpdated);
    events.next().unwrap()
}

#[tokio::test]
async fn an_event_tells_of_every_status() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    caf.account()
        .set_connect_webhook_url(Some(WEBHOOK.parse().unwrap()));
    let client = client(&sandbox);
    for (cpf, status) in [
        ("12345678909", TransactionStatus::Approved),
        ("90100000000", TransactionStatus::Reproved),
        ("90200000000", TransactionStatus::Pending),
    ] {
        let id = create(&client, cpf).await;
        let transaction = client.connect().transactions().get(&id).await.unwrap();
        assert_eq!(transaction.status, status);
        let event = last_of_a_transaction(&sandbox);
        assert_eq!(event.source, Some(ConnectEventSource::Transaction));
        assert!(event.time.is_some());
        let data = event.data.as_ref().unwrap();
        assert_eq!((&data.transaction_id, &data.status), (&Some(id), &Some(status)));
    }
    // A word that nobody has heard of is kept, and is no approval.
    let id = create(&client, "90900000000").await;
    assert!(
        !client
            .connect()
            .transactions()
            .get(&id)
            .await
            .unwrap()
            .is_approved()
    );
    let event = last_of_a_transaction(&sandbox);
    let status = event.data.as_ref().unwrap().status.clone().unwrap();
    assert!(status.is_unknown() && !status.is_approved());
}

#[tokio::test]
async fn events_that_are_wrong_on_purpose_are_refused() {
    let sandbox = sandbox().await;
    let account = sandbox.caf().account();
    account.set_connect_webhook_url(Some(WEBHOOK.parse().unwrap()));
    for forgery in [
        CafForgery::WrongSecret,
        CafForgery::ChangedBody,
        CafForgery::NoSignature,
    ] {
        account.forge_next_connect_event(forgery);
        let id = account.send_connect_event("TRANSACTIONSTATUSUPDATED", "TRANSACTION", data("APPROVED"));
        let sent = sandbox.caf().webhooks().pop().unwrap();
        assert_eq!(id.as_deref(), Some(sent.id()));
        let error = keys(&sandbox)
            .verify(sent.headers(), sent.body().clone())
            .unwrap_err();
        assert!(error.is_signature(), "{forgery:?}: {error}");
    }
}

fn data(status: &str) -> serde_json::Map<String, serde_json::Value> {
    [(String::from("status"), status.into())].into_iter().collect()
}

#[tokio::test]
async fn events_of_other_kinds_are_read() {
    let sandbox = sandbox().await;
    let account = sandbox.caf().account();
    account.set_connect_webhook_url(Some(WEBHOOK.parse().unwrap()));
    let members = serde_json::json!({"channel": "sms", "externalId": "x-1", "later": [1]});
    let serde_json::Value::Object(members) = members else {
        panic!("an object");
    };
    account.send_connect_event("COMMUNICATIONDELIVEREDEVENT", "COMMUNICATION", members);
    account.send_connect_event("NEWEVENT", "NEW", data("NEW"));
    let [known, new] = [0, 1].map(|at| {
        let sent = &sandbox.caf().webhooks()[at];
        keys(&sandbox)
            .verify(sent.headers(), sent.body().clone())
            .unwrap()
    });
    assert_eq!(known.event_type, ConnectEventType::CommunicationDelivered);
    let data = known.data.as_ref().unwrap();
    assert_eq!(data.channel, Some(CommunicationChannel::Sms));
    assert_eq!(data.get("later").unwrap()[0], 1);
    assert!(new.event_type.is_unknown());
}

/// A receiver as a user would write one.
struct Receiver {
    keys: ConnectWebhookKeys,
    handled: Mutex<BTreeSet<ConnectEventId>>,
    to_read: Mutex<Vec<TransactionId>>,
}

impl Receiver {
    fn receive(&self, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let event = match self.keys.verify(headers, body) {
            Ok(event) => event,
            Err(error) if error.is_signature() => return StatusCode::UNAUTHORIZED,
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR,
        };
        if self.handled.lock().unwrap().insert(event.id.clone())
            && let Some(id) = event.data.as_ref().and_then(|data| data.transaction_id.clone())
        {
            self.to_read.lock().unwrap().push(id);
        }
        StatusCode::NO_CONTENT
    }
}

#[tokio::test]
async fn a_server_on_this_machine_hears_of_the_end_and_refuses_what_is_forged() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let receiver = Arc::new(Receiver {
        keys: keys(&sandbox),
        handled: Mutex::default(),
        to_read: Mutex::default(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/caf", listener.local_addr().unwrap());
    let shared = Arc::clone(&receiver);
    let received = async move |headers: HeaderMap, body: Bytes| {
        assert_eq!(headers["user-agent"], "Caf-Webhook/Connect");
        shared.receive(&headers, body)
    };
    let router = Router::new().route("/caf", post(received));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    caf.account().set_connect_webhook_url(Some(url.parse().unwrap()));
    let client = client(&sandbox);
    let id = create(&client, "90200000000").await;
    let transactions = client.connect().transactions();
    assert!(!transactions.get(&id).await.unwrap().is_approved());
    caf.webhooks_settled().await;
    caf.account().forge_next_connect_event(CafForgery::ChangedBody);
    caf.account().review(id.as_str(), &CafReview::Approved).unwrap();
    caf.webhooks_settled().await;

    let statuses: Vec<_> = caf
        .webhooks()
        .iter()
        .flat_map(|sent| {
            sent.attempts()
                .iter()
                .map(|attempt| attempt.status().unwrap().as_u16())
                .collect::<Vec<_>>()
        })
        .collect();
    // A profile event comes after each of the transaction's; the second of these is forged.
    assert_eq!(statuses, [204, 204, 401, 204]);
    assert_eq!(
        receiver.to_read.lock().unwrap().as_slice(),
        std::slice::from_ref(&id)
    );
    // What counts is what is read, and that a review changed it.
    assert!(transactions.get(&id).await.unwrap().is_approved());
    server.abort();
}

#[tokio::test]
async fn the_twin_for_certificates_is_the_same_api() {
    let sandbox = sandbox().await;
    let client = config(&sandbox)
        .connect_base_url(sandbox.caf().connect_mtls_url().as_str())
        .build()
        .unwrap();
    create(&client, "12345678909").await;
    let elsewhere = config(&sandbox)
        .connect_base_url(sandbox.caf().connect_mtls_url().as_str())
        .connect_token_base_url(sandbox.caf().connect_url().as_str())
        .build()
        .unwrap();
    create(&elsewhere, "12345678909").await;
    assert_eq!(sandbox.caf().account().transactions().len(), 2);
}
