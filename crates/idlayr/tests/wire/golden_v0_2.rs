//! Every PhoneCheck v0.2 operation: the request to the byte, and what the answer is read as (contract idlayr, 3, 6 and 9).

use std::time::Duration;

use idlayr::value::Amount;
use idlayr::{
    CheckList, CheckStatus, CompletionCode, Currency, NetworkId, PhoneNumber, Sort, Timestamp, TraceId,
};

use crate::support::{ID, TRACE_ID, Wire, completed, created, id, number};

const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
const JSON: (&str, &str) = ("content-type", "application/json");
const HAL: &str = "application/hal+json";

fn amount(text: &str) -> Amount {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn create_with_a_number_alone() {
    let wire = Wire::start().await;
    let base = wire.base();
    let body = created(&base);
    wire.answer(201, HAL, body.clone());
    let reply = wire
        .client()
        .phone_checks()
        .create(number())
        .send_with_metadata()
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        "POST /phone_check/v0.2/checks",
        &[BEARER, JSON],
        r#"{"phone_number":"447700900042"}"#,
    );

    assert_eq!((reply.status().as_u16(), reply.attempts()), (201, 1));
    let check = reply.value();
    assert_eq!(check.check_id.as_str(), ID);
    assert_eq!(check.status, CheckStatus::Accepted);
    assert_eq!(
        check.check_url.as_str(),
        format!("{base}/phone_check/v0.2/checks/{ID}/redirect")
    );
    assert_eq!(check.ttl, Some(Duration::from_secs(120)));
    assert_eq!(check.reference_id, None);
    assert_eq!(check.charge_amount, Some(amount("1")));
    assert_eq!(check.charge_currency, Some(Currency::Api));
    assert_eq!(check.snapshot_balance, Some(amount("41")));
    assert_eq!(
        check.created_at,
        Some(Timestamp::parse("2024-05-02T09:10:11+00:00").unwrap())
    );
    assert_eq!(check.updated_at, None);
    assert_eq!(check.raw(), body.as_bytes());
    assert!(check.extra().is_empty(), "{:?}", check.extra());
}

#[tokio::test]
async fn create_with_everything() {
    let wire = Wire::start().await;
    let body = created(&wire.base()).replacen(
        r#""status""#,
        r#""reference_id":"order-77","updated_at":"2024-05-02T09:10:12+00:00","new":[1],"status""#,
        1,
    );
    wire.answer(201, HAL, body);
    let check = wire
        .client()
        .phone_checks()
        .create(PhoneNumber::parse("447700900042").unwrap())
        .phone_ip("203.0.113.9".parse().unwrap())
        .reference_id("order-77 \"\u{e9}\"")
        .callback_url("https://app.example.net/callback?a=1&b=2")
        .redirect_url("com.example.app://done")
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        "POST /phone_check/v0.2/checks",
        &[BEARER, JSON],
        "{\"phone_number\":\"447700900042\",\"phone_ip\":\"203.0.113.9\",\
         \"reference_id\":\"order-77 \\\"\u{e9}\\\"\",\
         \"callback_url\":\"https://app.example.net/callback?a=1&b=2\",\
         \"redirect_url\":\"com.example.app://done\"}",
    );
    assert_eq!(check.reference_id.as_ref().unwrap().expose(), "order-77");
    assert_eq!(
        check.updated_at,
        Some(Timestamp::parse("2024-05-02T09:10:12Z").unwrap())
    );
    assert_eq!(check.extra().keys().collect::<Vec<_>>(), ["new"]);
}

