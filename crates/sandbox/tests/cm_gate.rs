//! CM.com's host: its bases, and the token that every call needs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use support::cm::{Token, post, segment, sim_swap, with_authorization};
use support::{Answer, JSON, builder, call, sandbox};
use verikit_sandbox::{Sandbox, SandboxClock, ScriptedAnswer};

/// The documents' example credential and its tokens (contract cm-identity, 2.1).
const KEY_ID: &str = "3b438437-04a4-40bb-8389-54bb02766fba";
const SECRET: &str = "AC4Etykn7jusGR5FwLDAtILtQbiQbTMKedP31szXg4WlSbjGEXyNMZ";
const HEADER: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9";
const GV_1: &str = "eyJpYXQiOjE1NDYzMDA4MDAsIm5iZiI6MTU0NjMwMDgwMCwiZXhwIjoxNTQ2MzAwODYwfQ.bwqCUHS1d5d8guAPHDsdd9-a8oXxH1q45O0tDP1asTo";
const GV_2: &str = "eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.lTzOd4cKOan2rwL4fHjwOffc0dp3pwYjDdl4uM1WluU";
const GV_3: &str = "eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.3htbVOTgyRG1ivmF10YTWe14lAj1t9pwB7k1cPN_8ks";

async fn judged(sandbox: &Sandbox, authorization: &str) -> (StatusCode, String) {
    let answer = with_authorization(sandbox, &[("authorization", authorization)]).await;
    let verdict = sandbox.calls().last().unwrap().authentication().to_owned();
    if answer.status != 200 {
        assert_error(&answer, 401);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_eq!(answer.header("date"), "Thu, 02 May 2024 09:10:11 GMT");
    }
    (answer.status, verdict)
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert!(
        body["message"].as_str().is_some_and(|text| !text.is_empty()),
        "{body}"
    );
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
}

async fn assert_refused(sandbox: &Sandbox, token: &Token, verdict: &str) {
    let found = judged(sandbox, &token.bearer()).await;
    assert_eq!(found, (StatusCode::UNAUTHORIZED, verdict.to_owned()));
}

#[tokio::test]
async fn the_documents_own_token_is_accepted() {
    for (seconds, token, status) in [
        (1_546_300_800, GV_1, 200),
        (1_704_067_200, GV_3, 200),
        // Printed with a signature that another key made.
        (1_704_067_200, GV_2, 401),
    ] {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let sandbox = builder()
            .clock(SandboxClock::manual(now))
            .cm_credential(KEY_ID, SECRET)
            .start()
            .await
            .unwrap();
        let authorization = format!("Bearer {HEADER}.{token}");
        let answer = with_authorization(&sandbox, &[("authorization", &authorization)]).await;
        assert_eq!(answer.status, status, "{token}");
    }
}

#[tokio::test]
async fn the_generated_credential_opens_every_base() {
    let sandbox = sandbox().await;
    let cm = sandbox.cm();
    assert_eq!(cm.key_id().len(), 36);
    assert_eq!(cm.secret().len(), 54);
    for url in [cm.mobile_identity_url(), cm.mobile_identity_sandbox_url()] {
        assert_eq!(
            post(&sandbox, &format!("{url}/sim-swap"), &sim_swap())
                .await
                .status,
            200
        );
    }
    let origin = cm.id_scan_url().as_str().strip_suffix("/id-scan/v1").unwrap();
    assert_eq!(
        cm.mobile_identity_url().as_str(),
        format!("{origin}/mobile-identity/v1")
    );
    assert_eq!(
        cm.mobile_identity_sandbox_url().as_str(),
        format!("{origin}/mobile-identity-sandbox/v1")
    );
    assert_eq!(sandbox.calls()[0].host(), "api.cm.com");
    assert_eq!(sandbox.calls()[0].path(), "/mobile-identity/v1/sim-swap");
    assert_eq!(sandbox.calls()[0].authentication(), "JWT ok");
}

#[tokio::test]
async fn the_header_must_be_one_bearer_token() {
    let sandbox = sandbox().await;
    let token = Token::new(&sandbox);
    let bare = token.signed();
    for (headers, verdict) in [
        (vec![], "no Authorization header"),
        (
            vec![token.bearer(), token.bearer()],
            "more than one Authorization header",
        ),
        (
            vec![bare.clone()],
            "the Authorization header is not a bearer token",
        ),
        (
            vec![format!("Basic {bare}")],
            "the Authorization header is not a bearer token",
        ),
        (vec!["Bearer x".to_owned()], "JWT: not three segments"),
    ] {
        let headers: Vec<_> = headers
            .iter()
            .map(|value| ("authorization", value.as_str()))
            .collect();
        assert_error(&with_authorization(&sandbox, &headers).await, 401);
        assert_eq!(sandbox.calls().last().unwrap().authentication(), verdict);
    }
    assert_eq!(judged(&sandbox, &format!("bearer {bare}")).await.0, 200);
}

