//! The tokens that the client signs: golden vectors, and how often it signs.

use std::collections::BTreeSet;
use std::time::Duration;

use cm_identity::testing::Step;
use cm_identity::{Clock as _, Delivery, ServiceType};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use crate::support::{SECRET, Scripted, number};

/// Contract cm-identity, 2.1.
const GV_1: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9.eyJpYXQiOjE1NDYzMDA4MDAsIm5iZiI6MTU0NjMwMDgwMCwiZXhwIjoxNTQ2MzAwODYwfQ.bwqCUHS1d5d8guAPHDsdd9-a8oXxH1q45O0tDP1asTo";
const GV_2: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9.eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.lTzOd4cKOan2rwL4fHjwOffc0dp3pwYjDdl4uM1WluU";
const GV_3: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9.eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.3htbVOTgyRG1ivmF10YTWe14lAj1t9pwB7k1cPN_8ks";

fn ok() -> Step {
    Step::json(200, r#"{"state":"success","24h":false}"#)
}

fn token(scripted: &Scripted, request: usize) -> String {
    let seen = scripted.transport.seen();
    let value = seen[request].header("authorization").unwrap();
    value.strip_prefix("Bearer ").unwrap().to_owned()
}

fn call(scripted: &Scripted) -> cm_identity::Result<()> {
    let call = scripted
        .client
        .sim_swap()
        .check(number(), ServiceType::Last24Hours);
    scripted.run(call).map(|_| ())
}

/// The judge shares no code with the signer.
fn verifies(token: &str, secret: &str) -> bool {
    let _ = DEFAULT_PROVIDER.install_default();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

#[test]
fn the_golden_tokens_byte_for_byte() {
    for (now, golden) in [(1_546_300_800, GV_1), (1_704_067_200, GV_3)] {
        let scripted = Scripted::at(now, [ok()], |config| {
            config
                .token_life(Duration::from_secs(60))
                .token_back_dating(Duration::ZERO)
        });
        call(&scripted).unwrap();
        assert_eq!(token(&scripted, 0), golden);
        assert!(verifies(golden, SECRET));
    }
}

#[test]
fn the_token_that_the_guide_prints_was_signed_with_another_secret() {
    let unsigned = |token: &'static str| token.rsplit_once('.').unwrap().0;
    assert_eq!(unsigned(GV_2), unsigned(GV_3));
    assert!(!verifies(GV_2, SECRET));
    assert!(verifies(GV_2, "your-256-bit-secret"));
}

#[test]
fn two_hundred_calls_are_one_signature_a_life() {
    let scripted = Scripted::with((0..400).map(|_| ok()), cm_identity::Config::without_rate_limit);
    let two_hundred_calls = || {
        for _ in 0..200 {
            call(&scripted).unwrap();
        }
        // Two tokens of the same second are the same text: the signatures are counted where they are made.
        let seen = scripted.transport.seen();
        let texts: BTreeSet<_> = seen
            .iter()
            .map(|seen| seen.header("authorization").unwrap())
            .collect();
        (seen.len(), scripted.client.tokens_signed(), texts.len())
    };
    let began = scripted.clock.now();
    assert_eq!(two_hundred_calls(), (200, 1, 1));
    assert_eq!(scripted.clock.now(), began, "the clock stands");
    scripted.clock.advance(Duration::from_secs(60));
    assert_eq!(two_hundred_calls(), (400, 2, 2));
}

#[test]
fn life_and_back_dating_are_as_configured() {
    for (life, back, expected) in [
        (None, None, (30, 60)),
        (Some(300), Some(5), (5, 300)),
        (Some(10), Some(0), (0, 10)),
    ] {
        let scripted = Scripted::with([ok()], |mut config| {
            if let Some(life) = life {
                config = config.token_life(Duration::from_secs(life));
            }
            if let Some(back) = back {
                config = config.token_back_dating(Duration::from_secs(back));
            }
            config
        });
        call(&scripted).unwrap();
        let _ = DEFAULT_PROVIDER.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        let key = DecodingKey::from_secret(SECRET.as_bytes());
        let claims = jsonwebtoken::decode::<Value>(token(&scripted, 0), &key, &validation)
            .unwrap()
            .claims;
        let now = crate::support::NOW;
        let of = |name: &str| claims[name].as_u64().unwrap();
        assert_eq!((now - of("iat"), of("exp") - now), expected);
        assert_eq!(of("nbf"), of("iat"));
        assert_eq!(claims.as_object().unwrap().len(), 3);
    }
}

#[test]
fn a_clock_that_is_off_is_corrected_by_the_date_of_a_401() {
    // The server is an hour ahead of 2025-02-10T04:05:06Z.
    let refusal = Step::json(401, r#"{"status":401,"message":"token expired"}"#)
        .header("date", "Mon, 10 Feb 2025 05:05:06 GMT");
    let scripted = Scripted::new([refusal, ok(), ok()]);
    call(&scripted).unwrap();
    call(&scripted).unwrap();
    assert_eq!(
        scripted.transport.seen().len(),
        3,
        "one repeat, and none for the next call"
    );
    assert_ne!(token(&scripted, 0), token(&scripted, 1));
    assert_eq!(token(&scripted, 1), token(&scripted, 2));
}

#[test]
fn a_401_without_a_reason_is_final() {
    let scripted = Scripted::new([Step::json(401, r#"{"status":401,"message":"unknown key"}"#), ok()]);
    let error = call(&scripted).unwrap_err();
    assert!(error.is_auth());
    assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Refused));
    assert_eq!(error.provider_message(), Some("unknown key"));
    assert!(!format!("{error} {error:#} {error:?}").contains("unknown key"));
}
