//! Answers of the console, of which no secret is kept.
//!
//! A secret is in one answer only, that of the creation. Its typed value is a `Secret`; in the bytes that an
//! answer, a reply or an error keeps, `null` stands in its place. A refusal should have none, and is looked
//! through like the rest: a gateway's 502 may quote the answer that it did not pass on.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use verikit_core::{Answer, Call, Error, Operation, RawReply, Result};

use crate::client::Client;

const SECRET: &str = "client_secret";
const REDACTED: &str = "null";
/// Answers of the console are four levels deep. What lies deeper and could hold a secret goes as a whole:
/// each level is looked at once more, so that an answer of nothing but brackets must not be followed to its
/// end.
const MOST_LEVELS: usize = 8;

/// The members of an object as they come, duplicated ones too.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// The same bytes with `null` in place of every secret, however deep it lies. They are kept as they are where
/// there is none. What may hold one and is not JSON cannot be looked through, and none of it is kept.
pub(super) fn redact(body: &Bytes) -> Bytes {
    if !may_hold_secret(body) {
        return body.clone();
    }
    let read = str::from_utf8(body).ok();
    let Some((text, whole)) = read.and_then(|text| Some((text, serde_json::from_str(text).ok()?))) else {
        return Bytes::from_static(b"{}");
    };
    let mut secrets = Vec::new();
    find_secrets(whole, text, MOST_LEVELS, &mut secrets);
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        kept.push_str(text.get(from..secret.start).unwrap_or_default());
        kept.push_str(REDACTED);
        from = secret.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Bytes::from(kept)
}

/// Whether there is the word, or an escape that could spell it.
fn may_hold_secret(text: &[u8]) -> bool {
    let holds = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
    holds(SECRET.as_bytes()) || holds(b"\\u")
}

/// Where the secrets stand, from first to last.
fn find_secrets(value: &RawValue, text: &str, levels: usize, secrets: &mut Vec<Range<usize>>) {
    let json = value.get();
    if !may_hold_secret(json.as_bytes()) {
        return;
    }
    match (json.as_bytes().first(), levels.checked_sub(1)) {
        (Some(b'{'), Some(levels)) => {
            let Ok(members) = serde_json::from_str::<Members<'_>>(json) else {
                // JSON's grammar lets a name have half a character in it, which no text can hold.
                secrets.extend(place(value, text));
                return;
            };
            for (name, member) in members.0 {
                if name == SECRET {
                    secrets.extend(place(member, text));
                } else {
                    find_secrets(member, text, levels, secrets);
                }
            }
        }
        (Some(b'['), Some(levels)) => {
            let items = serde_json::from_str::<Vec<&RawValue>>(json);
            for item in items.unwrap_or_default() {
                find_secrets(item, text, levels, secrets);
            }
        }
        (Some(b'{' | b'['), None) => secrets.extend(place(value, text)),
        _ => {}
    }
}

/// Where a part of the text stands in it.
fn place(part: &RawValue, text: &str) -> Option<Range<usize>> {
    let start = (part.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(start..start.checked_add(part.get().len())?)
}

/// A call whose answer is one object.
pub(super) fn call<T: DeserializeOwned + Send + 'static>(
    client: &Client,
    operation: Result<Operation>,
) -> Call<Answer<T>> {
    client.core().call_redacted(operation, redact, read)
}

/// The same for an object that is known already: an answer about another one is an error.
pub(super) fn call_about<T: Identified>(
    client: &Client,
    operation: Result<Operation>,
    expected: &str,
) -> Call<Answer<T>> {
    let expected = Box::<str>::from(expected);
    client.core().call_redacted(operation, redact, move |reply| {
        let answer: Answer<T> = read(reply)?;
        if answer.id().eq_ignore_ascii_case(&expected) {
            Ok(answer)
        } else {
            Err(Error::decode(
                "the answer is about another object than the one that was asked for",
            ))
        }
    })
}

