//! Every documented refusal is a typed error (contract idlayr, 2.3, 3.9 and 15.2).

use idlayr::testing::Step;
use idlayr::{CompletionCode, Delivery, Error, ErrorKind, ProblemCode, TraceId};

use crate::support::{Scripted, TOKEN_ANSWER, created, id, number};

const TYPE: &str = "https://developer.tru.id/docs/reference/api-errors#";

fn problem(code: &str, title: &str) -> String {
    let kind = if code.is_empty() {
        String::new()
    } else {
        format!(r#""type":"{TYPE}{code}","#)
    };
    format!(r#"{{{kind}"title":"{title}","detail":"the number 447700900042 it is"}}"#)
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Step {
    Step::answer(status, body.into()).header("content-type", "application/problem+json")
}

fn create_error(step: Step) -> Error {
    // As often as the call may send it.
    let scripted = Scripted::new([step.clone(), step.clone(), step.clone()]);
    let error = scripted
        .run(scripted.client.phone_checks().create(number()))
        .unwrap_err();
    let scripted = Scripted::new([step.clone(), step.clone(), step]);
    let old = scripted
        .run(scripted.client.phone_checks_v0_1().create(number()))
        .unwrap_err();
    assert_eq!(old.operation(), "phone_check_v0_1.create");
    assert_eq!(facts(&old), facts(&error), "both versions read it alike");
    error
}

/// What an error says, but for its operation.
fn facts(error: &Error) -> impl PartialEq + std::fmt::Debug + '_ {
    (
        (error.kind(), error.delivery(), error.status(), error.attempts()),
        (error.code(), error.provider_message(), error.request_id()),
        error.body(),
    )
}

/// The status, the code and the title; what is read; and how often the call is sent.
#[test]
fn every_refusal_of_a_create() {
    use ErrorKind::{Auth, Provider, RateLimited};
    for (status, code, title, kind, delivery, attempts) in [
        (400, "bad_request", "Bad Request", Provider, Delivery::Refused, 1),
        (
            400,
            "phone_format_invalid",
            "Bad Request",
            Provider,
            Delivery::Refused,
            1,
        ),
        (
            400,
            "mno_not_supported",
            "Bad Request",
            Provider,
            Delivery::Refused,
            1,
        ),
        (400, "", "Bad Request", Provider, Delivery::Refused, 1),
        (402, "", "Payment Required", Provider, Delivery::Refused, 1),
        (403, "forbidden", "Forbidden", Auth, Delivery::Refused, 1),
        (405, "", "Method Not Allowed", Provider, Delivery::Refused, 1),
        (406, "", "Not Acceptable", Provider, Delivery::Refused, 1),
        (
            409,
            "ip_msisdn_mismatch",
            "Conflict",
            Provider,
            Delivery::Refused,
            1,
        ),
        (
            412,
            "not_mobile_ip",
            "Precondition Failed",
            Provider,
            Delivery::Refused,
            1,
        ),
        (415, "", "Unsupported Media Type", Provider, Delivery::Refused, 1),
        (
            429,
            "too_many_requests",
            "Rate Limit exceeded",
            RateLimited,
            Delivery::Refused,
            3,
        ),
        (500, "", "Internal Server Error", Provider, Delivery::Unknown, 1),
        (
            501,
            "mno_redirect_unsupported",
            "Not Implemented",
            Provider,
            Delivery::Unknown,
            1,
        ),
        (502, "", "Bad Gateway", Provider, Delivery::Unknown, 1),
        (503, "", "Service Unavailable", Provider, Delivery::Unknown, 1),
        (504, "", "Gateway Timeout", Provider, Delivery::Unknown, 1),
        (408, "", "Request Timeout", Provider, Delivery::Unknown, 1),
    ] {
        let body = problem(code, title);
        let error = create_error(answer(status, body.clone()));
        assert_eq!(error.kind(), kind, "{status} {code}");
        assert_eq!(error.delivery(), delivery, "{status} {code}");
        assert_eq!(error.is_safe_to_repeat(), delivery == Delivery::Refused);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.code(), Some(code).filter(|code| !code.is_empty()));
        assert_eq!(ProblemCode::of(&error).is_some(), !code.is_empty());
        assert!(ProblemCode::of(&error).is_none_or(|code| !code.is_unknown()));
        assert_eq!(error.provider_message(), Some("the number 447700900042 it is"));
        assert_eq!(error.attempts(), attempts, "{status} {code}");
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(
            (error.provider(), error.operation()),
            ("idlayr", "phone_check.create")
        );
        let shown = format!("{error} {error:?} {error:#}");
        assert!(!shown.contains("447700900042"), "{shown}");
        assert!(shown.contains(&status.to_string()), "{shown}");
        assert!(shown.contains(code), "{shown}");
    }
}

#[test]
fn every_refusal_of_the_other_operations() {
    for (status, code, title) in [
        (404, "check_not_found", "Not Found"),
        (404, "trace_not_found", "Not Found"),
        (410, "trace_gone", "Gone"),
    ] {
        let scripted = Scripted::new(std::iter::repeat_n(answer(status, problem(code, title)), 9));
        let checks = scripted.client.phone_checks();
        let old = scripted.client.phone_checks_v0_1();
        let trace_id = TraceId::new("t-1").unwrap();
        let code_of_device = CompletionCode::new("4fa09c17be").unwrap();
        for (name, error) in [
            ("phone_check.get", scripted.run(checks.get(&id())).unwrap_err()),
            (
                "phone_check.complete",
                scripted.run(checks.complete(&id(), &code_of_device)).unwrap_err(),
            ),
            ("phone_check.list", scripted.run(checks.list()).unwrap_err()),
            (
                "phone_check.traces",
                scripted.run(checks.traces(&id())).unwrap_err(),
            ),
            (
                "phone_check.trace",
                scripted.run(checks.trace(&id(), &trace_id)).unwrap_err(),
            ),
            ("phone_check_v0_1.get", scripted.run(old.get(&id())).unwrap_err()),
            ("phone_check_v0_1.list", scripted.run(old.list()).unwrap_err()),
            (
                "phone_check_v0_1.traces",
                scripted.run(old.traces(&id())).unwrap_err(),
            ),
            (
                "phone_check_v0_1.trace",
                scripted.run(old.trace(&id(), &trace_id)).unwrap_err(),
            ),
        ] {
            assert_eq!(error.operation(), name);
            assert_eq!(error.kind(), ErrorKind::Provider, "{name}");
            assert_eq!(error.delivery(), Delivery::Refused, "{name}");
            assert!(error.is_safe_to_repeat(), "{name}");
            assert_eq!(error.code(), Some(code), "{name}");
            assert_eq!(error.attempts(), 1, "{name}");
        }
        assert_eq!(scripted.calls().len(), 9);
    }
}

#[test]
fn a_failing_provider_is_asked_again_where_reading_allows_it() {
    for status in [408, 500, 502, 503, 504] {
        let failing = || std::iter::repeat_n(answer(status, problem("", "x")), 3);
        let scripted = Scripted::new(failing());
        let error = scripted
            .run(scripted.client.phone_checks().get(&id()))
            .unwrap_err();
        assert_eq!((error.attempts(), scripted.calls().len()), (3, 3), "{status}");
        assert!(error.is_safe_to_repeat());

        // Completing starts a charge: it is sent once.
        let scripted = Scripted::new(failing());
        let code = CompletionCode::new("4fa09c17be").unwrap();
        let error = scripted
            .run(scripted.client.phone_checks().complete(&id(), &code))
            .unwrap_err();
        assert_eq!((error.attempts(), scripted.calls().len()), (1, 1), "{status}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!error.is_safe_to_repeat());
    }
}

#[test]
fn errors_in_every_form() {
    for (body, code, message) in [
        (
            problem("not_mobile_ip", "t"),
            Some("not_mobile_ip"),
            Some("the number 447700900042 it is"),
        ),
        (
            String::from(
                r#"{"type":"about:blank","title":"Not Found","instance":"/x","documentation_link":"/y","invalid_parameters":[{"name":"phone_number"}]}"#,
            ),
            None,
            Some("Not Found"),
        ),
        (format!(r#"{{"type":"{TYPE}"}}"#), None, None),
        (
            String::from(r#"{"type":7,"title":["x"],"detail":null}"#),
            None,
            None,
        ),
        (
            String::from(r#"{"status":400,"message":"no such thing"}"#),
            None,
            Some("no such thing"),
        ),
        (String::from(r#"{"message":"no"}"#), None, Some("no")),
        (
            String::from(
                r#"{"error":"invalid_request","error_description":"d","error_hint":"h","status_code":400}"#,
            ),
            Some("invalid_request"),
            Some("d"),
        ),
        (String::from("\"nope\""), None, Some("nope")),
        (String::from("<html><h1>400</h1></html>"), None, None),
        (String::from("\u{feff}{}"), None, None),
        (String::from("{\"title\":"), None, None),
        (String::from("[1,2]"), None, None),
        (String::new(), None, None),
    ] {
        let error = create_error(answer(400, body.clone()));
        assert_eq!(error.kind(), ErrorKind::Provider, "{body}");
        assert_eq!(error.delivery(), Delivery::Refused, "{body}");
        assert_eq!(
            (error.code(), error.provider_message()),
            (code, message),
            "{body}"
        );
        assert_eq!(error.body(), body.as_bytes());
    }
}

#[test]
fn a_code_of_a_later_version_is_kept() {
    let error = create_error(answer(422, problem("moon_phase", "x")));
    let code = ProblemCode::of(&error).unwrap();
    assert!(code.is_unknown());
    assert_eq!(code.as_str(), "moon_phase");
    assert_eq!(error.delivery(), Delivery::Refused);
}

#[test]
fn a_long_error_is_cut_and_its_status_stays() {
    let error = create_error(answer(400, "x".repeat(200_000)));
    assert_eq!(error.body().len(), 2048);
    assert_eq!(error.status().unwrap().as_u16(), 400);
}

#[test]
fn the_providers_id_of_the_request_is_kept() {
    let error = create_error(answer(400, problem("bad_request", "x")).header("x-request-id", "r-1"));
    assert_eq!(error.request_id(), Some("r-1"));
}

/// Statuses that no HTTP client expects.
#[test]
fn an_odd_status_is_an_error_of_unknown_delivery() {
    for status in [100, 199, 599, 600, 999] {
        let error = create_error(answer(status, ""));
        assert_eq!(error.kind(), ErrorKind::Provider, "{status}");
        assert_eq!(error.delivery(), Delivery::Unknown, "{status}");
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

const SECOND_TOKEN: &str = r#"{"access_token":"Second.2","token_type":"bearer","expires_in":3600}"#;
const UNAUTHORIZED: &str = r#"{"title":"Access Token Error","detail":"expired"}"#;

#[test]
fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    let scripted = Scripted::new([
        answer(401, UNAUTHORIZED),
        Step::json(200, SECOND_TOKEN),
        Step::json(201, created("https://eu.api.idlayr.com")),
    ]);
    let reply = scripted
        .run(
            scripted
                .client
                .phone_checks()
                .create(number())
                .send_with_metadata(),
        )
        .unwrap();
    assert_eq!(reply.attempts(), 2);
    let calls = scripted.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].header("authorization"), Some("Bearer AbCdEf.123456"));
    assert_eq!(calls[1].header("authorization"), Some("Bearer Second.2"));
    assert_eq!(calls[0].body, calls[1].body);
    assert_eq!(scripted.transport.seen().len(), 4);
}

/// The two entries that the catalogue has for 401; the code of neither is known.
#[test]
fn two_refused_tokens_are_the_end() {
    for title in ["Unauthorized", "Access Token Error"] {
        let refused = || answer(401, format!(r#"{{"title":"{title}","detail":"expired"}}"#));
        let scripted = Scripted::new([refused(), Step::json(200, SECOND_TOKEN), refused()]);
        let error = scripted
            .run(scripted.client.phone_checks().create(number()))
            .unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Auth, None));
        assert_eq!(error.delivery(), Delivery::Refused);
        assert!(error.is_safe_to_repeat());
        assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (2, 401));
        assert_eq!(error.provider_message(), Some("expired"));
        assert_eq!(scripted.calls().len(), 2);
        assert_eq!(scripted.transport.unplayed(), 0);
    }
}

#[test]
fn the_same_token_again_is_not_tried_again() {
    let scripted = Scripted::new([answer(401, UNAUTHORIZED), Step::json(200, TOKEN_ANSWER)]);
    let error = scripted
        .run(scripted.client.phone_checks().create(number()))
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 1));
    assert_eq!(scripted.calls().len(), 1);
}
