//! The dates of HTTP headers.

use std::time::{Duration, SystemTime};

use super::timestamp::{days_of, days_since_1970, number};

/// In the order of the days since 1970, which began on a Thursday.
const WEEKDAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads the date of an HTTP header in the three forms that a recipient must take (RFC 9110, 5.6.7):
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. From
/// 1970 on; the day of the week must be that of the date.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use verikit_core::value::parse_http_date;
///
/// let date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(date, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)));
/// assert_eq!(parse_http_date("yesterday"), None);
/// ```
// A crate for it would be one more in everybody's tree.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (weekday, day, month, year, time) = match text.strip_suffix(" GMT") {
        Some(text) => {
            let (weekday, rest) = text.split_once(", ")?;
            let (date, time) = rest.rsplit_once(' ')?;
            let short = weekday.len() == 3;
            let (day, rest) = date.split_once(if short { ' ' } else { '-' })?;
            let (month, year) = rest.split_once(if short { ' ' } else { '-' })?;
            let year = match (short, year.len()) {
                (true, 4) => number(year.as_bytes())?,
                (false, 2) => within_a_century(number(year.as_bytes())?),
                _ => return None,
            };
            (weekday, two_digits(day)?, month, year, time)
        }
        None => {
            let (weekday, rest) = text.split_at_checked(3)?;
            let (month, rest) = rest.strip_prefix(' ')?.split_at_checked(3)?;
            let (day, rest) = rest.strip_prefix(' ')?.split_at_checked(2)?;
            let (time, year) = rest.strip_prefix(' ')?.split_once(' ')?;
            let day = match day.strip_prefix(' ') {
                Some(digit) => number(digit.as_bytes())?,
                None => two_digits(day)?,
            };
            let year = (year.len() == 4).then(|| number(year.as_bytes()))??;
            (weekday, day, month, year, time)
        }
    };
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let days = days_since_1970(year, month, day);
    let of_week = WEEKDAYS.get(usize::try_from(days.rem_euclid(7)).ok()?)?;
    let is_it = weekday == *of_week || Some(weekday) == of_week.get(..3);
    let plausible = year >= 1970 && (1..=days_of(year, month)?).contains(&day) && is_it;
    let seconds = days * 86_400 + seconds_of_day(time)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(
        u64::try_from(seconds).ok().filter(|_| plausible)?,
    ))
}

/// Two digits are a year of this century up to 69, and of the last one from then on.
fn within_a_century(year: i64) -> i64 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2).then(|| number(text.as_bytes()))?
}

/// Reads `hh:mm:ss`.
fn seconds_of_day(time: &str) -> Option<i64> {
    let (hour, rest) = time.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let (hour, minute, second) = (two_digits(hour)?, two_digits(minute)?, two_digits(second)?);
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The three examples of RFC 9110, 5.6.7 are one instant.
    #[test]
    fn every_form_of_the_standard_is_read() {
        let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            " Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_such_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Su, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Sunday, 06-Nov-94\u{a0}08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
            "Thu, 29 Feb 2023 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    /// `httpdate` is the judge. It takes any byte between the date and the time of the second form.
    fn judged(text: &str) -> Option<SystemTime> {
        let lenient = text.contains('-') && text.trim().bytes().filter(|byte| *byte == b' ').count() != 3;
        httpdate::parse_http_date(text.trim()).ok().filter(|_| !lenient)
    }

    /// A second before the year 10000.
    const LAST: u64 = 253_402_300_799;

    fn written(time: SystemTime, form: usize) -> String {
        let text = httpdate::fmt_http_date(time);
        let words: Vec<&str> = text.split([' ', ',']).collect();
        let [weekday, _, day, month, year, time, _] = words[..] else {
            panic!("{text}")
        };
        match form {
            0 => text.clone(),
            1 => {
                let weekday = WEEKDAYS.iter().find(|name| name.starts_with(weekday)).unwrap();
                format!("{weekday}, {day}-{month}-{} {time} GMT", year.split_at(2).1)
            }
            2 => format!(
                "{weekday} {month} {:>2} {time} {year}",
                day.trim_start_matches('0')
            ),
            _ => format!("{weekday} {month} {day} {time} {year}"),
        }
    }

    proptest! {
        #[test]
        fn every_date_is_read_as_a_library_reads_it(
            seconds in 0..=LAST,
            recent in 0_u64..3_155_760_000,
            form in 0_usize..4,
        ) {
            for seconds in [seconds, recent] {
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
                let text = written(time, form);
                prop_assert_eq!(parse_http_date(&text), judged(&text), "{}", text);
                if form != 1 {
                    prop_assert_eq!(parse_http_date(&text), Some(time), "{}", text);
                }
            }
        }

        #[test]
        fn nearly_right_dates_are_judged_as_a_library_judges_them(
            seconds in 0..=LAST,
            form in 0_usize..4,
            place in any::<prop::sample::Index>(),
            character in "[ -~é]",
        ) {
            let text = written(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds), form);
            let place = place.index(text.len());
            let mut spoilt = text;
            spoilt.replace_range(place..=place, &character);
            prop_assert_eq!(parse_http_date(&spoilt), judged(&spoilt), "{}", spoilt);
        }

        #[test]
        fn any_text_ends_as_a_date_or_as_none(text in "\\PC{0,32}") {
            prop_assert_eq!(parse_http_date(&text), judged(&text), "{}", text);
        }
    }
}
