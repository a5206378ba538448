//! What IDlayr says about countries and addresses, and tokens for devices.

use std::future::IntoFuture as _;
use std::time::Duration;

use serde_json::Value;
use verikit::idlayr::{Client, CountryCode, ProductId};
use verikit::testing::{ManualClock, drive};
use verikit::{ErrorKind, Secret};

use super::answer::{Answer, Requests};
use super::idlayr_answers::{assert_answered, client};
use super::text;
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

/// A country as a caller passes it.
pub(crate) fn country_code(input: &[u8]) {
    let text = text(input);
    let letters = text.len() == 2 && text.chars().all(|letter| letter.is_ascii_alphabetic());
    let digits = text.strip_prefix('+').unwrap_or(&text);
    let number = digits.chars().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    let usable = letters || (number && !digits.is_empty() && digits.len() <= 4);
    match CountryCode::new(&text) {
        Ok(code) => {
            assert!(usable, "{text:?}");
            let expected = if letters {
                text.to_uppercase()
            } else {
                digits.to_owned()
            };
            assert_eq!(code.as_str(), expected);
        }
        Err(error) => {
            assert!(!usable, "{text:?}");
            assert_error_hidden(&error);
        }
    }
}

/// The products of an answer by another reader, in upper case.
fn products(value: &Value) -> Vec<String> {
    let listed = value["products"].as_array().into_iter().flatten();
    let ids = listed.filter_map(|product| product["product_id"].as_str());
    ids.map(str::to_ascii_uppercase).collect()
}

/// Whether an answer without success says that there is no reach, read by another reader, who gives up on
/// some (numbers beyond a double, deep nesting).
fn says_no_reach(answer: &Answer, of_country: bool) -> Option<bool> {
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    let is_problem = ["type", "title", "detail"]
        .iter()
        .any(|name| member(name).is_some());
    let detail = member("detail").unwrap_or_default().trim().to_ascii_lowercase();
    let code = member("type").and_then(|address| address.split_once('#'));
    Some(match answer.status.as_u16() {
        404 if of_country => is_problem,
        404 => detail == "no reach",
        400 => !of_country && code.is_some_and(|(_, code)| code == "mno_not_supported"),
        412 => !of_country && is_problem,
        _ => false,
    })
}

/// Whether a member may be there twice, of which the other reader takes the last: such an answer says
/// nothing.
fn is_doubled(answer: &Answer) -> bool {
    let body = String::from_utf8_lossy(&answer.body);
    let twice = |name: &str| body.matches(&format!("\"{name}\"")).count() > 1;
    body.contains('\\') || ["type", "title", "detail"].into_iter().any(twice)
}

/// The answer to a question about a country.
pub(crate) fn country_coverage(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let coverage = client(&clock, &requests, &answer).coverage();
    let country = CountryCode::new("GB").unwrap();
    match drive(&clock, coverage.country(&country).into_future()) {
        Ok(Some(covered)) => {
            assert!(answer.status.is_success());
            assert_debug_hidden(&covered);
            let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let listed = value["products"].as_array();
            for product in ProductId::KNOWN.iter().filter(|_| !value.is_null()) {
                let is = |said: &&Value| {
                    let id = said["product_id"].as_str();
                    id.is_some_and(|id| id.eq_ignore_ascii_case(product.as_str()))
                };
                let said: Vec<_> = listed.into_iter().flatten().filter(is).collect();
                let covers = |said: &&Value| matches!(said["coverage"].as_str(), Some("FULL" | "PARTIAL"));
                let expected = !said.is_empty() && said.iter().all(covers);
                assert_eq!(covered.is_covered(product), expected, "{value}");
            }
        }
        Ok(None) => assert_ne!(says_no_reach(&answer, true), Some(false), "{:?}", answer.body),
        Err(error) => {
            assert!(
                is_doubled(&answer) || says_no_reach(&answer, true) != Some(true),
                "{:?}",
                answer.body
            );
            assert_answered(&error, &answer);
        }
    }
}

/// The answers to a server and to a device that ask about an address.
#[expect(deprecated, reason = "a deprecated call reads answers too")]
pub(crate) fn reachability(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let coverage = client(&clock, &requests, &answer).coverage();
    for call in [
        coverage.device_ip([198, 51, 100, 7].into()),
        coverage.own_device_ip(&Secret::new("device-1")),
        coverage.public_device_ip(),
    ] {
        match drive(&clock, call.into_future()) {
            Ok(Some(reach)) => {
                assert!(answer.status.is_success());
                assert_debug_hidden(&reach);
                let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                for product in ProductId::KNOWN.iter().filter(|_| !value.is_null()) {
                    let expected = products(&value).iter().any(|id| id == product.as_str());
                    assert_eq!(reach.supports(product), expected, "{value}");
                }
            }
            Ok(None) => assert_ne!(says_no_reach(&answer, false), Some(false), "{:?}", answer.body),
            Err(error) => {
                assert!(
                    is_doubled(&answer) || says_no_reach(&answer, false) != Some(true),
                    "{:?}",
                    answer.body
                );
                assert_answered(&error, &answer);
            }
        }
    }
}

/// The token endpoint's answer, when the token is for handing out.
pub(crate) fn device_token(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let given = answer.clone();
    let client = Client::builder("client-1", SECRET)
        .transport(requests.answered(move |_| given.clone()))
        .clock(clock.shared())
        .jitter_seed(1)
        .build()
        .unwrap();
    match drive(&clock, client.tokens().device_token()) {
        Ok(token) => {
            assert!(answer.status.is_success());
            assert_debug_hidden(&token);
            assert!(token.expires_in <= Duration::from_secs(24 * 3600));
            let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if value.is_object() {
                assert_eq!(value["access_token"], token.access_token.expose());
                let scopes = value["scope"].as_str().unwrap_or_default();
                let scopes: Vec<_> = scopes.split_ascii_whitespace().collect();
                assert_eq!(scopes, ["coverage"], "{value}");
            }
        }
        Err(error) => {
            assert_error_hidden(&error);
            assert!(
                !answer.status.is_success()
                    || matches!(error.kind(), ErrorKind::Decode | ErrorKind::Untrusted)
            );
        }
    }
    // The same for the client's own: the server has one token for everything.
    if drive(&clock, client.tokens().access_token()).is_ok() {
        assert!(drive(&clock, client.tokens().device_token()).is_err());
    }
}
