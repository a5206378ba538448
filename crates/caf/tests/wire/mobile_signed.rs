//! Signed answers, to the letter of contract caf, 3.6 and 9.3.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use caf::mobile_api::SignedResponses;
use caf::testing::Step;
use caf::{Client, Delivery, ErrorKind};
use proptest::prelude::*;

use crate::mobile_support::{HEADER, NOW, SECRET, assert_silent, clock, cpf, jwt, signed};
use crate::support::Scripted;

const GOOD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXF1ZXN0SWQiOiIwYzlhM2Y1Mi02ZDFlLTRiN2EtOWYwOC0yZTVkN2M0MWFiOTAiLCJpc01hdGNoIjp0cnVlLCJpYXQiOjE4OTM0NTU0MDB9.gJUNadYTOLWQYlEMfbKwElXg616dmhTsnXE6lztRVzA";
const FLIPPED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXF1ZXN0SWQiOiIwYzlhM2Y1Mi02ZDFlLTRiN2EtOWYwOC0yZTVkN2M0MWFiOTAiLCJpc01hdGNoIjpmYWxzZSwiaWF0IjoxODkzNDU1NDAwfQ.gJUNadYTOLWQYlEMfbKwElXg616dmhTsnXE6lztRVzA";
const NONE: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJyZXF1ZXN0SWQiOiIwYzlhM2Y1Mi02ZDFlLTRiN2EtOWYwOC0yZTVkN2M0MWFiOTAiLCJpc01hdGNoIjp0cnVlLCJpYXQiOjE4OTM0NTU0MDB9.";
const REQUEST_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1IiwicGVvcGxlSWQiOiIxMjM0NTY3ODkwOSIsImV4cCI6MTg5MzQ1NjAwMH0.TZIKKL0bfm-FbNwBi0k7iZ9x7XKjrFZ0yHpixePl7Ww";
const PAYLOAD: &str = r#"{"requestId":"1","isMatch":true}"#;

fn verifier() -> SignedResponses {
    SignedResponses::new(SECRET).unwrap().clock(clock().shared())
}

#[track_caller]
fn assert_refused(body: &[u8]) {
    let error = verifier().authentication(body).unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Signature,
        "{}",
        String::from_utf8_lossy(body)
    );
    assert_eq!((error.delivery(), error.provider()), (Delivery::NotSent, "caf"));
    assert_silent(&error, &["0c9a3f52"]);
}

/// Signed and no such answer.
#[track_caller]
fn assert_unreadable(payload: &str) {
    let error = verifier().authentication(signed(payload).as_bytes()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Decode, Delivery::NotSent),
        "{payload}"
    );
}

#[test]
fn the_golden_vectors() {
    let verified = verifier().authentication(GOOD.as_bytes()).unwrap();
    assert!(verified.is_match);
    assert_eq!(
        verified.request_id.as_str(),
        "0c9a3f52-6d1e-4b7a-9f08-2e5d7c41ab90"
    );
    let issued = SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_455_400);
    assert_eq!(verified.issued_at(), Some(issued));
    let payload = r#"{"requestId":"0c9a3f52-6d1e-4b7a-9f08-2e5d7c41ab90","isMatch":true,"iat":1893455400}"#;
    assert_eq!(verified.raw(), payload.as_bytes());
    assert_eq!(signed(payload), GOOD);
    for wrong in [FLIPPED, NONE, REQUEST_TOKEN] {
        assert_refused(wrong.as_bytes());
    }
    // The machine's clock shows another year: without a limit of its age an `iat` does not matter.
    let own = SignedResponses::new(SECRET).unwrap();
    assert!(own.authentication(GOOD.as_bytes()).unwrap().is_match);
    let empty = SignedResponses::new("").unwrap_err();
    assert!(empty.is_configuration());
}

#[test]
fn white_space_and_one_json_text_around_it_are_taken_off() {
    for body in [
        format!(" \r\n\t{GOOD}\n"),
        format!("\"{GOOD}\""),
        format!("  \"{GOOD}\"\n"),
        format!("\"{}\"", GOOD.replacen('e', "\\u0065", 1)),
    ] {
        assert!(
            verifier().authentication(body.as_bytes()).unwrap().is_match,
            "{body}"
        );
    }
    for body in [
        format!("\"\\\"{GOOD}\\\"\""),
        format!("\" {GOOD}\""),
        format!("\"{GOOD}"),
        format!("{GOOD}\""),
        format!("\u{a0}{GOOD}"),
        format!("'{GOOD}'"),
        format!("[\"{GOOD}\"]"),
        format!("{{\"token\":\"{GOOD}\"}}"),
        format!("Bearer {GOOD}"),
    ] {
        assert_refused(body.as_bytes());
    }
}

