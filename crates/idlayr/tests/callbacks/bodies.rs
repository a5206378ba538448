//! What a verified callback says.

use std::time::Duration;

use idlayr::{CallbackType, CheckErrorCode, CheckStatus, Currency, Delivery, ErrorKind, SimChangeWithin};

use crate::support::{ID, KEYS, Sent, Way, World, completed, published};

fn sent(callback_type: &str, body: &str) -> Sent {
    Sent::unsigned(body)
        .header("x-tru-callback", callback_type)
        .sign(&KEYS, Way::Rsa256)
}

#[test]
fn every_member_of_a_phone_check_is_read() {
    let world = World::new([published()]);
    let callback = world.verify(&sent("phone_check", &completed())).unwrap();
    assert_eq!(callback.callback_type, CallbackType::PhoneCheck);
    assert_eq!(callback.replay_key(), format!("phone_check/{ID}/COMPLETED"));
    let check = &callback.check;
    assert_eq!(
        (check.check_id.as_str(), &check.status),
        (ID, &CheckStatus::Completed)
    );
    assert_eq!(
        (check.verdict(), check.is_match(), check.no_sim_change()),
        (Some(true), true, None)
    );
    assert_eq!(check.reference_id.as_ref().unwrap().expose(), "order-77");
    assert_eq!(check.charge_amount.as_ref().unwrap().as_str(), "1");
    assert_eq!(check.charge_currency, Some(Currency::Api));
    assert_eq!(check.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(
        check.created_at.as_ref().unwrap().as_str(),
        "2024-05-02T09:10:11+00:00"
    );
    assert_eq!(
        check.updated_at.as_ref().unwrap().as_str(),
        "2024-05-02T09:10:29+00:00"
    );
    assert_eq!(check.raw(), completed().as_bytes());
    assert!(check.extra().is_empty());
}

#[test]
fn a_match_and_a_recent_sim_change_are_independent() {
    let world = World::new([published()]);
    for (matched, unchanged) in [(true, true), (true, false), (false, true), (false, false)] {
        let body = format!(
            r#"{{"check_id":"{ID}","status":"COMPLETED","match":{matched},"no_sim_change":{unchanged},"no_sim_change_period":10080,"sim_change_within":1440}}"#
        );
        let callback = world.verify(&sent("subscriber_check", &body)).unwrap();
        assert_eq!(callback.callback_type, CallbackType::SubscriberCheck);
        assert_eq!(callback.replay_key(), format!("subscriber_check/{ID}/COMPLETED"));
        let check = &callback.check;
        assert_eq!(
            (check.verdict(), check.no_sim_change()),
            (Some(matched), Some(unchanged))
        );
        assert_eq!(
            check.no_sim_change_period,
            Some(Duration::from_secs(7 * 24 * 3600))
        );
        assert_eq!(check.is_sim_unchanged(), unchanged);
        assert_eq!(check.sim_change_within.map(SimChangeWithin::minutes), Some(1440));
    }
}

#[test]
fn only_a_completed_check_decides() {
    let world = World::new([published()]);
    for (status, code) in [
        ("EXPIRED", None),
        ("ERROR", Some("mno_timeout")),
        ("PENDING", None),
        ("NEW", None),
    ] {
        let code = code
            .map(|code| format!(r#","error_code":"{code}""#))
            .unwrap_or_default();
        let body =
            format!(r#"{{"check_id":"{ID}","status":"{status}","match":true,"no_sim_change":true{code}}}"#);
        let callback = world.verify(&sent("phone_check", &body)).unwrap();
        let check = &callback.check;
        assert_eq!(
            (check.verdict(), check.is_match(), check.no_sim_change()),
            (None, false, None),
            "{status}"
        );
        assert_eq!(check.error_code.is_some(), status == "ERROR");
        assert!(
            check
                .error_code
                .iter()
                .all(|code| *code == CheckErrorCode::MnoTimeout)
        );
        assert_eq!(callback.replay_key(), format!("phone_check/{ID}/{status}"));
    }
    let body = format!(r#"{{"check_id":"{ID}","status":"COMPLETED"}}"#);
    let callback = world.verify(&sent("something_new", &body)).unwrap();
    assert_eq!(callback.callback_type.as_str(), "something_new");
    assert_eq!(
        (callback.check.verdict(), callback.check.no_sim_change()),
        (None, None)
    );
}

#[test]
fn what_is_signed_and_cannot_be_read_is_an_error_of_its_own() {
    let world = World::new([published()]);
    for body in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        format!(r#"["{ID}","COMPLETED",true]"#),
        r#"{"status":"COMPLETED","match":true}"#.to_owned(),
        format!(r#"{{"check_id":"{ID}","match":true}}"#),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":"true"}}"#),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,"match":false}}"#),
        format!(r#"{{"check_id":"{ID}","status":"COMPLETED","no_sim_change":1}}"#),
    ] {
        let error = world.verify(&sent("phone_check", &body)).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::NotSent),
            "{body}"
        );
        assert!(!format!("{error} {error:?}").contains(ID));
    }
    let lenient = format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,"network_id":7,"charge_amount":"x"}}"#
    );
    assert!(
        world
            .verify(&sent("phone_check", &lenient))
            .unwrap()
            .check
            .is_match()
    );
}
