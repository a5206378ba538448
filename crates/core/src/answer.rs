//! A typed answer that owns the bytes it was read from.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{Delivery, Error, Result};

/// A provider's answer: its typed members through `Deref`, its bytes, and the members that this version does
/// not know.
///
/// Nothing of what the provider sent is lost. Serialising an answer gives its bytes back, so a stored answer
/// can be read again by a later version that knows more. What is not UTF-8 somewhere in the members that this
/// version does not know is not JSON: such an answer is read, has no [`extra`](Answer::extra), and does not
/// serialise; [`raw`](Answer::raw) has it.
///
/// ```
/// use serde::Deserialize;
/// use verikit_core::Answer;
///
/// #[derive(Debug, Deserialize)]
/// struct Check { status: String }
///
/// let answer = Answer::<Check>::from_json(r#"{"status":"COMPLETED","new_member":7}"#.as_bytes().to_vec())?;
/// assert_eq!(answer.status, "COMPLETED");
/// assert_eq!(answer.extra()["new_member"], 7);
/// # Ok::<(), verikit_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Answer<T> {
    value: T,
    raw: Bytes,
}

impl<T: DeserializeOwned> Answer<T> {
    /// Reads an answer from JSON, such as one that was stored.
    ///
    /// # Errors
    ///
    /// A decode error, which does not quote the JSON, when it is not what `T` promises.
    pub fn from_json(raw: impl Into<Bytes>) -> Result<Self> {
        let raw = raw.into();
        if !is_json_object(&raw) {
            return Err(unread(Error::decode("it is not a JSON object")));
        }
        // Looking once at all of it whether it is UTF-8 costs less than looking at each text. What is not may
        // still be readable: nobody looks into the texts of members that are not known.
        let read = match str::from_utf8(&raw) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(&raw),
        };
        match read {
            Ok(value) => Ok(Self { value, raw }),
            Err(error) => Err(unread(undecodable(&error))),
        }
    }

    /// The members that this version does not know, parsed when asked for. **Personal**, like all of the
    /// answer.
    #[must_use]
    pub fn extra(&self) -> Map<String, Value> {
        let mut members: Map<String, Value> = serde_json::from_slice(&self.raw).unwrap_or_default();
        let known = known_members::<T>();
        members.retain(|name, _| !known.contains(&name.as_str()));
        members
    }
}

impl<T> Answer<T> {
    /// The JSON as the provider sent it. **Personal.**
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The typed value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Keeps other bytes than the provider's, from which a credential was taken. For provider crates.
    #[doc(hidden)]
    #[must_use]
    pub fn with_raw(mut self, raw: Bytes) -> Self {
        self.raw = raw;
        self
    }

    /// Adds to the value what only its call knows, such as when the answer came. For provider crates: the
    /// bytes stay those of the provider.
    #[doc(hidden)]
    #[must_use]
    pub fn complemented(mut self, complement: impl FnOnce(&mut T)) -> Self {
        complement(&mut self.value);
        self
    }
}

/// Reading sends nothing. The call whose answer it is adds what became of it, and the bytes.
fn unread(error: Error) -> Error {
    error.with_delivery(Delivery::NotSent)
}

/// Whether JSON is an object, by its first character. serde reads a struct from an array too, member by
/// position: `["1", true]` must never become a match.
#[must_use]
pub fn is_json_object(json: &[u8]) -> bool {
    json.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// What `serde_json` says about a mismatch quotes the value, which may be a phone number; only the place is
/// kept.
pub(crate) fn undecodable(error: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "the JSON ends early",
        Category::Syntax => "it is not JSON",
        Category::Data | Category::Io => "a member is missing, duplicated or of another type than documented",
    };
    Error::decode(format!(
        "{what} (line {}, column {})",
        error.line(),
        error.column()
    ))
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Answer<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = str::from_utf8(&self.raw).map_err(|_| {
            serde::ser::Error::custom("the answer is not UTF-8, as JSON has to be; keep raw()")
        })?;
        let raw: &RawValue = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> de::Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let raw = Bytes::from(String::from(Box::<str>::from(raw)));
        Self::from_json(raw).map_err(de::Error::custom)
    }
}

