//! Dates of birth.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use verikit_core::Timestamp;
use verikit_core::value::read_personal_text;

/// A date of birth, written `YYYY-MM-DD`. `Debug` does not show it, and there is no `Display`.
///
/// It reads and writes itself with serde, so that a form can hold it: what is no such date is an error there
/// too.
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

impl TryFrom<&str> for DateOfBirth {
    type Error = InvalidDateOfBirth;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl Serialize for DateOfBirth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Reads as [`DateOfBirth::parse`] does.
impl<'de> Deserialize<'de> for DateOfBirth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_personal_text(deserializer, Self::parse)
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

    #[test]
    fn a_form_can_hold_it() {
        #[derive(Debug, Serialize, Deserialize)]
        struct SignUp {
            born: DateOfBirth,
            #[serde(default)]
            and: Option<DateOfBirth>,
        }
        let form: SignUp = serde_json::from_str(r#"{"born":"1990-01-31"}"#).unwrap();
        assert_eq!(form.born, DateOfBirth::try_from("1990-01-31").unwrap());
        assert_eq!(
            serde_json::to_string(&form).unwrap(),
            r#"{"born":"1990-01-31","and":null}"#
        );
        assert!(!format!("{form:?}").contains("1990"));
        for wrong in [
            "\"31-01-1990\"",
            "\"1990-02-30\"",
            "19900131",
            "null",
            "\"\"",
            "{}",
        ] {
            let json = format!(r#"{{"born":{wrong}}}"#);
            let error = serde_json::from_str::<SignUp>(&json).unwrap_err().to_string();
            assert!(!error.contains("1990"), "{error}");
        }
    }
}
