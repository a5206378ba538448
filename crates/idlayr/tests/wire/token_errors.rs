//! What the token endpoint can refuse, and what becomes of the call that waits for it; waits that the
//! provider asks for.

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::{Clock as _, CompletionCode, Delivery, Error, ErrorKind};

use crate::support::{Scripted, completed, created, id, number};

/// Creates a check with a token endpoint that answers like this, as often as it is asked.
fn create_without_token(step: Step) -> (Error, usize) {
    let scripted = Scripted::from_token([step.clone(), step.clone(), step]);
    let error = scripted
        .run(scripted.client.phone_checks().create(number()))
        .unwrap_err();
    assert_eq!(scripted.calls().len(), 0, "without a token nothing is created");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_safe_to_repeat());
    assert_eq!(error.operation(), "phone_check.create");
    (error, scripted.transport.seen().len())
}

#[test]
fn refusals_of_the_token_endpoint() {
    for (status, code, kind) in [
        (401, "invalid_client", ErrorKind::Auth),
        (400, "invalid_client", ErrorKind::Auth),
        (400, "invalid_scope", ErrorKind::Auth),
        (400, "unauthorized_client", ErrorKind::Auth),
        (400, "invalid_grant", ErrorKind::Auth),
        (400, "invalid_request", ErrorKind::Provider),
        (400, "unsupported_grant_type", ErrorKind::Provider),
    ] {
        let body = format!(
            r#"{{"error":"{code}","error_description":"client-1 may not","error_hint":"h","status_code":{status}}}"#
        );
        let (error, asked) = create_without_token(Step::json(status, body.clone()));
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.provider_message(), Some("client-1 may not"));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(asked, 1, "the same credentials would be refused again");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("oauth2.token") && shown.contains(code), "{shown}");
        assert!(!shown.contains("client-1"), "{shown}");
    }
}

