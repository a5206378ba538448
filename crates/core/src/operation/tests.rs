use super::*;

fn realm() -> Realm {
    Realm::builder("example", "https://api.example.com/v1/")
        .build()
        .unwrap()
}

#[test]
fn a_request_is_a_pure_function_of_the_operation() {
    let operation = Operation::post("check.create", &realm(), "/checks", &[])
        .unwrap()
        .query("mode", "a b&c")
        .json(&serde_json::json!({"phone_number": "447700900042"}))
        .unwrap();
    let request = operation.request().unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://api.example.com/v1/checks?mode=a+b%26c");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["accept-encoding"], "identity");
    assert_eq!(&request.body()[..], br#"{"phone_number":"447700900042"}"#);
    assert!(request.headers().get("authorization").is_none());
    assert_eq!(operation.repeatable(), Repeat::Once);
    assert_eq!(operation.request().unwrap().uri(), request.uri());
}

#[test]
fn links_are_followed_on_the_same_origin_only() {
    let realm = realm();
    for link in [
        "https://api.example.com/v1/checks?page=2",
        "https://API.example.com:443/v1/checks?page=2",
        "/v1/checks?page=2",
        "checks?page=2",
    ] {
        let operation = Operation::follow("check.list", &realm, "/checks", link).unwrap();
        assert_eq!(
            operation.request().unwrap().uri(),
            "https://api.example.com/v1/checks?page=2",
            "{link}"
        );
    }
    for link in [
        "https://evil.example/v1/checks?page=2",
        "http://api.example.com/v1/checks?page=2",
        "https://api.example.com:8443/v1/checks?page=2",
        "//evil.example/v1/checks",
        "\\\\evil.example/v1",
        "https://api.example.com@evil.example/",
        "https://user:pass@api.example.com/v1/checks",
        "javascript:alert(1)",
        "https://",
    ] {
        let error = Operation::follow("check.list", &realm, "/checks", link).unwrap_err();
        assert!(error.is_untrusted(), "{link}: {error}");
        assert!(!error.to_string().contains("evil"), "{error}");
    }
}

#[test]
fn no_caller_text_reaches_debug_or_errors() {
    let error = Operation::get("check.get", &realm(), "/checks/{check_id}", &["447700900042\n"]).unwrap_err();
    assert!(error.is_invalid_input());
    assert!(!format!("{error} {error:?}").contains("447700900042"));
    let operation = Operation::get("check.get", &realm(), "/checks/{check_id}", &["447700900042"])
        .unwrap()
        .query("search", "447700900042");
    assert!(!format!("{operation:?}").contains("447700900042"));
    let preview = operation.preview().unwrap();
    assert!(
        !format!("{preview} {preview:?}").contains("447700900042"),
        "{preview}"
    );
}

#[test]
fn line_breaks_in_a_query_are_refused_before_anything_is_sent() {
    for value in ["a\r\nHost: evil", "a\nb", "a\0b"] {
        let operation = Operation::get("check.list", &realm(), "/checks", &[])
            .unwrap()
            .query("search", value);
        assert!(operation.request().unwrap_err().is_invalid_input());
        assert!(operation.preview().unwrap_err().is_invalid_input());
    }
}

#[test]
fn a_preview_shows_the_shape_and_no_values() {
    let operation = Operation::post("session.begin", &realm(), "/begin", &[])
        .unwrap()
        .json(&serde_json::json!({"language": "en"}))
        .unwrap()
        .body_credential("company_key", Secret::new("k-123"))
        .unwrap();
    let preview = operation.preview().unwrap();
    let text = preview.to_string();
    assert!(text.contains("POST https://api.example.com/v1/begin"), "{text}");
    assert!(
        text.contains(r#"{"company_key":"[redacted]","language":"[redacted]"}"#),
        "{text}"
    );
    assert!(!text.contains("k-123"));
    assert!(
        String::from_utf8_lossy(operation.request().unwrap().body()).contains("k-123"),
        "the real request has the credential"
    );
}
