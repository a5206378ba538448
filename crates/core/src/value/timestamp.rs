//! Points in time as providers write them.

use std::cmp::Ordering;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, with the text that it was read from.
///
/// Reads ISO 8601 with an offset in the spellings that the providers use: `2024-05-02T09:10:11+00:00`,
/// `2024-05-02T09:10:11+0000` and `2024-05-02T09:10:11.751Z`. Two timestamps are equal when they name the same
/// instant, however they are written.
///
/// ```
/// use verikit_core::Timestamp;
///
/// let a = Timestamp::parse("2024-05-02T09:10:11+0000")?;
/// let b = Timestamp::parse("2024-05-02T10:10:11+01:00")?;
/// assert_eq!(a, b);
/// assert_eq!(a.as_str(), "2024-05-02T09:10:11+0000");
/// assert_eq!(a.unix_seconds(), 1_714_641_011);
/// # Ok::<(), verikit_core::value::InvalidTimestamp>(())
/// ```
#[derive(Clone)]
pub struct Timestamp {
    text: Box<str>,
    instant: jiff::Timestamp,
}

impl Timestamp {
    /// Reads a date and time with an offset.
    ///
    /// # Errors
    ///
    /// [`InvalidTimestamp`] when the text is no such date.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        // The longest spelling any provider uses has 32 characters.
        if text.len() > 64 {
            return Err(InvalidTimestamp);
        }
        let instant = text.parse::<jiff::Timestamp>().map_err(|_| InvalidTimestamp)?;
        Ok(Self {
            text: text.into(),
            instant,
        })
    }

    /// The text as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        let seconds = self.instant.as_second();
        if self.instant.subsec_nanosecond() < 0 {
            seconds - 1
        } else {
            seconds
        }
    }

    /// The instant as the standard library's type.
    #[must_use]
    pub fn system_time(&self) -> SystemTime {
        self.instant.into()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.instant)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// The text is no ISO 8601 date and time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date and time with an offset, such as 2024-05-02T09:10:11+00:00")
    }
}

impl std::error::Error for InvalidTimestamp {}

/// Reads the date of an HTTP header (`Sun, 06 Nov 1994 08:49:37 GMT`).
pub(crate) fn parse_http_date(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp().into())
}

/// Whole seconds since 1970 of a wall-clock time; times before 1970 count as 1970.
#[cfg(feature = "signing")]
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// How far `there` is ahead of `here`, in seconds; negative when it is behind.
pub(crate) fn seconds_ahead(there: SystemTime, here: SystemTime) -> i64 {
    let whole = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match there.duration_since(here) {
        Ok(ahead) => whole(ahead),
        Err(behind) => -whole(behind.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_contracts_is_read_and_kept() {
        for text in [
            "2020-06-01T16:43:30+00:00",
            "2020-06-01T16:43:30+0000",
            "2020-06-01T16:43:30Z",
            "2020-06-01T16:43:30.000Z",
            "2020-06-01T18:43:30+02:00",
        ] {
            let timestamp = Timestamp::parse(text).unwrap();
            assert_eq!(timestamp.unix_seconds(), 1_591_029_810, "{text}");
            assert_eq!(serde_json::to_string(&timestamp).unwrap(), format!("\"{text}\""));
        }
        let precise = Timestamp::parse("2020-06-01T16:43:30.751Z").unwrap();
        assert_eq!(
            precise
                .system_time()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .subsec_millis(),
            751
        );
    }

    #[test]
    fn a_date_without_an_offset_is_refused() {
        for text in ["2020-06-01T16:43:30", "2020-06-01", "", "yesterday", "1591029810"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
        assert!(Timestamp::parse(&"2".repeat(10_000)).is_err());
    }

    #[test]
    fn http_dates() {
        let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(expected));
        for text in [
            "",
            "tomorrow",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn before_1970_rounds_down() {
        assert_eq!(
            Timestamp::parse("1969-12-31T23:59:59.500Z")
                .unwrap()
                .unix_seconds(),
            -1
        );
    }
}
