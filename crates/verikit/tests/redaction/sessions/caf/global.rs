//! The Global API and its services: successes and failures, hostile answers, bad input.

use std::sync::Arc;
use std::time::Duration;

use caf::global_api::{
    BasicData, CompanyRecord, CpfRecord, GlobalEventId, GlobalEventType, GlobalNotification,
    GlobalTransaction, GlobalTransactionId, Sanctions, ServiceAnswer, ServiceName, WorkflowId,
};
use caf::{Answer, Attempt, Client, Cpf, Personal, RetryPolicy};
use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::Sandbox;

use crate::capture::{Captured, Met};
use crate::needles::Needle;

const CPF: &str = "16180339885";
const NAME: &str = "Philippa Sanctioned-Naald";
const RECORD: &str = "r3c0rd-of-naald";
const WEBHOOK: &str = "https://hooks.example.com/caf/w3bh00k-gl0bal";
const HOSTILE: &str = "h0stile-gl0bal-answer";
const WRONG: &str = "wr0ng-gl0bal-t0ken";

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    vec![
        Needle::new("Global token", sandbox.caf().global_token()),
        Needle::new("wrong Global token", WRONG),
        Needle::new("CPF of a query", CPF),
        Needle::new("name of a query", NAME),
        Needle::new("record of a query", RECORD),
        Needle::new("orchestration's webhook", "w3bh00k-gl0bal"),
        Needle::new("what a hostile Global answer says", HOSTILE),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let client = |token: &str| -> Client {
        let observed = captured.clone();
        Client::builder()
            .global_token(token)
            .global_base_url(sandbox.caf().global_url().as_str())
            .cpf_sync_base_url(sandbox.caf().cpf_sync_url().as_str())
            .dangerously_allow_plain_http(true)
            .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
            .build()
            .unwrap()
    };
    let global = client(sandbox.caf().global_token()).global();
    captured.show(&(
        &global,
        global.services(),
        global.transactions(),
        global.unconfirmed(),
    ));
    services(&global, captured).await;
    orchestrations(&global, captured).await;
    hostile_answers(captured);
    bad_input(&global, captured).await;
    let wrong = client(WRONG).global();
    let cpf = Cpf::parse(CPF).unwrap();
    captured.show_failure(wrong.services().cpf_sync(&cpf).await);
    captured.show_failure(wrong.services().sanctions(NAME).await);
    Met::new()
}

async fn services(global: &caf::global_api::Global, captured: &Captured) {
    let services = global.services();
    let cpf = Cpf::parse(CPF).unwrap();
    captured.show(&(services.basic_data(&cpf), services.cpf_sync(&cpf)));
    captured.add("Display", services.basic_data(&cpf).prepare().unwrap());
    captured.add("Display", services.cpf_sync(&cpf).prepare().unwrap());
    let found = services.basic_data(&cpf).send_with_metadata().await.unwrap();
    captured.show(&found);
    captured.show::<Option<&Answer<BasicData>>>(&found.value().service_data());
    let found = services.cpf_sync(&cpf).with_mother_name(true).await.unwrap();
    captured.show::<Option<&Answer<CpfRecord>>>(&found.record());
    let sanctions = || services.sanctions(NAME).fuzziness("0.8").metadata("name", NAME);
    captured.show(&sanctions());
    captured.add("Display", sanctions().prepare().unwrap());
    let found = sanctions().await.unwrap();
    captured.show(&found);
    let found: &Answer<Sanctions> = found.service_data().unwrap();
    captured.show(&(found, &found.sanctions_list.as_ref().unwrap()[0]));
    captured.show(&services.company_record(RECORD));
    let found = services.company_record(RECORD).await.unwrap();
    let found: &Answer<CompanyRecord> = found.service_data().unwrap();
    captured.show(&(found, &found.entities));
    let other = || services.query(HOSTILE).parameter("name", NAME);
    captured.show(&other());
    captured.add("Display", other().prepare().unwrap());
    captured.show_failure(other().await);
}

