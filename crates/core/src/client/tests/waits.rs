//! Waits of a call: for a token, for its turn, for a place, for the next attempt.

use std::sync::atomic::AtomicU64;

use super::*;
use crate::RateLimit;
use crate::auth::{Authorization, Authorize, RefusedAnswer, Ticket};
use crate::clock::Sleep;

/// Needs what `wait` waits for before each attempt.
pub(super) struct Slow<F>(F);

impl<F: Fn() -> Sleep + Send + Sync + 'static> Slow<F> {
    pub(super) fn new(wait: F) -> Self {
        Self(wait)
    }
}

impl<F> fmt::Debug for Slow<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slow")
    }
}

impl<F: Fn() -> Sleep + Send + Sync + 'static> Authorize for Slow<F> {
    fn authorize<'a>(&'a self, _: &'a mut http::Request<Bytes>, _: std::time::Instant) -> Authorization<'a> {
        let wait = (self.0)();
        Authorization::Wait(Box::pin(async move {
            wait.await;
            Ok(Ticket::new(1))
        }))
    }
}

/// Has another credential for every attempt.
#[derive(Debug, Default)]
pub(super) struct Renewing(AtomicU64);

impl Authorize for Renewing {
    fn authorize<'a>(&'a self, _: &'a mut http::Request<Bytes>, _: std::time::Instant) -> Authorization<'a> {
        Authorization::Done(Ok(Ticket::new(self.0.fetch_add(1, Ordering::Relaxed))))
    }

    fn refused(&self, _: &Ticket, _: &RefusedAnswer<'_>) -> bool {
        true
    }
}

