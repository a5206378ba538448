//! What cannot be right is refused before anything is sent; what is merely odd arrives unchanged.

use idlayr::testing::Step;
use idlayr::{
    CheckId, CheckList, CompletionCode, CreatePhoneCheck, Delivery, DeviceReturn, Error, ErrorKind,
    PhoneNumber, Sort, TraceId,
};

use crate::support::{BASE, Scripted, Wire, created, number};

/// The error of a call to which nothing was sent, not even for a token.
#[track_caller]
fn assert_refused(scripted: &Scripted, error: &Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_safe_to_repeat());
    assert_eq!(error.provider(), "idlayr");
    assert_eq!(scripted.transport.seen().len(), 0, "{error}");
}

fn refused_create(set: impl Fn(CreatePhoneCheck) -> CreatePhoneCheck) -> Error {
    let scripted = Scripted::new([]);
    let create = || set(scripted.client.phone_checks().create(number()));
    let error = scripted.run(create()).unwrap_err();
    assert_refused(&scripted, &error);
    assert!(create().prepare().unwrap_err().is_invalid_input());
    error
}

#[test]
fn urls_that_nobody_could_be_sent_to() {
    for url in [
        "",
        "callback",
        "/callback",
        "//app.example.net/callback",
        "app.example.net/callback",
        "?a=1",
        "https://",
        "https://[",
        "ftp://app.example.net/",
        "http://app.example.net/",
        "http://127.0.0.1:3000/",
        "https:app.example.net/",
        "com.example.app://callback",
        "javascript:alert(1)",
        "mailto:a@example.net",
    ] {
        let error = refused_create(|create| create.callback_url(url));
        assert!(error.to_string().contains("callback_url"), "{error}");
        assert!(!error.to_string().contains("example"), "{error}");
    }
    for url in [
        "",
        "done",
        "/done",
        "//app.example.net/done",
        "?a=1",
        "https://",
        "1app://done",
    ] {
        let error = refused_create(|create| create.redirect_url(url));
        assert!(error.to_string().contains("redirect_url"), "{error}");
    }
    let scripted = Scripted::new([]);
    let create = scripted.client.phone_checks_v0_1().create(number());
    let error = scripted.run(create.callback_url("/callback")).unwrap_err();
    assert_refused(&scripted, &error);
}

#[test]
fn a_reference_that_finds_nothing() {
    let error = refused_create(|create| create.reference_id(""));
    assert!(error.to_string().contains("reference_id"), "{error}");
    for scripted in [Scripted::new([]), Scripted::new([])] {
        let sim = scripted.client.sim_checks().create(number()).reference_id("");
        assert_refused(&scripted, &scripted.run(sim).unwrap_err());
        let v0_1 = scripted.client.subscriber_checks_v0_1().create(number());
        assert_refused(&scripted, &scripted.run(v0_1.reference_id("")).unwrap_err());
    }
}

#[test]
fn urls_that_can_be_right() {
    for url in [
        "https://app.example.net/done?x=1",
        "com.example.app://done",
        "com.example.app:/done",
        "HTTP://[2001:db8::1]:8080/",
    ] {
        let scripted = Scripted::new([Step::json(201, created(BASE))]);
        let create = scripted.client.phone_checks().create(number());
        scripted.run(create.redirect_url(url)).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&scripted.calls()[0].body).unwrap();
        assert_eq!(body["redirect_url"], url);
    }
}