#[test]
fn plain_json_and_anything_but_three_parts_is_not_signed() {
    let [header, payload, signature]: [&str; 3] = GOOD.split('.').collect::<Vec<_>>().try_into().unwrap();
    for body in [
        PAYLOAD.to_owned(),
        format!("\"{}\"", PAYLOAD.replace('"', "\\\"")),
        String::new(),
        String::from("\""),
        String::from("\"\""),
        String::from("."),
        String::from(".."),
        String::from("..."),
        payload.to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{GOOD}."),
        format!(".{GOOD}"),
        format!("{GOOD}.{signature}"),
        format!("{GOOD}..."),
        format!("{header}.{payload}.{signature}.{header}.{signature}"),
    ] {
        assert_refused(body.as_bytes());
    }
    assert_refused(b"\xff\xfe");
}

#[test]
fn hs256_alone_is_believed() {
    for alg in [
        "none", "None", "NONE", "hs256", "HS256 ", "HS384", "HS512", "RS256", "ES256", "", "HS25",
    ] {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
        assert_refused(jwt(SECRET, &header, PAYLOAD).as_bytes());
    }
    for header in [
        r#"{"typ":"JWT"}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":256}"#,
        r#"{"ALG":"HS256"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
        r#"{"alg":"HS256","\u0063rit":["exp"]}"#,
        r#"["HS256"]"#,
        r#""HS256""#,
        "HS256",
        "",
    ] {
        assert_refused(jwt(SECRET, header, PAYLOAD).as_bytes());
    }
    // What is not asked of a header may be there, or not.
    for header in [
        r#"{"alg":"HS256"}"#,
        r#"{ "typ":"jwt", "kid":"k", "alg":"HS256" }"#,
    ] {
        assert!(
            verifier()
                .authentication(jwt(SECRET, header, PAYLOAD).as_bytes())
                .unwrap()
                .is_match
        );
    }
}

#[test]
fn the_signature_is_of_this_secret_over_these_very_texts() {
    for secret in [
        "x",
        "example-client-secret-do-not-use-012345678",
        "EXAMPLE-CLIENT-SECRET-DO-NOT-USE-0123456789",
    ] {
        assert_refused(jwt(secret, HEADER, PAYLOAD).as_bytes());
    }
    let good = signed(PAYLOAD);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for bit in 0..256 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_refused(format!("{message}.{}", URL_SAFE_NO_PAD.encode(flipped)).as_bytes());
    }
    // Cut, duplicated, empty, and in other alphabets.
    for other in [
        URL_SAFE_NO_PAD.encode(&bytes[..31]),
        URL_SAFE_NO_PAD.encode([&bytes[..], &bytes[..]].concat()),
        URL_SAFE_NO_PAD.encode([0; 32]),
        URL_SAFE.encode(&bytes),
        format!("{}=", STANDARD.encode(&bytes)),
        format!(" {signature}"),
        format!("{signature}A"),
    ] {
        assert_refused(format!("{message}.{other}").as_bytes());
    }
    // The same bytes spelt with other bits at the end of the last character.
    let last = signature.chars().last().unwrap();
    for other in ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .filter(|other| *other != last)
    {
        let respelt = format!("{}{other}", good.trim_end_matches(last));
        assert_refused(respelt.as_bytes());
    }
}

