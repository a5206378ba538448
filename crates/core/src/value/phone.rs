//! Phone numbers in E.164.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A phone number in international form (E.164): a country code and a subscriber number, 8 to 15 digits.
///
/// Parsing takes the number with or without the leading `+`, with spaces, hyphens, dots, slashes and
/// parentheses between the digits. A number that starts with `0` is refused rather than guessed at: without a
/// country code it could be anybody's. `Debug` does not show the number, and there is no `Display`.
///
/// ```
/// use verikit_core::PhoneNumber;
///
/// let number = PhoneNumber::parse("+44 7700 900-042")?;
/// assert_eq!(number.digits(), "447700900042");
/// assert_eq!(number.e164(), "+447700900042");
///
/// let error = PhoneNumber::parse("07700 900042").unwrap_err();
/// assert!(error.to_string().contains("country code"));
/// # Ok::<(), verikit_core::InvalidPhoneNumber>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    /// ASCII digits, in place: a number is cloned for each call, which then allocates nothing for it.
    digits: [u8; MAX_DIGITS],
    count: usize,
}

/// The fewest digits that are taken for a number with its country code.
const MIN_DIGITS: usize = 8;
/// E.164's own limit.
const MAX_DIGITS: usize = 15;

impl PhoneNumber {
    /// Reads a number as people write it.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoneNumber`] says which rule the text breaks and how to write it. It does not repeat the
    /// text.
    pub fn parse(text: &str) -> Result<Self, InvalidPhoneNumber> {
        let trimmed = text.trim();
        let (has_plus, rest) = match trimmed.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let mut digits = [0; MAX_DIGITS];
        let mut count = 0;
        // "(0)" is how a national 0 is written next to a country code; "(06)" is the beginning of an Italian
        // number.
        if rest.contains("(0)") {
            return Err(InvalidPhoneNumber(Reason::TrunkInParentheses));
        }
        for character in rest.chars() {
            match character {
                '0'..='9' => {
                    if character == '0' && count == 0 {
                        let international = !has_plus && rest.starts_with("00");
                        let reason = if international {
                            Reason::InternationalPrefix
                        } else {
                            Reason::Trunk
                        };
                        return Err(InvalidPhoneNumber(reason));
                    }
                    let Some(place) = digits.get_mut(count) else {
                        return Err(InvalidPhoneNumber(Reason::TooLong));
                    };
                    *place = u8::try_from(character).unwrap_or_default();
                    count += 1;
                }
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '.' | '/' | '(' | ')' => {}
                _ => return Err(InvalidPhoneNumber(Reason::Character)),
            }
        }
        match count {
            0 => Err(InvalidPhoneNumber(Reason::Empty)),
            count if count < MIN_DIGITS => Err(InvalidPhoneNumber(Reason::TooShort)),
            _ => Ok(Self { digits, count }),
        }
    }

    /// The digits alone, country code first, without `+`.
    #[must_use]
    pub fn digits(&self) -> &str {
        let digits = self.digits.get(..self.count).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// The number as E.164 writes it, with the leading `+`.
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+{}", self.digits())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber([redacted])")
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

/// Writes the number with its `+`. Provider crates write the form that their provider documents.
impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("+{}", self.digits()))
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::read_personal_text(deserializer, Self::parse)
    }
}

/// Why a text is no international phone number. The text itself is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPhoneNumber(Reason);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Empty,
    Character,
    Trunk,
    TrunkInParentheses,
    InternationalPrefix,
    TooShort,
    TooLong,
}

impl fmt::Display for InvalidPhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Reason::Empty => "the phone number has no digits; write it as +447700900042",
            Reason::Character => {
                "the phone number has a character that is no digit, space, hyphen, dot, slash or parenthesis; \
                 write it as +447700900042"
            }
            Reason::Trunk => {
                "the phone number starts with 0, so it lacks its country code; put that first, in most countries in place \
                 of the 0: 07700 900042 in the United Kingdom is +447700900042"
            }
            Reason::TrunkInParentheses => {
                "the phone number has a national 0 in parentheses; leave it out: +44 (0)7700 900042 is +447700900042"
            }
            Reason::InternationalPrefix => {
                "the phone number starts with the dialling prefix 00; write + in its place: \
                 0044 7700 900042 is +447700900042"
            }
            Reason::TooShort => "the phone number has fewer than 8 digits; it needs its country code: +447700900042",
            Reason::TooLong => "the phone number has more than the 15 digits that E.164 allows",
        })
    }
}

impl std::error::Error for InvalidPhoneNumber {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_people_write_them() {
        for text in [
            "+447700900042",
            "447700900042",
            " +44 7700 900042 ",
            "+44-7700-900.042",
            "+44 (7700) 900/042",
            "+44\u{a0}7700\u{202f}900042",
        ] {
            assert_eq!(
                PhoneNumber::parse(text).unwrap().digits(),
                "447700900042",
                "{text}"
            );
        }
    }

    #[test]
    fn each_mistake_has_its_own_advice() {
        for (text, advice) in [
            ("", "no digits"),
            ("+", "no digits"),
            ("07700 900042", "lacks its country code"),
            ("+0 7700 900042", "lacks its country code"),
            ("0044 7700 900042", "write + in its place"),
            ("+44 (0)7700 900042", "in parentheses"),
            ("+44 7700", "fewer than 8"),
            ("+1234567890123456", "more than the 15"),
            ("+44 7700 900042 ext 5", "character"),
            ("++447700900042", "character"),
            ("\u{ff0b}447700900042", "character"),
            ("\u{664}\u{664}7700900042", "character"),
        ] {
            let error = PhoneNumber::parse(text).unwrap_err();
            assert!(error.to_string().contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn a_zero_inside_the_number_is_an_ordinary_digit() {
        assert_eq!(
            PhoneNumber::parse("+39 06 698 12345").unwrap().digits(),
            "390669812345"
        );
    }

    #[test]
    fn serde_writes_e164_and_checks_what_it_reads() {
        let number: PhoneNumber = serde_json::from_str("\"447700900042\"").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"+447700900042\"");
        let error = serde_json::from_str::<PhoneNumber>("\"0770099912\"").unwrap_err();
        assert!(!error.to_string().contains("0770099912"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_ends_as_digits_or_as_an_error_without_the_text(text in "\\PC{0,24}") {
            match PhoneNumber::parse(&text) {
                Ok(number) => {
                    prop_assert!((MIN_DIGITS..=MAX_DIGITS).contains(&number.digits().len()));
                    prop_assert!(number.digits().bytes().all(|byte| byte.is_ascii_digit()));
                    prop_assert!(!number.digits().starts_with('0'));
                    prop_assert_eq!(PhoneNumber::parse(&number.e164()).unwrap(), number);
                }
                Err(error) => prop_assert!(text.trim().len() < 8 || !error.to_string().contains(text.trim())),
            }
        }

        #[test]
        fn debug_never_shows_the_digits(digits in "[1-9][0-9]{7,14}") {
            let number = PhoneNumber::parse(&digits).unwrap();
            let shown = format!("{number:?}");
            prop_assert!(!shown.contains(&digits));
        }
    }
}