#[test]
fn pages_sizes_and_orders_that_do_not_exist() {
    type Set = fn(CheckList) -> CheckList;
    let cases: [Set; 12] = [
        |list| list.page(0),
        |list| list.size(0),
        |list| list.search(""),
        |list| list.search(" "),
        |list| list.size(101),
        |list| list.size(u32::MAX),
        |list| list.sort(Sort::ascending("")),
        |list| list.sort(Sort::descending("created_at,asc")),
        |list| list.sort(Sort::ascending("created at")),
        |list| list.sort(Sort::ascending("created_at&page=2")),
        |list| list.sort(Sort::ascending("a.b")),
        |list| list.sort(Sort::ascending("caf\u{e9}")),
    ];
    for set in cases {
        for v0_1 in [false, true] {
            let scripted = Scripted::new([]);
            let list = || {
                set(if v0_1 {
                    scripted.client.phone_checks_v0_1().list()
                } else {
                    scripted.client.phone_checks().list()
                })
            };
            let error = scripted.run(list()).unwrap_err();
            assert_refused(&scripted, &error);
            let mut items = list().items();
            let first = scripted.run(items.next()).unwrap();
            assert_refused(&scripted, &first.unwrap_err());
        }
    }
}

#[test]
fn identifiers_codes_and_numbers_that_cannot_be() {
    for text in [
        "",
        ".",
        "..",
        "a\nb",
        "a\rb",
        "\0",
        "\u{7f}",
        "\u{85}",
        &"a".repeat(257),
    ] {
        assert!(CheckId::new(text).is_err(), "{text:?}");
        assert!(TraceId::new(text).is_err(), "{text:?}");
        assert!(text.parse::<CheckId>().is_err(), "{text:?}");
    }
    for code in ["", "a\nb", "\0", &"a".repeat(513)] {
        let error = CompletionCode::new(code).unwrap_err();
        assert!(error.is_invalid_input() && error.delivery() == Delivery::NotSent);
    }
    for query in ["check_id=..&code=a", "check_id=&code=a", "check_id=c-1&code="] {
        assert!(DeviceReturn::from_query(query).unwrap_err().is_invalid_input());
    }
    for text in ["", "07700 900042", "0044 7700 900042", "+44 77", "anna"] {
        assert!(PhoneNumber::parse(text).is_err(), "{text}");
    }
}

/// As a server sees them: one segment, whatever is in it.
const ODD: [(&str, &str); 16] = [
    ("a/b", "a%2Fb"),
    ("/", "%2F"),
    ("../x", "..%2Fx"),
    ("?", "%3F"),
    ("a?b=c&d", "a%3Fb%3Dc%26d"),
    ("#", "%23"),
    ("%2e%2e", "%252e%252e"),
    ("%", "%25"),
    ("...", "..."),
    ("a b", "a%20b"),
    (" ", "%20"),
    ("+", "%2B"),
    (r"a\b", "a%5Cb"),
    ("a;x=1", "a%3Bx%3D1"),
    ("d\u{f6}ner", "d%C3%B6ner"),
    ("\u{1f600}", "%F0%9F%98%80"),
];

#[tokio::test]
async fn an_odd_identifier_stays_one_segment() {
    let wire = Wire::start().await;
    let client = wire.client();
    let code = CompletionCode::new("4fa09c17be").unwrap();
    for (text, encoded) in ODD {
        let check_id = CheckId::new(text).unwrap();
        let trace_id = TraceId::new(text).unwrap();
        let before = wire.calls().len();
        let answer = serde_json::json!({"check_id": text, "status": "PENDING", "trace_id": text}).to_string();
        for _ in 0..4 {
            wire.answer(200, "application/hal+json", answer.clone());
        }
        let checks = client.phone_checks();
        checks.get(&check_id).await.unwrap();
        checks.complete(&check_id, &code).await.unwrap();
        checks.trace(&check_id, &trace_id).await.unwrap();
        client.phone_checks_v0_1().get(&check_id).await.unwrap();
        let lines: Vec<String> = wire
            .calls()
            .into_iter()
            .skip(before)
            .map(|asked| asked.line)
            .collect();
        assert_eq!(
            lines,
            [
                format!("GET /phone_check/v0.2/checks/{encoded}"),
                format!("PATCH /phone_check/v0.2/checks/{encoded}"),
                format!("GET /phone_check/v0.2/checks/{encoded}/traces/{encoded}"),
                format!("GET /phone_check/v0.1/checks/{encoded}"),
            ]
        );
    }
}
