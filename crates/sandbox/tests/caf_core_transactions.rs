//! CAF Core: transactions from creation to their status, and the webhooks that tell of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use support::caf_account::{assert_error, body_of, core, core_get, core_post, create, ok, read, send};
use support::receiver::Receiver;
use support::{builder, call, sandbox};
use url::Url;
use verikit_sandbox::{CafReview, DeliveryState, Sandbox};

const CREATE: &str = "/v1/transactions?origin=TRUST";

fn attributes(cpf: &str) -> Value {
    json!({ "cpf": cpf, "name": "Ana Teste", "birthDate": "01/02/1990" })
}

#[tokio::test]
async fn a_transaction_is_created_told_of_and_read() {
    let mut receiver = Receiver::answering(&[]).await;
    let sandbox = sandbox().await;
    let body = json!({
        "templateId": "64b0c0ffee0000000000aaaa",
        "files": [
            { "data": "https://img.example.com/selfie.jpg", "type": "SELFIE" },
            { "data": "https://img.example.com/cnh.jpg", "type": "FRONT", "mimeType": "image/jpeg" },
        ],
        "attributes": attributes("12345678909"),
        "metadata": { "orderId": "A-17" },
        "referenceToken": "session",
        "_callbackUrl": receiver.url,
    });
    let created = ok(&core_post(&sandbox, CREATE, &body).await);
    assert_eq!(created.as_object().unwrap().len(), 2);
    let id = created["id"].as_str().unwrap();
    assert!(
        id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{id}"
    );

    sandbox.caf().webhooks_settled().await;
    let (headers, told) = receiver.received.recv().await.unwrap();
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers.contains_key("x-caf-signature") && !headers.contains_key("authorization"));
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(
        (&told["type"], &told["uuid"], &told["status"]),
        (&json!("status_updated"), &json!(id), &json!("APPROVED"))
    );
    assert_eq!(told["metadata"], json!({ "orderId": "A-17" }));

    let transaction = read(&sandbox, id).await;
    let images =
        json!({ "selfie": "https://img.example.com/selfie.jpg", "front": "https://img.example.com/cnh.jpg" });
    for (name, expected) in [
        ("id", json!(id)),
        ("status", json!("APPROVED")),
        ("customStatus", Value::Null),
        ("templateId", json!("64b0c0ffee0000000000aaaa")),
        ("onboardingId", Value::Null),
        ("attributes", attributes("12345678909")),
        ("createdAt", json!("2024-05-02T09:10:11.000Z")),
        ("type", json!("cnh")),
        ("images", images),
        ("fraud", json!(false)),
        ("metadata", json!({ "orderId": "A-17" })),
        ("manualReprovalReasons", json!([])),
    ] {
        assert_eq!(transaction[name], expected, "{name}");
    }
    assert_eq!(
        transaction["history"],
        json!([
            { "type": "STATUS_UPDATE", "status": "PROCESSING", "date": "2024-05-02T09:10:11.000Z" },
            { "type": "STATUS_UPDATE", "status": "APPROVED", "date": "2024-05-02T09:10:11.000Z" },
        ])
    );
    let reasons = transaction["statusReasons"].as_array().unwrap();
    assert!(
        !reasons.is_empty() && reasons.iter().all(|reason| reason["status"] == "VALID"),
        "{reasons:?}"
    );
    assert_eq!(
        transaction["sections"]["documentLiveness"]["data"]["front"]["decision"],
        true
    );
    let held = sandbox.caf().account().transaction(id).unwrap();
    assert_eq!(
        (held.status(), held.reference_token()),
        ("APPROVED", Some("session"))
    );
    let debug = format!("{held:?} {:?}", sandbox.caf());
    assert!(
        !debug.contains("12345678909") && !debug.contains("Ana"),
        "{debug}"
    );
}

