//! Lists of transactions (contract caf, 4.3).

use caf::core_api::{ListOrder, TransactionList};
use caf::testing::Step;
use caf::transactions::{TemplateId, TransactionStatus};
use caf::{CalendarDate, Delivery, ErrorKind};

use crate::core_support::{BASE, ID, template};
use crate::support::Scripted;

const JSON: &str = "application/json";

/// Both shapes of an item, as documented.
const PAGE: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","items":[
 {"id":"64b0c0ffee0000000000bbbb","status":"APPROVED","createdAt":"2026-01-02T03:04:05.678Z",
  "data":{"cpf":"12345678909","birthDate":"01/02/1990","name":"Ana Teste"}},
 {"id":"64b0c0ffee0000000000cccc","status":"WAITING_DOCUMENTS","createdAt":"2026-01-02T03:04:05Z",
  "data":{"cnpj":"12ABC34501DE35","name":"Teste Ltda","new":1}},
 {"id":"64b0c0ffee0000000000dddd","status":"NEW_WORD"}],"totalItems":1234}"#;

fn date(text: &str) -> CalendarDate {
    CalendarDate::parse(text).unwrap()
}

#[test]
fn the_least_that_can_be_asked() {
    let scripted = Scripted::core([Step::json(200, PAGE)]);
    let page = scripted.run(scripted.transactions().list()).unwrap();
    scripted.assert_core_sent(&format!("GET {BASE}/transactions"), JSON, "");

    assert_eq!(page.total_items, Some(1234));
    assert!(page.request_id.is_some());
    let [person, company, unknown] = &page.items[..] else {
        panic!("three items");
    };
    assert_eq!(person.id.as_str(), ID);
    assert!(person.is_approved());
    let data = person.data.as_ref().unwrap();
    assert_eq!(data.cpf.as_ref().unwrap().expose(), "12345678909");
    assert_eq!(data.name.as_ref().unwrap().expose(), "Ana Teste");
    assert_eq!(
        date(data.birth_date.as_ref().unwrap().expose()).iso(),
        "1990-02-01"
    );
    assert_eq!((&data.cnpj, person.created_at.is_some()), (&None, true));
    assert_eq!(company.status, TransactionStatus::WaitingDocuments);
    assert!(!company.is_approved());
    let data = company.data.as_ref().unwrap();
    assert_eq!(data.cnpj.as_ref().unwrap().expose(), "12ABC34501DE35");
    assert_eq!(unknown.status.as_str(), "NEW_WORD");
    assert!(unknown.status.is_unknown() && !unknown.is_approved());
    assert_eq!(unknown.data, None);
    let shown = format!("{page:?}");
    assert!(
        !shown.contains("Ana") && !shown.contains("12345678909"),
        "{shown}"
    );
}

#[test]
fn every_filter() {
    let scripted = Scripted::core([Step::json(200, r#"{"items":[]}"#)]);
    let list = scripted
        .transactions()
        .list()
        .limit(10)
        .order(ListOrder::Ascending)
        .template(&template())
        .template(&TemplateId::new("64b0 c0&ffee").unwrap())
        .created_from(date("31/12/2025"))
        .created_until(date("2026-01-31"));
    let page = scripted.run(list).unwrap();
    assert!(page.items.is_empty());
    assert_eq!((page.total_items, &page.request_id), (None, &None));
    let query: Vec<(String, String)> = {
        let uri = scripted.sent().uri.to_string();
        let query = uri.strip_prefix(&format!("{BASE}/transactions?")).unwrap();
        url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    };
    let expected = [
        ("_limit", "10"),
        ("_order", "asc"),
        ("_templates", "64b0c0ffee0000000000aaaa|64b0 c0&ffee"),
        ("_startCreatedDate", "2025-12-31"),
        ("_endCreatedDate", "2026-01-31"),
    ];
    assert_eq!(
        query,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn a_limit_is_one_to_ten() {
    for limit in 1..=10_u32 {
        let scripted = Scripted::core([Step::json(200, r#"{"items":[]}"#)]);
        scripted.run(scripted.transactions().list().limit(limit)).unwrap();
        let line = format!("GET {BASE}/transactions?_limit={limit}");
        scripted.assert_core_sent(&line, JSON, "");
    }
}

type Change = fn(TransactionList) -> TransactionList;

#[test]
fn what_makes_no_sense_is_not_sent() {
    let bad: &[(&str, Change)] = &[
        ("1 to 10", |list| list.limit(0)),
        ("1 to 10", |list| list.limit(11)),
        ("1 to 10", |list| list.limit(u32::MAX)),
        ("bar", |list| list.template(&TemplateId::new("a|b").unwrap())),
        ("order", |list| list.order(ListOrder::from(""))),
        ("after", |list| {
            list.created_from(date("2026-01-02"))
                .created_until(date("01/01/2026"))
        }),
    ];
    for (about, change) in bad {
        let scripted = Scripted::core([]);
        let error = scripted.run(change(scripted.transactions().list())).unwrap_err();
        scripted.assert_refused(&error);
        assert!(error.to_string().contains(about), "{error}");
    }
    // One day is a range.
    let scripted = Scripted::core([Step::json(200, r#"{"items":[]}"#)]);
    let day = date("2026-01-02");
    scripted
        .run(
            scripted
                .transactions()
                .list()
                .created_from(day)
                .created_until(day),
        )
        .unwrap();
}

#[test]
fn none_vanishes() {
    for body in [
        "{}",
        r#"{"items":null}"#,
        r#"{"items":{}}"#,
        r#"{"items":"x"}"#,
        r#"{"items":[null]}"#,
        r#"{"items":[7]}"#,
        r#"{"items":[["64b0c0ffee0000000000bbbb","APPROVED"]]}"#,
        r#"{"items":[{"id":"a"}]}"#,
        r#"{"items":[{"status":"APPROVED"}]}"#,
        r#"{"items":[{"id":"a","status":true}]}"#,
        r#"{"items":[{"id":"a","status":"PENDING","status":"APPROVED"}]}"#,
        r#"{"items":[],"items":[{"id":"a","status":"APPROVED"}]}"#,
        "[]",
        "",
    ] {
        let scripted = Scripted::core([Step::json(200, body)]);
        let error = scripted.run(scripted.transactions().list()).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut)
        );
        assert_eq!(error.body(), body);
        assert!(error.is_safe_to_repeat(), "it only reads");
    }
}

#[test]
fn a_list_may_be_asked_for_again() {
    let scripted = Scripted::core([Step::json(503, "{}"), Step::json(200, PAGE)]);
    assert_eq!(
        scripted.run(scripted.transactions().list()).unwrap().items.len(),
        3
    );
    assert_eq!(scripted.transport.seen().len(), 2);
}