#[tokio::test]
async fn the_token_has_exactly_three_segments() {
    let sandbox = sandbox().await;
    let token = Token::new(&sandbox).signed();
    let (message, signature) = token.rsplit_once('.').unwrap();
    for (token, verdict) in [
        (message.to_owned(), "JWT: not three segments"),
        (format!("{token}."), "JWT: not three segments"),
        (format!("{token}.{signature}"), "JWT: not three segments"),
        (format!("{message}."), "JWT: wrong signature"),
        (format!("{token}="), "JWT: the signature is not base64url"),
        (format!("{token}A"), "JWT: wrong signature"),
        (format!("{token}AA"), "JWT: the signature is not base64url"),
        (
            format!("={token}"),
            "JWT: the header is not base64url of alg, typ and kid",
        ),
        (
            format!("!!.{message}"),
            "JWT: the header is not base64url of alg, typ and kid",
        ),
    ] {
        let found = judged(&sandbox, &format!("Bearer {token}")).await;
        assert_eq!(found, (StatusCode::UNAUTHORIZED, verdict.to_owned()), "{token}");
    }
}

#[tokio::test]
async fn the_header_of_the_token_is_judged() {
    let sandbox = sandbox().await;
    let token = || Token::new(&sandbox);
    let incomplete = "JWT: the header is not base64url of alg, typ and kid";
    for (member, value, verdict) in [
        ("alg", json!("none"), "JWT: alg is not HS256"),
        ("alg", json!("HS384"), "JWT: alg is not HS256"),
        ("alg", json!("hs256"), "JWT: alg is not HS256"),
        ("alg", Value::Null, incomplete),
        ("typ", json!("JWS"), "JWT: typ is not JWT"),
        ("typ", json!("jwt"), "JWT: typ is not JWT"),
        (
            "kid",
            json!("3b438437-04a4-40bb-8389-54bb02766fba"),
            "JWT: unknown kid",
        ),
        ("kid", json!(7), incomplete),
        ("crit", json!(["exp"]), "JWT: crit asks for an extension"),
    ] {
        assert_refused(&sandbox, &token().header(member, value), verdict).await;
    }
    for member in ["alg", "typ", "kid"] {
        assert_refused(&sandbox, &token().without_header(member), incomplete).await;
    }
    // Extra members are ignored, as RFC 7519 has it.
    assert_eq!(
        judged(&sandbox, &token().header("x", json!(1)).bearer()).await.0,
        200
    );
    assert_eq!(
        judged(&sandbox, &token().claim("aud", json!("x")).bearer())
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn unsigned_and_wrongly_signed_tokens_are_refused() {
    let sandbox = sandbox().await;
    assert_refused(
        &sandbox,
        &Token::new(&sandbox).secret("another"),
        "JWT: wrong signature",
    )
    .await;
    let good = Token::new(&sandbox).signed();
    let parts: Vec<&str> = good.split('.').collect();
    let other = segment(&json!({ "iat": 1, "nbf": 1, "exp": 99_999_999_999_u64 }));
    for token in [
        format!("{}.{other}.{}", parts[0], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], segment(&json!("not a signature"))),
    ] {
        let found = judged(&sandbox, &format!("Bearer {token}")).await;
        assert_eq!(found.1, "JWT: wrong signature");
    }
    let unsigned = Token::new(&sandbox).header("alg", json!("none")).signed();
    let (message, _) = unsigned.rsplit_once('.').unwrap();
    let found = judged(&sandbox, &format!("Bearer {message}.")).await;
    assert_eq!(found.1, "JWT: alg is not HS256");
}

#[tokio::test]
async fn times_are_whole_seconds() {
    let sandbox = sandbox().await;
    let now = 1_714_641_011_u64;
    for member in ["iat", "nbf", "exp"] {
        let not_whole = format!("JWT: {member} is not a whole number of seconds");
        for value in [
            json!(1_714_641_011.5),
            json!(1_714_641_011.0),
            json!("1714641011"),
            json!(null),
            json!(-1),
        ] {
            assert_refused(&sandbox, &Token::new(&sandbox).claim(member, value), &not_whole).await;
        }
        let milliseconds = format!("JWT: {member} is in milliseconds");
        let token = Token::new(&sandbox).claim(member, json!(now * 1000));
        assert_refused(&sandbox, &token, &milliseconds).await;
        let missing = "JWT: the claims are not base64url of iat, nbf and exp";
        assert_refused(&sandbox, &Token::new(&sandbox).without_claim(member), missing).await;
    }
}

#[tokio::test]
async fn a_token_is_good_from_nbf_until_exp_by_the_sandboxs_clock() {
    let now = 1_714_641_011_u64;
    for (leeway, (iat, nbf, exp), verdict) in [
        (0, (now, now, now + 1), "JWT ok"),
        (0, (now - 60, now - 60, now), "JWT: expired"),
        (0, (now - 60, now + 1, now + 60), "JWT: not valid yet"),
        (0, (now + 1, now - 60, now + 60), "JWT: iat is in the future"),
        (
            0,
            (now - 60, now - 60, now - 60),
            "JWT: exp is not after iat and nbf",
        ),
        (30, (now + 30, now + 30, now + 90), "JWT ok"),
        (30, (now + 31, now + 30, now + 90), "JWT: iat is in the future"),
        (30, (now + 30, now + 31, now + 90), "JWT: not valid yet"),
        (30, (now - 89, now - 89, now - 29), "JWT ok"),
        (30, (now - 90, now - 90, now - 30), "JWT: expired"),
    ] {
        let sandbox = builder()
            .cm_leeway(Duration::from_secs(leeway))
            .start()
            .await
            .unwrap();
        let token = Token::new(&sandbox)
            .claim("iat", json!(iat))
            .claim("nbf", json!(nbf))
            .claim("exp", json!(exp));
        assert_eq!(
            judged(&sandbox, &token.bearer()).await.1,
            verdict,
            "{iat} {nbf} {exp}"
        );
    }
    let sandbox = sandbox().await;
    let token = Token::new(&sandbox).bearer();
    sandbox.clock().advance(Duration::from_secs(59));
    assert_eq!(
        with_authorization(&sandbox, &[("authorization", &token)])
            .await
            .status,
        200
    );
    sandbox.clock().advance(Duration::from_secs(1));
    let answer = with_authorization(&sandbox, &[("authorization", &token)]).await;
    assert_error(&answer, 401);
    assert_eq!(answer.header("date"), "Thu, 02 May 2024 09:11:11 GMT");
}

#[tokio::test]
async fn what_does_not_exist_is_404_and_what_is_not_allowed_405() {
    let sandbox = sandbox().await;
    let base = sandbox.cm().mobile_identity_url().as_str();
    let origin = base.strip_suffix("/mobile-identity/v1").unwrap();
    for path in [
        "/",
        "/sim-swap",
        "/mobile-identity/v1",
        "/mobile-identity/v1/",
        "/mobile-identity/v2/sim-swap",
        "/mobile-identity/v1/sim-swap/",
        "/mobile-identity/v1/none",
        "/id-scan/v1/none",
    ] {
        let answer = call(Method::POST, &format!("{origin}{path}"), &[], "").await;
        assert_error(&answer, 404);
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = call(method, &format!("{base}/sim-swap"), &[], "").await;
        assert_error(&answer, 405);
    }
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let sandbox = sandbox().await;
    let url = format!("{}/sim-swap", sandbox.cm().mobile_identity_url());
    let bearer = Token::new(&sandbox).bearer();
    let send = |content_type: &'static str, body: String| {
        let (url, bearer) = (url.clone(), bearer.clone());
        async move {
            let headers = [("authorization", bearer.as_str()), ("content-type", content_type)];
            call(Method::POST, &url, &headers, body).await
        }
    };
    let good = sim_swap().to_string();
    assert_eq!(
        send("application/json; charset=utf-8", good.clone()).await.status,
        200
    );
    assert_error(&send("text/plain", good.clone()).await, 415);
    assert_error(&send(JSON, String::new()).await, 400);
    assert_error(&send(JSON, format!("{good}{good}")).await, 400);
    assert_error(&send(JSON, format!("[{good}]")).await, 400);
    assert_error(&send(JSON, format!("{}{good}", " ".repeat(70_000))).await, 413);
}

