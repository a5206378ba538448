//! Refusals, lost answers, revoked tokens, limits; and how a caller finds its way back.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, StatusCode};
use idlayr::{
    CheckStatus, Client, Delivery, ErrorKind, ProblemCode, RateLimitReset, RateLimitStatus, Scope, Sort,
    TokenKind, TraceId,
};
use verikit_sandbox::{IdlayrProject, ProjectMode, ScriptedAnswer};

use crate::support::{MATCHES, builder, calls, client, code, create_calls, number, sandbox, settings};

#[tokio::test]
async fn refusals_of_a_create_are_typed() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for (text, ip, status, code) in [
        ("+8887700900042", None, 400, Some(ProblemCode::MnoNotSupported)),
        ("+9997700900042", None, 400, None),
        (MATCHES, Some("10.0.0.1"), 412, Some(ProblemCode::NotMobileIp)),
        (
            MATCHES,
            Some("198.51.100.7"),
            409,
            Some(ProblemCode::IpMsisdnMismatch),
        ),
    ] {
        let mut create = client.phone_checks().create(number(text));
        if let Some(ip) = ip {
            create = create.phone_ip(ip.parse().unwrap());
        }
        let error = create.await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status, "{text}");
        assert_eq!(ProblemCode::of(&error), code, "{text}");
        assert_eq!(error.delivery(), Delivery::Refused);
    }
    assert_eq!(sandbox.idlayr().checks().len(), 0);
}

#[tokio::test]
async fn credit_that_is_used_up_is_an_error_of_its_own() {
    let project = IdlayrProject::new("live-client", "se:cr+et %\u{e9}").mode(ProjectMode::Live);
    let sandbox = builder()
        .idlayr_project(project)
        .idlayr_balance(1)
        .start()
        .await
        .unwrap();
    let client = Client::builder("live-client", "se:cr+et %\u{e9}")
        .base_url(sandbox.idlayr().base_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    assert_eq!(check.snapshot_balance.as_ref().unwrap().scaled(0), Some(0));
    let error = client.phone_checks().create(number(MATCHES)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Provider, 402)
    );
    assert_eq!(error.delivery(), Delivery::Refused);
}

/// The answer to the code is lost. The caller reads the check instead of sending the code again.
#[tokio::test]
async fn a_completion_whose_answer_is_lost_is_read() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let code = code(&sandbox, &check).await;
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::drop_connection_after_processing().for_method(Method::PATCH));
    let error = client
        .phone_checks()
        .complete(&check.check_id, &code)
        .await
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!error.is_safe_to_repeat());
    assert!(
        client
            .phone_checks()
            .get(&check.check_id)
            .await
            .unwrap()
            .is_match()
    );
    let patches = calls(&sandbox)
        .iter()
        .filter(|(line, _)| line.starts_with("PATCH"))
        .count();
    assert_eq!(patches, 1);
}

#[tokio::test]
async fn reading_is_repeated_until_an_answer_comes() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let html = HeaderValue::from_static("text/html");
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::drop_connection().for_method(Method::GET));
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::new(StatusCode::BAD_GATEWAY).body(html, "<h1>502</h1>"));
    let reply = client
        .phone_checks()
        .get(&check.check_id)
        .send_with_metadata()
        .await
        .unwrap();
    assert_eq!(reply.attempts(), 3);
    assert_eq!(reply.value().status, CheckStatus::Accepted);
}

#[tokio::test]
async fn a_token_that_is_revoked_in_mid_flight_is_renewed_unnoticed() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let code = code(&sandbox, &check).await;
    sandbox.idlayr().revoke_all_tokens();
    let reply = client
        .phone_checks()
        .complete(&check.check_id, &code)
        .send_with_metadata()
        .await
        .unwrap();
    assert!(reply.value().is_match());
    assert_eq!(reply.attempts(), 2);

    sandbox.idlayr().revoke_all_tokens();
    client.phone_checks().create(number(MATCHES)).await.unwrap();
    let one = format!("PATCH /phone_check/v0.2/checks/{}", check.check_id.as_str());
    let create = String::from("POST /phone_check/v0.2/checks");
    let token = String::from("POST /oauth2/v1/token");
    assert_eq!(
        calls(&sandbox),
        [
            (token.clone(), 200),
            (create.clone(), 201),
            (one.clone(), 401),
            (token.clone(), 200),
            (one, 200),
            (create.clone(), 401),
            (token, 200),
            (create, 201),
        ]
    );
    assert_eq!(sandbox.idlayr().checks().len(), 2, "nothing was created twice");
}

#[tokio::test]
async fn a_token_that_has_expired_at_the_provider_is_renewed_unnoticed() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    client.phone_checks().create(number(MATCHES)).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(3600));
    let create = client.phone_checks().create(number(MATCHES));
    assert_eq!(create.send_with_metadata().await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn a_token_can_be_revoked() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let token = client.tokens().access_token().await.unwrap();
    for _ in 0..2 {
        // The answer is the same for a token that is not valid any more.
        client
            .tokens()
            .revoke(&token, TokenKind::AccessToken)
            .await
            .unwrap();
    }
    let create = client.phone_checks().create(number(MATCHES));
    assert_eq!(create.send_with_metadata().await.unwrap().attempts(), 2);
    let next = client.tokens().access_token().await.unwrap();
    assert!(!next.ct_eq(token.expose().as_bytes()));
}

