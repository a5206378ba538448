//! MOCheck, of which little is documented: only the identifier must be there (contract idlayr, 7 and 17).

use idlayr::testing::Step;
use idlayr::{CheckStatus, Currency, Delivery, ErrorKind};

use crate::support::{ID, Scripted, Wire, id, number};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn create_and_get() {
    let wire = Wire::start().await;
    let created = format!(r#"{{"check_id":"{ID}","mo_receiver":"447700900555","mo_body":"Verify 4F7Q"}}"#);
    wire.answer(201, "application/hal+json", created.clone());
    wire.answer(
        200,
        "application/hal+json",
        format!(r#"{{"check_id":"{ID}","verified":true}}"#),
    );
    let checks = wire.client().mo_checks();
    let check = checks.create(number()).await.unwrap();
    assert_eq!(check.check_id, id());
    assert_eq!(check.mo_receiver.as_ref().unwrap().expose(), "447700900555");
    assert_eq!(check.mo_body.as_ref().unwrap().expose(), "Verify 4F7Q");
    assert_eq!((check.verified(), check.is_verified()), (None, false));
    assert_eq!(check.raw(), created.as_bytes());
    assert!(checks.get(&check.check_id).await.unwrap().is_verified());
    let calls = wire.calls();
    calls[0].assert(
        &wire,
        "POST /mo_check/v0.1/checks",
        &[BEARER, JSON],
        r#"{"phone_number":"447700900042"}"#,
    );
    calls[1].assert(&wire, &format!("GET /mo_check/v0.1/checks/{ID}"), &[BEARER], "");
    assert_eq!(calls.len(), 2);
}

/// The members of other checks are read where they are; unknown ones are kept.
#[test]
fn every_member_but_the_identifier_may_be_missing() {
    let scripted = Scripted::new([
        Step::json(200, format!(r#"{{"check_id":"{ID}"}}"#)),
        Step::json(
            200,
            format!(
                r#"{{"check_id":"{ID}","status":"PENDING","ttl":60,"reference_id":"order-77","charge_amount":1,"charge_currency":"API","snapshot_balance":40,"created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:12Z","verified":false,"later":1}}"#
            ),
        ),
        Step::json(
            200,
            format!(r#"{{"check_id":"{ID}","mo_receiver":1,"mo_body":[],"ttl":"x","charge_amount":{{}}}}"#),
        ),
        Step::json(200, r#"{"verified":true}"#),
    ]);
    let get = || scripted.run(scripted.client.mo_checks().get(&id()));
    let bare = get().unwrap();
    assert_eq!(
        (&bare.status, bare.verified(), &bare.mo_body),
        (&None, None, &None)
    );
    let full = get().unwrap();
    assert_eq!(full.status, Some(CheckStatus::Pending));
    assert_eq!(full.ttl.unwrap().as_secs(), 60);
    assert_eq!(full.reference_id.as_ref().unwrap().expose(), "order-77");
    assert_eq!(full.charge_currency, Some(Currency::Api));
    assert_eq!(full.charge_amount.as_ref().unwrap().as_str(), "1");
    assert_eq!(full.snapshot_balance.as_ref().unwrap().as_str(), "40");
    let dates = [&full.created_at, &full.updated_at].map(|date| date.as_ref().unwrap().as_str());
    assert_eq!(dates, ["2024-05-02T09:10:11+00:00", "2024-05-02T09:10:12Z"]);
    assert_eq!(full.verified(), None, "not at its end");
    assert_eq!(full.extra().keys().collect::<Vec<_>>(), ["later"]);
    let odd = get().unwrap();
    assert_eq!((&odd.mo_receiver, &odd.mo_body, odd.ttl), (&None, &None, None));
    assert!(get().unwrap_err().is_decode(), "an answer without an identifier");
}

#[test]
fn only_the_boolean_true_of_a_check_at_its_end_is_verified() {
    for (members, expected) in [
        (r#""verified":true"#, Some(true)),
        (r#""verified":true,"status":"COMPLETED""#, Some(true)),
        (r#""verified":true,"status":"VERIFIED""#, None),
        (r#""verified":true,"status":"REJECTED""#, None),
        (r#""verified":true,"status":"PENDING""#, None),
        (r#""verified":true,"status":"ACCEPTED""#, None),
        (r#""verified":true,"status":null"#, Some(true)),
        (r#""verified":true,"status":"ERROR""#, None),
        (r#""verified":true,"status":"EXPIRED""#, None),
        (r#""verified":false,"status":"COMPLETED""#, Some(false)),
        (r#""verified":null"#, None),
        (r#""status":"COMPLETED""#, None),
    ] {
        let scripted = Scripted::new([Step::json(200, format!(r#"{{"check_id":"{ID}",{members}}}"#))]);
        let check = scripted.run(scripted.client.mo_checks().get(&id())).unwrap();
        assert_eq!(check.verified(), expected, "{members}");
        assert_eq!(check.is_verified(), expected == Some(true), "{members}");
    }
    for members in [
        r#""verified":"true""#,
        r#""verified":1"#,
        r#""verified":[true]"#,
        r#""verified":false,"verified":true"#,
        r#""verified":true,"status":1"#,
    ] {
        let scripted = Scripted::new([Step::json(200, format!(r#"{{"check_id":"{ID}",{members}}}"#))]);
        let error = scripted.run(scripted.client.mo_checks().get(&id())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{members}");
    }
    let other = r#"{"check_id":"1b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f81","verified":true}"#;
    let scripted = Scripted::new([Step::json(200, other)]);
    assert!(
        scripted
            .run(scripted.client.mo_checks().get(&id()))
            .unwrap_err()
            .is_decode()
    );
}

#[test]
fn a_create_is_sent_once() {
    let scripted = Scripted::new([Step::CutBody]);
    let error = scripted
        .run(scripted.client.mo_checks().create(number()))
        .unwrap_err();
    assert_eq!(
        (error.delivery(), error.operation()),
        (Delivery::Unknown, "mo_check.create")
    );
    assert_eq!(scripted.calls().len(), 1);
}
