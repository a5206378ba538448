//! What SubscriberCheck decides and refuses, in both versions (contract idlayr, 4).

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::{CheckErrorCode, CompletionCode, Delivery, ErrorKind, ProblemCode, TraceId};

use crate::support::{BASE, ID, Scripted, TRACE_ID, created, id, in_status, number};

const RESULT: &str =
    r#""match":true,"no_sim_change":false,"no_sim_change_period":10080,"sim_change_within":360"#;

fn created_subscriber_check(base: &str) -> String {
    created(base).replace("phone_check", "subscriber_check")
}

fn completed_with(members: &str) -> String {
    format!(r#"{{"check_id":"{ID}","status":"COMPLETED",{members}}}"#)
}

/// The documented limits are 60 to 540 000 minutes.
#[test]
fn a_period_that_does_not_exist_is_refused_and_nothing_is_sent() {
    for seconds in [0, 1, 60, 3599, 3601, 3660 + 1, 540_000 * 60 + 60, u64::MAX] {
        let scripted = Scripted::new([]);
        let period = Duration::from_secs(seconds);
        let create = || {
            scripted
                .client
                .subscriber_checks()
                .create(number())
                .period(period)
        };
        let old = scripted.client.subscriber_checks_v0_1().create(number());
        for error in [
            scripted.run(create()).unwrap_err(),
            scripted.run(old.period(period)).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{seconds}");
            assert_eq!(
                (error.provider(), error.delivery()),
                ("idlayr", Delivery::NotSent)
            );
        }
        assert!(create().prepare().unwrap_err().is_invalid_input());
        assert_eq!(scripted.transport.seen().len(), 0);
    }
    for (seconds, minutes) in [(3600, 60), (7 * 24 * 3600, 10_080), (540_000 * 60, 540_000)] {
        let scripted = Scripted::new([Step::json(201, created_subscriber_check(BASE))]);
        let create = scripted.client.subscriber_checks().create(number());
        scripted.run(create.period(Duration::from_secs(seconds))).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&scripted.calls()[0].body).unwrap();
        assert_eq!(body["period"], minutes);
    }
}

#[test]
fn waiting_in_both_versions() {
    for v0_1 in [false, true] {
        let scripted = Scripted::new([
            Step::json(201, created_subscriber_check(BASE)),
            Step::json(200, in_status("PENDING")),
            Step::answer(503, ""),
            Step::json(200, completed_with(RESULT)),
        ]);
        let client = &scripted.client;
        let check = if v0_1 {
            let checks = client.subscriber_checks_v0_1();
            let check = scripted.run(checks.create(number())).unwrap();
            scripted.run(checks.until_final(&check)).unwrap()
        } else {
            let checks = client.subscriber_checks();
            let check = scripted.run(checks.create(number())).unwrap();
            scripted.run(checks.until_final_by_id(&check.check_id)).unwrap()
        };
        assert_eq!(check.verdict(), Some(true));
        let version = if v0_1 { "v0.1" } else { "v0.2" };
        let asked = format!("/subscriber_check/{version}/checks/{ID}");
        assert!(scripted.calls()[1..].iter().all(|seen| seen.uri.path() == asked));
        assert_eq!(scripted.calls().len(), 4);
    }
}

