//! Every operation of the Mobile API to the letter (contract caf, 2.3 and 3), and whose token it carries.

use caf::mobile_api::{MobileAttemptId, MobileDevice, SdkAuthorization};
use caf::testing::Step;
use caf::{Cpf, Repeat};
use serde_json::json;

use crate::mobile_support::{CLIENT_ID, MOBILE, NOW, claims, cpf, signed};
use crate::support::Scripted;

const IMAGE: &str = "https://img.example.com/a.jpg";
const LIVENESS: &str = r#"{"requestId":"0c9a3f52","isAlive":true,"attemptId":"64b0c0ffee00000000000001"}"#;
const MATCH: &str = r#"{"requestId":"0c9a3f52","isMatch":true}"#;

fn unbound() -> serde_json::Value {
    json!({"iss": CLIENT_ID, "exp": NOW + 300})
}

fn bound(cpf: &str) -> serde_json::Value {
    json!({"iss": CLIENT_ID, "peopleId": cpf, "exp": NOW + 300})
}

#[test]
fn liveness() {
    let scripted = Scripted::mobile([Step::json(200, LIVENESS)]);
    let faces = scripted.client.mobile().faces();
    scripted.run(faces.liveness(IMAGE)).unwrap();
    let body = r#"{"imageUrl":"https://img.example.com/a.jpg"}"#;
    let token = scripted.assert_mobile_sent(&format!("POST {MOBILE}/faces/liveness"), body);
    assert_eq!(claims(&token), unbound());
}

#[test]
fn liveness_of_a_person() {
    let scripted = Scripted::mobile([Step::json(200, LIVENESS)]);
    let call = scripted
        .client
        .mobile()
        .faces()
        .liveness(IMAGE)
        .person(&cpf())
        .person_name("Ana Teste")
        .extra("channel", "app");
    scripted.run(call).unwrap();
    let body = r#"{"imageUrl":"https://img.example.com/a.jpg","person":{"cpf":"12345678909","name":"Ana Teste"},"channel":"app"}"#;
    let token = scripted.assert_mobile_sent(&format!("POST {MOBILE}/faces/liveness"), body);
    assert_eq!(claims(&token), bound("12345678909"));
}

