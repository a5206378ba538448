//! Points in time as providers write them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, with the text that it was read from.
///
/// Reads ISO 8601 with an offset in the spellings that the providers use: `2024-05-02T09:10:11+00:00`,
/// `2024-05-02T09:10:11+0000` and `2024-05-02T09:10:11.751Z`. Two timestamps are equal when they name the
/// same instant, however they are written.
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
    instant: Instant,
}

/// Seconds since 1970-01-01T00:00:00Z, rounded down, and nanoseconds into the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Instant {
    seconds: i64,
    nanoseconds: u32,
}

impl Timestamp {
    /// Reads a date and time with an offset.
    ///
    /// # Errors
    ///
    /// [`InvalidTimestamp`] when the text is no such date.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        let instant = read(text.as_bytes()).ok_or(InvalidTimestamp)?;
        Ok(Self {
            text: text.into(),
            instant,
        })
    }

    /// A point in time as the documents of most providers write it, `2024-05-02T09:10:11Z`: whole seconds,
    /// rounded down. Nothing for a time before 1970 or after 9999, which has no such text.
    #[must_use]
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let seconds = i64::try_from(since_1970.as_secs()).ok()?;
        let (day, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date_of(day);
        if year > 9999 {
            return None;
        }
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        Some(Self {
            text: text.into(),
            instant: Instant {
                seconds,
                nanoseconds: 0,
            },
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
        self.instant.seconds
    }

    /// The instant as the standard library's type, or nothing where the platform's clock does not reach that
    /// far back: zero dates of year 1 occur in answers.
    #[must_use]
    pub fn system_time(&self) -> Option<SystemTime> {
        let fraction = Duration::from_nanos(self.instant.nanoseconds.into());
        let whole = Duration::from_secs(self.instant.seconds.unsigned_abs());
        let second = if self.instant.seconds >= 0 {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        };
        second?.checked_add(fraction)
    }
}

/// Reads `YYYY-MM-DDThh:mm:ss`, an optional fraction of up to nine digits, and `Z`, `+hh:mm` or `+hhmm`: what
/// the providers write and no more. A calendar library would read it too, for two crates more in everybody's
/// tree.
fn read(text: &[u8]) -> Option<Instant> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T' | b't',
        ref rest @ ..,
    ] = text
    else {
        return None;
    };
    let &[h1, h2, b':', min1, min2, b':', s1, s2, ref rest @ ..] = rest else {
        return None;
    };
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[min1, min2])?, number(&[s1, s2])?);
    let (nanoseconds, rest) = match rest.split_first() {
        Some((b'.', rest)) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = rest.split_at_checked(digits)?;
            let missing = 9_u32.checked_sub(u32::try_from(digits).ok().filter(|digits| *digits > 0)?)?;
            (number(fraction)? * 10_i64.pow(missing), rest)
        }
        _ => (0, rest),
    };
    let (sign, offset_hours, offset_minutes) = match *rest {
        [b'Z' | b'z'] => (0, 0, 0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] | [sign @ (b'+' | b'-'), h1, h2, m1, m2] => (
            if sign == b'+' { 1 } else { -1 },
            number(&[h1, h2])?,
            number(&[m1, m2])?,
        ),
        _ => return None,
    };
    // A leap second is written as second 60; it counts as the one before it.
    let plausible = (1..=days_of(year, month)?).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && offset_hours < 24
        && offset_minutes < 60;
    let time =
        hour * 3600 + minute * 60 + second.min(59) - sign * (offset_hours * 3600 + offset_minutes * 60);
    plausible.then_some(Instant {
        seconds: days_since_1970(year, month, day) * 86_400 + time,
        nanoseconds: u32::try_from(nanoseconds).ok()?,
    })
}

pub(super) fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + i64::from(digit - b'0'))
    })
}

pub(super) fn days_of(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

/// Counts from 1 March of year 0, so that the leap day is the last of its year (Hinnant, "chrono-compatible
/// low-level date algorithms").
pub(super) fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The other way round, by the same author: year, month and day of a day since 1970.
fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day.saturating_add(719_468);
    let era = day.div_euclid(146_097);
    let day_of_era = day.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.text)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