#[test]
fn match_and_sim_change_are_independent_and_only_the_documented_positive_is_positive() {
    let values = [
        ("true", Some(true)),
        ("false", Some(false)),
        ("null", None),
        ("", None),
    ];
    let statuses = [
        "COMPLETED",
        "ACCEPTED",
        "PENDING",
        "EXPIRED",
        "ERROR",
        "completed",
        "DONE",
    ];
    for status in statuses {
        for (matched, expected_match) in values {
            for (no_sim_change, expected_sim) in values {
                let member = |name: &str, value: &str| match value {
                    "" => String::new(),
                    value => format!(r#","{name}":{value}"#),
                };
                let body = format!(
                    r#"{{"check_id":"{ID}","status":"{status}"{}{}}}"#,
                    member("match", matched),
                    member("no_sim_change", no_sim_change)
                );
                let scripted = Scripted::new([Step::json(200, body.clone())]);
                let check = scripted
                    .run(scripted.client.subscriber_checks().get(&id()))
                    .unwrap();
                let completed = status == "COMPLETED";
                assert_eq!(check.verdict(), expected_match.filter(|_| completed), "{body}");
                assert_eq!(check.is_match(), completed && matched == "true", "{body}");
                assert_eq!(
                    check.no_sim_change(),
                    expected_sim.filter(|_| completed),
                    "{body}"
                );
                assert_eq!(
                    check.is_sim_unchanged(),
                    completed && no_sim_change == "true",
                    "{body}"
                );
            }
        }
    }
}

/// Both decisions are strict wherever a check is read.
#[test]
fn a_decision_of_another_type_or_twice_is_an_error() {
    for members in [
        r#""match":true,"no_sim_change":"true""#,
        r#""match":true,"no_sim_change":1"#,
        r#""match":true,"no_sim_change":[true]"#,
        r#""match":true,"no_sim_change":{"value":true}"#,
        r#""match":true,"no_sim_change":false,"no_sim_change":true"#,
        r#""match":true,"no_sim_change":null,"no_sim_ch\u0061nge":true"#,
        r#""match":"true","no_sim_change":true"#,
        r#""match":1,"no_sim_change":true"#,
    ] {
        let body = completed_with(members);
        let list = format!(r#"{{"_embedded":{{"checks":[{body}]}}}}"#);
        let scripted = Scripted::new([
            Step::json(200, body.clone()),
            Step::json(200, body.clone()),
            Step::json(200, list),
        ]);
        let checks = scripted.client.subscriber_checks();
        let code = CompletionCode::new("4fa09c17be").unwrap();
        for error in [
            scripted.run(checks.get(&id())).unwrap_err(),
            scripted.run(checks.complete(&id(), &code)).unwrap_err(),
            scripted.run(checks.list()).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Decode, "{members}");
            assert_eq!(error.delivery(), Delivery::CarriedOut);
        }
    }
    for stray in [
        r#""no_sim_Change":true"#,
        r#""result":{"no_sim_change":true}"#,
        r#""sim_change":false"#,
    ] {
        let scripted = Scripted::new([Step::json(200, completed_with(stray))]);
        let check = scripted
            .run(scripted.client.subscriber_checks().get(&id()))
            .unwrap();
        assert!(!check.is_sim_unchanged(), "{stray}");
    }
}

#[test]
fn what_only_informs_spoils_nothing() {
    let read = |members: &str| {
        let scripted = Scripted::new([Step::json(200, completed_with(members))]);
        scripted
            .run(scripted.client.subscriber_checks().get(&id()))
            .unwrap()
    };
    for odd in [
        r#""360""#,
        "-1",
        "1.5",
        "null",
        "[]",
        "{}",
        "1e999",
        "184467440737095516160",
    ] {
        let check = read(&format!(
            r#""no_sim_change":true,"sim_change_within":{odd},"no_sim_change_period":{odd},"last_sim_change_at":{odd}"#
        ));
        assert!(check.is_sim_unchanged(), "{odd}");
        assert_eq!(
            (
                check.sim_change_within,
                check.no_sim_change_period,
                &check.last_sim_change_at
            ),
            (None, None, &None)
        );
    }
    let check = read(
        r#""no_sim_change":true,"sim_change_within":43201,"no_sim_change_period":540001,"last_sim_change_at":"2021-02-03T04:05:06Z""#,
    );
    assert_eq!(check.sim_change_within.unwrap().minutes(), 43_201);
    assert_eq!(check.sim_change_within.unwrap().age(), None);
    assert_eq!(check.no_sim_change_period, None);
    assert_eq!(
        check.last_sim_change_at.as_ref().unwrap().as_str(),
        "2021-02-03T04:05:06Z"
    );
}

/// Contract idlayr, 3.6: all nine codes.
#[test]
fn a_check_without_a_result_says_why() {
    for code in CheckErrorCode::KNOWN {
        let body = format!(
            r#"{{"check_id":"{ID}","status":"ERROR","error_code":"{}","no_sim_change":true,"match":true}}"#,
            code.as_str()
        );
        let scripted = Scripted::new([Step::json(200, body)]);
        let check = scripted
            .run(scripted.client.subscriber_checks().get(&id()))
            .unwrap();
        assert_eq!(check.error_code.as_ref(), Some(code));
        assert_eq!((check.verdict(), check.no_sim_change()), (None, None));
    }
    assert_eq!(CheckErrorCode::KNOWN.len(), 9);
}

#[test]
fn refusals_are_typed() {
    for (status, code) in [
        (400, "phone_format_invalid"),
        (400, "mno_not_supported"),
        (400, "bad_request"),
        (409, "ip_msisdn_mismatch"),
        (412, "not_mobile_ip"),
        (429, "too_many_requests"),
    ] {
        let body = format!(
            r#"{{"type":"https://developer.tru.id/docs/reference/api-errors#{code}","title":"t","detail":"d"}}"#
        );
        let step = Step::answer(status, body).header("content-type", "application/problem+json");
        for v0_1 in [false, true] {
            let scripted = Scripted::new([step.clone(), step.clone(), step.clone()]);
            let error = if v0_1 {
                scripted.run(scripted.client.subscriber_checks_v0_1().create(number()))
            } else {
                scripted.run(scripted.client.subscriber_checks().create(number()))
            };
            let error = error.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(ProblemCode::of(&error), Some(ProblemCode::from(code)));
            assert_eq!(error.delivery(), Delivery::Refused);
            let operation = if v0_1 {
                "subscriber_check_v0_1.create"
            } else {
                "subscriber_check.create"
            };
            assert_eq!(error.operation(), operation);
        }
    }
}

/// The refusals that have no code of their own, and those of the calls about a check that exists.
#[test]
fn refusals_without_a_code_and_of_the_other_calls_are_typed() {
    for (status, kind) in [(402, ErrorKind::Provider), (403, ErrorKind::Auth)] {
        let scripted = Scripted::new([Step::json(status, "{}")]);
        let create = scripted.client.subscriber_checks().create(number());
        let error = scripted.run(create).unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, None));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.delivery(), Delivery::Refused);
    }
    let (trace_id, code) = (
        TraceId::new(TRACE_ID).unwrap(),
        CompletionCode::new("4fa09c17be").unwrap(),
    );
    for (status, word, problem) in [
        (404, "check_not_found", ProblemCode::CheckNotFound),
        (404, "trace_not_found", ProblemCode::TraceNotFound),
        (410, "trace_gone", ProblemCode::TraceGone),
    ] {
        let body = format!(r#"{{"type":"https://developer.tru.id/docs/reference/api-errors#{word}"}}"#);
        let scripted = Scripted::new((0..7).map(|_| Step::json(status, body.clone())));
        let checks = scripted.client.subscriber_checks();
        let old = scripted.client.subscriber_checks_v0_1();
        for error in [
            scripted.run(checks.complete(&id(), &code)).unwrap_err(),
            scripted.run(checks.get(&id())).unwrap_err(),
            scripted.run(checks.traces(&id())).unwrap_err(),
            scripted.run(checks.trace(&id(), &trace_id)).unwrap_err(),
            scripted.run(old.get(&id())).unwrap_err(),
            scripted.run(old.traces(&id())).unwrap_err(),
            scripted.run(old.trace(&id(), &trace_id)).unwrap_err(),
        ] {
            assert_eq!(ProblemCode::of(&error), Some(problem.clone()));
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.delivery(), Delivery::Refused, "{}", error.operation());
        }
        assert_eq!(scripted.calls().len(), 7, "none is asked again");
    }
}

