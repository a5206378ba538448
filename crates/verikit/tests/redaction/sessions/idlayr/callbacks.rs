//! Callbacks and redirects with something private in every place that they have.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Request, Response};
use idlayr::testing::ManualClock;
use idlayr::transport::{Body, SharedTransport, TransportError};
use idlayr::{CallbackType, Client};
use rcgen::{KeyPair, SigningKey as _};
use serde_json::json;

use super::{NUMBER, REFERENCE};
use crate::capture::Captured;

const HOST: &str = "app.example.net";
const DATE: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

/// Signed by the key, which has a phone number for a name.
fn signed(key: &KeyPair, target: &str, callback_type: &str, body: &str) -> Request<()> {
    let digest = format!(
        "SHA-256={}",
        STANDARD.encode(digest::digest(&digest::SHA256, body.as_bytes()))
    );
    let message = format!(
        "(request-target): post {target}\nhost: {HOST}\ndate: {DATE}\nx-tru-callback: {callback_type}\ndigest: {digest}"
    );
    let signature = STANDARD.encode(key.sign(message.as_bytes()).unwrap());
    let authorization = format!(
        "Signature keyId=\"{NUMBER}\",algorithm=\"ecdsa-sha256\",headers=\"(request-target) host date x-tru-callback digest\",signature=\"{signature}\""
    );
    Request::post(target)
        .header("authorization", authorization)
        .header("date", DATE)
        .header("x-tru-callback", callback_type)
        .header("digest", digest)
        .body(())
        .unwrap()
}

pub(super) async fn verified_and_refused(captured: &Captured) {
    let key = KeyPair::generate().unwrap();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let point = key.public_key_raw();
    let (x, y) = (text(&point[1..33]), text(&point[33..]));
    let keys = json!({"keys": [{"kty": "EC", "kid": NUMBER, "crv": "P-256", "x": x, "y": y}]}).to_string();
    let transport = SharedTransport::new(move |_: Request<Bytes>| {
        let keys = keys.clone();
        async { Ok::<_, TransportError>(Response::new(Body::from(keys))) }
    });
    let clock = ManualClock::new();
    let builder = Client::builder("client-1", "secret-1")
        .transport(transport)
        .clock(clock.shared());
    let client = builder.build().unwrap();
    let callbacks = client.callbacks(HOST).unwrap();
    captured.show(&callbacks);
    captured.show_failure(client.callbacks(&format!("{REFERENCE}/{NUMBER}")));
    let call = client.signing_keys();
    captured.show(&call);
    captured.add("Display", call.prepare().unwrap());
    captured.show(&call.send_with_metadata().await.unwrap());
    captured.show(&client.signing_keys().await.unwrap());

    let target = format!("/hook?number={NUMBER}");
    let body = format!(
        r#"{{"check_id":"{NUMBER}","status":"{NUMBER}","error_code":"{NUMBER}","reference_id":"{REFERENCE}","network_id":"{NUMBER}","charge_currency":"{NUMBER}","created_at":"{NUMBER}"}}"#
    );
    let (good, ()) = signed(&key, &target, NUMBER, &body).into_parts();
    let callback = callbacks.verify(&good, body.clone()).await.unwrap();
    assert_eq!(callback.replay_key(), format!("{NUMBER}/{NUMBER}/{NUMBER}"));
    captured.show(&callback);
    captured.show(&callback.check);
    captured.show(&callback.check.clone().into_inner());
    captured.show(&CallbackType::from(NUMBER));

    let unreadable = format!(r#"{{"check_id":"{NUMBER}","status":7,"match":"{REFERENCE}"}}"#);
    let (parts, ()) = signed(&key, &target, NUMBER, &unreadable).into_parts();
    captured.show_failure(callbacks.verify(&parts, unreadable).await);
    captured.show_failure(callbacks.verify(&good, body.clone() + " ").await);
    for (name, value) in [
        ("digest", REFERENCE),
        ("date", NUMBER),
        ("x-tru-callback", REFERENCE),
        ("authorization", REFERENCE),
    ] {
        let mut parts = good.clone();
        parts.headers.insert(name, value.parse().unwrap());
        captured.show_failure(callbacks.verify(&parts, body.clone()).await);
    }
    let mut parts = good.clone();
    let other = good.headers["authorization"]
        .to_str()
        .unwrap()
        .replace(NUMBER, REFERENCE);
    parts.headers.insert("authorization", other.parse().unwrap());
    captured.show_failure(callbacks.verify(&parts, body).await);

    let text = |text: &str| STANDARD.encode(text).replace('=', "");
    let authorization = format!(
        "Signature keyId=\"{NUMBER}\",headers=\"(request-target) host date\",signature=\"{}\"",
        STANDARD.encode(
            key.sign(format!("(request-target): get /{NUMBER}\nhost: {HOST}\ndate: {DATE}").as_bytes())
                .unwrap()
        )
    );
    let query = |authorization: &str| {
        format!("authorization={}&date={}", text(authorization), text(DATE)).replace('+', "%2B")
    };
    let valid = callbacks
        .verify_redirect(&format!("/{NUMBER}?{}", query(&authorization)))
        .await
        .unwrap();
    assert!(valid.is_valid());
    captured.show(&valid);
    captured.show(&callbacks.verify_redirect(&format!("/{NUMBER}")).await.unwrap());
    for url in [
        format!("/{NUMBER}?code={REFERENCE}&{}", query(&authorization)),
        format!("/{NUMBER}?{}", query(REFERENCE)),
        format!("/{NUMBER}?date={REFERENCE}"),
    ] {
        captured.show_failure(callbacks.verify_redirect(&url).await);
    }
}
