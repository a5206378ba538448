//! Webhooks (contract cm-idscan, 12): adding one, and reading what arrives.

use cm_idscan::testing::Step;
use cm_idscan::{
    Delivery, ErrorKind, EventType, Notification, Secret, TransactionState, Webhook, WebhookSecrets,
};
use http::{HeaderMap, HeaderValue};

use crate::support::{BASE, ID, RESULT_ID, Scripted, read};

const ADDED: &str = r#"{"id":"77777777-0000-4111-8222-333333333333","url":"https://app.example.net/hook","events":["transaction.state.updated","task.state.updated"],"headers":{"x-webhook-secret":"s-1"},"createdAt":"2025-06-01T10:00:00+00:00","updatedAt":"2025-06-01T10:00:01+00:00"}"#;

#[test]
fn a_webhook_is_added() {
    let scripted = Scripted::golden([Step::json(201, ADDED)]);
    let webhook = scripted
        .run(
            scripted
                .client
                .webhooks()
                .create("https://app.example.net/hook")
                .events([EventType::TransactionStateUpdated, EventType::TaskStateUpdated])
                .header("X-Webhook-Secret", "s-1")
                .header("x-a", "b"),
        )
        .unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/webhooks"),
        "application/json",
        r#"{"url":"https://app.example.net/hook","events":["transaction.state.updated","task.state.updated"],"headers":{"x-a":"b","x-webhook-secret":"s-1"}}"#,
    );
    assert_eq!(webhook.id.as_str(), "77777777-0000-4111-8222-333333333333");
    assert_eq!(
        webhook.url.as_ref().unwrap().expose(),
        "https://app.example.net/hook"
    );
    assert_eq!(webhook.events.as_ref().unwrap().len(), 2);
    assert_eq!(
        webhook.headers.as_ref().unwrap()["x-webhook-secret"].expose(),
        "s-1"
    );
    let created_at = webhook.created_at.as_ref().unwrap().unix_seconds();
    assert_eq!(
        webhook.updated_at.as_ref().unwrap().unix_seconds(),
        created_at + 1
    );

    let scripted = Scripted::golden([Step::json(
        200,
        ADDED.replace(r#"{"x-webhook-secret":"s-1"}"#, "null"),
    )]);
    let webhook = scripted
        .run(scripted.client.webhooks().create("https://app.example.net/hook"))
        .unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/webhooks"),
        "application/json",
        r#"{"url":"https://app.example.net/hook"}"#,
    );
    assert!(webhook.headers.is_none());
}

#[test]
fn it_is_added_once_and_shows_no_secret() {
    let scripted = Scripted::new([Step::json(502, "<html>"), Step::json(201, ADDED)]);
    let create = || {
        scripted
            .client
            .webhooks()
            .create("https://app.example.net/hook?key=q-1")
            .header("x-webhook-secret", "s-secret")
    };
    let preview = create().prepare().unwrap();
    let shown = format!(
        "{:?} {preview} {preview:?} {:?}",
        create(),
        read::<Webhook>(ADDED)
    );
    assert!(
        !shown.contains("s-secret") && !shown.contains("q-1") && !shown.contains("s-1"),
        "{shown}"
    );
    let error = scripted.run(create()).unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(scripted.transport.seen().len(), 1);
}

/// Around a sandbox the receiver is on plain http too.
#[test]
fn a_sandbox_delivers_to_plain_http() {
    let scripted = Scripted::with([Step::json(201, ADDED)], |config| {
        config
            .base_url("http://127.0.0.1:9/id-scan/v1")
            .dangerously_allow_plain_http(true)
    });
    let create = scripted.client.webhooks().create("http://127.0.0.1:8/hook");
    scripted.run(create).unwrap();
    // To this machine and nowhere else: a notification has the secret in its header.
    for url in ["http://app.example.net/hook", "http:127.0.0.1:8/hook"] {
        let error = scripted.run(scripted.client.webhooks().create(url)).unwrap_err();
        assert!(error.is_invalid_input(), "{url}");
    }
    assert_eq!(scripted.transport.seen().len(), 1);
    // The opt-in alone is not enough: the base must be a sandbox's.
    let scripted = Scripted::with([], |config| config.dangerously_allow_plain_http(true));
    let create = scripted.client.webhooks().create("http://127.0.0.1:8/hook");
    scripted.assert_refused(&scripted.run(create).unwrap_err());
}

