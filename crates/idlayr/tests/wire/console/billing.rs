//! Billing account, payment methods and top-ups.

use idlayr::console::{BillingAccount, BillingMode, PaymentMethodId};
use idlayr::{Answer, Currency};

use super::{BEARER, HAL, JSON, Played, ROOT, console, workspace_id};
use crate::support::Wire;

const METHOD: &str = "5e6f7081-0000-4000-8000-0000000000aa";
const BILLING: &str = "b111a9c0-0000-4000-8000-0000000000bb";
const TOP_UP: &str = "70b0b000-0000-4000-8000-0000000000cc";

fn method_id() -> PaymentMethodId {
    PaymentMethodId::new(METHOD).unwrap()
}

fn account() -> String {
    format!(
        r#"{{"billing_id":"{BILLING}","billing_mode":"PREPAID","company_name":"Example Ltd","contact_name":"Anna Jansen","contact_email":"anna@example.org","address1":"1 High Street","address2":"Flat 2","city":"London","zip":"N1 1AA","country":"GB","terms":true}}"#
    )
}

fn top_up() -> String {
    format!(
        r#"{{"top_up_id":"{TOP_UP}","type":"CARD","billing_id":"{BILLING}","currency":"EUR","amount":12.50,"created_at":"2023-05-01T09:10:11+00:00","_links":{{"self":{{"href":"/x"}}}}}}"#
    )
}

#[tokio::test]
async fn account_is_read() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, account());
    let account = console(&wire).billing(&workspace_id()).account().await.unwrap();
    wire.call()
        .assert(&wire, &format!("GET {ROOT}/billing_account"), &[BEARER], "");
    assert_every_member(&account);
    for (word, mode) in [
        ("FREE", BillingMode::Free),
        ("PREPAID", BillingMode::Prepaid),
        ("POSTPAID", BillingMode::Postpaid),
    ] {
        assert_eq!(BillingMode::from(word), mode);
    }
    assert_eq!(BillingMode::KNOWN.len(), 3);
}

/// Every member of [`account`].
#[track_caller]
fn assert_every_member(account: &Answer<BillingAccount>) {
    assert_eq!(account.billing_id.as_ref().unwrap().as_str(), BILLING);
    assert_eq!(account.billing_mode, Some(BillingMode::Prepaid));
    let texts = [
        (&account.company_name, "Example Ltd"),
        (&account.contact_name, "Anna Jansen"),
        (&account.contact_email, "anna@example.org"),
        (&account.address1, "1 High Street"),
        (&account.address2, "Flat 2"),
        (&account.city, "London"),
        (&account.zip, "N1 1AA"),
        (&account.country, "GB"),
    ];
    for (text, expected) in texts {
        assert_eq!(text.as_ref().unwrap().expose(), expected);
    }
    assert_eq!(account.terms.as_ref().unwrap().expose(), &true);
    assert!(account.extra().is_empty(), "{:?}", account.extra());
}

#[tokio::test]
async fn account_is_written() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, account());
    wire.answer(200, HAL, account());
    let billing = console(&wire).billing(&workspace_id());
    let written = billing.put_account().city("London").await.unwrap();
    assert_every_member(&written);
    billing
        .put_account()
        .company_name("Example Ltd")
        .contact_name("Anna Jansen")
        .contact_email("anna@example.org")
        .address1("1 High Street")
        .address2("Flat 2")
        .city("London")
        .zip("N1 1AA")
        .country("GB")
        .extra("terms", true)
        .await
        .unwrap();
    let bodies = [
        r#"{"city":"London"}"#,
        r#"{"company_name":"Example Ltd","contact_name":"Anna Jansen","contact_email":"anna@example.org","address1":"1 High Street","address2":"Flat 2","city":"London","zip":"N1 1AA","country":"GB","terms":true}"#,
    ];
    for (call, body) in wire.calls().iter().zip(bodies) {
        call.assert(
            &wire,
            &format!("PUT {ROOT}/billing_account"),
            &[BEARER, JSON],
            body,
        );
    }
    assert_eq!(wire.calls().len(), 2);
}

