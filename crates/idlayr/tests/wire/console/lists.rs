//! Pages of the console's lists, whose links are relative in the documents (contract idlayr, 9).

use idlayr::testing::Step;
use idlayr::{ErrorKind, Sort};

use super::{PROJECT, Played, ROOT, SECRET, workspace_id};

fn page(links: &str) -> Step {
    Step::json(
        200,
        format!(r#"{{"_embedded":{{"projects":[{{"project_id":"{PROJECT}"}}]}}{links}}}"#),
    )
}

#[test]
fn every_spelling_of_a_last_page_ends_the_list() {
    for links in [
        "",
        r#","_links":null"#,
        r#","_links":{}"#,
        r#","_links":{"next":null}"#,
        r#","_links":{"self":{"href":"/x"}}"#,
    ] {
        let played = Played::new([page(links)]);
        let mut items = played.console.projects(&workspace_id()).list().items();
        assert!(played.run(items.next()).unwrap().is_ok(), "{links}");
        assert!(played.run(items.next()).is_none(), "{links}");
    }
}

#[test]
fn relative_and_absolute_links_are_followed() {
    let next = format!("{ROOT}/projects?page=2");
    for link in [next.clone(), format!("https://eu.api.idlayr.com{next}")] {
        let links = format!(r#","_links":{{"next":{{"href":"{link}"}}}}"#);
        let played = Played::new([page(&links), page("")]);
        let mut items = played.console.projects(&workspace_id()).list().items();
        for _ in 0..2 {
            assert!(played.run(items.next()).unwrap().is_ok());
        }
        assert!(played.run(items.next()).is_none());
        assert_eq!(played.calls()[1].uri.path_and_query().unwrap().as_str(), next);
    }
}

#[test]
fn a_link_to_elsewhere_gets_no_token() {
    for link in [
        "https://evil.example/console",
        "http://eu.api.idlayr.com/x",
        "//evil.example/x",
    ] {
        let links = format!(r#","_links":{{"next":{{"href":"{link}"}}}}"#);
        let played = Played::new([page(&links)]);
        let first = played
            .run(played.console.projects(&workspace_id()).list())
            .unwrap();
        let error = played.run(first.next().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Untrusted, "{link}");
        assert_eq!(played.calls().len(), 1);
    }
}

#[test]
fn a_list_that_does_not_get_on_is_an_error() {
    let itself = format!(r#","_links":{{"next":{{"href":"{ROOT}/projects"}}}}"#);
    let played = Played::new([page(&itself)]);
    let first = played
        .run(played.console.projects(&workspace_id()).list())
        .unwrap();
    let error = played.run(first.next().unwrap()).unwrap_err();
    assert_eq!((error.kind(), played.calls().len()), (ErrorKind::Decode, 1));
    let back = |number: u64| {
        page(&format!(
            r#","page":{{"number":{number}}},"_links":{{"next":{{"href":"{ROOT}/projects?page=9&n={number}"}}}}"#
        ))
    };
    let played = Played::new([back(2), back(1)]);
    let second = played
        .run(played.console.projects(&workspace_id()).list().page(2))
        .unwrap();
    let error = played.run(second.next().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[test]
fn a_list_of_something_else_is_an_error() {
    for body in [
        r#"{"_embedded":{"checks":[]}}"#,
        r#"{"_embedded":[[]]}"#,
        r#"{"_embedded":{"projects":{}}}"#,
        r#"{"_embedded":{"projects":[],"projects":[]}}"#,
        r#"{"projects":[]}"#,
        "[]",
        "",
    ] {
        let played = Played::new([Step::json(200, body)]);
        let error = played
            .run(played.console.projects(&workspace_id()).list())
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    }
}

#[test]
fn pages_sizes_and_orders_that_do_not_exist() {
    let played = Played::new([]);
    let list = || played.console.projects(&workspace_id()).list();
    for list in [
        list().page(0),
        list().size(0),
        list().size(101),
        list().sort(Sort::ascending("a,b")),
        list().search("a\nb"),
        list().search(""),
    ] {
        let error = played.run(list).unwrap_err();
        assert!(
            error.is_invalid_input() && error.provider() == "idlayr",
            "{error}"
        );
    }
    assert_eq!(played.transport.seen().len(), 0);
}

#[test]
fn a_secret_in_a_list_is_not_kept() {
    let item = format!(r#"{{"client_id":"c-1","client_secret":"{SECRET}","later":1}}"#);
    let played = Played::new([Step::json(
        200,
        format!(r#"{{"_embedded":{{"credentials":[{item}]}}}}"#),
    )]);
    let projects = played.console.projects(&workspace_id());
    let list = projects.credentials(&super::project_id());
    let reply = played.run(list.send_with_metadata()).unwrap();
    assert!(!String::from_utf8_lossy(reply.raw()).contains(SECRET));
    let item = &reply.value().items[0];
    assert_eq!(
        item.raw(),
        r#"{"client_id":"c-1","client_secret":null,"later":1}"#
    );
    assert_eq!(item.extra()["later"], 1);
}
