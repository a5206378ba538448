//! Billing account, payment methods and top-ups.

use idlayr::console::{BillingMode, ProjectMode};
use idlayr::{Currency, ErrorKind, Sort};
use verikit_sandbox::Sandbox;

use super::{available, client, console, workspace};
use crate::support::{MATCHES, builder, number, sandbox};

async fn penniless() -> Sandbox {
    builder().idlayr_balance(0).start().await.unwrap()
}

#[tokio::test]
async fn the_billing_account_is_read_and_written() {
    let sandbox = sandbox().await;
    let console = console(&sandbox);
    let billing = console.billing(&workspace(&console).await);
    let before = billing.account().await.unwrap();
    assert_eq!(before.billing_mode, Some(BillingMode::Prepaid));
    let put = billing
        .put_account()
        .company_name("Example Ltd")
        .contact_name("Anna Jansen")
        .contact_email("anna@example.org")
        .address1("1 High Street")
        .address2("Flat 2")
        .city("London")
        .zip("N1 1AA")
        .country("FR")
        .extra("terms", true);
    let written = put.await.unwrap();
    assert_eq!(written.billing_id, before.billing_id);
    assert_eq!(written.company_name.as_ref().unwrap().expose(), "Example Ltd");
    assert_eq!(written.country.as_ref().unwrap().expose(), "FR");
    assert_eq!(written.terms.as_ref().unwrap().expose(), &true);
    assert_eq!(billing.account().await.unwrap(), written);
}

#[tokio::test]
async fn a_top_up_pays_for_checks() {
    let sandbox = penniless().await;
    let console = console(&sandbox);
    let id = workspace(&console).await;
    let shop = console
        .projects(&id)
        .create("shop")
        .mode(ProjectMode::Live)
        .await
        .unwrap();
    let client = client(&sandbox, &shop);
    let error = client.phone_checks().create(number(MATCHES)).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 402);

    let billing = console.billing(&id);
    let methods = billing.payment_methods().await.unwrap();
    let card = billing.payment_method(&methods.items[0].id).await.unwrap();
    assert_eq!(methods.items, std::slice::from_ref(&card));
    assert_eq!(card.last_four_digits.as_ref().unwrap().expose(), "4242");
    assert_eq!(card.expiry_year.unwrap().expose(), &2027);
    let small = billing
        .create_top_up(&card.id, &Currency::Gbp, "0.0001")
        .await
        .unwrap();
    let large = billing
        .create_top_up(&card.id, &Currency::Eur, "12.50")
        .await
        .unwrap();
    assert_eq!(large.amount.as_ref().unwrap().scaled(4), Some(125_000));
    assert_eq!(large.currency, Some(Currency::Eur));
    assert_eq!(large.billing_id, billing.account().await.unwrap().billing_id);
    assert_eq!(available(&console, &id).await, "12.5001");
    let check = client.phone_checks().create(number(MATCHES)).await.unwrap();
    assert_eq!(check.snapshot_balance.as_ref().unwrap().as_str(), "11.5001");

    let all = billing.top_ups().sort(Sort::descending("amount")).await.unwrap();
    assert_eq!(all.items, [large.clone(), small]);
    assert!(all.next().is_none());
    let found = billing
        .top_ups()
        .search("currency==EUR;amount>=12.5")
        .await
        .unwrap();
    assert_eq!(found.items, [large]);

    billing.delete_payment_method(&card.id).await.unwrap();
    let error = billing
        .create_top_up(&card.id, &Currency::Eur, "1")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Provider, 400)
    );
    let error = billing.payment_method(&card.id).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 404);
    assert!(billing.payment_methods().await.unwrap().items.is_empty());
    assert_eq!(available(&console, &id).await, "11.5001");
}
