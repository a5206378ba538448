//! Workspaces, and what a token for them is asked with.

use idlayr::console::{Console, ConsoleConfig, MemberRole, Workspace, WorkspaceResidency};
use idlayr::{Answer, Currency, DataResidency, Environment};

use super::{BEARER, HAL, MEMBER, PATCH, ROOT, WORKSPACE, console, workspace_id};
use crate::support::{FORM, TOKEN_ANSWER, Wire};

fn workspace(embedded: &str) -> String {
    format!(
        r#"{{"workspace_id":"{WORKSPACE}","data_residency":"EU","name":"Example","created_at":"2020-06-01T16:43:30+0000","_links":{{"self":{{"href":"{ROOT}"}},"members":{{"href":"{ROOT}/members"}}}}{embedded}}}"#
    )
}

fn balance() -> String {
    format!(
        r#","_embedded":{{"balance":{{"currency":"GBP","amount_available":12.3400,"amount_reserved":-0.5,"credit_limit":0}},"me":{{"member_id":"{MEMBER}","name":"Anna Jansen","role":"OWNER"}}}}"#
    )
}

#[tokio::test]
async fn the_token_is_asked_for_with_the_consoles_scope() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, workspace(""));
    wire.answer(200, HAL, workspace(""));
    let console = console(&wire);
    for _ in 0..2 {
        console.workspaces().get(&workspace_id()).await.unwrap();
    }
    let all = wire.all();
    assert_eq!(all.len(), 3, "one token serves both calls");
    all[0].assert(
        &wire,
        "POST /oauth2/v1/token",
        &[
            ("authorization", "Basic d29ya3NwYWNlLTE6c2VjcmV0LTE="),
            ("content-type", FORM),
        ],
        "grant_type=client_credentials&scope=console",
    );
    assert_eq!(console.access_token().await.unwrap().expose(), "AbCdEf.123456");
    assert_eq!(wire.all().len(), 3);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let wire = Wire::start().await;
    let old = TOKEN_ANSWER.replace("AbCdEf", "old");
    wire.answer_token(200, &[("content-type", "application/json")], old);
    wire.answer(200, HAL, workspace(""));
    wire.answer(
        401,
        "application/problem+json",
        r#"{"title":"Access Token Error"}"#,
    );
    wire.answer(200, HAL, workspace(""));
    let console = console(&wire);
    for _ in 0..2 {
        console.workspaces().get(&workspace_id()).await.unwrap();
    }
    let calls = wire.calls();
    assert_eq!((wire.all().len(), calls.len()), (5, 3));
    assert_eq!(calls[1].header("authorization"), Some("Bearer old.123456"));
    assert_eq!(calls[2].header("authorization"), Some(BEARER.1));
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    let items = format!("{},{}", workspace(&balance()), workspace(""));
    wire.answer(
        200,
        HAL,
        format!(
            r#"{{"page":{{"size":10,"number":1,"total_pages":1,"total_elements":2}},"_embedded":{{"workspaces":[{items}]}},"_links":{{"self":{{"href":"/console/v0.2/workspaces"}},"next":null}}}}"#
        ),
    );
    let page = console(&wire).workspaces().list().await.unwrap();
    wire.call()
        .assert(&wire, "GET /console/v0.2/workspaces", &[BEARER], "");
    assert_eq!(page.page.unwrap().total_elements, 2);
    assert_every_member(&page.items[0]);
    assert_eq!(page.items[1].balance(), None);
    assert!(page.next().is_none());
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, workspace(&balance()));
    let workspace = console(&wire).workspaces().get(&workspace_id()).await.unwrap();
    wire.call().assert(&wire, &format!("GET {ROOT}"), &[BEARER], "");
    assert_every_member(&workspace);
}

#[test]
fn residencies_are_those_of_the_hosts() {
    for (text, residency, of_host) in [
        ("EU", WorkspaceResidency::Eu, DataResidency::EU),
        ("IN", WorkspaceResidency::In, DataResidency::IN),
        ("US", WorkspaceResidency::Us, DataResidency::US),
    ] {
        assert_eq!(WorkspaceResidency::from(text), residency);
        assert_eq!(residency.data_residency().unwrap(), of_host);
    }
    assert_eq!(WorkspaceResidency::KNOWN.len(), 3);
}