#[test]
fn a_wait_for_a_token_ends_at_the_deadline_and_nothing_was_sent() {
    // Longer than the deadline, and exactly as long: a request that begins at the deadline would only be cut
    // off.
    for wait in [31, 30] {
        let bench = Bench::new([Step::json(200, "{}")]);
        let clock = bench.clock.clone();
        let slow = Slow::new(move || clock.sleep(Duration::from_secs(wait)));
        let realm = realm().authorize(Arc::new(slow)).build().unwrap();
        let call = bench.client.call_raw(operation_in(&realm, Repeat::Once));
        let (error, passed) = elapsed(&bench.clock, || bench.send(call).unwrap_err());
        assert!(error.is_timeout(), "{error}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
        assert_eq!((passed, bench.sends()), (Duration::from_secs(30), 0));
    }
}

#[test]
fn a_401_renews_once_and_repeats_once() {
    for repeat in BOTH {
        let realm = realm().authorize(Arc::new(Renewing::default())).build().unwrap();
        let bench = Bench::new([Step::answer(401, ""), Step::json(200, "{}")]);
        let call = bench.client.call_raw(operation_in(&realm, repeat));
        assert_eq!(
            bench.send(call.retry(RetryPolicy::never())).unwrap().attempts(),
            2
        );

        let bench = Bench::new([
            Step::answer(401, ""),
            Step::answer(401, ""),
            Step::json(200, "{}"),
        ]);
        let error = bench
            .send(bench.client.call_raw(operation_in(&realm, repeat)))
            .unwrap_err();
        assert!(error.is_auth());
        assert_eq!((error.delivery(), error.attempts()), (Delivery::Refused, 2));
        assert_eq!(bench.sends(), 2);
    }
}

#[test]
fn the_clients_own_rate_limit_refuses_what_cannot_have_its_turn_in_time() {
    let bench = Bench::new([Step::json(200, "{}"), Step::json(200, "{}")]);
    let limit = RateLimit::one_per(Duration::from_secs(20));
    let realm = realm().rate_limit(Some(limit)).build().unwrap();
    let call = || bench.client.call_raw(operation_in(&realm, Repeat::Once));
    bench.send(call()).unwrap();
    let (error, passed) = elapsed(&bench.clock, || {
        bench.send(call().timeout(Duration::from_secs(5))).unwrap_err()
    });
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(
        (passed, bench.sends()),
        (Duration::ZERO, 1),
        "at once, and nothing was sent"
    );
    let (_, passed) = elapsed(&bench.clock, || bench.send(call()).unwrap());
    assert_eq!(
        passed,
        Duration::from_secs(20),
        "one that has the time waits for its turn"
    );
}

#[test]
fn turns_of_the_rate_limit_do_not_bunch_up_behind_a_token() {
    let clock = ManualClock::new();
    let began = clock.now();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (seen, at) = (Arc::clone(&sent), clock.clone());
    let transport = SharedTransport::new(move |_: http::Request<Bytes>| {
        seen.lock()
            .unwrap()
            .push(at.now().duration_since(began).as_secs());
        std::future::ready(Ok(http::Response::new(Body::from("{}"))))
    });
    let settings = Settings::default().transport(transport).clock(clock.shared());
    let client = Client::new(settings).unwrap();
    // The token is there after five seconds, for everybody at once.
    let waiting = clock.clone();
    let token = Slow::new(move || {
        let passed = waiting.now().duration_since(began);
        waiting.sleep(Duration::from_secs(5).saturating_sub(passed))
    });
    let limit = RateLimit::one_per(Duration::from_secs(1));
    let realm = realm()
        .rate_limit(Some(limit))
        .authorize(Arc::new(token))
        .build()
        .unwrap();
    let calls = (0..5).map(|_| client.call_raw(operation_in(&realm, Repeat::Once)).send());
    for reply in drive(&clock, futures_util::future::join_all(calls)) {
        assert_eq!(reply.unwrap().attempts(), 1);
    }
    assert_eq!(*sent.lock().unwrap(), [5, 6, 7, 8, 9]);
}

#[test]
fn turns_of_the_rate_limit_do_not_bunch_up_behind_a_place() {
    let clock = ManualClock::new();
    let began = clock.now();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (seen, at) = (Arc::clone(&sent), clock.clone());
    let transport = SharedTransport::new(move |_: http::Request<Bytes>| {
        let mut seen = seen.lock().unwrap();
        seen.push(at.now().duration_since(began).as_millis());
        let answer = at.sleep(Duration::from_millis(if seen.len() == 1 { 10_000 } else { 50 }));
        async move {
            answer.await;
            answered("{}".into())
        }
    });
    let client = client(&clock, transport, |settings| settings.max_in_flight(1));
    let limit = RateLimit::one_per(Duration::from_secs(1));
    let realm = realm().rate_limit(Some(limit)).build().unwrap();
    let calls = (0..4).map(|_| client.call_raw(operation_in(&realm, Repeat::Once)).send());
    for reply in drive(&clock, futures_util::future::join_all(calls)) {
        assert_eq!(reply.unwrap().attempts(), 1);
    }
    assert_eq!(*sent.lock().unwrap(), [0, 10_000, 11_000, 12_000]);
}

#[test]
fn whoever_is_refused_a_turn_gives_its_place_back() {
    let steps = std::iter::repeat_n(Step::json(200, "{}"), 2);
    let bench = Bench::with(steps, |settings| settings.max_in_flight(1));
    let limit = RateLimit::one_per(Duration::from_secs(20));
    let limited = realm().rate_limit(Some(limit)).build().unwrap();
    let call = || bench.client.call_raw(operation_in(&limited, Repeat::Once));
    bench.send(call()).unwrap();
    let refused = bench.send(call().timeout(Duration::from_secs(5)));
    assert!(refused.unwrap_err().is_rate_limited());
    let (_, passed) = elapsed(&bench.clock, || bench.run(Repeat::Once).unwrap());
    assert_eq!(passed, Duration::ZERO);
}

#[test]
fn a_repeat_takes_a_turn_of_the_rate_limit_too() {
    let bench = Bench::new([Step::Fail(TransportErrorKind::Connect), Step::json(200, "{}")]);
    let limit = RateLimit::one_per(Duration::from_secs(1));
    let realm = realm().rate_limit(Some(limit)).build().unwrap();
    let call = bench.client.call_raw(operation_in(&realm, Repeat::Once));
    let (reply, passed) = elapsed(&bench.clock, || bench.send(call).unwrap());
    assert_eq!((reply.attempts(), passed), (2, Duration::from_secs(1)));
}

#[test]
fn no_place_before_the_deadline_is_overloaded_and_not_sent() {
    let bench = Bench::with(
        [Step::Silence, Step::json(200, "{}"), Step::json(200, "{}")],
        |settings| settings.max_in_flight(1),
    );
    let mut first = Box::pin(bench.call(Repeat::Once).send());
    assert!(first.as_mut().now_or_never().is_none());
    let call = bench.call(Repeat::Once).timeout(Duration::from_secs(5));
    let (error, passed) = elapsed(&bench.clock, || bench.send(call).unwrap_err());
    assert!(error.is_overloaded());
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
    assert_eq!((passed, bench.sends()), (Duration::from_secs(5), 1));
    assert!(error.is_safe_to_repeat());

    drop(first);
    bench
        .run(Repeat::Once)
        .expect("dropping the first call gave its place back");
}

#[test]
fn an_attempts_observed_time_begins_when_it_is_sent() {
    let seconds: Arc<Mutex<Vec<u64>>> = Arc::default();
    let kept = Arc::clone(&seconds);
    let clock = ManualClock::new();
    let answering = clock.clone();
    let transport = SharedTransport::new(move |_| {
        let answer = answering.sleep(Duration::from_secs(3));
        async move {
            answer.await;
            answered("{}".into())
        }
    });
    let observer = move |attempt: &Attempt| kept.lock().unwrap().push(attempt.elapsed.as_secs());
    let client = client(&clock, transport, |settings| {
        settings.max_in_flight(2).observer(Arc::new(observer))
    });
    let token = clock.clone();
    let slow = Slow::new(move || token.sleep(Duration::from_secs(1)));
    let limit = RateLimit::one_per(Duration::from_secs(2));
    let waiting = realm()
        .authorize(Arc::new(slow))
        .rate_limit(Some(limit))
        .build()
        .unwrap();
    // They wait for a credential, for one of two places, and for a turn.
    let calls = (0..4).map(|_| client.call_raw(operation_in(&waiting, Repeat::Once)).send());
    for reply in drive(&clock, futures_util::future::join_all(calls)) {
        reply.unwrap();
    }
    assert_eq!(*seconds.lock().unwrap(), [3; 4]);
}

/// Says in each request when it was authorised, in seconds.
#[derive(Debug)]
struct Dated {
    clock: ManualClock,
    began: std::time::Instant,
    ready: bool,
}

impl Authorize for Dated {
    fn authorize<'a>(
        &'a self,
        request: &'a mut http::Request<Bytes>,
        _: std::time::Instant,
    ) -> Authorization<'a> {
        let at = self.clock.now().duration_since(self.began).as_secs();
        request.headers_mut().insert("authorised-at", at.into());
        Authorization::Done(Ok(Ticket::default()))
    }

    fn is_ready(&self, _: std::time::Instant) -> bool {
        self.ready
    }
}

