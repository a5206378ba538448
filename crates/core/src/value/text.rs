//! Values that are made from a text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, Visitor};

/// For the `Deserialize` of a type that is made from a text: hands over the text where it stands, so that the
/// value holds the only copy. What is no text is an error.
///
/// ```
/// use serde::{Deserialize, Deserializer};
/// use verikit_core::value::read_text;
///
/// #[derive(Debug, PartialEq)]
/// struct CountryCode([u8; 2]);
///
/// impl<'de> Deserialize<'de> for CountryCode {
///     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         read_text(deserializer, |text| match text.as_bytes() {
///             &[first, second] => Ok(Self([first, second])),
///             _ => Err("a country code has two letters"),
///         })
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<CountryCode>("\"NL\"")?, CountryCode(*b"NL"));
/// assert!(serde_json::from_str::<CountryCode>("528").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// When it is no text, or `read` refuses it: with what `read` says, which must not repeat the text.
pub fn read_text<'de, D, T, E>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    struct Text<F, T>(F, PhantomData<T>);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Text<F, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<R: de::Error>(self, text: &str) -> Result<T, R> {
            (self.0)(text).map_err(R::custom)
        }
    }

    deserializer.deserialize_str(Text(read, PhantomData))
}

/// The same for a type that somebody may have in a form of his own, where an error of serde is shown to the user or
/// logged: what a format says of a value of another type quotes the value, and a phone number without its quotation
/// marks is one.
///
/// # Errors
///
/// When it is no text, with a sentence that does not repeat what it is; or when `read` refuses it.
pub fn read_personal_text<'de, D, T, E>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    let mut refused = None;
    let outcome = read_text(deserializer, |text| {
        read(text).map_err(|error| {
            refused = Some(error);
            "refused"
        })
    });
    outcome.map_err(|_| match refused {
        Some(error) => de::Error::custom(error),
        None => de::Error::custom(NO_TEXT),
    })
}

/// What is said in place of the format's own sentence, which may quote the value.
pub(crate) const NO_TEXT: &str = "a value is not the text that is expected";

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    use serde_json::Value;

    use super::*;
    use crate::value::{Identifier, PhoneNumber, Timestamp};
    use crate::{Personal, Secret};

    fn length(json: &str) -> Result<usize, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        read_text(&mut deserializer, |text| {
            if text == "no" {
                Err("refused")
            } else {
                Ok(text.len())
            }
        })
    }

    #[test]
    fn a_text_is_handed_over_unescaped_and_nothing_else_is() {
        assert_eq!(length(r#""abc""#).unwrap(), 3);
        assert_eq!(length(r#""\u00e9\n""#).unwrap(), 3);
        assert!(length(r#""no""#).unwrap_err().to_string().starts_with("refused"));
        for json in [
            "1",
            "null",
            "true",
            "[]",
            "{}",
            r#"["abc"]"#,
            r#""\ud800""#,
            "\"",
            "",
        ] {
            assert!(length(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_a_personal_text_is_not_is_not_quoted() {
        let read = |json: &str| serde_json::from_str::<PhoneNumber>(json);
        assert_eq!(read("\"+447700900178\"").unwrap().digits(), "447700900178");
        for json in [
            "447700900178",
            "44770090.0178",
            "[447700900178]",
            r#"{"a":447700900178}"#,
        ] {
            let error = read(json).unwrap_err().to_string();
            assert!(error.starts_with(NO_TEXT), "{error}");
            assert!(!error.contains("0178"), "{error}");
        }
        let error = read("\"07700 900178\"").unwrap_err().to_string();
        assert!(
            error.contains("country"),
            "what the type says of the text stays: {error}"
        );
        assert!(!error.contains("0178"), "{error}");
        for error in [
            serde_json::from_str::<Secret>("447700900178").unwrap_err(),
            serde_json::from_str::<Personal<String>>("447700900178").unwrap_err(),
            serde_json::from_str::<Personal<u8>>("447700900178").unwrap_err(),
            serde_json::from_str::<Personal<u8>>("\"447700900178\"").unwrap_err(),
        ] {
            assert!(!error.to_string().contains("0178"), "{error}");
        }
    }

    /// Answers are read from slices; what a user stored may come from anywhere that serde reads.
    #[test]
    fn texts_are_read_from_owned_values_and_streams() {
        let date = "2024-05-02T09:10:11+00:00";
        assert_eq!(Timestamp::deserialize(Value::from(date)).unwrap().as_str(), date);
        let number: PhoneNumber = serde_json::from_reader(&b"\"+447700900042\""[..]).unwrap();
        assert_eq!(number.digits(), "447700900042");
        let owned: de::value::StringDeserializer<de::value::Error> = String::from("a/b").into_deserializer();
        let read = read_text(owned, Identifier::new).unwrap();
        assert_eq!(read.as_str(), "a/b");
    }
}
