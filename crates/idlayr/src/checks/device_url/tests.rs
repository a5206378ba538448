use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use verikit_core::{Answer, is_json_object};

use super::*;
use crate::{CheckId, CheckStatus, CreatedPhoneCheck, PhoneCheck};

/// What reading the link means, link by link: what is no object of the kind counts as absent, wherever it is.
#[derive(Deserialize)]
#[allow(dead_code, reason = "they decide whether it is a check at all")]
struct Expected {
    check_id: CheckId,
    status: CheckStatus,
    #[serde(default, rename = "_links", deserialize_with = "object_or_absent")]
    links: Option<ExpectedLinks>,
}

#[derive(Deserialize)]
struct ExpectedLinks {
    #[serde(default, deserialize_with = "object_or_absent")]
    check_url: Option<ExpectedLink>,
}

#[derive(Deserialize)]
struct ExpectedLink {
    href: String,
}

fn object_or_absent<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let json = <&RawValue>::deserialize(deserializer)?.get();
    Ok(is_json_object(json.as_bytes())
        .then(|| serde_json::from_str(json).ok())
        .flatten())
}

/// The judge of URLs, without any shortcut.
fn is_web_url(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        uri.scheme_str()
            .is_some_and(|scheme| ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}

fn agree(json: &[u8]) -> Result<(), TestCaseError> {
    let expected = serde_json::from_slice::<Expected>(json)
        .ok()
        .filter(|_| is_json_object(json))
        .map(|expected| {
            let href = expected
                .links
                .and_then(|links| links.check_url)
                .map(|link| link.href);
            href.filter(|href| is_web_url(href))
        });
    let url = |check: &PhoneCheck| check.check_url.as_ref().map(|url| url.expose().to_owned());
    let read = Answer::<PhoneCheck>::from_json(json.to_vec()).ok();
    prop_assert_eq!(read.as_deref().map(url), expected.clone());
    let created = Answer::<CreatedPhoneCheck>::from_json(json.to_vec()).ok();
    let url = created.as_deref().map(|check| check.check_url.expose());
    let expected = expected.flatten();
    prop_assert_eq!(url, expected.as_deref());
    Ok(())
}

fn any_links() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        r#""https://eu.api.idlayr.com/phone_check/v0.2/checks/1/redirect?a=%20&b=c""#,
        r#""https:\/\/eu.api.idlayr.com/redirect""#,
        r#""HTTP://127.0.0.1:8080/redirect""#,
        r#""https:///redirect""#,
        r#""mailto:somebody""#,
        r#""\ud800""#,
        "1e999",
        "null",
        "true",
        "[]",
    ]);
    let name = prop::sample::select(vec!["check_url", "check_url", "href", "href", "self", r"\ud800"]);
    leaf.prop_map(String::from).prop_recursive(4, 24, 3, move |inner| {
        let member = (name.clone(), inner.clone()).prop_map(|(name, value)| format!(r#""{name}":{value}"#));
        prop_oneof![
            1 => prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            4 => prop::collection::vec(member, 0..3).prop_map(|members| format!("{{{}}}", members.join(", "))),
        ]
    })
}

fn check(links: &str) -> String {
    format!(r#"{{"check_id":"1","status":"ACCEPTED","_links":{links},"new":[1e999,"\udfff"]}}"#)
}

proptest! {
    #[test]
    fn any_links_read_link_by_link(links in any_links(), href in any_links()) {
        agree(check(&links).as_bytes())?;
        agree(check(&format!(r#"{{"check_url":{{"href":{href}}}}}"#)).as_bytes())?;
        agree(check(&format!(r#"{{"self":{links},"check_url":{{"title":{links},"href":{href}}}}}"#)).as_bytes())?;
        agree(format!(r#"{{"check_id":"1","status":"PENDING","_links":{links},"_links":{href}}}"#).as_bytes())?;
    }

    #[test]
    fn spoilt_links_read_link_by_link(links in any_links(), place in any::<prop::sample::Index>(), byte: u8) {
        let url = r#"{"check_url":{"href":"https://eu.api.idlayr.com/redirect"}}"#;
        for links in [&links, url] {
            let mut json = check(links).into_bytes();
            let place = place.index(json.len());
            json[place] = byte;
            agree(&json)?;
        }
    }

    /// The shortcut takes nothing that the parser would refuse, and what it leaves to the parser stays as it
    /// is.
    #[test]
    fn a_url_is_one_for_the_parser_too(text in r#"(https?://|HTTPS://|ftp://|)[a-zA-Z0-9.:@\[\]_%/-]{0,12}[/?#]?[!-~é]{0,12}"#) {
        let url = DeviceUrl::parse(&text);
        prop_assert_eq!(url.as_ref().map(DeviceUrl::expose), is_web_url(&text).then_some(text.as_str()));
    }

    #[test]
    fn usual_urls_take_the_shortcut(text in "https?://[a-z0-9.-]{1,20}/[a-zA-Z0-9/_?=&%.-]{0,40}") {
        prop_assert!(is_plain_web_url(&text) && is_web_url(&text), "{}", text);
    }
}

#[test]
fn a_url_longer_than_the_parser_takes_is_none() {
    let long = format!("https://eu.api.idlayr.com/{}", "a".repeat(70_000));
    assert!(DeviceUrl::parse(&long).is_none() && !is_web_url(&long));
}

#[test]
fn every_character_is_judged_as_the_parser_judges_it() {
    for character in (0..=255).map(char::from) {
        for text in [
            format!("https://a{character}b/x"),
            format!("http://{character}/"),
            format!("https://ab/x{character}y"),
            format!("https://ab/x?{character}y"),
            format!("https://ab{character}"),
            format!("https{character}//ab/"),
        ] {
            assert_eq!(DeviceUrl::parse(&text).is_some(), is_web_url(&text), "{text:?}");
        }
    }
}

#[test]
fn an_array_is_no_link_whatever_stands_in_it() {
    let url = "https://eu.api.idlayr.com/redirect";
    for links in [
        format!(r#"{{"check_url":["{url}"]}}"#),
        format!(r#"[{{"href":"{url}"}}]"#),
        format!(r#"[["{url}"]]"#),
        format!(r#"{{"check_url":"{url}"}}"#),
    ] {
        let read = Answer::<PhoneCheck>::from_json(check(&links)).unwrap();
        assert_eq!(read.check_url, None, "{links}");
        agree(check(&links).as_bytes()).unwrap();
    }
}
