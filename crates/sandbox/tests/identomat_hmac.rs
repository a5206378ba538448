//! Identomat: signed requests and signed answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::json;
use support::identomat::{api, begin, post, post_json, post_signed, signature, token};
use support::{Answer, FORM, JSON, builder, call, sandbox};
use verikit_sandbox::{IdentomatCompany, IdentomatHmac, IdentomatOutcome, IdentomatSignature, Sandbox};

/// The contract's key, company and token (contract identomat, 7.1).
const KEY: &str = "test-secret-key-0001";
const G1_BODY: &str = r#"{"company_key":"ck_test_0001","flags":{"language":"en","skip_agreement":true}}"#;
const G1: &str = "signature=\"8HdGAlU+9IqSpDHfFdc+yjWpdN/9p1octXElRMCIBg0=\"";
const G2_BODY: &str = "company_key=ck_test_0001&session_token=0123456789abcdefghij0123456789abcdefghij";
const G2: &str = "signature=\"l6I1+YMqlUcaNx4iWng06qnNdec5Ar5ZCt+oIs0QHBE=\"";
const G3: &str = "signature=\"4TdS2d7RqVvHb83vfLwLC8+emRj1okXcsOq/Qzti5XM=\"";
const G4: &str = "signature=\"frCQbLl3JEErBL3DTFXSMuAg2UQiGytW1yQeDg+aM7M=\"";
const G6: &str = "signature=\"tY/WyEnkZpsjLi5MCaRBfxwtO0yiFvVu7qvTUJnLvo0=\"";
const G7: &str = "signature=\"bnUlieUnd9SOcNcvGfphyW5FPs6g+WUBhT/oOTd8EEI=\"";

async fn with_the_contracts_company() -> Sandbox {
    let company = IdentomatCompany::new("ck_test_0001", KEY).hmac(IdentomatHmac::Required);
    builder().identomat_company(company).start().await.unwrap()
}

async fn send(sandbox: &Sandbox, path: &str, kind: &str, signature: &str, body: impl Into<Bytes>) -> Answer {
    let headers = [("content-type", kind), ("authorization", signature)];
    call(Method::POST, &api(sandbox, path), &headers, body).await
}

fn verdict(sandbox: &Sandbox) -> String {
    sandbox.calls().last().unwrap().authentication().to_owned()
}

#[track_caller]
fn assert_signed(answer: &Answer, secret: &str) {
    assert_eq!(answer.header("authorization"), signature(secret, &answer.body));
}

#[track_caller]
fn assert_refused(sandbox: &Sandbox, answer: &Answer, why: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!("SIGNATURE_INVALID"))
    );
    assert!(!answer.headers.contains_key("authorization"));
    assert_eq!(verdict(sandbox), format!("company_key ok, {why}"));
}

#[tokio::test]
async fn the_contracts_requests_are_accepted_as_they_are_signed_there() {
    let sandbox = with_the_contracts_company().await;
    let answer = send(&sandbox, "begin/", JSON, G1, G1_BODY).await;
    token(&answer);
    assert_signed(&answer, KEY);
    assert_eq!(verdict(&sandbox), "company_key ok, signature ok");
    assert_refused(
        &sandbox,
        &send(&sandbox, "begin/", JSON, G2, G1_BODY).await,
        "wrong signature",
    );
    // One space more is another body, though the same JSON.
    let spaced = G1_BODY.replace(':', ": ");
    assert_refused(
        &sandbox,
        &send(&sandbox, "begin/", JSON, G1, spaced).await,
        "wrong signature",
    );

    let answer = send(&sandbox, "result/", FORM, G2, G2_BODY).await;
    assert_eq!(answer.json(), "SESSION_NOT_FOUND");
    assert!(
        !answer.headers.contains_key("authorization"),
        "errors are not signed"
    );
    assert_eq!(verdict(&sandbox), "company_key ok, signature ok");

    let query = format!("{}?company_key=ck_test_0001", api(&sandbox, "begin/"));
    for method in [Method::GET, Method::POST] {
        let answer = call(method, &query, &[("authorization", G3)], "").await;
        token(&answer);
        assert_signed(&answer, KEY);
    }

    let g4_body = "{\"company_key\":\"ck_test_0001\",\"flags\":{\"language\":\"ka\"},\"note\":\"გამარჯობა\"}";
    assert_eq!(g4_body.len(), 93);
    let answer = send(&sandbox, "begin/", JSON, G4, g4_body).await;
    assert!(
        answer.json()["argumentError"]
            .as_str()
            .unwrap()
            .contains("\"note\"")
    );
    assert_eq!(verdict(&sandbox), "company_key ok, signature ok");
}

