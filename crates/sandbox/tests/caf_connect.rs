//! CAF Connect: access tokens, transactions, file upload, signed events.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::collections::HashSet;
use std::fmt::Write;
use std::time::Duration;

use http::Method;
use serde_json::{Map, Value, json};
use support::caf_account::{access_token, assert_error, body_of, connect, core_get, ok, send};
use support::cm::hmac;
use support::receiver::Receiver;
use support::{Answer, FORM, builder, call, sandbox};
use url::Url;
use verikit_sandbox::{CafForgery, DeliveryState, Sandbox};

const CREATE: &str = "/v1/transactions?origin=TRUST";

async fn create(sandbox: &Sandbox, body: &Value) -> Answer {
    let token = access_token(sandbox).await;
    send(Method::POST, &connect(sandbox, CREATE), &token, body).await
}

fn is_signed(secret: &str, body: &[u8], signature: &str) -> bool {
    let hex = hmac(secret, body).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    hex == signature
}

#[tokio::test]
async fn a_token_is_given_for_the_right_form_alone() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let url = connect(&sandbox, "/oauth2/token");
    let (id, secret) = (caf.connect_client_id(), caf.connect_client_secret());
    let good = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let answer = call(Method::POST, &url, &[("content-type", FORM)], good.clone()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store")
    );
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert_eq!(body.as_object().unwrap().len(), 3);
    for (form, status) in [
        (format!("client_id={id}&client_secret={secret}"), 400),
        (good.replace("client_credentials", "password"), 400),
        (format!("grant_type=client_credentials&client_id={id}"), 400),
        (format!("{good}&client_id={id}"), 400),
        (good.replace(secret, "wrong"), 401),
        (good.replace(id, "wrong"), 401),
    ] {
        let answer = call(Method::POST, &url, &[("content-type", FORM)], form.clone()).await;
        assert_error(&answer, status);
        assert!(!answer.text().contains(secret), "{form}");
    }
    let as_json = call(
        Method::POST,
        &url,
        &[("content-type", "application/json")],
        good.clone(),
    )
    .await;
    assert_error(&as_json, 400);
    let twice = [("content-type", FORM), ("authorization", "Basic aTpz")];
    assert_error(&call(Method::POST, &url, &twice, good).await, 400);
    assert_error(&call(Method::GET, &url, &[], "").await, 405);
}

#[tokio::test]
async fn every_route_asks_for_an_access_token_that_is_still_valid() {
    let sandbox = builder()
        .caf_connect_token_lifetime(Duration::from_secs(60))
        .start()
        .await
        .unwrap();
    let caf = sandbox.caf();
    let body = json!({ "templateId": "t" });
    let first = access_token(&sandbox).await;
    let url = connect(&sandbox, CREATE);
    let id = ok(&send(Method::POST, &url, &first, &body).await)["id"].clone();
    let one = connect(&sandbox, &format!("/v1/transactions/{}", id.as_str().unwrap()));
    for token in [
        caf.core_token(),
        caf.global_token(),
        caf.connect_client_secret(),
        "",
        "x",
    ] {
        for (method, url) in [
            (Method::POST, &url),
            (Method::GET, &one),
            (Method::POST, &connect(&sandbox, "/v1/transactions/files")),
        ] {
            assert_error(&send(method, url, token, &body).await, 401);
        }
    }
    assert_error(
        &call(Method::GET, &one, &[("authorization", &first)], "").await,
        401,
    );
    assert_error(&call(Method::GET, &one, &[], "").await, 401);
    sandbox.clock().advance(Duration::from_secs(59));
    ok(&send(Method::GET, &one, &first, &Value::Null).await);
    sandbox.clock().advance(Duration::from_secs(1));
    assert_error(&send(Method::GET, &one, &first, &Value::Null).await, 401);
    let second = access_token(&sandbox).await;
    ok(&send(Method::GET, &one, &second, &Value::Null).await);
    caf.revoke_connect_tokens();
    assert_error(&send(Method::GET, &one, &second, &Value::Null).await, 401);
    // An access token of Connect is no token of Trust.
    let third = access_token(&sandbox).await;
    let core = sandbox.caf().core_url().join("/v1/transactions").unwrap();
    assert_error(&send(Method::GET, core.as_str(), &third, &Value::Null).await, 401);
}

