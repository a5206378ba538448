//! Callbacks and redirects that a platform signs whose code is not the client's.

#[path = "../../examples/callback_server.rs"]
mod callback_server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use callback_server::Checks;
use http::request::Parts;
use http::{Method, Request, StatusCode};
use idlayr::{Callback, CallbackType, Callbacks, CheckStatus, Client, Error, ErrorKind, RedirectSignature};
use url::Position;
use verikit_sandbox::{
    Delivery, DeliveryState, IdlayrDigest, IdlayrForgery, IdlayrSigningKey, Sandbox, SandboxClock,
};

use crate::support::{FAILS, MATCHES, MATCHES_NOT, builder, client, code, device, number};

const HOST: &str = "app.example.net";
/// Where nothing is sent: the test carries it to the verifier.
const ELSEWHERE: &str = "https://app.example.net/idlayr/callback?shop=7";

/// The client's clock is the real one, and so is this sandbox's.
async fn sandbox(key: IdlayrSigningKey, digest: IdlayrDigest) -> Sandbox {
    let builder = builder().clock(SandboxClock::system());
    let builder = builder.idlayr_signing_key(key).idlayr_digest(digest);
    builder.start().await.unwrap()
}

async fn with_p256() -> Sandbox {
    sandbox(IdlayrSigningKey::P256, IdlayrDigest::Base64).await
}

/// Brings a check of this number to its end, and gives its id.
async fn ended(sandbox: &Sandbox, client: &Client, text: &str, callback_url: &str) -> String {
    let create = client.phone_checks().create(number(text));
    let check = create
        .reference_id("order-77")
        .callback_url(callback_url)
        .await
        .unwrap();
    if text == FAILS {
        device(sandbox, &check).await;
    } else {
        let code = code(sandbox, &check).await;
        client
            .phone_checks()
            .complete(&check.check_id, &code)
            .await
            .unwrap();
    }
    check.check_id.as_str().to_owned()
}

/// The newest callback as it would have arrived.
fn arrived(sandbox: &Sandbox) -> (Parts, Delivery) {
    let delivery = sandbox.idlayr().callbacks().pop().unwrap();
    let mut request = Request::new(());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = delivery.url()[Position::BeforePath..Position::AfterQuery]
        .parse()
        .unwrap();
    *request.headers_mut() = delivery.headers().clone();
    (request.into_parts().0, delivery)
}

async fn verified(sandbox: &Sandbox, callbacks: &Callbacks) -> Result<Callback, Error> {
    let (parts, delivery) = arrived(sandbox);
    callbacks.verify(&parts, delivery.body().clone()).await
}

fn key_fetches(sandbox: &Sandbox) -> usize {
    let calls = sandbox.calls();
    let fetches = calls
        .iter()
        .filter(|call| call.path() == "/.well-known/jwks.json");
    fetches.count()
}

#[tokio::test]
async fn every_outcome_is_told_under_either_key_and_either_digest() {
    for key in [IdlayrSigningKey::Rsa, IdlayrSigningKey::P256] {
        for digest in [IdlayrDigest::Base64, IdlayrDigest::Hex] {
            let sandbox = sandbox(key, digest).await;
            let client = client(&sandbox);
            let callbacks = client.callbacks(HOST).unwrap();
            for (text, status, verdict) in [
                (MATCHES, CheckStatus::Completed, Some(true)),
                (MATCHES_NOT, CheckStatus::Completed, Some(false)),
                (FAILS, CheckStatus::Error, None),
            ] {
                let id = ended(&sandbox, &client, text, ELSEWHERE).await;
                let callback = verified(&sandbox, &callbacks).await.unwrap();
                assert_eq!(callback.callback_type, CallbackType::PhoneCheck);
                assert_eq!(callback.check.check_id.as_str(), id);
                assert_eq!(
                    (&callback.check.status, callback.check.verdict()),
                    (&status, verdict)
                );
                assert_eq!(callback.check.reference_id.as_ref().unwrap().expose(), "order-77");
            }
            assert_eq!(key_fetches(&sandbox), 1, "{key:?}");
        }
    }
}

#[tokio::test]
async fn forgeries_are_refused_and_the_truth_is_taken_after_them() {
    let sandbox = with_p256().await;
    let client = client(&sandbox);
    let callbacks = client.callbacks(HOST).unwrap();
    let id = ended(&sandbox, &client, MATCHES_NOT, ELSEWHERE).await;
    verified(&sandbox, &callbacks).await.unwrap();
    for (forgery, fetches) in [
        (IdlayrForgery::WrongDigest, 1),
        (IdlayrForgery::TamperedBody, 1),
        (IdlayrForgery::StaleDate, 1),
        (IdlayrForgery::WrongKey, 1),
        (IdlayrForgery::Unsigned, 1),
        // The key may be new: it is looked for, once.
        (IdlayrForgery::UnknownKey, 2),
        (IdlayrForgery::UnknownKey, 2),
    ] {
        assert!(sandbox.idlayr().send_callback(&id, Some(forgery)));
        let error = verified(&sandbox, &callbacks).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{forgery:?}");
        assert_eq!(key_fetches(&sandbox), fetches, "{forgery:?}");
    }
    assert!(sandbox.idlayr().send_callback(&id, None));
    let callback = verified(&sandbox, &callbacks).await.unwrap();
    assert_eq!(callback.check.verdict(), Some(false));

    // The same bytes at another receiver's, and at another path.
    let other = client.callbacks("other.example.net").unwrap();
    assert_eq!(
        verified(&sandbox, &other).await.unwrap_err().kind(),
        ErrorKind::Signature
    );
    let (mut parts, delivery) = arrived(&sandbox);
    parts.uri = "/idlayr/callback?shop=8".parse().unwrap();
    let error = callbacks
        .verify(&parts, delivery.body().clone())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
}