fn secrets() -> WebhookSecrets {
    WebhookSecrets::new(
        "X-Webhook-Secret",
        [Secret::new("new-secret"), Secret::new("old-secret")],
    )
    .unwrap()
}

fn headers(values: &[&[u8]]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append("x-webhook-secret", HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

fn body() -> String {
    format!(
        r#"{{"id":"99999999-0000-4111-8222-333333333333","type":"transaction.state.updated","created":"2025-06-01T10:20:00+00:00",
 "transaction":{{"id":"{ID}","state":"completed","resultId":"{RESULT_ID}"}}}}"#
    )
}

#[test]
fn a_notification_names_what_to_read() {
    for secret in ["new-secret", "old-secret"] {
        let notification = secrets().read(&headers(&[secret.as_bytes()]), body()).unwrap();
        assert_eq!(notification.id.as_str(), "99999999-0000-4111-8222-333333333333");
        assert_eq!(notification.event_type, EventType::TransactionStateUpdated);
        assert_eq!(
            notification.created.as_ref().unwrap().unix_seconds(),
            1_748_773_200
        );
        let transaction = notification.transaction.as_ref().unwrap();
        assert_eq!(transaction.id.as_str(), ID);
        assert_eq!(transaction.state, Some(TransactionState::Completed));
        assert_eq!(transaction.result_id.as_ref().unwrap().as_str(), RESULT_ID);
        assert_eq!(&notification.raw()[..], body().as_bytes());
    }
}

/// The published versions differ in the order of the members.
#[test]
fn the_order_of_members_does_not_matter() {
    let older = format!(
        r#"{{"id":"99999999-0000-4111-8222-333333333333","type":"transaction.state.updated","transaction":{{"resultId":"{RESULT_ID}","state":"completed","id":"{ID}"}},"created":"2025-06-01T10:20:00+00:00"}}"#
    );
    assert_eq!(read::<Notification>(&older), read::<Notification>(&body()));
}

