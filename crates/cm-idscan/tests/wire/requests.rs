//! The escape hatch: any route, authorised, limited and redacted like every other call.

use cm_idscan::testing::Step;
use cm_idscan::{Delivery, ErrorKind, Repeat};
use http::Method;
use serde::{Serialize, Serializer};

use crate::support::{BASE, ID, Scripted};

#[test]
fn any_method_path_query_and_body() {
    let scripted = Scripted::golden([Step::json(200, "[1]")]);
    let answer = scripted
        .run(
            scripted
                .client
                .request(Method::PUT, ["webhooks", "a/b"])
                .query("page", "1 & 2")
                .query("x", "")
                .json(&serde_json::json!({"events": []})),
        )
        .unwrap();
    scripted.assert_sent(
        &format!("PUT {BASE}/webhooks/a%2Fb?page=1+%26+2&x="),
        "*/*",
        r#"{"events":[]}"#,
    );
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (200, &b"[1]"[..]));

    let scripted = Scripted::golden([Step::answer(204, "")]);
    let answer = scripted
        .run(scripted.client.request(Method::DELETE, ["transactions", ID]))
        .unwrap();
    scripted.assert_sent(&format!("DELETE {BASE}/transactions/{ID}"), "*/*", "");
    assert_eq!(answer.status(), 204);
}

#[test]
fn sent_once_unless_told_otherwise() {
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let steps = || [Step::json(503, "{}"), Step::json(200, "{}")];
        let scripted = Scripted::new(steps());
        let error = scripted
            .run(scripted.client.request(method.clone(), ["x"]))
            .unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(scripted.transport.seen().len(), 1, "{method}");

        let scripted = Scripted::new(steps());
        let call = scripted
            .client
            .request(method.clone(), ["x"])
            .repeat(Repeat::Safe);
        scripted.run(call).unwrap();
        assert_eq!(scripted.transport.seen().len(), 2, "{method}");
    }
}

#[test]
fn a_report_is_a_stream() {
    let large = vec![1; 3 * 1024 * 1024];
    let report = Step::answer(200, large.clone()).header("content-type", "application/pdf");
    let scripted = Scripted::golden([report]);
    let bytes = scripted.run(async {
        let call = scripted
            .client
            .request(Method::GET, ["transactions", ID, "made-up"]);
        let download = call.stream().await?;
        assert_eq!(download.content_type(), Some("application/pdf"));
        download.bytes().await
    });
    assert_eq!(bytes.unwrap(), large);
    scripted.assert_sent(&format!("GET {BASE}/transactions/{ID}/made-up"), "*/*", "");

    // In memory it has the limit of JSON.
    let scripted = Scripted::new([Step::answer(200, large.clone()), Step::answer(200, large)]);
    let call = scripted.client.request(Method::GET, ["x"]);
    assert!(scripted.run(call).unwrap_err().is_too_large());
    let call = scripted
        .client
        .request(Method::GET, ["x"])
        .answer_limit(4 * 1024 * 1024);
    scripted.run(call).unwrap();
}

struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("Jansen-Needle"))
    }
}

#[test]
fn what_cannot_be_sent_is_refused_and_not_quoted() {
    let scripted = Scripted::new([]);
    let error = scripted
        .run(scripted.client.request(Method::POST, ["x"]).json(&Unwritable))
        .unwrap_err();
    scripted.assert_refused(&error);
    assert!(!format!("{error:?} {error}").contains("Needle"));
    let call = scripted.client.request(Method::GET, ["x"]).query("a", "b\r\nc");
    scripted.assert_refused(&scripted.run(call).unwrap_err());
}

#[test]
fn paths_are_not_shown() {
    let scripted = Scripted::new([Step::json(404, "{}")]);
    let request = scripted
        .client
        .request(Method::GET, ["users", "jan.jansen@example.net"])
        .query("surname", "Jansen");
    let shown = format!("{request:?} {:?}", request.prepare().unwrap());
    let error = scripted.run(request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
    let shown = format!("{shown} {error} {error:?}").to_lowercase();
    assert!(!shown.contains("jan"), "{shown}");
    assert!(shown.contains("/{segment}/{segment}"), "{shown}");
}
