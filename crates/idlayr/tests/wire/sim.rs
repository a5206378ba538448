//! What SIMCheck decides and refuses (contract idlayr, 5).

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::{CheckErrorCode, CheckStatus, Delivery, ErrorKind, ProblemCode, TraceId};

use crate::support::{BASE, ID, Scripted, TRACE_ID, id, number};

/// The answer to a create, as documented.
fn completed(base: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","no_sim_change":true,"no_sim_change_period":1440,"sim_change_within":129600,"charge_amount":1,"charge_currency":"API","created_at":"2024-05-02T09:10:11+00:00","network_id":"23410","snapshot_balance":40,"_links":{{"self":{{"href":"{base}/sim_check/v0.1/checks/{ID}"}}}}}}"#
    )
}

fn with(status: &str, members: &str) -> String {
    format!(r#"{{"check_id":"{ID}","status":"{status}"{members}}}"#)
}

fn problem(status: u16, code: &str) -> Step {
    let address = "https://developer.tru.id/docs/reference/api-errors";
    let body = format!(r#"{{"type":"{address}#{code}","title":"t","detail":"447700900042"}}"#);
    Step::answer(status, body).header("content-type", "application/problem+json")
}

/// Contract idlayr, 3.6 and 5: the six codes of SIMCheck, the three others, and one that nobody documented.
/// HTTP says 201 each time; nothing is an error of the call, and nothing is an answer about the SIM.
#[test]
fn a_failure_of_the_operator_is_a_result_with_a_code() {
    let documented = [
        ("mno_not_supported", CheckErrorCode::MnoNotSupported),
        ("mno_timeout", CheckErrorCode::MnoTimeout),
        ("mno_user_not_found", CheckErrorCode::MnoUserNotFound),
        ("mno_response_error", CheckErrorCode::MnoResponseError),
        ("mno_server_error", CheckErrorCode::MnoServerError),
        ("mno_no_data_available", CheckErrorCode::MnoNoDataAvailable),
        ("not_mobile_ip", CheckErrorCode::NotMobileIp),
        ("ip_mismatch", CheckErrorCode::IpMismatch),
        ("ip_msisdn_mismatch", CheckErrorCode::IpMsisdnMismatch),
    ];
    assert_eq!(documented.len(), CheckErrorCode::KNOWN.len());
    for (word, code) in documented
        .into_iter()
        .chain([("mno_asleep", CheckErrorCode::from("mno_asleep"))])
    {
        for sim in ["", r#","no_sim_change":true"#, r#","no_sim_change":false"#] {
            let body = with(
                "ERROR",
                &format!(r#","error_code":"{word}"{sim},"charge_amount":0"#),
            );
            let scripted = Scripted::new([Step::json(201, body)]);
            let reply = scripted
                .run(scripted.client.sim_checks().create(number()).send_with_metadata())
                .unwrap();
            assert_eq!(reply.status(), 201);
            let check = reply.into_value();
            assert_eq!(check.status, CheckStatus::Error);
            assert!(check.status.is_final());
            assert_eq!(check.error_code, Some(code.clone()));
            assert_eq!(check.no_sim_change(), None, "{word}{sim}");
            assert!(!check.is_sim_unchanged(), "{word}{sim}");
            assert_eq!(scripted.calls().len(), 1, "a second check");
        }
    }
    let scripted = Scripted::new([Step::json(201, with("ERROR", ""))]);
    let check = scripted
        .run(scripted.client.sim_checks().create(number()))
        .unwrap();
    assert_eq!((check.no_sim_change(), &check.error_code), (None, &None));
}

/// The platform says which period it used, and it need not be the one that was asked for.
#[test]
fn unchanged_for_as_long_as_the_period_or_the_bucket_says() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for (members, days) in [
        (r#","no_sim_change":true,"no_sim_change_period":10080"#, 7),
        (r#","no_sim_change":true,"sim_change_within":129600"#, 30),
        (
            r#","no_sim_change":true,"no_sim_change_period":1440,"sim_change_within":129600"#,
            30,
        ),
        (
            r#","no_sim_change":true,"no_sim_change_period":10080,"sim_change_within":43201"#,
            7,
        ),
        // They contradict each other: it changed 6 to 12 hours ago, 1 to 2 days ago.
        (
            r#","no_sim_change":true,"no_sim_change_period":10080,"sim_change_within":720"#,
            0,
        ),
        (
            r#","no_sim_change":true,"no_sim_change_period":10080,"sim_change_within":2880"#,
            1,
        ),
        (
            r#","no_sim_change":false,"no_sim_change_period":10080,"sim_change_within":129600"#,
            0,
        ),
        (r#","no_sim_change_period":10080"#, 0),
        (r#","no_sim_change":true"#, 0),
    ] {
        for status in ["COMPLETED", "ERROR", "PENDING"] {
            let scripted = Scripted::new([Step::json(200, with(status, members))]);
            let check = scripted.run(scripted.client.sim_checks().get(&id())).unwrap();
            let days = if status == "COMPLETED" { days } else { 0 };
            let unchanged = |time| check.is_sim_unchanged_for(time);
            let longer = (days * DAY).max(DAY / 4) + Duration::from_secs(1);
            assert_eq!(unchanged(days.max(1) * DAY), days > 0, "{status} {members}");
            assert!(!unchanged(longer), "{status} {members}");
        }
    }
}

#[test]
fn only_a_completed_check_with_the_boolean_true_is_unchanged() {
    for status in [
        "COMPLETED",
        "ERROR",
        "ACCEPTED",
        "PENDING",
        "EXPIRED",
        "completed",
        "DONE",
        "",
    ] {
        for (value, expected) in [
            (r#","no_sim_change":true"#, Some(true)),
            (r#","no_sim_change":false"#, Some(false)),
            (r#","no_sim_change":null"#, None),
            ("", None),
        ] {
            let body = with(status, value);
            let scripted = Scripted::new([Step::json(201, body.clone()), Step::json(200, body.clone())]);
            let checks = scripted.client.sim_checks();
            let created = scripted.run(checks.create(number())).unwrap();
            assert_eq!(scripted.run(checks.get(&id())).unwrap(), created);
            let expected = expected.filter(|_| status == "COMPLETED");
            assert_eq!(created.no_sim_change(), expected, "{body}");
            assert_eq!(created.is_sim_unchanged(), expected == Some(true), "{body}");
        }
    }
    // The check exists and may have been billed: the error says so, and its bytes hold the identifier.
    for value in [
        r#""true""#,
        "1",
        "[true]",
        r#"{"value":true}"#,
        r#"true,"no_sim_change":true"#,
    ] {
        let body = with("COMPLETED", &format!(r#","no_sim_change":{value}"#));
        let scripted = Scripted::new([Step::json(201, body.clone())]);
        let error = scripted
            .run(scripted.client.sim_checks().create(number()))
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut),
            "{value}"
        );
        assert_eq!(error.body(), body.as_bytes());
        assert!(!error.is_safe_to_repeat());
    }
}

#[test]
fn refusals_are_typed() {
    for (status, code) in [
        (400, "bad_request"),
        (400, "phone_format_invalid"),
        (400, "mno_not_supported"),
        (412, "not_mobile_ip"),
        (429, "too_many_requests"),
    ] {
        let step = problem(status, code);
        let scripted = Scripted::new([step.clone(), step.clone(), step]);
        let error = scripted
            .run(scripted.client.sim_checks().create(number()))
            .unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(ProblemCode::of(&error), Some(ProblemCode::from(code)));
        assert!(!ProblemCode::of(&error).unwrap().is_unknown());
        assert_eq!(error.delivery(), Delivery::Refused);
        assert_eq!(
            (error.provider(), error.operation()),
            ("idlayr", "sim_check.create")
        );
    }
    let out_of_credit = Scripted::new([Step::answer(402, "")]);
    let error = out_of_credit
        .run(out_of_credit.client.sim_checks().create(number()))
        .unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), error.delivery()),
        (402, Delivery::Refused)
    );

    let trace_id = TraceId::new(TRACE_ID).unwrap();
    for (status, code) in [
        (404, "check_not_found"),
        (404, "trace_not_found"),
        (410, "trace_gone"),
    ] {
        let step = problem(status, code);
        let scripted = Scripted::new([step.clone(), step.clone(), step]);
        let checks = scripted.client.sim_checks();
        for error in [
            scripted.run(checks.get(&id())).unwrap_err(),
            scripted.run(checks.traces(&id())).unwrap_err(),
            scripted.run(checks.trace(&id(), &trace_id)).unwrap_err(),
        ] {
            assert_eq!(ProblemCode::of(&error), Some(ProblemCode::from(code)));
        }
    }
}

/// It has the period of SubscriberCheck, and its limits.
#[test]
fn a_period_that_does_not_exist_is_refused_and_nothing_is_sent() {
    for seconds in [0, 60, 3599, 3601, 540_000 * 60 + 60, u64::MAX] {
        let scripted = Scripted::new([]);
        let create = scripted.client.sim_checks().create(number());
        let error = scripted
            .run(create.period(Duration::from_secs(seconds)))
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::InvalidInput, Delivery::NotSent)
        );
        assert_eq!(scripted.transport.seen().len(), 0);
    }
}

#[test]
fn a_lost_check_is_found_by_its_reference() {
    let check = completed(BASE).replace(r#""status""#, r#""reference_id":"order-77","status""#);
    let scripted = Scripted::new([
        Step::CutBody,
        Step::json(200, format!(r#"{{"_embedded":{{"checks":[{check}]}}}}"#)),
    ]);
    let checks = scripted.client.sim_checks();
    let error = scripted
        .run(checks.create(number()).reference_id("order-77"))
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!error.is_safe_to_repeat());
    let found = scripted.run(checks.find_by_reference("order-77")).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].is_sim_unchanged());
    let asked: Vec<_> = scripted.calls().iter().map(|seen| seen.method.clone()).collect();
    assert_eq!(asked, ["POST", "GET"]);
}

#[test]
fn an_answer_about_another_check_is_an_error() {
    let other = completed(BASE).replace(ID, "1b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f81");
    let scripted = Scripted::new([Step::json(200, other)]);
    let error = scripted.run(scripted.client.sim_checks().get(&id())).unwrap_err();
    assert!(error.is_decode());
}
