//! A country, by its letters or by its dialling code.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use verikit_core::{Error, Result};

/// A country, as it is asked for: two letters of ISO 3166, or a dialling code.
///
/// ```
/// use idlayr::CountryCode;
///
/// assert_eq!(CountryCode::new("gb")?.as_str(), "GB");
/// assert_eq!(CountryCode::new("+44")?.as_str(), "44");
/// assert!(CountryCode::new("GBR").is_err());
/// # Ok::<(), idlayr::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CountryCode(Box<str>);

impl CountryCode {
    /// Takes two letters in either case, or up to four digits with or without a `+`.
    ///
    /// # Errors
    ///
    /// When it is neither. The error does not quote it.
    pub fn new(code: &str) -> Result<Self> {
        let digits = code.strip_prefix('+').unwrap_or(code);
        let letters = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        if letters {
            Ok(Self(code.to_ascii_uppercase().into()))
        } else if is_dialling_code(digits) {
            Ok(Self(digits.into()))
        } else {
            let detail = "a country is two letters, such as GB, or a dialling code, such as 44";
            Err(Error::invalid_input(detail).with_provider("idlayr"))
        }
    }

    /// The letters in upper case, or the digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No code begins with a zero. North American ones have four digits where they tell an island.
fn is_dialling_code(digits: &str) -> bool {
    (1..=4).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromStr for CountryCode {
    type Err = Error;

    fn from_str(code: &str) -> Result<Self> {
        Self::new(code)
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryCode({})", self.0)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads one as a text or as a number: a dialling code is documented as both.
impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u32),
            Text(String),
        }
        let read = match Written::deserialize(deserializer)? {
            Written::Number(number) => Self::new(&number.to_string()),
            Written::Text(text) => Self::new(&text),
        };
        read.map_err(|_| serde::de::Error::custom("expected a country code"))
    }
}
