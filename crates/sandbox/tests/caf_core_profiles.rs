//! CAF Core: onboarding links with the page for the end user, and the profiles of people and companies.

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
use support::caf_account::{assert_error, body_of, core_get, core_post, create, ok, read};
use support::{Answer, FORM, builder, call, sandbox};
use url::Url;
use verikit_sandbox::{CafOnboardingOutcome, CafReview, Sandbox};

const LINKS: &str = "/v1/onboardings?origin=TRUST";

fn hook(name: &str) -> Option<Url> {
    Some(Url::parse(&format!("https://hooks.example.com/{name}")).unwrap())
}

async fn link(sandbox: &Sandbox, mut body: Value) -> Value {
    body["transactionTemplateId"] = json!("t");
    ok(&core_post(sandbox, LINKS, &body).await)
}

async fn choose(url: &str, form: &str) -> Answer {
    call(Method::POST, url, &[("content-type", FORM)], form.to_owned()).await
}

/// Path and body of every webhook so far.
fn told(sandbox: &Sandbox) -> Vec<(String, Value)> {
    let webhooks = sandbox.caf().webhooks();
    webhooks
        .iter()
        .map(|delivery| (delivery.url().path().to_owned(), body_of(delivery)))
        .collect()
}

#[tokio::test]
async fn an_end_user_goes_through_a_link() {
    let sandbox = sandbox().await;
    let account = sandbox.caf().account();
    account.set_webhook_url(hook("template"));
    account.set_profile_webhook_url(hook("profile"));
    let body = json!({
        "type": "PF",
        "email": "ana@example.com",
        "attributes": { "cpf": "12345678909", "name": "Ana Teste" },
        "variables": { "plan": "gold" },
        "metadata": { "orderId": "A-17" },
    });
    let link = link(&sandbox, body).await;
    let (url, id, token) = (
        link["url"].as_str().unwrap(),
        &link["id"],
        link["token"].as_str().unwrap(),
    );
    assert!(url.contains(token) && url.starts_with(sandbox.caf().core_url().as_str()));

    let page = call(Method::GET, url, &[], "").await;
    assert_eq!(
        (page.status.as_u16(), page.header("cache-control")),
        (200, "no-store")
    );
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let html = page.text();
    for name in [
        "approved",
        "reproved",
        "pending",
        "processing",
        "match",
        "no-match",
    ] {
        assert!(html.contains(&format!("value=\"{name}\"")), "{name}");
    }
    assert_eq!(
        sandbox.calls().last().unwrap().authentication(),
        "none needed (end user)"
    );
    for refused in ["", "outcome=perhaps", "face=perhaps"] {
        assert_eq!(choose(url, refused).await.status, 400, "{refused}");
    }
    assert!(told(&sandbox).is_empty());

    assert_eq!(choose(url, "face=no-match").await.status, 200);
    assert_eq!(choose(url, "outcome=approved").await.status, 200);
    for late in ["outcome=reproved", "face=match"] {
        assert_eq!(choose(url, late).await.status, 409);
    }
    assert!(!call(Method::GET, url, &[], "").await.text().contains("<button"));

    let transactions = account.transactions();
    assert_eq!(transactions.len(), 1);
    assert_eq!(transactions[0].onboarding_id(), id.as_str());
    let told = told(&sandbox);
    let paths: Vec<&str> = told.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/template", "/template", "/template", "/profile"]);
    let face = &told[0].1;
    assert_eq!(
        face,
        &json!({
            "tenant": "sandbox", "onboardingId": id, "type": "face_authentication",
            "personId": "12345678909", "attemptId": face["attemptId"], "isMatch": false,
            "date": "2024-05-02T09:10:11.000Z", "onboardingToken": token,
        })
    );
    for ((_, body), (kind, status)) in told[1..3]
        .iter()
        .zip([("process_started", "PROCESSING"), ("status_updated", "APPROVED")])
    {
        assert_eq!((&body["type"], &body["status"]), (&json!(kind), &json!(status)));
        assert_eq!(
            (&body["report"], &body["onboardingId"]),
            (&json!(transactions[0].id()), id)
        );
        assert_eq!(body["variables"], json!({ "plan": "gold" }));
    }
    let profile = &told[3].1;
    assert_eq!(
        profile,
        &json!({
            "profileId": profile["profileId"], "type": "PF", "status": "APPROVED",
            "updatedAt": "2024-05-02T09:10:11.000Z", "cpf": "12345678909",
        })
    );
    let transaction = read(&sandbox, transactions[0].id()).await;
    assert_eq!(transaction["metadata"], json!({ "orderId": "A-17" }));
    let debug = format!("{:?}", account.onboardings());
    assert!(!debug.contains(token), "{debug}");
}

#[tokio::test]
async fn every_end_of_a_link_can_be_chosen() {
    let sandbox = sandbox().await;
    for (outcome, status) in [
        (CafOnboardingOutcome::Approved, "APPROVED"),
        (CafOnboardingOutcome::Reproved, "REPROVED"),
        (CafOnboardingOutcome::Pending, "PENDING"),
        (CafOnboardingOutcome::Processing, "PROCESSING"),
    ] {
        let link = link(&sandbox, json!({})).await;
        let token = link["token"].as_str().unwrap();
        let account = sandbox.caf().account();
        let transaction = account.finish_onboarding(token, outcome).unwrap();
        assert_eq!(transaction.status(), status);
        assert!(account.finish_onboarding(token, outcome).is_none());
        assert!(!account.authenticate_face(token, true));
    }
    // Who was not named turns out to be somebody.
    ok(&core_get(&sandbox, "/v1/people/123.456.789-09").await);
}

