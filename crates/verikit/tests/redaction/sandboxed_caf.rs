//! What the sandbox shows of CAF: no secret, no token, nobody's CPF, face or attributes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use url::{Position, Url};
use verikit_core::Secret;
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_sandbox::{
    CafForgery, CafGlobalStatus, CafMobileKey, CafMobileProduct, CafOnboardingOutcome, CafReview,
    CafSpoiledResponse, Sandbox,
};

use crate::capture::Captured;
use crate::sessions::idlayr::{NUMBER, REFERENCE};

const CPF: &str = "31415926590";

pub(crate) async fn every_type(captured: &Captured) {
    let key = CafMobileKey::new("another-id", REFERENCE).products([CafMobileProduct::FaceLiveness]);
    captured.show(&(key.clone(), CafMobileProduct::FaceRegistration));
    let builder = Sandbox::builder().caf_mobile_key(key);
    captured.show(&builder);
    let sandbox = builder.start().await.unwrap();
    let caf = sandbox.caf();
    caf.account().set_webhook_url(Some(
        format!("https://example.com/?key={REFERENCE}").parse().unwrap(),
    ));
    use_everything(&sandbox).await;

    let account = caf.account();
    let transaction = account.transactions().remove(0);
    let onboarding = account.onboardings().remove(0);
    let orchestrated = caf.global().transactions().remove(0);
    let shown = (
        (caf, caf.mobile(), caf.core_faces(), account, caf.global()),
        (caf.mobile().attempts(), caf.core_faces().attempts()),
        (caf.sdk_sessions(), transaction, onboarding.clone(), orchestrated),
        caf.webhooks(),
    );
    assert!(!shown.1.0.is_empty() && !shown.1.1.is_empty() && !shown.2.0.is_empty());
    assert!(!shown.3.is_empty());
    captured.show(&shown);
    captured.show(&(CafSpoiledResponse::Tampered, CafForgery::WrongSecret));
    let review = CafReview::Reproved {
        code: "50".to_owned(),
    };
    captured.show(&(review, CafOnboardingOutcome::Approved, CafGlobalStatus::Pending));
    let session = &shown.2.0[0];
    for hidden in [
        CPF,
        session.token(),
        onboarding.token(),
        caf.mobile_client_secret(),
        caf.core_token(),
        caf.connect_client_secret(),
        caf.global_token(),
        caf.token_without_permissions(),
        caf.webhook_secret(),
    ] {
        assert!(!format!("{shown:?}{sandbox:?}").contains(hidden), "{shown:?}");
    }
}

/// Leaves something of every kind behind.
async fn use_everything(sandbox: &Sandbox) {
    let caf = sandbox.caf();
    let mobile = mobile_token(sandbox);
    let picture = format!("https://img.example.com/{NUMBER}.jpg");
    let person = json!({ "peopleId": CPF, "imageUrl": picture });
    send(caf.mobile_url(), "/faces/register", &mobile, &person).await;
    send(caf.mobile_url(), "/faces/authenticate", &mobile, &person).await;
    send(caf.sdk_url(), "/bff/session-tokens", &mobile, &Value::Null).await;

    let core = format!("Bearer {}", caf.core_token());
    let face = json!({ "personId": REFERENCE, "imageUrl": picture });
    send(caf.core_url(), "/v1/faces", &core, &face).await;
    sandbox.clock().advance(Duration::from_secs(5));
    assert!(caf.core_faces().attempt(REFERENCE, &picture).is_some());
    let mut create = json!({
        "templateId": "64b0c0ffee0000000000aaaa",
        "attributes": { "cpf": CPF, "name": REFERENCE },
        "metadata": { "reference": REFERENCE },
    });
    send(caf.core_url(), "/v1/transactions?origin=TRUST", &core, &create).await;
    create["type"] = json!("PF");
    create["transactionTemplateId"] = create["templateId"].take();
    create.as_object_mut().unwrap().remove("templateId");
    send(caf.core_url(), "/v1/onboardings?origin=TRUST", &core, &create).await;
    let global = format!("Bearer {}", caf.global_token());
    let orchestration = json!({
        "workflowId": "a-workflow",
        "parameters": { "cpf": CPF, "name": REFERENCE },
        "metadata": { "webhookUrl": format!("https://example.com/?key={REFERENCE}") },
    });
    let path = "/v1/orchestrations/transactions";
    send(caf.global_url(), path, &global, &orchestration).await;
}

fn mobile_token(sandbox: &Sandbox) -> String {
    let caf = sandbox.caf();
    let signer = Hs256::new(&Secret::new(caf.mobile_client_secret()), None).unwrap();
    let claims = Claims::new()
        .text("iss", caf.mobile_client_id())
        .text("peopleId", CPF);
    signer.sign(&claims).expose().to_owned()
}

/// A request that has to succeed: POST with a body, GET without.
async fn send(base: &Url, path: &str, authorization: &str, body: &Value) {
    let (method, body) = match body {
        Value::Null => ("GET", String::new()),
        body => ("POST", body.to_string()),
    };
    let authority = &base[Position::BeforeHost..Position::AfterPort];
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {authority}\r\nauthorization: {authorization}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let authority = authority.to_owned();
    let exchange = move || {
        let mut stream = TcpStream::connect(authority)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    let answer = tokio::task::spawn_blocking(exchange).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
}
