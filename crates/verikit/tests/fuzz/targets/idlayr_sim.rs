//! What IDlayr answers to a SIMCheck and a MOCheck.

use std::future::IntoFuture as _;
use std::time::Duration;

use serde_json::Value;
use verikit::PhoneNumber;
use verikit::idlayr::{CheckStatus, SimCheck};
use verikit::testing::{ManualClock, drive};

use super::answer::{Answer, Requests};
use super::idlayr_answers::{TOKEN_PATH, assert_answered, client, id};
use crate::needles::assert_debug_hidden;

/// Sent once, unless it is proven that it was not carried out.
fn assert_created_once(requests: &Requests, answer: &Answer) {
    if !matches!(answer.status.as_u16(), 401 | 429) {
        let sent = requests.except(TOKEN_PATH).len();
        assert_eq!(sent, 1, "a second check after {}", answer.status);
    }
}

/// The SIM is decided by nothing but a JSON boolean under `no_sim_change` beside the status `COMPLETED`: not
/// by the status of HTTP.
fn assert_decided(check: &SimCheck, json: &[u8]) {
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    if value.is_null() {
        return assert!(!check.is_sim_unchanged() || check.status == CheckStatus::Completed);
    }
    let completed = value["status"] == "COMPLETED";
    let unchanged = value["no_sim_change"].as_bool().filter(|_| completed);
    assert_eq!(check.no_sim_change(), unchanged, "{value}");
    assert_eq!(check.is_sim_unchanged(), unchanged == Some(true), "{value}");
    for time in [3600, 7 * 24 * 3600].map(Duration::from_secs) {
        if check.is_sim_unchanged_for(time) {
            let used = value["no_sim_change_period"].as_u64().unwrap_or_default();
            let bucket = value["sim_change_within"].as_u64().unwrap_or_default();
            let covers = |minutes: u64| Duration::from_secs(minutes.saturating_mul(60)) >= time;
            assert!(
                unchanged == Some(true) && (covers(used) || covers(bucket)),
                "{value}"
            );
        }
    }
    if let Some(code) = &check.error_code {
        assert_eq!(value["error_code"], code.as_str());
    }
    assert_eq!(value["check_id"], check.check_id.as_str());
}

/// The answer to a creation, and to a read.
pub(crate) fn sim_check(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).sim_checks();
    let number = PhoneNumber::parse("+44 7700 900042").unwrap();
    let created = drive(&clock, checks.create(number).into_future());
    assert_created_once(&requests, &answer);
    let read = drive(&clock, checks.get(&id()).into_future());
    // A read demands the right identifier besides.
    assert!(created.is_ok() || read.is_err());
    for check in [created, read] {
        match check {
            Ok(check) => {
                assert!(answer.status.is_success());
                assert_eq!(check.raw(), &answer.body);
                assert_decided(&check, &answer.body);
                assert_debug_hidden(&check);
            }
            Err(error) => assert_answered(&error, &answer),
        }
    }
}

/// The answer to a creation, and to a read: only the identifier must be there.
pub(crate) fn mo_check(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let checks = client(&clock, &requests, &answer).mo_checks();
    let number = PhoneNumber::parse("+44 7700 900042").unwrap();
    let created = drive(&clock, checks.create(number).into_future());
    assert_created_once(&requests, &answer);
    let read = drive(&clock, checks.get(&id()).into_future());
    assert!(created.is_ok() || read.is_err());
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    for check in [created, read] {
        match check {
            Ok(check) => {
                assert!(answer.status.is_success());
                assert_eq!(check.raw(), &answer.body);
                assert_debug_hidden(&check);
                if !value.is_null() {
                    let ended = value["status"].is_null() || value["status"] == "COMPLETED";
                    assert_eq!(check.verified(), value["verified"].as_bool().filter(|_| ended));
                    assert_eq!(check.is_verified(), value["verified"] == true && ended);
                }
            }
            Err(error) => assert_answered(&error, &answer),
        }
    }
}
