//! Every SubscriberCheck operation in both versions: the request to the byte, and what the answer is read as
//! (contract idlayr, 4).

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::value::Amount;
use idlayr::{
    CheckErrorCode, CheckStatus, CompletionCode, Currency, Delivery, ErrorKind, ProblemCode, Timestamp,
    TraceId,
};

use crate::support::{BASE, ID, Scripted, TRACE_ID, Wire, created, id, in_status, number};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const JSON: (&str, &str) = ("content-type", "application/json");
const HAL: &str = "application/hal+json";
const RESULT: &str =
    r#""match":true,"no_sim_change":false,"no_sim_change_period":10080,"sim_change_within":360"#;

fn created_subscriber_check(base: &str) -> String {
    created(base).replace("phone_check", "subscriber_check")
}

fn completed_with(members: &str) -> String {
    format!(r#"{{"check_id":"{ID}","status":"COMPLETED",{members}}}"#)
}

fn amount(text: &str) -> Amount {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn create_v0_2() {
    let wire = Wire::start().await;
    let base = wire.base();
    let body = created_subscriber_check(&base);
    for _ in 0..2 {
        wire.answer(201, HAL, body.clone());
    }
    let client = wire.client();
    let check = client.subscriber_checks().create(number()).await.unwrap();
    assert_eq!(
        (check.check_id.as_str(), &check.status),
        (ID, &CheckStatus::Accepted)
    );
    assert_eq!(
        check.check_url.as_str(),
        format!("{base}/subscriber_check/v0.2/checks/{ID}/redirect")
    );
    assert_eq!(check.ttl, Some(Duration::from_secs(120)));
    assert_eq!(check.charge_amount, Some(amount("1")));
    assert_eq!(check.charge_currency, Some(Currency::Api));
    assert_eq!(check.snapshot_balance, Some(amount("41")));
    assert_eq!(
        check.created_at,
        Some(Timestamp::parse("2024-05-02T09:10:11Z").unwrap())
    );
    assert_eq!(check.raw(), body.as_bytes());
    assert!(check.extra().is_empty(), "{:?}", check.extra());

    client
        .subscriber_checks()
        .create(number())
        .phone_ip("2001:db8::7".parse().unwrap())
        .reference_id("order-77")
        .callback_url("https://app.example.net/callback")
        .redirect_url("https://app.example.net/done")
        .period(Duration::from_secs(72 * 3600))
        .await
        .unwrap();
    let bodies = [
        r#"{"phone_number":"447700900042"}"#,
        r#"{"phone_number":"447700900042","phone_ip":"2001:db8::7","reference_id":"order-77","callback_url":"https://app.example.net/callback","redirect_url":"https://app.example.net/done","period":4320}"#,
    ];
    for (call, body) in wire.calls().iter().zip(bodies) {
        call.assert(&wire, "POST /subscriber_check/v0.2/checks", &[BEARER, JSON], body);
    }
    assert_eq!(wire.calls().len(), bodies.len());
}

#[tokio::test]
async fn create_v0_1() {
    let wire = Wire::start().await;
    wire.answer(
        201,
        HAL,
        created_subscriber_check(&wire.base()).replace("v0.2", "v0.1"),
    );
    let checks = wire.client().subscriber_checks_v0_1();
    let check = checks
        .create(number())
        .phone_ip("203.0.113.9".parse().unwrap())
        .reference_id("order-77")
        .callback_url("https://app.example.net/callback")
        .period(Duration::from_secs(3600))
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        "POST /subscriber_check/v0.1/checks",
        &[BEARER, JSON],
        r#"{"phone_number":"447700900042","phone_ip":"203.0.113.9","reference_id":"order-77","callback_url":"https://app.example.net/callback","period":60}"#,
    );
    assert_eq!(check.check_id, id());
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

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    let url = format!("{}/subscriber_check/v0.2/checks/{ID}", wire.base());
    let body = completed_with(&format!(
        r#"{RESULT},"reference_id":"order-77","charge_amount":0.0350,"charge_currency":"EUR","created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:29+0000","ttl":60,"network_id":"23410","later":true,"_links":{{"self":{{"href":"{url}"}},"check_url":{{"href":"{url}/redirect"}}}}"#
    ));
    for _ in 0..2 {
        wire.answer(200, HAL, body.clone());
    }
    let client = wire.client();
    let check = client.subscriber_checks().get(&id()).await.unwrap();
    let old = client.subscriber_checks_v0_1().get(&id()).await.unwrap();
    assert_eq!(check, old);
    for (call, version) in wire.calls().iter().zip(["v0.2", "v0.1"]) {
        let line = format!("GET /subscriber_check/{version}/checks/{ID}");
        call.assert(&wire, &line, &[BEARER], "");
    }

    assert!(check.is_match());
    assert!(!check.is_sim_unchanged());
    assert_eq!(check.no_sim_change(), Some(false));
    assert_eq!(
        check.no_sim_change_period,
        Some(Duration::from_secs(7 * 24 * 3600))
    );
    let bucket = check.sim_change_within.unwrap();
    assert_eq!(bucket.minutes(), 360);
    assert_eq!(bucket.age().unwrap().at_most, Some(Duration::from_secs(6 * 3600)));
    assert_eq!(check.last_sim_change_at, None);
    assert_eq!(check.error_code, None);
    assert_eq!(check.reference_id.as_ref().unwrap().expose(), "order-77");
    assert_eq!(check.charge_amount, Some(amount("0.0350")));
    assert_eq!(check.charge_currency, Some(Currency::Eur));
    assert_eq!(check.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(check.ttl, Some(Duration::from_secs(60)));
    assert_eq!(
        check.check_url.as_ref().unwrap().as_str(),
        format!("{url}/redirect")
    );
    assert_eq!(check.updated_at.as_ref().unwrap().unix_seconds(), 1_714_641_029);
    assert_eq!(check.extra().keys().collect::<Vec<_>>(), ["later"]);
    assert_eq!(serde_json::to_string(&check).unwrap(), body);
}

#[tokio::test]
async fn complete() {
    let wire = Wire::start().await;
    // The members that the contract lists for this answer: no period, no links, no ttl.
    wire.answer(
        200,
        HAL,
        completed_with(r#""match":true,"no_sim_change":true,"sim_change_within":525601"#),
    );
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let check = wire
        .client()
        .subscriber_checks()
        .complete(&id(), &code)
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        &format!("PATCH /subscriber_check/v0.2/checks/{ID}"),
        &[BEARER, ("content-type", "application/json-patch+json")],
        r#"[{"op":"add","path":"/code","value":"4fa09c17be"}]"#,
    );
    assert!(check.is_match() && check.is_sim_unchanged());
    assert_eq!(check.no_sim_change_period, None);
    assert!(check.is_sim_unchanged_for(Duration::from_secs(365 * 24 * 3600)));
    assert_eq!(check.sim_change_within.unwrap().age().unwrap().at_most, None);
}

#[tokio::test]
async fn list_and_traces() {
    let wire = Wire::start().await;
    let client = wire.client();
    let (checks, old) = (client.subscriber_checks(), client.subscriber_checks_v0_1());
    let trace = format!(r#"{{"trace_id":"{TRACE_ID}","logs":[{{"message":"m"}}]}}"#);
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    for _ in 0..2 {
        wire.answer(
            200,
            HAL,
            format!(
                r#"{{"_embedded":{{"checks":[{},{}]}}}}"#,
                completed_with(RESULT),
                in_status("PENDING")
            ),
        );
        wire.answer(200, HAL, format!(r#"{{"_embedded":{{"traces":[{trace}]}}}}"#));
        wire.answer(200, HAL, trace.clone());
    }
    let page = checks.list().search("status==COMPLETED").await.unwrap();
    assert_eq!(page.checks[0].no_sim_change(), Some(false));
    assert_eq!(page.checks[1].no_sim_change(), None);
    let traces = checks.traces(&id()).await.unwrap().traces;
    assert_eq!(traces, [checks.trace(&id(), &trace_id).await.unwrap()]);
    assert_eq!(old.list().await.unwrap().checks, page.checks);
    let traces = old.traces(&id()).await.unwrap().traces;
    assert_eq!(traces, [old.trace(&id(), &trace_id).await.unwrap()]);
    let calls = wire.calls();
    for (version, query, calls) in [
        ("v0.2", "?search=status%3D%3DCOMPLETED", &calls[..3]),
        ("v0.1", "", &calls[3..]),
    ] {
        let route = format!("GET /subscriber_check/{version}/checks");
        calls[0].assert(&wire, &format!("{route}{query}"), &[BEARER], "");
        calls[1].assert(&wire, &format!("{route}/{ID}/traces"), &[BEARER], "");
        calls[2].assert(&wire, &format!("{route}/{ID}/traces/{TRACE_ID}"), &[BEARER], "");
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