#[tokio::test]
async fn create_takes_an_ipv6_address() {
    let wire = Wire::start().await;
    wire.answer(201, HAL, created(&wire.base()));
    let create = wire.client().phone_checks().create(number());
    create.phone_ip("2001:db8::7".parse().unwrap()).await.unwrap();
    assert_eq!(
        wire.call().body,
        r#"{"phone_number":"447700900042","phone_ip":"2001:db8::7"}"#
    );
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    let url = format!("{}/phone_check/v0.2/checks/{ID}", wire.base());
    let body = format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,"reference_id":"order-77","charge_amount":0.0350,"charge_currency":"EUR","created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:29+0000","ttl":60,"network_id":"23410","_links":{{"self":{{"href":"{url}"}},"check_url":{{"href":"{url}/redirect"}}}}}}"#
    );
    wire.answer(200, HAL, body.clone());
    let check = wire.client().phone_checks().get(&id()).await.unwrap();
    wire.call().assert(
        &wire,
        &format!("GET /phone_check/v0.2/checks/{ID}"),
        &[BEARER],
        "",
    );

    assert_eq!(check.check_id, id());
    assert_eq!(check.status, CheckStatus::Completed);
    assert!(check.is_match());
    assert_eq!(check.verdict(), Some(true));
    assert_eq!(check.error_code, None);
    assert_eq!(check.reference_id.as_ref().unwrap().expose(), "order-77");
    assert_eq!(check.charge_amount, Some(amount("0.0350")));
    assert_eq!(check.charge_currency, Some(Currency::Eur));
    assert_eq!(check.network_id.as_ref().map(NetworkId::as_str), Some("23410"));
    assert_eq!(check.ttl, Some(Duration::from_secs(60)));
    assert_eq!(
        check.check_url.as_ref().unwrap().as_str(),
        format!("{url}/redirect")
    );
    assert_eq!(check.created_at.as_ref().unwrap().unix_seconds(), 1_714_641_011);
    assert_eq!(check.updated_at.as_ref().unwrap().unix_seconds(), 1_714_641_029);
    assert_eq!(check.raw(), body.as_bytes());
    assert_eq!(serde_json::to_string(&check).unwrap(), body);
}

#[tokio::test]
async fn complete() {
    let wire = Wire::start().await;
    // The members that the contract lists for this answer: no links, no ttl.
    let body = format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":false,"charge_amount":1,"charge_currency":"API","created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:29+00:00"}}"#
    );
    wire.answer(200, HAL, body);
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let check = wire.client().phone_checks().complete(&id(), &code).await.unwrap();
    wire.call().assert(
        &wire,
        &format!("PATCH /phone_check/v0.2/checks/{ID}"),
        &[BEARER, ("content-type", "application/json-patch+json")],
        r#"[{"op":"add","path":"/code","value":"4fa09c17be"}]"#,
    );
    assert_eq!(check.verdict(), Some(false));
    assert!(!check.is_match());
    assert_eq!((check.ttl, &check.check_url), (None, &None));
}

#[tokio::test]
async fn a_code_is_opaque_and_arrives_unchanged() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, completed(true));
    let code = CompletionCode::new("a\"b\\c/\u{e9}?#").unwrap();
    wire.client().phone_checks().complete(&id(), &code).await.unwrap();
    let sent: serde_json::Value = serde_json::from_str(&wire.call().body).unwrap();
    assert_eq!(sent[0]["value"], "a\"b\\c/\u{e9}?#");
}