/// The wire names of a struct's members, as its `Deserialize` asks for them. So the list of what is known is
/// the struct itself.
fn known_members<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Ask<'a>(&'a mut &'static [&'static str]);

    #[derive(Debug)]
    struct Asked;

    impl fmt::Display for Asked {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("asked")
        }
    }

    impl std::error::Error for Asked {}

    impl de::Error for Asked {
        fn custom<M: fmt::Display>(_: M) -> Self {
            Self
        }
    }

    impl<'de> Deserializer<'de> for Ask<'_> {
        type Error = Asked;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
            Err(Asked)
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Asked> {
            *self.0 = fields;
            Err(Asked)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut members: &'static [&'static str] = &[];
    let _ = T::deserialize(Ask(&mut members));
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Check {
        #[serde(rename = "check_id")]
        id: String,
        #[serde(default)]
        r#match: Option<bool>,
    }

    #[test]
    fn nothing_is_lost() {
        let text = r#"{ "check_id":"1", "match":true, "new":{"a":[1.10]}, "z":null }"#;
        let answer = Answer::<Check>::from_json(text).unwrap();
        assert_eq!((answer.id.as_str(), answer.r#match), ("1", Some(true)));
        assert_eq!(answer.extra().keys().collect::<Vec<_>>(), ["new", "z"]);
        assert_eq!(&answer.raw()[..], text.as_bytes());
        let stored = serde_json::to_string(&answer).unwrap();
        assert_eq!(stored, text);
        let again: Answer<Check> = serde_json::from_str(&stored).unwrap();
        assert_eq!(again, answer);
    }

    #[test]
    fn what_does_not_fit_is_a_typed_error_that_quotes_nothing() {
        for text in [
            r#"{"check_id":447700900042}"#,
            r#"{"match":true}"#,
            r#"{"check_id":"1","match":"447700900042"}"#,
            r#"{"check_id":"1","match":true,"match":false}"#,
            r#"["447700900042"]"#,
            r#" ["447700900042", true]"#,
            "447700900042",
            "",
            "<html>447700900042</html>",
            "{\"check_id\":\"447700900042",
            "\u{feff}{}",
        ] {
            let error = Answer::<Check>::from_json(text.to_owned()).unwrap_err();
            assert!(error.is_decode());
            assert!(!format!("{error} {error:?}").contains("447700900042"), "{error}");
        }
        let deep = format!(r#"{{"check_id":{}}}"#, "[".repeat(100_000));
        assert!(Answer::<Check>::from_json(deep).unwrap_err().is_decode());
    }

    #[test]
    fn what_is_not_utf8_may_be_read_and_kept_and_is_not_written_as_json() {
        let raw = &b"{\"check_id\":\"1\",\"new\":\"\xff\"}"[..];
        let answer = Answer::<Check>::from_json(raw).unwrap();
        assert_eq!((answer.id.as_str(), &answer.raw()[..]), ("1", raw));
        assert!(answer.extra().is_empty());
        let error = serde_json::to_string(&answer).unwrap_err();
        assert!(error.to_string().contains("UTF-8"), "{error}");
        let known = &b"{\"check_id\":\"\xff\"}"[..];
        assert!(Answer::<Check>::from_json(known).unwrap_err().is_decode());
    }

    #[test]
    fn deep_unknown_members_do_no_harm() {
        let text = format!(
            r#"{{"check_id":"1","deep":{}{}}}"#,
            "[".repeat(10_000),
            "]".repeat(10_000)
        );
        match Answer::<Check>::from_json(text) {
            Ok(answer) => assert!(
                answer.extra().is_empty(),
                "too deep to show, and still there in raw()"
            ),
            Err(error) => assert!(error.is_decode()),
        }
    }
}