async fn orchestrations(global: &caf::global_api::Global, captured: &Captured) {
    let workflow = WorkflowId::new("64b0c0ffee0000000000dddd").unwrap();
    captured.show(&workflow);
    let create = || {
        let create = global.transactions().create(&workflow).parameter("cpf", CPF);
        create.metadata("name", NAME).webhook_url(WEBHOOK)
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    let created = create().send_with_metadata().await.unwrap();
    captured.show(&created);
    captured.show(created.value());
    captured.show(&created.value().data);
    let transaction = global.transactions().get(&created.value().data.transaction_id);
    captured.show(&transaction.await.unwrap());
    let unknown = GlobalTransactionId::new(CPF).unwrap();
    captured.show(&unknown);
    captured.show_failure(global.transactions().get(&unknown).await);
    let list = global.unconfirmed().list_transactions().query("name", NAME);
    captured.show(&list);
    captured.add("Display", list.prepare().unwrap());
    captured.show(&global.unconfirmed().list_transactions().await);
    let review = || {
        let body = json!({ "name": NAME });
        global
            .unconfirmed()
            .review_transaction(Method::PUT, &unknown, &body)
    };
    captured.show(&review());
    captured.add("Display", review().prepare().unwrap());
    captured.show(&review().await);
    let request = global
        .request(Method::GET, ["some-route", CPF])
        .query("name", NAME);
    captured.show(&request);
    captured.show_failure(request.await);
}

/// Something private in every place that a text can stand in.
fn hostile_answers(captured: &Captured) {
    let found = format!(
        r#"{{"requestId":"{HOSTILE}","message":"{HOSTILE}","data":{{"service":"{HOSTILE}","serviceData":{{"name":"{HOSTILE}","totalMatches":161803,"sanctionsList":[{{"matchStatus":"{HOSTILE}","riskLevel":"{HOSTILE}","sources":["{HOSTILE}"]}}],"entities":{{"data":["{HOSTILE}"]}}}},"metadata":{{"{HOSTILE}":1}},"idempotencyKey":"{HOSTILE}"}}}}"#
    );
    captured.show(&Answer::<ServiceAnswer<Answer<Sanctions>>>::from_json(
        found.clone(),
    ));
    captured.show(&Answer::<ServiceAnswer<Answer<CompanyRecord>>>::from_json(
        found.clone(),
    ));
    captured.show(&Answer::<ServiceAnswer<Answer<BasicData>>>::from_json(
        found.clone(),
    ));
    let raw = Answer::<ServiceAnswer<Personal<Value>>>::from_json(found).unwrap();
    captured.show(&(&raw, &raw.data));
    let sanctioned = format!(r#"{{"data":{{"serviceData":{{"isSanctioned":"{HOSTILE}"}}}}}}"#);
    captured.show_failure(Answer::<ServiceAnswer<Answer<Sanctions>>>::from_json(sanctioned));
    let transaction = format!(
        r#"{{"message":"{HOSTILE}","data":{{"transactionId":"{HOSTILE}","workflowId":"{HOSTILE}","status":"{HOSTILE}"}}}}"#
    );
    let transaction = Answer::<GlobalTransaction>::from_json(transaction).unwrap();
    captured.show(&(&transaction, &transaction.data));
    let notification = format!(
        r#"{{"id":"{HOSTILE}","type":"{HOSTILE}","time":"{HOSTILE}","data":{{"transactionId":"{HOSTILE}","workflowId":"{HOSTILE}","status":"{HOSTILE}"}}}}"#
    );
    let notification = GlobalNotification::read(notification).unwrap();
    captured.show(&notification);
    captured.show::<Option<GlobalEventId>>(&notification.id);
    captured.show(&(ServiceName::from(HOSTILE), GlobalEventType::from(HOSTILE)));
    captured.show_failure(GlobalNotification::read(format!(r#"{{"type":["{HOSTILE}"]}}"#)));
}

async fn bad_input(global: &caf::global_api::Global, captured: &Captured) {
    let services = global.services();
    let cpf = Cpf::parse(CPF).unwrap();
    captured.show_failure(services.sanctions(NAME).fuzziness(HOSTILE).await);
    captured.show_failure(services.basic_data(&cpf).parameter("cpf", NAME).await);
    captured.show_failure(services.query("s").extra(NAME, 1).extra(NAME, 2).await);
    let workflow = WorkflowId::new("64b0c0ffee0000000000dddd").unwrap();
    let create = global.transactions().create(&workflow);
    captured.show_failure(
        create
            .webhook_url("http://hooks.example.com/w3bh00k-gl0bal")
            .await,
    );
}
