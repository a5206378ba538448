//! What the Mobile API answers, and what is made of it: only the JSON `true` is a yes.

use caf::mobile_api::{
    LivenessMessage, MobileAttempt, MobileAttemptId, MobileAuthentication, MobileLiveness, MobileRefusal,
};
use caf::testing::Step;
use caf::{Answer, Cpf, Delivery, Error, ErrorKind, Personal};

use crate::mobile_support::{assert_silent, cpf, signed};
use crate::support::Scripted;

const IMAGE: &str = "https://img.example.com/a.jpg";

/// What stands in the place of `true` and is none, and members that are almost the right one.
const NOT_TRUE: [&str; 22] = [
    "\"true\"",
    "\"TRUE\"",
    "\"True\"",
    "\"yes\"",
    "\"sim\"",
    "\"1\"",
    "\"\"",
    "1",
    "1.0",
    "-1",
    "0",
    "null",
    "[true]",
    "[]",
    "{}",
    "{\"value\":true}",
    "false",
    "\"false\"",
    "1e0",
    "\"t\\u0072ue\"",
    "[[true]]",
    "2",
];

/// Whole bodies, with `MEMBER` in the place of the verdict's name.
const BROKEN: [&str; 22] = [
    r#"{"requestId":"1"}"#,
    r#"{"requestId":"1","MEMBER ":true}"#,
    r#"{"requestId":"1"," MEMBER":true}"#,
    r#"{"requestId":"1","member":true}"#,
    r#"{"requestId":"1","data":{"MEMBER":true}}"#,
    r#"{"requestId":"1","MEMBER":true,"MEMBER":true}"#,
    r#"{"requestId":"1","MEMBER":false,"MEMBER":true}"#,
    r#"{"requestId":"1","MEMBER":true,"MEMBER":false}"#,
    r#"{"MEMBER":true}"#,
    r#"{"requestId":null,"MEMBER":true}"#,
    r#"{"requestId":"","MEMBER":true}"#,
    r#"{"requestId":1,"MEMBER":true}"#,
    r#"["1",true]"#,
    r#"[{"requestId":"1","MEMBER":true}]"#,
    r#""MEMBER""#,
    r#"true"#,
    r#"{"requestId":"1","MEMBER":true"#,
    r#"{"requestId":"1","MEMBER":true}}"#,
    r#"{"requestId":"1","MEMBER":True}"#,
    r#"{"requestId":"1","MEMBER":tru}"#,
    "<html>true</html>",
    "",
];

