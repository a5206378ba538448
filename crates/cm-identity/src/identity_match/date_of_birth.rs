//! Dates of birth.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use verikit_core::Timestamp;

/// A date of birth, written `YYYY-MM-DD`. `Debug` does not show it, and there is no `Display`.
///
/// ```
/// use cm_identity::DateOfBirth;
///
/// let date = DateOfBirth::parse("1990-01-31")?;
/// assert_eq!(date.as_str(), "1990-01-31");
/// assert!(DateOfBirth::parse("31-01-1990").is_err());
/// assert!(DateOfBirth::parse("1990-02-30").is_err());
/// # Ok::<(), cm_identity::InvalidDateOfBirth>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateOfBirth(Box<str>);

impl DateOfBirth {
    /// Reads a date that exists in the calendar.
    ///
    /// # Errors
    ///
    /// [`InvalidDateOfBirth`] says how to write it. It does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidDateOfBirth> {
        // A timestamp begins with ten characters of date: its reader knows the calendar.
        let exists = text.len() == 10 && Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok();
        if exists {
            Ok(Self(text.into()))
        } else {
            Err(InvalidDateOfBirth)
        }
    }

    /// The date as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DateOfBirth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DateOfBirth([redacted])")
    }
}

impl FromStr for DateOfBirth {
    type Err = InvalidDateOfBirth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for DateOfBirth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a text is no date of birth. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidDateOfBirth;

impl fmt::Display for InvalidDateOfBirth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the date of birth must be a date of the calendar, written YYYY-MM-DD")
    }
}

impl std::error::Error for InvalidDateOfBirth {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_of_the_calendar_in_one_form() {
        for text in ["1990-01-31", "2000-02-29", "2024-02-29", "1900-12-31"] {
            assert_eq!(text.parse::<DateOfBirth>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "1990-1-31",
            "1990-13-01",
            "1990-00-10",
            "1990-04-31",
            "1900-02-29",
            "1990-01-00",
            "31-01-1990",
            "1990/01/31",
            "19900131",
            "1990-01-31Z",
            "1990-01-31T00:00:00Z",
            " 1990-01-31",
            "1990-01-3\n",
            "\u{661}990-01-3",
            "-990-01-31",
        ] {
            let error = DateOfBirth::parse(text).unwrap_err();
            assert!(error.to_string().contains("YYYY-MM-DD"));
            assert!(!error.to_string().contains("1990"), "{text}");
        }
        assert!(!format!("{:?}", DateOfBirth::parse("1990-01-31").unwrap()).contains("1990"));
    }
}
