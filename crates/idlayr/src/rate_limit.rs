//! What the provider says about its rate limit (contract idlayr, 15.3).

use std::fmt;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use verikit_core::{Error, Reply};

/// Above this, `X-RateLimit-Reset` is Unix time; below, the time left. Both are documented.
const UNIX_TIME: u64 = 1_000_000_000;
/// 2100-01-01T00:00:00Z.
const YEAR_2100: u64 = 4_102_444_800;
/// The limit is per hour.
const LONGEST_WAIT: u64 = 24 * 3600;

/// The rate limit of the workspace, as an answer states it. No numbers are published (contract idlayr, 15.3).
///
/// ```
/// # async fn example(client: &idlayr::Client, id: &idlayr::CheckId) -> idlayr::Result<()> {
/// use idlayr::RateLimitStatus;
///
/// let reply = client.phone_checks().get(id).send_with_metadata().await?;
/// if let Some(limit) = RateLimitStatus::of(&reply) {
///     println!("{:?} of {:?} requests are left in this hour", limit.remaining, limit.limit);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// How many requests are allowed per hour: `X-RateLimit-Limit`.
    pub limit: Option<u64>,
    /// How many are left in this hour: `X-RateLimit-Remaining`.
    pub remaining: Option<u64>,
    /// When the count begins anew: `X-RateLimit-Reset`.
    pub reset: Option<RateLimitReset>,
}

/// When the count of a rate limit begins anew. The documents say "time left" and show Unix time: values above
/// 1 000 000 000 are taken for the second. What is neither a time up to the year 2100 nor a wait of up to a
/// day is taken for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateLimitReset {
    /// After this time, counted from the answer.
    In(Duration),
    /// At this time.
    At(SystemTime),
}

impl RateLimitStatus {
    /// Reads the headers that came with an answer, or nothing where it has none of them.
    #[must_use]
    pub fn of<T>(reply: &Reply<T>) -> Option<Self> {
        Self::from_headers(reply.headers())
    }

    /// Reads the headers that came with a refusal, a 429 above all, or nothing where no answer arrived or it
    /// has none of them. Where the platform says how long to wait,
    /// [`Error::retry_after`] has it.
    ///
    /// ```
    /// # fn example(error: &idlayr::Error) {
    /// use idlayr::{RateLimitStatus, RateLimitReset};
    ///
    /// if let Some(RateLimitReset::In(wait)) = RateLimitStatus::of_error(error).and_then(|limit| limit.reset) {
    ///     println!("the next hour begins in {wait:?}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn of_error(error: &Error) -> Option<Self> {
        Self::from_headers(error.headers()?)
    }

    /// Reads these headers, or nothing where there is none of them. A header that is no whole number, or
    /// comes twice with different values, counts as absent.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let limit = number(headers, "x-ratelimit-limit");
        let remaining = number(headers, "x-ratelimit-remaining");
        let reset = number(headers, "x-ratelimit-reset").and_then(|value| {
            let time = Duration::from_secs(value);
            match value {
                0..=LONGEST_WAIT => Some(RateLimitReset::In(time)),
                _ if value > UNIX_TIME && value <= YEAR_2100 => {
                    SystemTime::UNIX_EPOCH.checked_add(time).map(RateLimitReset::At)
                }
                _ => None,
            }
        });
        let stated = limit.is_some() || remaining.is_some() || reset.is_some();
        stated.then_some(Self {
            limit,
            remaining,
            reset,
        })
    }
}

/// A count is shown as far as a limit could go: what is sent in its place may be anybody's number.
impl fmt::Debug for RateLimitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |count: Option<u64>| count.filter(|count| *count < 10_000_000);
        f.debug_struct("RateLimitStatus")
            .field("limit", &shown(self.limit))
            .field("remaining", &shown(self.remaining))
            .field("reset", &self.reset)
            .finish()
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if !values.all(|value| value == first) {
        return None;
    }
    let text = first.to_str().ok()?.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    fn read(headers: &[(&str, &str)]) -> Option<RateLimitStatus> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        RateLimitStatus::from_headers(&headers)
    }

    #[test]
    fn every_header_is_read_by_itself() {
        let all = read(&[
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", "99"),
            ("X-RateLimit-Reset", "1714641011"),
        ]);
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_714_641_011);
        assert_eq!(
            all,
            Some(RateLimitStatus {
                limit: Some(100),
                remaining: Some(99),
                reset: Some(RateLimitReset::At(at)),
            })
        );
        let none = RateLimitStatus {
            limit: None,
            remaining: None,
            reset: None,
        };
        let remaining = Some(0);
        assert_eq!(
            read(&[("x-ratelimit-remaining", "0")]),
            Some(RateLimitStatus { remaining, ..none })
        );
        assert_eq!(read(&[("date", "1")]), None);
    }

    #[test]
    fn a_reset_is_unix_time_or_the_time_left() {
        let reset = |value| read(&[("x-ratelimit-reset", value)]).and_then(|limit| limit.reset);
        let at = |seconds| {
            Some(RateLimitReset::At(
                SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
            ))
        };
        assert_eq!(reset("0"), Some(RateLimitReset::In(Duration::ZERO)));
        assert_eq!(reset("3600"), Some(RateLimitReset::In(Duration::from_secs(3600))));
        assert_eq!(
            reset("86400"),
            Some(RateLimitReset::In(Duration::from_secs(86_400)))
        );
        assert_eq!([reset("86401"), reset("1000000000")], [None; 2]);
        assert_eq!(reset("1000000001"), at(1_000_000_001));
        assert_eq!(reset("4102444800"), at(4_102_444_800));
        assert_eq!([reset("4102444801"), reset("447700900042")], [None; 2]);
    }

    #[test]
    fn what_is_no_whole_number_counts_as_absent() {
        for value in [
            "",
            "-1",
            "+1",
            "1.5",
            "1e3",
            "ten",
            "0x10",
            "18446744073709551616",
            "1, 1",
        ] {
            assert_eq!(read(&[("x-ratelimit-limit", value)]), None, "{value}");
        }
        let twice = |second| read(&[("x-ratelimit-limit", "100"), ("x-ratelimit-limit", second)]);
        assert_eq!(twice("200"), None);
        assert_eq!(twice("100").unwrap().limit, Some(100));
        assert!(!format!("{:?}", read(&[("x-ratelimit-limit", "447700900042")])).contains("7700"));
    }

    proptest! {
        #[test]
        fn any_headers_are_read_or_not(limit in "\\PC{0,20}", reset: u64) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(&limit) {
                headers.insert("x-ratelimit-limit", value);
            }
            headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
            if let Some(limit) = RateLimitStatus::from_headers(&headers) {
                prop_assert!(limit.limit.is_some() || limit.reset.is_some());
            }
        }
    }
}
