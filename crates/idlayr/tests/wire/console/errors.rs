//! What goes wrong, and what is not sent twice.

use idlayr::testing::Step;
use idlayr::{Call, Delivery, ErrorKind, ProblemCode, Result};

use super::{PROJECT, Played, SECRET, WORKSPACE, client_id, member_id, project_id, workspace_id};

const UNAVAILABLE: &str = r#"{"title":"later"}"#;

fn problem(status: u16, code: &str) -> Step {
    Step::json(
        status,
        format!(
            r#"{{"type":"https://developer.tru.id/docs/reference/api-errors#{code}","title":"t","detail":"d"}}"#
        ),
    )
}

/// All calls of the console may be answered with 429 (contract idlayr, 13).
#[test]
fn a_rate_limit_says_how_long_to_wait() {
    let limited = || problem(429, "too_many_requests").header("retry-after", "7");
    let played = Played::new((0..6).map(|_| limited()));
    let projects = played.console.projects(&workspace_id());
    for error in [
        played.run(projects.list()).map(drop).unwrap_err(),
        played.run(projects.create("n")).map(drop).unwrap_err(),
    ] {
        assert!(error.is_rate_limited());
        assert_eq!(ProblemCode::of(&error), Some(ProblemCode::TooManyRequests));
        assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
        assert_eq!(error.delivery(), Delivery::Refused, "nothing was made");
    }
}

#[test]
fn other_error_bodies_keep_their_status() {
    for body in [
        "",
        "<html>",
        "[]",
        r#"{"error":"invalid_scope"}"#,
        r#"{"type":7}"#,
    ] {
        let played = Played::new([Step::answer(403, body)]);
        let error = played.run(played.console.workspaces().list()).unwrap_err();
        assert_eq!(error.status().unwrap(), 403, "{body}");
        assert_eq!(error.body(), body);
    }
}

/// What makes, changes or charges something, by the name of its operation.
fn sent_once(played: &Played) -> Vec<(&'static str, Result<()>)> {
    use idlayr::console::PaymentMethodId;
    let console = &played.console;
    let workspace = workspace_id();
    let (projects, members) = (console.projects(&workspace), console.members(&workspace));
    let method = PaymentMethodId::new("pm-1").unwrap();
    let top_up = console
        .billing(&workspace)
        .create_top_up(&method, &idlayr::Currency::Eur, "5");
    vec![
        (
            "console_workspace.rename",
            played.run(console.workspaces().rename(&workspace, "n")).map(drop),
        ),
        (
            "console_project.create",
            played.run(projects.create("n")).map(drop),
        ),
        (
            "console_project.update",
            played.run(projects.update(&project_id()).name("n")).map(drop),
        ),
        (
            "console_project_credential.create",
            played.run(projects.create_credential(&project_id())).map(drop),
        ),
        (
            "console_member_credential.create",
            played.run(members.create_credential(&member_id())).map(drop),
        ),
        ("console_top_up.create", played.run(top_up).map(drop)),
    ]
}

#[test]
fn what_may_have_been_carried_out_is_not_sent_again() {
    let steps = || std::iter::repeat_with(|| Step::json(503, UNAVAILABLE)).take(20);
    let played = Played::new(steps());
    let outcomes = sent_once(&played);
    assert_eq!(played.calls().len(), outcomes.len(), "each once");
    for (name, outcome) in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.operation(), name);
        assert_eq!(error.delivery(), Delivery::Unknown, "{name}");
        assert!(!error.is_safe_to_repeat(), "{name}");
    }
}

