//! CM.com ID Scan: webhooks, their deliveries and repeats.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};
use support::cm::post;
use support::receiver::Receiver;
use support::{Answer, builder, sandbox};
use verikit_sandbox::{CmIdScanOutcome as Outcome, Delivery, DeliveryState, Sandbox};

async fn add_answer(sandbox: &Sandbox, body: &Value) -> Answer {
    post(sandbox, &format!("{}/webhooks", sandbox.cm().id_scan_url()), body).await
}

async fn add(sandbox: &Sandbox, body: &Value) -> Value {
    let answer = add_answer(sandbox, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn create(sandbox: &Sandbox, tasks: &Value) -> Value {
    let url = format!("{}/transactions", sandbox.cm().id_scan_url());
    post(sandbox, &url, &json!({ "tasks": tasks })).await.json()
}

fn page(transaction: &Value) -> &str {
    transaction["url"].as_str().unwrap()
}

fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.body()).unwrap()
}

#[tokio::test]
async fn only_https_is_taken_unless_the_sandbox_is_told_otherwise() {
    let strict = sandbox().await;
    let told = builder().cm_plain_http_callbacks(true).start().await.unwrap();
    for (url, status, told_status) in [
        ("https://shop.example.net/hook", 201, 201),
        ("http://127.0.0.1:9/hook", 400, 201),
        ("http://shop.example.net/hook", 400, 400),
    ] {
        let body = json!({ "url": url });
        assert_eq!(add_answer(&strict, &body).await.status, status, "{url}");
        assert_eq!(add_answer(&told, &body).await.status, told_status, "{url}");
    }
    let answer = add_answer(&strict, &json!({ "url": "http://127.0.0.1:9/" })).await;
    assert_eq!(
        answer.json(),
        json!({ "status": 400, "message": "url must start with https://." })
    );
}

