//! Answers with every member that the contract documents for them, and what each member has to be read as
//! (contract idlayr, 3.3, 4, 6 and 9).

use idlayr::value::Amount;
use idlayr::{Answer, Check, CheckList, Sort, Trace, TraceList};

use crate::support::{ID, TRACE_ID, Wire};

pub(crate) const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const JSON_PATCH: (&str, &str) = ("content-type", "application/json-patch+json");
pub(crate) const HAL: &str = "application/hal+json";

/// What SubscriberCheck and SIMCheck say about the SIM.
pub(crate) const SIM: &str = r#""no_sim_change":false,"no_sim_change_period":10080,"sim_change_within":360,"#;
/// The same in the answer to a completion.
pub(crate) const SIM_OF_PATCH: &str = r#""no_sim_change":false,"sim_change_within":360,"#;

const CHARGED: &str = r#""charge_amount":0.0350,"charge_currency":"EUR","created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:29+0000""#;

pub(crate) fn amount(text: &str) -> Amount {
    serde_json::from_str(text).unwrap()
}

/// The answer to a create: column C. `url` is that of the check.
pub(crate) fn created(url: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"ACCEPTED","reference_id":"order-77",{CHARGED},"ttl":60,"snapshot_balance":-41.50,"_links":{{"self":{{"href":"{url}"}},"check_url":{{"href":"{url}/redirect"}}}}}}"#
    )
}

/// A check that was read and has a result: column G. `more` are the members of its product.
pub(crate) fn completed(url: &str, more: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,{more}"reference_id":"order-77",{CHARGED},"ttl":60,"network_id":"23410","_links":{{"self":{{"href":"{url}"}},"check_url":{{"href":"{url}/redirect"}}}}}}"#
    )
}

/// One that was read and has none.
pub(crate) fn failed(url: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"ERROR","error_code":"mno_timeout","reference_id":"order-77",{CHARGED},"_links":{{"self":{{"href":"{url}"}}}}}}"#
    )
}

/// The answer to a completion: column P, which has no links and no ttl.
pub(crate) fn patched(more: &str) -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,{more}"reference_id":"order-77",{CHARGED}}}"#
    )
}

/// The members that a check has in each of its answers.
macro_rules! assert_charged {
    ($check:expr, $status:ident) => {{
        let check = &$check;
        assert_eq!(check.check_id, crate::support::id());
        assert_eq!(check.status, idlayr::CheckStatus::$status);
        assert_eq!(check.reference_id.as_ref().unwrap().expose(), "order-77");
        assert_eq!(check.charge_amount, Some(crate::documented::amount("0.0350")));
        assert_eq!(check.charge_currency, Some(idlayr::Currency::Eur));
        assert_eq!(
            check.created_at.as_ref().unwrap().as_str(),
            "2024-05-02T09:10:11+00:00"
        );
        assert_eq!(
            check.updated_at.as_ref().unwrap().as_str(),
            "2024-05-02T09:10:29+0000"
        );
        assert!(
            check.extra().keys().all(|name| name == "_links"),
            "{:?}",
            check.extra()
        );
    }};
}

/// Every member of [`created`].
macro_rules! assert_created {
    ($check:expr, $url:expr) => {{
        let check = &$check;
        crate::documented::assert_charged!(check, Accepted);
        assert_eq!(check.check_url.expose(), format!("{}/redirect", $url));
        assert_eq!(check.ttl, Some(std::time::Duration::from_secs(60)));
        assert_eq!(check.snapshot_balance, Some(crate::documented::amount("-41.50")));
        assert_eq!(check.raw(), crate::documented::created(&$url).as_bytes());
    }};
}

/// Every member of [`completed`] but those of a product.
macro_rules! assert_completed {
    ($check:expr, $url:expr) => {{
        let check = &$check;
        crate::documented::assert_charged!(check, Completed);
        assert_eq!((check.verdict(), check.is_match()), (Some(true), true));
        assert_eq!(check.network_id.as_ref().unwrap().as_str(), "23410");
        assert_eq!(check.ttl, Some(std::time::Duration::from_secs(60)));
        let check_url = check.check_url.as_ref().unwrap().expose();
        assert_eq!(check_url, format!("{}/redirect", $url));
        assert_eq!(check.error_code, None);
    }};
}

/// Every member of [`failed`].
macro_rules! assert_failed {
    ($check:expr) => {{
        let check = &$check;
        crate::documented::assert_charged!(check, Error);
        assert_eq!(check.error_code, Some(idlayr::CheckErrorCode::MnoTimeout));
        assert_eq!(check.network_id, None);
    }};
}

/// Every member of [`patched`] but those of a product.
macro_rules! assert_patched {
    ($check:expr) => {{
        let check = &$check;
        crate::documented::assert_charged!(check, Completed);
        assert_eq!((check.verdict(), check.is_match()), (Some(true), true));
        assert_eq!((check.ttl, &check.check_url), (None, &None));
        assert_eq!((&check.network_id, &check.error_code), (&None, &None));
    }};
}

