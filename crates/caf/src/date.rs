//! Days of the calendar, which CAF writes in two ways.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use verikit_core::Timestamp;
use verikit_core::value::read_personal_text;

/// A day of the calendar. CAF's APIs write it `dd/MM/yyyy` in some places and as in ISO 8601 in others
/// (contract caf, 10): [`parse`](Self::parse) reads both. What is read is what is written, without a time
/// zone.
///
/// Mostly a date of birth: `Debug` does not show it, and there is no `Display`.
///
/// ```
/// use caf::CalendarDate;
///
/// let date = CalendarDate::parse("01/02/1990")?;
/// assert_eq!(date, CalendarDate::parse("1990-02-01")?);
/// assert_eq!(date, CalendarDate::parse("1990-02-01T00:00:00.000Z")?);
/// assert_eq!((date.day_first(), date.iso()), ("01/02/1990".into(), "1990-02-01".into()));
/// assert!(CalendarDate::parse("30/02/1990").is_err());
/// # Ok::<(), caf::InvalidDate>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate {
    year: u16,
    month: u8,
    day: u8,
}

impl CalendarDate {
    /// A day of a year from 1 to 9999; the month and the day are counted from 1.
    ///
    /// # Errors
    ///
    /// [`InvalidDate`] when the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, InvalidDate> {
        // The reader of timestamps knows the calendar.
        let exists = (1..=9999).contains(&year)
            && Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z")).is_ok();
        exists.then_some(Self { year, month, day }).ok_or(InvalidDate)
    }

    /// Reads `dd/MM/yyyy`, `yyyy-MM-dd`, or the date of an ISO 8601 date and time with an offset.
    ///
    /// # Errors
    ///
    /// [`InvalidDate`] when it is none of these, or the calendar has no such day. It does not repeat the
    /// text.
    pub fn parse(text: &str) -> Result<Self, InvalidDate> {
        let date = match *text.as_bytes() {
            [d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] | [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => {
                [y1, y2, y3, y4, m1, m2, d1, d2]
            }
            [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..] if Timestamp::parse(text).is_ok() => {
                [y1, y2, y3, y4, m1, m2, d1, d2]
            }
            _ => return Err(InvalidDate),
        };
        let [y1, y2, y3, y4, m1, m2, d1, d2] = date;
        let two = |tens: u8, ones: u8| -> Option<u8> {
            let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            digits.then(|| (tens - b'0') * 10 + (ones - b'0'))
        };
        let year = two(y1, y2).zip(two(y3, y4));
        let year = year.map(|(century, rest)| u16::from(century) * 100 + u16::from(rest));
        match (year, two(m1, m2), two(d1, d2)) {
            (Some(year), Some(month), Some(day)) => Self::new(year, month, day),
            _ => Err(InvalidDate),
        }
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// As `dd/MM/yyyy`. Personal, as a rule.
    #[must_use]
    pub fn day_first(self) -> String {
        format!("{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }

    /// As `yyyy-MM-dd`. Personal, as a rule.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarDate([redacted])")
    }
}

impl FromStr for CalendarDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Writes `yyyy-MM-dd`, whatever way an API of CAF's writes its dates.
impl Serialize for CalendarDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.iso())
    }
}

/// Reads as [`CalendarDate::parse`] does.
impl<'de> Deserialize<'de> for CalendarDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_personal_text(deserializer, Self::parse)
    }
}

/// The text is not a day of the calendar. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the calendar, written dd/MM/yyyy or yyyy-MM-dd")
    }
}

impl std::error::Error for InvalidDate {}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day of birth in a form, where the number would be quoted to whoever reads the error.
    #[test]
    fn a_number_in_place_of_a_date_is_not_quoted() {
        let error = serde_json::from_str::<CalendarDate>("19900131").unwrap_err();
        assert!(!error.to_string().contains("1990"), "{error}");
    }
}
