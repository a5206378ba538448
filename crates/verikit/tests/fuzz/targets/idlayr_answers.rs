//! What IDlayr answers.

use std::collections::HashSet;
use std::future::IntoFuture as _;
use std::time::Duration;

use serde_json::Value;
use verikit::idlayr::{CheckId, Client, CompletionCode, TraceId};
use verikit::testing::{ManualClock, drive};
use verikit::{Clock as _, Error, ErrorKind, PhoneNumber};

use super::answer::{Answer, Requests};
use super::idlayr::{assert_decided, assert_sim_decided};
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
pub(super) const TOKEN_PATH: &str = "/oauth2/v1/token";
const TOKEN: &str = r#"{"access_token":"t-1","token_type":"bearer","expires_in":3600}"#;

pub(super) fn client(clock: &ManualClock, requests: &Requests, answer: &Answer) -> Client {
    let answer = answer.clone();
    let transport = requests.answered(move |request| {
        if request.uri().path() == TOKEN_PATH {
            Answer::json(200, TOKEN)
        } else {
            answer.clone()
        }
    });
    Client::builder("client-1", SECRET)
        .transport(transport)
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap()
}

pub(super) fn id() -> CheckId {
    CheckId::new(ID).unwrap()
}

/// What holds for every error of a call that was answered.
pub(super) fn assert_answered(error: &Error, answer: &Answer) {
    answer.assert_error(error, "idlayr", &[ErrorKind::Decode, ErrorKind::Untrusted]);
}

/// The answer to a read of a check, and to its completion.
pub(crate) fn phone_check(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).phone_checks();
    let code = CompletionCode::new("4fa09c17be").unwrap();
    for (once, call) in [(false, checks.get(&id())), (true, checks.complete(&id(), &code))] {
        let before = requests.except(TOKEN_PATH).len();
        match drive(&clock, call.into_future()) {
            Ok(check) => {
                assert!(answer.status.is_success());
                assert!(check.check_id.as_str().eq_ignore_ascii_case(ID));
                assert_eq!(check.raw(), &answer.body);
                assert_decided(&check, &answer.body);
                assert_debug_hidden(&check);
            }
            Err(error) => assert_answered(&error, &answer),
        }
        let sent = requests.except(TOKEN_PATH).len() - before;
        let most = match answer.status.as_u16() {
            429 => 3,
            408 | 500 | 502..=504 if !once => 3,
            401 => 2,
            _ => 1,
        };
        assert!(
            (1..=most).contains(&sent),
            "{sent} requests after {}",
            answer.status
        );
    }
}

/// The answer to a read of a SubscriberCheck, and to its completion: decided as a PhoneCheck, and on the SIM
/// besides.
pub(crate) fn subscriber_check(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let client = client(&clock, &requests, &answer);
    let checks = client.subscriber_checks();
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let phone = drive(&clock, client.phone_checks().get(&id()).into_future());
    for call in [checks.get(&id()), checks.complete(&id(), &code)] {
        match drive(&clock, call.into_future()) {
            Ok(check) => {
                assert!(answer.status.is_success());
                assert!(check.check_id.as_str().eq_ignore_ascii_case(ID));
                assert_eq!(check.raw(), &answer.body);
                assert_sim_decided(&check, &answer.body);
                let phone = phone.as_ref().expect("it demands less");
                assert_eq!(
                    (check.is_match(), check.verdict()),
                    (phone.is_match(), phone.verdict())
                );
                assert_debug_hidden(&check);
            }
            Err(error) => assert_answered(&error, &answer),
        }
    }
}

/// The answer to the creation of a check.
pub(crate) fn created_phone_check(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).phone_checks();
    let number = PhoneNumber::parse("+44 7700 900042").unwrap();
    match drive(&clock, checks.create(number).into_future()) {
        Ok(check) => {
            assert!(answer.status.is_success());
            let address = check.check_url.expose().to_ascii_lowercase();
            assert!(address.starts_with("https://"), "a device opens nothing else");
            assert_eq!(check.raw(), &answer.body);
            assert_debug_hidden(&check);
        }
        Err(error) => assert_answered(&error, &answer),
    }
    if !matches!(answer.status.as_u16(), 401 | 429) {
        assert_eq!(
            requests.except(TOKEN_PATH).len(),
            1,
            "a second check after {}",
            answer.status
        );
    }
}