#[test]
fn reading_and_deleting_is_repeated() {
    let played = Played::new([
        Step::json(503, UNAVAILABLE),
        Step::json(200, r#"{"_embedded":{"projects":[]}}"#),
        Step::json(503, UNAVAILABLE),
        Step::answer(204, ""),
    ]);
    let projects = played.console.projects(&workspace_id());
    played.run(projects.list()).unwrap();
    played
        .run(projects.delete_credential(&project_id(), &client_id()))
        .unwrap();
    assert_eq!(played.calls().len(), 4);
}

#[test]
fn an_answer_about_something_else_is_an_error() {
    let other = "11111111-2222-4333-8444-555555555555";
    let bodies = [
        format!(r#"{{"workspace_id":"{other}"}}"#),
        format!(r#"{{"project_id":"{other}"}}"#),
        format!(r#"{{"member_id":"{other}"}}"#),
        format!(r#"{{"client_id":"{other}"}}"#),
        format!(r#"{{"project_id":"{other}"}}"#),
        // In another case it is the same identifier.
        format!(r#"{{"project_id":"{}"}}"#, PROJECT.to_ascii_uppercase()),
    ];
    let played = Played::new(bodies.map(|body| Step::json(200, body)));
    let console = &played.console;
    let projects = console.projects(&workspace_id());
    let errors = [
        played.run(console.workspaces().get(&workspace_id())).map(drop),
        played.run(projects.get(&project_id())).map(drop),
        played
            .run(console.members(&workspace_id()).get(&member_id()))
            .map(drop),
        played
            .run(projects.credential(&project_id(), &client_id()))
            .map(drop),
        played.run(projects.update(&project_id()).name("n")).map(drop),
    ];
    for error in errors {
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Decode);
    }
    played.run(projects.get(&project_id())).unwrap();
}

#[test]
fn answers_of_the_wrong_kind_are_errors_that_quote_nothing() {
    let secret = format!(r#"{{"client_secret":"{SECRET}""#);
    for body in [
        "",
        "null",
        "7",
        "[]",
        r#"[["6c1e2f30-9a4b-4c5d-8e6f-708192a3b4c5"]]"#,
        r#"{"workspace_id":7,"project_id":7,"client_id":7}"#,
        r#"{"project_id":"","client_id":"","client_secret":""}"#,
        &secret,
    ] {
        let played = Played::new((0..3).map(|_| Step::json(200, body.to_owned())));
        let projects = played.console.projects(&workspace_id());
        for error in [
            played.run(projects.create("n")).map(drop).unwrap_err(),
            played
                .run(projects.create_credential(&project_id()))
                .map(drop)
                .unwrap_err(),
            played.run(projects.get(&project_id())).map(drop).unwrap_err(),
        ] {
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Decode, Delivery::CarriedOut)
            );
            assert!(!String::from_utf8_lossy(error.body()).contains(SECRET));
        }
    }
}

#[test]
fn identifiers_stay_one_segment_of_the_path() {
    let played = Played::new([Step::json(200, r#"{"_embedded":{"projects":[]}}"#)]);
    let workspace = idlayr::console::WorkspaceId::new("a/../b?c#d").unwrap();
    played.run(played.console.projects(&workspace).list()).unwrap();
    let asked = played.calls()[0].uri.path().to_owned();
    assert_eq!(asked, "/console/v0.2/workspaces/a%2F..%2Fb%3Fc%23d/projects");
    assert!(idlayr::console::ClientId::new("..").is_err());
    assert!(idlayr::console::ClientId::new("").is_err());
}

#[test]
fn previews_show_the_path_and_no_value() {
    let played = Played::new([]);
    let projects = played.console.projects(&workspace_id());
    let preview = projects
        .update(&project_id())
        .name("Anna's shop")
        .prepare()
        .unwrap();
    assert!(!format!("{preview} {preview:?}").contains("Anna"));
    let preview = projects.create("Anna's shop").prepare().unwrap();
    assert_eq!(preview.operation(), "console_project.create");
    assert!(!format!("{preview} {preview:?}").contains("Anna"));
    let call: Call<()> = projects.delete_credential(&project_id(), &client_id());
    assert!(
        !format!("{call:?} {}", call.prepare().unwrap()).contains("c11e47"),
        "{call:?}"
    );
    assert_eq!(played.transport.seen().len(), 0);
    assert_eq!(WORKSPACE, workspace_id().as_str());
}