#[test]
fn what_nobody_published_is_kept() {
    let notification = read::<Notification>(
        r#"{"id":"n-1","type":"task.state.updated","task":{"id":"t-1","state":"failed"},"transaction":{"id":"x-1","state":"pending","resultId":null},"more":1}"#,
    );
    assert_eq!(notification.event_type, EventType::TaskStateUpdated);
    assert_eq!(notification.task.as_ref().unwrap().expose()["state"], "failed");
    assert_eq!(notification.transaction.as_ref().unwrap().result_id, None);
    assert_eq!(notification.extra()["more"], 1);
    let shown = format!("{notification:?}");
    assert!(!shown.contains("failed"), "{shown}");
    let bare = read::<Notification>(r#"{"id":"n-1","type":"webhook.tested","task":7}"#);
    assert!(bare.event_type.is_unknown() && bare.transaction.is_none() && bare.task.is_none());
}

/// What the body of another event than the published one has is not documented (contract cm-idscan, 14).
#[test]
fn a_transaction_in_an_unpublished_form_does_not_lose_the_notification() {
    for event in ["task.state.updated", "made.up.tomorrow"] {
        for transaction in [
            r#""0a0a""#,
            "7",
            "[]",
            r#"{"state":"pending"}"#,
            r#"{"id":".."}"#,
            r#"{"id":"x","resultId":"."}"#,
            r#"{"id":"x","id":"y"}"#,
        ] {
            let json = format!(r#"{{"id":"n-1","transaction":{transaction},"type":"{event}"}}"#);
            let notification = secrets().read(&headers(&[b"new-secret"]), json.clone()).unwrap();
            assert_eq!(notification.event_type.as_str(), event);
            assert_eq!(notification.transaction, None, "{json}");
            assert_eq!(&notification.raw()[..], json.as_bytes());
        }
    }
}

#[test]
fn an_empty_result_id_names_no_result() {
    for event in ["transaction.state.updated", "task.state.updated"] {
        for result_id in [r#","resultId":"""#, r#","resultId":null"#, ""] {
            let json = format!(r#"{{"id":"n-1","type":"{event}","transaction":{{"id":"x"{result_id}}}}}"#);
            let notification = read::<Notification>(&json);
            let transaction = notification.transaction.as_ref().unwrap();
            assert_eq!((transaction.id.as_str(), &transaction.result_id), ("x", &None));
        }
    }
}

#[test]
fn whoever_does_not_know_a_secret_is_not_read() {
    for values in [
        vec![],
        vec![&b""[..]],
        vec![&b"wrong-secre"[..]],
        vec![&b"new-secret2"[..]],
        vec![&b"new-secre"[..]],
        vec![&b"NEW-SECRET"[..]],
        vec![&b"new-secret,old-secret"[..]],
        vec![&b"new-secret\xff"[..]],
        vec![&b"new-secret"[..], &b"old-secret"[..]],
        vec![&b"new-secret"[..], &b"wrong"[..]],
        vec![&b"wrong"[..], &b"new-secret"[..]],
    ] {
        // What is not JSON at all: it would be another error if it had been looked at.
        let error = secrets().read(&headers(&values), "no JSON").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth, "{values:?}");
        assert_eq!(error.provider(), "cm-idscan");
        assert!(!format!("{error} {error:?}").contains("secret2"));
    }
    let mut other = HeaderMap::new();
    other.insert("x-other", HeaderValue::from_static("new-secret"));
    assert!(secrets().check(&other).unwrap_err().is_auth());
    secrets().check(&headers(&[b"new-secret"])).unwrap();
    let shown = format!("{:?}", secrets());
    assert!(
        shown.contains("x-webhook-secret") && !shown.contains("new-secret"),
        "{shown}"
    );
}

#[test]
fn a_notification_that_cannot_be_read_is_an_error_that_quotes_nothing() {
    let good = headers(&[b"new-secret"]);
    for body in [
        "",
        "Needle",
        "[]",
        r#"["Needle"]"#,
        r#"{"type":"transaction.state.updated"}"#,
        r#"{"id":"n-1"}"#,
        r#"{"id":"","type":"t"}"#,
        r#"{"id":"..","type":"t"}"#,
        r#"{"id":"n-1","type":7}"#,
        r#"{"id":"n-1","type":"t","type":"Needle"}"#,
        r#"{"id":"n-1","type":"t","transaction":{},"transaction":"Needle"}"#,
        r#"{"id":"n-1","type":"t","transaction":"Needle}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":"Needle"}"#,
        r#"{"transaction":"Needle","id":"n-1","type":"transaction.state.updated"}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":["Needle"]}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":{"state":"completed"}}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":{"id":".."}}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":{"id":"x","resultId":"."}}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":{"id":"x","resultId":7}}"#,
        r#"{"id":"n-1","type":"transaction.state.updated","transaction":{"id":"x","id":"Needle"}}"#,
    ] {
        let error = secrets().read(&good, body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(!format!("{error} {error:?}").contains("Needle"), "{body}");
    }
}

#[test]
fn an_event_that_is_named_twice_is_asked_for_once() {
    use EventType::{TaskStateUpdated, TransactionStateUpdated};
    let scripted = Scripted::golden([Step::json(201, ADDED)]);
    let create = scripted.client.webhooks().create("https://app.example.net/hook");
    let events = [TaskStateUpdated, TransactionStateUpdated, TaskStateUpdated];
    scripted.run(create.events(events)).unwrap();
    scripted.assert_sent(
        &format!("POST {BASE}/webhooks"),
        "application/json",
        r#"{"url":"https://app.example.net/hook","events":["task.state.updated","transaction.state.updated"]}"#,
    );
}

#[test]
fn a_secret_of_any_printable_ascii_fits() {
    let secrets = WebhookSecrets::new("authorization", [Secret::new("Bearer !~ 1")]).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static("Bearer !~ 1"));
    secrets.check(&headers).unwrap();
}

#[test]
fn secrets_that_could_not_protect_are_refused() {
    for secrets in [
        vec![],
        vec![Secret::new("")],
        vec![Secret::new("a"), Secret::new("")],
        // They are cut, refused or written in another way on the road: no header would ever match.
        vec![Secret::new("abc\n")],
        vec![Secret::new(" abc ")],
        vec![Secret::new("a"), Secret::new("ab\u{e9}c")],
        vec![Secret::new("a\tb")],
        vec![Secret::new("a\u{7f}")],
    ] {
        assert!(
            WebhookSecrets::new("x-webhook-secret", secrets)
                .unwrap_err()
                .is_configuration()
        );
    }
    for header in [
        "",
        "a b",
        "a:b",
        "a\r\nb",
        "Content-Length",
        "content-type",
        "host",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
    ] {
        assert!(
            WebhookSecrets::new(header, [Secret::new("a")])
                .unwrap_err()
                .is_configuration()
        );
    }
}
