//! Scripted answers, the log of calls, starting and stopping.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;
use support::{Client, JSON, call, sandbox, try_call, url};
use tokio::net::{TcpListener, TcpStream};
use verikit_sandbox::{IdlayrProject, Sandbox, SandboxError, ScriptedAnswer};

const CHECKS: &str = "/phone_check/v0.2/checks";

fn body() -> String {
    json!({ "phone_number": "447700900042" }).to_string()
}

#[tokio::test]
async fn a_scripted_answer_is_given_once() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    sandbox.idlayr().answer_next(
        ScriptedAnswer::new(StatusCode::SERVICE_UNAVAILABLE)
            .header(RETRY_AFTER, HeaderValue::from_static("1"))
            .body(HeaderValue::from_static("text/html"), "<h1>Down</h1>"),
    );
    let answer = client.send(Method::POST, CHECKS, JSON, body()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("content-type"), "text/html");
    assert_eq!(answer.text(), "<h1>Down</h1>");
    assert_eq!(
        sandbox.calls().last().unwrap().authentication(),
        "not checked (scripted answer)"
    );
    assert!(sandbox.idlayr().checks().is_empty());
    assert_eq!(client.send(Method::POST, CHECKS, JSON, body()).await.status, 201);
}

#[tokio::test]
async fn scripted_answers_wait_for_the_request_that_fits() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let answer = |status| ScriptedAnswer::new(StatusCode::from_u16(status).unwrap());
    sandbox.idlayr().answer_next(
        answer(500)
            .for_path_prefix("/phone_check")
            .for_method(Method::POST),
    );
    sandbox
        .idlayr()
        .answer_next(answer(502).for_path_prefix("/oauth2"));
    sandbox
        .idlayr()
        .answer_next(answer(504).for_path_prefix("/phone_check"));
    assert_eq!(client.get(CHECKS).await.status, 504);
    assert_eq!(client.get(CHECKS).await.status, 200);
    assert_eq!(client.send(Method::POST, CHECKS, JSON, body()).await.status, 500);
    assert_eq!(sandbox.idlayr().waiting_answers(), 1);
    assert_eq!(
        call(Method::POST, &url(&sandbox, "/oauth2/v1/token"), &[], "")
            .await
            .status,
        502
    );
}

#[tokio::test]
async fn a_scripted_answer_waits_for_its_host() {
    let sandbox = sandbox().await;
    let answer = ScriptedAnswer::new(StatusCode::TOO_MANY_REQUESTS).for_host("api.us.prd.caf.io");
    sandbox.caf().answer_next(answer);
    for (base, status) in [
        (sandbox.caf().core_url(), 404),
        (sandbox.caf().connect_url(), 429),
        (sandbox.caf().connect_url(), 404),
    ] {
        let url = base.join("/no/such/path").unwrap();
        assert_eq!(call(Method::GET, url.as_str(), &[], "").await.status, status);
    }
    assert_eq!(sandbox.caf().waiting_answers(), 0);
}

#[tokio::test]
async fn a_create_can_be_carried_out_and_lost() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::drop_connection_after_processing());
    let bearer = format!("Bearer {}", client.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
    let lost = try_call(Method::POST, &url(&sandbox, CHECKS), &headers, body()).await;
    assert!(lost.is_err());
    assert_eq!(sandbox.idlayr().checks().len(), 1);
    let call = sandbox.calls().last().unwrap().clone();
    assert_eq!(
        (call.status(), call.authentication()),
        (None, "bearer token ok (scope phone_check)")
    );

    sandbox.idlayr().answer_next(ScriptedAnswer::drop_connection());
    assert!(
        try_call(Method::POST, &url(&sandbox, CHECKS), &headers, body())
            .await
            .is_err()
    );
    assert_eq!(sandbox.idlayr().checks().len(), 1);

    sandbox
        .idlayr()
        .answer_next(ScriptedAnswer::new(StatusCode::BAD_GATEWAY).after_processing());
    assert_eq!(client.send(Method::POST, CHECKS, JSON, body()).await.status, 502);
    assert_eq!(sandbox.idlayr().checks().len(), 2);
}

#[tokio::test]
async fn silence_lasts_until_the_sandbox_stops() {
    let sandbox = sandbox().await;
    sandbox.idlayr().answer_next(ScriptedAnswer::silence());
    let target = url(&sandbox, CHECKS);
    let waiting = tokio::spawn(async move { try_call(Method::GET, &target, &[], "").await.is_err() });
    while sandbox.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished());
    sandbox.shutdown().await;
    assert!(waiting.await.unwrap());
}