#[test]
fn refusals_of_the_token_endpoint_in_other_forms() {
    for (status, body) in [
        (401, r#"{"title":"Access Token Error","detail":"d"}"#),
        (401, r#"{"title":"Unauthorized"}"#),
        (401, "<html>"),
        (401, ""),
        (403, "{}"),
    ] {
        let (error, asked) = create_without_token(Step::answer(status, body));
        assert_eq!(error.kind(), ErrorKind::Auth, "{status} {body}");
        assert_eq!((error.code(), asked), (None, 1));
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[test]
fn a_token_endpoint_in_trouble_is_asked_three_times() {
    for (step, kind) in [
        (Step::answer(500, ""), ErrorKind::Provider),
        (Step::answer(502, "<html>bad gateway</html>"), ErrorKind::Provider),
        (Step::answer(503, ""), ErrorKind::Provider),
        (Step::json(429, "{}"), ErrorKind::RateLimited),
        (Step::CutBody, ErrorKind::Interrupted),
        (
            Step::Fail(idlayr::transport::TransportErrorKind::Connect),
            ErrorKind::Connect,
        ),
        (
            Step::Fail(idlayr::transport::TransportErrorKind::Interrupted),
            ErrorKind::Interrupted,
        ),
    ] {
        let (error, asked) = create_without_token(step.clone());
        assert_eq!((error.kind(), asked), (kind, 3), "{step:?}");
    }
}

#[test]
fn a_rate_limit_of_the_token_endpoint_says_how_long() {
    let step = Step::json(429, "{}").header("retry-after", "120");
    let (error, asked) = create_without_token(step);
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    assert_eq!(asked, 1, "it is not asked before that");
}

#[test]
fn an_answer_without_a_usable_token_is_an_error_that_does_not_show_it() {
    for body in [
        "",
        "{}",
        "<html>s3cr3t</html>",
        r#""s3cr3t""#,
        r#"["s3cr3t","bearer",3600]"#,
        r#"{"access_token":"s3cr3t"}"#,
        r#"{"access_token":"s3cr3t","token_type":"mac"}"#,
        r#"{"access_token":"s3cr3t","token_type":null}"#,
        r#"{"access_token":"","token_type":"bearer"}"#,
        r#"{"access_token":7,"token_type":"bearer"}"#,
        r#"{"access_token":null,"token_type":"bearer"}"#,
        r#"{"access_token":"s3cr3t\r\nX-Evil: 1","token_type":"bearer"}"#,
        r#"{"access_token":"s3cr3t s3cr3t","token_type":"bearer"}"#,
        "{\"access_token\":\"s3cr3t\u{e9}\",\"token_type\":\"bearer\"}",
        r#"{"access_token":"s3cr3t","access_token":"x","token_type":"bearer"}"#,
    ] {
        let (error, asked) = create_without_token(Step::json(200, body));
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(asked, 1);
        let shown = format!("{error} {error:?} {:?}", error.body());
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
}

#[test]
fn nobody_waits_for_ever_for_a_silent_token_endpoint() {
    let scripted = Scripted::from_token(std::iter::repeat_n(Step::Silence, 10));
    let start = scripted.clock.now();
    let error = scripted
        .run(scripted.client.phone_checks().create(number()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(scripted.clock.now() - start <= Duration::from_secs(30));
}

/// Creates and gets behind a refusal with this header. How long was waited, and what came of it.
fn after(status: u16, retry_after: &str) -> [(Duration, Result<(), Error>); 2] {
    let step = |body: String| {
        [
            Step::answer(status, "").header("retry-after", retry_after),
            Step::json(200, body),
        ]
    };
    let waited = |scripted: &Scripted, run: &dyn Fn() -> Result<(), Error>| {
        let start = scripted.clock.now();
        let outcome = run();
        (scripted.clock.now() - start, outcome)
    };
    let creating = Scripted::new(step(created(crate::support::BASE)));
    let create = || {
        creating
            .run(creating.client.phone_checks().create(number()))
            .map(drop)
    };
    let getting = Scripted::new(step(completed(true)));
    let get = || getting.run(getting.client.phone_checks().get(&id())).map(drop);
    [waited(&creating, &create), waited(&getting, &get)]
}

#[test]
fn a_wait_that_the_provider_asks_for_is_kept() {
    for (text, seconds) in [
        ("7", 7),
        ("0", 0),
        // The clock of these tests starts at midnight of 2026-01-01.
        ("Thu, 01 Jan 2026 00:00:09 GMT", 9),
        ("Wed, 31 Dec 2025 23:59:59 GMT", 0),
    ] {
        for (waited, outcome) in after(429, text) {
            outcome.unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(waited, Duration::from_secs(seconds), "{text}");
        }
    }
}

#[test]
fn a_wait_that_is_none_is_not_kept() {
    for text in ["-5", "1.5", "soon", "", "0x10", "Thu, 99 Jan 2026 00:00:09 GMT"] {
        for (waited, outcome) in after(429, text) {
            outcome.unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(waited <= Duration::from_millis(100), "{text}: {waited:?}");
        }
    }
}

#[test]
fn a_wait_beyond_the_deadline_is_returned_at_once() {
    for text in [
        "30",
        "3600",
        "99999999999999999999",
        "Fri, 02 Jan 2026 00:00:00 GMT",
    ] {
        for (waited, outcome) in after(429, text) {
            let error = outcome.unwrap_err();
            assert_eq!(waited, Duration::ZERO, "{text}");
            assert_eq!(error.kind(), ErrorKind::RateLimited);
            assert_eq!(error.delivery(), Delivery::Refused);
            assert!(error.retry_after().unwrap() >= Duration::from_secs(30));
            assert_eq!(error.attempts(), 1);
        }
    }
}

#[test]
fn a_wait_with_503_repeats_what_reads_and_nothing_else() {
    let [(_, create), (waited, get)] = after(503, "7");
    get.unwrap();
    assert_eq!(waited, Duration::from_secs(7));
    let error = create.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Provider, 1));
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

/// A renewal that fails in the middle of a call says so, and takes nothing away from the refusal before it.
#[test]
fn a_renewal_that_fails_ends_the_call_unsent() {
    let scripted = Scripted::new([
        Step::json(401, "{}"),
        Step::json(401, r#"{"error":"invalid_client"}"#),
    ]);
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let error = scripted
        .run(scripted.client.phone_checks().complete(&id(), &code))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(error.code(), Some("invalid_client"));
    assert!(error.is_safe_to_repeat());
    assert_eq!((error.attempts(), scripted.calls().len()), (1, 1));
}
