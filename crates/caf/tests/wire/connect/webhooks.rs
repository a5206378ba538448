//! Signed webhooks (contract caf, 6.4 and 9.4).

use caf::connect_api::{
    CommunicationChannel, ConnectEvent, ConnectEventSource, ConnectEventType, ConnectWebhookKeys,
};
use caf::transactions::TransactionStatus;
use caf::{Answer, Delivery, ErrorKind, Result, Secret, Timestamp};
use http::{HeaderMap, HeaderValue};

const SECRET: &str = "example-webhook-secret";
const SIGNATURE: &str = "39326ba465e2d1f4efceb0b90d96e8ec3c686485058860f02cafd96eeb29a415";
const SPACED: &str = "f9dedda0d422002158be7339c6f980aff7cb88b67393b1b5a8c11ea9b5f4131d";
/// Contract caf, 9.4.
const GOLDEN: &str = r#"{"specversion":"1.0","type":"TRANSACTIONSTATUSUPDATED","source":"TRANSACTION","id":"01K0EXAMPLE0000000000000000","time":"2026-01-02T03:04:05.678Z","datacontenttype":"application/json","data":{"transactionId":"64b0c0ffee00000000000001","status":"APPROVED"}}"#;

fn keys<const N: usize>(secrets: [&str; N]) -> ConnectWebhookKeys {
    ConnectWebhookKeys::new(secrets).unwrap()
}

fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let value = HeaderValue::from_bytes(signature.as_bytes()).unwrap();
    headers.insert("X-Caf-Signature", value);
    headers
}

fn signed(body: &str) -> Result<Answer<ConnectEvent>> {
    let keys = keys([SECRET]);
    keys.verify_value(&keys.sign_for_test(body.as_bytes()), body.to_owned())
}

#[track_caller]
fn assert_refused(outcome: Result<Answer<ConnectEvent>>) {
    let error = outcome.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Signature, Delivery::NotSent)
    );
    assert_eq!(error.provider(), "caf");
}

#[test]
fn the_golden_event() {
    assert_eq!(GOLDEN.len(), 256);
    let keys = keys([SECRET]);
    let event = keys.verify(&headers(SIGNATURE), GOLDEN).unwrap();
    assert_eq!(event.id.as_str(), "01K0EXAMPLE0000000000000000");
    assert_eq!(event.event_type, ConnectEventType::TransactionStatusUpdated);
    assert_eq!(event.source, Some(ConnectEventSource::Transaction));
    let time = Timestamp::parse("2026-01-02T03:04:05.678Z").unwrap();
    assert_eq!(event.time, Some(time));
    let data = event.data.as_ref().unwrap();
    assert_eq!(
        data.transaction_id.as_ref().unwrap().as_str(),
        "64b0c0ffee00000000000001"
    );
    assert_eq!(data.status, Some(TransactionStatus::Approved));
    assert_eq!(data.get("status").unwrap(), "APPROVED");
    assert_eq!(event.extra()["specversion"], "1.0");
    assert_eq!(&event.raw()[..], GOLDEN.as_bytes());
    assert_eq!(keys.sign_for_test(GOLDEN.as_bytes()), SIGNATURE);
    assert!(keys.sign_for_test(b"").is_sensitive());
}

#[test]
fn the_same_json_in_other_bytes_has_another_signature() {
    let spaced = GOLDEN.replacen(':', ": ", 1);
    assert_eq!(spaced.len(), 257);
    let keys = keys([SECRET]);
    keys.verify(&headers(SPACED), spaced.clone()).unwrap();
    assert_refused(keys.verify(&headers(SIGNATURE), spaced));
    assert_refused(keys.verify(&headers(SPACED), GOLDEN));
}

#[test]
fn hexadecimal_digits_have_no_case() {
    let keys = keys([SECRET]);
    let mixed: String = SIGNATURE
        .char_indices()
        .map(|(at, digit)| {
            if at % 2 == 0 {
                digit.to_ascii_uppercase()
            } else {
                digit
            }
        })
        .collect();
    for signature in [
        SIGNATURE.to_uppercase(),
        mixed,
        format!(" {SIGNATURE} "),
        SIGNATURE.to_owned(),
    ] {
        keys.verify(&headers(&signature), GOLDEN).unwrap();
        let value = HeaderValue::from_str(&signature).unwrap();
        keys.verify_value(&value, GOLDEN).unwrap();
    }
}

#[test]
fn any_of_several_secrets_may_have_signed() {
    for keys in [
        keys(["the-next-secret", SECRET]),
        keys([SECRET, "the-last-secret"]),
    ] {
        keys.verify(&headers(SIGNATURE), GOLDEN).unwrap();
    }
    assert_refused(keys(["the-next-secret"]).verify(&headers(SIGNATURE), GOLDEN));
    for secrets in [
        vec![],
        vec![Secret::new("")],
        vec![Secret::new(SECRET), Secret::new("")],
    ] {
        let error = ConnectWebhookKeys::new(secrets).unwrap_err();
        assert!(error.is_configuration());
        assert_eq!(error.provider(), "caf");
    }
    assert!(!format!("{:?}", keys([SECRET])).contains(SECRET));
}

