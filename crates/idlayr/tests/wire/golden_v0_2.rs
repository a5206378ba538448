//! Every PhoneCheck v0.2 operation: the request to the byte, and what the answer is read as
//! (contract idlayr, 3, 6 and 9).

use std::time::Duration;

use idlayr::{CheckList, CheckStatus, CompletionCode, Currency, PhoneNumber, Sort, Timestamp, TraceId};

use crate::documented::{
    self, BEARER, HAL, JSON, JSON_PATCH, amount, answer_traces, assert_completed, assert_created,
    assert_failed, assert_patched, assert_traces,
};
use crate::support::{ID, TRACE_ID, Wire, completed, created, id, number};

const PATH: &str = "/phone_check/v0.2/checks";

fn url(wire: &Wire) -> String {
    format!("{}{PATH}/{ID}", wire.base())
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
        check.check_url.expose(),
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
    wire.answer(201, HAL, documented::created(&url(&wire)));
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
        &format!("POST {PATH}"),
        &[BEARER, JSON],
        "{\"phone_number\":\"447700900042\",\"phone_ip\":\"203.0.113.9\",\
         \"reference_id\":\"order-77 \\\"\u{e9}\\\"\",\
         \"callback_url\":\"https://app.example.net/callback?a=1&b=2\",\
         \"redirect_url\":\"com.example.app://done\"}",
    );
    assert_created!(check, url(&wire));
}

#[tokio::test]
async fn a_created_check_keeps_what_it_does_not_know() {
    let wire = Wire::start().await;
    let later = created(&wire.base()).replacen(r#""status""#, r#""new":[1],"status""#, 1);
    wire.answer(201, HAL, later);
    let check = wire.client().phone_checks().create(number()).await.unwrap();
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
    let url = url(&wire);
    let body = documented::completed(&url, "");
    wire.answer(200, HAL, body.clone());
    let check = wire.client().phone_checks().get(&id()).await.unwrap();
    wire.call()
        .assert(&wire, &format!("GET {PATH}/{ID}"), &[BEARER], "");
    assert_completed!(check, url);
    assert_eq!(check.created_at.as_ref().unwrap().unix_seconds(), 1_714_641_011);
    assert_eq!(check.updated_at.as_ref().unwrap().unix_seconds(), 1_714_641_029);
    assert_eq!(check.raw(), body.as_bytes());
    assert_eq!(serde_json::to_string(&check).unwrap(), body);
}

#[tokio::test]
async fn complete() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, documented::patched(""));
    wire.answer(200, HAL, completed(false));
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let checks = wire.client().phone_checks();
    assert_patched!(checks.complete(&id(), &code).await.unwrap());
    let check = checks.complete(&id(), &code).await.unwrap();
    assert_eq!((check.verdict(), check.is_match()), (Some(false), false));
    for call in wire.calls() {
        call.assert(
            &wire,
            &format!("PATCH {PATH}/{ID}"),
            &[BEARER, JSON_PATCH],
            r#"[{"op":"add","path":"/code","value":"4fa09c17be"}]"#,
        );
    }
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
    let list = wire.client().phone_checks().list();
    let checks = [
        documented::completed(&url(&wire), ""),
        documented::failed(&url(&wire)),
    ];
    let checks = documented::list(&wire, PATH, list, checks).await;
    assert_completed!(checks[0], url(&wire));
    assert_failed!(checks[1]);
    assert_eq!(checks[1].verdict(), None);
}

#[tokio::test]
async fn a_list_keeps_what_it_does_not_know() {
    let wire = Wire::start().await;
    let later = r#"{"check_id":"c-2","status":"PENDING","later":1}"#;
    let checks = format!("{},{later}", completed(true));
    wire.answer(200, HAL, format!(r#"{{"_embedded":{{"checks":[{checks}]}}}}"#));
    let page = wire.client().phone_checks().list().await.unwrap();
    assert_eq!(page.checks.len(), 2);
    assert_eq!(page.checks[0].raw(), completed(true).as_bytes());
    assert_eq!(page.checks[1].raw(), later.as_bytes());
    assert_eq!(page.checks[1].extra()["later"], 1);
}

#[tokio::test]
async fn traces_and_trace() {
    let wire = Wire::start().await;
    let checks = wire.client().phone_checks();
    answer_traces(&wire, &url(&wire));
    let list = checks.traces(&id()).await.unwrap();
    let trace_id = TraceId::new(TRACE_ID).unwrap();
    let one = checks.trace(&id(), &trace_id).await.unwrap();
    assert_traces(&wire, PATH, &list, &one);

    wire.answer(200, HAL, format!(r#"{{"trace_id":"{TRACE_ID}","logs":[]}}"#));
    assert!(checks.trace(&id(), &trace_id).await.unwrap().logs.is_empty());
}
