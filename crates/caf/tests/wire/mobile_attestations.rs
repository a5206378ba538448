//! Attestations of CAF Identity (contract caf, 3.7).

use std::time::{Duration, SystemTime};

use caf::mobile_api::{AttestationRefusal, Attestations};
use caf::{Cpf, Delivery, ErrorKind};

use crate::mobile_support::{HEADER, NOW, assert_silent, clock, cpf, jwt};

const SECRET: &str = "identity-secret-do-not-use";

fn attestations() -> Attestations {
    Attestations::new(SECRET).unwrap().clock(clock().shared())
}

fn good() -> String {
    payload(r#""isAuthorized":true"#, NOW + 60)
}

fn payload(authorized: &str, exp: u64) -> String {
    format!(
        r#"{{"attemptId":"a-1","peopleId":"12345678909","policyId":"p-1",{authorized},"isNewContext":false,"iat":{},"exp":{exp}}}"#,
        NOW - 60
    )
}

fn refused(attestation: &str) -> ErrorKind {
    let error = attestations()
        .verify(attestation.as_bytes(), &cpf(), "p-1")
        .unwrap_err();
    assert_eq!((error.delivery(), error.provider()), (Delivery::NotSent, "caf"));
    assert_silent(&error, &[SECRET, "31415926590", "p-1", "p-2"]);
    error.kind()
}

#[test]
fn the_documented_attestation() {
    let token = jwt(SECRET, HEADER, &good());
    let attestation = attestations().verify(token.as_bytes(), &cpf(), "p-1").unwrap();
    assert_eq!(
        (attestation.attempt_id.as_str(), attestation.is_new_context),
        ("a-1", Some(false))
    );
    assert!(!format!("{attestation:?}").contains("a-1"));
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    assert_eq!(
        (attestation.issued_at, attestation.expires_at),
        (Some(at(NOW - 60)), at(NOW + 60))
    );
    assert!(
        attestations()
            .max_age(Duration::from_secs(60))
            .verify(token.as_bytes(), &cpf(), "p-1")
            .is_ok()
    );
    let younger = attestations().max_age(Duration::from_secs(59));
    assert!(
        younger
            .verify(token.as_bytes(), &cpf(), "p-1")
            .unwrap_err()
            .is_signature()
    );
    assert!(Attestations::new("").unwrap_err().is_configuration());
}

#[test]
fn another_person_or_another_policy_is_refused() {
    let token = jwt(SECRET, HEADER, &good());
    let other = Cpf::parse("31415926590").unwrap();
    for (person, policy) in [
        (other, "p-1"),
        (cpf(), "p-2"),
        (cpf(), ""),
        (cpf(), "P-1"),
        (cpf(), "p-1 "),
    ] {
        let error = attestations()
            .verify(token.as_bytes(), &person, policy)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert_silent(&error, &["31415926590"]);
    }
}

/// A caller denies somebody on the first, and looks for an attack on the other two.
#[test]
fn a_no_of_caf_is_told_apart_from_an_attestation_that_is_not_for_this() {
    let token = jwt(SECRET, HEADER, &good());
    let no = jwt(SECRET, HEADER, &payload(r#""isAuthorized":false"#, NOW + 60));
    let plain = r#"{"isAuthorized":false,"attemptId":"a-1"}"#;
    let other = Cpf::parse("31415926590").unwrap();
    for (body, person, policy, refusal) in [
        (no.as_str(), cpf(), "p-1", Some(AttestationRefusal::NotAuthorized)),
        // What is about somebody else says nothing about this person, not even no.
        (no.as_str(), other, "p-1", Some(AttestationRefusal::AnotherPerson)),
        (no.as_str(), cpf(), "p-2", Some(AttestationRefusal::AnotherPolicy)),
        (plain, cpf(), "p-1", Some(AttestationRefusal::NotAuthorized)),
        (
            token.as_str(),
            other,
            "p-1",
            Some(AttestationRefusal::AnotherPerson),
        ),
        (
            token.as_str(),
            cpf(),
            "p-2",
            Some(AttestationRefusal::AnotherPolicy),
        ),
        ("a.b.c", cpf(), "p-1", None),
    ] {
        let error = attestations()
            .verify(body.as_bytes(), &person, policy)
            .unwrap_err();
        assert_eq!(AttestationRefusal::of(&error), refusal);
        assert_eq!(error.is_auth(), refusal.is_some());
        // No credential of the caller's is at fault.
        assert!(!format!("{error:#}").contains("credential"), "{error:#}");
        assert_silent(&error, &["31415926590", "p-1", "p-2"]);
    }
}

#[test]
fn only_the_word_true_authorises() {
    for authorized in [
        r#""isAuthorized":"true""#,
        r#""isAuthorized":1"#,
        r#""isAuthorized":null"#,
        r#""isAuthorized":[true]"#,
        r#""isauthorized":true"#,
        r#""isAuthorized":false,"isAuthorized":true"#,
        r#""authorized":true"#,
    ] {
        let token = jwt(SECRET, HEADER, &payload(authorized, NOW + 60));
        assert_eq!(refused(&token), ErrorKind::Decode, "{authorized}");
    }
    assert_eq!(
        refused(&jwt(
            SECRET,
            HEADER,
            &payload(r#""isAuthorized":false"#, NOW + 60)
        )),
        ErrorKind::Auth
    );
}

#[test]
fn what_is_not_signed_attests_nothing() {
    for plain in [
        good(),
        String::new(),
        String::from("{}"),
        String::from(r#"{"isAuthorized":true,"attemptId":"a-1"}"#),
    ] {
        assert_eq!(refused(&plain), ErrorKind::Signature, "{plain}");
    }
    // What comes where an attempt was not authorised: a no, whoever says it.
    assert_eq!(
        refused(r#"{"isAuthorized":false,"attemptId":"a-1"}"#),
        ErrorKind::Auth
    );
    assert_eq!(
        refused(&jwt("another secret", HEADER, &good())),
        ErrorKind::Signature
    );
    assert_eq!(
        refused(&jwt(SECRET, r#"{"alg":"none"}"#, &good())),
        ErrorKind::Signature
    );
    assert_eq!(
        refused(&jwt(SECRET, r#"{"alg":"HS256","crit":["x"]}"#, &good())),
        ErrorKind::Signature
    );
}

#[test]
fn an_attestation_has_an_end_and_it_holds() {
    assert_eq!(
        refused(&jwt(SECRET, HEADER, &payload(r#""isAuthorized":true"#, NOW))),
        ErrorKind::Signature
    );
    let endless = good().replace(&format!(r#","exp":{}"#, NOW + 60), "");
    assert_eq!(refused(&jwt(SECRET, HEADER, &endless)), ErrorKind::Signature);
    let text = good().replace(&format!(r#""exp":{}"#, NOW + 60), r#""exp":"2099""#);
    assert_eq!(refused(&jwt(SECRET, HEADER, &text)), ErrorKind::Signature);
    // A number that is no time: `Debug` would show it.
    let telephone = payload(r#""isAuthorized":true"#, 447_700_900_178);
    assert_eq!(refused(&jwt(SECRET, HEADER, &telephone)), ErrorKind::Signature);
}

#[test]
fn every_member_has_to_be_there() {
    for member in [
        r#""attemptId":"a-1","#,
        r#""peopleId":"12345678909","#,
        r#""policyId":"p-1","#,
    ] {
        let empty = good().replace(member, &member.replace("a-1", ""));
        if empty != good() {
            // Without an id it could be handed in again and again.
            assert_eq!(refused(&jwt(SECRET, HEADER, &empty)), ErrorKind::Decode);
        }
        let lacking = good().replace(member, "");
        assert_ne!(lacking, good());
        assert_eq!(
            refused(&jwt(SECRET, HEADER, &lacking)),
            ErrorKind::Decode,
            "{member}"
        );
    }
    for people in [
        "null",
        "12345678909",
        "\"\"",
        "\"1234567890\"",
        "[\"12345678909\"]",
    ] {
        let other = good().replace("\"12345678909\"", people);
        assert!(
            matches!(
                refused(&jwt(SECRET, HEADER, &other)),
                ErrorKind::Decode | ErrorKind::Auth
            ),
            "{people}"
        );
    }
}