#[tokio::test]
async fn recorded_calls_hold_no_secret_and_no_query() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    client.send(Method::POST, CHECKS, JSON, body()).await;
    client
        .get(&format!("{CHECKS}?search=reference_id==447700900042"))
        .await;
    let calls = sandbox.calls();
    let lines: Vec<_> = calls
        .iter()
        .map(|call| format!("{} {} {}", call.host(), call.method(), call.path()))
        .collect();
    assert_eq!(
        lines,
        [
            "eu.api.idlayr.com POST /oauth2/v1/token",
            "eu.api.idlayr.com POST /phone_check/v0.2/checks",
            "eu.api.idlayr.com GET /phone_check/v0.2/checks",
        ]
    );
    assert_eq!(calls[1].status(), Some(StatusCode::CREATED));
    let all = format!("{calls:?} {sandbox:?} {:?}", sandbox.idlayr());
    for secret in [
        sandbox.idlayr().client_secret(),
        client.token.as_str(),
        "447700900042",
    ] {
        assert!(!all.contains(secret), "{all}");
    }
    sandbox.clear_calls();
    assert!(sandbox.calls().is_empty());
}

#[tokio::test]
async fn a_long_path_is_cut_in_the_log() {
    let sandbox = sandbox().await;
    call(
        Method::GET,
        &url(&sandbox, &format!("/{}", "a".repeat(5000))),
        &[],
        "",
    )
    .await;
    assert_eq!(sandbox.calls()[0].path().len(), 300);
}

#[tokio::test]
async fn exports_lead_a_client_here() {
    let sandbox = sandbox().await;
    let exports = sandbox.exports();
    let names: Vec<_> = exports.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "IDLAYR_BASE_URL",
            "IDLAYR_CLIENT_ID",
            "IDLAYR_CLIENT_SECRET",
            "IDLAYR_SCOPES",
            "IDLAYR_CONSOLE_CLIENT_ID",
            "IDLAYR_CONSOLE_CLIENT_SECRET",
            "IDLAYR_ALLOW_PLAIN_HTTP",
            "CM_IDENTITY_BASE_URL",
            "CM_IDENTITY_KEY_ID",
            "CM_IDENTITY_SECRET",
            "CM_IDENTITY_ALLOW_PLAIN_HTTP",
            "CM_IDSCAN_BASE_URL",
            "CM_IDSCAN_KEY_ID",
            "CM_IDSCAN_SECRET",
            "CM_IDSCAN_ALLOW_PLAIN_HTTP",
            "IDENTOMAT_BASE_URL",
            "IDENTOMAT_WIDGET_URL",
            "IDENTOMAT_COMPANY_KEY",
            "IDENTOMAT_SECRET_KEY",
            "IDENTOMAT_ALLOW_PLAIN_HTTP",
            "CAF_MOBILE_BASE_URL",
            "CAF_SDK_BASE_URL",
            "CAF_CORE_BASE_URL",
            "CAF_CONNECT_BASE_URL",
            "CAF_GLOBAL_BASE_URL",
            "CAF_CPF_SYNC_BASE_URL",
            "CAF_MOBILE_CLIENT_ID",
            "CAF_MOBILE_CLIENT_SECRET",
            "CAF_CORE_TOKEN",
            "CAF_CONNECT_CLIENT_ID",
            "CAF_CONNECT_CLIENT_SECRET",
            "CAF_GLOBAL_TOKEN",
            "CAF_ALLOW_PLAIN_HTTP"
        ]
    );
    let value = |name: &str| {
        let found = exports.iter().find(|(exported, _)| exported == name);
        found.map(|(_, value)| value.as_str()).unwrap()
    };
    let (idlayr, cm) = (sandbox.idlayr(), sandbox.cm());
    let (identomat, caf) = (sandbox.identomat(), sandbox.caf());
    for (base_url, url) in [
        ("IDLAYR_BASE_URL", idlayr.base_url()),
        ("IDENTOMAT_BASE_URL", identomat.base_url()),
        ("IDENTOMAT_WIDGET_URL", identomat.widget_url()),
        ("CAF_MOBILE_BASE_URL", caf.mobile_url()),
    ] {
        assert_eq!(format!("{}/", value(base_url)), url.as_str());
    }
    assert_eq!(value("IDLAYR_CLIENT_SECRET"), idlayr.client_secret());
    assert_eq!(value("IDLAYR_CONSOLE_CLIENT_ID"), idlayr.console_client_id());
    assert_eq!(
        value("IDLAYR_CONSOLE_CLIENT_SECRET"),
        idlayr.console_client_secret()
    );
    assert_eq!(value("IDLAYR_ALLOW_PLAIN_HTTP"), "true");
    assert_eq!(value("CM_IDENTITY_BASE_URL"), cm.mobile_identity_url().as_str());
    assert_eq!(value("CM_IDENTITY_SECRET"), cm.secret());
    assert_eq!(value("CM_IDSCAN_BASE_URL"), cm.id_scan_url().as_str());
    assert_eq!(value("IDENTOMAT_SECRET_KEY"), identomat.secret_key());
    assert_eq!(value("CAF_GLOBAL_BASE_URL"), caf.global_url().as_str());
    assert_eq!(value("CAF_MOBILE_CLIENT_SECRET"), caf.mobile_client_secret());
    assert_eq!(value("CAF_GLOBAL_TOKEN"), caf.global_token());
}

