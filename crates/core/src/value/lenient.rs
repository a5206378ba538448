//! Members that may be of the wrong type without spoiling the answer around them.

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// For `#[serde(default, deserialize_with = "lenient")]` on an `Option` that decides nothing: a value that
/// does not fit reads as `None` and stays visible in the raw answer. Never use it on a decision.
///
/// A value is fenced off before anybody looks into it: a lone surrogate, a number beyond all bounds or a nest
/// too deep for its type ends at the member's end, where a visitor would lose the rest of the answer. Plain
/// texts, which is what most of these members are, are taken out of the fence as they stand; the rest is
/// parsed.
///
/// # Errors
///
/// Only when the JSON around it is broken.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let json = <&RawValue>::deserialize(deserializer)?.get();
    if let Some(text) = plain_text(json)
        && let Ok(value) = T::deserialize(PlainText(text))
    {
        return Ok(Some(value));
    }
    Ok(serde_json::from_str(json).ok())
}

/// The text that a valid JSON value is, if it is one and has no escapes.
fn plain_text(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    // Looks at all of it: texts are short, and that way the compiler takes many bytes at once.
    let escaped = text
        .bytes()
        .fold(false, |escaped, byte| escaped | (byte == b'\\'));
    (!escaped).then_some(text)
}

/// A text, as `serde_json` hands over one. Where it has more to say than that (a number from a text is an
/// error, for example), the answer here is a misfit, and it is asked itself.
struct PlainText<'de>(&'de str);

macro_rules! left_to_serde_json {
    ($($method:ident($($argument:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $argument,)* _: V) -> Result<V::Value, Misfit> {
            Err(Misfit)
        })*
    };
}

impl<'de> Deserializer<'de> for PlainText<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! { char str string identifier }

    left_to_serde_json! {
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(&'static str);
        deserialize_seq();
        deserialize_tuple(usize);
        deserialize_tuple_struct(&'static str, usize);
        deserialize_map();
        deserialize_struct(&'static str, &'static [&'static str]);
        deserialize_ignored_any();
    }
}

#[derive(Debug)]
struct Misfit;

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a plain text of that kind")
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<M: fmt::Display>(_: M) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
