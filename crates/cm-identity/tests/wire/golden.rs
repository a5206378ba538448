//! Requests to the letter, and the documented answers in each version.

use std::time::Duration;

use cm_identity::testing::{Seen, Step};
use cm_identity::{
    Attribute, Config, DateOfBirth, NumberVerifyState, Repeat, ServiceType, SimChange, State, Timestamp,
};

use crate::support::{CALLBACK_URL, ID, SESSION_URL, Scripted, check, created, id, number};

const AGENT: &str = concat!("verikit/", env!("CARGO_PKG_VERSION"));

/// Asserts the whole request, headers and all.
#[track_caller]
fn assert_asked(seen: &Seen, line: &str, body: &str) {
    let authorization = seen.header("authorization").unwrap();
    assert!(authorization.starts_with("Bearer ey"));
    assert!(seen.headers["authorization"].is_sensitive());
    let mut headers = vec![
        ("accept", "application/json"),
        ("accept-encoding", "identity"),
        ("authorization", authorization),
        ("user-agent", AGENT),
    ];
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    seen.assert_is(line, &headers, body);
}

#[test]
fn sim_swap_timestamp_with_and_without_state() {
    for (answer, state) in [
        (
            r#"{"state": "success", "timestamp": "2025-02-03T04:05:06Z"}"#,
            Some(State::Success),
        ),
        (r#"{"timestamp": "2025-02-03T04:05:06Z"}"#, None),
    ] {
        let scripted = Scripted::new([Step::json(200, answer)]);
        let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
        let swap = swap.unwrap();
        assert_asked(
            &scripted.asked(),
            "POST https://api.cm.com/mobile-identity/v1/sim-swap",
            r#"{"phoneNumber":"+31600000042","serviceType":"timestamp"}"#,
        );
        assert_eq!(swap.state, state);
        let at = Timestamp::parse("2025-02-03T04:05:06Z").unwrap();
        assert_eq!(swap.change, SimChange::At(at));
        assert_eq!(&swap.raw()[..], answer.as_bytes());
    }
}

#[test]
fn sim_swap_24h() {
    for (answer, changed) in [
        (r#"{"state": "success", "24h": false}"#, false),
        (r#"{"24h": true}"#, true),
    ] {
        let scripted = Scripted::new([Step::json(200, answer)]);
        let swap = scripted.run(
            scripted
                .client
                .sim_swap()
                .check(number(), ServiceType::Last24Hours),
        );
        assert_eq!(swap.unwrap().change, SimChange::WithinLast24Hours(changed));
        assert_asked(
            &scripted.asked(),
            "POST https://api.cm.com/mobile-identity/v1/sim-swap",
            r#"{"phoneNumber":"+31600000042","serviceType":"24h"}"#,
        );
    }
}

#[test]
fn sim_swap_range_the_legacy_one() {
    let answer = r#"{"state": "success", "range": {"gt": 1209600, "lt": 604800}}"#;
    let scripted = Scripted::new([Step::json(200, answer)]);
    let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Range));
    let swap = swap.unwrap();
    let SimChange::Range(range) = swap.change else {
        panic!("{swap:?}")
    };
    let bounds = (Duration::from_secs(604_800), Some(Duration::from_secs(1_209_600)));
    assert_eq!((range.at_least(), range.at_most()), bounds);
    assert_asked(
        &scripted.asked(),
        "POST https://api.cm.com/mobile-identity/v1/sim-swap",
        r#"{"phoneNumber":"+31600000042","serviceType":"range"}"#,
    );
}

#[test]
fn the_sandbox_and_any_other_base_have_the_same_paths() {
    type Configure = fn(Config) -> Config;
    let cases: [(Configure, &str); 3] = [
        (
            Config::sandbox,
            "https://api.cm.com/mobile-identity-sandbox/v1/sim-swap",
        ),
        (
            |config| config.sandbox().base_url("https://proxy.example.net/cm/"),
            "https://proxy.example.net/cm/sim-swap",
        ),
        (
            |config| config.base_url("https://proxy.example.net:8443"),
            "https://proxy.example.net:8443/sim-swap",
        ),
    ];
    for (configure, address) in cases {
        let scripted = Scripted::with([Step::json(200, r#"{"24h":true}"#)], configure);
        let call = scripted
            .client
            .sim_swap()
            .check(number(), ServiceType::Last24Hours);
        scripted.run(call).unwrap();
        assert_eq!(scripted.asked().uri, address);
    }
}

#[test]
fn identity_match_sends_what_was_set_and_nothing_else() {
    let answer = r#"{"state": "success", "firstNameMatch": false, "lastNameMatch": true, "nameMatch": false,
        "addressMatch": false, "postalCodeMatch": true, "dateOfBirthMatch": true}"#;
    let scripted = Scripted::new([Step::json(200, answer)]);
    let call = scripted
        .client
        .identity_match()
        .compare(number())
        .last_name("Voorbeeld")
        .postal_code("1111 AA")
        .date_of_birth(DateOfBirth::parse("1990-01-31").unwrap());
    let result = scripted.run(call).unwrap();
    assert_asked(
        &scripted.asked(),
        "POST https://api.cm.com/mobile-identity/v1/identity-match",
        r#"{"phoneNumber":"+31600000042","serviceType":"match","lastName":"Voorbeeld","postalCode":"1111 AA","dateOfBirth":"1990-01-31"}"#,
    );
    assert_eq!(result.state, Some(State::Success));
    let got = [
        Attribute::FirstName,
        Attribute::LastName,
        Attribute::Name,
        Attribute::Address,
        Attribute::PostalCode,
        Attribute::DateOfBirth,
    ]
    .map(|attribute| result.get(attribute));
    assert_eq!(
        got,
        [
            Some(false),
            Some(true),
            Some(false),
            Some(false),
            Some(true),
            Some(true)
        ]
    );
    assert!(result.extra().is_empty());
}

#[test]
fn identity_match_with_every_member_and_the_answer_without_state() {
    let answer = r#"{"firstNameMatch":true,"lastNameMatch":"true","nameMatch":"false","addressMatch":null}"#;
    let scripted = Scripted::new([Step::json(200, answer)]);
    let call = scripted
        .client
        .identity_match()
        .compare(number())
        .first_name("Jos\u{e9}")
        .last_name("O'Neill")
        .address("12 bis")
        .address2("b")
        .address3("c")
        .postal_code("AB12 3CD")
        .date_of_birth(DateOfBirth::parse("2000-02-29").unwrap());
    let result = scripted.run(call).unwrap();
    assert_asked(
        &scripted.asked(),
        "POST https://api.cm.com/mobile-identity/v1/identity-match",
        "{\"phoneNumber\":\"+31600000042\",\"serviceType\":\"match\",\"firstName\":\"Jos\u{e9}\",\"lastName\":\"O'Neill\",\"address\":\"12 bis\",\"address2\":\"b\",\"address3\":\"c\",\"postalCode\":\"AB12 3CD\",\"dateOfBirth\":\"2000-02-29\"}",
    );
    assert_eq!(
        (
            result.state.clone(),
            result.first_name,
            result.last_name,
            result.name
        ),
        (None, Some(true), Some(true), Some(false))
    );
    assert_eq!(
        (result.address, result.postal_code, result.date_of_birth),
        (None, None, None)
    );
}

#[test]
fn identity_score_reads_the_guessed_names_and_keeps_the_others() {
    let answer = r#"{"state":"success","firstNameScore":100,"lastNameScore":0,"nameScore":87.5,"overall":61,"birthScore":100}"#;
    let scripted = Scripted::new([Step::json(200, answer)]);
    let call = scripted.client.identity_match().score(number()).address("123");
    let result = scripted.run(call).unwrap();
    assert_asked(
        &scripted.asked(),
        "POST https://api.cm.com/mobile-identity/v1/identity-match",
        r#"{"phoneNumber":"+31600000042","serviceType":"score","address":"123"}"#,
    );
    assert_eq!(
        (result.first_name, result.last_name, result.name, result.address),
        (Some(100.0), Some(0.0), Some(87.5), None)
    );
    assert_eq!(result.get(Attribute::Name), Some(87.5));
    let extra = result.extra();
    assert_eq!(
        (extra["overall"].as_u64(), extra["birthScore"].as_u64()),
        (Some(61), Some(100))
    );
}

#[test]
fn number_verify_create() {
    for status in [200, 201, 202] {
        let scripted = Scripted::new([Step::json(status, created())]);
        let check = scripted.run(scripted.client.number_verify().create(number(), CALLBACK_URL));
        let check = check.unwrap();
        assert_asked(
            &scripted.asked(),
            "POST https://api.cm.com/mobile-identity/v1/number-verify",
            r#"{"phoneNumber":"+31600000042","callbackUrl":"https://app.example.net/callbacks/cm?x=1"}"#,
        );
        assert_eq!(
            (check.id.as_str(), &check.state),
            (ID, &NumberVerifyState::Pending)
        );
        assert_eq!(
            check.session_url.expose(),
            SESSION_URL,
            "plain http is what is documented"
        );
    }
}

#[test]
fn number_verify_get_in_every_state() {
    for (state, matched, verdict) in [
        ("pending", "null", None),
        ("completed", "true", Some(true)),
        ("completed", "false", Some(false)),
        ("failed", "null", None),
    ] {
        let scripted = Scripted::new([Step::json(200, check(state, matched))]);
        let check = scripted.run(scripted.client.number_verify().get(&id())).unwrap();
        assert_asked(
            &scripted.asked(),
            &format!("GET https://api.cm.com/mobile-identity/v1/number-verify/{ID}"),
            "",
        );
        assert_eq!((check.state.as_str(), check.verdict()), (state, verdict));
        assert_eq!(check.is_match(), verdict == Some(true));
        assert_eq!(check.session_url, None);
    }
}

#[test]
fn the_escape_hatch_is_authorised_and_sent_as_it_was_built() {
    let scripted = Scripted::new([Step::json(200, r#"{"any":1}"#)]);
    let call = scripted
        .client
        .request(http::Method::POST, ["some-service", "a/b"])
        .query("q", "1")
        .json(&serde_json::json!({"phoneNumber": "+31600000042"}))
        .repeat(Repeat::Safe);
    let reply = scripted.run(call).unwrap();
    assert_eq!(&reply.body()[..], br#"{"any":1}"#);
    assert_asked(
        &scripted.asked(),
        "POST https://api.cm.com/mobile-identity/v1/some-service/a%2Fb?q=1",
        r#"{"phoneNumber":"+31600000042"}"#,
    );
}