/// 44 bodies that are close to a yes of this member, and are none.
fn mutations(member: &str) -> Vec<String> {
    let values = NOT_TRUE
        .iter()
        .map(|value| format!(r#"{{"requestId":"1","{member}":{value}}}"#));
    let bodies = BROKEN.iter().map(|body| body.replace("MEMBER", member));
    values.chain(bodies).collect()
}

#[test]
fn forty_four_mutations_of_is_match_are_no_match() {
    assert_eq!(mutations("isMatch").len(), 44);
    for body in mutations("isMatch") {
        let scripted = Scripted::mobile([Step::json(200, body.clone()), Step::answer(200, signed(&body))]);
        let call = scripted.client.mobile().faces().authenticate(&cpf(), IMAGE);
        let plain = scripted.run(call);
        assert!(!plain.as_ref().is_ok_and(|read| read.is_match), "{body}");
        let call = scripted.client.mobile().faces().authenticate(&cpf(), IMAGE);
        let verified = scripted.run(call.signed());
        assert!(!verified.as_ref().is_ok_and(|read| read.is_match), "{body}");
        // The only "no" among them is the one that says so; all others say nothing.
        assert_eq!(
            plain.is_ok(),
            body.contains(r#""isMatch":false}"#) && !body.contains("true"),
            "{body}"
        );
        assert_eq!(verified.is_ok(), plain.is_ok(), "{body}");
        if let Err(error) = plain {
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Decode, Delivery::CarriedOut),
                "{body}"
            );
            assert_eq!(error.body(), body.as_bytes());
        }
    }
}

#[test]
fn forty_four_mutations_of_is_alive_are_nobody_alive() {
    for body in mutations("isAlive") {
        let scripted = Scripted::mobile([Step::json(200, body.clone()), Step::answer(200, signed(&body))]);
        let faces = scripted.client.mobile().faces();
        let plain = scripted.run(faces.liveness(IMAGE));
        assert!(!plain.is_ok_and(|read| read.is_alive), "{body}");
        let verified = scripted.run(faces.liveness(IMAGE).signed());
        assert!(!verified.is_ok_and(|read| read.is_alive), "{body}");
    }
}

/// A reason of a failure stands beside a success.
#[test]
fn whoever_failed_for_a_documented_reason_is_not_alive() {
    let read = |message: &str| {
        let body = format!(r#"{{"requestId":"1","isAlive":true,"message":{message}}}"#);
        let scripted = Scripted::mobile([Step::json(200, body.clone()), Step::answer(200, signed(&body))]);
        let faces = scripted.client.mobile().faces();
        let plain = scripted.run(faces.liveness(IMAGE)).unwrap();
        let verified = scripted.run(faces.liveness(IMAGE).signed()).unwrap();
        assert_eq!(plain.is_alive, verified.is_alive, "{message}");
        assert_eq!(plain.message, verified.message);
        plain.is_alive
    };
    for reason in LivenessMessage::WORDS {
        assert!(!read(&format!("\"{reason}\"")), "{reason}");
    }
    for other in ["null", "\"\"", "\"Rosto detectado\"", "7"] {
        assert!(read(other), "{other}");
    }
}

#[test]
fn mutations_of_an_attempt_are_no_match() {
    let attempt = |data: &str| format!(r#"{{"requestId":"1","data":{data}}}"#);
    let read = |data: &str| Answer::<MobileAttempt>::from_json(attempt(data));
    assert!(
        read(r#"{"id":"a-1","peopleId":"123.456.789-09","isMatch":true}"#)
            .unwrap()
            .is_match_of(&cpf())
    );
    for value in NOT_TRUE {
        let data = format!(
            r#"{{"id":"a-1","peopleId":"12345678909","isMatch":{value},"faceMatch":{{"isFaceMatch":true}},"liveness":{{"isAlive":true}}}}"#
        );
        assert!(
            !read(&data).is_ok_and(|attempt| attempt.is_match_of(&cpf())),
            "{value}"
        );
    }
    for data in [
        r#"{"id":"a-1","isMatch":true}"#,
        r#"{"id":"a-1","peopleId":null,"isMatch":true}"#,
        r#"{"id":"a-1","peopleId":12345678909,"isMatch":true}"#,
        r#"{"id":"a-1","peopleId":"31415926590","isMatch":true}"#,
        r#"{"id":"a-1","peopleId":"1234567890","isMatch":true}"#,
        r#"{"id":"a-1","peopleId":"12345678909"}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"isMatch":true}"#,
        r#"{"id":"a-1","peopleId":"31415926590","peopleId":"12345678909","isMatch":true}"#,
        r#"[{"peopleId":"12345678909","isMatch":true}]"#,
        // A struct could be read from an array, member by position.
        r#"["64b0c0ffee00000000000001",null,"12345678909",null,null,null,null,null,null,true]"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"faceMatch":[1,true]}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"liveness":[1,true]}"#,
        // What the verdict is made of speaks against it.
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"faceMatch":{"isFaceMatch":false},"liveness":{"isAlive":true}}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"faceMatch":{"isFaceMatch":true},"liveness":{"isAlive":false}}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"faceMatch":{"isFaceMatch":"true"}}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":true,"liveness":{"isAlive":1}}"#,
        r#"{"id":"a-1","peopleId":"12345678909","faceMatch":{"isFaceMatch":true},"liveness":{"isAlive":true}}"#,
        r#"{"id":"a-1","peopleId":"12345678909","isMatch":false,"faceMatch":{"isFaceMatch":true},"liveness":{"isAlive":true}}"#,
        "null",
    ] {
        assert!(
            !read(data).is_ok_and(|attempt| attempt.is_match_of(&cpf())),
            "{data}"
        );
    }
}

#[test]
fn the_documented_liveness() {
    let answer = Answer::<MobileLiveness>::from_json(
        r#"{ "requestId": "0c9a", "isAlive": false, "attemptId": "64b0c0ffee00000000000001",
            "person": { "cpf": "12345678909", "name": "Ana Teste" }, "message": "Seu rosto está muito pequeno" }"#,
    )
    .unwrap();
    assert!(!answer.is_alive);
    assert_eq!(
        answer.attempt_id.as_ref().unwrap().expose(),
        "64b0c0ffee00000000000001"
    );
    assert_eq!(answer.message, Some(LivenessMessage::TooSmall));
    assert!(answer.is_about(&cpf()) && !answer.is_about(&Cpf::parse("31415926590").unwrap()));
    let shown = format!("{answer:?}");
    assert!(
        !shown.contains("12345678909") && !shown.contains("Ana") && !shown.contains("64b0c0ffee"),
        "{shown}"
    );
    assert!(answer.extra().is_empty());
    for (text, message) in [
        (
            "Sua foto deve conter apenas um rosto",
            LivenessMessage::SeveralFaces,
        ),
        (
            "Seu rosto está muito próximo da câmera",
            LivenessMessage::TooClose,
        ),
        ("Não encontramos nenhum rosto na imagem", LivenessMessage::NoFace),
        (
            "Seu rosto não está alinhado à câmera",
            LivenessMessage::NotAligned,
        ),
    ] {
        assert_eq!(LivenessMessage::from(text), message);
    }
    // Whoever could be named by what cannot be read is not the person.
    for person in [
        r#"["12345678909","Ana Teste"]"#,
        r#"{"cpf":12345678909}"#,
        r#"{"cpf":["12345678909"]}"#,
        r#""12345678909""#,
    ] {
        let json = format!(r#"{{"requestId":"1","isAlive":true,"person":{person}}}"#);
        assert!(
            Answer::<MobileLiveness>::from_json(json).unwrap_err().is_decode(),
            "{person}"
        );
    }
    let bare = r#"{"requestId":"1","isAlive":true,"attemptId":null,"person":null,"message":null}"#;
    let bare = Answer::<MobileLiveness>::from_json(bare).unwrap();
    assert!(bare.is_alive && bare.message.is_none() && !bare.is_about(&cpf()));
}

#[test]
fn an_answer_about_another_person_is_no_answer() {
    let other = r#"{"requestId":"1","isAlive":true,"person":{"cpf":"314.159.265-90"}}"#;
    let scripted = Scripted::mobile([Step::json(200, other), Step::answer(200, signed(other))]);
    let faces = scripted.client.mobile().faces();
    let error = scripted.run(faces.liveness(IMAGE).person(&cpf())).unwrap_err();
    assert!(error.is_decode());
    assert_silent(&error, &["314.159"]);
    let error = scripted
        .run(faces.liveness(IMAGE).person(&cpf()).signed())
        .unwrap_err();
    assert!(error.is_decode());
}

#[test]
fn the_documented_attempt() {
    let json = r#"{"requestId":"1","data":{"id":"64b0c0ffee00000000000001","createdAt":"2026-01-02T03:04:05.678Z",
        "peopleId":"12345678909","sourceIp":"192.0.2.1","executionOriginId":"origin-1",
        "registeredImageUrl":"https://img.example.com/r","receivedImageUrl":"https://img.example.com/s",
        "faceMatch":{"similarity":0.9999998211860657,"isFaceMatch":true},
        "liveness":{"probability":1,"isAlive":true},"isMatch":true,"another":[1]}}"#;
    let id = MobileAttemptId::new("64b0c0ffee00000000000001").unwrap();
    let scripted = Scripted::mobile([Step::json(200, json)]);
    let call = scripted.client.mobile().faces().attempt(&id).for_person(&cpf());
    let attempt = scripted.run(call).unwrap();
    assert!(attempt.is_match_of(&cpf()));
    let data = &attempt.data;
    assert_eq!(data.created_at.as_ref().unwrap().unix_seconds(), 1_767_323_045);
    assert_eq!(data.source_ip.as_ref().unwrap().expose(), "192.0.2.1");
    assert_eq!(data.execution_origin_id.as_ref().unwrap().expose(), "origin-1");
    assert_eq!(
        data.received_image_url.as_ref().unwrap().expose(),
        "https://img.example.com/s"
    );
    let face_match = data.face_match.as_ref().unwrap();
    assert!((face_match.similarity.unwrap().expose() - 0.999_999_821).abs() < 1e-9);
    assert_eq!(face_match.is_face_match, Some(true));
    let liveness = data.liveness.as_ref().unwrap();
    assert_eq!(
        (liveness.probability, liveness.is_alive),
        (Some(Personal::new(1.0)), Some(true))
    );
    let shown = format!("{attempt:?}");
    for private in [
        "12345678909",
        "192.0.2.1",
        "img.example.com",
        "origin-1",
        "999999",
    ] {
        assert!(!shown.contains(private), "{shown}");
    }
}

