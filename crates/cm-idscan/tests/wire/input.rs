//! What cannot be right is refused before anything is sent; what is merely odd arrives unchanged.

use std::time::Duration;

use cm_idscan::testing::Step;
use cm_idscan::{
    AllowedExpiration, BrowserReturn, CreateTransaction, CreateWebhook, DocumentScanSettings, Error,
    EventType, Field, Level, Locale, NotificationId, ResultId, Secret, TaskType, Tasks, TransactionId,
    TransactionUrl, WebhookId,
};
use http::Method;

use crate::support::{CREATED, Scripted, in_state};

fn refused_create(set: impl Fn(CreateTransaction) -> CreateTransaction) -> Error {
    let scripted = Scripted::new([]);
    let create = || set(scripted.client.transactions().create(Tasks::DocumentScan));
    let error = scripted.run(create()).unwrap_err();
    scripted.assert_refused(&error);
    scripted.assert_refused(&create().prepare().unwrap_err());
    error
}

fn refused_settings(settings: &DocumentScanSettings) -> Error {
    refused_create(|create| create.document_scan(settings.clone()))
}

#[test]
fn tasks_that_do_not_belong_together() {
    use TaskType::{DocumentScan, FaceLiveness, FaceMatch};
    for types in [
        vec![],
        vec![FaceLiveness],
        vec![FaceMatch],
        vec![DocumentScan, FaceMatch],
        vec![FaceLiveness, FaceMatch],
        vec![FaceLiveness, DocumentScan],
        vec![DocumentScan, FaceMatch, FaceLiveness],
        vec![FaceMatch, FaceLiveness, DocumentScan],
        vec![DocumentScan, DocumentScan],
        vec![DocumentScan, FaceLiveness, FaceMatch, FaceMatch],
        vec![TaskType::from("document_scan ")],
        vec![DocumentScan, TaskType::from("voice")],
    ] {
        let error = Tasks::from_types(types.clone()).unwrap_err();
        assert!(error.is_invalid_input(), "{types:?}");
        assert_eq!(error.provider(), "cm-idscan");
    }
    for tasks in [
        Tasks::DocumentScan,
        Tasks::DocumentScanAndFaceLiveness,
        Tasks::DocumentScanFaceLivenessAndFaceMatch,
    ] {
        assert_eq!(Tasks::from_types(tasks.types().iter().cloned()).unwrap(), tasks);
    }
}

#[test]
fn expiries_that_the_provider_does_not_have() {
    for time in [
        Duration::ZERO,
        Duration::from_secs(3599),
        Duration::from_nanos(3_600_000_000_001),
        Duration::from_millis(7_200_500),
        Duration::from_secs(86_401),
        Duration::MAX,
    ] {
        let error = refused_create(|create| create.expires_in(time));
        assert!(error.to_string().contains("24 hours"), "{error}");
    }
    for seconds in [3600, 3601, 86_400] {
        let scripted = Scripted::new([Step::json(201, CREATED)]);
        let create = scripted.client.transactions().create(Tasks::DocumentScan);
        scripted
            .run(create.expires_in(Duration::from_secs(seconds)))
            .unwrap();
        let body: serde_json::Value = serde_json::from_slice(&scripted.sent().body).unwrap();
        assert_eq!(body["expiresIn"], seconds);
    }
}

#[test]
fn settings_that_make_no_sense() {
    let new = DocumentScanSettings::new;
    for settings in [
        new().allowed_expiration(AllowedExpiration::expired_for_at_most_days(0)),
        new().allowed_expiration(AllowedExpiration::valid_for_at_least_days(0)),
        new().minimum_age(81).maximum_age(80),
        new().redact_fields([]),
        new().validate_fields([]),
        new().extract_fields([]),
        new().capture_sources([]),
        new().extract_fields([Field::Age, Field::from("")]),
        new().level(Level::from("")),
        new().extra("", 1),
        new().extra("a", 1).extra("a", 1),
    ] {
        refused_settings(&settings);
    }
    refused_create(|create| create.locale(Locale::from("")));
}

#[test]
fn an_extra_member_overrides_nothing() {
    for name in [
        "tasks",
        "settings",
        "locale",
        "mobileOnly",
        "expiresIn",
        "mobileonly",
        "TASKS",
    ] {
        let error = refused_create(|create| create.extra(name, "private-value"));
        assert!(error.to_string().contains("setter"), "{error}");
        assert!(!error.to_string().contains("private-value"));
    }
    for name in [
        "allowedExpiration",
        "redactFields",
        "captureSources",
        "level",
        "minimumAge",
        "maximumAge",
        "validateFields",
        "extractFields",
        "extractfields",
    ] {
        refused_settings(&DocumentScanSettings::new().extra(name, 1));
    }
    refused_create(|create| create.extra("url", 1).extra("url", 2));
    let error = refused_create(|create| create.extra("", 1));
    assert!(error.to_string().contains("no name"));
}

