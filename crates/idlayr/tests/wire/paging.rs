//! Pages and links (contract idlayr, 9).

use idlayr::testing::Step;
use idlayr::{Delivery, ErrorKind, Result};

use crate::support::{BASE, ID, Scripted, TOKEN};

const PATH: &str = "/phone_check/v0.2/checks";

/// A page of one check, with these further members.
fn page(members: &str) -> Step {
    Step::json(
        200,
        format!(r#"{{"_embedded":{{"checks":[{{"check_id":"{ID}","status":"PENDING"}}]}}{members}}}"#),
    )
}

fn page_with_next(link: &str) -> Step {
    page(&format!(r#","_links":{{"next":{{"href":"{link}"}}}}"#))
}

/// Takes all items, and at most twenty.
fn items(scripted: &Scripted) -> (usize, Result<()>) {
    let mut items = scripted.client.phone_checks().list().size(1).items();
    for count in 0..20 {
        match scripted.run(items.next()) {
            None => return (count, Ok(())),
            Some(Ok(check)) => assert_eq!(check.check_id.as_str(), ID),
            Some(Err(error)) => {
                assert!(scripted.run(items.next()).is_none(), "an error ends the list");
                return (count, Err(error));
            }
        }
    }
    panic!("the list does not end");
}

fn paths(scripted: &Scripted) -> Vec<String> {
    let target = |uri: &http::Uri| uri.path_and_query().unwrap().to_string();
    scripted.calls().iter().map(|seen| target(&seen.uri)).collect()
}

#[test]
fn a_list_ends_where_there_is_no_next_link() {
    for links in [
        "",
        r#","_links":{}"#,
        r#","_links":null"#,
        r#","_links":{"next":null,"prev":null}"#,
        r#","_links":{"self":{"href":"/x"},"first":{"href":"/x"},"last":{"href":"/x"},"prev":{"href":"/x"}}"#,
    ] {
        let scripted = Scripted::new([page(links)]);
        let (count, end) = items(&scripted);
        assert_eq!(count, 1, "{links}");
        end.unwrap();
        assert_eq!(paths(&scripted), [format!("{PATH}?size=1")]);
    }
}

/// Taken for absent, it would end the list early and in silence.
#[test]
fn a_next_link_that_is_none_is_an_error() {
    for links in [
        r#"[]"#,
        r#"[{"href":"/phone_check/v0.2/checks?page=2"}]"#,
        r#""/phone_check/v0.2/checks?page=2""#,
        r#"{"next":["/phone_check/v0.2/checks?page=2"]}"#,
        r#"{"next":"/phone_check/v0.2/checks?page=2"}"#,
        r#"{"next":{"href":null}}"#,
        r#"{"next":{"href":7}}"#,
        r#"{"next":{}}"#,
        r#"{"next":false}"#,
        r#"{"next":null,"next":{"href":"/phone_check/v0.2/checks?page=2"}}"#,
    ] {
        let scripted = Scripted::new([page(&format!(r#","_links":{links}"#))]);
        let (count, end) = items(&scripted);
        let error = end.unwrap_err();
        assert_eq!((count, error.kind()), (0, ErrorKind::Decode), "{links}");
        assert_eq!(error.delivery(), Delivery::CarriedOut);
        assert!(error.is_safe_to_repeat());
        assert!(error.body().starts_with(b"{\"_embedded\""));
    }
}

#[test]
fn links_are_followed_to_the_end_absolute_or_relative() {
    let scripted = Scripted::new([
        page_with_next(&format!("{BASE}{PATH}?page=2&size=1")),
        page_with_next(&format!("{PATH}?page=3&size=1&search=a%3D%3Db%20c")),
        page_with_next("?page=4"),
        page_with_next("https://EU.api.idlayr.com:443/phone_check/v0.2/checks?page=5#top"),
        page(r#","_links":{"next":null}"#),
    ]);
    let (count, end) = items(&scripted);
    assert_eq!(count, 5);
    end.unwrap();
    assert_eq!(
        paths(&scripted),
        [
            format!("{PATH}?size=1"),
            format!("{PATH}?page=2&size=1"),
            format!("{PATH}?page=3&size=1&search=a%3D%3Db%20c"),
            // Relative to the base URL, as the contract says.
            String::from("/?page=4"),
            format!("{PATH}?page=5"),
        ]
    );
    for seen in scripted.calls() {
        assert_eq!(seen.uri.authority().unwrap(), "eu.api.idlayr.com");
        assert_eq!(seen.header("authorization"), Some(&*format!("Bearer {TOKEN}")));
    }
}

#[test]
fn the_next_page_is_a_call_like_any_other() {
    let scripted = Scripted::new([
        page_with_next(&format!("{PATH}?page=2")),
        Step::answer(503, ""),
        page(""),
    ]);
    let first = scripted.run(scripted.client.phone_checks().list()).unwrap();
    let second = scripted.run(first.next().unwrap().send_with_metadata()).unwrap();
    assert_eq!(second.attempts(), 2, "reading may be repeated");
    assert!(second.value().next().is_none());
}

#[test]
fn a_link_to_anywhere_else_is_refused_and_nothing_is_sent() {
    for link in [
        "https://evil.example/phone_check/v0.2/checks?page=2",
        "https://eu.api.idlayr.com.evil.example/phone_check/v0.2/checks?page=2",
        "https://api.idlayr.com/phone_check/v0.2/checks?page=2",
        "http://eu.api.idlayr.com/phone_check/v0.2/checks?page=2",
        "http://eu.api.idlayr.com:443/phone_check/v0.2/checks?page=2",
        "https://eu.api.idlayr.com:8443/phone_check/v0.2/checks?page=2",
        "https://user:pass@eu.api.idlayr.com/phone_check/v0.2/checks?page=2",
        "https://user@eu.api.idlayr.com/phone_check/v0.2/checks?page=2",
        "//evil.example/phone_check/v0.2/checks?page=2",
        r"\\\\evil.example\\checks",
        "https://eu.api.idlayr.com@evil.example/",
        "file:///etc/passwd",
        "data:application/json,{}",
        "javascript:alert(1)",
        "https://",
        "https://[",
    ] {
        let scripted = Scripted::new([page_with_next(link)]);
        let (count, end) = items(&scripted);
        let error = end.unwrap_err();
        assert_eq!(count, 1, "{link}");
        assert_eq!(error.kind(), ErrorKind::Untrusted, "{link}");
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert!(error.is_safe_to_repeat());
        assert_eq!(error.operation(), "phone_check.list");
        assert!(!format!("{error} {error:?}").contains("evil"), "{error}");
        assert_eq!(paths(&scripted).len(), 1, "{link}");
        assert_eq!(scripted.transport.seen().len(), 2, "{link}");
    }
}

#[test]
fn a_link_to_the_same_page_is_an_error_and_not_a_loop() {
    for link in [
        format!("{PATH}?size=1"),
        format!("{BASE}{PATH}?size=1"),
        format!("{BASE}{PATH}?size=1#again"),
    ] {
        let scripted = Scripted::new([page_with_next(&link)]);
        let (count, end) = items(&scripted);
        let error = end.unwrap_err();
        assert_eq!(count, 1);
        assert_eq!(error.kind(), ErrorKind::Decode, "{link}");
        assert_eq!(
            (error.provider(), error.delivery()),
            ("idlayr", Delivery::NotSent)
        );
        assert!(error.is_safe_to_repeat(), "a list only reads");
        assert_eq!(paths(&scripted).len(), 1);
    }
    // The same on a page that was reached by a link.
    let again = format!("{PATH}?page=2");
    let scripted = Scripted::new([page_with_next(&again), page_with_next(&again)]);
    let (count, end) = items(&scripted);
    assert_eq!(count, 2);
    assert!(end.unwrap_err().is_decode());
}

fn empty_page(number: usize) -> Step {
    let next = format!("{PATH}?page={}", number + 1);
    Step::json(
        200,
        format!(r#"{{"_embedded":{{"checks":[]}},"_links":{{"next":{{"href":"{next}"}}}}}}"#),
    )
}

#[test]
fn an_empty_page_is_passed_over() {
    let scripted = Scripted::new([empty_page(1), empty_page(2), page("")]);
    let (count, end) = items(&scripted);
    assert_eq!(count, 1);
    end.unwrap();
    assert_eq!(paths(&scripted).len(), 3);
}

#[test]
fn a_row_of_pages_that_does_not_get_on_is_an_error() {
    // One empty page after the other, each with a link to yet another.
    let scripted = Scripted::new((1..1000).map(empty_page));
    let (count, end) = items(&scripted);
    assert_eq!((count, end.unwrap_err().kind()), (0, ErrorKind::Decode));
    assert!(paths(&scripted).len() < 100);

    // Pages that lead back.
    let numbered = |number: usize, next: usize| {
        page(&format!(
            r#","page":{{"number":{number}}},"_links":{{"next":{{"href":"{PATH}?page={next}"}}}}"#
        ))
    };
    for (numbers, read) in [([1, 1, 1], 1), ([1, 2, 1], 2), ([2, 1, 2], 1)] {
        let scripted = Scripted::new(
            numbers
                .into_iter()
                .enumerate()
                .map(|(index, number)| numbered(number, index + 2)),
        );
        let (count, end) = items(&scripted);
        let error = end.unwrap_err();
        assert_eq!((count, error.kind()), (read, ErrorKind::Decode), "{numbers:?}");
        assert_eq!(error.operation(), "phone_check.list");
        assert!(error.is_safe_to_repeat());
    }
}

#[test]
fn where_a_page_stands_is_read_if_it_is_there() {
    let scripted = Scripted::new([
        page(r#","page":{"size":10,"number":1,"total_pages":1,"total_elements":1,"later":true}"#),
        page(r#","page":{"number":7}"#),
        page(""),
        page(r#","page":null"#),
        page(r#","page":[10,1,1,1]"#),
        page(r#","page":{"size":"ten"}"#),
    ]);
    let info = || {
        let page = scripted.run(scripted.client.phone_checks().list()).unwrap();
        assert_eq!(page.checks.len(), 1);
        page.page
            .map(|page| (page.size, page.number, page.total_pages, page.total_elements))
    };
    assert_eq!(info(), Some((10, 1, 1, 1)));
    assert_eq!(info(), Some((0, 7, 0, 0)));
    assert_eq!([info(), info(), info(), info()], [None; 4]);
}

#[test]
fn what_is_no_list_is_an_error_with_the_answer_inside() {
    for body in [
        "{}",
        r#"{"page":{"size":10,"number":1,"total_pages":0,"total_elements":0}}"#,
        r#"{"_embedded":null}"#,
        r#"{"_embedded":{}}"#,
        r#"{"_embedded":{"checks":null}}"#,
        r#"{"_embedded":{"checks":{}}}"#,
        r#"{"_embedded":{"traces":[]}}"#,
        r#"{"_embedded":[[]]}"#,
        r#"{"_embedded":{"checks":[]},"_embedded":{"checks":[]}}"#,
        r#"{"_embedded":{"checks":[[]]}}"#,
        r#"{"_embedded":{"checks":[null]}}"#,
        r#"{"_embedded":{"checks":[{"check_id":"c-1"}]}}"#,
        r#"{"_embedded":{"checks":[["c-1","COMPLETED",true]]}}"#,
        r#"{"_embedded":{"checks":[{"check_id":"c-1","status":"COMPLETED","match":"true"}]}}"#,
        r#"[null,null,{"checks":[]}]"#,
        "[]",
        "null",
        "",
    ] {
        let scripted = Scripted::new([Step::json(200, body)]);
        let error = scripted.run(scripted.client.phone_checks().list()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.delivery(), Delivery::CarriedOut);
        assert!(error.is_safe_to_repeat());
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body(), body);
    }
}
