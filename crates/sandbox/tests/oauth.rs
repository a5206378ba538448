//! Tokens: who gets one, for what, and for how long.

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
use support::{Client, FORM, basic, builder, call, post_form, sandbox, token_answer, url};
use verikit_sandbox::{IdlayrProject, Sandbox};

const TOKEN: &str = "/oauth2/v1/token";

fn credentials(sandbox: &Sandbox) -> String {
    basic(sandbox.idlayr().client_id(), sandbox.idlayr().client_secret())
}

fn last_verdict(sandbox: &Sandbox) -> String {
    sandbox.calls().last().unwrap().authentication().to_owned()
}

#[tokio::test]
async fn a_token_has_the_documented_members() {
    let sandbox = sandbox().await;
    let body = "grant_type=client_credentials&scope=phone_check%20coverage";
    let answer = post_form(&sandbox, TOKEN, &credentials(&sandbox), body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let json = answer.json();
    assert_eq!(json["token_type"], "bearer");
    assert_eq!(json["expires_in"], 3600);
    assert_eq!(json["scope"], "phone_check coverage");
    assert!(!json["access_token"].as_str().unwrap().is_empty());
    assert_eq!(last_verdict(&sandbox), "Basic ok");
}

#[tokio::test]
async fn a_plus_between_scopes_is_a_space() {
    let sandbox = sandbox().await;
    let body = "grant_type=client_credentials&scope=phone_check+coverage";
    let answer = post_form(&sandbox, TOKEN, &credentials(&sandbox), body).await;
    assert_eq!(answer.json()["scope"], "phone_check coverage");
}

#[tokio::test]
async fn bad_requests_get_the_errors_of_the_standard() {
    let sandbox = sandbox().await;
    let good = credentials(&sandbox);
    for (body, error) in [
        ("scope=phone_check", "invalid_request"),
        ("grant_type=password&scope=phone_check", "unsupported_grant_type"),
        ("grant_type=client_credentials&scope=console", "invalid_scope"),
        (
            "grant_type=client_credentials&scope=phone_check%20console",
            "invalid_scope",
        ),
        (
            "grant_type=client_credentials&scope=phone_check%20%20coverage",
            "invalid_scope",
        ),
        ("grant_type=client_credentials&scope=", "invalid_scope"),
        ("grant_type=client_credentials", "invalid_scope"),
        (
            "grant_type=client_credentials&scope=phone_check&scope=coverage",
            "invalid_request",
        ),
        (
            "grant_type=client_credentials&scope=phone_check&client_secret=x",
            "invalid_request",
        ),
        (
            "grant_type=client_credentials&scope=phone_check&client_id=x",
            "invalid_request",
        ),
    ] {
        let answer = post_form(&sandbox, TOKEN, &good, body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.header("content-type"), "application/json", "{body}");
        assert_eq!(answer.json()["error"], error, "{body}");
    }
}

#[tokio::test]
async fn a_json_body_is_no_token_request() {
    let sandbox = sandbox().await;
    let authorization = credentials(&sandbox);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let body = r#"{"grant_type":"client_credentials","scope":"phone_check"}"#;
    let answer = call(Method::POST, &url(&sandbox, TOKEN), &headers, body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test]
async fn bad_credentials_are_refused_and_explained() {
    let sandbox = sandbox().await;
    let (id, secret) = (sandbox.idlayr().client_id(), sandbox.idlayr().client_secret());
    for (authorization, verdict) in [
        (basic(id, "wrong"), "Basic: wrong secret"),
        (basic("nobody", secret), "Basic: unknown client id"),
        (
            format!("Basic {id}:{secret}"),
            "Basic: not base64 of form-urlencoded id, colon, form-urlencoded secret",
        ),
        (
            format!("Bearer {secret}"),
            "the Authorization header is not Basic",
        ),
    ] {
        let body = "grant_type=client_credentials&scope=phone_check";
        let answer = post_form(&sandbox, TOKEN, &authorization, body).await;
        assert_eq!(answer.status, 401, "{verdict}");
        assert_eq!(answer.json()["error"], "invalid_client", "{verdict}");
        assert!(
            answer.header("www-authenticate").starts_with("Basic "),
            "{verdict}"
        );
        assert_eq!(last_verdict(&sandbox), verdict);
    }
}

#[tokio::test]
async fn credentials_in_the_body_alone_do_not_authenticate() {
    let sandbox = sandbox().await;
    let idlayr = sandbox.idlayr();
    let body = format!(
        "grant_type=client_credentials&scope=phone_check&client_id={}&client_secret={}",
        idlayr.client_id(),
        idlayr.client_secret()
    );
    let answer = call(
        Method::POST,
        &url(&sandbox, TOKEN),
        &[("content-type", FORM)],
        body,
    )
    .await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"], "invalid_client");
    assert_eq!(last_verdict(&sandbox), "no Authorization header");
}

#[tokio::test]
async fn special_characters_must_be_form_encoded() {
    let (id, secret) = ("team:a+b", "p+q%r s:ü/ß");
    let sandbox = builder()
        .idlayr_project(IdlayrProject::new(id, secret))
        .start()
        .await
        .unwrap();
    let encoded = token_answer(
        &sandbox,
        "team%3Aa%2Bb",
        "p%2Bq%25r+s%3A%C3%BC%2F%C3%9F",
        "phone_check",
    )
    .await;
    assert_eq!(encoded.status, 200, "{}", encoded.text());
    // A space as %20 and lower-case hex are the same encoding.
    let other = token_answer(
        &sandbox,
        "team%3aa%2bb",
        "p%2bq%25r%20s%3a%c3%bc%2f%c3%9f",
        "phone_check",
    )
    .await;
    assert_eq!(other.status, 200, "{}", other.text());
    let raw = token_answer(&sandbox, id, secret, "phone_check").await;
    assert_eq!(raw.status, 401);
    assert_eq!(raw.json()["error"], "invalid_client");
}

#[tokio::test]
async fn every_special_character_alone_makes_an_unencoded_secret_fail() {
    for secret in ["a:b", "a+b", "a%41b", "a%b", "a b", "aü"] {
        let sandbox = builder()
            .idlayr_project(IdlayrProject::new("me", secret))
            .start()
            .await
            .unwrap();
        let raw = token_answer(&sandbox, "me", secret, "phone_check").await;
        assert_eq!(raw.status, 401, "{secret}");
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let answer = token_answer(&sandbox, "me", &encoded, "phone_check").await;
        assert_eq!(answer.status, 200, "{secret}");
    }
}

#[tokio::test]
async fn a_project_gets_only_its_own_scopes() {
    let project = IdlayrProject::new("small", "secret").scopes(["coverage"]);
    let sandbox = builder().idlayr_project(project).start().await.unwrap();
    let refused = token_answer(&sandbox, "small", "secret", "phone_check").await;
    assert_eq!(refused.json()["error"], "invalid_scope");
    assert_eq!(
        token_answer(&sandbox, "small", "secret", "coverage").await.status,
        200
    );
}

#[tokio::test]
async fn a_token_without_the_scope_opens_nothing() {
    let sandbox = sandbox().await;
    let idlayr = sandbox.idlayr();
    let client = Client::with(&sandbox, idlayr.client_id(), idlayr.client_secret(), "coverage").await;
    client
        .get("/phone_check/v0.2/checks")
        .await
        .assert_problem(403, "forbidden");
    assert_eq!(last_verdict(&sandbox), "bearer token lacks the scope phone_check");
}

#[tokio::test]
async fn a_token_expires_by_the_clock() {
    let sandbox = builder()
        .idlayr_token_lifetime(Duration::from_secs(60))
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox).await;
    sandbox.clock().advance(Duration::from_secs(59));
    assert_eq!(client.get("/phone_check/v0.2/checks").await.status, 200);
    assert_eq!(last_verdict(&sandbox), "bearer token ok (scope phone_check)");
    sandbox.clock().advance(Duration::from_secs(1));
    let answer = client.get("/phone_check/v0.2/checks").await;
    answer.assert_problem(401, "");
    assert_eq!(answer.json()["title"], "Access Token Error");
    assert_eq!(last_verdict(&sandbox), "bearer token expired");
}

#[tokio::test]
async fn calls_without_a_valid_token_are_refused() {
    let sandbox = sandbox().await;
    let target = url(&sandbox, "/phone_check/v0.1/checks");
    for (headers, verdict) in [
        (vec![], "no Authorization header"),
        (vec![("authorization", "Bearer nonsense")], "bearer token unknown"),
        (
            vec![("authorization", "Basic abc")],
            "the Authorization header is not a bearer token",
        ),
        (
            vec![("authorization", "Bearer a"), ("authorization", "Bearer b")],
            "more than one Authorization header",
        ),
    ] {
        call(Method::GET, &target, &headers, "")
            .await
            .assert_problem(401, "");
        assert_eq!(last_verdict(&sandbox), verdict);
    }
}

#[tokio::test]
async fn a_revoked_token_is_no_longer_valid() {
    let sandbox = sandbox().await;
    let (revoked, kept) = (Client::new(&sandbox).await, Client::new(&sandbox).await);
    let body = format!("token={}&token_type_hint=access_token", revoked.token);
    for _ in 0..2 {
        let answer = post_form(&sandbox, "/oauth2/v1/revoke", &credentials(&sandbox), &body).await;
        assert_eq!(answer.status, 200);
    }
    revoked
        .get("/phone_check/v0.2/checks")
        .await
        .assert_problem(401, "");
    assert_eq!(last_verdict(&sandbox), "bearer token revoked");
    assert_eq!(kept.get("/phone_check/v0.2/checks").await.status, 200);
}

#[tokio::test]
async fn revoking_needs_credentials_and_spares_other_clients() {
    let sandbox = builder()
        .idlayr_project(IdlayrProject::new("other", "secret"))
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox).await;
    let body = format!("token={}", client.token);
    let anonymous = call(
        Method::POST,
        &url(&sandbox, "/oauth2/v1/revoke"),
        &[("content-type", FORM)],
        body.clone(),
    )
    .await;
    assert_eq!(anonymous.status, 401);
    let other = post_form(&sandbox, "/oauth2/v1/revoke", &basic("other", "secret"), &body).await;
    assert_eq!(other.status, 200);
    assert_eq!(client.get("/phone_check/v0.2/checks").await.status, 200);
    let nothing = post_form(&sandbox, "/oauth2/v1/revoke", &credentials(&sandbox), "").await;
    assert_eq!(nothing.json()["error"], "invalid_request");
}

#[tokio::test]
async fn all_tokens_can_be_revoked_at_once() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    sandbox.idlayr().revoke_all_tokens();
    client
        .get("/phone_check/v0.2/checks")
        .await
        .assert_problem(401, "");
    let renewed = Client::new(&sandbox).await;
    assert_eq!(renewed.get("/phone_check/v0.2/checks").await.status, 200);
}