#[tokio::test]
async fn a_new_key_is_fetched_when_it_is_first_met_and_the_old_one_still_fits() {
    let sandbox = with_p256().await;
    let client = client(&sandbox);
    let callbacks = client.callbacks(HOST).unwrap();
    let id = ended(&sandbox, &client, MATCHES, ELSEWHERE).await;
    verified(&sandbox, &callbacks).await.unwrap();
    let old = sandbox.idlayr().callbacks()[0].id().to_owned();

    let kid = sandbox.idlayr().rotate_signing_key();
    assert!(sandbox.idlayr().send_callback(&id, None));
    verified(&sandbox, &callbacks).await.unwrap();
    assert_eq!(key_fetches(&sandbox), 2);
    assert!(sandbox.idlayr().repeat_callback(&old));
    verified(&sandbox, &callbacks).await.unwrap();
    assert_eq!(key_fetches(&sandbox), 2);
    let keys = client.signing_keys().await.unwrap();
    assert_eq!(
        keys.key_ids().collect::<Vec<_>>(),
        sandbox.idlayr().signing_key_ids()
    );
    assert!(keys.key_ids().any(|id| id == kid));
}

#[tokio::test]
async fn a_server_is_told_over_http_and_told_again_until_it_answers() {
    let sandbox = with_p256().await;
    let client = client(&sandbox);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let url = format!("http://{host}/idlayr/callback");
    let checks = Checks::default();
    // It is down when the first two deliveries come.
    let down = Arc::new(AtomicUsize::new(2));
    let router = callback_server::router(client.callbacks(&host).unwrap(), checks.clone());
    let router = router.layer(from_fn(move |request: axum::extract::Request, next: Next| {
        let is_down = down
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok();
        async move {
            if is_down {
                StatusCode::BAD_GATEWAY.into_response()
            } else {
                next.run(request).await
            }
        }
    }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let idlayr = sandbox.idlayr();
    let check = client
        .phone_checks()
        .create(number(MATCHES))
        .callback_url(&url)
        .await
        .unwrap();
    checks.began(&check.check_id);
    let code = code(&sandbox, &check).await;
    client
        .phone_checks()
        .complete(&check.check_id, &code)
        .await
        .unwrap();
    idlayr.callbacks_settled().await;
    for wait in [10, 20] {
        assert_eq!(idlayr.callbacks()[0].state(), DeliveryState::Waiting);
        assert_eq!(checks.result(&check.check_id), None);
        sandbox.clock().advance(Duration::from_secs(wait));
        idlayr.callbacks_settled().await;
    }
    assert_eq!(idlayr.callbacks()[0].state(), DeliveryState::Delivered);
    assert_eq!(checks.result(&check.check_id), Some(Some(true)));

    // What comes again is taken, and handled once; what is forged is refused, and nothing changes.
    let id = idlayr.callbacks()[0].id().to_owned();
    assert!(idlayr.repeat_callback(&id));
    let forged = Some(IdlayrForgery::TamperedBody);
    assert!(idlayr.send_callback(check.check_id.as_str(), forged));
    idlayr.callbacks_settled().await;
    let last = |callback: &Delivery| callback.attempts().last().unwrap().status().unwrap().as_u16();
    let answers: Vec<u16> = idlayr.callbacks().iter().map(last).collect();
    assert_eq!(answers, [200, 200, 401]);
    assert_eq!(checks.handled(), 1);
    assert_eq!(checks.result(&check.check_id), Some(Some(true)));
}

#[tokio::test]
async fn a_check_that_expired_is_told_of_without_a_verdict() {
    let sandbox = with_p256().await;
    let client = client(&sandbox);
    let create = client.phone_checks().create(number(MATCHES));
    let check = create.callback_url(ELSEWHERE).await.unwrap();
    assert!(sandbox.idlayr().expire_check(check.check_id.as_str()));
    let callbacks = client.callbacks(HOST).unwrap();
    let callback = verified(&sandbox, &callbacks).await.unwrap();
    assert_eq!(callback.check.status, CheckStatus::Expired);
    assert_eq!(callback.check.verdict(), None);
}

#[tokio::test]
async fn redirects_are_verified_over_their_host_path_and_query() {
    for key in [IdlayrSigningKey::Rsa, IdlayrSigningKey::P256] {
        let sandbox = sandbox(key, IdlayrDigest::Base64).await;
        let client = client(&sandbox);
        let create = client.phone_checks().create(number(MATCHES));
        let check = create
            .reference_id("order 77&code=x")
            .redirect_url("https://app.example.net:8443/done?session=%7e1+2")
            .await
            .unwrap();
        let ended = sandbox.device().follow(check.check_url.expose()).await.unwrap();
        let url = ended.redirected_to().unwrap().as_str();
        let callbacks = client.callbacks("app.example.net:8443").unwrap();
        let target = url.strip_prefix("https://app.example.net:8443").unwrap();
        for text in [url, target] {
            assert!(
                callbacks.verify_redirect(text).await.unwrap().is_valid(),
                "{key:?}"
            );
        }
        let code = ended.code().unwrap();
        for tampered in [
            url.replace(&code, "0000000000"),
            url.replace("/done?", "/done/?"),
            url.replace("session=", "Session="),
        ] {
            let error = callbacks.verify_redirect(&tampered).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Signature, "{tampered}");
        }
        let elsewhere = client.callbacks("app.example.net").unwrap();
        let error = elsewhere.verify_redirect(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature);
        let (unsigned, _) = url.split_once("&authorization=").unwrap();
        let signature = callbacks.verify_redirect(unsigned).await.unwrap();
        assert_eq!(signature, RedirectSignature::Absent);
    }
}
