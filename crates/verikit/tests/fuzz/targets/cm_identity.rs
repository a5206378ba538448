//! What CM.com's Mobile Identity answers and sends, and the dates that a caller passes.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue};
use serde_json::Value;
use verikit::cm_identity::{
    CallbackKeys, CallbackType, Client, DateOfBirth, IdentityMatch, IdentityScore, NumberVerify,
    NumberVerifyId, NumberVerifyState, SimChange, SimSwap,
};
use verikit::testing::{ManualClock, drive};
use verikit::{Answer, ErrorKind, PhoneNumber, Secret};

use super::answer::{Answer as HttpAnswer, Requests};
use super::{assert_unreadable, line, text};
use crate::needles::{SECRET, assert_debug_hidden, assert_display_hidden, assert_error_hidden};

const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Another reader's opinion of the JSON; of what is duplicated it sees the last.
fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap_or_default()
}

fn is_success(value: &Value) -> bool {
    value.get("state").is_none_or(|state| state == "success")
}

/// An answer to a SIM swap: "not changed" comes of a documented answer alone.
pub(crate) fn sim_swap(input: &[u8]) {
    let swap = match Answer::<SimSwap>::from_json(input.to_vec()) {
        Ok(swap) => swap,
        Err(error) => return assert_error_hidden(&error),
    };
    assert_debug_hidden(&swap);
    let value = value(input);
    if value.is_null() {
        return; // The other reader gave up on something that this one does not look at.
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let changed =
        [Duration::ZERO, DAY, 14 * DAY, Duration::MAX].map(|time| swap.changed_within_at(time, now));
    if !is_success(&value) {
        assert_eq!(
            (&swap.change, changed),
            (&SimChange::Unknown, [None; 4]),
            "{value}"
        );
    }
    match &swap.change {
        SimChange::At(at) => assert_eq!(value["timestamp"], at.as_str()),
        SimChange::WithinLast24Hours(changed) => assert_eq!(value["24h"], *changed),
        SimChange::Range(range) => {
            let seconds = |name: &str| value["range"][name].as_u64().map(Duration::from_secs);
            let bounds = (Some(range.at_least()), range.at_most());
            if value["range"]["lt"] == -1 {
                assert_eq!(bounds, (seconds("gt"), None));
            } else {
                assert_eq!(bounds, (seconds("lt"), seconds("gt")));
            }
            assert!(range.at_most().is_none_or(|most| range.at_least() <= most));
        }
        _ => assert_eq!(changed, [None; 4]),
    }
    // A longer time never turns a "yes" into a "no".
    for pair in changed.windows(2) {
        assert!(pair[0] != Some(true) || pair[1] == Some(true), "{changed:?}");
        assert!(pair[1] != Some(false) || pair[0] == Some(false), "{changed:?}");
    }
}

/// An answer to an identity match and to a score.
pub(crate) fn identity_match(input: &[u8]) {
    let value = value(input);
    match Answer::<IdentityMatch>::from_json(input.to_vec()) {
        Ok(result) => {
            assert_debug_hidden(&result);
            for (name, matched) in [
                ("firstNameMatch", result.first_name),
                ("lastNameMatch", result.last_name),
                ("nameMatch", result.name),
                ("addressMatch", result.address),
                ("postalCodeMatch", result.postal_code),
                ("dateOfBirthMatch", result.date_of_birth),
            ] {
                let documented = match &value[name] {
                    Value::Bool(matched) => Some(*matched),
                    Value::String(matched) => matched.parse().ok(),
                    _ => None,
                };
                if !value.is_null() {
                    assert_eq!(
                        matched,
                        documented.filter(|_| is_success(&value)),
                        "{name}: {value}"
                    );
                }
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
    match Answer::<IdentityScore>::from_json(input.to_vec()) {
        Ok(result) => {
            assert_debug_hidden(&result);
            for score in [result.name, result.last_name, result.date_of_birth] {
                assert!(score.is_none_or(|score| (0.0..=100.0).contains(&score)));
                assert!(score.is_none() || value.is_null() || is_success(&value));
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
}

/// The answers to the creation and to the read of a number verify.
pub(crate) fn number_verify(input: &[u8]) {
    let answer = HttpAnswer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let given = answer.clone();
    let client = Client::builder("key-1", SECRET)
        .transport(requests.answered(move |_| given.clone()))
        .clock(clock.shared())
        .without_rate_limit()
        .build()
        .unwrap();
    let number = PhoneNumber::parse("+31600000042").unwrap();
    let create = client
        .number_verify()
        .create(number, "https://app.example.net/callbacks");
    match drive(&clock, create.send()) {
        Ok(created) => {
            assert!(answer.status.is_success());
            let url = created.session_url.expose();
            assert!(url.contains("://"), "{url}");
            assert_eq!(created.raw(), &answer.body);
            assert_debug_hidden(&created);
        }
        Err(error) => assert_error_hidden(&error),
    }
    if !matches!(answer.status.as_u16(), 401 | 429) {
        assert_eq!(requests.count(), 1, "a second check after {}", answer.status);
    }
    let id = NumberVerifyId::new(ID).unwrap();
    match drive(&clock, client.number_verify().get(&id).send()) {
        Ok(check) => {
            assert!(answer.status.is_success());
            assert!(check.id.as_str().eq_ignore_ascii_case(ID));
            assert_debug_hidden(&check);
            assert_decided(&check, &value(&answer.body));
        }
        Err(error) => assert_error_hidden(&error),
    }
}

fn assert_decided(check: &NumberVerify, value: &Value) {
    if value.is_null() {
        return assert!(!check.is_match() || check.state == NumberVerifyState::Completed);
    }
    let verdict = value["match"].as_bool().filter(|_| value["state"] == "completed");
    assert_eq!(check.verdict(), verdict, "{value}");
}

/// The `Authorization` value on the first line, the callback behind it.
pub(crate) fn callback(input: &[u8]) {
    let at = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let body = &input[(at + 1).min(input.len())..];
    let keys =
        CallbackKeys::new([Secret::new("another"), Secret::new("sdk-test-secret-0123456789")]).unwrap();
    let own = CallbackKeys::new([Secret::new("sdk-test-secret-0123456789")]).unwrap();
    let good = own.sign_for_test(body);
    if let Ok(value) = HeaderValue::from_bytes(&input[..at]) {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value.clone());
        match keys.verify(&headers, body.to_vec()) {
            Err(error) if error.kind() == ErrorKind::Signature => assert_error_hidden(&error),
            _ => {
                let (_, signature) = good.to_str().unwrap().split_once(' ').unwrap();
                let shown = text(value.as_bytes());
                assert_eq!(
                    shown.split_once(' ').map(|(_, given)| given.trim()),
                    Some(signature)
                );
            }
        }
    }
    match keys.verify_value(&good, body.to_vec()) {
        Ok(callback) => {
            assert_debug_hidden(&callback);
            let value = value(body);
            let is_check = callback.callback_type == CallbackType::NumberVerifyState;
            assert_eq!(callback.number_verify.is_some(), is_check);
            if let Some(check) = &callback.number_verify
                && !value.is_null()
            {
                assert_decided(check, &value["numberVerify"]);
            }
        }
        Err(error) => assert_unreadable(&error),
    }
}

/// A date as a caller passes it. The judge of dates is a calendar library.
pub(crate) fn date_of_birth(input: &[u8]) {
    let text = text(input);
    let (text, _) = line(&text);
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let exists = shaped && text.parse::<jiff::civil::Date>().is_ok();
    match DateOfBirth::parse(text) {
        Ok(date) => {
            assert!(exists, "{text:?}");
            assert_eq!(date.as_str(), text);
            assert_debug_hidden(&date);
        }
        Err(error) => {
            assert!(!exists, "{text:?}");
            assert_display_hidden(&error);
        }
    }
}
