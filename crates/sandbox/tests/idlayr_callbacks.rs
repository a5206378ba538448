//! IDlayr: callbacks, their forgeries and repeats, published keys, signed redirects. That the signatures fit
//! is the client's test, in `crates/idlayr/tests/sandbox/callbacks.rs`: it shares no code with the sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};
use support::receiver::Receiver;
use support::{Client, call, check_url_of, id_of, url};
use url::Url;
use verikit_sandbox::{
    Delivery, DeliveryState, IdlayrDigest, IdlayrForgery, IdlayrProject, IdlayrSigningKey, Sandbox,
    SandboxBuilder,
};

const EVEN: &str = "447700900042";
const ELSEWHERE: &str = "https://app.example.net/hook?shop=7";

/// With the key that is made in no time.
fn builder() -> SandboxBuilder {
    support::builder().idlayr_signing_key(IdlayrSigningKey::P256)
}

async fn create(client: &Client<'_>, number: &str, callback_url: &str) -> Value {
    let body = json!({ "phone_number": number, "reference_id": "order-77", "callback_url": callback_url });
    let answer = client.create_answer("v0.2", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn complete(client: &Client<'_>, check: &Value) {
    let ended = client.sandbox.device().follow(check_url_of(check)).await.unwrap();
    let code = ended.code().unwrap();
    assert_eq!(client.complete(&id_of(check), &code).await.status, 200);
}

fn body(delivery: &Delivery) -> Value {
    serde_json::from_slice(delivery.body()).unwrap()
}

fn header<'a>(delivery: &'a Delivery, name: &str) -> &'a str {
    delivery.headers()[name].to_str().unwrap()
}

