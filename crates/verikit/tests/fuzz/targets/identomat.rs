//! What Identomat answers, with and without HMAC, what it sends, and what its widget posts.

use std::future::IntoFuture as _;

use serde_json::Value;
use verikit::identomat::{CallbackKeys, Client, ErrorCode, HmacSigner, MediaKind, SessionToken, WidgetEnd};
use verikit::testing::{ManualClock, drive};
use verikit::{Delivery, Error, ErrorKind, Secret};

use super::answer::{Answer, Requests};
use super::text;
use crate::needles::{SECRET, assert_debug_hidden, assert_error_hidden};

const TOKEN: &str = "0123456789abcdefghij0123456789abcdefghij";
const SIGNING_KEY: &str = "test-secret-key-0001";

fn client(clock: &ManualClock, requests: &Requests, answer: &Answer, secret_key: Option<&str>) -> Client {
    let answer = answer.clone();
    let mut config = Client::builder(SECRET)
        .transport(requests.answered(move |_| answer.clone()))
        .clock(clock.shared())
        .jitter_seed(1);
    if let Some(secret_key) = secret_key {
        config = config.secret_key(secret_key);
    }
    config.build().unwrap()
}

/// The rule for error codes once more, by what must not be in one.
fn is_code(text: &str) -> bool {
    !text.contains(|letter: char| !matches!(letter, 'A'..='Z' | '0'..='9' | '_'))
        && text.contains(|letter: char| letter.is_ascii_uppercase())
}

/// What holds for every error of a call that was answered.
fn assert_answered(error: &Error, answer: &Answer) {
    assert_error_hidden(error);
    assert_eq!(error.provider(), "identomat");
    if !answer.status.is_success() {
        assert_eq!(error.status(), Some(answer.status));
        assert_ne!(error.delivery(), Delivery::CarriedOut);
        return;
    }
    match error.kind() {
        ErrorKind::Decode => assert_eq!(error.delivery(), Delivery::CarriedOut),
        ErrorKind::Provider | ErrorKind::Auth => {
            let is_known = error.code().is_some_and(|code| ErrorCode::WORDS.contains(&code));
            let delivery = if is_known {
                Delivery::Refused
            } else {
                Delivery::Unknown
            };
            assert_eq!(error.delivery(), delivery);
        }
        kind => panic!("{kind:?} of an answer that was not to be signed"),
    }
}

/// The answers to a begin, a result, a deletion and a file, without HMAC.
pub(crate) fn session(input: &[u8]) {
    let answer = Answer::read(input);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let client = client(&clock, &requests, &answer, None);
    let token = SessionToken::new(TOKEN).unwrap();
    let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let said = json.as_ref().and_then(Value::as_str);

    match drive(&clock, client.sessions().begin().into_future()) {
        Ok(session) => {
            assert!(answer.status.is_success());
            assert_eq!(Some(session.token.expose()), said, "the token is what was said");
            assert!(!is_code(session.token.expose()));
            assert_debug_hidden(&session);
            let url = url::Url::parse(session.widget_url.expose()).unwrap();
            let pairs: Vec<_> = url.query_pairs().collect();
            assert_eq!(pairs.len(), 1);
            assert_eq!(
                pairs[0].1,
                session.token.expose(),
                "whatever is in it, it is the token"
            );
            assert_eq!(url.origin().ascii_serialization(), "https://widget.identomat.com");
        }
        Err(error) => {
            assert_answered(&error, &answer);
            if answer.status.is_success() && said.is_some_and(is_code) {
                assert!(error.code().is_some());
                assert_eq!(error.is_safe_to_repeat(), error.delivery() == Delivery::Refused);
            }
        }
    }
    if answer.status != 429 {
        assert_eq!(requests.count(), 1, "a second session after {}", answer.status);
    }

    match drive(&clock, client.sessions().result(&token).into_future()) {
        Ok(result) => {
            assert!(answer.status.is_success());
            assert_eq!(result.raw(), &answer.body);
            assert_debug_hidden(&result);
            // Without it, there is a member that this version does not know and nobody can read.
            if let Some(json) = &json {
                let word = json["result"].as_str();
                let approved = word.is_some_and(|word| word.eq_ignore_ascii_case("approved"));
                assert_eq!(result.is_approved(), approved);
                assert_eq!(result.live, json["live"].as_bool());
                assert_eq!(
                    result.similarity.map(verikit::Personal::into_inner),
                    json["similarity"].as_f64()
                );
                let matches = json["screeningMatches"].as_array().map(Vec::len);
                assert_eq!(result.screening_matches.as_ref().map(Vec::len), matches);
                assert_eq!(result.has_screening_matches(), matches > Some(0));
            }
        }
        Err(error) => assert_answered(&error, &answer),
    }
    match drive(&clock, client.sessions().delete(&token).into_future()) {
        Ok(deleted) => {
            assert_debug_hidden(&deleted);
            assert_eq!(json.as_ref().and_then(Value::as_object), Some(deleted.data()));
        }
        Err(error) => assert_answered(&error, &answer),
    }
    let media = client.media();
    let whole = drive(&clock, media.get(MediaKind::Face, &token).into_future());
    let streamed = drive(&clock, media.stream(MediaKind::Face, &token).into_future());
    match (whole, streamed) {
        (Ok(file), Ok(_)) => {
            assert_debug_hidden(&file);
            assert_eq!(file.bytes, answer.body);
            assert!(!said.is_some_and(is_code), "a code is no file");
        }
        (Err(error), streamed) => {
            assert_answered(&error, &answer);
            // What calls itself a file is handed out before all of it is there, so a code in it is not seen.
            assert!(streamed.is_err() || error.code().is_some());
        }
        (Ok(_), Err(error)) => panic!("{error}"),
    }
}