#[tokio::test]
async fn wrong_credentials_and_scopes_are_told_apart_from_a_missing_permission() {
    let project = IdlayrProject::new("narrow", "secret-2").scopes(["coverage"]);
    let sandbox = builder().idlayr_project(project).start().await.unwrap();
    let base_url = sandbox.idlayr().base_url().as_str();
    for (id, secret, scope, code, status) in [
        ("nobody", "secret-2", Scope::PhoneCheck, "invalid_client", 401),
        ("narrow", "wrong", Scope::PhoneCheck, "invalid_client", 401),
        ("narrow", "secret-2", Scope::PhoneCheck, "invalid_scope", 400),
        ("narrow", "secret-2", Scope::Coverage, "forbidden", 403),
    ] {
        let client = Client::builder(id, secret)
            .base_url(base_url)
            .dangerously_allow_plain_http(true)
            .scopes([scope])
            .build()
            .unwrap();
        let error = client.phone_checks().create(number(MATCHES)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth, "{code}");
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.is_safe_to_repeat());
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let sandbox = builder().idlayr_rate_limit(2).start().await.unwrap();
    let client = client(&sandbox);
    let first = client
        .phone_checks()
        .create(number(MATCHES))
        .send_with_metadata()
        .await;
    let first = first.unwrap();
    // It is 09:10:11, and the window is the clock hour.
    let hour = SystemTime::UNIX_EPOCH + Duration::from_secs(1_714_644_000);
    let limit = |limit: Option<RateLimitStatus>| limit.map(|said| (said.limit, said.remaining, said.reset));
    let begins = Some(RateLimitReset::At(hour));
    assert_eq!(
        limit(RateLimitStatus::of(&first)),
        Some((Some(2), Some(1), begins))
    );
    client.phone_checks().get(&first.value().check_id).await.unwrap();

    let error = client.phone_checks().create(number(MATCHES)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::TooManyRequests));
    assert_eq!(error.delivery(), Delivery::Refused);
    assert!(error.is_safe_to_repeat());
    assert_eq!(error.attempts(), 1, "the wait does not fit into the deadline");
    assert_eq!(
        limit(RateLimitStatus::of_error(&error)),
        Some((Some(2), Some(0), begins))
    );
    let wait = error.retry_after().unwrap();
    assert_eq!(wait, Duration::from_secs(49 * 60 + 49));

    sandbox.clock().advance(wait);
    client.phone_checks().create(number(MATCHES)).await.unwrap();
    assert_eq!(sandbox.idlayr().checks().len(), 2);
}

#[tokio::test]
async fn lists_come_in_pages_to_their_end() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let mut made = Vec::new();
    for index in 0..7 {
        let create = client.phone_checks().create(number(MATCHES));
        let check = create.reference_id(format!("order-{index}")).await.unwrap();
        made.push(check.check_id.clone());
        sandbox.clock().advance(Duration::from_secs(1));
    }
    for size in [1, 3, 7, 100] {
        let list = client.phone_checks().list().size(size);
        let mut items = list.sort(Sort::ascending("created_at")).items();
        let mut listed = Vec::new();
        while let Some(check) = items.next().await {
            listed.push(check.unwrap().check_id.clone());
        }
        assert_eq!(listed, made, "{size}");
    }
    let second = client.phone_checks().list().size(3).page(2).await.unwrap();
    let info = second.page.unwrap();
    assert_eq!(
        (info.size, info.number, info.total_pages, info.total_elements),
        (3, 2, 3, 7)
    );
    let third = second.next().unwrap().await.unwrap();
    assert_eq!(third.checks.len(), 1);
    assert!(third.next().is_none());

    let search = client
        .phone_checks()
        .list()
        .search("status==ACCEPTED;reference_id==order-3");
    let found = search.await.unwrap();
    assert_eq!(found.checks.len(), 1);
    assert_eq!(found.checks[0].check_id, made[3]);
    let nothing = client.phone_checks_v0_1().list().await.unwrap();
    assert!(nothing.checks.is_empty(), "those are checks of the other version");
}

#[tokio::test]
async fn traces_tell_what_happened_for_seven_days() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    let code = code(&sandbox, &check).await;
    client
        .phone_checks()
        .complete(&check.check_id, &code)
        .await
        .unwrap();
    let checks = client.phone_checks();
    let list = checks.traces(&check.check_id).await.unwrap();
    assert!(list.traces.len() > 1);
    for trace in &list.traces {
        assert!(!trace.logs.is_empty());
        assert!(trace.logs.iter().all(|log| log.timestamp.is_some()
            && log.message.as_ref().is_some_and(|text| !text.expose().is_empty())));
        let one = checks.trace(&check.check_id, &trace.trace_id).await.unwrap();
        assert_eq!(&one, trace);
    }
    let unknown = TraceId::new("0000000000000000").unwrap();
    let error = checks.trace(&check.check_id, &unknown).await.unwrap_err();
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::TraceNotFound));

    sandbox.clock().advance(Duration::from_secs(7 * 24 * 3600 + 1));
    let error = checks.traces(&check.check_id).await.unwrap_err();
    assert_eq!(ProblemCode::of(&error), Some(ProblemCode::TraceGone));
    assert_eq!(error.status().unwrap().as_u16(), 410);
}

#[tokio::test]
async fn a_silent_provider_ends_at_the_deadline() {
    let sandbox = sandbox().await;
    let client = settings(&sandbox).build().unwrap();
    client.tokens().access_token().await.unwrap();
    sandbox.idlayr().answer_next(ScriptedAnswer::silence());
    let create = client.phone_checks().create(number(MATCHES));
    let error = create.timeout(Duration::from_millis(100)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!((create_calls(&sandbox), sandbox.idlayr().checks().len()), (1, 0));
    // The client is as good as before.
    client.phone_checks().create(number(MATCHES)).await.unwrap();
}
