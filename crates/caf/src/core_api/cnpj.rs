//! CNPJ numbers, which say which company a call is about.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

const LENGTH: usize = 14;

/// A CNPJ, the number of a company in Brazil's registry: fourteen digits or letters. Letters too, because the
/// registry is introducing such numbers (inferred, contract caf, 10); the check digits are not looked at.
///
/// Taken alone or masked as `12.345.678/0001-95`, and sent without the mask. Neither `Debug` nor `Display`
/// shows it: a company may be one person.
///
/// ```
/// use caf::core_api::Cnpj;
///
/// let cnpj = Cnpj::new("12.345.678/0001-95")?;
/// assert_eq!(cnpj.as_str(), "12345678000195");
/// assert_eq!(format!("{cnpj:?}"), "Cnpj([redacted])");
/// assert!(Cnpj::new("12.345.678/0001").is_err());
/// # Ok::<(), caf::core_api::InvalidCnpj>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cnpj(Box<str>);

impl Cnpj {
    /// Takes a CNPJ.
    ///
    /// # Errors
    ///
    /// [`InvalidCnpj`] when these are not fourteen ASCII digits or letters, with dots, hyphens, slashes and
    /// spaces between them. It does not repeat the text.
    pub fn new(text: &str) -> Result<Self, InvalidCnpj> {
        let mut number = String::with_capacity(LENGTH);
        for character in text.chars() {
            match character {
                '.' | '-' | '/' | ' ' => {}
                character if character.is_ascii_alphanumeric() => number.push(character.to_ascii_uppercase()),
                _ => return Err(InvalidCnpj),
            }
        }
        if number.len() == LENGTH {
            Ok(Self(number.into()))
        } else {
            Err(InvalidCnpj)
        }
    }

    /// The fourteen characters, as they are sent. Personal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cnpj([redacted])")
    }
}

impl fmt::Display for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl FromStr for Cnpj {
    type Err = InvalidCnpj;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

/// Writes the fourteen characters alone.
impl Serialize for Cnpj {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a text cannot be a CNPJ. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidCnpj;

impl fmt::Display for InvalidCnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CNPJ has fourteen digits or letters")
    }
}

impl std::error::Error for InvalidCnpj {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_characters_however_they_are_masked() {
        for (text, number) in [
            ("12345678000195", "12345678000195"),
            ("12.345.678/0001-95", "12345678000195"),
            (" 12 345 678 0001 95 ", "12345678000195"),
            ("12.abc.345/01de-35", "12ABC34501DE35"),
            ("00000000000191", "00000000000191"),
        ] {
            assert_eq!(Cnpj::new(text).unwrap().as_str(), number);
        }
        for text in [
            "",
            "1234567800019",
            "123456780001955",
            "12345678909",
            "1234567800019\u{661}",
            "12345678000195\n",
            "12345678_000195",
            "..............",
            "..",
        ] {
            assert_eq!(Cnpj::new(text), Err(InvalidCnpj), "{text:?}");
        }
    }
}
