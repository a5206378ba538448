use proptest::prelude::*;
use serde_json::Value;
use verikit_core::is_json_object;

use super::*;

/// What reading a list means, member by member: each is cut out and looked at by itself.
#[derive(Deserialize)]
struct Expected<'a> {
    #[serde(borrow, default)]
    page: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "_links")]
    links: Option<&'a RawValue>,
    #[serde(borrow, rename = "_embedded")]
    embedded: &'a RawValue,
}

#[derive(Deserialize)]
struct ExpectedLinks<'a> {
    #[serde(borrow, default)]
    next: Option<&'a RawValue>,
}

fn cut_out<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    is_json_object(raw.get().as_bytes())
        .then(|| serde_json::from_str(raw.get()).ok())
        .flatten()
}

type Read = (Option<PageInfo>, Option<String>, usize);

fn expected(body: &[u8]) -> Option<Read> {
    let members: Expected<'_> = is_json_object(body)
        .then(|| serde_json::from_slice(body).ok())
        .flatten()?;
    let next = match members.links {
        None => None,
        Some(links) => match cut_out::<ExpectedLinks<'_>>(links)?.next {
            None => None,
            Some(next) => Some(cut_out::<Link>(next)?.href),
        },
    };
    let embedded: EmbeddedChecks<'_> = cut_out(members.embedded)?;
    Some((members.page.and_then(cut_out), next, embedded.checks.len()))
}

fn read(body: &[u8]) -> Option<Read> {
    let list: List<EmbeddedChecks<'_>> = List::read(body)?;
    let next = list.links.and_then(|links| links.next).map(|link| link.href);
    Some((list.page, next, list.embedded.checks.len()))
}

fn any_member() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "7",
        "-1",
        "1e999",
        "null",
        "\"1\"",
        r#""\ud800""#,
        "[]",
    ]);
    let name = prop::sample::select(vec!["size", "number", "total_pages", "next", "href", r"\ud800"]);
    leaf.prop_map(String::from).prop_recursive(3, 16, 3, move |inner| {
        let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!(r#""{name}":{value}"#));
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            4 => prop::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn any_list_reads_member_by_member(page in any_member(), links in any_member(), check in any_member()) {
        for links in [links.clone(), format!(r#"{{"next":{links},"self":{page}}}"#), String::from(r#"{"next":{"href":"/2"}}"#)] {
            let body = format!(r#"{{"page":{page},"_links":{links},"_embedded":{{"checks":[{check}]}},"new":{check}}}"#);
            prop_assert_eq!(read(body.as_bytes()), expected(body.as_bytes()), "{}", body);
        }
    }

    #[test]
    fn a_spoilt_list_reads_member_by_member(page in any_member(), place in any::<prop::sample::Index>(), byte: u8) {
        let mut body = format!(
            r#"{{"page":{page},"_links":{{"next":{{"href":"/2"}}}},"_embedded":{{"checks":[{page},1]}}}}"#
        ).into_bytes();
        let place = place.index(body.len());
        body[place] = byte;
        prop_assert_eq!(read(&body), expected(&body), "{}", String::from_utf8_lossy(&body));
    }
}

#[test]
fn an_array_is_no_object_whatever_stands_in_it() {
    for json in [r#"["/2"]"#, "null", "\"/2\"", "1"] {
        assert!(serde_json::from_str::<Object<Link>>(json).is_err(), "{json}");
    }
    let link: Object<Link> = serde_json::from_str(r#" {"title":[1e999],"href":"/2"}"#).unwrap();
    assert_eq!(link.0.href, "/2");
    let link = serde_json::from_value::<Object<Link>>(Value::from_iter([("href", "/3")])).unwrap();
    assert_eq!(link.0.href, "/3");
}
