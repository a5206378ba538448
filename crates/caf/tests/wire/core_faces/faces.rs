//! Faces on the Core API (contract caf, 4.8).

use caf::core_api::{CoreFaceAttempt, CoreFaceAttemptId, PersonId, RegisterCoreFace};
use caf::testing::Step;
use caf::{Answer, Cpf, Delivery, Personal};

use super::support::{CORE, CORE_TOKEN, CPF, NO_BOOLEANS, assert_undecodable};
use crate::support::Scripted;

const ATTEMPT: &str = "01K0EXAMPLE000000000000000";
const IMAGE: &str = "https://img.example.com/n33dle.jpg";
const REGISTERED: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","message":"Face registration in progress.","personId":"12345678909"}"#;

fn person() -> PersonId {
    PersonId::new(CPF).unwrap()
}

fn register(scripted: &Scripted) -> RegisterCoreFace {
    scripted.client.core().faces().register(&person(), IMAGE)
}

#[test]
fn a_registration_begins() {
    let scripted = Scripted::answered(REGISTERED);
    let call = register(&scripted);
    let shown = format!("{call:?} {}", call.prepare().unwrap());
    assert!(!shown.contains("n33dle") && !shown.contains(CPF), "{shown}");
    let face = scripted.run(call).unwrap();
    scripted.assert_sent_with(
        &format!("POST {CORE}/v1/faces"),
        CORE_TOKEN,
        r#"{"personId":"12345678909","imageUrl":"https://img.example.com/n33dle.jpg"}"#,
    );
    assert_eq!(
        face.message.as_ref().unwrap().expose(),
        "Face registration in progress."
    );
    assert_eq!(face.person_id.expose(), CPF);
    assert!(!format!("{face:?}").contains(CPF));
}

#[test]
fn a_masked_document_is_sent_as_its_digits() {
    for person in [
        PersonId::new("123.456.789-09").unwrap(),
        PersonId::try_from(Cpf::parse("123.456.789-09").unwrap()).unwrap(),
    ] {
        // Whatever way the provider writes it back.
        let answer = REGISTERED.replace(CPF, "123.456.789-09");
        let scripted = Scripted::answered(answer);
        let call = scripted
            .client
            .core()
            .faces()
            .register(&person, IMAGE)
            .extra("new", 1);
        scripted.run(call).unwrap();
        scripted.assert_sent_with(
            &format!("POST {CORE}/v1/faces"),
            CORE_TOKEN,
            r#"{"personId":"12345678909","imageUrl":"https://img.example.com/n33dle.jpg","new":1}"#,
        );
    }
}

#[test]
fn what_cannot_be_fetched_is_refused() {
    let scripted = Scripted::core_and_global([]);
    let faces = scripted.client.core().faces();
    for url in [
        "",
        "n33dle.jpg",
        "http://img.example.com/n33dle.jpg",
        "http://127.0.0.1/n33dle.jpg",
        "ftp://img.example.com/n33dle.jpg",
        "data:image/jpeg;base64,n33dle",
        "https://img.example.com/n33dle .jpg",
        "javascript:n33dle",
    ] {
        scripted.assert_refuses(faces.register(&person(), url));
    }
    scripted.assert_refuses(register(&scripted).extra("personId", "n33dle"));
    scripted.assert_refuses(register(&scripted).extra("imageURL", "n33dle"));
    scripted.assert_refuses(register(&scripted).extra("a", 1).extra("a", "n33dle"));
}