fn part(name: &str, file: &str, value: &[u8]) -> Vec<u8> {
    let head = format!("--b1\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), value, b"\r\n"].concat()
}

#[tokio::test]
async fn multipart_is_signed_over_the_values_texts_first() {
    let sandbox = with_the_contracts_company().await;
    let kind = "multipart/form-data; boundary=b1";
    let company = part("company_key", "", b"ck_test_0001");
    let named = part("session_token", "", b"0123456789abcdefghij0123456789abcdefghij");
    let image = part("image", "; filename=\"i\"", b"\xff\xd8\xff\xe0\x00\x10JFIF");
    let end = b"--b1--\r\n".to_vec();
    let bodies = |parts: &[&Vec<u8>]| {
        parts
            .iter()
            .flat_map(|part| part.iter().copied())
            .collect::<Vec<u8>>()
    };

    let texts = bodies(&[&company, &named, &end]);
    let answer = send(&sandbox, "result/", kind, G7, texts.clone()).await;
    assert_eq!(answer.json(), "SESSION_NOT_FOUND");
    assert_eq!(verdict(&sandbox), "company_key ok, signature ok");
    assert_refused(
        &sandbox,
        &send(&sandbox, "result/", kind, G6, texts).await,
        "wrong signature",
    );

    let with_file = bodies(&[&company, &named, &image, &end]);
    let answer = send(&sandbox, "compare-faces/", kind, G6, with_file.clone()).await;
    assert_eq!(verdict(&sandbox), "company_key ok, signature ok");
    assert_eq!(answer.json(), "SESSION_NOT_FOUND");
    for wrong in [
        "TBRuVFVY6yJKRiUxlJ0KuXDFiQWjIBgt48oWFK0aUrg=",
        "rPmqim4wVgkYBug5eOmRg03hOWYI7IvtevGblyz7deQ=",
        "OmOz0ujYQwiaQyxKIL7Ye04U009hwt26E4O6C8caJSM=",
        "JyQ6oWECPH1D3ddHiaNVlh61oAZX1WuW7cKBY1CuTwk=",
    ] {
        let signature = format!("signature=\"{wrong}\"");
        let answer = send(&sandbox, "compare-faces/", kind, &signature, with_file.clone()).await;
        assert_refused(&sandbox, &answer, "wrong signature");
    }
    let file_first = bodies(&[&image, &company, &named, &end]);
    let answer = send(&sandbox, "compare-faces/", kind, G6, file_first).await;
    assert!(
        answer.json()["argumentError"]
            .as_str()
            .unwrap()
            .contains("after a file")
    );
}

#[tokio::test]
async fn a_signature_may_be_required() {
    let sandbox = builder()
        .identomat_hmac(IdentomatHmac::Required)
        .start()
        .await
        .unwrap();
    let secret = sandbox.identomat().secret_key().to_owned();
    assert_refused(
        &sandbox,
        &post(&sandbox, "begin/", json!({})).await,
        "no signature",
    );
    let answer = post_signed(&sandbox, "begin/", json!({}), &secret).await;
    token(&answer);
    assert_signed(&answer, &secret);
    let answer = post_signed(&sandbox, "begin/", json!({}), "another").await;
    assert_refused(&sandbox, &answer, "wrong signature");
    let unknown = post_json(&sandbox, "begin/", &json!({ "company_key": "none" })).await;
    assert_eq!(unknown.json(), "COMPANY_KEY_INVALID");
    assert_eq!(sandbox.identomat().sessions().len(), 1);
}

#[tokio::test]
async fn a_signature_that_may_be_there_must_be_right() {
    let sandbox = sandbox().await;
    let unsigned = post(&sandbox, "begin/", json!({})).await;
    token(&unsigned);
    assert!(!unsigned.headers.contains_key("authorization"));
    let secret = sandbox.identomat().secret_key().to_owned();
    let signed = post_signed(&sandbox, "begin/", json!({}), &secret).await;
    assert_signed(&signed, &secret);
    let wrong = post_signed(&sandbox, "begin/", json!({}), "another").await;
    assert_refused(&sandbox, &wrong, "wrong signature");
    let body = json!({ "company_key": sandbox.identomat().company_key() }).to_string();
    let code = STANDARD.encode([0; 32]);
    let bare = send(&sandbox, "begin/", JSON, &code, body).await;
    assert_refused(
        &sandbox,
        &bare,
        "the Authorization header is not signature=\"...\"",
    );
}

#[tokio::test]
async fn files_are_signed_too() {
    let sandbox = sandbox().await;
    let secret = sandbox.identomat().secret_key().to_owned();
    let token = begin(&sandbox, json!({})).await;
    sandbox.identomat().finish(&token, IdentomatOutcome::Approved);
    let face = post_signed(
        &sandbox,
        "result/face/",
        json!({ "session_token": token }),
        &secret,
    )
    .await;
    assert_eq!(face.header("content-type"), "image/jpeg");
    assert_signed(&face, &secret);
}

#[tokio::test]
async fn the_next_signature_can_be_spoilt() {
    let sandbox = sandbox().await;
    let identomat = sandbox.identomat();
    let secret = identomat.secret_key().to_owned();
    for (spoilt, is_there) in [
        (IdentomatSignature::Missing, false),
        (IdentomatSignature::Wrong, true),
    ] {
        identomat.spoil_next_signature(spoilt);
        // Neither an error nor an unsigned call takes it.
        post_signed(&sandbox, "result/", json!({ "session_token": "none" }), &secret).await;
        post(&sandbox, "begin/", json!({})).await;
        let answer = post_signed(&sandbox, "begin/", json!({}), &secret).await;
        token(&answer);
        assert_eq!(answer.headers.contains_key("authorization"), is_there);
        assert_ne!(answer.header("authorization"), signature(&secret, &answer.body));
        assert_signed(
            &post_signed(&sandbox, "begin/", json!({}), &secret).await,
            &secret,
        );
    }
}