#[tokio::test]
async fn answers_can_be_scripted_for_one_base() {
    let sandbox = sandbox().await;
    let cm = sandbox.cm();
    cm.answer_next(
        ScriptedAnswer::new(StatusCode::BAD_GATEWAY)
            .body(HeaderValue::from_static("text/html"), "<h1>Bad gateway</h1>")
            .for_path_prefix("/mobile-identity-sandbox/"),
    );
    assert_eq!(cm.waiting_answers(), 1);
    let url = |base: &url::Url| format!("{base}/sim-swap");
    let body = sim_swap();
    assert_eq!(
        post(&sandbox, &url(cm.mobile_identity_url()), &body).await.status,
        200
    );
    assert_eq!(
        post(&sandbox, &url(cm.mobile_identity_sandbox_url()), &body)
            .await
            .status,
        502
    );
    assert_eq!(cm.waiting_answers(), 0);
    // The other providers' scripts are not this one's.
    assert_eq!(sandbox.idlayr().waiting_answers(), 0);
}

#[tokio::test]
async fn neither_debug_nor_the_log_shows_a_secret() {
    let sandbox = sandbox().await;
    let token = Token::new(&sandbox);
    with_authorization(&sandbox, &[("authorization", &token.bearer())]).await;
    let builder = format!("{:?}", Sandbox::builder().cm_credential("id", "the-secret"));
    assert!(!builder.contains("the-secret"), "{builder}");
    let all = format!(
        "{sandbox:?} {:?} {:?} {:?} {:?}",
        sandbox.cm(),
        sandbox.cm().mobile_identity(),
        sandbox.cm().id_scan(),
        sandbox.calls()
    );
    for secret in [sandbox.cm().secret(), &token.signed(), "31600000042"] {
        assert!(!all.contains(secret), "{all}");
    }
}
