//! CAF Global: services, and the transactions of orchestrations with their webhooks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use http::Method;
use serde_json::{Value, json};
use support::caf_account::{assert_error, body_of, ok, send};
use support::{Answer, call, sandbox};
use url::Url;
use verikit_sandbox::{CafGlobalStatus, Sandbox};

fn global(sandbox: &Sandbox, path: &str) -> String {
    format!("{}{path}", sandbox.caf().global_url())
}

async fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    let url = global(sandbox, path);
    send(Method::POST, &url, sandbox.caf().global_token(), body).await
}

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    let url = global(sandbox, path);
    send(Method::GET, &url, sandbox.caf().global_token(), &Value::Null).await
}

async fn service(sandbox: &Sandbox, name: &str, parameters: Value) -> Value {
    let body = json!({ "service": name, "parameters": parameters, "metadata": { "n": 1 } });
    let answer = ok(&post(sandbox, "/services", &body).await);
    assert!(answer["message"].is_string());
    assert_eq!(
        (&answer["data"]["service"], &answer["data"]["metadata"]),
        (&json!(name), &json!({ "n": 1 }))
    );
    answer["data"]["serviceData"].clone()
}

async fn cpf_sync(sandbox: &Sandbox, query: &str, cpf: &str) -> Answer {
    let url = sandbox
        .caf()
        .cpf_sync_url()
        .join(&format!("services{query}"))
        .unwrap();
    let body = json!({ "service": "cpf_sync", "parameters": { "cpf": cpf } });
    send(Method::POST, url.as_str(), sandbox.caf().global_token(), &body).await
}

#[tokio::test]
async fn services_answer_by_what_they_are_asked() {
    let sandbox = sandbox().await;
    let alive = service(&sandbox, "pf_basic_data", json!({ "cpf": "123.456.789-09" })).await;
    assert_eq!(
        (&alive["taxIdNumber"], &alive["hasObitIndication"]),
        (&json!("12345678909"), &json!(false))
    );
    let dead = service(&sandbox, "pf_basic_data", json!({ "cpf": "90111111111" })).await;
    assert_eq!(dead["hasObitIndication"], true);
    let clean = service(&sandbox, "sanctions", json!({ "name": "Ana Teste" })).await;
    assert_eq!(
        (&clean["isSanctioned"], &clean["totalMatches"]),
        (&json!(false), &json!(0))
    );
    let parameters = json!({ "name": "Sanctioned Person", "fuzziness": "0.7", "birthYear": "1990" });
    let listed = service(&sandbox, "sanctions", parameters).await;
    assert_eq!(
        (&listed["isSanctioned"], &listed["totalMatches"]),
        (&json!(true), &json!(1))
    );
    assert!(listed["sanctionsList"][0]["entityTypess"].is_array());
    let record = service(&sandbox, "kybCompanyRecord", json!({ "recordId": "r" })).await;
    assert_eq!(
        (&record["id"], &record["entities"]["count"]),
        (&json!("r"), &json!(1))
    );
    for body in [
        json!({}),
        json!({ "service": "pf_basic_data" }),
        json!({ "service": "pf_basic_data", "parameters": { "cpf": "1" } }),
        json!({ "service": "pf_basic_data", "parameters": [] }),
        json!({ "service": "sanctions", "parameters": { "name": "A", "fuzziness": 1 } }),
        json!({ "service": "cpf_sync", "parameters": { "cpf": "12345678909" } }),
        json!({ "service": "nothing", "parameters": {} }),
    ] {
        assert_error(&post(&sandbox, "/services", &body).await, 400);
    }
}

#[tokio::test]
async fn cpf_sync_has_a_host_of_its_own_and_says_200_for_nobody() {
    let sandbox = sandbox().await;
    let data = async |query: &str, cpf: &str| {
        let answer = ok(&cpf_sync(&sandbox, query, cpf).await);
        answer["data"]["serviceData"].clone()
    };
    let found = data("", "123.456.789-09").await;
    assert_eq!(
        (&found["taxIdNumber"], &found["fallback"]),
        (&json!("12345678909"), &json!(false))
    );
    assert!(found.get("motherName").is_none() && found.get("message").is_none());
    assert_eq!(
        data("?origin=2", "12345678909").await["motherName"],
        "MARIA TESTE"
    );
    for cpf in ["90711111111", "90811111111"] {
        let nobody = data("", cpf).await;
        assert_eq!(nobody.as_object().unwrap().len(), 1);
        assert!(nobody["message"].is_string());
    }
    assert_error(&cpf_sync(&sandbox, "?origin=1", "12345678909").await, 400);
    assert_error(&cpf_sync(&sandbox, "", "1").await, 400);
}