#[test]
fn signatures_that_are_none_are_refused() {
    let keys = keys([SECRET]);
    let (all_but_one, last) = SIGNATURE.split_at(63);
    for signature in [
        String::new(),
        String::from("0"),
        all_but_one.to_owned(),
        format!("{all_but_one}{}", if last == "0" { "1" } else { "0" }),
        format!("{SIGNATURE}0"),
        format!("{SIGNATURE}{SIGNATURE}"),
        format!("sha256={SIGNATURE}"),
        format!("{SIGNATURE},{SIGNATURE}"),
        format!("0x{SIGNATURE}"),
        SIGNATURE.replace('f', "g"),
        SIGNATURE.replacen("39", "+9", 1),
        String::from("OTJrpGXi0fTvzrC5DZbo7DxoZIUFiGDwLK/ZbusppBU="),
        String::from("\u{e9}"),
    ] {
        assert_refused(keys.verify(&headers(&signature), GOLDEN));
    }
    assert_refused(keys.verify(&HeaderMap::new(), GOLDEN));
    // Two could be read differently by a proxy and by us.
    let mut twice = headers(SIGNATURE);
    twice.append("x-caf-signature", HeaderValue::from_static(SIGNATURE));
    assert_refused(keys.verify(&twice, GOLDEN));
    // A header of the same meaning elsewhere, which the contract warns of.
    let mut other = HeaderMap::new();
    other.insert("x-webhook-signature", HeaderValue::from_static(SIGNATURE));
    assert_refused(keys.verify(&other, GOLDEN));
}

#[test]
fn whatever_is_changed_on_the_way_is_refused() {
    let keys = keys([SECRET]);
    for at in 0..GOLDEN.len() {
        let mut body = GOLDEN.as_bytes().to_vec();
        body[at] ^= 1;
        assert_refused(keys.verify(&headers(SIGNATURE), body.clone()));
        body[at] ^= 1;
        body.remove(at);
        assert_refused(keys.verify(&headers(SIGNATURE), body));
    }
    for body in [format!("{GOLDEN}\n"), format!("\u{feff}{GOLDEN}"), String::new()] {
        assert_refused(keys.verify(&headers(SIGNATURE), body));
    }
}

