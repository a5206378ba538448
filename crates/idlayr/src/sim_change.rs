//! The question whether a SIM changed (contract idlayr, 4 and 5).

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use verikit_core::value::lenient;
use verikit_core::{Error, Result};

/// The documented limits of a period, in minutes.
const PERIOD: std::ops::RangeInclusive<u64> = 60..=540_000;

/// The documented buckets: upper bounds in minutes. The lower bound of each is the one before it.
const BUCKETS: [u64; 11] = [
    60, 360, 720, 1_440, 2_880, 4_320, 10_080, 43_200, 129_600, 259_200, 525_600,
];

/// The documented bucket without an upper bound: more than a year.
const LONGER: u64 = 525_601;

/// How long ago a SIM changed, as far as the operator says: a bucket, in minutes.
///
/// | minutes | the SIM changed |
/// | --- | --- |
/// | 60 | up to an hour ago |
/// | 360, 720, 1440 | 1 to 6, 6 to 12, 12 to 24 hours ago |
/// | 2880, 4320, 10080 | 1 to 2, 2 to 3, 3 to 7 days ago |
/// | 43200, 129600, 259200, 525600 | 7 to 30, 30 to 90, 90 to 180, 180 to 365 days ago |
/// | 525601 | more than a year ago |
///
/// Documents show other numbers too (43201): they are kept, and [`age`](Self::age) does not interpret them.
///
/// ```
/// use std::time::Duration;
/// use idlayr::SimChangeWithin;
///
/// let bucket: SimChangeWithin = serde_json::from_str("360")?;
/// let hour = Duration::from_secs(3600);
/// assert_eq!(bucket.minutes(), 360);
/// assert_eq!(bucket.age().map(|age| (age.more_than, age.at_most)), Some((hour, Some(6 * hour))));
/// assert!(bucket.may_be_within(24 * hour));
/// assert!(!bucket.may_be_within(hour));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct SimChangeWithin(u64);

/// The span of time in which a SIM changed, counted back from the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimChangeAge {
    /// It changed longer ago than this.
    pub more_than: Duration,
    /// And at most this long ago. Nothing where the bucket has no end.
    pub at_most: Option<Duration>,
}

impl SimChangeWithin {
    /// The number as the provider sent it, in minutes.
    #[must_use]
    pub fn minutes(self) -> u64 {
        self.0
    }

    /// What the bucket means, if it is one of the documented ones.
    #[must_use]
    pub fn age(self) -> Option<SimChangeAge> {
        if self.0 == LONGER {
            let year = BUCKETS.last().copied().unwrap_or_default();
            return Some(SimChangeAge {
                more_than: minutes(year),
                at_most: None,
            });
        }
        let place = BUCKETS.iter().position(|bucket| *bucket == self.0)?;
        let before = place.checked_sub(1).and_then(|before| BUCKETS.get(before));
        Some(SimChangeAge {
            more_than: minutes(before.copied().unwrap_or_default()),
            at_most: Some(minutes(self.0)),
        })
    }

    /// Whether the SIM may have changed within this time. `false` only when the bucket is a documented one
    /// that lies altogether before it: a number that nobody documented could mean anything.
    #[must_use]
    pub fn may_be_within(self, time: Duration) -> bool {
        self.age().is_none_or(|age| age.more_than < time)
    }
}

/// Shown as far as it could be an age: what is sent in its place may be anybody's number.
impl fmt::Debug for SimChangeWithin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 10_000_000 {
            write!(f, "SimChangeWithin({})", self.0)
        } else {
            f.write_str("SimChangeWithin([no age])")
        }
    }
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(60))
}

/// A period as it is sent.
pub(crate) fn period_in_minutes(period: Duration) -> Result<u64> {
    let count = period.as_secs() / 60;
    if minutes(count) == period && PERIOD.contains(&count) {
        Ok(count)
    } else {
        let detail = "a period has whole minutes, from 60 (an hour) to 540000 (375 days)";
        Err(Error::invalid_input(detail).with_provider("idlayr"))
    }
}

/// Reads a period. What is beyond the longest one is not taken for any; the raw answer shows it.
pub(crate) fn read_period<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let count: Option<u64> = lenient(deserializer)?;
    Ok(count.filter(|count| count <= PERIOD.end()).map(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bucket(minutes: u64) -> SimChangeWithin {
        serde_json::from_str(&minutes.to_string()).unwrap()
    }

    /// Contract idlayr, 4: upper bound in minutes, and the age in hours.
    #[test]
    fn every_documented_bucket() {
        const DAY: u64 = 24;
        for (number, more_than, at_most) in [
            (60, 0, Some(1)),
            (360, 1, Some(6)),
            (720, 6, Some(12)),
            (1440, 12, Some(24)),
            (2880, DAY, Some(2 * DAY)),
            (4320, 2 * DAY, Some(3 * DAY)),
            (10_080, 3 * DAY, Some(7 * DAY)),
            (43_200, 7 * DAY, Some(30 * DAY)),
            (129_600, 30 * DAY, Some(90 * DAY)),
            (259_200, 90 * DAY, Some(180 * DAY)),
            (525_600, 180 * DAY, Some(365 * DAY)),
            (525_601, 365 * DAY, None),
        ] {
            let hours = |count: u64| Duration::from_secs(count * 3600);
            let age = bucket(number).age().unwrap();
            assert_eq!(
                (age.more_than, age.at_most),
                (hours(more_than), at_most.map(hours)),
                "{number}"
            );
            assert!(!bucket(number).may_be_within(hours(more_than)), "{number}");
            assert!(bucket(number).may_be_within(hours(more_than) + Duration::from_secs(1)));
            assert_eq!(bucket(number).minutes(), number);
        }
    }

    #[test]
    fn a_number_that_is_no_bucket_is_kept_and_could_mean_anything() {
        for number in [0, 1, 59, 61, 43_201, 525_602, u64::MAX] {
            assert_eq!((bucket(number).minutes(), bucket(number).age()), (number, None));
            assert!(bucket(number).may_be_within(Duration::ZERO));
        }
        assert!(!format!("{:?}", bucket(447_700_900_042)).contains("7700"));
        assert_eq!(format!("{:?}", bucket(43_201)), "SimChangeWithin(43201)");
    }

    #[test]
    fn a_period_has_whole_minutes_within_the_documented_limits() {
        let sent = |seconds| period_in_minutes(Duration::from_secs(seconds)).ok();
        assert_eq!(sent(60 * 60), Some(60));
        assert_eq!(sent(7 * 24 * 3600), Some(10_080));
        assert_eq!(sent(540_000 * 60), Some(540_000));
        for seconds in [
            0,
            60,
            59 * 60,
            3599,
            3601,
            540_001 * 60,
            540_000 * 60 + 1,
            u64::MAX,
        ] {
            assert_eq!(sent(seconds), None, "{seconds}");
        }
        assert!(period_in_minutes(Duration::from_millis(3_600_001)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_was_asked_for(count in 0_u64..600_000, odd in 0_u32..3) {
            let period = Duration::from_secs(count * 60) + Duration::from_nanos(odd.into());
            match period_in_minutes(period) {
                Ok(sent) => prop_assert!(Duration::from_secs(sent * 60) == period && (60..=540_000).contains(&sent)),
                Err(error) => {
                    prop_assert!(odd > 0 || !(60..=540_000).contains(&count));
                    prop_assert!(error.is_invalid_input());
                }
            }
        }
    }
}