/// The answer to a list of checks, page after page.
pub(crate) fn check_list(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).phone_checks();
    let mut items = checks.list().items();
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let listed = value["_embedded"]["checks"].as_array();
    let mut ended = None;
    // The same page over and over is a list without an end, if nothing stops it.
    for _ in 0..200 {
        match drive(&clock, items.next()) {
            Some(Ok(check)) => {
                assert_decided(&check, check.raw());
                assert_debug_hidden(&check);
                if let Some(listed) = listed {
                    let same = |item: &Value| item["check_id"] == check.check_id.as_str();
                    assert!(listed.iter().any(same), "it is in no list");
                }
            }
            Some(Err(error)) => {
                assert_error_hidden(&error);
                assert!(
                    drive(&clock, items.next()).is_none(),
                    "nothing comes behind an error"
                );
                ended = Some(Err(error));
                break;
            }
            None => {
                ended = Some(Ok(()));
                break;
            }
        }
    }
    let asked = requests.except(TOKEN_PATH);
    for request in &asked {
        let uri = request.uri();
        assert_eq!(
            (uri.scheme_str(), uri.host()),
            (Some("https"), Some("eu.api.idlayr.com"))
        );
        assert!(uri.port_u16().is_none_or(|port| port == 443), "{uri}");
    }
    let links = value.get("_links").and_then(|links| links.get("next"));
    match ended {
        Some(Ok(())) if !value.is_null() => {
            assert!(
                links.is_none_or(Value::is_null),
                "the list ended before its last page"
            );
        }
        Some(Ok(()) | Err(_)) => {}
        None => {
            let addresses: HashSet<_> = asked.iter().map(|request| request.uri().to_string()).collect();
            assert!(
                addresses.len() > 1 || asked.len() == 1,
                "the same page is asked for over and over"
            );
        }
    }
}

/// The answers to a list of traces and to one trace.
pub(crate) fn traces(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).phone_checks();
    match drive(&clock, checks.traces(&id()).into_future()) {
        Ok(list) => {
            let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if let Some(listed) = value["_embedded"]["traces"].as_array() {
                assert_eq!(list.traces.len(), listed.len());
                for (trace, value) in list.traces.iter().zip(listed) {
                    assert_eq!(value["trace_id"], trace.trace_id.as_str());
                    assert_eq!(trace.logs.len(), value["logs"].as_array().map_or(0, Vec::len));
                }
            }
            assert_debug_hidden(&list);
        }
        Err(error) => assert_answered(&error, &answer),
    }
    let trace_id = TraceId::new("5f3a9c1b7d2e4f60").unwrap();
    match drive(&clock, checks.trace(&id(), &trace_id).into_future()) {
        Ok(trace) => {
            assert_eq!(trace.trace_id, trace_id);
            assert_eq!(trace.raw(), &answer.body);
            assert_debug_hidden(&trace);
        }
        Err(error) => assert_answered(&error, &answer),
    }
}

/// The token endpoint's answer.
pub(crate) fn token(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let given = answer.clone();
    let transport = requests.answered(move |request| {
        if request.uri().path() == TOKEN_PATH {
            given.clone()
        } else {
            Answer::json(200, format!(r#"{{"check_id":"{ID}","status":"PENDING"}}"#))
        }
    });
    let client = Client::builder("client-1", SECRET)
        .transport(transport)
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap();
    let began = clock.now();
    let read = drive(&clock, client.tokens().access_token());
    assert!(
        clock.now() - began <= Duration::from_millis(15_100),
        "a fetch has 15 s"
    );
    assert!((1..=3).contains(&requests.count()));
    let token = match read {
        Ok(token) => token,
        Err(error) => {
            assert_error_hidden(&error);
            let sent = requests.count();
            assert!(drive(&clock, client.tokens().access_token()).is_err());
            return assert_eq!(requests.count(), sent, "a failure is shared for a second");
        }
    };
    assert!(answer.status.is_success() && requests.count() == 1);
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if value.is_object() {
        assert_eq!(value["access_token"], token.expose());
        assert!(
            value["token_type"]
                .as_str()
                .unwrap()
                .eq_ignore_ascii_case("bearer")
        );
    }
    assert!(!token.is_empty());
    let call = drive(&clock, client.phone_checks().get(&id()).into_future());
    let Some(request) = requests.except(TOKEN_PATH).pop() else {
        let error = call.unwrap_err();
        assert_error_hidden(&error);
        let graphic = token.expose().bytes().all(|byte| byte.is_ascii_graphic());
        return assert!(!graphic, "a token that could be sent was not: {error}");
    };
    call.unwrap();
    assert_eq!(requests.count(), 2, "the token is kept");
    let header = &request.headers()["authorization"];
    assert_eq!(header.as_bytes(), format!("Bearer {}", token.expose()).as_bytes());
    assert!(header.is_sensitive());
    // Whatever the server claims, a token is not kept beyond a day.
    clock.advance(Duration::from_secs(24 * 3600 + 1));
    drive(&clock, client.tokens().access_token()).unwrap();
    assert_eq!(requests.count(), 3);
}
