//! Every documented value is a typed one, and everything else is kept (contract idlayr, 3.3 to 3.6 and 15.2).

use std::time::Duration;

use idlayr::testing::Step;
use idlayr::value::Amount;
use idlayr::{
    Answer, CheckErrorCode, CheckStatus, CreatedPhoneCheck, Currency, PhoneCheck, ProblemCode, Scope,
    Timestamp,
};

use crate::support::{BASE, ID, Scripted, created, id};

/// Reads a check as it comes from the provider, with these further members.
fn check(members: &str) -> Answer<PhoneCheck> {
    let body = format!(r#"{{"check_id":"{ID}","status":"COMPLETED"{members}}}"#);
    let scripted = Scripted::new([Step::json(200, body)]);
    scripted.run(scripted.client.phone_checks().get(&id())).unwrap()
}

#[test]
fn statuses() {
    let cases = [
        ("ACCEPTED", CheckStatus::Accepted, false),
        ("PENDING", CheckStatus::Pending, false),
        ("COMPLETED", CheckStatus::Completed, true),
        ("EXPIRED", CheckStatus::Expired, true),
        ("ERROR", CheckStatus::Error, true),
    ];
    assert_eq!(CheckStatus::KNOWN.len(), cases.len());
    for (text, status, is_final) in cases {
        let body = format!(r#"{{"check_id":"{ID}","status":"{text}"}}"#);
        let scripted = Scripted::new([Step::json(200, body)]);
        let check = scripted.run(scripted.client.phone_checks().get(&id())).unwrap();
        assert_eq!(check.status, status);
        assert_eq!(check.status.is_final(), is_final, "{text}");
        assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{text}\""));
    }
}