#[test]
fn a_call_that_queued_is_authorised_when_it_is_sent() {
    for ready in [true, false] {
        let clock = ManualClock::new();
        let began = clock.now();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (seen, at) = (Arc::clone(&sent), clock.clone());
        let transport = SharedTransport::new(move |request: http::Request<Bytes>| {
            let authorised = request.headers()["authorised-at"].to_str().unwrap().to_owned();
            let now = at.now().duration_since(began).as_secs().to_string();
            seen.lock().unwrap().push((now, authorised));
            let at = at.clone();
            async move {
                at.sleep(Duration::from_secs(3)).await;
                answered("{}".into())
            }
        });
        let client = client(&clock, transport, |settings| settings.max_in_flight(1));
        let dated = Dated {
            clock: clock.clone(),
            began,
            ready,
        };
        let realm = realm().authorize(Arc::new(dated)).build().unwrap();
        let calls = (0..3).map(|_| client.call_raw(operation_in(&realm, Repeat::Once)).send());
        for reply in drive(&clock, futures_util::future::join_all(calls)) {
            reply.unwrap();
        }
        let sent = sent.lock().unwrap().clone();
        let expected = ["0", "3", "6"].map(|second| (second.to_owned(), second.to_owned()));
        assert_eq!(sent, expected, "ready: {ready}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_without_queueing() {
    let bench = Bench::with([Step::Silence], |settings| settings.max_in_flight(1));
    let mut first = Box::pin(bench.call(Repeat::Once).send());
    assert!(first.as_mut().now_or_never().is_none());
    let call = bench
        .client
        .call_raw(operation(Repeat::Once).query("reference", "a\r\nb"));
    let (error, passed) = elapsed(&bench.clock, || bench.send(call).unwrap_err());
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!(passed, Duration::ZERO);
}

#[test]
fn a_place_is_free_while_a_call_waits_to_repeat() {
    let bench = Bench::with(
        [
            Step::answer(503, "").header("retry-after", "10"),
            Step::json(200, "{}"),
            Step::json(200, "{}"),
        ],
        |settings| settings.max_in_flight(1),
    );
    let mut waiting = Box::pin(bench.call(Repeat::Safe).send());
    assert!(waiting.as_mut().now_or_never().is_none());
    let (_, passed) = elapsed(&bench.clock, || bench.run(Repeat::Once).unwrap());
    assert_eq!(passed, Duration::ZERO);
    assert_eq!(drive(&bench.clock, waiting).unwrap().attempts(), 2);
}

/// 2026-01-01 is where the clock starts.
#[test]
fn retry_after_is_honoured_as_seconds_and_as_a_date() {
    for (status, value, waited) in [
        (429, "7", 7),
        (503, "7", 7),
        (429, "Thu, 01 Jan 2026 00:00:07 GMT", 7),
        (429, "Wed, 31 Dec 2025 23:59:59 GMT", 0),
        (429, "0", 0),
    ] {
        let bench = Bench::new([
            Step::answer(status, "").header("retry-after", value),
            Step::json(200, "{}"),
        ]);
        let (reply, passed) = elapsed(&bench.clock, || bench.run(Repeat::Safe).unwrap());
        assert_eq!(
            (reply.attempts(), passed),
            (2, Duration::from_secs(waited)),
            "{status} {value}"
        );
    }
}

#[test]
fn nonsense_in_retry_after_is_ignored_and_so_is_one_where_it_means_nothing() {
    for (status, value) in [
        (429, "-7"),
        (429, "7.5"),
        (429, "soon"),
        (429, ""),
        (429, "1e9"),
        (500, "7"),
        (408, "7"),
    ] {
        let bench = Bench::new([
            Step::answer(status, "").header("retry-after", value),
            Step::json(200, "{}"),
        ]);
        let (reply, passed) = elapsed(&bench.clock, || bench.run(Repeat::Safe).unwrap());
        assert_eq!(reply.attempts(), 2, "{status} {value}");
        assert!(
            passed <= Duration::from_millis(100),
            "{status} {value} {passed:?}"
        );
    }
}

#[test]
fn a_wait_beyond_the_deadline_is_returned_at_once() {
    for (status, value, wait) in [
        (429, "31", 31),
        (429, "30", 30),
        (429, "Thu, 01 Jan 2026 01:00:00 GMT", 3600),
        (429, "99999999999999999999999", u64::MAX),
        (503, "31", 31),
    ] {
        let bench = Bench::new([Step::answer(status, "").header("retry-after", value)]);
        let (error, passed) = elapsed(&bench.clock, || bench.run(Repeat::Safe).unwrap_err());
        assert!(error.is_rate_limited(), "{status} {value}");
        assert_eq!(
            error.retry_after(),
            Some(Duration::from_secs(wait)),
            "{status} {value}"
        );
        assert_eq!((passed, error.attempts()), (Duration::ZERO, 1));
    }
    // 429 says that nothing was carried out, 503 does not.
    for (status, kind, delivery) in [
        (429, ErrorKind::RateLimited, Delivery::Refused),
        (503, ErrorKind::Provider, Delivery::Unknown),
    ] {
        let bench = Bench::new([Step::answer(status, "").header("retry-after", "31")]);
        let error = bench.run(Repeat::Once).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, delivery));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    }
}