#[tokio::test]
async fn inputs_decide_what_becomes_of_it() {
    let sandbox = sandbox().await;
    for (body, status, reasons) in [
        (
            json!({ "attributes": attributes("12345678909") }),
            "APPROVED",
            json!([]),
        ),
        (
            json!({ "attributes": attributes("901.111.111-11") }),
            "REPROVED",
            json!(["cpf_has_not_dead"]),
        ),
        (
            json!({ "attributes": { "cnpj": "90100000000100" } }),
            "REPROVED",
            json!(["active_cnpj_number"]),
        ),
        (
            json!({ "attributes": attributes("90211111111") }),
            "PENDING",
            json!([]),
        ),
        (
            json!({ "attributes": attributes("90311111111") }),
            "PROCESSING",
            json!([]),
        ),
        (
            json!({ "attributes": attributes("90511111111") }),
            "WAITING_DOCUMENTS",
            json!([]),
        ),
        (
            json!({ "attributes": attributes("90911111111") }),
            "UNDER_LEGAL_REVIEW",
            json!([]),
        ),
        (
            json!({ "files": [{ "data": "https://img.example.com/forged.jpg", "type": "FRONT" }] }),
            "REPROVED",
            json!(["authentic_document"]),
        ),
    ] {
        let id = create(&sandbox, body.clone()).await;
        for _ in 0..2 {
            let transaction = read(&sandbox, &id).await;
            assert_eq!(transaction["status"], status, "{body}");
            let reasons_of = transaction["statusReasons"].as_array().unwrap();
            let invalid: Vec<&Value> = reasons_of
                .iter()
                .filter(|reason| reason["status"] == "INVALID")
                .map(|reason| &reason["code"])
                .collect();
            assert_eq!(json!(invalid), reasons, "{body}");
        }
    }
    let file = |name: &str| json!({ "files": [{ "data": format!("https://img.example.com/{name}"), "type": "RG_FRONT" }] });
    for (name, code, fraud, decision) in [
        ("unreadable.jpg", json!(["50"]), false, true),
        ("another-person.png?x=1", json!(["91"]), false, true),
        ("forged.jpg", json!([]), true, true),
        ("photocopy.jpg", json!([]), false, false),
    ] {
        let id = create(&sandbox, file(name)).await;
        let transaction = read(&sandbox, &id).await;
        assert_eq!(
            (&transaction["status"], &transaction["fraud"]),
            (&json!("REPROVED"), &json!(fraud)),
            "{name}"
        );
        let reprovals = transaction["manualReprovalReasons"].as_array().unwrap();
        let codes: Vec<&Value> = reprovals.iter().map(|reproval| &reproval["code"]).collect();
        assert_eq!(json!(codes), code, "{name}");
        let liveness = &transaction["sections"]["documentLiveness"]["data"]["front"];
        assert_eq!(liveness["decision"], decision, "{name}");
    }
}

#[tokio::test]
async fn reads_can_be_made_to_find_it_in_progress() {
    let sandbox = builder().caf_processing_reads(2).start().await.unwrap();
    let account = sandbox.caf().account();
    account.set_webhook_url(Some(Url::parse("https://hooks.example.com/caf").unwrap()));
    let id = create(&sandbox, json!({ "attributes": attributes("12345678909") })).await;
    for expected in ["PROCESSING", "PROCESSING", "APPROVED", "APPROVED"] {
        let told = usize::from(expected == "APPROVED");
        assert_eq!(read(&sandbox, &id).await["status"], expected);
        assert_eq!(sandbox.caf().webhooks().len(), told);
    }
}