/// A call whose answer says nothing: any 2xx, with or without a body.
pub(super) fn call_without_answer(client: &Client, operation: Result<Operation>) -> Call<()> {
    client.core().call_redacted(operation, redact, |_| Ok(()))
}

fn read<T: DeserializeOwned>(reply: &RawReply) -> Result<Answer<T>> {
    answer(reply.body().clone())
}

pub(super) fn answer<T: DeserializeOwned>(body: Bytes) -> Result<Answer<T>> {
    let kept = redact(&body);
    Ok(Answer::<T>::from_json(body)?.with_raw(kept))
}

/// An object with an identifier in the path.
pub(super) trait Identified: DeserializeOwned + Send + 'static {
    fn id(&self) -> &str;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        String::from_utf8(redact(&Bytes::copy_from_slice(text.as_bytes())).to_vec()).unwrap()
    }

    #[test]
    fn every_secret_goes_and_all_else_stays() {
        for (text, kept) in [
            (r#"{"client_secret":"s3cr3t"}"#, r#"{"client_secret":null}"#),
            (
                r#"{ "a": 1.10, "client_secret" : "s\"3cr3t" , "b":[] }"#,
                r#"{ "a": 1.10, "client_secret" : null , "b":[] }"#,
            ),
            (
                r#"{"_embedded":{"credentials":[{"client_secret":"s3cr3t","client_id":"x"},{"client_secret":{"v":"s3cr3t"}}]}}"#,
                r#"{"_embedded":{"credentials":[{"client_secret":null,"client_id":"x"},{"client_secret":null}]}}"#,
            ),
            (
                r#"{"client\u005fsecret":"s3cr3t","client_secret":["s3cr3t"],"client_secret":7}"#,
                r#"{"client\u005fsecret":null,"client_secret":null,"client_secret":null}"#,
            ),
            (r#"{"a":"client_secret"}"#, r#"{"a":"client_secret"}"#),
            (
                r#"[[{"client_secret":"s3cr3t"}]]"#,
                r#"[[{"client_secret":null}]]"#,
            ),
            (r#"{"client_secret":"s3cr3t""#, "{}"),
            // JSON's grammar has halves of characters, and no text does: such a name cannot be read.
            (r#"{"\ud800":1,"client_secret":"s3cr3t"}"#, "null"),
            (
                r#"{"a":1,"_embedded":{"credentials":[{"client_secret":"s3cr3t","\udc00":1},7]}}"#,
                r#"{"a":1,"_embedded":{"credentials":[null,7]}}"#,
            ),
            (r#"{"name":"#, r#"{"name":"#),
            (r#"<pre>{"client_secret":"s3cr3t"}</pre>"#, "{}"),
        ] {
            assert_eq!(redacted(text), kept);
        }
        let latin = Bytes::from_static(b"<p>Zugriff verweigert, bitte sp\xe4ter</p>");
        assert_eq!(redact(&latin), latin);
        assert_eq!(redact(&Bytes::from_static(b"{\"client_secret\":\"\xff\"}")), "{}");
    }

    #[test]
    fn what_is_too_deep_goes_as_a_whole() {
        let nested = |inner: &str| {
            let levels = 20;
            format!("{}{inner}{}", r#"{"a":"#.repeat(levels), "}".repeat(levels))
        };
        assert_eq!(redacted(&nested("1")), nested("1"));
        let kept = redacted(&nested(r#"{"client_secret":"s3cr3t"}"#));
        assert!(!kept.contains("s3cr3t"), "{kept}");
        serde_json::from_str::<serde_json::Value>(&kept).unwrap();
        // An answer at its limit, of brackets alone, takes no time worth mentioning.
        let brackets = format!(
            r#"{{"client_secret":{}{}}}"#,
            "[".repeat(500_000),
            "]".repeat(500_000)
        );
        assert_eq!(redacted(&brackets), r#"{"client_secret":null}"#);
    }
}