/// The named member of a `Signature`.
fn member(authorization: &str, name: &str) -> String {
    let (_, rest) = authorization.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn jwks(sandbox: &Sandbox) -> Value {
    let answer = call(Method::GET, &url(sandbox, "/.well-known/jwks.json"), &[], "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

#[tokio::test]
async fn every_end_of_a_check_is_told_once() {
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let completed = create(&client, EVEN, ELSEWHERE).await;
    let failed = create(&client, "447700900099", ELSEWHERE).await;
    let expired = create(&client, EVEN, ELSEWHERE).await;
    // Nobody to tell.
    client.create("v0.2", EVEN).await;
    assert!(sandbox.idlayr().callbacks().is_empty());

    sandbox.clock().advance(Duration::from_secs(18));
    complete(&client, &completed).await;
    sandbox.device().follow(check_url_of(&failed)).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(3600));
    sandbox.idlayr().callbacks_settled().await;
    for check in [&completed, &failed, &expired] {
        client.check("v0.2", &id_of(check)).await;
    }

    let told = sandbox.idlayr().callbacks();
    let about = |check: &Value, status: &str, updated_at: &str| {
        json!({
            "check_id": check["check_id"], "status": status, "reference_id": "order-77",
            "charge_amount": 1, "charge_currency": "API",
            "created_at": "2024-05-02T09:10:11+00:00", "updated_at": updated_at,
        })
    };
    let mut first = about(&completed, "COMPLETED", "2024-05-02T09:10:29+00:00");
    first["match"] = json!(true);
    first["network_id"] = json!("23410");
    let mut second = about(&failed, "ERROR", "2024-05-02T09:10:29+00:00");
    second["error_code"] = json!("mno_user_not_found");
    let third = about(&expired, "EXPIRED", "2024-05-02T09:12:11+00:00");
    let bodies: Vec<Value> = told.iter().map(body).collect();
    assert_eq!(bodies, [first, second, third]);
    for delivery in &told {
        assert_eq!(delivery.state(), DeliveryState::NotSent);
        assert_eq!(header(delivery, "content-type"), "application/json");
        assert_eq!(header(delivery, "host"), "app.example.net");
        assert_eq!(header(delivery, "x-tru-callback"), "phone_check");
        let authorization = header(delivery, "authorization");
        assert!(authorization.starts_with("Signature keyId=\""), "{authorization}");
        assert_eq!(
            member(authorization, "headers"),
            "(request-target) host date x-tru-callback digest"
        );
        assert_eq!(member(authorization, "algorithm"), "ecdsa-sha256");
        assert_eq!(
            [member(authorization, "keyId")],
            *sandbox.idlayr().signing_key_ids()
        );
    }
    assert_eq!(header(&told[0], "date"), "Thu, 02 May 2024 09:10:29 GMT");
    // Signed when it is told, not when the time was up.
    assert_eq!(header(&told[2], "date"), "Thu, 02 May 2024 10:10:29 GMT");
}

#[tokio::test]
async fn v0_1_tells_when_the_read_has_fetched_the_result() {
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let body = json!({ "phone_number": EVEN, "callback_url": ELSEWHERE });
    let check = client.create_answer("v0.1", &body).await.json();
    sandbox.device().follow(check_url_of(&check)).await.unwrap();
    assert!(sandbox.idlayr().callbacks().is_empty());
    client.check("v0.1", &id_of(&check)).await;
    assert_eq!(sandbox.idlayr().callbacks().len(), 1);
}

#[tokio::test]
async fn an_expiry_is_told_by_the_clock_alone() {
    let mut receiver = Receiver::answering(&[]).await;
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let check = create(&client, EVEN, &receiver.url).await;
    sandbox.clock().advance(Duration::from_secs(120));
    // Nobody asks the sandbox for anything.
    let (headers, told) = receiver.received.recv().await.unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(
        (&told["check_id"], &told["status"]),
        (&check["check_id"], &json!("EXPIRED"))
    );
    assert_eq!(headers["date"], "Thu, 02 May 2024 09:12:11 GMT");
    assert_eq!(
        format!("http://{}/hook?key=1", headers["host"].to_str().unwrap()),
        receiver.url
    );
}

#[tokio::test]
async fn anything_but_200_is_repeated_in_steps_of_10_seconds_up_to_a_minute() {
    let mut receiver = Receiver::answering(&[500, 404, 204, 302, 401, 503, 418, 200]).await;
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let check = create(&client, EVEN, &receiver.url).await;
    complete(&client, &check).await;
    let idlayr = sandbox.idlayr();
    idlayr.callbacks_settled().await;
    let (headers, first) = receiver.received.recv().await.unwrap();
    for wait in [10, 20, 30, 40, 50, 60] {
        assert_eq!(idlayr.callbacks()[0].state(), DeliveryState::Waiting);
        sandbox.clock().advance(Duration::from_secs(wait - 1));
        idlayr.callbacks_settled().await;
        assert!(receiver.received.try_recv().is_err(), "before {wait} s");
        sandbox.clock().advance(Duration::from_secs(1));
        idlayr.callbacks_settled().await;
        // The same bytes under the same signature, which is not too old after these 210 s.
        let (again, bytes) = receiver.received.recv().await.unwrap();
        assert_eq!(
            (&again["authorization"], &bytes),
            (&headers["authorization"], &first)
        );
    }
    let delivery = idlayr.callbacks().remove(0);
    assert_eq!(
        (delivery.state(), delivery.attempts().len()),
        (DeliveryState::GivenUp, 7)
    );
    assert!(idlayr.repeat_callback(delivery.id()));
    idlayr.callbacks_settled().await;
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    assert_eq!(idlayr.callbacks()[1].state(), DeliveryState::Delivered);
    assert!(!idlayr.repeat_callback("none"));
}

#[tokio::test]
async fn the_checks_callback_url_wins_over_the_projects() {
    let project = IdlayrProject::new("me", "secret")
        .callback_url(Url::parse("https://project.example.net/hook").unwrap());
    let sandbox = builder().idlayr_project(project).start().await.unwrap();
    let client = Client::with(&sandbox, "me", "secret", "phone_check").await;
    complete(&client, &create(&client, EVEN, ELSEWHERE).await).await;
    complete(&client, &client.create("v0.2", EVEN).await).await;
    let told = sandbox.idlayr().callbacks();
    let urls: Vec<&str> = told.iter().map(|delivery| delivery.url().as_str()).collect();
    assert_eq!(urls, [ELSEWHERE, "https://project.example.net/hook"]);
    assert!(!format!("{told:?}").contains("example.net"));
}

#[tokio::test]
async fn forgeries_differ_from_the_truth_each_in_its_own_way() {
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let check = create(&client, EVEN, ELSEWHERE).await;
    let idlayr = sandbox.idlayr();
    let id = id_of(&check);
    assert!(!idlayr.send_callback(&id, None), "it has not ended");
    complete(&client, &check).await;
    let truth = idlayr.callbacks().remove(0);
    let forged = |forgery| {
        assert!(idlayr.send_callback(&id, forgery));
        idlayr.callbacks().pop().unwrap()
    };
    // What is the same in a forgery as in the truth; signatures differ from one to the next.
    let same = |delivery: &Delivery| {
        let header = |name| delivery.headers().get(name) == truth.headers().get(name);
        let key_id = |delivery: &Delivery| {
            Some(member(
                delivery.headers().get("authorization")?.to_str().ok()?,
                "keyId",
            ))
        };
        (
            header("digest"),
            header("date"),
            delivery.body() == truth.body(),
            key_id(delivery) == key_id(&truth),
        )
    };
    for (forgery, expected) in [
        (None, (true, true, true, true)),
        (Some(IdlayrForgery::WrongDigest), (false, true, true, true)),
        (Some(IdlayrForgery::TamperedBody), (true, true, false, true)),
        (Some(IdlayrForgery::StaleDate), (true, false, true, true)),
        (Some(IdlayrForgery::UnknownKey), (true, true, true, false)),
        (Some(IdlayrForgery::WrongKey), (true, true, true, true)),
        (Some(IdlayrForgery::Unsigned), (true, true, true, false)),
    ] {
        assert_eq!(same(&forged(forgery)), expected, "{forgery:?}");
    }
    let tampered = body(&forged(Some(IdlayrForgery::TamperedBody)));
    assert_eq!(tampered["match"], false);
    let stale = forged(Some(IdlayrForgery::StaleDate));
    assert_eq!(header(&stale, "date"), "Thu, 02 May 2024 08:10:11 GMT");
    let unsigned = forged(Some(IdlayrForgery::Unsigned));
    assert!(!unsigned.headers().contains_key("authorization"));
    assert!(!idlayr.send_callback("none", None));
    let untold = client.create("v0.2", EVEN).await;
    complete(&client, &untold).await;
    assert!(!idlayr.send_callback(&id_of(&untold), None), "nobody to tell");
}

#[tokio::test]
async fn digests_are_base64_or_hex() {
    for (digest, length) in [(IdlayrDigest::Base64, 44), (IdlayrDigest::Hex, 64)] {
        let sandbox = builder().idlayr_digest(digest).start().await.unwrap();
        let client = Client::new(&sandbox).await;
        complete(&client, &create(&client, EVEN, ELSEWHERE).await).await;
        let told = sandbox.idlayr().callbacks().remove(0);
        let text = header(&told, "digest").strip_prefix("SHA-256=").unwrap();
        assert_eq!(text.len(), length, "{text}");
    }
}

#[tokio::test]
async fn the_keys_are_published_without_a_token() {
    for (key, kind, members) in [
        (IdlayrSigningKey::Rsa, "RSA", ["n", "e"]),
        (IdlayrSigningKey::P256, "EC", ["x", "y"]),
    ] {
        let sandbox = builder().idlayr_signing_key(key).start().await.unwrap();
        let before = jwks(&sandbox).await;
        assert_eq!(before["keys"].as_array().unwrap().len(), 1);
        assert_eq!(before["keys"][0]["kty"], kind);
        assert_eq!(before["keys"][0]["kid"], sandbox.idlayr().signing_key_ids()[0]);
        for member in members {
            assert!(before["keys"][0][member].is_string(), "{member}");
        }
        assert!(before["keys"][0].get("d").is_none());
        let kid = sandbox.idlayr().rotate_signing_key();
        let after = jwks(&sandbox).await;
        assert_eq!(after["keys"][0], before["keys"][0]);
        assert_eq!(after["keys"][1]["kid"], kid);
        let calls = sandbox.calls();
        assert_eq!(calls[0].authentication(), "none needed (public keys)");
    }
}

#[tokio::test]
async fn redirects_to_a_host_are_signed() {
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let end = async |redirect_url: &str| {
        let body = json!({ "phone_number": EVEN, "redirect_url": redirect_url });
        let check = client.create_answer("v0.2", &body).await.json();
        let ended = sandbox.device().follow(check_url_of(&check)).await.unwrap();
        (id_of(&check), ended)
    };
    let (id, ended) = end("https://app.example.net:8443/done?a=%7e").await;
    let to = ended.redirected_to().unwrap().as_str();
    let code = ended.code().unwrap();
    let signed = format!("https://app.example.net:8443/done?a=%7e&check_id={id}&code={code}&authorization=");
    assert!(to.starts_with(&signed), "{to}");
    let plain = |name: &str| {
        let text = STANDARD.decode(ended.member(name).unwrap()).unwrap();
        String::from_utf8(text).unwrap()
    };
    assert_eq!(plain("date"), "Thu, 02 May 2024 09:10:11 GMT");
    let authorization = plain("authorization");
    assert_eq!(member(&authorization, "headers"), "(request-target) host date");
    // What an app opens by a name of its own has no host to sign.
    let (_, ended) = end("com.example.app:done").await;
    assert_eq!(ended.member("authorization"), None);
}

#[tokio::test]
async fn the_control_api_sends_and_forges_and_rotates() {
    let sandbox = builder().start().await.unwrap();
    let client = Client::new(&sandbox).await;
    let check = create(&client, EVEN, ELSEWHERE).await;
    complete(&client, &check).await;
    let id = id_of(&check);
    let control = |path: &str| sandbox.control_url().join(path).unwrap().to_string();
    let json_type = [("content-type", "application/json")];
    let post = async |path: &str| call(Method::POST, &control(path), &json_type, "{}").await;
    for path in ["callback", "callback/wrong-digest", "callback/unknown-key"] {
        let answer = post(&format!("/api/idlayr/checks/{id}/{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    for path in [
        format!("/api/idlayr/checks/{id}/callback/none"),
        "/api/idlayr/checks/none/callback".to_owned(),
    ] {
        assert_eq!(post(&path).await.status, 404, "{path}");
    }
    let kid = post("/api/idlayr/signing-key/rotate").await.json()["kid"].clone();
    let state = call(Method::GET, &control("/api/state"), &[], "").await.json();
    assert_eq!(state["idlayr"]["signing_keys"][1], kid);
    let callbacks = state["idlayr"]["callbacks"].as_array().unwrap();
    assert_eq!(callbacks.len(), 4);
    for (callback, delivery) in callbacks.iter().zip(sandbox.idlayr().callbacks()) {
        assert_eq!(callback["url"], ELSEWHERE);
        assert_eq!(callback["state"], "not sent");
        assert_eq!(
            callback["headers"]["authorization"],
            header(&delivery, "authorization")
        );
    }
}
