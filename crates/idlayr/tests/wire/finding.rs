//! `find_by_reference`: what is asked, what counts as found, and where it ends (contract idlayr, 9 and 17).

use std::time::{Duration, SystemTime};

use idlayr::testing::Step;
use idlayr::{Answer, Clock as _, Delivery, ErrorKind, PhoneCheck, Result};

use crate::support::{BASE, Scripted};

const PATH: &str = "/phone_check/v0.2/checks";

/// A page with these checks (identifier and reference) and a link to the next.
fn page(checks: &[(&str, Option<&str>)], next: Option<&str>) -> Step {
    let checks: Vec<_> = checks
        .iter()
        .map(|(id, reference)| {
            let mut check = serde_json::json!({ "check_id": id, "status": "ACCEPTED" });
            if let Some(reference) = reference {
                check["reference_id"] = (*reference).into();
            }
            check
        })
        .collect();
    let links = next.map_or(
        serde_json::json!({}),
        |next| serde_json::json!({ "next": { "href": next } }),
    );
    let body = serde_json::json!({ "_embedded": { "checks": checks }, "_links": links });
    Step::json(200, body.to_string())
}

fn find(scripted: &Scripted, reference: &str) -> Result<Vec<Answer<PhoneCheck>>> {
    scripted.run(scripted.client.phone_checks().find_by_reference(reference))
}

fn ids(found: &[Answer<PhoneCheck>]) -> Vec<&str> {
    found.iter().map(|check| check.check_id.as_str()).collect()
}

fn targets(scripted: &Scripted) -> Vec<String> {
    let calls = scripted.calls();
    let target = |uri: &http::Uri| uri.path_and_query().unwrap().to_string();
    calls.iter().map(|seen| target(&seen.uri)).collect()
}

#[test]
fn every_page_is_looked_through_for_exactly_this_reference() {
    let scripted = Scripted::new([
        page(
            &[("c-1", Some("order-7")), ("c-2", Some("order-77"))],
            Some("/phone_check/v0.2/checks?page=2"),
        ),
        page(
            &[
                ("c-3", None),
                ("c-4", Some("ORDER-77")),
                ("c-5", Some(" order-77")),
            ],
            Some(&format!("{BASE}{PATH}?page=3")),
        ),
        // New checks have moved one to the next page: it comes twice.
        page(
            &[
                ("c-2", Some("order-77")),
                ("c-6", Some("order-77")),
                ("c-7", Some("order-777")),
            ],
            None,
        ),
    ]);
    let found = find(&scripted, "order-77").unwrap();
    assert_eq!(ids(&found), ["c-2", "c-6"], "in the order of the list");
    assert_eq!(targets(&scripted).len(), 3);
}

/// Nothing is asked for but what documents name: the time of creation, and the order by it.
#[test]
fn the_last_hour_is_asked_for_unless_told_otherwise() {
    let scripted = Scripted::new([page(&[], None), page(&[], None), page(&[], None)]);
    assert!(find(&scripted, "a==b;c").unwrap().is_empty());
    let an_hour_ago = scripted.clock.system_time() - Duration::from_secs(3600);
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let checks = scripted.client.phone_checks_v0_1();
    scripted
        .run(checks.find_by_reference("r").created_since(at(1_714_641_011)))
        .unwrap();
    let checks = scripted.client.subscriber_checks();
    scripted
        .run(checks.find_by_reference("r").created_since(at(0)))
        .unwrap();
    let hour = idlayr::Timestamp::from_system_time(an_hour_ago).unwrap();
    let query = |since: &str| {
        let since = since.replace(':', "%3A");
        format!("size=100&search=created_at%3E%3D{since}&sort=created_at%2Cdesc")
    };
    assert_eq!(
        targets(&scripted),
        [
            format!("{PATH}?{}", query(hour.as_str())),
            format!("/phone_check/v0.1/checks?{}", query("2024-05-02T09:10:11Z")),
            format!("/subscriber_check/v0.2/checks?{}", query("1970-01-01T00:00:00Z")),
        ]
    );
}