#[tokio::test]
async fn list_asks_for_what_is_set_and_nothing_else() {
    type Set = fn(CheckList) -> CheckList;
    let cases: [(Set, &str); 9] = [
        (|list| list, ""),
        (|list| list.page(3), "?page=3"),
        (|list| list.size(1), "?size=1"),
        (|list| list.size(100), "?size=100"),
        (
            |list| list.search("status==COMPLETED"),
            "?search=status%3D%3DCOMPLETED",
        ),
        (
            |list| list.search("created_at>=2024-05-02T00:00:00+00:00;reference_id==\"a b&c\""),
            "?search=created_at%3E%3D2024-05-02T00%3A00%3A00%2B00%3A00%3Breference_id%3D%3D%22a+b%26c%22",
        ),
        (
            |list| list.sort(Sort::descending("created_at")),
            "?sort=created_at%2Cdesc",
        ),
        (|list| list.sort(Sort::ascending("status")), "?sort=status%2Casc"),
        (
            |list| {
                list.sort(Sort::descending("x_1"))
                    .search("match==true")
                    .size(20)
                    .page(2)
            },
            "?page=2&size=20&search=match%3D%3Dtrue&sort=x_1%2Cdesc",
        ),
    ];
    for (set, query) in cases {
        let wire = Wire::start().await;
        wire.answer(200, HAL, r#"{"_embedded":{"checks":[]}}"#);
        let page = set(wire.client().phone_checks().list()).await.unwrap();
        assert!(page.checks.is_empty());
        wire.call().assert(
            &wire,
            &format!("GET /phone_check/v0.2/checks{query}"),
            &[BEARER],
            "",
        );
    }
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let base = wire.base();
    let link = |page: u32| format!(r#"{{"href":"{base}/phone_check/v0.2/checks?page={page}&size=2"}}"#);
    let body = format!(
        r#"{{"page":{{"size":2,"number":2,"total_pages":2,"total_elements":4}},"_embedded":{{"checks":[{},{{"check_id":"c-2","status":"ERROR","error_code":"mno_timeout","later":1}}]}},"_links":{{"self":{},"first":{},"last":{},"prev":{}}}}}"#,
        completed(true),
        link(2),
        link(1),
        link(2),
        link(1)
    );
    wire.answer(200, HAL, body);
    let page = wire.client().phone_checks().list().await.unwrap();
    let info = page.page.unwrap();
    assert_eq!(
        (info.size, info.number, info.total_pages, info.total_elements),
        (2, 2, 2, 4)
    );
    assert!(page.next().is_none());
    assert_eq!(page.checks.len(), 2);
    assert!(page.checks[0].is_match());
    assert_eq!(page.checks[0].raw(), completed(true).as_bytes());
    assert_eq!(page.checks[1].check_id.as_str(), "c-2");
    assert_eq!(page.checks[1].verdict(), None);
    assert_eq!(page.checks[1].extra()["later"], 1);
}

#[tokio::test]
async fn traces() {
    let wire = Wire::start().await;
    let url = format!("{}/phone_check/v0.2/checks/{ID}/traces", wire.base());
    let trace = format!(
        r#"{{"trace_id":"{TRACE_ID}","logs":[{{"message":"Check created","timestamp":"2024-05-02T09:10:11.751Z"}},{{"message":"Credit authorised","timestamp":"2024-05-02T09:10:11.800Z","attributes":{{"amount":1}}}}],"_links":{{"self":{{"href":"{url}/{TRACE_ID}"}}}}}}"#
    );
    wire.answer(
        200,
        HAL,
        format!(r#"{{"_links":{{"self":{{"href":"{url}"}}}},"_embedded":{{"traces":[{trace}]}}}}"#),
    );
    let list = wire.client().phone_checks().traces(&id()).await.unwrap();
    wire.call().assert(
        &wire,
        &format!("GET /phone_check/v0.2/checks/{ID}/traces"),
        &[BEARER],
        "",
    );
    assert_eq!(list.traces.len(), 1);
    assert_eq!(list.traces[0].trace_id.as_str(), TRACE_ID);
    assert_eq!(list.traces[0].raw(), trace.as_bytes());
    let logs = &list.traces[0].logs;
    assert_eq!(logs.len(), 2);
    assert_eq!(logs[0].message.expose(), "Check created");
    assert_eq!(logs[0].attributes, None);
    assert_eq!(
        logs[0].timestamp.as_ref().unwrap().as_str(),
        "2024-05-02T09:10:11.751Z"
    );
    assert_eq!(logs[1].attributes.as_ref().unwrap().expose()["amount"], 1);
}

#[tokio::test]
async fn trace() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, format!(r#"{{"trace_id":"{TRACE_ID}","logs":[]}}"#));
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let trace = wire
        .client()
        .phone_checks()
        .trace(&id(), &trace_id)
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        &format!("GET /phone_check/v0.2/checks/{ID}/traces/{TRACE_ID}"),
        &[BEARER],
        "",
    );
    assert_eq!(trace.trace_id, trace_id);
    assert!(trace.logs.is_empty());
}