#[tokio::test]
async fn connect_and_core_lead_to_one_account() {
    let sandbox = sandbox().await;
    let id = ok(&create(&sandbox, &json!({ "templateId": "t", "metadata": { "n": 1 } })).await)["id"].clone();
    let path = format!("/v1/transactions/{}", id.as_str().unwrap());
    let of_core = ok(&core_get(&sandbox, &path).await);
    let mtls = sandbox.caf().connect_mtls_url().join(&path).unwrap();
    let token = access_token(&sandbox).await;
    let of_connect = ok(&send(Method::GET, mtls.as_str(), &token, &Value::Null).await);
    assert_eq!(of_core["metadata"], json!({ "n": 1 }));
    assert_eq!(
        (&of_core["history"], &of_core["status"]),
        (&of_connect["history"], &of_connect["status"])
    );
    let list = connect(&sandbox, "/v1/transactions");
    assert_error(&send(Method::GET, &list, &token, &Value::Null).await, 405);
}

async fn upload(sandbox: &Sandbox, content_type: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {}", access_token(sandbox).await);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", content_type),
    ];
    call(
        Method::POST,
        &connect(sandbox, "/v1/transactions/files"),
        &headers,
        body.to_owned(),
    )
    .await
}

#[tokio::test]
async fn a_file_is_uploaded_and_used() {
    let sandbox = sandbox().await;
    let form = |head: &str, value: &str| {
        format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n--XX--\r\n")
    };
    let kind = "multipart/form-data; boundary=XX";
    let good = form("name=\"file\"; filename=\"a.jpg\"", "JFIF");
    let answer = ok(&upload(&sandbox, kind, &good).await);
    let filename = answer["data"]["filename"].as_str().unwrap();
    let with = |data: &str| json!({ "templateId": "t", "files": [{ "data": data, "type": "FRONT" }] });
    let id = ok(&create(&sandbox, &with(filename)).await)["id"].clone();
    let read = ok(&core_get(&sandbox, &format!("/v1/transactions/{}", id.as_str().unwrap())).await);
    assert!(read["files"][0]["src"].as_str().unwrap().contains(filename));
    assert_error(&create(&sandbox, &with("other.bin")).await, 400);
    for bad in [
        form("name=\"document\"; filename=\"a.jpg\"", "JFIF"),
        form("name=\"file\"", "JFIF"),
        form("name=\"file\"; filename=\"a.jpg\"", ""),
        good.replace("--XX--", "--XX"),
    ] {
        assert_error(&upload(&sandbox, kind, &bad).await, 400);
    }
    assert_error(&upload(&sandbox, "multipart/form-data", &good).await, 400);
    assert_error(&upload(&sandbox, "application/json", &good).await, 415);
}