#[test]
fn what_cannot_be_looked_for_is_refused_and_nothing_is_sent() {
    let scripted = Scripted::new([]);
    let checks = scripted.client.phone_checks();
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let after = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    for error in [
        scripted.run(checks.find_by_reference("")).unwrap_err(),
        scripted
            .run(checks.find_by_reference("r").created_since(before))
            .unwrap_err(),
        scripted
            .run(checks.find_by_reference("r").created_since(after))
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            (error.provider(), error.delivery()),
            ("idlayr", Delivery::NotSent)
        );
    }
    assert_eq!(scripted.transport.seen().len(), 0);
}

/// Half a list could be taken for all of it.
#[test]
fn a_failure_on_the_way_is_an_error_and_not_half_a_list() {
    let wanted = [("c-1", Some("order-77"))];
    for (step, kind) in [
        (Step::answer(404, "{}"), ErrorKind::Provider),
        (Step::json(200, "{}"), ErrorKind::Decode),
    ] {
        let scripted = Scripted::new([page(&wanted, Some("/phone_check/v0.2/checks?page=2")), step]);
        assert_eq!(find(&scripted, "order-77").unwrap_err().kind(), kind);
    }
    let scripted = Scripted::new([page(&wanted, Some("https://evil.example/"))]);
    assert!(find(&scripted, "order-77").unwrap_err().is_untrusted());
    // It only reads: transient failures are retried.
    let scripted = Scripted::new([Step::answer(503, ""), page(&wanted, None)]);
    assert_eq!(ids(&find(&scripted, "order-77").unwrap()), ["c-1"]);
}

#[test]
fn a_list_without_an_end_is_an_error() {
    let link = |number: usize| format!("{PATH}?page={}", number + 1);
    let scripted = Scripted::new((1..1000).map(|number| page(&[("c-1", None)], Some(&link(number)))));
    let error = find(&scripted, "order-77").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.provider(), "idlayr");
    assert!(error.is_safe_to_repeat());
    assert_eq!(targets(&scripted).len(), 100);

    // A hundred pages that do end are a list.
    let next = |number: usize| (number < 100).then(|| link(number));
    let scripted =
        Scripted::new((1..=100).map(|number| page(&[("c-1", Some("r"))], next(number).as_deref())));
    assert_eq!(ids(&find(&scripted, "r").unwrap()), ["c-1"]);
}

/// Each page is a call with a deadline of its own; together they have one too.
#[test]
fn no_further_page_is_asked_for_when_the_time_is_over() {
    let slow = || Step::answer(503, "").header("retry-after", "20");
    let link = |number: usize| format!("{PATH}?page={number}");
    let pages = || {
        let steps = (2..=3).flat_map(|number| [slow(), page(&[("c-1", Some("r"))], Some(&link(number)))]);
        steps.chain([slow(), page(&[("c-2", Some("r"))], None)])
    };
    let found = find(&Scripted::new(pages()), "r").unwrap();
    assert_eq!(ids(&found), ["c-1", "c-2"], "the last page takes what it takes");

    let scripted = Scripted::new(pages());
    let find = scripted.client.phone_checks().find_by_reference("r");
    let error = scripted.run(find.within(Duration::from_secs(40))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_safe_to_repeat());
    assert_eq!(
        targets(&scripted).len(),
        4,
        "two pages, each at the second attempt"
    );

    let minute = (2..=5).flat_map(|number| [slow(), page(&[("c-1", Some("r"))], Some(&link(number)))]);
    let scripted = Scripted::new(minute);
    let find = scripted.client.phone_checks().find_by_reference("r");
    assert_eq!(scripted.run(find).unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(targets(&scripted).len(), 6);
}

#[test]
fn nothing_private_is_shown() {
    let scripted = Scripted::new([]);
    let find = scripted.client.phone_checks().find_by_reference("order-77");
    assert!(!format!("{find:?}").contains("order-77"));
}
