//! What goes over the wire, and where.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use http::Method;
use verikit_core::auth::{Authorization, Authorize, Ticket};
use verikit_core::transport::{BundledTransport, SharedTransport};
use verikit_core::{Delivery, Operation, Realm, Repeat};

use super::server::{BOTH, OK, Server, call, client, client_with};

fn values<'a>(request: &'a str, name: &str) -> Vec<&'a str> {
    let head = request.split_once("\r\n\r\n").unwrap().0;
    let fields = head.lines().skip(1).map(|line| line.split_once(':').unwrap());
    fields
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .collect()
}

#[tokio::test]
async fn every_request_says_who_asks_and_wants_no_encoding_and_carries_nothing_over() {
    let answer = "HTTP/1.1 200 OK\r\nset-cookie: a=1; Path=/\r\ncontent-length: 2\r\n\r\n{}";
    let server = Server::saying(answer).await;
    let client = client();
    for repeat in BOTH {
        server.call(&client, repeat).await.unwrap();
    }
    assert_eq!(server.connections(), 1, "the connection is used again");
    for request in server.requests() {
        assert!(request.starts_with("POST /checks HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
        assert_eq!(values(&request, "accept-encoding"), ["identity"]);
        assert_eq!(values(&request, "accept"), ["application/json"]);
        assert_eq!(values(&request, "content-type"), ["application/json"]);
        assert_eq!(values(&request, "content-length"), ["7"]);
        assert_eq!(
            values(&request, "user-agent"),
            [concat!("verikit/", env!("CARGO_PKG_VERSION"))]
        );
        assert_eq!(values(&request, "host"), [server.address.to_string()]);
        for absent in [
            "cookie",
            "referer",
            "authorization",
            "transfer-encoding",
            "expect",
        ] {
            assert!(values(&request, absent).is_empty(), "{request}");
        }
    }
}

#[tokio::test]
async fn an_odd_id_arrives_as_the_one_segment_that_the_operation_shows() {
    let server = Server::saying(OK).await;
    let client = client();
    let ids = [
        "a b",
        "a/b",
        "a\\b",
        "%2e%2e",
        "%2F",
        "...",
        "a?b=c",
        "a#b",
        "a&b",
        "{a}",
        "|",
        "^",
        "`",
        "\"",
        "'",
        "<>",
        "[]",
        "@:",
        "a;b",
        "+",
        "*",
        "~",
        "d\u{f6}ner",
        "\u{1f44d}",
        "\u{202e}",
        "a\tb",
        "//evil.example",
        "http://evil.example/",
    ];
    let realm = server.realm();
    let mut sent = Vec::new();
    for id in ids {
        let Ok(operation) = Operation::get("check.get", &realm, "/checks/{id}/traces", &[id]) else {
            assert_eq!(id, "a\tb", "only control characters are refused here");
            continue;
        };
        let operation = operation.query("search", id).query("page", "1");
        let target = operation.path_and_query().to_owned();
        client.call_raw(operation).await.unwrap();
        assert_eq!(target.matches('/').count(), 3, "{target}");
        assert_eq!(target.matches(['?', '#']).count(), 1, "{target}");
        sent.push(format!("GET {target} HTTP/1.1"));
    }
    let arrived: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(arrived, sent);
}

#[tokio::test]
async fn plain_http_needs_the_opt_in_of_the_transport_too() {
    let server = Server::saying(OK).await;
    let strict = BundledTransport::builder().build().unwrap();
    let client = client_with(|settings| settings.transport(SharedTransport::new(strict)));
    let error = server.call(&client, Repeat::Once).await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!((error.delivery(), server.connections()), (Delivery::NotSent, 0));
    let plain = Realm::builder("example", format!("http://{}", server.address));
    assert!(plain.build().unwrap_err().is_configuration());
}

#[tokio::test]
async fn a_request_that_was_readdressed_on_its_way_goes_to_its_new_address() {
    use verikit_core::transport::Transport as _;

    let server = Server::saying(OK).await;
    let bundled = BundledTransport::builder()
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let target = server.address;
    let transport = SharedTransport::new(move |mut request: http::Request<bytes::Bytes>| {
        let bundled = bundled.clone();
        async move {
            *request.uri_mut() = format!("http://{target}/other").parse().unwrap();
            bundled.send(request).await
        }
    });
    let client = client_with(|settings| settings.transport(transport));
    let realm = Realm::builder("example", "https://api.example.com")
        .build()
        .unwrap();
    call(&client, &realm, Repeat::Once).await.unwrap();
    assert!(server.requests()[0].starts_with("POST /other HTTP/1.1\r\n"));
}

/// A credential that travels in the query.
#[derive(Debug)]
struct KeyInQuery;

impl Authorize for KeyInQuery {
    fn authorize<'a>(
        &'a self,
        request: &'a mut http::Request<bytes::Bytes>,
        _: Instant,
    ) -> Authorization<'a> {
        *request.uri_mut() = format!("{}?key=k-1", request.uri()).parse().unwrap();
        Authorization::Done(Ok(Ticket::default()))
    }
}

#[tokio::test]
async fn what_an_authorizer_changes_of_the_address_is_sent() {
    let server = Server::saying(OK).await;
    let base = format!("http://{}", server.address);
    let realm = Realm::builder("example", base)
        .dangerously_allow_plain_http(true)
        .authorize(Arc::new(KeyInQuery))
        .build()
        .unwrap();
    call(&client(), &realm, Repeat::Once).await.unwrap();
    let request = server.requests().remove(0);
    assert!(request.contains("?key=k-1 HTTP/1.1\r\n"), "{request}");
}

/// The environment of this process is shared by all tests, so a child of its own has the variables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxy_variables_are_ignored_unless_asked_for() {
    for (asked_for, at_target, at_proxy) in [("no", 1, 0), ("yes", 0, 1)] {
        let target = Server::saying(OK).await;
        let proxy = Server::saying(OK).await;
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args([
                "--exact",
                "transport::requests::child_with_proxy_variables",
                "--ignored",
            ])
            .env("VERIKIT_TEST_TARGET", target.address.to_string())
            .env("VERIKIT_TEST_USE_PROXY", asked_for)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env_remove("REQUEST_METHOD")
            .stdout(Stdio::null());
        for variable in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            child.env(variable, format!("http://{}", proxy.address));
        }
        let status = tokio::task::spawn_blocking(move || child.status().unwrap())
            .await
            .unwrap();
        assert!(status.success());
        assert_eq!((target.arrivals(), proxy.arrivals()), (at_target, at_proxy));
    }
}

#[tokio::test]
#[ignore = "makes one call with the proxy variables that proxy_variables_are_ignored_unless_asked_for sets"]
async fn child_with_proxy_variables() {
    let target = std::env::var("VERIKIT_TEST_TARGET").unwrap();
    let use_proxy = std::env::var("VERIKIT_TEST_USE_PROXY").unwrap() == "yes";
    let transport = BundledTransport::builder()
        .dangerously_allow_plain_http(true)
        .use_environment_proxy(use_proxy)
        .build()
        .unwrap();
    let client = client_with(|settings| settings.transport(SharedTransport::new(transport)));
    let realm = Realm::builder("example", format!("http://{target}"))
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let operation = Operation::new(Method::POST, Repeat::Once, "check.create", &realm, "/checks", &[]);
    client.call_raw(operation.unwrap()).await.unwrap();
}