#[tokio::test]
async fn events_are_signed_and_wrong_on_request() {
    let mut receiver = Receiver::answering(&[200, 401, 401, 401, 503]).await;
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    let account = caf.account();
    account.set_connect_webhook_url(Some(Url::parse(&receiver.url).unwrap()));
    let id = ok(&create(&sandbox, &json!({ "templateId": "t" })).await)["id"].clone();
    caf.webhooks_settled().await;
    let (headers, body) = receiver.received.recv().await.unwrap();
    assert_eq!(headers["user-agent"], "Caf-Webhook/Connect");
    assert_eq!(headers["content-type"], "application/json");
    assert!(is_signed(
        caf.webhook_secret(),
        &body,
        headers["x-caf-signature"].to_str().unwrap()
    ));
    let event: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        event,
        json!({
            "specversion": "1.0", "type": "TRANSACTIONSTATUSUPDATED", "source": "TRANSACTION",
            "id": event["id"], "time": "2024-05-02T09:10:11.000Z", "datacontenttype": "application/json",
            "data": { "transactionId": id, "status": "APPROVED" },
        })
    );
    assert_eq!(event["id"].as_str().unwrap().len(), 26);

    let mut ids = HashSet::new();
    for forgery in [
        CafForgery::WrongSecret,
        CafForgery::ChangedBody,
        CafForgery::NoSignature,
    ] {
        account.forge_next_connect_event(forgery);
        ids.insert(
            account
                .send_connect_event("FACEAUTHENTICATIONEVENT", "X", Map::new())
                .unwrap(),
        );
        caf.webhooks_settled().await;
        let (headers, body) = receiver.received.recv().await.unwrap();
        let is_right = headers
            .get("x-caf-signature")
            .is_some_and(|value| is_signed(caf.webhook_secret(), &body, value.to_str().unwrap()));
        assert!(!is_right, "{forgery:?}");
        assert_eq!(
            headers.contains_key("x-caf-signature"),
            forgery != CafForgery::NoSignature
        );
        // A refused event is not sent again.
        assert_eq!(caf.webhooks().last().unwrap().state(), DeliveryState::GivenUp);
    }
    assert_eq!(ids.len(), 3);

    // Of the types, only these have documented data.
    let data = json!({ "tenantId": "t", "channel": "sms", "externalId": "e", "notificationId": "n", "system": "s", "occurredOn": "2024-05-02T09:10:11.000Z" });
    let data = data.as_object().unwrap().clone();
    let id = account
        .send_connect_event("COMMUNICATIONCREATEDEVENT", "COMMUNICATION", data.clone())
        .unwrap();
    caf.webhooks_settled().await;
    let (_, first) = receiver.received.recv().await.unwrap();
    sandbox.clock().advance(Duration::from_secs(10));
    caf.webhooks_settled().await;
    let (headers, second) = receiver.received.recv().await.unwrap();
    assert_eq!(first, second);
    assert!(is_signed(
        caf.webhook_secret(),
        &second,
        headers["x-caf-signature"].to_str().unwrap()
    ));
    let event: Value = serde_json::from_slice(&second).unwrap();
    assert_eq!((&event["id"], &event["data"]), (&json!(id), &Value::Object(data)));
    assert!(caf.repeat_webhook(&id) && !caf.repeat_webhook("none"));
    caf.webhooks_settled().await;
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    account.set_connect_webhook_url(None);
    assert!(account.send_connect_event("X", "X", Map::new()).is_none());
}

#[tokio::test]
async fn every_change_has_its_event() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    caf.account()
        .set_connect_webhook_url(Some(Url::parse("https://hooks.example.com/connect").unwrap()));
    let body = json!({ "transactionTemplateId": "t" });
    let core = caf.core_url().join("/v1/onboardings?origin=TRUST").unwrap();
    let link = ok(&send(Method::POST, core.as_str(), caf.core_token(), &body).await);
    let token = link["token"].as_str().unwrap();
    assert!(caf.account().authenticate_face(token, true));
    let page = link["url"].as_str().unwrap();
    let form = [("content-type", FORM)];
    assert_eq!(
        call(Method::POST, page, &form, "outcome=pending").await.status,
        200
    );
    ok(&create(
        &sandbox,
        &json!({ "templateId": "t", "attributes": { "cpf": "90411111111" } }),
    )
    .await);
    let events: Vec<Value> = caf.webhooks().iter().map(body_of).collect();
    let kinds: Vec<&Value> = events.iter().map(|event| &event["type"]).collect();
    assert_eq!(
        kinds,
        [
            "FACEAUTHENTICATIONEVENT",
            "TRANSACTIONPROCESSSTARTEDEVENT",
            "TRANSACTIONSTATUSUPDATED",
            "PROFILEUPDATEDEVENT",
            "TRANSACTIONDOCUMENTSCOPYREQUESTEDEVENT",
        ]
    );
    assert_eq!(events[0]["data"]["isMatch"], true);
    assert_eq!(events[2]["data"]["onboardingId"], link["id"]);
    assert_eq!(events[3]["data"]["cpf"], "12345678909");
}
