//! Usage and analytics after checks of every product.

use std::time::Duration;

use idlayr::console::{
    Analytics, AnalyticsGroup, Console, Interval, ProjectId, ProjectMode, Usage, UsageGroup, UsageReports,
};
use idlayr::{Answer, CheckStatus, Client, Currency, DeviceReturn, Outcome, ProductId, Scope, Sort};
use verikit_sandbox::Sandbox;

use super::{client, console, workspace};
use crate::support::{FAILS, MATCHES, MATCHES_NOT, number, sandbox, settings, verify};

/// Two matches, a mismatch and a failure of PhoneCheck, one match on a new SIM, one old SIM: all at
/// 2024-05-02T09:10:11Z.
async fn used(sandbox: &Sandbox, client: &Client) {
    for text in [MATCHES, MATCHES, MATCHES_NOT] {
        verify(sandbox, client, text).await.unwrap();
    }
    let failing = client.phone_checks().create(number(FAILS)).await.unwrap();
    sandbox.device().follow(failing.check_url.expose()).await.unwrap();
    let checks = client.subscriber_checks();
    let check = checks.create(number("+44 7700 900090")).await.unwrap();
    let device = sandbox.device().follow(check.check_url.expose()).await.unwrap();
    let Outcome::Code(code) = DeviceReturn::from_json(device.body()).unwrap().outcome else {
        panic!("no code")
    };
    checks.complete(&check.check_id, &code).await.unwrap();
    client.sim_checks().create(number(MATCHES)).await.unwrap();
}

/// A sandbox in which a project in live mode was used.
async fn story() -> (Sandbox, Console, UsageReports, ProjectId) {
    let sandbox = sandbox().await;
    let console = console(&sandbox);
    let id = workspace(&console).await;
    let shop = console
        .projects(&id)
        .create("shop")
        .mode(ProjectMode::Live)
        .await
        .unwrap();
    used(&sandbox, &client(&sandbox, &shop)).await;
    let reports = console.usage(&id);
    (sandbox, console, reports, shop.project_id.clone())
}

fn counts(rows: &[Answer<Usage>]) -> Vec<(&str, u64, &str)> {
    rows.iter()
        .map(|row| {
            (
                row.date.as_str(),
                row.counter.unwrap().get(),
                row.amount.as_ref().unwrap().as_str(),
            )
        })
        .collect()
}

#[tokio::test]
async fn usage_is_what_was_charged() {
    let (sandbox, console, reports, project) = story().await;
    // In sandbox mode nothing is charged.
    let id = workspace(&console).await;
    let tests = console
        .projects(&id)
        .create("tests")
        .mode(ProjectMode::Sandbox)
        .await
        .unwrap();
    client(&sandbox, &tests)
        .sim_checks()
        .create(number(MATCHES))
        .await
        .unwrap();

    for (interval, search, date) in [
        (Interval::Hourly, "date>=2024-05-02T09", "2024-05-02T09"),
        (Interval::Daily, "date>=2024-05-01;date<2024-05-03", "2024-05-02"),
        (Interval::Monthly, "date==2024-05", "2024-05"),
    ] {
        let page = reports.usage(interval, search).await.unwrap();
        assert_eq!(counts(&page.items), [(date, 6, "5")]);
        assert_eq!(page.items[0].currency, Some(Currency::Api));
        assert_eq!(
            (&page.items[0].product_id, &page.items[0].project_id),
            (&None, &None)
        );
    }
    let none = reports.usage(Interval::Daily, "date>2024-05-02").await.unwrap();
    assert!(none.items.is_empty());

    let products = reports
        .usage(Interval::Monthly, "date==2024-05")
        .group_by(UsageGroup::ProductId)
        .group_by(UsageGroup::ProjectId)
        .await
        .unwrap();
    let rows = products
        .items
        .iter()
        .filter(|row| row.project_id.as_ref() == Some(&project));
    let rows: Vec<_> = rows
        .map(|row| (row.product_id.clone().unwrap(), row.counter.unwrap().get()))
        .collect();
    let expected = [
        (ProductId::PhoneCheck, 3),
        (ProductId::SimCheck, 1),
        (ProductId::SubscriberCheck, 1),
    ];
    assert_eq!(rows.len(), 3);
    assert!(expected.iter().all(|row| rows.contains(row)), "{rows:?}");
    assert_eq!(products.items.len(), 4);
    let projects = reports
        .usage(Interval::Monthly, "date==2024-05")
        .group_by(UsageGroup::ProjectId);
    assert_eq!(projects.await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn analytics_tell_how_checks_ended() {
    let (sandbox, _, reports, project) = story().await;
    let daily = |product| reports.analytics(product, Interval::Daily);
    let of = |row: &Answer<Analytics>| {
        let counter = row.counter.unwrap().get();
        (
            row.status.clone().unwrap(),
            row.matched,
            row.no_sim_change,
            counter,
        )
    };
    let phone = daily(&ProductId::PhoneCheck)
        .search("status==COMPLETED")
        .await
        .unwrap();
    let mut rows: Vec<_> = phone.items.iter().map(of).collect();
    rows.sort_by_key(|row| row.3);
    assert_eq!(
        rows,
        [
            (CheckStatus::Completed, Some(false), None, 1),
            (CheckStatus::Completed, Some(true), None, 2),
        ]
    );
    assert_eq!(phone.items[0].product_id, Some(ProductId::PhoneCheck));
    let failed = daily(&ProductId::PhoneCheck)
        .search("status==ERROR")
        .await
        .unwrap();
    assert_eq!(of(&failed.items[0]), (CheckStatus::Error, None, None, 1));
    let subscriber = daily(&ProductId::SubscriberCheck).await.unwrap();
    let expected = (CheckStatus::Completed, Some(true), Some(false), 1);
    assert_eq!(of(&subscriber.items[0]), expected);
    let sim = daily(&ProductId::SimCheck)
        .group_by(AnalyticsGroup::ProjectId)
        .group_by(AnalyticsGroup::NetworkId)
        .search("no_sim_change==true");
    let sim = sim.await.unwrap();
    assert_eq!(of(&sim.items[0]), (CheckStatus::Completed, None, Some(true), 1));
    assert_eq!(sim.items[0].project_id.as_ref(), Some(&project));
    assert_eq!(sim.items[0].network_id.as_ref().unwrap().as_str(), "23410");

    // A day later, in pages of one row, the newest first.
    sandbox.clock().advance(Duration::from_secs(24 * 3600));
    let client = settings(&sandbox).scopes([Scope::SimCheck]).build().unwrap();
    client.sim_checks().create(number(MATCHES_NOT)).await.unwrap();
    for (interval, sort, expected) in [
        (
            Interval::Daily,
            Sort::descending("date"),
            ["2024-05-03", "2024-05-02"],
        ),
        (
            Interval::Hourly,
            Sort::ascending("date"),
            ["2024-05-02T09", "2024-05-03T09"],
        ),
    ] {
        let list = reports.analytics(&ProductId::SimCheck, interval);
        let mut items = list.sort(sort).size(1).items();
        let mut dates = Vec::new();
        while let Some(row) = items.next().await {
            dates.push(row.unwrap().date.as_str().to_owned());
        }
        assert_eq!(dates, expected);
    }
    let months = reports
        .analytics(&ProductId::SimCheck, Interval::Monthly)
        .await
        .unwrap();
    assert!(months.items.iter().all(|row| row.date.as_str() == "2024-05"));
}
