//! CNPJ numbers, which say which company a call or a transaction is about.

use std::fmt;

use crate::personal_text::personal_text;

const LENGTH: usize = 14;

/// A CNPJ, the number of a company in Brazil's registry: fourteen digits or letters. Letters too, because the
/// registry is introducing such numbers (inferred, contract caf, 10); the check digits are not looked at.
///
/// Taken alone or masked as `12.345.678/0001-95`, and sent without the mask. Neither `Debug` nor `Display`
/// shows it: a company may be one person.
///
/// ```
/// use caf::Cnpj;
///
/// let cnpj = Cnpj::parse("12.345.678/0001-95")?;
/// assert_eq!(cnpj.digits(), "12345678000195");
/// assert_eq!(format!("{cnpj} {cnpj:?}"), "[personal] Cnpj([redacted])");
/// assert!(Cnpj::parse("12.345.678/0001").is_err());
/// # Ok::<(), caf::InvalidCnpj>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cnpj([u8; LENGTH]);

impl Cnpj {
    /// Reads a CNPJ without a look at its check digits. Letters count in either case.
    ///
    /// # Errors
    ///
    /// [`InvalidCnpj`] when these are not fourteen ASCII digits or letters, with dots, hyphens, slashes and
    /// spaces between them. It does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidCnpj> {
        let mut number = [0; LENGTH];
        let mut places = number.iter_mut();
        for character in text.chars() {
            match character {
                '.' | '-' | '/' | ' ' => {}
                character if character.is_ascii_alphanumeric() => {
                    let place = places.next().ok_or(InvalidCnpj)?;
                    *place = u8::try_from(character.to_ascii_uppercase()).unwrap_or_default();
                }
                _ => return Err(InvalidCnpj),
            }
        }
        match places.len() {
            0 => Ok(Self(number)),
            _ => Err(InvalidCnpj),
        }
    }

    /// The fourteen digits or letters, as they are sent: letters are capitals. Personal.
    #[must_use]
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

personal_text!(Cnpj, InvalidCnpj, parse, digits);

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
            let cnpj = Cnpj::parse(text).unwrap();
            assert_eq!(cnpj.digits(), number);
            assert_eq!((text.parse(), Cnpj::try_from(text)), (Ok(cnpj), Ok(cnpj)));
            let json = serde_json::to_string(&cnpj).unwrap();
            assert_eq!(json, format!("\"{number}\""));
            assert_eq!(serde_json::from_str::<Cnpj>(&json).unwrap(), cnpj);
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
            assert_eq!(Cnpj::parse(text), Err(InvalidCnpj), "{text:?}");
            let error = serde_json::from_value::<Cnpj>(text.into())
                .unwrap_err()
                .to_string();
            assert_eq!(error, InvalidCnpj.to_string(), "the text is not repeated");
        }
        assert!(
            serde_json::from_str::<Cnpj>("12345678000195").is_err(),
            "a number is not a text"
        );
    }
}