#[tokio::test]
async fn a_link_expires_unless_it_may_not() {
    let sandbox = sandbox().await;
    let short = link(&sandbox, json!({})).await;
    let long = link(&sandbox, json!({ "noExpire": true })).await;
    sandbox.clock().advance(Duration::from_secs(7 * 24 * 60 * 60));
    for (link, status) in [(&short, 410), (&long, 200)] {
        let url = link["url"].as_str().unwrap();
        assert_eq!(call(Method::GET, url, &[], "").await.status, status);
        assert_eq!(choose(url, "outcome=pending").await.status, status);
    }
    let unknown = format!("{}onboarding?token=nobody", sandbox.caf().core_url());
    assert_eq!(call(Method::GET, &unknown, &[], "").await.status, 404);
    assert_eq!(sandbox.caf().account().transactions().len(), 1);
}

#[tokio::test]
async fn a_link_is_asked_for_properly() {
    let sandbox = sandbox().await;
    for body in [
        json!({}),
        json!({ "transactionTemplateId": "t", "type": "XX" }),
        json!({ "transactionTemplateId": "t", "type": "PF_PF" }),
        json!({ "transactionTemplateId": "t", "type": "PF", "transactionPFTemplateId": "u" }),
        json!({ "transactionTemplateId": "t", "email": "" }),
        json!({ "transactionTemplateId": "t", "noExpire": "true" }),
        json!({ "transactionTemplateId": "t", "attributes": { "cpf": "1" } }),
        json!({ "transactionTemplateId": "t", "_callbackUrl": "x" }),
    ] {
        assert_error(&core_post(&sandbox, LINKS, &body).await, 400);
    }
    assert_error(
        &core_post(
            &sandbox,
            "/v1/onboardings",
            &json!({ "transactionTemplateId": "t" }),
        )
        .await,
        400,
    );
    assert!(sandbox.caf().account().onboardings().is_empty());
    link(
        &sandbox,
        json!({ "type": "PF_PF", "transactionPFTemplateId": "u", "noNotification": true }),
    )
    .await;
}

#[tokio::test]
async fn a_persons_profile_follows_the_transactions() {
    let sandbox = builder().start().await.unwrap();
    sandbox.caf().account().set_profile_webhook_url(hook("profile"));
    assert_error(&core_get(&sandbox, "/v1/people/90211111111").await, 400);
    let body = json!({
        "attributes": { "cpf": "902.111.111-11", "name": "Ana Teste", "birthDate": "01/02/1990" },
        "metadata": { "orderId": "A-17" },
    });
    let id = create(&sandbox, body).await;
    let profile = ok(&core_get(&sandbox, "/v1/people/90211111111").await);
    assert_eq!(
        (&profile["status"], &profile["cpf"]),
        (&json!("PENDING"), &json!("90211111111"))
    );
    assert_eq!(
        profile["basicData"],
        json!({ "name": "Ana Teste", "birthDate": "01/02/1990" })
    );
    assert_eq!(
        profile["executions"],
        json!([{
            "executionId": id, "executionOrigin": "API", "lastUpdate": "2024-05-02T09:10:11.000Z",
            "metadata": { "orderId": "A-17" },
        }])
    );
    assert!(profile["sources"]["pf_basic_data"]["lastConsultation"]["date"].is_string());
    sandbox.caf().account().review(&id, &CafReview::Approved);
    let by_id = format!("/v1/people/{}", profile["id"].as_str().unwrap());
    let profile = ok(&core_get(&sandbox, &by_id).await);
    assert_eq!(profile["status"], "APPROVED");
    assert_eq!(profile["executions"].as_array().unwrap().len(), 1);
    let statuses: Vec<Value> = told(&sandbox)
        .into_iter()
        .map(|(_, body)| body["status"].clone())
        .collect();
    assert_eq!(statuses, ["PENDING", "APPROVED"]);
    assert_error(&core_get(&sandbox, "/v1/companies/90211111111").await, 400);
    assert_error(&core_get(&sandbox, &format!("{by_id}?x=1")).await, 400);
}

#[tokio::test]
async fn a_companys_profile_has_its_partners_on_request() {
    let sandbox = sandbox().await;
    let link = link(
        &sandbox,
        json!({ "type": "PJ", "attributes": { "cnpj": "12.345.678/0001-95" } }),
    )
    .await;
    let token = link["token"].as_str().unwrap();
    let account = sandbox.caf().account();
    let transaction = account
        .finish_onboarding(token, CafOnboardingOutcome::Approved)
        .unwrap();
    let plain = ok(&core_get(&sandbox, "/v1/companies/12345678000195").await);
    assert_eq!(
        (&plain["cnpj"], plain.get("onboarding")),
        (&json!("12345678000195"), None)
    );
    assert_eq!(plain["basicData"]["secondaryActivities"][0]["code"], "6202-3/00");
    assert_eq!(plain["qsa"]["items"][0]["isLegalRepresentative"], true);
    let path = "/v1/companies/12345678000195?_includeOnboardingQsa=true";
    let full = ok(&core_get(&sandbox, path).await);
    assert_eq!(full["onboarding"]["qsa"][0]["transactionId"], transaction.id());
    assert_error(&core_get(&sandbox, "/v1/people/12345678000195").await, 400);
    assert_error(
        &core_get(&sandbox, "/v1/companies/12345678000195?_includeOnboardingQsa=1").await,
        400,
    );
}
