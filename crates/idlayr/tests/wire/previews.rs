//! `.prepare()` shows what would be sent: method, address, shape. No value, no credential, and nothing is
//! sent.

use idlayr::testing::Step;
use idlayr::{CheckId, Client, CompletionCode, PhoneNumber, Preview, Secret, Sort, TokenKind, TraceId};

use crate::support::{ACCEPT, AGENT, Scripted};

const PRIVATE: [&str; 14] = [
    "447700900042",
    "7700",
    "203.0.113.9",
    "order-77",
    "app.example.net",
    "hook-1",
    "4fa09c17be",
    "t-secret",
    "client-1",
    "secret-1",
    "Bearer",
    "Basic",
    "c-private",
    "x-private",
];

fn show(preview: &Preview) -> String {
    let shown = format!("{preview}\n{preview:?}\n{preview:#?}");
    for private in PRIVATE {
        assert!(!shown.contains(private), "{private}: {shown}");
    }
    preview.to_string()
}

fn head(method_and_address: &str) -> String {
    format!("{method_and_address}\naccept: {ACCEPT}\naccept-encoding: identity\nuser-agent: {AGENT}")
}

#[test]
fn every_operation() {
    let scripted = Scripted::from_token(std::iter::empty::<Step>());
    let client: &Client = &scripted.client;
    let number = || PhoneNumber::parse("+447700900042").unwrap();
    let (id, trace_id) = (
        CheckId::new("c-private").unwrap(),
        TraceId::new("x-private").unwrap(),
    );
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let base = "https://eu.api.idlayr.com";
    for (version, get, traces, trace, list) in [
        (
            "v0.2",
            client.phone_checks().get(&id).prepare(),
            client.phone_checks().traces(&id).prepare(),
            client.phone_checks().trace(&id, &trace_id).prepare(),
            client.phone_checks().list().prepare(),
        ),
        (
            "v0.1",
            client.phone_checks_v0_1().get(&id).prepare(),
            client.phone_checks_v0_1().traces(&id).prepare(),
            client.phone_checks_v0_1().trace(&id, &trace_id).prepare(),
            client.phone_checks_v0_1().list().prepare(),
        ),
    ] {
        let route = format!("GET {base}/phone_check/{version}/checks");
        assert_eq!(show(&list.unwrap()), head(&route));
        assert_eq!(show(&get.unwrap()), head(&format!("{route}/{{check_id}}")));
        assert_eq!(
            show(&traces.unwrap()),
            head(&format!("{route}/{{check_id}}/traces"))
        );
        assert_eq!(
            show(&trace.unwrap()),
            head(&format!("{route}/{{check_id}}/traces/{{trace_id}}"))
        );
    }

    let create = client
        .phone_checks()
        .create(number())
        .phone_ip("203.0.113.9".parse().unwrap())
        .reference_id("order-77")
        .callback_url("https://app.example.net/hook-1?key=1")
        .redirect_url("https://app.example.net/done");
    assert!(!format!("{create:?}").contains("7700"));
    let preview = create.prepare().unwrap();
    assert_eq!(preview.operation(), "phone_check.create");
    assert_eq!(preview.method(), "POST");
    assert_eq!(preview.address(), format!("{base}/phone_check/v0.2/checks"));
    let shape: serde_json::Value = serde_json::from_str(preview.body()).unwrap();
    assert_eq!(
        shape,
        serde_json::json!({
            "phone_number": "[redacted]", "phone_ip": "[redacted]", "reference_id": "[redacted]",
            "callback_url": "[redacted]", "redirect_url": "[redacted]",
        })
    );
    assert!(show(&preview).contains("\ncontent-type: application/json\n"));

    let create = client.phone_checks_v0_1().create(number()).prepare().unwrap();
    assert_eq!(create.address(), format!("{base}/phone_check/v0.1/checks"));
    assert_eq!(create.body(), r#"{"phone_number":"[redacted]"}"#);
    show(&create);

    let complete = client.phone_checks().complete(&id, &code).prepare().unwrap();
    assert_eq!(complete.method(), "PATCH");
    assert_eq!(
        complete.address(),
        format!("{base}/phone_check/v0.2/checks/{{check_id}}")
    );
    assert_eq!(
        complete.body(),
        r#"[{"op":"[redacted]","path":"[redacted]","value":"[redacted]"}]"#
    );
    show(&complete);

    let list = client
        .phone_checks()
        .list()
        .page(2)
        .size(5)
        .search("reference_id==order-77")
        .sort(Sort::descending("created_at"));
    assert_eq!(
        show(&list.prepare().unwrap()).lines().next().unwrap(),
        format!(
            "GET {base}/phone_check/v0.2/checks?page=[redacted]&size=[redacted]&search=[redacted]&sort=[redacted]"
        )
    );

    let token = Secret::new("t-secret");
    let revoke = client
        .tokens()
        .revoke(&token, TokenKind::AccessToken)
        .prepare()
        .unwrap();
    assert_eq!(revoke.address(), format!("{base}/oauth2/v1/revoke"));
    assert_eq!(revoke.body(), "token_type_hint=[redacted]&token=[redacted]");
    show(&revoke);

    assert_eq!(
        scripted.transport.seen().len(),
        0,
        "nothing was sent, not even for a token"
    );
}

#[test]
fn credentials_that_travel_in_the_body() {
    let client = Client::builder("client-1", "secret-1")
        .client_authentication(idlayr::ClientAuthentication::Body)
        .build()
        .unwrap();
    let revoke = client
        .tokens()
        .revoke(&Secret::new("t-secret"), TokenKind::AccessToken);
    let preview = revoke.prepare().unwrap();
    assert_eq!(
        preview.body(),
        "token_type_hint=[redacted]&client_id=[redacted]&client_secret=[redacted]&token=[redacted]"
    );
    show(&preview);
}

#[test]
fn a_link_to_the_next_page_is_shown_by_its_route() {
    let scripted = Scripted::new([Step::json(
        200,
        r#"{"_embedded":{"checks":[]},"_links":{"next":{"href":"/phone_check/v0.2/checks?page=2&search=reference_id%3D%3Dorder-77"}}}"#,
    )]);
    let page = scripted.run(scripted.client.phone_checks().list()).unwrap();
    let preview = page.next().unwrap().prepare().unwrap();
    assert_eq!(
        preview.address(),
        "https://eu.api.idlayr.com/phone_check/v0.2/checks?page=[redacted]&search=[redacted]"
    );
    show(&preview);
    assert!(!format!("{page:?}").contains("order-77"));
}

#[test]
fn every_operation_of_subscriber_check() {
    let scripted = Scripted::from_token(std::iter::empty::<Step>());
    let client: &Client = &scripted.client;
    let number = || PhoneNumber::parse("+447700900042").unwrap();
    let (id, trace_id) = (
        CheckId::new("c-private").unwrap(),
        TraceId::new("x-private").unwrap(),
    );
    let code = CompletionCode::new("4fa09c17be").unwrap();
    let base = "https://eu.api.idlayr.com/subscriber_check";
    let (checks, old) = (client.subscriber_checks(), client.subscriber_checks_v0_1());
    for (version, previews) in [
        (
            "v0.2",
            [
                checks.list().prepare(),
                checks.get(&id).prepare(),
                checks.traces(&id).prepare(),
                checks.trace(&id, &trace_id).prepare(),
            ],
        ),
        (
            "v0.1",
            [
                old.list().prepare(),
                old.get(&id).prepare(),
                old.traces(&id).prepare(),
                old.trace(&id, &trace_id).prepare(),
            ],
        ),
    ] {
        let routes = [
            "",
            "/{check_id}",
            "/{check_id}/traces",
            "/{check_id}/traces/{trace_id}",
        ];
        for (preview, route) in previews.into_iter().zip(routes) {
            let line = format!("GET {base}/{version}/checks{route}");
            assert_eq!(show(&preview.unwrap()), head(&line));
        }
    }
    let create = checks
        .create(number())
        .reference_id("order-77")
        .redirect_url("https://app.example.net/done")
        .period(std::time::Duration::from_secs(7200));
    assert!(!format!("{create:?}").contains("7700"));
    let preview = create.prepare().unwrap();
    assert_eq!(preview.operation(), "subscriber_check.create");
    assert_eq!(preview.address(), format!("{base}/v0.2/checks"));
    let shape: serde_json::Value = serde_json::from_str(preview.body()).unwrap();
    assert_eq!(
        shape,
        serde_json::json!({
            "phone_number": "[redacted]", "reference_id": "[redacted]", "redirect_url": "[redacted]",
            "period": "[redacted]",
        })
    );
    show(&preview);
    let create = old.create(number()).prepare().unwrap();
    assert_eq!(create.address(), format!("{base}/v0.1/checks"));
    show(&create);
    let complete = checks.complete(&id, &code).prepare().unwrap();
    assert_eq!(complete.method(), "PATCH");
    assert_eq!(complete.operation(), "subscriber_check.complete");
    show(&complete);
}