#[test]
fn every_documented_type_is_known_and_others_are_kept() {
    for word in [
        "COMMUNICATIONCREATEDEVENT",
        "COMMUNICATIONDELIVEREDEVENT",
        "COMMUNICATIONREJECTEDEVENT",
        "COMMUNICATIONNOTDELIVEREDEVENT",
        "COMMUNICATIONSENTTODESTINATIONEVENT",
        "TRANSACTIONPROCESSSTARTEDEVENT",
        "TRANSACTIONSTATUSUPDATED",
        "TRANSACTIONDOCUMENTSCOPYREQUESTEDEVENT",
        "FACEAUTHENTICATIONEVENT",
        "PROFILEUPDATEDEVENT",
    ] {
        let event = signed(&format!(r#"{{"id":"e","type":"{word}"}}"#)).unwrap();
        assert!(!event.event_type.is_unknown(), "{word}");
        assert_eq!(event.event_type.as_str(), word);
    }
    assert_eq!(ConnectEventType::KNOWN.len(), 10);
    for word in ["TRANSACTIONSTATUSUPDATEDEVENT", "transactionstatusupdated", "NEW"] {
        let body =
            format!(r#"{{"id":"e","type":"{word}","source":"NEW","time":"soon","data":{{"a":{{"b":7}}}}}}"#);
        let event = signed(&body).unwrap();
        assert!(event.event_type.is_unknown());
        assert_eq!(event.event_type.as_str(), word);
        assert_eq!(event.source.as_ref().unwrap().as_str(), "NEW");
        assert_eq!(event.time, None);
        let data = event.data.as_ref().unwrap();
        assert_eq!(data.get("a").unwrap()["b"], 7);
        assert_eq!(data.get("b"), None);
    }
}

#[test]
fn the_members_of_a_communication_event() {
    let body = r#"{"specversion":"1.0","type":"COMMUNICATIONDELIVEREDEVENT","source":"COMMUNICATION","id":"01K0EXAMPLE0000000000000001","time":"2026-01-02T03:04:05Z","datacontenttype":"application/json","data":{"tenantId":"t-1","channel":"sms","externalId":"x-1","notificationId":"n-1","system":"onboarding","occurredOn":"2026-01-02T03:04:04.000Z","added":true}}"#;
    let event = signed(body).unwrap();
    assert_eq!(event.source.as_ref().unwrap().as_str(), "COMMUNICATION");
    let data = event.data.as_ref().unwrap();
    let text = |text: &Option<caf::Personal<String>>| text.as_ref().unwrap().expose().clone();
    assert_eq!(text(&data.tenant_id), "t-1");
    assert_eq!(data.channel, Some(CommunicationChannel::Sms));
    assert_eq!(text(&data.external_id), "x-1");
    assert_eq!(text(&data.notification_id), "n-1");
    assert_eq!(text(&data.system), "onboarding");
    assert_eq!(
        data.occurred_on,
        Some(Timestamp::parse("2026-01-02T03:04:04Z").unwrap())
    );
    assert_eq!(data.get("added").unwrap(), true);
    assert_eq!((&data.transaction_id, data.is_match), (&None, None));
}

#[test]
fn the_inferred_members_of_other_events() {
    let body = r#"{"id":"e","type":"FACEAUTHENTICATIONEVENT","data":{"onboardingId":"o-1","isMatch":true,"profileId":"p-1","cpf":"12345678909","cnpj":"12ABC34501DE35","status":"NEW"}}"#;
    let event = signed(body).unwrap();
    let data = event.data.as_ref().unwrap();
    assert_eq!(data.onboarding_id.as_ref().unwrap().as_str(), "o-1");
    assert_eq!(data.is_match, Some(true));
    assert_eq!(data.profile_id.as_ref().unwrap().expose(), "p-1");
    assert_eq!(data.cpf.unwrap().digits(), "12345678909");
    assert_eq!(data.cnpj.as_ref().unwrap().expose(), "12ABC34501DE35");
    assert!(data.status.as_ref().unwrap().is_unknown());
    assert!(!data.status.as_ref().unwrap().is_approved());
    for private in ["12345678909", "12ABC34501DE35", "p-1"] {
        assert!(!format!("{event:?}").contains(private));
    }
}

#[test]
fn nothing_but_the_exact_value_of_the_right_type_reads_as_positive() {
    for value in [
        "null", "false", "\"true\"", "1", "1.0", "\"1\"", "[true]", "{}", "\"yes\"", "\"\"",
    ] {
        let event = signed(&format!(
            r#"{{"id":"e","type":"FACEAUTHENTICATIONEVENT","data":{{"isMatch":{value}}}}}"#
        ))
        .unwrap();
        let data = event.data.as_ref().unwrap();
        assert_ne!(data.is_match, Some(true), "{value}");
    }
    for value in [
        "null",
        "true",
        "1",
        "\"approved\"",
        "\"APPROVED \"",
        "\" APPROVED\"",
        "\"Approved\"",
        "[\"APPROVED\"]",
        "{\"APPROVED\":true}",
        "\"\"",
    ] {
        let event = signed(&format!(
            r#"{{"id":"e","type":"TRANSACTIONSTATUSUPDATED","data":{{"status":{value}}}}}"#
        ))
        .unwrap();
        let status = event.data.as_ref().unwrap().status.clone();
        assert_ne!(status, Some(TransactionStatus::Approved), "{value}");
    }
    // Twice, in a place, or in no object: nobody knows which would count.
    for data in [
        r#"{"status":"REPROVED","status":"APPROVED"}"#,
        r#"{"outcome":"REPROVED","outcome":"APPROVED"}"#,
        r#"{"outcome":"REPROVED","\u006futcome":"APPROVED"}"#,
        r#"["64b0c0ffee00000000000001","APPROVED"]"#,
        r#""APPROVED""#,
        "null",
        "7",
    ] {
        let body = format!(r#"{{"id":"e","type":"TRANSACTIONSTATUSUPDATED","data":{data}}}"#);
        let event = signed(&body).unwrap();
        assert_eq!(event.data, None, "{data}");
        assert_eq!(&event.raw()[..], body.as_bytes());
    }
}

#[test]
fn a_signed_body_that_is_no_event_is_an_error_that_quotes_nothing() {
    for body in [
        "",
        "null",
        "[]",
        r#"["n33dl3","TRANSACTIONSTATUSUPDATED"]"#,
        r#"{"id":"n33dl3"}"#,
        r#"{"type":"n33dl3"}"#,
        r#"{"id":"n33dl3","type":""}"#,
        r#"{"id":"","type":"n33dl3"}"#,
        r#"{"id":7,"type":"n33dl3"}"#,
        r#"{"id":"n33dl3","type":7}"#,
        r#"{"id":"n33dl3","id":"e-2","type":"x"}"#,
        r#"{"id":"e","type":"n33dl3","data":{"a":}}"#,
    ] {
        let error = signed(body).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::NotSent),
            "{body}"
        );
        assert_eq!(error.provider(), "caf");
        assert!(!format!("{error} {error:?}").contains("n33dl3"), "{error:?}");
    }
}
