//! What comes along with an answer: the charge, the balance, the rate limit (contract idlayr, 15.3 and 15.4).

use std::time::{Duration, SystemTime};

use idlayr::testing::Step;
use idlayr::transport::TransportErrorKind;
use idlayr::{Clock as _, Currency, RateLimitReset, RateLimitStatus, RetryPolicy};

use crate::support::{Scripted, Wire, created, id, in_status, number};

#[tokio::test]
async fn the_rate_limit_of_any_answer() {
    let wire = Wire::start().await;
    let headers = [
        ("content-type", "application/hal+json"),
        ("X-RateLimit-Limit", "100"),
        ("X-RateLimit-Remaining", "57"),
        ("X-RateLimit-Reset", "1714643999"),
    ];
    wire.answer_with(201, &headers, created(&wire.base()));
    wire.answer(200, "application/hal+json", in_status("PENDING"));
    let client = wire.client();
    let reply = client
        .phone_checks()
        .create(number())
        .send_with_metadata()
        .await
        .unwrap();
    let limit = RateLimitStatus::of(&reply).unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(100), Some(57)));
    let reset = SystemTime::UNIX_EPOCH + Duration::from_secs(1_714_643_999);
    assert_eq!(limit.reset, Some(RateLimitReset::At(reset)));
    assert_eq!(RateLimitStatus::from_headers(reply.headers()), Some(limit));

    let check = reply.into_value();
    assert_eq!(check.charge_amount.as_ref().unwrap().scaled(4), Some(10_000));
    assert_eq!(check.charge_currency, Some(Currency::Api));
    assert_eq!(check.snapshot_balance.as_ref().unwrap().as_str(), "41");

    let reply = client
        .phone_checks()
        .get(&id())
        .send_with_metadata()
        .await
        .unwrap();
    assert_eq!(RateLimitStatus::of(&reply), None, "no header, no limit");
}

/// The last of the answers says how long to wait; the call has waited as often as it may.
#[test]
fn a_limit_that_is_reached_says_how_long_to_wait() {
    let limited = Step::answer(429, r#"{"type":"https://x.example/#too_many_requests"}"#)
        .header("content-type", "application/problem+json")
        .header("retry-after", "7")
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "42");
    let scripted = Scripted::new([limited.clone(), limited.clone(), limited]);
    let began = scripted.clock.now();
    let call = scripted.client.subscriber_checks().get(&id());
    let error = scripted.run(call.timeout(Duration::from_secs(60))).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(scripted.clock.now() - began >= Duration::from_secs(14));
    let limit = RateLimitStatus::of_error(&error).unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(100), Some(0)));
    assert_eq!(limit.reset, Some(RateLimitReset::In(Duration::from_secs(42))));
}

#[test]
fn an_error_without_an_answer_or_without_the_headers_states_no_limit() {
    for step in [Step::answer(404, "{}"), Step::Fail(TransportErrorKind::Connect)] {
        let scripted = Scripted::new([step]);
        let call = scripted.client.subscriber_checks().get(&id());
        let error = scripted.run(call.retry(RetryPolicy::never())).unwrap_err();
        assert_eq!(RateLimitStatus::of_error(&error), None);
    }
}