#[tokio::test]
async fn a_webhook_is_answered_with_the_documented_members() {
    let sandbox = sandbox().await;
    let body = json!({
        "url": "https://shop.example.net/hook",
        "events": ["transaction.state.updated"],
        "headers": { "X-Webhook-Secret": "s" },
    });
    let webhook = add(&sandbox, &body).await;
    assert_eq!(
        webhook,
        json!({
            "id": webhook["id"], "url": "https://shop.example.net/hook",
            "events": ["transaction.state.updated"], "headers": { "X-Webhook-Secret": "s" },
            "createdAt": "2024-05-02T09:10:11+00:00", "updatedAt": "2024-05-02T09:10:11+00:00",
        })
    );
    assert_eq!(webhook["id"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn what_would_go_to_https_is_kept_for_the_test() {
    let sandbox = sandbox().await;
    add(
        &sandbox,
        &json!({ "url": "https://shop.example.net/hook", "headers": { "X-Secret": "s3cret" } }),
    )
    .await;
    let transaction = create(&sandbox, &json!(["document_scan", "face_liveness"])).await;
    let id_scan = sandbox.cm().id_scan();
    // An attempt that changes no state is no news.
    id_scan.play(page(&transaction), Outcome::Blurred).unwrap();
    assert!(id_scan.deliveries().is_empty());
    let played = id_scan.play_to_the_end(page(&transaction)).unwrap();

    let deliveries = id_scan.deliveries();
    let bodies: Vec<Value> = deliveries.iter().map(body).collect();
    let event = |at: usize, kind: &str, about: Value| json!({ "id": deliveries[at].id(), "type": kind, "created": "2024-05-02T09:10:11+00:00", "transaction": about });
    let pending = json!({ "id": transaction["id"], "state": "pending" });
    for (at, task) in ["document_scan", "face_liveness"].into_iter().enumerate() {
        let mut expected = event(at, "task.state.updated", pending.clone());
        expected["task"] = json!({ "type": task, "state": "completed" });
        assert_eq!(bodies[at], expected);
    }
    let about =
        json!({ "id": transaction["id"], "state": "completed", "resultId": played.result_id().unwrap() });
    assert_eq!(bodies[2], event(2, "transaction.state.updated", about));
    assert_eq!(bodies.len(), 3);
    let ids: HashSet<&str> = deliveries.iter().map(Delivery::id).collect();
    assert_eq!(ids.len(), 3);
    for delivery in &deliveries {
        assert_eq!(delivery.state(), DeliveryState::NotSent);
        assert_eq!(delivery.headers()["content-type"], "application/json");
        assert_eq!(delivery.headers()["x-secret"], "s3cret");
        // Nothing is signed.
        assert_eq!(delivery.headers().len(), 2);
    }
    assert!(!format!("{deliveries:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_webhook_hears_only_of_the_events_that_it_asked_for() {
    let sandbox = sandbox().await;
    for (host, events) in [
        ("transactions", json!(["transaction.state.updated"])),
        ("tasks", json!(["task.state.updated"])),
    ] {
        add(
            &sandbox,
            &json!({ "url": format!("https://{host}.example.net"), "events": events }),
        )
        .await;
    }
    let transaction = create(&sandbox, &json!(["document_scan", "face_liveness"])).await;
    let id_scan = sandbox.cm().id_scan();
    id_scan.play(page(&transaction), Outcome::UnderAge).unwrap();
    let told: Vec<(String, Value)> = id_scan
        .deliveries()
        .iter()
        .map(|delivery| (delivery.url().host_str().unwrap().to_owned(), body(delivery)))
        .collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].0, "tasks.example.net");
    assert_eq!(
        told[0].1["task"],
        json!({ "type": "document_scan", "state": "failed" })
    );
    assert_eq!(told[1].0, "transactions.example.net");
    // There is no result, so there is no id of one.
    assert_eq!(
        told[1].1["transaction"],
        json!({ "id": transaction["id"], "state": "aborted" })
    );
}

async fn completed_with(receiver: &Receiver) -> Sandbox {
    let sandbox = builder().cm_plain_http_callbacks(true).start().await.unwrap();
    let body = json!({
        "url": receiver.url,
        "events": ["transaction.state.updated"],
        "headers": { "X-Secret": "s3cret" },
    });
    add(&sandbox, &body).await;
    let transaction = create(&sandbox, &json!(["document_scan"])).await;
    let id_scan = sandbox.cm().id_scan();
    id_scan.play(page(&transaction), Outcome::GoodPassport).unwrap();
    id_scan.deliveries_settled().await;
    sandbox
}

#[tokio::test]
async fn a_delivery_is_repeated_on_4xx_and_5xx_at_growing_intervals() {
    let mut receiver = Receiver::answering(&[500, 404, 429, 204]).await;
    let sandbox = completed_with(&receiver).await;
    let id_scan = sandbox.cm().id_scan();
    let (headers, first) = receiver.received.recv().await.unwrap();
    assert_eq!(headers["x-secret"], "s3cret");
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers.contains_key("authorization"));

    let mut waits = Vec::new();
    for attempts in 1..=3 {
        let delivery = id_scan.deliveries().remove(0);
        assert_eq!(
            (delivery.state(), delivery.attempts().len()),
            (DeliveryState::Waiting, attempts)
        );
        let wait = delivery
            .next_attempt()
            .unwrap()
            .duration_since(sandbox.clock().now())
            .unwrap();
        // Not a second too early.
        sandbox.clock().advance(wait - Duration::from_secs(1));
        id_scan.deliveries_settled().await;
        assert!(receiver.received.try_recv().is_err());
        sandbox.clock().advance(Duration::from_secs(1));
        id_scan.deliveries_settled().await;
        // The same event with the same bytes.
        assert_eq!(receiver.received.recv().await.unwrap().1, first);
        waits.push(wait);
    }
    assert!(waits.windows(2).all(|pair| pair[1] == pair[0] * 2), "{waits:?}");
    let delivery = id_scan.deliveries().remove(0);
    assert_eq!(
        (delivery.state(), delivery.attempts().len()),
        (DeliveryState::Delivered, 4)
    );

    assert!(id_scan.repeat_delivery(delivery.id()));
    id_scan.deliveries_settled().await;
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    assert!(!id_scan.repeat_delivery("none"));
}

#[tokio::test]
async fn a_delivery_that_nobody_takes_is_given_up() {
    let receiver = Receiver::answering(&[503; 20]).await;
    let sandbox = completed_with(&receiver).await;
    let id_scan = sandbox.cm().id_scan();
    for _ in 0..20 {
        sandbox.clock().advance(Duration::from_secs(3600));
        id_scan.deliveries_settled().await;
    }
    let delivery = id_scan.deliveries().remove(0);
    assert_eq!(
        (delivery.state(), delivery.attempts().len()),
        (DeliveryState::GivenUp, 6)
    );
}