#[tokio::test]
async fn every_route_asks_for_the_global_token() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let services = caf.cpf_sync_url().join("services").unwrap();
    for (method, url) in [
        (Method::POST, global(&sandbox, "/services")),
        (Method::POST, services.into()),
        (Method::POST, global(&sandbox, "/orchestrations/transactions")),
        (Method::GET, global(&sandbox, "/orchestrations/transactions")),
        (Method::GET, global(&sandbox, "/orchestrations/transactions/x")),
        (
            Method::POST,
            global(&sandbox, "/orchestrations/transactions/x/manual-reviews"),
        ),
    ] {
        for (token, status) in [
            (caf.core_token(), 403),
            (caf.token_without_permissions(), 403),
            ("x", 401),
        ] {
            assert_error(&send(method.clone(), &url, token, &json!({})).await, status);
        }
        assert_error(&call(method, &url, &[], "").await, 401);
    }
}

async fn orchestrate(sandbox: &Sandbox, cpf: &str, metadata: Value) -> String {
    let body = json!({ "workflowId": "w", "parameters": { "cpf": cpf }, "metadata": metadata });
    let answer = ok(&post(sandbox, "/orchestrations/transactions", &body).await);
    answer["data"]["transactionId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_orchestration_runs_waits_and_is_reviewed() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    caf.global()
        .set_webhook_url(Some(Url::parse("https://hooks.example.com/workflow").unwrap()));
    let approved = orchestrate(&sandbox, "12345678909", json!({})).await;
    let own = json!({ "webhookUrl": "https://hooks.example.com/own" });
    caf.global().set_lower_case_specversion(true);
    let pending = orchestrate(&sandbox, "902.111.111-11", own).await;
    let reviews = format!("/orchestrations/transactions/{pending}/manual-reviews");
    for (id, status) in [(&approved, "APPROVED"), (&pending, "PENDING")] {
        let read = ok(&get(&sandbox, &format!("/orchestrations/transactions/{id}")).await);
        assert_eq!(
            (&read["data"]["status"], &read["data"]["workflowId"]),
            (&json!(status), &json!("w"))
        );
    }
    ok(&post(&sandbox, &reviews, &json!({ "status": "REPROVED" })).await);
    assert_eq!(caf.global().transactions()[1].status(), CafGlobalStatus::Reproved);
    assert!(caf.global().decide(&pending, CafGlobalStatus::Approved).is_some());

    let told: Vec<(String, Value, bool, Value)> = caf
        .webhooks()
        .iter()
        .map(|delivery| {
            let body = body_of(delivery);
            assert!(!delivery.headers().contains_key("x-caf-signature"));
            assert_eq!(body["data"]["workflowId"], "w");
            let path = delivery.url().path().to_owned();
            (
                path,
                body["type"].clone(),
                body.get("specversion").is_some(),
                body["data"]["status"].clone(),
            )
        })
        .collect();
    let expected = [
        ("/workflow", "TransactionCreated", false, "PROCESSING"),
        ("/workflow", "TransactionFinished", false, "APPROVED"),
        ("/own", "TransactionCreated", true, "PROCESSING"),
        ("/own", "TransactionPending", true, "PENDING"),
        ("/own", "TransactionFinished", true, "REPROVED"),
        ("/own", "TransactionFinished", true, "APPROVED"),
    ];
    let expected =
        expected.map(|(path, kind, lower, status)| (path.to_owned(), json!(kind), lower, json!(status)));
    assert_eq!(told, expected);
    let debug = format!("{:?} {:?}", caf.global(), caf.global().transactions());
    assert!(!debug.contains("12345678909"), "{debug}");
}

#[tokio::test]
async fn orchestrations_are_listed_and_mistakes_refused() {
    let sandbox = sandbox().await;
    for _ in 0..11 {
        orchestrate(&sandbox, "90311111111", json!({})).await;
    }
    let newest = sandbox
        .caf()
        .global()
        .transactions()
        .last()
        .unwrap()
        .id()
        .to_owned();
    let list = ok(&get(&sandbox, "/orchestrations/transactions?anything=1").await);
    assert_eq!(list["data"]["items"].as_array().unwrap().len(), 10);
    assert_eq!(list["data"]["items"][0]["transactionId"], json!(newest));
    assert_eq!(list["data"]["items"][0]["status"], "PROCESSING");
    assert_eq!(list["data"]["pagination"]["total"], 11);
    for body in [
        json!({}),
        json!({ "workflowId": "w" }),
        json!({ "parameters": {} }),
        json!({ "workflowId": "w", "parameters": {}, "files": {} }),
        json!({ "workflowId": "w", "parameters": {}, "metadata": { "webhookUrl": 1 } }),
    ] {
        assert_error(&post(&sandbox, "/orchestrations/transactions", &body).await, 400);
    }
    assert_error(&get(&sandbox, "/orchestrations/transactions/x").await, 404);
    assert_error(
        &post(
            &sandbox,
            "/orchestrations/transactions/x/manual-reviews",
            &json!({}),
        )
        .await,
        404,
    );
    let reviews = format!("/orchestrations/transactions/{newest}/manual-reviews");
    assert_error(&post(&sandbox, &reviews, &json!([])).await, 400);
}