#[tokio::test]
async fn payment_methods() {
    let wire = Wire::start().await;
    let method =
        format!(r#"{{"id":"{METHOD}","last_four_digits":"4242","expiry_month":7,"expiry_year":"2030"}}"#);
    wire.answer(
        200,
        HAL,
        format!(r#"{{"_embedded":{{"payment_methods":[{method}]}},"_links":{{"self":{{"href":"/x"}}}}}}"#),
    );
    wire.answer(200, HAL, method);
    wire.answer(200, HAL, "");
    let billing = console(&wire).billing(&workspace_id());
    let page = billing.payment_methods().await.unwrap();
    let one = billing.payment_method(&method_id()).await.unwrap();
    billing.delete_payment_method(&method_id()).await.unwrap();
    assert_eq!(one.id, method_id());
    assert_eq!(one.last_four_digits.as_ref().unwrap().expose(), "4242");
    assert_eq!(one.expiry_month.unwrap().expose(), &7);
    assert_eq!(one.expiry_year.unwrap().expose(), &2030);
    assert!(page.next().is_none() && page.page.is_none());
    assert_eq!(page.items, [one]);
    let calls = wire.calls();
    calls[0].assert(&wire, &format!("GET {ROOT}/payment_methods"), &[BEARER], "");
    calls[1].assert(
        &wire,
        &format!("GET {ROOT}/payment_methods/{METHOD}"),
        &[BEARER],
        "",
    );
    calls[2].assert(
        &wire,
        &format!("DELETE {ROOT}/payment_methods/{METHOD}"),
        &[BEARER],
        "",
    );
}

#[tokio::test]
async fn top_ups() {
    let wire = Wire::start().await;
    wire.answer(
        200,
        HAL,
        format!(
            r#"{{"_embedded":{{"top_ups":[{}]}},"_links":{{"self":{{"href":"/x"}}}}}}"#,
            top_up()
        ),
    );
    wire.answer(201, HAL, top_up());
    let billing = console(&wire).billing(&workspace_id());
    let page = billing.top_ups().await.unwrap();
    let made = billing
        .create_top_up(&method_id(), &Currency::Eur, "12.50")
        .await
        .unwrap();
    assert_eq!(page.items[0], made);
    assert_eq!(made.top_up_id.as_str(), TOP_UP);
    assert_eq!(made.kind.as_ref().unwrap().expose(), "CARD");
    assert_eq!(made.billing_id.as_ref().unwrap().as_str(), BILLING);
    assert_eq!(made.currency, Some(Currency::Eur));
    assert_eq!(made.amount.as_ref().unwrap().as_str(), "12.50");
    assert_eq!(made.created_at.as_ref().unwrap().unix_seconds(), 1_682_932_211);
    let calls = wire.calls();
    calls[0].assert(&wire, &format!("GET {ROOT}/topups"), &[BEARER], "");
    let body = format!(r#"{{"payment_method_id":"{METHOD}","currency":"EUR","amount":12.50}}"#);
    calls[1].assert(&wire, &format!("POST {ROOT}/topups"), &[BEARER, JSON], &body);
}

#[test]
fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let played = Played::new([]);
    let billing = played.console.billing(&workspace_id());
    for amount in [
        "",
        "0",
        "0.0000",
        "-1",
        "+1",
        "1.",
        ".5",
        "1.00001",
        "01",
        "1e3",
        "1,50",
        " 1",
        "NaN",
        "1.5.5",
        "1234567890123",
        "\u{0661}",
    ] {
        let call = billing.create_top_up(&method_id(), &Currency::Eur, amount);
        let error = played.run(call).unwrap_err();
        assert!(
            error.is_invalid_input() && error.provider() == "idlayr",
            "{amount:?}"
        );
    }
    for currency in ["", "EU", "eur", "EURO", "E R", "\u{20ac}"] {
        let call = billing.create_top_up(&method_id(), &Currency::from(currency), "5");
        let error = played.run(call).unwrap_err();
        assert!(
            error.is_invalid_input() && error.provider() == "idlayr",
            "{currency:?}"
        );
    }
    for country in ["", "G", "GBR", "4\u{e9}", "12"] {
        let error = played.run(billing.put_account().country(country)).unwrap_err();
        assert!(
            error.is_invalid_input() && error.provider() == "idlayr",
            "{country:?}"
        );
    }
    // It is written whole: nothing said could be all of it gone.
    let error = played.run(billing.put_account()).unwrap_err();
    assert!(
        error.is_invalid_input() && error.provider() == "idlayr",
        "{error}"
    );
    for (name, value) in [("", "x"), ("City", "x")] {
        let error = played.run(billing.put_account().extra(name, value)).unwrap_err();
        assert!(error.is_invalid_input() && error.provider() == "idlayr");
    }
    assert_eq!(played.transport.seen().len(), 0);
    for (currency, amount) in [("EUR", "25"), ("API", "0.0001"), ("JPY", "999999999999.9999")] {
        billing
            .create_top_up(&method_id(), &Currency::from(currency), amount)
            .prepare()
            .unwrap();
    }
}