/// Every member of [`workspace`] with [`balance`].
#[track_caller]
fn assert_every_member(workspace: &Answer<Workspace>) {
    assert_eq!(workspace.workspace_id, workspace_id());
    assert_eq!(workspace.data_residency, Some(WorkspaceResidency::Eu));
    assert_eq!(workspace.name.as_ref().unwrap().expose(), "Example");
    assert_eq!(
        workspace.created_at.as_ref().unwrap().unix_seconds(),
        1_591_029_810
    );
    let balance = workspace.balance().unwrap();
    assert_eq!(balance.currency, Some(Currency::Gbp));
    let digits = |amount: &Option<idlayr::value::Amount>| amount.as_ref().unwrap().as_str().to_owned();
    assert_eq!(digits(&balance.amount_available), "12.3400");
    assert_eq!(digits(&balance.amount_reserved), "-0.5");
    assert_eq!(digits(&balance.credit_limit), "0");
    let me = workspace.me().unwrap();
    assert_eq!(me.member_id.as_ref().unwrap().as_str(), MEMBER);
    assert_eq!(me.role, Some(MemberRole::Owner));
    assert_eq!(me.name.as_ref().unwrap().expose(), "Anna Jansen");
}

#[tokio::test]
async fn what_informs_may_be_odd() {
    let wire = Wire::start().await;
    for (embedded, has_balance, has_me) in [
        (r#","_embedded":null"#, false, false),
        (r#","_embedded":[]"#, false, false),
        (r#","_embedded":{"balance":["GBP",12],"me":null}"#, false, false),
        (
            r#","_embedded":{"balance":{"amount_available":"12"},"me":{}}"#,
            true,
            true,
        ),
    ] {
        wire.answer(200, HAL, workspace(embedded));
        let workspace = console(&wire).workspaces().get(&workspace_id()).await.unwrap();
        assert_eq!(workspace.balance().is_some(), has_balance, "{embedded}");
        assert_eq!(workspace.me().is_some(), has_me, "{embedded}");
        let available = workspace
            .balance()
            .and_then(|balance| balance.amount_available.as_ref());
        assert_eq!(available, None, "no number is made of what is none");
    }
}

#[tokio::test]
async fn rename() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, workspace(&balance()));
    let workspaces = console(&wire).workspaces();
    let renamed = workspaces.rename(&workspace_id(), "New \"name\"").await;
    assert_every_member(&renamed.unwrap());
    wire.call().assert(
        &wire,
        &format!("PATCH {ROOT}"),
        &[BEARER, PATCH],
        r#"[{"op":"replace","path":"/name","value":"New \"name\""}]"#,
    );
}

#[test]
fn the_environment_has_credentials_of_its_own() {
    let read = |settings: &[(&str, &str)]| {
        let settings: Vec<(String, String)> = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let environment = Environment::new(move |name: &str| {
            let found = settings.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        });
        ConsoleConfig::from_environment(&environment).and_then(ConsoleConfig::build)
    };
    let own = [
        ("IDLAYR_CONSOLE_CLIENT_ID", "w-1"),
        ("IDLAYR_CONSOLE_CLIENT_SECRET", "s-1"),
    ];
    read(&own).unwrap();
    let project = [("IDLAYR_CLIENT_ID", "c-1"), ("IDLAYR_CLIENT_SECRET", "s-1")];
    let error = read(&project).unwrap_err();
    assert!(error.is_configuration());
    assert!(error.to_string().contains("IDLAYR_CONSOLE_CLIENT_ID"), "{error}");
    for (name, value) in [
        ("IDLAYR_DATA_RESIDENCY", "eu.example/"),
        ("IDLAYR_BASE_URL", "http://api.example.com"),
        ("IDLAYR_ALLOW_PLAIN_HTTP", "perhaps"),
    ] {
        let error = read(&[own[0], own[1], (name, value)]).unwrap_err();
        assert!(error.is_configuration(), "{name}");
        assert_eq!(error.provider(), "idlayr");
    }
    assert!(Console::builder("", "s").build().unwrap_err().is_configuration());
    assert!(Console::builder("w", "").build().unwrap_err().is_configuration());
}

#[tokio::test]
async fn the_environments_address_is_used() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, workspace(""));
    let base = wire.base();
    let environment = Environment::new(|name: &str| match name {
        "IDLAYR_CONSOLE_CLIENT_ID" => Some("workspace-1".to_owned()),
        "IDLAYR_CONSOLE_CLIENT_SECRET" => Some("secret-1".to_owned()),
        "IDLAYR_BASE_URL" => Some(base.clone()),
        "IDLAYR_ALLOW_PLAIN_HTTP" => Some("true".to_owned()),
        _ => None,
    });
    let console = ConsoleConfig::from_environment(&environment)
        .unwrap()
        .build()
        .unwrap();
    console.workspaces().get(&workspace_id()).await.unwrap();
    assert_eq!(wire.call().line, format!("GET {ROOT}"));
}
