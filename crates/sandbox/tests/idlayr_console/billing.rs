//! What the workspace is paid with.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::{IdlayrProject, ProjectMode};

use crate::support::{self, Client, JSON, sandbox};
use crate::{EVEN, available, console, delete, listed, post, self_of, workspace};

async fn card(console: &Client<'_>, workspace: &str) -> Value {
    let list = console.get(&format!("{workspace}/payment_methods")).await.json();
    let methods = list["_embedded"]["payment_methods"].as_array().unwrap();
    assert_eq!(methods.len(), 1);
    methods[0].clone()
}

#[tokio::test]
async fn the_account_is_written_whole() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let path = format!("{}/billing_account", workspace(&console).await);
    let answer = console.get(&path).await;
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let before = answer.json();
    assert_eq!(before["billing_mode"], "PREPAID");
    assert!(before["billing_id"].is_string() && before["company_name"].is_string());

    let put = async |body: &Value| console.send(Method::PUT, &path, JSON, body.to_string()).await;
    let answer = put(&json!({
        "company_name": "Example Ltd", "address1": "1 High Street", "city": "London", "zip": "N1 1AA",
        "country": "FR", "terms": true, "contact_name": null, "later": 1,
    }))
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let written = json!({
        "billing_id": before["billing_id"], "billing_mode": "PREPAID",
        "company_name": "Example Ltd", "address1": "1 High Street", "city": "London", "zip": "N1 1AA",
        "country": "FR", "terms": true,
    });
    assert_eq!(answer.json(), written);
    assert_eq!(console.get(&path).await.json(), written);
    for bad in [
        json!({ "company_name": 1 }),
        json!({ "country": "GBR" }),
        json!({ "country": "1é" }),
        json!({ "billing_mode": "FREE" }),
        json!({ "billing_id": "another" }),
        json!([]),
    ] {
        put(&bad).await.assert_problem(400, "bad_request");
    }
    assert_eq!(console.get(&path).await.json(), written);
    // What was read can be written back.
    assert_eq!(put(&before).await.json(), before);
    let text = console.send(Method::PUT, &path, "text/plain", "{}").await;
    assert_eq!(text.status, 415);
}