#[tokio::test]
async fn a_manual_review_decides_as_often_as_it_likes() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let url = Url::parse("https://hooks.example.com/caf").unwrap();
    caf.account().set_webhook_url(Some(url.clone()));
    let id = create(&sandbox, json!({ "attributes": attributes("904.111.111-11") })).await;
    let transaction = read(&sandbox, &id).await;
    assert_eq!(transaction["status"], "PROCESSING");
    assert_eq!(
        transaction["documentscopyRequestDate"],
        "2024-05-02T09:10:11.000Z"
    );

    sandbox.clock().advance(Duration::from_secs(60));
    let reproved = CafReview::Reproved {
        code: "91".to_owned(),
    };
    for review in [&reproved, &reproved, &CafReview::Approved] {
        assert_eq!(
            caf.account().review(&id, review).unwrap().status(),
            review.status()
        );
    }
    assert!(
        caf.account()
            .review("64b0c0ffee0000000000bbbb", &CafReview::Approved)
            .is_none()
    );
    let transaction = read(&sandbox, &id).await;
    assert_eq!(transaction["status"], "APPROVED");
    let history: Vec<&Value> = transaction["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["status"])
        .collect();
    assert_eq!(history, ["PROCESSING", "REPROVED", "APPROVED"]);
    assert_eq!(transaction["manualReprovalReasons"], json!([]));
    let review = transaction["statusReasons"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&review["date"], &review["reviewType"], &review["resultStatus"]),
        (
            &json!("2024-05-02T09:11:11.000Z"),
            &json!("MANUAL"),
            &json!("APPROVED")
        )
    );

    let webhooks = caf.webhooks();
    let told: Vec<(Value, Value)> = webhooks
        .iter()
        .map(|delivery| {
            let body = body_of(delivery);
            (body["type"].clone(), body["status"].clone())
        })
        .collect();
    // A status that stays is no news.
    assert_eq!(
        told,
        [
            (json!("documentscopy_requested"), json!("PROCESSING")),
            (json!("status_updated"), json!("REPROVED")),
            (json!("status_updated"), json!("APPROVED")),
        ]
    );
    for delivery in &webhooks {
        assert_eq!((delivery.state(), delivery.url()), (DeliveryState::NotSent, &url));
    }
}

#[tokio::test]
async fn a_list_is_filtered_ordered_and_at_most_ten_long() {
    let sandbox = sandbox().await;
    for number in 0..12 {
        let body = json!({
            "templateId": if number % 2 == 0 { "a" } else { "b" },
            "attributes": attributes("12345678909"),
            "metadata": { "number": number },
        });
        ok(&core_post(&sandbox, CREATE, &body).await);
        sandbox.clock().advance(Duration::from_secs(6 * 60 * 60));
    }
    let ids: Vec<String> = sandbox
        .caf()
        .account()
        .transactions()
        .iter()
        .map(|t| t.id().to_owned())
        .collect();
    let list = async |query: &str| {
        let body = ok(&core_get(&sandbox, &format!("/v1/transactions{query}")).await);
        let items: Vec<usize> = body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| ids.iter().position(|id| item["id"] == json!(id)).unwrap())
            .collect();
        (items, body["totalItems"].as_u64().unwrap())
    };
    assert_eq!(list("").await, ((2..12).rev().collect(), 12));
    assert_eq!(list("?_order=desc&_limit=3").await, (vec![11, 10, 9], 12));
    assert_eq!(list("?_order=asc&_limit=2").await, (vec![0, 1], 12));
    assert_eq!(list("?_templates=a&_limit=1").await, (vec![10], 6));
    assert_eq!(list("?_templates=a%7Cb&_limit=1").await, (vec![11], 12));
    assert_eq!(list("?_templates=c").await, (vec![], 0));
    // 09:10, 15:10, 21:10 on the first day, then four a day.
    assert_eq!(
        list("?_endCreatedDate=2024-05-02&_order=asc").await,
        (vec![0, 1, 2], 3)
    );
    assert_eq!(
        list("?_startCreatedDate=2024-05-03&_endCreatedDate=2024-05-03").await,
        (vec![6, 5, 4, 3], 4)
    );
    for query in [
        "_limit=0",
        "_limit=11",
        "_limit=x",
        "_order=up",
        "_startCreatedDate=02/05/2024",
        "_page=2",
        "_limit=1&_limit=1",
    ] {
        assert_error(
            &core_get(&sandbox, &format!("/v1/transactions?{query}")).await,
            400,
        );
    }
    let item = ok(&core_get(&sandbox, "/v1/transactions?_limit=1").await)["items"][0].clone();
    assert_eq!(item["data"], attributes("12345678909"));
    assert_eq!(item["status"], "APPROVED");
}