/// Absolute and relative links, and an end that is absent or null.
#[test]
fn links_in_every_spelling_page_to_the_end() {
    let page = |links: &str| {
        let checks = completed_with(RESULT);
        Step::json(200, format!(r#"{{"_embedded":{{"checks":[{checks}]}}{links}}}"#))
    };
    let path = "/subscriber_check/v0.2/checks";
    for end in [
        "",
        r#","_links":{}"#,
        r#","_links":{"next":null}"#,
        r#","_links":null"#,
    ] {
        let scripted = Scripted::new([
            page(&format!(
                r#","_links":{{"next":{{"href":"{BASE}{path}?page=2"}}}}"#
            )),
            page(&format!(
                r#","_links":{{"next":{{"href":"{path}?page=3"}},"prev":null}}"#
            )),
            page(end),
        ]);
        let mut items = scripted.client.subscriber_checks().list().items();
        let mut count = 0;
        while let Some(check) = scripted.run(items.next()) {
            assert_eq!(check.unwrap().no_sim_change(), Some(false));
            count += 1;
        }
        assert_eq!(count, 3, "{end}");
        let calls = scripted.calls();
        let asked: Vec<_> = calls
            .iter()
            .map(|seen| seen.uri.path_and_query().unwrap().as_str())
            .collect();
        assert_eq!(
            asked,
            [path, &format!("{path}?page=2"), &format!("{path}?page=3")]
        );
    }
}

/// An answer about the other product, or about another check, is none.
#[test]
fn an_answer_about_another_check_is_an_error() {
    let other = completed_with(RESULT).replace(ID, "1b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f81");
    let scripted = Scripted::new([Step::json(200, other.clone()), Step::json(200, other)]);
    let checks = scripted.client.subscriber_checks();
    let code = CompletionCode::new("4fa09c17be").unwrap();
    assert!(scripted.run(checks.get(&id())).unwrap_err().is_decode());
    let error = scripted.run(checks.complete(&id(), &code)).unwrap_err();
    assert!(error.is_decode() && !error.is_safe_to_repeat());
}

#[test]
fn a_check_url_without_encryption_is_not_handed_out() {
    let body = created_subscriber_check(BASE)
        .replace(r#""check_url":{"href":"https:"#, r#""check_url":{"href":"http:"#);
    let scripted = Scripted::new([Step::json(201, body)]);
    let error = scripted
        .run(scripted.client.subscriber_checks().create(number()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert!(!error.is_safe_to_repeat());
}
