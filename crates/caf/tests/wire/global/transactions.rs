//! Transactions of orchestrations (contract caf, 7).

use caf::global_api::{GlobalTransaction, GlobalTransactionId, WorkflowId};
use caf::testing::Step;
use caf::{Answer, Delivery};
use http::Method;
use serde_json::json;

use crate::core_faces::support::{CPF, GLOBAL, GLOBAL_TOKEN, NAME, assert_undecodable};
use crate::support::Scripted;

const ID: &str = "64b0c0ffee0000000000bbbb";
const CREATED: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","message":"OK","data":{"transactionId":"64b0c0ffee0000000000bbbb"}}"#;
const READ: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","message":"OK","data":{"transactionId":"64b0c0ffee0000000000bbbb","workflowId":"64b0c0ffee0000000000dddd","status":"APPROVED","steps":[{"n33dle":1}]}}"#;

fn id() -> GlobalTransactionId {
    GlobalTransactionId::new(ID).unwrap()
}

fn workflow() -> WorkflowId {
    WorkflowId::new("64b0c0ffee0000000000dddd").unwrap()
}

#[test]
fn a_transaction_begins() {
    let scripted = Scripted::answered(CREATED);
    let transactions = scripted.client.global().transactions();
    let created = scripted.run(transactions.create(&workflow())).unwrap();
    let line = format!("POST {GLOBAL}/orchestrations/transactions");
    scripted.assert_sent_with(
        &line,
        GLOBAL_TOKEN,
        r#"{"workflowId":"64b0c0ffee0000000000dddd","parameters":{}}"#,
    );
    assert_eq!(created.data.transaction_id, id());
    assert_eq!(created.message.as_ref().unwrap().expose(), "OK");

    let scripted = Scripted::answered(CREATED);
    let create = scripted
        .client
        .global()
        .transactions()
        .create(&workflow())
        .parameter("cpf", CPF)
        .parameter("name", NAME)
        .file(json!({"data": "https://img.example.com/n33dle.jpg"}))
        .metadata("orderId", "A-17")
        .webhook_url("https://hooks.example.com/n33dle")
        .extra("new", 1);
    let shown = format!("{create:?} {}", create.prepare().unwrap());
    for private in [CPF, "Needle", "n33dle", "A-17"] {
        assert!(!shown.contains(private), "{shown}");
    }
    scripted.run(create).unwrap();
    scripted.assert_sent_with(
        &line,
        GLOBAL_TOKEN,
        r#"{"workflowId":"64b0c0ffee0000000000dddd","parameters":{"cpf":"12345678909","name":"Ana Needle Teste"},"files":[{"data":"https://img.example.com/n33dle.jpg"}],"metadata":{"webhookUrl":"https://hooks.example.com/n33dle","orderId":"A-17"},"new":1}"#,
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let scripted = Scripted::core_and_global([]);
    let create = || scripted.client.global().transactions().create(&workflow());
    for call in [
        create().webhook_url("http://hooks.example.com/n33dle"),
        create().webhook_url(""),
        create().metadata("webhookUrl", "http://evil.example/n33dle"),
        create().metadata("WebhookURL", "http://evil.example/n33dle"),
        create().metadata("a", NAME).metadata("a", 1),
        create().parameter("a", NAME).parameter("a", 1),
        create().parameter("", NAME),
        create().file(json!(null)),
        create().extra("workflowId", NAME),
        create().extra("metadata", NAME),
    ] {
        scripted.assert_refuses(call);
    }
}

#[test]
fn a_transaction_begins_once() {
    for step in [Step::json(500, "{}"), Step::json(503, "{}"), Step::CutBody] {
        let scripted = Scripted::core_and_global([step, Step::json(200, CREATED)]);
        let call = scripted.client.global().transactions().create(&workflow());
        assert_ne!(scripted.run(call).unwrap_err().delivery(), Delivery::NotSent);
        assert_eq!(scripted.transport.seen().len(), 1, "a second transaction");
    }
    for body in [
        "{}",
        r#"{"data":{}}"#,
        r#"{"data":{"transactionId":""}}"#,
        r#"{"data":["64b0c0ffee0000000000bbbb"]}"#,
        r#"{"data":{"transactionId":7}}"#,
    ] {
        let scripted = Scripted::answered(body);
        assert_undecodable(scripted.run(scripted.client.global().transactions().create(&workflow())));
    }
}

#[test]
fn a_transaction_is_read() {
    let scripted = Scripted::core_and_global([Step::json(503, "{}"), Step::json(200, READ)]);
    let transaction = scripted
        .run(scripted.client.global().transactions().get(&id()))
        .unwrap();
    assert_eq!(scripted.transport.seen().len(), 2, "a read may be repeated");
    assert!(transaction.is_approved());
    let data = transaction.data.as_ref().unwrap();
    assert_eq!(data.workflow_id, Some(workflow()));
    assert_eq!(data.extra()["steps"], json!([{"n33dle": 1}]));
    assert!(!format!("{transaction:?}").contains("n33dle"));

    let scripted = Scripted::answered(READ);
    scripted
        .run(scripted.client.global().transactions().get(&id()))
        .unwrap();
    let line = format!("GET {GLOBAL}/orchestrations/transactions/{ID}");
    scripted.assert_sent_with(&line, GLOBAL_TOKEN, "");

    let scripted = Scripted::answered(READ.replace(ID, "64b0c0ffee0000000000bbbc"));
    assert_undecodable(scripted.run(scripted.client.global().transactions().get(&id())));
}

#[test]
fn only_the_exact_word_is_an_approval() {
    for status in [
        r#""approved""#,
        r#""APPROVED ""#,
        r#""APPROVED\n""#,
        r#""PROCESSING""#,
        r#""REPROVED""#,
        r#""PENDING""#,
        r#""""#,
        "null",
    ] {
        let json = READ.replace(r#""status":"APPROVED""#, &format!(r#""status":{status}"#));
        assert!(
            !Answer::<GlobalTransaction>::from_json(json)
                .unwrap()
                .is_approved(),
            "{status}"
        );
    }
    for status in ["true", "1", "[]", "{}", r#"["APPROVED"]"#] {
        let json = READ.replace(r#""status":"APPROVED""#, &format!(r#""status":{status}"#));
        assert!(Answer::<GlobalTransaction>::from_json(json).is_err(), "{status}");
    }
    for json in [
        "{}",
        r#"{"data":null}"#,
        r#"{"status":"APPROVED"}"#,
        r#"{"message":"APPROVED","data":{}}"#,
        r#"{"data":{"result":{"status":"APPROVED"}}}"#,
    ] {
        assert!(
            !Answer::<GlobalTransaction>::from_json(json)
                .unwrap()
                .is_approved(),
            "{json}"
        );
    }
    for json in [
        r#"{"data":[null,null,"APPROVED"]}"#,
        r#"{"data":"APPROVED"}"#,
        r#"{"data":{"status":"REPROVED","status":"APPROVED"}}"#,
    ] {
        assert!(Answer::<GlobalTransaction>::from_json(json).is_err(), "{json}");
    }
}

#[test]
fn a_list_and_a_review_are_raw() {
    let scripted = Scripted::core_and_global([
        Step::json(503, "{}"),
        Step::json(200, r#"{"data":[{"a":"n33dle"}]}"#),
    ]);
    let list = scripted
        .client
        .global()
        .unconfirmed()
        .list_transactions()
        .query("some-limit", "10")
        .query("a", "1 & n33dle");
    assert!(!format!("{list:?} {}", list.prepare().unwrap()).contains("n33dle"));
    let answer = scripted.run(list).unwrap();
    assert_eq!(answer.expose()["data"][0]["a"], "n33dle");
    let seen = scripted.transport.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        seen[1].uri.to_string(),
        format!("{GLOBAL}/orchestrations/transactions?some-limit=10&a=1+%26+n33dle")
    );

    let scripted = Scripted::answered(r#"{"message":"OK"}"#);
    let review = scripted.client.global().unconfirmed().review_transaction(
        Method::PUT,
        &id(),
        &json!({"reviews": [{"rule": NAME}]}),
    );
    assert!(!format!("{review:?} {}", review.prepare().unwrap()).contains("Needle"));
    assert_eq!(scripted.run(review).unwrap().expose()["message"], "OK");
    scripted.assert_sent_with(
        &format!("PUT {GLOBAL}/orchestrations/transactions/{ID}/manual-reviews"),
        GLOBAL_TOKEN,
        r#"{"reviews":[{"rule":"Ana Needle Teste"}]}"#,
    );

    let scripted = Scripted::answered("<html>n33dle</html>");
    assert_undecodable(scripted.run(scripted.client.global().unconfirmed().list_transactions()));
    let scripted = Scripted::core_and_global([]);
    let unserialisable = std::collections::BTreeMap::from([((1, 2), NAME)]);
    let unconfirmed = scripted.client.global().unconfirmed();
    scripted.assert_refuses(unconfirmed.review_transaction(Method::PUT, &id(), &unserialisable));
    scripted.assert_refuses(unconfirmed.list_transactions().query("a", "b\r\nn33dle"));
}

#[test]
fn any_other_route() {
    let scripted = Scripted::answered("[1]");
    let request = scripted
        .client
        .global()
        .request(Method::POST, ["orchestrations", "a/b"])
        .query("q", "1 & 2")
        .json(&json!({"a": 1}));
    let reply = scripted.run(request).unwrap();
    assert_eq!(&reply.body()[..], b"[1]");
    let seen = &scripted.transport.seen()[0];
    assert_eq!(
        seen.uri.to_string(),
        format!("{GLOBAL}/orchestrations/a%2Fb?q=1+%26+2")
    );
    assert_eq!(seen.header("accept"), Some("*/*"));
    assert_eq!(seen.header("authorization"), Some("Bearer global-token-0001"));
    assert_eq!(&seen.body[..], br#"{"a":1}"#);
}