#[tokio::test]
async fn export_lines_survive_a_shell() {
    let sandbox = sandbox().await;
    let script = format!(
        "{}\nprintf '%s' \"$IDLAYR_SCOPES\"",
        sandbox.export_lines().join("\n")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let scopes = "phone_check coverage subscriber_check sim_check mo_check";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), scopes);
}

const PORTS: usize = 13;

fn ports(sandbox: &Sandbox) -> [u16; PORTS] {
    [
        sandbox.control_url(),
        sandbox.idlayr().base_url(),
        sandbox.idlayr().operator_url(),
        sandbox.cm().mobile_identity_url(),
        sandbox.cm().id_scan_page_url(),
        sandbox.identomat().widget_url(),
        sandbox.caf().mobile_url(),
        sandbox.caf().sdk_url(),
        sandbox.caf().core_url(),
        sandbox.caf().connect_url(),
        sandbox.caf().connect_mtls_url(),
        sandbox.caf().global_url(),
        sandbox.caf().cpf_sync_url(),
    ]
    .map(|url| url.port().unwrap())
}

#[tokio::test]
async fn a_first_port_fixes_those_after_it() {
    // Another program may take a port in between: then try others.
    for _ in 0..50 {
        let first = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        match Sandbox::builder().port(first).start().await {
            Ok(sandbox) => {
                let expected: Vec<u16> = (first..).take(PORTS).collect();
                assert_eq!(ports(&sandbox).to_vec(), expected);
                return;
            }
            Err(SandboxError::Bind { .. } | SandboxError::Ports { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    panic!("no free ports in a row");
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Sandbox::builder().port(port).start().await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on 127.0.0.1:{port}"));
    let error = Sandbox::builder().port(u16::MAX).start().await.unwrap_err();
    assert!(
        matches!(error, SandboxError::Ports { .. } | SandboxError::Bind { .. }),
        "{error}"
    );
    let project = || IdlayrProject::new("twice", "secret");
    let error = Sandbox::builder()
        .idlayr_project(project())
        .idlayr_project(project())
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, SandboxError::DuplicateClientId { .. }), "{error}");
}

async fn is_listening(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

/// Yields until the ports are closed; the limit only ends a test that has failed.
async fn assert_closed(ports: [u16; PORTS]) {
    for port in ports {
        let mut tries = 0;
        while is_listening(port).await {
            tries += 1;
            assert!(tries < 10_000, "port {port} is still open");
            tokio::task::yield_now().await;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether it waits is a matter of real time"
)]
#[tokio::test(flavor = "multi_thread")]
async fn shutdown_closes_every_port_at_once() {
    let sandbox = sandbox().await;
    let ports = ports(&sandbox);
    // A connection that is kept open without a request does not hold it up.
    let idle = TcpStream::connect(("127.0.0.1", ports[1])).await.unwrap();
    let stopped = tokio::time::Instant::now();
    sandbox.shutdown().await;
    assert!(stopped.elapsed() < Duration::from_secs(2));
    for port in ports {
        assert!(!is_listening(port).await);
    }
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_sandbox_stops_it() {
    let sandbox = sandbox().await;
    let ports = ports(&sandbox);
    let connection = TcpStream::connect(("127.0.0.1", ports[1])).await.unwrap();
    drop(sandbox);
    assert_closed(ports).await;
    // The open connection ends too: reading finds its end.
    connection.readable().await.unwrap();
    let read = connection.try_read(&mut [0; 1]);
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
}