fn refused_webhook(url: &str, set: impl Fn(CreateWebhook) -> CreateWebhook) -> Error {
    let scripted = Scripted::new([]);
    let create = || set(scripted.client.webhooks().create(url));
    let error = scripted.run(create()).unwrap_err();
    scripted.assert_refused(&error);
    scripted.assert_refused(&create().prepare().unwrap_err());
    error
}

#[test]
fn webhooks_that_nobody_could_or_should_receive() {
    for url in [
        "",
        "hook",
        "/hook",
        "//app.example.net/hook",
        "app.example.net",
        "https://",
        "https://[",
        "https:app.example.net/hook",
        r"https:\\app.example.net/hook",
        " https://app.example.net/hook ",
        "ht\ntps://app.example.net/hook",
        "https://app.example.net/ho ok",
        "HTTPS://app.example.net/hook",
        "http://app.example.net/hook",
        "http://127.0.0.1/hook",
        "ftp://app.example.net/",
        "javascript:alert(1)",
    ] {
        let error = refused_webhook(url, |create| create);
        assert!(error.to_string().contains("https://"), "{error}");
        assert!(!error.to_string().contains("app.example"), "{error}");
    }
    let url = "https://app.example.net/hook";
    for (name, value) in [
        ("", "v"),
        ("a b", "v"),
        ("a:", "v"),
        ("a\r\nb", "v"),
        ("Content-Length", "0"),
        ("content-type", "text/plain"),
        ("Host", "app.example.net"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("upgrade", "h2c"),
        ("x-secret", ""),
        ("x-secret", " "),
        ("x-secret", " abc "),
        ("x-secret", "abc\n"),
        ("x-secret", "a\tb"),
        ("x-secret", "ab\u{e9}c"),
        ("x-secret", "a\u{7f}"),
        ("x-secret", "a\r\nb: c"),
        ("x-secret", "a\0"),
    ] {
        let error = refused_webhook(url, |create| create.header(name, value));
        assert!(!error.to_string().contains("b: c"), "{error}");
    }
    refused_webhook(url, |create| {
        create.header("X-Secret", "a").header("x-secret", "b")
    });
    refused_webhook(url, |create| create.events([]));
    refused_webhook(url, |create| create.events([EventType::from("")]));
    let secret = Secret::new("s-secret\u{7}");
    let error = refused_webhook(url, move |create| create.header("x-secret", secret.clone()));
    assert!(!format!("{error:?}").contains("s-secret"));
}

#[test]
fn identifiers_and_urls_that_cannot_be() {
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
        assert!(TransactionId::new(text).is_err(), "{text:?}");
        assert!(ResultId::new(text).is_err(), "{text:?}");
        assert!(WebhookId::new(text).is_err(), "{text:?}");
        assert!(NotificationId::new(text).is_err(), "{text:?}");
    }
    for url in [
        "",
        "identifications/x",
        "ftp://a/b",
        "javascript:alert(1)",
        "https://",
        "data:text/html,x",
    ] {
        assert!(TransactionUrl::new(url).unwrap_err().is_invalid_input(), "{url}");
    }
    assert!(
        BrowserReturn::from_query("trxid=..")
            .unwrap_err()
            .is_invalid_input()
    );
}

/// As a server sees them: one segment, whatever is in it.
#[test]
fn an_odd_identifier_stays_one_segment() {
    for (text, encoded) in [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a?b=c&d", "a%3Fb%3Dc%26d"),
        ("#", "%23"),
        ("%2e%2e", "%252e%252e"),
        (" ", "%20"),
        (r"a\b", "a%5Cb"),
        ("d\u{f6}ner", "d%C3%B6ner"),
    ] {
        let transaction_id = TransactionId::new(text).unwrap();
        let result_id = ResultId::new(text).unwrap();
        let answer = serde_json::json!({"id": text, "state": "completed", "tasks": []}).to_string();
        let scripted = Scripted::new([
            Step::json(200, answer.clone()),
            Step::json(200, answer.clone()),
            Step::json(200, answer),
        ]);
        let transactions = scripted.client.transactions();
        scripted.run(transactions.get(&transaction_id)).unwrap();
        scripted
            .run(transactions.result(&transaction_id, &result_id))
            .unwrap();
        scripted
            .run(scripted.client.request(Method::GET, ["transactions", text]))
            .unwrap();
        let paths: Vec<_> = scripted
            .transport
            .seen()
            .iter()
            .map(|seen| seen.uri.path_and_query().unwrap().to_string())
            .collect();
        let path = format!("/id-scan/v1/transactions/{encoded}");
        assert_eq!(paths, [path.clone(), format!("{path}/results/{encoded}"), path]);
    }
    let scripted = Scripted::new([Step::json(200, in_state("pending"))]);
    for segments in [
        vec![],
        vec![""],
        vec![".."],
        vec!["transactions", "."],
        vec!["a\nb"],
        vec!["a"; 11],
    ] {
        let error = scripted
            .run(scripted.client.request(Method::GET, segments))
            .unwrap_err();
        scripted.assert_refused(&error);
    }
}