/// The same answers where they have to be signed. The first word of the input is `sign` for an answer that
/// is.
pub(crate) fn signed_session(input: &[u8]) {
    let mut answer = Answer::read(input);
    let signer = HmacSigner::new(SIGNING_KEY).unwrap();
    if answer.word == "sign" {
        let value = HmacSigner::authorization(&signer.sign(&answer.body)).unwrap();
        answer.headers.insert(http::header::AUTHORIZATION, value);
    }
    let is_signed = signer.verify(&answer.headers, &answer.body).is_ok();
    assert!(answer.word != "sign" || is_signed);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let client = client(&clock, &requests, &answer, Some(SIGNING_KEY));
    let token = SessionToken::new(TOKEN).unwrap();
    let media = client.media();
    let outcomes = [
        drive(&clock, client.sessions().begin().into_future()).map(|_| ()),
        drive(&clock, client.sessions().result(&token).into_future()).map(|_| ()),
        drive(&clock, client.sessions().delete(&token).into_future()).map(|_| ()),
        drive(&clock, media.get(MediaKind::Face, &token).into_future()).map(|_| ()),
        drive(&clock, media.stream(MediaKind::Face, &token).into_future()).map(|_| ()),
        drive(&clock, client.call_json("a/", &()).into_future()).map(|_| ()),
    ];
    for outcome in outcomes {
        match outcome {
            Ok(()) => assert!(
                answer.status.is_success() && is_signed,
                "nothing unsigned is used"
            ),
            Err(error) if error.is_signature() => {
                assert!(answer.status.is_success() && !is_signed);
                assert_eq!((error.code(), error.delivery()), (None, Delivery::Unknown));
                assert_error_hidden(&error);
            }
            Err(error) => assert_answered(&error, &answer),
        }
    }
}

/// A callback.
pub(crate) fn identomat_callback(input: &[u8]) {
    let keys = CallbackKeys::new([Secret::new("another"), Secret::new(SECRET)]).unwrap();
    // What the judge cannot read (no UTF-8, a number beyond a double, a nest too deep) may stand in a member
    // that nobody looks at: nothing is known then of the key.
    let value: Option<Value> = serde_json::from_slice(input).ok();
    let key = value.as_ref().map(|value| value["callbackApiKey"].as_str());
    let has_key = key.map(|key| key == Some(SECRET));
    match keys.read(input.to_vec()) {
        Ok(callback) => {
            assert_ne!(has_key, Some(false), "nobody gets in without the key");
            if let Some(value) = &value {
                assert_eq!(Some(callback.callback_type.as_str()), value["type"].as_str());
            }
            assert_debug_hidden(&callback);
            assert_debug_hidden(&callback.event());
            assert!(!callback.extra().contains_key("callbackApiKey"));
        }
        Err(error) => {
            assert!(
                error.is_auth() || (error.is_decode() && has_key != Some(false)),
                "{error}"
            );
            assert_error_hidden(&error);
        }
    }
}

/// The widget's message.
pub(crate) fn widget_end(input: &[u8]) {
    let message = text(input);
    let Some(end) = WidgetEnd::from_message(&message) else {
        return;
    };
    assert_debug_hidden(&end);
    match serde_json::from_str::<Value>(&message) {
        Ok(value) if value.is_object() => assert_eq!(value["type"], "done"),
        Ok(value) => assert_eq!(value, "DONE"),
        // What the judge cannot read may stand in a member that nobody looks at.
        Err(_) if message.contains('{') => assert!(message.contains("done")),
        Err(_) => assert!(matches!(message.trim_ascii(), "DONE" | "\"DONE\"")),
    }
}