/// As for equality, the spelling does not count.
impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

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
        super::read_text(deserializer, Self::parse)
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
    use std::collections::HashSet;

    use super::*;
    use proptest::prelude::*;

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
                .unwrap()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .subsec_millis(),
            751
        );
    }

    #[test]
    fn one_instant_is_one_key_however_it_is_written() {
        let texts = [
            "2020-06-01T16:43:30Z",
            "2020-06-01T18:43:30+02:00",
            "2020-06-01T16:43:30.000+0000",
        ];
        let same: HashSet<Timestamp> = texts.into_iter().map(|text| text.parse().unwrap()).collect();
        assert_eq!(same.len(), 1);
        assert!(!same.contains(&"2020-06-01T16:43:30.001Z".parse().unwrap()));
        assert_eq!("2020-06-01".parse::<Timestamp>(), Err(InvalidTimestamp));
    }

    #[test]
    fn a_date_without_an_offset_is_refused() {
        for text in ["2020-06-01T16:43:30", "2020-06-01", "", "yesterday", "1591029810"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
        assert!(Timestamp::parse(&"2".repeat(10_000)).is_err());
    }

    proptest! {
        /// The judge is a calendar library.
        #[test]
        fn every_instant_reads_as_a_calendar_library_reads_it(
            seconds in -62_135_596_800_i64..=253_402_300_799,
            nanoseconds in 0_i32..1_000_000_000,
            offset in -86_340_i32..=86_340,
            colon in any::<bool>(),
        ) {
            let instant = jiff::Timestamp::new(seconds, nanoseconds).unwrap();
            let zone = jiff::tz::Offset::from_seconds(offset / 60 * 60).unwrap().to_time_zone();
            let zoned = instant.to_zoned(zone);
            prop_assume!((0..=9999).contains(&zoned.year()));
            let format = if colon { "%Y-%m-%dT%H:%M:%S.%9f%:z" } else { "%Y-%m-%dT%H:%M:%S.%9f%z" };
            let text = zoned.strftime(format).to_string();
            let read = Timestamp::parse(&text).unwrap();
            prop_assert_eq!(read.system_time(), Some(SystemTime::from(instant)), "{}", text);
            prop_assert_eq!(read.as_str(), &text);
        }

        #[test]
        fn every_moment_is_written_as_a_calendar_library_writes_it(
            seconds in 0_i64..=253_402_300_799,
            nanoseconds in 0_i32..1_000_000_000,
        ) {
            let instant = jiff::Timestamp::new(seconds, nanoseconds).unwrap();
            let written = Timestamp::from_system_time(SystemTime::from(instant)).unwrap();
            prop_assert_eq!(written.as_str(), instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
            prop_assert_eq!(written.unix_seconds(), seconds);
            prop_assert_eq!(&Timestamp::parse(written.as_str()).unwrap(), &written);
        }

        #[test]
        fn any_text_ends_as_a_timestamp_or_an_error(text in "\\PC{0,44}") {
            let _ = Timestamp::parse(&text);
        }

        #[test]
        fn nearly_right_texts_are_judged_as_a_calendar_library_judges_them(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-6][0-9])"
        ) {
            let judge = text.parse::<jiff::Timestamp>().ok();
            // Beyond year 9999 by way of the offset, the judge gives up.
            if let Some(judge) = judge {
                prop_assert_eq!(Timestamp::parse(&text).unwrap().system_time(), Some(SystemTime::from(judge)));
            } else if let Ok(read) = Timestamp::parse(&text) {
                prop_assert!(!(1..=9998).contains(&text.split_at(4).0.parse::<u32>().unwrap()), "{:?}", read);
            }
        }
    }

    #[test]
    fn what_has_no_such_text_is_not_written() {
        let at = |seconds| {
            SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .unwrap()
        };
        let written = |time| Timestamp::from_system_time(time).map(|written| written.as_str().to_owned());
        assert_eq!(written(at(0)).as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(written(at(951_782_399)).as_deref(), Some("2000-02-28T23:59:59Z"));
        assert_eq!(written(at(951_782_400)).as_deref(), Some("2000-02-29T00:00:00Z"));
        assert_eq!(
            written(at(253_402_300_799)).as_deref(),
            Some("9999-12-31T23:59:59Z")
        );
        assert_eq!(written(at(253_402_300_800)), None);
        assert_eq!(written(at(i64::MAX as u64)), None);
        let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(written(before), None);
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