#[test]
fn a_registration_is_sent_once() {
    for step in [Step::json(500, "{}"), Step::json(503, "{}"), Step::CutBody] {
        let scripted = Scripted::core_and_global([step, Step::json(200, REGISTERED)]);
        let error = scripted.run(register(&scripted)).unwrap_err();
        assert_ne!(error.delivery(), Delivery::NotSent);
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}

#[test]
fn somebody_elses_face_is_none_that_was_registered() {
    for answered in [
        r#""98765432100""#,
        r#""1234567890""#,
        r#""""#,
        r#""n33dle""#,
        "12345678909",
        "[]",
    ] {
        let answer = format!(r#"{{"requestId":"r-1","message":"n33dle","personId":{answered}}}"#);
        let scripted = Scripted::answered(answer);
        assert_undecodable(scripted.run(register(&scripted)));
    }
    for silent in [
        "{}",
        r#"{"personId":null,"message":7}"#,
        r#"{"message":"n33dle"}"#,
    ] {
        let scripted = Scripted::answered(silent);
        assert_undecodable(scripted.run(register(&scripted)));
    }
}

fn attempt_id() -> CoreFaceAttemptId {
    CoreFaceAttemptId::new(ATTEMPT).unwrap()
}

const MATCHED: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","data":{"id":"01K0EXAMPLE000000000000000","createdAt":"2026-01-02T03:04:05.678Z","personId":"12345678909","sourceIp":"192.0.2.7","executionOriginId":"64b0c0ffee0000000000ffff","registeredImageUrl":"https://s3.example.com/n33dle-1","receivedImageUrl":"https://s3.example.com/n33dle-2","faceMatch":{"similarity":0.9999998,"isFaceMatch":true},"liveness":{"probability":1,"isAlive":true},"isMatch":true}}"#;

#[test]
fn an_attempt_with_every_member() {
    let scripted = Scripted::answered(MATCHED);
    let attempt = scripted
        .run(scripted.client.core().faces().attempt(&attempt_id()))
        .unwrap();
    scripted.assert_sent_with(&format!("GET {CORE}/v1/faces/attempts/{ATTEMPT}"), CORE_TOKEN, "");
    assert!(attempt.is_match() && attempt.is_match_of(&person()));
    assert!(!attempt.is_match_of(&PersonId::new("98765432100").unwrap()));
    let data = &attempt.data;
    assert_eq!(data.id.as_str(), ATTEMPT);
    assert_eq!(data.created_at.as_ref().unwrap().unix_seconds(), 1_767_323_045);
    assert_eq!(
        data.face_match.as_ref().unwrap().similarity,
        Some(Personal::new(0.999_999_8))
    );
    assert_eq!(
        data.liveness.as_ref().unwrap().probability,
        Some(Personal::new(1.0))
    );
    assert_eq!(data.source_ip.as_ref().unwrap().expose(), "192.0.2.7");
    assert!(data.extra().is_empty() && attempt.extra().is_empty());
    let shown = format!("{attempt:?}");
    for private in ["n33dle", CPF, "192.0.2.7", "999999"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[test]
fn an_attempt_is_asked_for_again() {
    let scripted = Scripted::core_and_global([Step::json(503, "{}"), Step::json(200, MATCHED)]);
    let attempt = scripted.run(scripted.client.core().faces().attempt(&attempt_id()));
    assert!(attempt.unwrap().is_match());
    assert_eq!(scripted.transport.seen().len(), 2);
}

#[test]
fn anothers_attempt_does_not_count() {
    for id in ["01K0EXAMPLE000000000000001", "", "n33dle"] {
        let scripted = Scripted::answered(MATCHED.replace(ATTEMPT, id));
        assert_undecodable(scripted.run(scripted.client.core().faces().attempt(&attempt_id())));
    }
    // One that does not say which attempt it is says nothing of this one.
    let id = format!(r#""id":"{ATTEMPT}""#);
    for other in [r#""id":null"#, r#""id":7"#, r#""attemptId":"n33dle""#] {
        let scripted = Scripted::answered(MATCHED.replace(&id, other));
        assert_undecodable(scripted.run(scripted.client.core().faces().attempt(&attempt_id())));
    }
    // A ULID is one whatever its case.
    let scripted = Scripted::answered(MATCHED.replace(ATTEMPT, &ATTEMPT.to_lowercase()));
    let attempt = scripted.run(scripted.client.core().faces().attempt(&attempt_id()));
    assert!(attempt.unwrap().is_match_of(&person()));
}

#[test]
fn only_a_true_is_a_match() {
    let read = |json: String| Answer::<CoreFaceAttempt>::from_json(json);
    for value in NO_BOOLEANS {
        for member in ["isMatch", "isFaceMatch", "isAlive"] {
            let json = MATCHED.replace(&format!(r#""{member}":true"#), &format!(r#""{member}":{value}"#));
            assert_ne!(json, MATCHED);
            assert!(read(json).is_err(), "{member}: {value}");
        }
    }
    for (from, to) in [
        (r#""isMatch":true"#, r#""isMatch":false"#),
        (r#""isMatch":true"#, r#""isMatch":null"#),
        (r#""isMatch":true"#, r#""ismatch":true"#),
        (r#","isMatch":true"#, ""),
        (r#""isFaceMatch":true"#, r#""isFaceMatch":false"#),
        (r#""isAlive":true"#, r#""isAlive":false"#),
    ] {
        let json = MATCHED.replace(from, to);
        assert_ne!(json, MATCHED);
        let attempt = read(json).unwrap();
        assert!(!attempt.is_match() && !attempt.is_match_of(&person()), "{to}");
    }
    for json in [
        r#"{"requestId":"r-1"}"#,
        r#"{"isMatch":true}"#,
        r#"{"data":null}"#,
        r#"{"data":[]}"#,
        r#"{"data":"n33dle"}"#,
        r#"[{"isMatch":true}]"#,
        r#"{"data":{"isMatch":true}}"#,
        r#"{"data":{"id":"a-1","isMatch":true,"isMatch":false}}"#,
        r#"{"data":{"id":"a-1","isMatch":true},"data":{"id":"a-1","isMatch":true}}"#,
        // A struct could be read from an array, member by position.
        r#"{"data":["a-1",null,null,null,null,null,null,null,null,true]}"#,
        r#"{"data":{"id":"a-1","isMatch":true,"faceMatch":[1,true]}}"#,
    ] {
        assert!(read(json.to_owned()).is_err(), "{json}");
    }
    let nobodys = read(MATCHED.replace(r#""personId":"12345678909","#, "")).unwrap();
    assert!(nobodys.is_match() && !nobodys.is_match_of(&person()));
}

/// An id of your own may be one that nobody else has but for the case of its letters.
#[test]
fn a_match_of_another_id_in_other_letters_is_none() {
    let json = MATCHED.replace(CPF, "User-aB3dE");
    let attempt = Answer::<CoreFaceAttempt>::from_json(json).unwrap();
    assert!(attempt.is_match_of(&PersonId::new("User-aB3dE").unwrap()));
    for other in ["User-Ab3De", "user-ab3de", "USER-AB3DE"] {
        assert!(!attempt.is_match_of(&PersonId::new(other).unwrap()), "{other}");
    }
    // Nothing is decided by the answer to a registration, which is carried out.
    let scripted = Scripted::answered(REGISTERED.replace(CPF, "ANA@EXAMPLE.NET"));
    let person = PersonId::new("ana@example.net").unwrap();
    scripted
        .run(scripted.client.core().faces().register(&person, IMAGE))
        .unwrap();
}

#[test]
fn numbers_that_are_no_ratio_are_left_to_the_raw_answer() {
    for number in ["447700900178", "-0.1", "1.01", "1e400", r#""1""#, "null", "[]"] {
        let json = MATCHED.replace("0.9999998", number);
        let attempt = Answer::<CoreFaceAttempt>::from_json(json.clone()).unwrap();
        assert_eq!(
            attempt.data.face_match.as_ref().unwrap().similarity,
            None,
            "{number}"
        );
        assert_eq!(&attempt.raw()[..], json.as_bytes());
    }
}
