use http::HeaderValue;
use proptest::prelude::*;

use super::*;

#[test]
fn the_table_to_the_letter() {
    use Delivery::{NotSent, Refused, Unknown};
    use ErrorKind as Kind;
    use Next::{Reauthorise, Repeat as Again, Stop};
    let status = |code: u16| Happened::Status(StatusCode::from_u16(code).unwrap());
    let rows = [
        (Happened::Unsendable, Kind::InvalidInput, NotSent, Stop, Stop),
        (Happened::NotConnected, Kind::Connect, NotSent, Again, Again),
        (Happened::CertificateRefused, Kind::Tls, NotSent, Stop, Stop),
        (Happened::Unprocessed, Kind::Interrupted, Refused, Again, Again),
        (Happened::Interrupted, Kind::Interrupted, Unknown, Again, Stop),
        (Happened::TimedOut, Kind::Timeout, Unknown, Again, Stop),
        (status(401), Kind::Auth, Refused, Reauthorise, Reauthorise),
        (status(429), Kind::RateLimited, Refused, Again, Again),
        (status(408), Kind::Provider, Unknown, Again, Stop),
        (status(500), Kind::Provider, Unknown, Again, Stop),
        (status(502), Kind::Provider, Unknown, Again, Stop),
        (status(503), Kind::Provider, Unknown, Again, Stop),
        (status(504), Kind::Provider, Unknown, Again, Stop),
        (status(501), Kind::Provider, Unknown, Stop, Stop),
        (status(400), Kind::Provider, Refused, Stop, Stop),
        (status(402), Kind::Provider, Refused, Stop, Stop),
        (status(403), Kind::Auth, Refused, Stop, Stop),
        (status(404), Kind::Provider, Refused, Stop, Stop),
        (status(409), Kind::Provider, Refused, Stop, Stop),
        (status(301), Kind::Redirect, Unknown, Stop, Stop),
        (status(303), Kind::Redirect, Unknown, Stop, Stop),
        (status(308), Kind::Redirect, Unknown, Stop, Stop),
        (status(999), Kind::Provider, Unknown, Stop, Stop),
    ];
    for (happened, kind, delivery, safe, once) in rows {
        assert_eq!(
            decide(Repeat::Safe, happened),
            (kind, delivery, safe),
            "safe {happened:?}"
        );
        assert_eq!(
            decide(Repeat::Once, happened),
            (kind, delivery, once),
            "once {happened:?}"
        );
    }
}

fn wait(text: &str) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_bytes(text.as_bytes()).unwrap());
    // 1994-11-06 08:49:37 GMT
    retry_after(
        &headers,
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777),
    )
}

#[test]
fn retry_after_in_both_forms() {
    assert_eq!(wait("7"), Some(Duration::from_secs(7)));
    assert_eq!(wait("0"), Some(Duration::ZERO));
    assert_eq!(wait(" 7 "), Some(Duration::from_secs(7)));
    assert_eq!(
        wait("99999999999999999999999"),
        Some(Duration::from_secs(u64::MAX))
    );
    assert_eq!(
        wait("Sun, 06 Nov 1994 08:49:40 GMT"),
        Some(Duration::from_secs(3))
    );
    assert_eq!(wait("Sun, 06 Nov 1994 08:49:30 GMT"), Some(Duration::ZERO));
    for nonsense in ["", "-1", "+1", "1.5", "1e3", "soon", "1 s", "\u{ff11}", "0x10"] {
        assert_eq!(wait(nonsense), None, "{nonsense:?}");
    }
    assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
}

#[test]
fn a_date_to_retry_after_is_judged_by_the_servers_clock() {
    let mut headers = HeaderMap::new();
    headers.insert(
        "retry-after",
        HeaderValue::from_static("Sun, 06 Nov 1994 08:49:40 GMT"),
    );
    headers.insert("date", HeaderValue::from_static("Sun, 06 Nov 1994 08:49:35 GMT"));
    assert_eq!(
        retry_after(&headers, SystemTime::UNIX_EPOCH),
        Some(Duration::from_secs(5))
    );
}

#[test]
fn the_budget_opens_with_ten_and_a_fifth_comes_back() {
    let budget = Budget::new();
    assert_eq!((0..20).filter(|_| budget.take()).count(), 10);
    for _ in 0..4 {
        budget.succeeded();
    }
    assert!(!budget.take());
    budget.succeeded();
    assert!(budget.take());
    assert!(!budget.take());
    for _ in 0..1000 {
        budget.succeeded();
    }
    assert_eq!(
        (0..20).filter(|_| budget.take()).count(),
        10,
        "it never holds more than ten"
    );
}

#[test]
fn system_randomness_moves() {
    let random = Random::default();
    let drawn: std::collections::HashSet<_> = (0..32).map(|_| random.below(u64::MAX)).collect();
    assert!(drawn.len() > 30);
}

proptest! {
    #[test]
    fn backoff_never_passes_its_bounds(base in any::<u64>(), cap in any::<u64>(), attempts in any::<u32>(), seed in any::<u64>()) {
        let policy = RetryPolicy::default().base(Duration::from_millis(base)).cap(Duration::from_millis(cap));
        let wait = policy.backoff(attempts, &Random::seeded(seed)).as_nanos();
        let doublings = attempts.saturating_sub(1).min(64);
        let doubled = (u128::from(base) * 1_000_000).saturating_mul(1 << doublings);
        let ceiling = doubled.min(u128::from(cap) * 1_000_000);
        prop_assert!(wait <= ceiling, "{} above {}", wait, ceiling);
    }

    #[test]
    fn backoff_is_spread_over_all_of_its_range(base in 1_u64..=60_000, attempts in 1_u32..8, seed in any::<u64>()) {
        let policy = RetryPolicy::default().base(Duration::from_millis(base)).cap(Duration::MAX);
        let ceiling = Duration::from_millis(base) * 2_u32.pow(attempts - 1);
        let random = Random::seeded(seed);
        let waits: Vec<_> = (0..64).map(|_| policy.backoff(attempts, &random)).collect();
        prop_assert!(waits.iter().any(|wait| *wait < ceiling / 4));
        prop_assert!(waits.iter().any(|wait| *wait > ceiling / 4 * 3));
    }

    #[test]
    fn any_seconds_and_any_date_are_the_wait_that_they_say(seconds in any::<u64>(), now in 0_u64..=200_000_000_000, ahead in -1_000_000_i64..=1_000_000) {
        prop_assert_eq!(wait(&seconds.to_string()), Some(Duration::from_secs(seconds)));
        let date = |seconds| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let then = now.saturating_add_signed(ahead);
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_str(&date(then)).unwrap());
        let expected = Some(Duration::from_secs(then.saturating_sub(now)));
        prop_assert_eq!(retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(now)), expected);
        headers.insert("date", HeaderValue::from_str(&date(now)).unwrap());
        prop_assert_eq!(retry_after(&headers, SystemTime::UNIX_EPOCH), expected);
    }

    #[test]
    fn retry_after_never_panics(bytes in proptest::collection::vec(32_u8..=255, 0..48)) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            headers.insert("retry-after", value);
        }
        let _ = retry_after(&headers, SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn the_upper_half_is_the_upper_half(nanoseconds in any::<u64>(), seed in any::<u64>()) {
        let duration = Duration::from_nanos(nanoseconds);
        let drawn = Random::seeded(seed).upper_half(duration);
        prop_assert!(drawn <= duration && drawn >= duration / 2);
    }
}