/// It could be a telephone number, and `Debug` would show it.
#[test]
fn a_number_that_is_no_ratio_is_left_to_the_raw_answer() {
    for number in ["447700900178", "-0.1", "1.01", "1e400", r#""1""#, "null"] {
        let json = format!(
            r#"{{"data":{{"id":"a-1","faceMatch":{{"similarity":{number}}},"liveness":{{"probability":{number}}}}}}}"#
        );
        let attempt = Answer::<MobileAttempt>::from_json(json.clone()).unwrap();
        let (face_match, liveness) = (&attempt.data.face_match, &attempt.data.liveness);
        assert_eq!(face_match.as_ref().unwrap().similarity, None, "{number}");
        assert_eq!(liveness.as_ref().unwrap().probability, None, "{number}");
        assert_eq!(&attempt.raw()[..], json.as_bytes());
    }
}

#[test]
fn another_attempt_or_another_persons_is_no_answer() {
    let id = MobileAttemptId::new("64b0c0ffee00000000000001").unwrap();
    for data in [
        r#"{"id":"64b0c0ffee00000000000002","peopleId":"12345678909","isMatch":true}"#,
        r#"{"id":"64b0c0ffee00000000000001","peopleId":"31415926590","isMatch":true}"#,
        r#"{"id":"64b0c0ffee00000000000001","isMatch":true}"#,
        r#"{"peopleId":"12345678909","isMatch":true}"#,
        r#"{"id":null,"peopleId":"12345678909","isMatch":true}"#,
        r#"{"id":"","peopleId":"12345678909","isMatch":true}"#,
    ] {
        let scripted = Scripted::mobile([Step::json(200, format!(r#"{{"requestId":"1","data":{data}}}"#))]);
        let call = scripted.client.mobile().faces().attempt(&id).for_person(&cpf());
        assert!(scripted.run(call).unwrap_err().is_decode(), "{data}");
    }
}

fn refused(status: u16, body: &'static str) -> [Error; 5] {
    let step = || Step::json(status, body);
    let id = MobileAttemptId::new("64b0c0ffee00000000000001").unwrap();
    let run =
        |steps: Vec<Step>| Scripted::mobile_with(steps, |config| config.retry(caf::RetryPolicy::never()));
    let s = [(); 5].map(|()| run(vec![step()]));
    let faces = |at: usize| s[at].client.mobile().faces();
    [
        s[0].run(faces(0).liveness(IMAGE)).unwrap_err(),
        s[1].run(faces(1).register(&cpf(), IMAGE)).unwrap_err(),
        s[2].run(faces(2).authenticate(&cpf(), IMAGE)).unwrap_err(),
        s[3].run(faces(3).attempt(&id)).unwrap_err(),
        s[4].run(faces(4).authenticate(&cpf(), IMAGE).signed())
            .unwrap_err(),
    ]
}

#[test]
fn every_documented_status_ends_typed_whatever_the_body() {
    for (status, kind, delivery) in [
        (400, ErrorKind::Provider, Delivery::Refused),
        (401, ErrorKind::Auth, Delivery::Refused),
        (404, ErrorKind::Provider, Delivery::Refused),
        (405, ErrorKind::Provider, Delivery::Refused),
        (429, ErrorKind::RateLimited, Delivery::Refused),
        (500, ErrorKind::Provider, Delivery::Unknown),
    ] {
        for (body, message, request_id) in [
            (
                r#"{"requestId":"r-1","message":"Não."}"#,
                Some("Não."),
                Some("r-1"),
            ),
            (r#"{"requestId":"r-1","error":"nope"}"#, None, Some("r-1")),
            (
                r#"{"requestId":"r-1","errors":"nope"}"#,
                Some("nope"),
                Some("r-1"),
            ),
            (r#"{"errors":[{"message":"Não."}]}"#, Some("Não."), None),
            (r#"{"errors":["Não.","Nunca."]}"#, Some("Não."), None),
            (
                r#"{"statusCode":400,"message":["Não.","Nunca."],"error":"Bad Request"}"#,
                Some("Não."),
                None,
            ),
            (r#"{"error":{"message":"Não."}}"#, Some("Não."), None),
            (r#"{"errors":[],"message":[1,null,{"a":1}]}"#, None, None),
            (r#"{"requestId":7,"message":null}"#, None, None),
            ("\"Unauthorized\"", Some("Unauthorized"), None),
            ("<html>12345678909</html>", None, None),
            ("", None, None),
        ] {
            for error in refused(status, body) {
                assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
                assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
                assert_eq!(error.body(), body.as_bytes());
                assert_eq!(
                    (error.provider_message(), error.request_id()),
                    (message, request_id),
                    "{body}"
                );
                assert_silent(&error, &["Não.", "nope"]);
            }
        }
    }
}

#[test]
fn what_does_not_say_that_it_was_done_is_no_registration() {
    for body in [
        "{}",
        "[]",
        "null",
        "true",
        "",
        "<html></html>",
        r#"{"message":"Feito."}"#,
        r#"{"requestId":null,"message":"Feito."}"#,
        r#"{"requestId":"","message":"Feito."}"#,
        r#"{"requestId":7,"message":"Feito."}"#,
        r#"{"error":"nope"}"#,
    ] {
        let scripted = Scripted::mobile([Step::json(200, body)]);
        let register = scripted.client.mobile().faces().register(&cpf(), IMAGE);
        let error = scripted.run(register).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut),
            "{body}"
        );
    }
}

#[test]
fn a_session_without_a_token_is_none() {
    for body in [
        "{}",
        r#"{"requestId":"1"}"#,
        r#"{"requestId":"1","sessionToken":null}"#,
        r#"{"requestId":"1","sessionToken":""}"#,
        r#"{"requestId":"1","sessionToken":"  "}"#,
        r#"{"requestId":"1","sessionToken":["a.b.c"]}"#,
        r#"{"requestId":"1","sessionToken":"a.b.c","sessionToken":"d.e.f"}"#,
    ] {
        let scripted = Scripted::mobile([Step::json(200, body)]);
        let create = scripted.client.mobile().sdk_sessions().create();
        let error = scripted.run(create).unwrap_err();
        assert!(error.is_decode(), "{body}");
        assert_silent(&error, &["a.b.c"]);
    }
}

#[test]
fn a_session_that_is_refused_ends_typed() {
    for (status, kind) in [
        (401, ErrorKind::Auth),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Provider),
    ] {
        let step = Step::json(status, r#"{"requestId":"r-1","message":"Não."}"#);
        let scripted = Scripted::mobile_with([step], |config| config.retry(caf::RetryPolicy::never()));
        let create = scripted.client.mobile().sdk_sessions().create();
        let error = scripted.run(create).unwrap_err();
        assert_eq!((error.kind(), error.request_id()), (kind, Some("r-1")));
        assert_eq!(error.provider_message(), Some("Não."));
        assert_eq!(MobileRefusal::of(&error), None);
    }
}

#[test]
fn what_a_status_means_is_told_apart() {
    let of = |status| refused(status, r#"{"requestId":"r-1"}"#).map(|error| MobileRefusal::of(&error));
    let no_face = Some(MobileRefusal::NoFaceRegistered);
    assert_eq!(
        of(404),
        [None, None, no_face, Some(MobileRefusal::NoSuchAttempt), no_face]
    );
    assert_eq!(of(401), [Some(MobileRefusal::TokenNotAccepted); 5]);
    for status in [400, 405, 429, 500] {
        assert_eq!(of(status), [None; 5]);
    }
    // No face is no "no match", and a route that is not there is no face.
    let scripted = Scripted::mobile([Step::json(404, "{}")]);
    let other = scripted
        .client
        .mobile()
        .request(http::Method::POST, ["faces", "authenticate"]);
    assert_eq!(MobileRefusal::of(&scripted.run(other).unwrap_err()), None);
}

#[test]
fn an_authentication_is_sent_once_whatever_happens() {
    for step in [
        Step::Silence,
        Step::CutBody,
        Step::json(500, "{}"),
        Step::json(503, "{}"),
    ] {
        let scripted = Scripted::mobile([step, Step::json(200, r#"{"requestId":"1","isMatch":true}"#)]);
        let call = scripted.client.mobile().faces().authenticate(&cpf(), IMAGE);
        assert_eq!(scripted.run(call).unwrap_err().delivery(), Delivery::Unknown);
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}

#[test]
fn members_that_are_not_known_are_kept() {
    let json = r#"{"requestId":"1","isMatch":true,"similarity":0.99}"#;
    let answer = Answer::<MobileAuthentication>::from_json(json).unwrap();
    assert_eq!(answer.extra()["similarity"], 0.99);
    assert_eq!(answer.raw(), json.as_bytes());
}