#[test]
fn error_codes() {
    let cases = [
        ("not_mobile_ip", CheckErrorCode::NotMobileIp),
        ("mno_not_supported", CheckErrorCode::MnoNotSupported),
        ("mno_timeout", CheckErrorCode::MnoTimeout),
        ("mno_user_not_found", CheckErrorCode::MnoUserNotFound),
        ("mno_response_error", CheckErrorCode::MnoResponseError),
        ("mno_server_error", CheckErrorCode::MnoServerError),
        ("mno_no_data_available", CheckErrorCode::MnoNoDataAvailable),
        ("ip_mismatch", CheckErrorCode::IpMismatch),
        ("ip_msisdn_mismatch", CheckErrorCode::IpMsisdnMismatch),
    ];
    assert_eq!(CheckErrorCode::KNOWN.len(), cases.len());
    for (text, code) in cases {
        let read = check(&format!(r#","error_code":"{text}""#));
        assert_eq!(read.error_code, Some(code.clone()));
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
    }
}

#[test]
fn currencies() {
    let cases = [
        ("API", Currency::Api),
        ("USD", Currency::Usd),
        ("GBP", Currency::Gbp),
        ("EUR", Currency::Eur),
    ];
    assert_eq!(Currency::KNOWN.len(), cases.len());
    for (text, currency) in cases {
        let read = check(&format!(r#","charge_currency":"{text}""#));
        assert_eq!(read.charge_currency, Some(currency.clone()));
        assert_eq!(serde_json::to_string(&currency).unwrap(), format!("\"{text}\""));
    }
}

#[test]
fn problem_codes() {
    let cases = [
        ("bad_request", ProblemCode::BadRequest),
        ("phone_format_invalid", ProblemCode::PhoneFormatInvalid),
        ("mno_not_supported", ProblemCode::MnoNotSupported),
        ("forbidden", ProblemCode::Forbidden),
        ("check_not_found", ProblemCode::CheckNotFound),
        ("trace_not_found", ProblemCode::TraceNotFound),
        ("workspace_not_found", ProblemCode::WorkspaceNotFound),
        ("ip_msisdn_mismatch", ProblemCode::IpMsisdnMismatch),
        ("trace_gone", ProblemCode::TraceGone),
        ("not_mobile_ip", ProblemCode::NotMobileIp),
        ("too_many_requests", ProblemCode::TooManyRequests),
        ("mno_redirect_unsupported", ProblemCode::MnoRedirectUnsupported),
    ];
    assert_eq!(ProblemCode::KNOWN.len(), cases.len());
    for (text, code) in cases {
        for host in ["developer.tru.id", "developer.idlayr.com"] {
            let body = format!(r#"{{"type":"https://{host}/docs/reference/api-errors#{text}"}}"#);
            let scripted = Scripted::new([Step::answer(400, body)]);
            let error = scripted
                .run(scripted.client.phone_checks().get(&id()))
                .unwrap_err();
            assert_eq!(ProblemCode::of(&error), Some(code.clone()));
        }
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{text}\""));
    }
}

#[test]
fn scopes() {
    let cases = [
        ("phone_check", Scope::PhoneCheck),
        ("subscriber_check", Scope::SubscriberCheck),
        ("sim_check", Scope::SimCheck),
        ("mo_check", Scope::MoCheck),
        ("coverage", Scope::Coverage),
        ("console", Scope::Console),
    ];
    assert_eq!(Scope::KNOWN.len(), cases.len());
    for (text, scope) in cases {
        assert_eq!(Scope::from(text), scope);
        assert_eq!(scope.as_str(), text);
    }
}

#[test]
fn words_of_a_later_version_are_kept() {
    let members = r#","error_code":"sim_tired","charge_currency":"JPY""#;
    let read = check(members);
    assert_eq!(read.error_code.as_ref().unwrap().as_str(), "sim_tired");
    assert!(read.error_code.as_ref().unwrap().is_unknown());
    assert_eq!(read.charge_currency.as_ref().unwrap().as_str(), "JPY");
    let stored = serde_json::to_string(&read).unwrap();
    assert!(stored.ends_with(&format!("{members}}}")), "{stored}");
    assert_eq!(serde_json::from_str::<Answer<PhoneCheck>>(&stored).unwrap(), read);
}

#[test]
fn dates_in_every_spelling() {
    let instant = Timestamp::parse("2020-06-01T16:43:30Z").unwrap();
    for text in [
        "2020-06-01T16:43:30+00:00",
        "2020-06-01T16:43:30+0000",
        "2020-06-01T16:43:30.000Z",
        "2020-06-01T18:43:30+02:00",
        "2020-06-01T18:43:30+0200",
    ] {
        let read = check(&format!(r#","created_at":"{text}","updated_at":"{text}""#));
        for date in [&read.created_at, &read.updated_at] {
            let date = date.as_ref().unwrap();
            assert_eq!((date, date.as_str()), (&instant, text));
        }
    }
    let read = check(r#","created_at":"2020-06-01T16:43:30.751Z""#);
    let precise = read.created_at.as_ref().unwrap();
    let earlier = instant.system_time().unwrap();
    assert_eq!(
        precise.system_time().unwrap().duration_since(earlier).unwrap(),
        Duration::from_millis(751)
    );
}

#[test]
fn the_life_of_a_check_is_what_the_answer_says() {
    for (member, ttl) in [
        (r#","ttl":60"#, Some(60)),
        (r#","ttl":120"#, Some(120)),
        ("", None),
        (r#","ttl":null"#, None),
    ] {
        assert_eq!(check(member).ttl, ttl.map(Duration::from_secs), "{member}");
    }
}

fn with_balance(balance: &str) -> Answer<CreatedPhoneCheck> {
    let body = created(BASE).replace(":41,", &format!(":{balance},"));
    Answer::from_json(body).unwrap()
}

#[test]
fn money_keeps_its_digits() {
    // None of these survives a binary fraction and back.
    for text in [
        "0.1000",
        "0.30000000000000004441",
        "9007199254740993",
        "1.10",
        "-3.2",
        "1E-4",
    ] {
        let read = check(&format!(r#","charge_amount":{text}"#));
        let amount = read.charge_amount.as_ref().unwrap();
        assert_eq!(amount.as_str(), text);
        assert_eq!(serde_json::to_string(amount).unwrap(), text);
        assert_eq!(with_balance(text).snapshot_balance.as_ref(), Some(amount));
    }
    let read = check(r#","charge_amount":0.0350"#);
    assert_eq!(
        read.charge_amount.as_ref().and_then(|amount| amount.scaled(4)),
        Some(350)
    );
    assert_eq!(with_balance("null").snapshot_balance, None::<Amount>);
}