#[test]
fn backoff_that_does_not_fit_returns_the_failure_itself() {
    let bench = Bench::new([Step::Silence]);
    let patient = RetryPolicy::default()
        .base(Duration::from_secs(3600))
        .cap(Duration::from_secs(3600));
    let (error, passed) = elapsed(&bench.clock, || {
        bench
            .send(
                bench
                    .call(Repeat::Safe)
                    .timeout(Duration::from_secs(15))
                    .retry(patient),
            )
            .unwrap_err()
    });
    assert!(error.is_timeout());
    assert_eq!((passed, bench.sends()), (Duration::from_secs(15), 1));
}

#[test]
fn the_budget_of_a_client_bounds_the_repeats_in_an_outage() {
    let bench = Bench::new(std::iter::repeat_n(Step::answer(503, ""), 100));
    let sends: Vec<u32> = (0..20)
        .map(|_| bench.run(Repeat::Safe).unwrap_err().attempts())
        .collect();
    assert_eq!(
        sends,
        [[3; 5].as_slice(), &[1; 15]].concat(),
        "ten repeats, then none"
    );

    // Five successes bring one repeat back; clones of a client share the budget.
    let bench = {
        let transport = ScriptedTransport::new(
            std::iter::repeat_n(Step::answer(503, ""), 15)
                .chain(std::iter::repeat_n(Step::json(200, "{}"), 5))
                .chain(std::iter::repeat_n(Step::answer(503, ""), 5)),
        );
        let client = client(&bench.clock, transport.shared(), |settings| settings);
        Bench {
            clock: bench.clock,
            transport,
            client,
        }
    };
    for _ in 0..5 {
        assert_eq!(bench.run(Repeat::Safe).unwrap_err().attempts(), 3);
    }
    let clone = bench.client.clone();
    for _ in 0..5 {
        drive(&bench.clock, clone.call_raw(operation(Repeat::Safe)).send()).unwrap();
    }
    assert_eq!(bench.run(Repeat::Safe).unwrap_err().attempts(), 2);
    assert_eq!(bench.run(Repeat::Safe).unwrap_err().attempts(), 1);
}