#[tokio::test]
async fn ocr_answers_at_once() {
    let sandbox = sandbox().await;
    let ocr = async |file: &str, more: Value| {
        let mut body = json!({
            "template": { "services": ["ocr_sync"] },
            "files": [{ "data": format!("https://img.example.com/{file}"), "type": "FRONT", "mimeType": "image/jpeg" }],
        });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ok(&core_post(&sandbox, CREATE, &body).await)
    };
    let read_on = ocr("x.jpg", json!({})).await;
    assert_eq!(
        (&read_on["type"], &read_on["data"]["nome"]),
        (&json!("rg"), &json!("ANA TESTE"))
    );
    assert_eq!(read_on["data"]["nomePai"], "");
    assert!(read_on.get("images").is_none());
    assert_eq!(
        read(&sandbox, read_on["id"].as_str().unwrap()).await["status"],
        "APPROVED"
    );
    assert_eq!(ocr("new_cnh.jpg", json!({})).await["type"], "new_cnh");
    assert_eq!(ocr("invalido.jpg", json!({})).await["data"], json!({}));
    let forced = ocr(
        "x.jpg",
        json!({ "forceDocType": "rg_new", "returnSelectedImages": true }),
    )
    .await;
    assert_eq!(forced["type"], "new_rg");
    assert!(forced["images"]["selectedFront"].is_string());
    let without_files = json!({ "template": { "services": ["ocr_sync"] } });
    assert_error(&core_post(&sandbox, CREATE, &without_files).await, 400);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let sandbox = sandbox().await;
    let good = json!({ "templateId": "t" });
    for path in [
        "/v1/transactions",
        "/v1/transactions?origin=WEB",
        "/v1/transactions?origin=TRUST&x=1",
    ] {
        assert_error(&core_post(&sandbox, path, &good).await, 400);
    }
    for body in [
        json!([]),
        json!({}),
        json!({ "templateId": "t", "parameters": {} }),
        json!({ "templateId": "t", "files": [{ "data": "data:image/png;base64,AAAA", "type": "FRONT" }] }),
        json!({ "templateId": "t", "files": [{ "data": "not-uploaded.bin", "type": "FRONT" }] }),
    ] {
        assert_error(&core_post(&sandbox, CREATE, &body).await, 400);
    }
    assert!(sandbox.caf().account().transactions().is_empty());
    let id = create(&sandbox, json!({})).await;
    assert_error(
        &core_get(&sandbox, "/v1/transactions/64b0c0ffee0000000000bbbb").await,
        404,
    );
    for query in ["_lang=fr", "_includeCroppedImages=1", "_other=true"] {
        assert_error(
            &core_get(&sandbox, &format!("/v1/transactions/{id}?{query}")).await,
            400,
        );
    }
    let query = "_lang=en&_includeCroppedImages=true&_includePfRelationships=false";
    ok(&core_get(&sandbox, &format!("/v1/transactions/{id}?{query}")).await);
}

async fn refusals(sandbox: &Sandbox, path: &str, method: Method) {
    let url = core(sandbox, path);
    let caf = sandbox.caf();
    for (token, status) in [
        (caf.global_token(), 403),
        (caf.token_without_permissions(), 403),
        ("nobody's", 401),
        ("", 401),
    ] {
        assert_error(&send(method.clone(), &url, token, &json!({})).await, status);
    }
    assert_error(&call(method.clone(), &url, &[], "").await, 401);
    let bare = [("authorization", caf.core_token())];
    assert_error(&call(method, &url, &bare, "").await, 401);
}

#[tokio::test]
async fn every_route_asks_for_the_core_token() {
    let sandbox = sandbox().await;
    let id = create(&sandbox, json!({})).await;
    for (path, method) in [
        (CREATE, Method::POST),
        ("/v1/transactions", Method::GET),
        (&format!("/v1/transactions/{id}"), Method::GET),
        ("/v1/onboardings?origin=TRUST", Method::POST),
        ("/v1/people/12345678909", Method::GET),
        ("/v1/companies/12345678000195", Method::GET),
    ] {
        refusals(&sandbox, path, method).await;
    }
    assert_eq!(sandbox.caf().account().transactions().len(), 1);
}
