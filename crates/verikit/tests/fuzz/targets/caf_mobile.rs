//! What the Mobile API of CAF sends, what a device brings back of it, and the CPFs that a caller passes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use verikit::caf::mobile_api::{
    Attestations, LivenessMessage, MobileAttempt, MobileAuthentication, MobileLiveness, SignedResponses,
};
use verikit::caf::{Answer, Cpf, Secret};
use verikit::testing::ManualClock;
use verikit_core::auth::hmac::HmacSha256;

use super::text;
use crate::needles::{assert_debug_hidden, assert_error_hidden};

/// Of the contract's golden vectors.
const SECRET: &str = "example-client-secret-do-not-use-0123456789";
/// What the manual clock shows.
const NOW: f64 = 1_767_225_600.0;

fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap_or_default()
}

/// Signed whatever it is.
fn signed(payload: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
    let signature = HmacSha256::new(&Secret::new(SECRET))
        .unwrap()
        .sign(&[message.as_bytes()]);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The check digit that these digits make.
fn check_digit(digits: &[u32]) -> u32 {
    let weights = (2..).take(digits.len());
    let sum: u32 = digits
        .iter()
        .rev()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
}

pub(crate) fn caf_cpf(input: &[u8]) {
    let text = text(input);
    let digits: Vec<u32> = text
        .chars()
        .filter_map(|character| character.to_digit(10))
        .collect();
    match Cpf::parse(&text) {
        Ok(cpf) => {
            assert_debug_hidden(&cpf);
            let kept: Vec<u32> = cpf
                .digits()
                .chars()
                .filter_map(|digit| digit.to_digit(10))
                .collect();
            assert_eq!(kept, digits);
            assert_eq!(digits.len(), 11);
            let right = digits[9] == check_digit(&digits[..9])
                && digits[10] == check_digit(&digits[..10])
                && digits.iter().any(|digit| *digit != digits[0]);
            assert_eq!(cpf.has_valid_check_digits(), right, "{text:?}");
            assert_eq!(Cpf::parse_strictly(&text).is_ok(), right);
        }
        Err(error) => {
            assert_error_hidden(&error);
            assert!(Cpf::parse_strictly(&text).is_err());
            let plain = text.chars().all(|character| character.is_ascii_digit());
            assert!(!plain || digits.len() != 11, "{text:?}");
        }
    }
}

/// Only the JSON `true` without a documented reason of a failure is a living person.
fn assert_alive(value: &Value, is_alive: bool) {
    let message = value["message"].as_str();
    let failed = message.is_some_and(|message| LivenessMessage::WORDS.contains(&message));
    assert!(
        value.is_null() || is_alive == (value["isAlive"] == true && !failed),
        "{value}"
    );
}

/// The plain answers: a yes comes of the JSON `true` alone.
pub(crate) fn caf_mobile_answer(input: &[u8]) {
    let value = value(input);
    match Answer::<MobileAuthentication>::from_json(input.to_vec()) {
        Ok(answer) => {
            assert_debug_hidden(&answer);
            assert!(value.is_null() || value["isMatch"] == answer.is_match, "{value}");
        }
        Err(error) => assert_error_hidden(&error),
    }
    match Answer::<MobileLiveness>::from_json(input.to_vec()) {
        Ok(answer) => {
            assert_debug_hidden(&answer);
            assert_alive(&value, answer.is_alive);
        }
        Err(error) => assert_error_hidden(&error),
    }
    match Answer::<MobileAttempt>::from_json(input.to_vec()) {
        Ok(attempt) => {
            assert_debug_hidden(&attempt);
            let person = Cpf::parse("12345678909").unwrap();
            if attempt.is_match_of(&person) && !value.is_null() {
                assert_eq!(value["data"]["isMatch"], true);
                for contradiction in ["/data/faceMatch/isFaceMatch", "/data/liveness/isAlive"] {
                    assert_ne!(value.pointer(contradiction), Some(&Value::from(false)));
                }
                let people = value["data"]["peopleId"].as_str().unwrap();
                assert_eq!(Cpf::parse(people).unwrap(), person);
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
}

/// As a device brings it, and as a payload that is rightly signed.
pub(crate) fn caf_signed_response(input: &[u8]) {
    let clock = ManualClock::new();
    let verifier = SignedResponses::new(SECRET).unwrap().clock(clock.shared());
    match verifier.authentication(input) {
        Ok(verified) => {
            let unwrapped: String =
                serde_json::from_slice(input).unwrap_or_else(|_| text(input).into_owned());
            let (message, signature) = unwrapped.trim_ascii().rsplit_once('.').unwrap();
            let key = HmacSha256::new(&Secret::new(SECRET)).unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            assert!(key.verify(&[message.as_bytes()], &signature), "{unwrapped:?}");
            assert_debug_hidden(&verified);
        }
        Err(error) => assert_error_hidden(&error),
    }
    match verifier.authentication(signed(input).as_bytes()) {
        Ok(verified) => {
            assert_eq!(verified.raw(), input);
            assert_debug_hidden(&verified);
            let value = value(input);
            if !value.is_null() {
                assert_eq!(value["isMatch"], verified.is_match, "{value}");
                assert_eq!(value["requestId"], verified.request_id.as_str());
                assert!(value.get("iss").is_none());
                for name in ["exp", "nbf", "iat"] {
                    assert!(value.get(name).is_none_or(Value::is_number), "{value}");
                }
                assert!(value["exp"].as_f64().is_none_or(|exp| exp > NOW), "{value}");
                assert!(value["nbf"].as_f64().is_none_or(|nbf| nbf <= NOW), "{value}");
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
    if let Ok(verified) = verifier.liveness(signed(input).as_bytes()) {
        assert_alive(&value(input), verified.is_alive);
    }
}

/// As it comes, and rightly signed.
pub(crate) fn caf_attestation(input: &[u8]) {
    let clock = ManualClock::new();
    let attestations = Attestations::new(SECRET).unwrap().clock(clock.shared());
    let person = Cpf::parse("12345678909").unwrap();
    if let Err(error) = attestations.verify(input, &person, "p-1") {
        assert_error_hidden(&error);
    }
    match attestations.verify(signed(input).as_bytes(), &person, "p-1") {
        Ok(attestation) => {
            assert_debug_hidden(&attestation);
            let value = value(input);
            if !value.is_null() {
                assert_eq!(
                    (&value["isAuthorized"], &value["policyId"]),
                    (&true.into(), &"p-1".into())
                );
                assert_eq!(Cpf::parse(value["peopleId"].as_str().unwrap()).unwrap(), person);
                assert!(value["exp"].as_f64().unwrap() > NOW, "{value}");
            }
        }
        Err(error) => assert_error_hidden(&error),
    }
}
