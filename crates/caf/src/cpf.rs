//! CPF numbers, which say whom a call or a token is about.

use std::fmt;

use crate::personal_text::personal_text;

/// A CPF, the number of a person in Brazil's taxpayer registry: eleven digits, leading zeros included
/// (contract caf, 8).
///
/// [`parse`](Self::parse) takes the digits, alone or masked as `123.456.789-09`, and does not look at the two
/// check digits: the vendor's own samples fail them. [`parse_strictly`](Self::parse_strictly) does look at
/// them. What is sent are the digits alone. Neither `Debug` nor `Display` shows them.
///
/// ```
/// use caf::Cpf;
///
/// let cpf = Cpf::parse("123.456.789-09")?;
/// assert_eq!(cpf.digits(), "12345678909");
/// assert_eq!(format!("{cpf} {cpf:?}"), "[personal] Cpf([redacted])");
///
/// // A sample of the vendor's own pages.
/// let sample = Cpf::parse("000.111.222-33")?;
/// assert!(!sample.has_valid_check_digits());
/// assert!(Cpf::parse_strictly("000.111.222-33").is_err());
/// # Ok::<(), caf::InvalidCpf>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpf([u8; DIGITS]);

const DIGITS: usize = 11;

impl Cpf {
    /// Reads a CPF without a look at its check digits. Between the digits there may be dots, hyphens, slashes
    /// and spaces.
    ///
    /// # Errors
    ///
    /// [`InvalidCpf`] when these are not eleven digits. It does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidCpf> {
        let mut digits = [0; DIGITS];
        let mut places = digits.iter_mut();
        for character in text.trim().chars() {
            match character {
                '0'..='9' => match places.next() {
                    Some(place) => *place = u8::try_from(character).unwrap_or_default(),
                    None => return Err(InvalidCpf(Reason::TooLong)),
                },
                '.' | '-' | '\u{2010}' | '\u{2011}' | '/' | ' ' | '\u{a0}' => {}
                _ => return Err(InvalidCpf(Reason::Character)),
            }
        }
        match places.len() {
            0 => Ok(Self(digits)),
            DIGITS => Err(InvalidCpf(Reason::Empty)),
            _ => Err(InvalidCpf(Reason::TooShort)),
        }
    }

    /// Reads a CPF that somebody typed: as [`parse`](Self::parse), and its check digits have to be right,
    /// which finds nearly every mistyped digit.
    ///
    /// # Errors
    ///
    /// [`InvalidCpf`] when these are not eleven digits, when the check digits are wrong, or when all digits
    /// are the same: such numbers pass the check and are never issued.
    pub fn parse_strictly(text: &str) -> Result<Self, InvalidCpf> {
        let cpf = Self::parse(text)?;
        if cpf.has_valid_check_digits() {
            Ok(cpf)
        } else {
            Err(InvalidCpf(Reason::CheckDigits))
        }
    }

    /// Whether the two check digits are right. Eleven times the same digit is never a CPF.
    #[must_use]
    pub fn has_valid_check_digits(&self) -> bool {
        let [first, ..] = self.0;
        let all_the_same = self.0.iter().all(|digit| *digit == first);
        !all_the_same && self.is_check_digit(DIGITS - 2) && self.is_check_digit(DIGITS - 1)
    }

    /// Whether the digit at `place` is the one that the digits before it make.
    fn is_check_digit(&self, place: usize) -> bool {
        let value = |digit: &u8| u32::from(digit.saturating_sub(b'0'));
        // The weight of the digit just before it is 2, and grows to the left.
        let (before, rest) = self.0.split_at(place.min(DIGITS));
        let sum: u32 = before
            .iter()
            .rev()
            .zip(2..)
            .map(|(digit, weight)| value(digit) * weight)
            .sum();
        let expected = match sum % 11 {
            0 | 1 => 0,
            remainder => 11 - remainder,
        };
        rest.first().map(value) == Some(expected)
    }

    /// The eleven digits, as they are sent. Personal.
    #[must_use]
    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

personal_text!(Cpf, InvalidCpf, parse, digits);

/// Why a text is not a CPF. The text itself is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCpf(Reason);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Empty,
    Character,
    TooShort,
    TooLong,
    CheckDigits,
}

impl fmt::Display for InvalidCpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Reason::Empty => "the CPF has no digits; write eleven of them, alone or as ddd.ddd.ddd-dd",
            Reason::Character => {
                "the CPF has a character that is not a digit, dot, hyphen, slash or space; write eleven \
                 digits, alone or as ddd.ddd.ddd-dd"
            }
            Reason::TooShort => {
                "the CPF has fewer than eleven digits; its leading zeros belong to it: keep it as text"
            }
            Reason::TooLong => "the CPF has more than eleven digits",
            Reason::CheckDigits => {
                "the CPF's check digits are wrong; a digit was mistyped, or this is not a CPF"
            }
        })
    }
}

impl std::error::Error for InvalidCpf {}

#[cfg(test)]
mod tests;
