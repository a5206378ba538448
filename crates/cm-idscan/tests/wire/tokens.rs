//! The self-signed token: one a life, whatever the number of calls (contract cm-idscan, 2).

use std::collections::BTreeSet;
use std::time::Duration;

use cm_idscan::testing::Step;
use cm_idscan::{Client, Clock as _, Environment, ErrorKind};

use crate::support::{GV_1, KEY_ID, SECRET, Scripted, id, in_state};

fn token(authorization: &str) -> &str {
    authorization.strip_prefix("Bearer ").unwrap()
}

fn tokens(scripted: &Scripted) -> Vec<String> {
    let seen = scripted.transport.seen();
    seen.iter()
        .map(|seen| token(seen.header("authorization").unwrap()).to_owned())
        .collect()
}

/// The claims of a token. The judge of its signature is the golden vector.
fn claims(token: &str) -> serde_json::Value {
    let claims = token.split('.').nth(1).unwrap();
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in claims.bytes() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let value = alphabet.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

fn pending(count: usize) -> Vec<Step> {
    vec![Step::json(200, in_state("pending")); count]
}

#[test]
fn the_vendors_own_example_to_the_letter() {
    let scripted = Scripted::golden(pending(1));
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    assert_eq!(tokens(&scripted), [GV_1]);
}

#[test]
fn a_token_is_dated_back_and_lives_a_minute() {
    let scripted = Scripted::new(pending(1));
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    // 2026-01-01T00:00:00Z.
    assert_eq!(
        claims(&tokens(&scripted)[0]),
        serde_json::json!({"iat": 1_767_225_570, "nbf": 1_767_225_570, "exp": 1_767_225_660})
    );
    let scripted = Scripted::with(pending(1), |config| {
        config
            .token_life(Duration::from_secs(600))
            .token_back_dating(Duration::from_secs(5))
    });
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    assert_eq!(
        claims(&tokens(&scripted)[0]),
        serde_json::json!({"iat": 1_767_225_595, "nbf": 1_767_225_595, "exp": 1_767_226_200})
    );
}

#[test]
fn two_hundred_calls_are_one_signature_a_life() {
    let scripted = Scripted::new(pending(400));
    let transactions = scripted.client.transactions();
    let two_hundred_calls = || {
        for _ in 0..200 {
            scripted.run(transactions.get(&id())).unwrap();
        }
        // Two tokens of the same second are the same text: the signatures are counted where they are made.
        let texts = tokens(&scripted).iter().collect::<BTreeSet<_>>().len();
        (scripted.client.tokens_signed(), texts)
    };
    let began = scripted.clock.now();
    assert_eq!(two_hundred_calls(), (1, 1));
    assert_eq!(scripted.clock.now(), began, "the clock stands");
    scripted.clock.advance(Duration::from_secs(60));
    assert_eq!(two_hundred_calls(), (2, 2));
}

#[test]
fn a_server_with_another_clock_is_believed_once() {
    let refused = Step::json(401, r#"{"status":401,"message":"Unauthorized"}"#)
        .header("date", "Thu, 01 Jan 2026 00:10:00 GMT");
    let scripted = Scripted::new([refused.clone(), Step::json(200, in_state("pending"))]);
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    let tokens = tokens(&scripted);
    assert_eq!(
        claims(&tokens[1])["nbf"],
        claims(&tokens[0])["nbf"].as_i64().unwrap() + 600
    );

    // One that refuses although the clocks agree refuses the key.
    let agreed = Step::json(401, "{}").header("date", "Thu, 01 Jan 2026 00:00:02 GMT");
    let scripted = Scripted::new([agreed]);
    let error = scripted
        .run(scripted.client.transactions().get(&id()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(scripted.transport.seen().len(), 1);
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    for config in [
        Client::builder("", SECRET),
        Client::builder(KEY_ID, ""),
        Client::builder(KEY_ID, SECRET).token_life(Duration::ZERO),
        Client::builder(KEY_ID, SECRET).token_life(Duration::from_secs(9)),
        Client::builder(KEY_ID, SECRET).token_life(Duration::from_millis(10_500)),
        Client::builder(KEY_ID, SECRET).token_back_dating(Duration::from_millis(1)),
        Client::builder(KEY_ID, SECRET).base_url("http://api.cm.com/id-scan/v1"),
        Client::builder(KEY_ID, SECRET).base_url("api.cm.com"),
    ] {
        let shown = format!("{config:?}");
        assert!(!shown.contains(KEY_ID) && !shown.contains(SECRET), "{shown}");
        let error = config.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_eq!(error.provider(), "cm-idscan");
    }
}

#[test]
fn the_environment_says_everything() {
    let from = |pairs: &[(&'static str, &'static str)]| {
        let pairs = pairs.to_vec();
        let environment = Environment::new(move |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        });
        cm_idscan::Config::from_environment(&environment).and_then(cm_idscan::Config::build)
    };
    let (key, secret) = (("CM_IDSCAN_KEY_ID", KEY_ID), ("CM_IDSCAN_SECRET", SECRET));
    let plain = ("CM_IDSCAN_ALLOW_PLAIN_HTTP", "1");
    from(&[key, secret]).unwrap();
    from(&[
        key,
        secret,
        plain,
        ("CM_IDSCAN_BASE_URL", "http://127.0.0.1:1/id-scan/v1"),
    ])
    .unwrap();
    from(&[key, secret, plain, ("CM_IDSCAN_BASE_URL", "http://localhost:1")]).unwrap();
    from(&[key, secret, ("CM_IDSCAN_BASE_URL", "https://proxy.example.net/x")]).unwrap();
    for (pairs, named) in [
        (vec![secret], "CM_IDSCAN_KEY_ID"),
        (vec![key], "CM_IDSCAN_SECRET"),
        (
            vec![key, secret, ("CM_IDSCAN_BASE_URL", "http://127.0.0.1:1")],
            "plain http",
        ),
        (
            vec![key, secret, plain, ("CM_IDSCAN_BASE_URL", "http://api.cm.com")],
            "on this machine",
        ),
        (
            vec![key, secret, ("CM_IDSCAN_ALLOW_PLAIN_HTTP", "maybe")],
            "CM_IDSCAN_ALLOW_PLAIN_HTTP",
        ),
    ] {
        let error = from(&pairs).unwrap_err();
        assert!(
            error.is_configuration() && error.to_string().contains(named),
            "{error}"
        );
        assert!(!format!("{error:?}{error}").contains(SECRET));
    }
}

#[test]
fn the_base_url_moves_every_request() {
    let scripted = Scripted::with(pending(1), |config| {
        config.base_url("https://proxy.example.net/cm/")
    });
    scripted.run(scripted.client.transactions().get(&id())).unwrap();
    assert!(
        scripted
            .sent()
            .uri
            .to_string()
            .starts_with("https://proxy.example.net/cm/transactions/")
    );
}
