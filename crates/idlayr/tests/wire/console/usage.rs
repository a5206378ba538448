//! Usage and analytics.

use idlayr::console::{AnalyticsGroup, Interval, UsageGroup};
use idlayr::{CheckStatus, Currency, ProductId, Sort};

use super::{BEARER, HAL, PROJECT, Played, ROOT, WORKSPACE, console, workspace_id};
use crate::support::Wire;

/// How dates are written in each.
const INTERVALS: [(Interval, &str, &str); 3] = [
    (Interval::Hourly, "hourly", "2024-01-10T05"),
    (Interval::Daily, "daily", "2024-01-10"),
    (Interval::Monthly, "monthly", "2024-01"),
];

#[tokio::test]
async fn usage_in_every_interval() {
    let wire = Wire::start().await;
    let reports = console(&wire).usage(&workspace_id());
    for (interval, word, date) in INTERVALS {
        let row = format!(r#"{{"date":"{date}","amount":1.2500,"currency":"EUR","counter":12}}"#);
        let body = format!(r#"{{"_embedded":{{"usage":[{row}]}},"_links":{{}}}}"#);
        wire.answer(200, HAL, body);
        let page = reports.usage(interval, format!("date>={date}")).await.unwrap();
        let call = wire.calls().pop().unwrap();
        let line = format!("GET {ROOT}/usage/{word}?search=date%3E%3D{date}");
        call.assert(&wire, &line, &[BEARER], "");
        let [row] = &page.items[..] else { panic!("one row") };
        assert_eq!(row.date.as_str(), date);
        assert_eq!(row.amount.as_ref().unwrap().as_str(), "1.2500");
        assert_eq!(row.currency, Some(Currency::Eur));
        assert_eq!(row.counter.unwrap().get(), 12);
        assert_eq!((&row.product_id, &row.project_id), (&None, &None));
    }
    assert_eq!(wire.calls().len(), INTERVALS.len());
}

#[tokio::test]
async fn rows_of_usage() {
    let wire = Wire::start().await;
    let rows = format!(
        r#"{{"date":"2024-01-10T05","amount":1.2500,"currency":"EUR","counter":12,"product_id":"pck","project_id":"{PROJECT}"}},{{"date":"2024-01","amount":null,"counter":-1}}"#
    );
    wire.answer(200, HAL, format!(r#"{{"_embedded":{{"usage":[{rows}]}}}}"#));
    let page = console(&wire)
        .usage(&workspace_id())
        .usage(Interval::Hourly, "date==2024-01-10T05")
        .group_by(UsageGroup::ProductId)
        .group_by(UsageGroup::ProjectId)
        .sort(Sort::descending("date"))
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        &format!(
            "GET {ROOT}/usage/hourly?search=date%3D%3D2024-01-10T05&sort=date%2Cdesc&group_by=product_id&group_by=project_id"
        ),
        &[BEARER],
        "",
    );
    let [row, odd] = &page.items[..] else {
        panic!("two rows")
    };
    assert_eq!(row.date.as_str(), "2024-01-10T05");
    assert_eq!(row.amount.as_ref().unwrap().as_str(), "1.2500");
    assert_eq!(row.currency, Some(Currency::Eur));
    assert_eq!(row.counter.unwrap().get(), 12);
    assert_eq!(row.product_id, Some(ProductId::PhoneCheck));
    assert_eq!(row.project_id.as_ref().unwrap().as_str(), PROJECT);
    assert_eq!((&odd.amount, odd.counter), (&None, None));
}

#[test]
fn counting_twice_by_the_same_is_refused_before_anything_is_sent() {
    let played = Played::new([]);
    let reports = played.console.usage(&workspace_id());
    let usage = reports.usage(Interval::Daily, "date>=2024-01-10");
    let usage = usage
        .group_by(UsageGroup::ProductId)
        .group_by(UsageGroup::ProjectId)
        .group_by(UsageGroup::ProductId);
    let error = played.run(usage).unwrap_err();
    assert!(
        error.is_invalid_input() && error.provider() == "idlayr",
        "{error}"
    );
    let analytics = reports.analytics(&ProductId::PhoneCheck, Interval::Daily);
    let analytics = analytics
        .group_by(AnalyticsGroup::NetworkId)
        .group_by(AnalyticsGroup::NetworkId);
    let error = played.run(analytics).unwrap_err();
    assert!(
        error.is_invalid_input() && error.provider() == "idlayr",
        "{error}"
    );
    assert_eq!(played.transport.seen().len(), 0);
}

#[tokio::test]
async fn analytics_of_every_product_in_every_interval() {
    let wire = Wire::start().await;
    let reports = console(&wire).usage(&workspace_id());
    let products = [
        (ProductId::PhoneCheck, "pck"),
        (ProductId::SimCheck, "sck"),
        (ProductId::SubscriberCheck, "suk"),
    ];
    for (product, path) in products {
        for (interval, word, date) in INTERVALS {
            let row = format!(
                r#"{{"workspace_id":"{WORKSPACE}","product_id":"{}","status":"COMPLETED","date":"{date}","counter":3}}"#,
                product.as_str()
            );
            let body = format!(r#"{{"_embedded":{{"analytics":[{row}]}}}}"#);
            wire.answer(200, HAL, body);
            let page = reports.analytics(&product, interval).await.unwrap();
            let call = wire.calls().pop().unwrap();
            call.assert(
                &wire,
                &format!("GET {ROOT}/analytics/{path}/{word}"),
                &[BEARER],
                "",
            );
            let [row] = &page.items[..] else { panic!("one row") };
            assert_eq!(row.workspace_id, Some(workspace_id()));
            assert_eq!(row.product_id, Some(product.clone()));
            assert_eq!(row.status, Some(CheckStatus::Completed));
            assert_eq!((row.date.as_str(), row.counter.unwrap().get()), (date, 3));
            assert_eq!((row.matched, row.no_sim_change), (None, None));
            assert_eq!((&row.project_id, &row.network_id), (&None, &None));
        }
    }
    assert_eq!(wire.calls().len(), 9);
}

#[tokio::test]
async fn rows_of_analytics() {
    let wire = Wire::start().await;
    let rows = format!(
        r#"{{"workspace_id":"{WORKSPACE}","product_id":"SUK","status":"COMPLETED","date":"2024-01-10","counter":3,"match":true,"no_sim_change":false,"project_id":"{PROJECT}","network_id":"23410"}},{{"product_id":"SCK","status":"ERROR","date":"2024-01-11","counter":1,"match":"true"}}"#
    );
    wire.answer(200, HAL, format!(r#"{{"_embedded":{{"analytics":[{rows}]}}}}"#));
    let page = console(&wire)
        .usage(&workspace_id())
        .analytics(&ProductId::SubscriberCheck, Interval::Daily)
        .group_by(AnalyticsGroup::ProjectId)
        .group_by(AnalyticsGroup::NetworkId)
        .search("match==true")
        .sort(Sort::ascending("date"))
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        &format!(
            "GET {ROOT}/analytics/suk/daily?search=match%3D%3Dtrue&sort=date%2Casc&group_by=project_id&group_by=network_id"
        ),
        &[BEARER],
        "",
    );
    let [row, error] = &page.items[..] else {
        panic!("two rows")
    };
    assert_eq!(row.workspace_id, Some(workspace_id()));
    assert_eq!(row.product_id, Some(ProductId::SubscriberCheck));
    assert_eq!(row.status, Some(CheckStatus::Completed));
    assert_eq!((row.matched, row.no_sim_change), (Some(true), Some(false)));
    assert_eq!(row.network_id.as_ref().unwrap().as_str(), "23410");
    assert_eq!(row.project_id.as_ref().unwrap().as_str(), PROJECT);
    assert_eq!((row.date.as_str(), row.counter.unwrap().get()), ("2024-01-10", 3));
    assert_eq!((error.matched, error.no_sim_change), (None, None));
}

#[test]
fn a_condition_that_is_required_is_asked_for() {
    let played = Played::new([]);
    let reports = played.console.usage(&workspace_id());
    let error = played.run(reports.usage(Interval::Daily, "")).unwrap_err();
    assert!(error.is_invalid_input() && error.provider() == "idlayr");
    let product = ProductId::from("..");
    let error = played
        .run(reports.analytics(&product, Interval::Daily))
        .unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(played.transport.seen().len(), 0);
}