#[test]
fn registration() {
    let scripted = Scripted::mobile([Step::json(200, r#"{"requestId":"1","message":"Feito."}"#)]);
    let registered = scripted
        .run(scripted.client.mobile().faces().register(&cpf(), IMAGE))
        .unwrap();
    let body = r#"{"peopleId":"12345678909","imageUrl":"https://img.example.com/a.jpg"}"#;
    let token = scripted.assert_mobile_sent(&format!("POST {MOBILE}/faces/register"), body);
    assert_eq!(claims(&token), bound("12345678909"));
    assert_eq!(registered.request_id.as_str(), "1");
    assert_eq!(registered.message.as_ref().unwrap().expose(), "Feito.");
}

#[test]
fn authentication() {
    let scripted = Scripted::mobile([Step::json(200, MATCH)]);
    let device = MobileDevice::new()
        .operating_system("Android 14")
        .fingerprint("fp-1")
        .manufacturer("Example")
        .model("Example 7");
    let call = scripted.client.mobile().faces().authenticate(&cpf(), IMAGE);
    scripted.run(call.device(device)).unwrap();
    let body = r#"{"peopleId":"12345678909","imageUrl":"https://img.example.com/a.jpg","device":{"operatingSystem":"Android 14","fingerprint":"fp-1","manufacturer":"Example","model":"Example 7"}}"#;
    let token = scripted.assert_mobile_sent(&format!("POST {MOBILE}/faces/authenticate"), body);
    assert_eq!(claims(&token), bound("12345678909"));
}

#[test]
fn signed_answers_are_asked_for_by_the_documented_parameter() {
    let scripted = Scripted::mobile([Step::answer(200, signed(MATCH))]);
    let call = scripted.client.mobile().faces().authenticate(&cpf(), IMAGE);
    assert!(scripted.run(call.signed()).unwrap().is_match);
    let body = r#"{"peopleId":"12345678909","imageUrl":"https://img.example.com/a.jpg"}"#;
    let line = format!("POST {MOBILE}/faces/authenticate?shouldSignResponse=true");
    assert_eq!(
        claims(&scripted.assert_mobile_sent(&line, body)),
        bound("12345678909")
    );

    let scripted = Scripted::mobile([Step::answer(200, signed(LIVENESS))]);
    let call = scripted.client.mobile().faces().liveness(IMAGE).signed();
    assert!(scripted.run(call).unwrap().is_alive);
    let body = r#"{"imageUrl":"https://img.example.com/a.jpg"}"#;
    let line = format!("POST {MOBILE}/faces/liveness?shouldSignResponse=true");
    assert_eq!(claims(&scripted.assert_mobile_sent(&line, body)), unbound());
}

#[test]
fn an_attempt() {
    let id = MobileAttemptId::new("64b0c0ffee00000000000001").unwrap();
    let answer = r#"{"requestId":"1","data":{"id":"64b0c0ffee00000000000001","peopleId":"12345678909"}}"#;
    let line = format!("GET {MOBILE}/faces/authenticate/64b0c0ffee00000000000001");
    let scripted = Scripted::mobile([Step::json(200, answer)]);
    scripted
        .run(scripted.client.mobile().faces().attempt(&id))
        .unwrap();
    assert_eq!(claims(&scripted.assert_mobile_sent(&line, "")), unbound());

    let scripted = Scripted::mobile([Step::json(200, answer)]);
    let call = scripted.client.mobile().faces().attempt(&id).for_person(&cpf());
    scripted.run(call).unwrap();
    assert_eq!(
        claims(&scripted.assert_mobile_sent(&line, "")),
        bound("12345678909")
    );
}

#[test]
fn an_sdk_session_in_both_documented_forms() {
    let answer = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","sessionToken":"eyJ.made.up"}"#;
    let line = "GET https://web.us.prd.caf.io/bff/session-tokens";
    let scripted = Scripted::mobile([Step::json(200, answer)]);
    let session = scripted
        .run(scripted.client.mobile().sdk_sessions().create())
        .unwrap();
    assert_eq!(session.session_token.expose(), "eyJ.made.up");
    assert!(!format!("{session:?}").contains("made.up"));
    assert_eq!(claims(&scripted.assert_mobile_sent(line, "")), unbound());
    assert_eq!(scripted.client.mobile().tokens_signed(), 1);

    let bearer = |config: caf::Config| config.sdk_authorization(SdkAuthorization::Bearer);
    for person in [None, Some(cpf())] {
        let scripted = Scripted::mobile_with([Step::json(200, answer)], bearer);
        let mut call = scripted.client.mobile().sdk_sessions().create();
        if let Some(person) = &person {
            call = call.for_person(person);
        }
        scripted.run(call).unwrap();
        let authorization = scripted.assert_mobile_sent(line, "");
        let token = authorization.strip_prefix("Bearer ").unwrap();
        let expected = if person.is_some() {
            bound("12345678909")
        } else {
            unbound()
        };
        assert_eq!(claims(token), expected);
    }
}

#[test]
fn any_other_route() {
    let scripted = Scripted::mobile([Step::json(200, "{}")]);
    let call = scripted.client.mobile().request(http::Method::GET, ["a", "b/c"]);
    scripted.run(call.repeat(Repeat::Safe)).unwrap();
    let token = scripted.assert_mobile_sent(&format!("GET {MOBILE}/a/b%2Fc"), "");
    assert_eq!(claims(&token), unbound());

    let scripted = Scripted::mobile([Step::json(200, "{}")]);
    let call = scripted
        .client
        .mobile()
        .request_about(&cpf(), http::Method::POST, ["a"])
        .json(&json!({"b": 1}));
    scripted.run(call).unwrap();
    let token = scripted.assert_mobile_sent(&format!("POST {MOBILE}/a"), r#"{"b":1}"#);
    assert_eq!(claims(&token), bound("12345678909"));
}

#[test]
fn the_token_of_one_person_never_goes_with_a_call_about_another() {
    let people = ["12345678909", "31415926590", "27182818205"];
    let scripted = Scripted::mobile((0..9).map(|_| Step::json(200, MATCH)));
    let faces = scripted.client.mobile().faces();
    for _ in 0..3 {
        for person in people {
            let person = Cpf::parse(person).unwrap();
            scripted.run(faces.authenticate(&person, IMAGE)).unwrap();
        }
    }
    for seen in scripted.transport.seen() {
        let body: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
        let claims = claims(seen.header("authorization").unwrap());
        assert_eq!(claims["peopleId"], body["peopleId"]);
    }
    // None of these was the token that is bound to nobody.
    assert_eq!(scripted.client.mobile().tokens_signed(), 0);
}

#[test]
fn a_token_that_is_bound_to_nobody_serves_many_calls() {
    let scripted = Scripted::mobile((0..5).map(|_| Step::json(200, LIVENESS)));
    for _ in 0..5 {
        scripted
            .run(scripted.client.mobile().faces().liveness(IMAGE))
            .unwrap();
    }
    assert_eq!(scripted.client.mobile().tokens_signed(), 1);
}

#[test]
fn what_is_learnt_of_the_servers_clock_holds_for_all_tokens() {
    // The server is ten minutes ahead: 2030-01-01T00:05:00Z.
    let late = Step::json(401, "{}").header("date", "Tue, 01 Jan 2030 00:05:00 GMT");
    let scripted = Scripted::mobile([late, Step::json(200, MATCH), Step::json(200, MATCH)]);
    let faces = scripted.client.mobile().faces();
    for person in ["12345678909", "31415926590"] {
        let person = Cpf::parse(person).unwrap();
        scripted.run(faces.authenticate(&person, IMAGE)).unwrap();
    }
    let exp: Vec<_> = scripted
        .transport
        .seen()
        .iter()
        .map(|seen| {
            claims(seen.header("authorization").unwrap())["exp"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(exp, [NOW + 300, NOW + 900, NOW + 900]);
    let issued = scripted.client.mobile().tokens().for_anybody().issue().unwrap();
    assert_eq!(claims(issued.token.expose())["exp"], NOW + 900);
}

#[test]
fn what_the_sdk_host_says_of_the_clock_holds_for_the_tokens_of_apps() {
    let late = Step::json(401, "{}").header("date", "Tue, 01 Jan 2030 00:05:00 GMT");
    let session = r#"{"requestId":"1","sessionToken":"a.b.c"}"#;
    for person in [None, Some(cpf())] {
        let steps = [late.clone(), Step::json(200, session), Step::json(200, MATCH)];
        let scripted =
            Scripted::mobile_with(steps, |config| config.sdk_authorization(SdkAuthorization::Bearer));
        let mobile = scripted.client.mobile();
        let mut create = mobile.sdk_sessions().create();
        if let Some(person) = &person {
            create = create.for_person(person);
        }
        scripted.run(create).unwrap();
        let issued = mobile.tokens().for_person(&cpf()).issue().unwrap();
        assert_eq!(claims(issued.token.expose())["exp"], NOW + 900);
        scripted.run(mobile.faces().authenticate(&cpf(), IMAGE)).unwrap();
        let seen = scripted.transport.seen();
        let forms: Vec<_> = seen
            .iter()
            .map(|seen| seen.header("authorization").unwrap().starts_with("Bearer "))
            .collect();
        assert_eq!(forms, [true, true, false]);
        assert_eq!(claims(seen[2].header("authorization").unwrap())["exp"], NOW + 900);
    }
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    let scripted = Scripted::mobile([]);
    let faces = scripted.client.mobile().faces();
    for url in [
        "",
        "a.jpg",
        "http://img.example.com/a.jpg",
        "ftp://img.example.com/a",
        "file:///a.jpg",
    ] {
        for error in [
            scripted.run(faces.liveness(url)).unwrap_err(),
            scripted.run(faces.liveness(url).signed()).unwrap_err(),
            scripted.run(faces.register(&cpf(), url)).unwrap_err(),
            scripted.run(faces.authenticate(&cpf(), url)).unwrap_err(),
        ] {
            scripted.assert_refused(&error);
        }
    }
    let twice = faces.register(&cpf(), IMAGE).extra("peopleId", "31415926590");
    let error = scripted.run(twice).unwrap_err();
    scripted.assert_refused(&error);
}

#[test]
fn previews_show_no_person_and_no_credential() {
    let scripted = Scripted::mobile([]);
    let faces = scripted.client.mobile().faces();
    let call = faces
        .liveness(IMAGE)
        .person(&cpf())
        .person_name("Ana Teste")
        .signed();
    let shown = format!(
        "{:?} {} {call:?}",
        call.prepare().unwrap(),
        call.prepare().unwrap()
    );
    assert!(shown.contains("/faces/liveness"), "{shown}");
    for private in ["12345678909", "Ana Teste", "img.example.com", "eyJ"] {
        assert!(!shown.contains(private), "{shown}");
    }
}
