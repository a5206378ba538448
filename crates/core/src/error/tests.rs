use http::{HeaderMap, HeaderValue};

use super::*;

fn facts(body: &str) -> (Option<String>, Option<String>) {
    let facts = read_error_facts(&HeaderMap::new(), body.as_bytes());
    (facts.code.map(String::from), facts.message.map(String::from))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn every_documented_shape_is_read() {
    let problem = r#"{"type":"https://developer.idlayr.com/docs/reference/api-errors#not_mobile_ip",
        "title":"Precondition Failed","detail":"the address is not mobile"}"#;
    assert_eq!(
        facts(problem),
        (some("not_mobile_ip"), some("the address is not mobile"))
    );
    assert_eq!(facts(r#"{"title":"Not Found"}"#), (None, some("Not Found")));
    assert_eq!(
        facts(r#"{"error":"invalid_client","error_description":"unknown client"}"#),
        (some("invalid_client"), some("unknown client"))
    );
    assert_eq!(
        facts(r#"{"status":404,"message":"Transaction not found"}"#),
        (None, some("Transaction not found"))
    );
    assert_eq!(facts(r#"{"message":"no"}"#), (None, some("no")));
    assert_eq!(facts("\"SESSION_NOT_FOUND\""), (None, some("SESSION_NOT_FOUND")));
}

#[test]
fn anything_else_is_no_fact_and_no_failure() {
    for body in [
        "",
        "<html><h1>502</h1></html>",
        "[]",
        "17",
        "{\"error\":{\"a\":1}}",
        "{",
        "\u{0}",
        &"[".repeat(10_000),
    ] {
        assert_eq!(facts(body), (None, None), "{}", body.len());
    }
}

#[test]
fn the_providers_text_is_cut_and_escaped() {
    let (_, message) = facts(&format!(
        r#"{{"message":"{}\u001b[31m\n"}}"#,
        "\u{e9}".repeat(4000)
    ));
    assert!(message.unwrap().len() <= 2048);
    let (code, message) = facts("{\"code\":\"a\\nb\",\"message\":\"\\u001b[31mred\\u202e\"}");
    assert_eq!(code.unwrap(), "a\\nb");
    assert_eq!(message.unwrap(), "\\u{1b}[31mred\\u{202e}");
}

#[test]
fn the_request_id_comes_from_a_header_or_the_body() {
    let mut headers = HeaderMap::new();
    assert_eq!(
        read_error_facts(&headers, br#"{"requestId":"r-2"}"#)
            .request_id
            .as_deref(),
        Some("r-2")
    );
    headers.insert("x-request-id", HeaderValue::from_static("r-1"));
    assert_eq!(
        read_error_facts(&headers, br#"{"requestId":"r-2"}"#)
            .request_id
            .as_deref(),
        Some("r-1")
    );
}

fn provider_error(status: u16, body: &str) -> Error {
    let mut error = Error::new(ErrorKind::Provider, "").with_delivery(Delivery::Refused);
    let inner = error.inner_mut();
    inner.provider = "idlayr";
    inner.operation = "phone_check.create";
    inner.method = "POST";
    inner.route = "/phone_check/v0.2/checks";
    inner.origin = Some("https://eu.api.idlayr.com".into());
    inner.attempts = 1;
    inner.status = StatusCode::from_u16(status).ok();
    inner.facts = read_error_facts(&HeaderMap::new(), body.as_bytes());
    inner.known_code = inner.facts.known_code(&["phone_format_invalid", "forbidden"]);
    inner.body = Bytes::copy_from_slice(body.as_bytes());
    error
}

#[test]
fn an_error_reads_as_one_line() {
    let error = provider_error(
        400,
        r#"{"type":"https://e.test/errors#phone_format_invalid","title":"Bad Request"}"#,
    );
    assert_eq!(
        error.to_string(),
        "idlayr phone_check.create: answered 400 Bad Request (phone_format_invalid); it was not carried out \
         [POST /phone_check/v0.2/checks at https://eu.api.idlayr.com]"
    );
    assert!(
        format!("{error:#}")
            .ends_with("what to do: read code() and provider_message(); the latter may hold personal data")
    );
    assert_eq!(
        Error::configuration("the client secret is empty").to_string(),
        "configuration error: the client secret is empty"
    );
}

#[test]
fn only_documented_codes_are_shown() {
    assert!(
        provider_error(403, r#"{"type":"https://e.test/#forbidden"}"#)
            .to_string()
            .contains("(forbidden)")
    );
    assert!(
        provider_error(400, r#"{"error":"invalid_scope"}"#)
            .to_string()
            .contains("(invalid_scope)")
    );
    let error = provider_error(400, r#"{"error":"anna.van-jansen"}"#);
    assert_eq!(error.code(), Some("anna.van-jansen"));
    assert!(!format!("{error} {error:?}").contains("anna"));
}

#[test]
fn an_unknown_outcome_says_so_first() {
    let mut error = provider_error(503, "");
    error = error.with_delivery(Delivery::Unknown);
    assert!(!error.is_safe_to_repeat());
    assert!(error.to_string().contains("it may have been carried out"));
    assert!(format!("{error:#}").contains("find out what became of the call"));
}

#[test]
fn nothing_of_the_providers_text_is_shown() {
    for body in [
        r#"{"error":"447700900042","error_description":"447700900042 is blocked"}"#,
        r#"{"message":"447700900042"}"#,
        r#"{"error":"447700900042.van-jansen"}"#,
        r#"{"type":"https://e.test/447700900042#n_447700900042","detail":"447700900042"}"#,
        "<html>447700900042</html>",
    ] {
        let error = provider_error(400, body);
        for text in [
            format!("{error}"),
            format!("{error:?}"),
            format!("{error:#}"),
            format!("{error:#?}"),
        ] {
            assert!(!text.contains("447700900042"), "{text}");
        }
    }
}
