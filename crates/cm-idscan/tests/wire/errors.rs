//! What the provider says when it refuses (contract cm-idscan, 11).

use cm_idscan::testing::Step;
use cm_idscan::{Delivery, ErrorKind, Tasks};

use crate::support::{Scripted, id};

#[test]
fn status_and_message() {
    for (status, kind) in [
        (400, ErrorKind::Provider),
        (403, ErrorKind::Auth),
        (404, ErrorKind::Provider),
        (422, ErrorKind::Provider),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Provider),
    ] {
        let body = format!(r#"{{"status":{status},"message":"Transaction of Jan not found"}}"#);
        // As often as a read may be repeated.
        let scripted = Scripted::new(vec![Step::json(status, body.clone()); 3]);
        let error = scripted
            .run(scripted.client.transactions().get(&id()))
            .unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (kind, status));
        assert_eq!(error.provider_message(), Some("Transaction of Jan not found"));
        assert_eq!(error.code(), None, "no codes are documented");
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(error.operation(), "transaction.get");
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("Jan"),
            "what the provider wrote stays inside: {shown}"
        );
        assert!(!shown.contains("0a0a0a0a"), "{shown}");
    }
}

#[test]
fn a_gateways_page_is_kept() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    let gateway = || Step::answer(502, page).header("content-type", "text/html");
    let scripted = Scripted::new([gateway(), gateway(), gateway()]);
    let error = scripted
        .run(scripted.client.transactions().get(&id()))
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 502);
    assert_eq!(error.provider_message(), None);
    assert_eq!(error.body(), page);

    let scripted = Scripted::new([gateway()]);
    let create = scripted.client.transactions().create(Tasks::DocumentScan);
    let error = scripted.run(create).unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.body(), page);
}

/// Members that are missing or of another type leave the rest of the error as it is.
#[test]
fn half_an_error_is_an_error() {
    for body in [
        "",
        "{}",
        "[]",
        r#"{"status":"404","message":7}"#,
        r#"{"message":null}"#,
        "null",
    ] {
        let scripted = Scripted::new([Step::json(404, body)]);
        let error = scripted
            .run(scripted.client.transactions().get(&id()))
            .unwrap_err();
        assert_eq!(error.status().unwrap(), 404, "{body}");
        assert_eq!(error.provider_message(), None);
        assert_eq!(error.delivery(), Delivery::Refused);
    }
}
