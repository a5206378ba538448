use std::net::IpAddr;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::*;
use crate::secret::Personal;
use crate::value::{Amount, PhoneNumber, Timestamp};

#[derive(Deserialize)]
struct Sample {
    #[serde(default, deserialize_with = "lenient")]
    network: Option<String>,
    #[serde(default)]
    decided: Option<bool>,
}

fn read(text: &str) -> Result<Sample, serde_json::Error> {
    serde_json::from_slice(text.as_bytes())
}

#[test]
fn a_wrong_type_spoils_only_a_decision() {
    let sample = read(r#"{"network":23410,"decided":true}"#).unwrap();
    assert_eq!((sample.network, sample.decided), (None, Some(true)));
    assert_eq!(
        read(r#"{"network":"23410"}"#).unwrap().network.as_deref(),
        Some("23410")
    );
    assert_eq!(read(r#"{"network":null}"#).unwrap().network, None);
    assert!(read(r#"{"decided":"true"}"#).is_err());
    assert!(read(r#"{"decided":true,"decided":true}"#).is_err());
    assert!(read(r#"{"network":"1","network":"1"}"#).is_err());
    assert!(read(r#"{"network":tru}"#).is_err());
}

/// Each of these would end a parser that looks into it, and the answer with it.
#[test]
fn what_no_type_could_hold_ends_at_the_end_of_the_member() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    for value in [
        r#""\ud800""#,
        r#"{"\udfff":1}"#,
        "1e999",
        "-1e999999999999",
        "[1e999]",
        &deep,
    ] {
        let sample = read(&format!(r#"{{"network":{value},"decided":true}}"#)).unwrap();
        assert_eq!((sample.network, sample.decided), (None, Some(true)));
    }
    for broken in ["\"", "\"\u{1}\"", r#""\x""#, "01", "[1,]", "{\"a\"}", ""] {
        assert!(read(&format!(r#"{{"network":{broken},"decided":true}}"#)).is_err());
    }
    let bytes = [&br#"{"network":""#[..], b"\xed\xa0\x80", br#""}"#].concat();
    assert!(serde_json::from_slice::<Sample>(&bytes).is_err());
}

/// What `lenient` means: the value is cut out and parsed by itself.
fn cut_out<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

#[derive(Deserialize)]
#[serde(expecting = "a sample", bound = "T: DeserializeOwned")]
struct Lenient<T> {
    #[serde(default, deserialize_with = "lenient")]
    member: Option<T>,
    after: Option<bool>,
}

#[derive(Deserialize)]
#[serde(expecting = "a sample", bound = "T: DeserializeOwned")]
struct CutOut<T> {
    #[serde(default, deserialize_with = "cut_out")]
    member: Option<T>,
    after: Option<bool>,
}

/// Both readers, from bytes and from a text: what they make of it, written as JSON, or that they refuse it.
fn agree<T: DeserializeOwned + Serialize>(json: &[u8]) -> Result<(), TestCaseError> {
    let written = |member: Option<T>| member.map(|value| serde_json::to_string(&value).unwrap());
    let expected = serde_json::from_slice::<CutOut<T>>(json)
        .map(|read| (written(read.member), read.after))
        .map_err(|error| error.to_string());
    let read = serde_json::from_slice::<Lenient<T>>(json)
        .map(|read| (written(read.member), read.after))
        .map_err(|error| error.to_string());
    prop_assert_eq!(&read, &expected, "{}", std::any::type_name::<T>());
    if let Ok(text) = str::from_utf8(json) {
        let read = serde_json::from_str::<Lenient<T>>(text)
            .map(|read| (written(read.member), read.after))
            .map_err(|error| error.to_string());
        prop_assert_eq!(&read, &expected, "{}", std::any::type_name::<T>());
    }
    Ok(())
}

#[derive(Deserialize, Serialize)]
struct Wrapper(String);

#[derive(Deserialize, Serialize)]
enum Variant {
    One,
    #[serde(rename = "two words")]
    Two,
    Tuple(u8),
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Untagged {
    Number(f64),
    Text(String),
    Object { a: Option<u8> },
}

#[derive(Deserialize, Serialize)]
struct Members {
    a: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Unit;

/// Visitors that take what their deserializer was not asked for, and tell a text from bytes.
macro_rules! contrary {
    ($($name:ident: $method:ident;)*) => {
        $(#[derive(Serialize)]
        struct $name(String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$method(Contrary).map(Self)
            }
        })*
    };
}

contrary! {
    AsU64: deserialize_u64;
    AsBool: deserialize_bool;
    AsBytes: deserialize_bytes;
    AsUnit: deserialize_unit;
    AsSeq: deserialize_seq;
    AsMap: deserialize_map;
    AsIgnored: deserialize_ignored_any;
    AsIdentifier: deserialize_identifier;
    AsOption: deserialize_option;
    AsAny: deserialize_any;
}

struct Contrary;

impl<'de> Visitor<'de> for Contrary {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(format!("text {text}"))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(format!("bytes {bytes:?}"))
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(format!("number {number}"))
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok(String::from("unit"))
    }

    fn visit_none<E>(self) -> Result<String, E> {
        Ok(String::from("none"))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        Ok(format!("some {}", String::deserialize(deserializer)?))
    }
}

fn all_agree(json: &[u8]) -> Result<(), TestCaseError> {
    agree::<String>(json)?;
    agree::<Box<str>>(json)?;
    agree::<Option<Option<Personal<String>>>>(json)?;
    agree::<char>(json)?;
    agree::<u64>(json)?;
    agree::<i8>(json)?;
    agree::<f64>(json)?;
    agree::<bool>(json)?;
    agree::<()>(json)?;
    agree::<Unit>(json)?;
    agree::<Vec<String>>(json)?;
    agree::<(String, u8)>(json)?;
    agree::<Map<String, Value>>(json)?;
    agree::<Value>(json)?;
    agree::<Box<RawValue>>(json)?;
    agree::<IpAddr>(json)?;
    agree::<Timestamp>(json)?;
    agree::<Amount>(json)?;
    agree::<PhoneNumber>(json)?;
    agree::<Wrapper>(json)?;
    agree::<Variant>(json)?;
    agree::<Untagged>(json)?;
    agree::<Members>(json)?;
    agree::<AsU64>(json)?;
    agree::<AsBool>(json)?;
    agree::<AsBytes>(json)?;
    agree::<AsUnit>(json)?;
    agree::<AsSeq>(json)?;
    agree::<AsMap>(json)?;
    agree::<AsIgnored>(json)?;
    agree::<AsIdentifier>(json)?;
    agree::<AsOption>(json)?;
    agree::<AsAny>(json)
}

/// JSON as it may come, with escapes that are no character and numbers beyond all bounds.
fn any_json() -> impl Strategy<Value = String> {
    let text = r#""([a-zA-Z0-9 +:./é-]|\\["\\/bfnrt]|\\u(00|d8|dc)[0-9a-f]{2}){0,12}""#;
    let number = r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?";
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "null",
            "true",
            "false",
            "0",
            "1",
            "127",
            "\"\"",
            "\"a\"",
            "\"1\"",
            "\"null\"",
            "\"One\"",
            "\"two words\"",
            "\"2024-05-02T09:10:11+00:00\"",
            "\"203.0.113.7\"",
            "\"+447700900042\"",
            "\"07700900042\"",
            "{\"Tuple\":1}",
            "\"Tuple\"",
            "[\"a\"]",
            "[\"a\",1]",
        ])
        .prop_map(String::from),
        text,
        number,
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((prop_oneof![Just(String::from("\"a\"")), text], inner), 0..4).prop_map(
                |members| {
                    let members: Vec<_> = members
                        .iter()
                        .map(|(name, value)| format!("{name}:{value}"))
                        .collect();
                    format!("{{{}}}", members.join(","))
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_reads_as_if_it_were_cut_out(json in any_json(), space in "[ \n]{0,2}") {
        all_agree(format!(r#"{{"member":{space}{json}{space},"after":true}}"#).as_bytes())?;
    }

    #[test]
    fn a_doubled_member_is_an_error_whatever_it_holds(first in any_json(), second in any_json()) {
        let json = format!(r#"{{"member":{first},"member":{second}}}"#);
        prop_assert!(serde_json::from_str::<Lenient<String>>(&json).is_err());
        all_agree(json.as_bytes())?;
    }

    /// A byte in place of another: broken escapes, broken UTF-8, control characters, open ends.
    #[test]
    fn spoilt_json_reads_as_if_it_were_cut_out(json in any_json(), place in any::<prop::sample::Index>(), byte: u8) {
        let mut json = format!(r#"{{"member":{json},"after":true}}"#).into_bytes();
        let place = place.index(json.len());
        json[place] = byte;
        all_agree(&json)?;
    }

    #[test]
    fn any_bytes_end_as_an_answer_or_an_error(member in prop::collection::vec(any::<u8>(), 0..24)) {
        all_agree(&[&br#"{"member":"#[..], &member, b"}"].concat())?;
        all_agree(&member)?;
    }
}