#[tokio::test]
async fn a_top_up_raises_the_balance_that_live_checks_are_paid_from() {
    let project = IdlayrProject::new("me", "secret").mode(ProjectMode::Live);
    let builder = support::builder().idlayr_project(project).idlayr_balance(0);
    let sandbox = builder.start().await.unwrap();
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let live = Client::with(&sandbox, "me", "secret", "phone_check").await;
    let number = json!({ "phone_number": EVEN });
    assert_eq!(live.create_answer("v0.2", &number).await.status, 402);

    let card = card(&console, &path).await;
    let top_ups = format!("{path}/topups");
    let request = |amount: &str| {
        format!(
            r#"{{"payment_method_id":{},"currency":"EUR","amount":{amount}}}"#,
            card["id"]
        )
    };
    // A tenth is no check yet. Both types of the body are documented.
    let answer = console.send(Method::POST, &top_ups, JSON, request("0.10")).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(available(&console, &path).await, json!(0.1));
    assert_eq!(live.create_answer("v0.2", &number).await.status, 402);
    sandbox.clock().advance(Duration::from_secs(10));
    let hal = "application/hal+json";
    let answer = console
        .send(Method::POST, &top_ups, hal, request("12.5001"))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("content-type"), hal);
    let created = answer.json();
    let account = console.get(&format!("{path}/billing_account")).await.json();
    let expected = json!({
        "top_up_id": created["top_up_id"], "type": "CARD", "billing_id": account["billing_id"],
        "currency": "EUR", "amount": 12.5001, "created_at": "2024-05-02T09:10:21+00:00",
        "_links": { "self": { "href": self_of(&created) } },
    });
    assert_eq!(created, expected);
    assert!(self_of(&created).starts_with(&top_ups));
    assert_eq!(available(&console, &path).await, json!(12.6001));
    assert_eq!(live.create("v0.2", EVEN).await["snapshot_balance"], 11.6001);

    let list = console.get(&top_ups).await;
    assert_eq!(list.header("content-type"), hal);
    let list = list.json();
    assert_eq!(list["_embedded"]["top_ups"][1], created);
    assert_eq!(list["_links"], json!({ "self": { "href": top_ups } }));
    let ids = listed(&list, "top_ups", "top_up_id");
    for (query, expected) in [
        ("search=amount>1", vec![ids[1]]),
        ("search=amount<=0.1000", vec![ids[0]]),
        (
            "search=created_at<2024-05-02T09:10:20Z;currency==EUR",
            vec![ids[0]],
        ),
        ("search=currency==USD", vec![]),
        ("sort=amount,desc", vec![ids[1], ids[0]]),
        ("sort=created_at,asc", vec![ids[0], ids[1]]),
    ] {
        let found = console.get(&format!("{top_ups}?{query}")).await.json();
        assert_eq!(listed(&found, "top_ups", "top_up_id"), expected, "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_topped_up_leaves_the_balance_as_it_is() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let top_ups = format!("{path}/topups");
    let card = card(&console, &path).await;
    let good = json!({ "payment_method_id": card["id"], "currency": "EUR", "amount": 25 });
    for (member, bad) in [
        ("payment_method_id", json!("00000000-0000-4000-8000-000000000000")),
        ("payment_method_id", Value::Null),
        ("currency", json!("XYZ")),
        ("currency", Value::Null),
        ("amount", json!(0)),
        ("amount", json!(-1)),
        ("amount", json!(0.00001)),
        ("amount", json!("25")),
        ("amount", json!(u64::MAX)),
        ("amount", json!(1e30)),
    ] {
        let mut request = good.clone();
        request[member] = bad;
        let answer = post(&console, &top_ups, &request).await;
        answer.assert_problem(400, "bad_request");
    }
    for whole in [99_999_999_999_u64, 1] {
        let mut request = good.clone();
        request["amount"] = json!(whole);
        let expected = if whole == 1 { 201 } else { 400 };
        assert_eq!(post(&console, &top_ups, &request).await.status, expected);
    }
    assert_eq!(
        console
            .send(Method::POST, &top_ups, "", good.to_string())
            .await
            .status,
        415
    );
    assert_eq!(available(&console, &path).await, 101);
    let list = console.get(&top_ups).await.json();
    assert_eq!(list["_embedded"]["top_ups"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_card_pays_for_nothing() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let methods = format!("{path}/payment_methods");
    let card = card(&console, &path).await;
    let expected = json!({
        "id": card["id"], "last_four_digits": "4242", "expiry_month": 12, "expiry_year": 2027,
    });
    assert_eq!(card, expected);
    let one = format!("{methods}/{}", card["id"].as_str().unwrap());
    let answer = console.get(&one).await;
    assert_eq!(answer.header("content-type"), "application/hal+json");
    assert_eq!(answer.json(), card);
    for (query, expected) in [("search=expiry_year>=2027", 1), ("search=expiry_year<2027", 0)] {
        let list = console
            .get(&format!("{methods}?{query}&sort=expiry_month,asc"))
            .await
            .json();
        assert_eq!(
            list["_embedded"]["payment_methods"].as_array().unwrap().len(),
            expected
        );
    }

    let request = json!({ "payment_method_id": card["id"], "currency": "GBP", "amount": 25 });
    assert_eq!(
        post(&console, &format!("{path}/topups"), &request).await.status,
        201
    );
    let answer = delete(&console, &one).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""));
    delete(&console, &one).await.assert_problem(404, "");
    console.get(&one).await.assert_problem(404, "");
    let answer = post(&console, &format!("{path}/topups"), &request).await;
    answer.assert_problem(400, "bad_request");
    assert_eq!(available(&console, &path).await, 125);
    let list = console.get(&methods).await.json();
    let expected = json!({
        "_embedded": { "payment_methods": [] }, "_links": { "self": { "href": methods } },
    });
    assert_eq!(list, expected);
}

#[tokio::test]
async fn lists_without_links_are_whole_unless_a_page_is_asked_for() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let top_ups = format!("{path}/topups");
    let card = card(&console, &path).await;
    for amount in 1..=12 {
        let request = json!({ "payment_method_id": card["id"], "currency": "USD", "amount": amount });
        assert_eq!(post(&console, &top_ups, &request).await.status, 201);
    }
    let whole = console.get(&top_ups).await.json();
    assert_eq!(whole["_embedded"]["top_ups"].as_array().unwrap().len(), 12);
    assert!(whole.get("page").is_none());
    for (query, size, first, count) in [
        ("page=2", 10, 11, 2),
        ("size=5", 5, 1, 5),
        ("size=5&page=3", 5, 11, 2),
    ] {
        let list = console.get(&format!("{top_ups}?{query}")).await.json();
        let items = list["_embedded"]["top_ups"].as_array().unwrap();
        assert_eq!(
            (items[0]["amount"].as_u64().unwrap(), items.len()),
            (first, count)
        );
        let page = &list["page"];
        assert_eq!(
            (&page["size"], &page["total_elements"]),
            (&json!(size), &json!(12))
        );
        assert_eq!(list["_links"].as_object().unwrap().len(), 1);
    }
    let read = console.get(&format!("{top_ups}?size=5&page=3")).await.json();
    assert_eq!(self_of(&read), format!("{top_ups}?page=3&size=5"));
}