#[test]
fn times_hold_and_are_numbers() {
    let with = |claim: &str| signed(&format!(r#"{{"requestId":"1","isMatch":true,{claim}}}"#));
    for claim in [
        format!(r#""exp":{}"#, NOW + 1),
        format!(r#""exp":{NOW}.5"#),
        format!(r#""nbf":{NOW}"#),
        format!(r#""iat":{}"#, NOW + 10_000),
        String::from(r#""iat":0"#),
        String::from(r#""iat":-1"#),
    ] {
        assert!(
            verifier()
                .authentication(with(&claim).as_bytes())
                .unwrap()
                .is_match,
            "{claim}"
        );
    }
    for claim in [
        format!(r#""exp":{NOW}"#),
        String::from(r#""exp":0"#),
        String::from(r#""exp":-1"#),
        format!(r#""nbf":{}"#, NOW + 1),
        format!(r#""exp":{},"exp":{}"#, NOW + 1, NOW + 1),
        format!(r#""exp":{NOW},"\u0065xp":{}"#, NOW + 1),
    ] {
        assert_refused(with(&claim).as_bytes());
    }
    for name in ["exp", "iat", "nbf"] {
        for value in [
            "null",
            "\"1893455999\"",
            "true",
            "[1893455999]",
            "{}",
            "\"\"",
            "1e999",
        ] {
            assert_refused(with(&format!(r#""{name}":{value}"#)).as_bytes());
        }
    }
}

#[test]
fn an_age_is_asked_for_and_has_to_be_there_then() {
    let verifier = verifier().max_age(Duration::from_secs(60));
    let with = |claim: &str| signed(&format!(r#"{{"requestId":"1","isMatch":true{claim}}}"#));
    for ago in [-60, 0, 1, 60] {
        let iat = i64::try_from(NOW).unwrap() - ago;
        assert!(
            verifier
                .authentication(with(&format!(r#","iat":{iat}"#)).as_bytes())
                .is_ok(),
            "{ago}"
        );
    }
    for ago in [-61, 61, 100_000] {
        let iat = i64::try_from(NOW).unwrap() - ago;
        let error = verifier
            .authentication(with(&format!(r#","iat":{iat}"#)).as_bytes())
            .unwrap_err();
        assert!(error.is_signature(), "{ago}");
    }
    assert!(
        verifier
            .authentication(with("").as_bytes())
            .unwrap_err()
            .is_signature()
    );
}

#[test]
fn a_token_for_requests_is_no_answer_whatever_else_it_says() {
    for iss in ["\"cli_1\"", "\"\"", "null", "false", "0", "[]"] {
        assert_refused(signed(&format!(r#"{{"requestId":"1","isMatch":true,"iss":{iss}}}"#)).as_bytes());
    }
    assert_refused(signed(r#"{"\u0069ss":"x","requestId":"1","isMatch":true}"#).as_bytes());
}

#[test]
fn what_the_route_promises_has_to_be_there() {
    for payload in [
        "{}",
        r#"{"isMatch":true}"#,
        r#"{"requestId":"1"}"#,
        r#"{"requestId":"","isMatch":true}"#,
        r#"{"requestId":null,"isMatch":true}"#,
        r#"{"requestId":"1","isMatch":"true"}"#,
        r#"{"requestId":"1","isMatch":1}"#,
        r#"{"requestId":"1","isMatch":null}"#,
        r#"{"requestId":"1","isMatch":false,"isMatch":true}"#,
        r#"{"requestId":"1","requestId":"2","isMatch":true}"#,
        // Of the other route.
        r#"{"requestId":"1","isAlive":true,"attemptId":"a"}"#,
    ] {
        assert_unreadable(payload);
    }
    for payload in [
        r#"["1",true]"#,
        "true",
        "\"isMatch\"",
        "",
        "{",
        "not json",
        "{\"requestId\":\"1\",\"isMatch\":true}}",
    ] {
        let error = verifier().authentication(signed(payload).as_bytes()).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Signature | ErrorKind::Decode),
            "{payload}"
        );
    }
    let alive = signed(r#"{"requestId":"1","isAlive":true,"attemptId":"a","person":{"cpf":"12345678909"}}"#);
    let verified = verifier().liveness(alive.as_bytes()).unwrap();
    assert!(verified.is_alive && verified.is_about(&cpf()));
    assert!(
        verifier()
            .liveness(signed(PAYLOAD).as_bytes())
            .unwrap_err()
            .is_decode()
    );
}

#[test]
fn a_call_that_asks_for_a_signature_takes_nothing_else() {
    let unsigned = [PAYLOAD, FLIPPED, NONE, REQUEST_TOKEN, "", "<html></html>"];
    let forged = jwt("another secret", HEADER, PAYLOAD);
    for body in unsigned.into_iter().chain([forged.as_str()]) {
        let scripted = Scripted::mobile([Step::answer(200, body.to_owned())]);
        let call = scripted
            .client
            .mobile()
            .faces()
            .authenticate(&cpf(), "https://img.example.com/a.jpg");
        let error = scripted.run(call.signed()).unwrap_err();
        // Who wrote that is not known, and so neither is what became of the request.
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Signature, Delivery::Unknown),
            "{body}"
        );
        assert_eq!(error.operation(), "mobile_face.authenticate_signed");
        assert_eq!(error.body(), body.as_bytes());
        assert_silent(&error, &[]);
    }
    let scripted = Scripted::mobile([Step::answer(200, signed(r#"{"requestId":"1"}"#))]);
    let call = scripted
        .client
        .mobile()
        .faces()
        .authenticate(&cpf(), "https://img.example.com/a.jpg");
    let error = scripted.run(call.signed()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Decode, Delivery::CarriedOut)
    );
}

#[test]
fn the_clients_own_verifier_has_its_secret_and_its_clock() {
    let scripted = Scripted::mobile([]);
    let verifier = scripted.client.mobile().signed_responses().unwrap();
    let ends = signed(&format!(
        r#"{{"requestId":"1","isMatch":true,"exp":{}}}"#,
        NOW + 5
    ));
    assert!(verifier.authentication(ends.as_bytes()).is_ok());
    scripted.clock.advance(Duration::from_secs(5));
    assert!(
        verifier
            .authentication(ends.as_bytes())
            .unwrap_err()
            .is_signature()
    );
    assert!(!format!("{verifier:?}").contains(SECRET));
    let other = Client::builder().core_token("t").build().unwrap();
    assert!(other.mobile().signed_responses().unwrap_err().is_configuration());
}

proptest! {
    /// One changed character anywhere, and nothing is believed.
    #[test]
    fn no_changed_character_goes_unseen(at in 0_usize..GOOD.len(), to in "[A-Za-z0-9_.-]") {
        let mut changed = GOOD.to_owned();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != GOOD);
        prop_assert!(verifier().authentication(changed.as_bytes()).is_err());
    }

    #[test]
    fn any_bytes_end_as_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(verifier().authentication(&bytes).is_err());
    }
}