/// Every member of [`SIM`].
macro_rules! assert_sim {
    ($check:expr) => {{
        let check = &$check;
        assert_eq!(
            (check.no_sim_change(), check.is_sim_unchanged()),
            (Some(false), false)
        );
        let week = std::time::Duration::from_secs(7 * 24 * 3600);
        assert_eq!(check.no_sim_change_period, Some(week));
        assert_eq!(check.sim_change_within.unwrap().minutes(), 360);
        assert_eq!(check.last_sim_change_at, None);
    }};
}

pub(crate) use {
    assert_charged, assert_completed, assert_created, assert_failed, assert_patched, assert_sim,
};

/// Asks for a list with everything that a list can be asked with, and goes on to its second page, by an
/// absolute link and one that is `null` at the end. The checks of both pages.
pub(crate) async fn list<C: Check>(
    wire: &Wire,
    path: &str,
    list: CheckList<C>,
    checks: [String; 2],
) -> Vec<Answer<C>> {
    let url = format!("{}{path}", wire.base());
    let link = |page: u32| format!(r#"{{"href":"{url}?page={page}&size=1&sort=created_at,desc"}}"#);
    let page = |number: u32, check: &str, next: &str, prev: &str| {
        format!(
            r#"{{"page":{{"size":1,"number":{number},"total_pages":2,"total_elements":2}},"_embedded":{{"checks":[{check}]}},"_links":{{"self":{},"first":{},"last":{},"next":{next},"prev":{prev}}}}}"#,
            link(number),
            link(1),
            link(2),
        )
    };
    wire.answer(200, HAL, page(1, &checks[0], &link(2), "null"));
    wire.answer(200, HAL, page(2, &checks[1], "null", &link(1)));
    let asked = wire.calls().len();

    let list = list.page(1).size(1).search("status==COMPLETED");
    let first = list.sort(Sort::descending("created_at")).await.unwrap();
    let second = first.next().unwrap().await.unwrap();
    assert!(second.next().is_none());
    for (page, number) in [(&first, 1), (&second, 2)] {
        let info = page.page.unwrap();
        assert_eq!(
            (info.size, info.number, info.total_pages, info.total_elements),
            (1, number, 2, 2)
        );
    }
    let calls = wire.calls();
    for (call, query) in calls[asked..].iter().zip([
        "page=1&size=1&search=status%3D%3DCOMPLETED&sort=created_at%2Cdesc",
        "page=2&size=1&sort=created_at,desc",
    ]) {
        call.assert(wire, &format!("GET {path}?{query}"), &[BEARER], "");
    }
    assert_eq!(calls.len(), asked + 2);
    let read: Vec<_> = first.checks.into_iter().chain(second.checks).collect();
    let raw: Vec<_> = read.iter().map(|check| check.raw().clone()).collect();
    assert_eq!(raw, checks);
    read
}

fn trace(url: &str, trace_id: &str) -> String {
    format!(
        r#"{{"trace_id":"{trace_id}","logs":[{{"message":"Check created","timestamp":"2024-05-02T09:10:11.751Z"}},{{"message":"Credit authorised","timestamp":"2024-05-02T09:10:11.800Z","attributes":{{"amount":1}}}}],"_links":{{"self":{{"href":"{url}/traces/{trace_id}"}}}}}}"#
    )
}

/// Makes the server answer with the traces of a check, and then with the second of them.
pub(crate) fn answer_traces(wire: &Wire, url: &str) {
    let all = [trace(url, "0000000000000001"), trace(url, TRACE_ID)].join(",");
    let list =
        format!(r#"{{"_links":{{"self":{{"href":"{url}/traces"}}}},"_embedded":{{"traces":[{all}]}}}}"#);
    wire.answer(200, HAL, list);
    wire.answer(200, HAL, trace(url, TRACE_ID));
}

/// Asserts the requests for these traces, and every member of the answers.
#[track_caller]
pub(crate) fn assert_traces(wire: &Wire, path: &str, list: &TraceList, one: &Answer<Trace>) {
    let route = format!("GET {path}/{ID}/traces");
    let calls = wire.calls();
    let [.., first, second] = &calls[..] else {
        panic!("two calls: {calls:?}")
    };
    first.assert(wire, &route, &[BEARER], "");
    second.assert(wire, &format!("{route}/{TRACE_ID}"), &[BEARER], "");

    let ids: Vec<_> = list.traces.iter().map(|trace| trace.trace_id.as_str()).collect();
    assert_eq!(ids, ["0000000000000001", TRACE_ID], "in the order of the list");
    assert_eq!(list.traces[1], *one);
    for trace in list.traces.iter().chain([one]) {
        let [created, authorised] = &trace.logs[..] else {
            panic!("two lines: {:?}", trace.logs)
        };
        assert_eq!(created.message.as_ref().unwrap().expose(), "Check created");
        assert_eq!(created.attributes, None);
        assert_eq!(authorised.message.as_ref().unwrap().expose(), "Credit authorised");
        assert_eq!(authorised.attributes.as_ref().unwrap().expose()["amount"], 1);
        let times = [created, authorised].map(|entry| entry.timestamp.as_ref().unwrap().as_str());
        assert_eq!(times, ["2024-05-02T09:10:11.751Z", "2024-05-02T09:10:11.800Z"]);
    }
}
