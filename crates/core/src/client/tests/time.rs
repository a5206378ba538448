//! One deadline covers everything.

use super::*;

fn timeout_of(seconds: u64) -> impl FnOnce(Settings) -> Settings {
    move |settings| settings.timeout(Duration::from_secs(seconds))
}

/// A client whose every exchange is the future that `exchange` makes.
fn client_of<F>(
    clock: &ManualClock,
    seconds: u64,
    exchange: impl Fn() -> F + Send + Sync + 'static,
) -> (Client, Arc<AtomicUsize>)
where
    F: Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'static,
{
    let sends = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sends);
    let transport = SharedTransport::new(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        exchange()
    });
    (client(clock, transport, timeout_of(seconds)), sends)
}

#[test]
fn silence_ends_at_the_deadline_for_once_and_at_the_attempts_end_for_safe() {
    let bench = Bench::new([Step::Silence]);
    let (error, passed) = elapsed(&bench.clock, || bench.run(Repeat::Once).unwrap_err());
    assert!(error.is_timeout());
    assert_eq!(
        passed,
        Duration::from_secs(30),
        "cutting it off sooner only makes its outcome unknown"
    );

    let bench = Bench::new([Step::Silence, Step::json(200, "{}")]);
    let (reply, passed) = elapsed(&bench.clock, || bench.run(Repeat::Safe).unwrap());
    assert_eq!(reply.attempts(), 2);
    assert!(
        passed >= Duration::from_secs(15) && passed <= Duration::from_millis(15_100),
        "{passed:?}"
    );

    let bench = Bench::new([Step::Silence, Step::Silence, Step::Silence]);
    let (error, passed) = elapsed(&bench.clock, || bench.run(Repeat::Safe).unwrap_err());
    assert!(error.is_timeout());
    assert_eq!((passed, error.attempts()), (Duration::from_secs(30), 2));
}

#[test]
fn a_wait_that_leaves_no_time_to_send_is_not_begun() {
    let refusal = || Step::answer(429, "").header("retry-after", "29");
    let bench = Bench::new([refusal(), Step::json(200, "{}")]);
    let (error, passed) = elapsed(&bench.clock, || bench.run(Repeat::Once).unwrap_err());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(29)));
    assert!(error.is_rate_limited(), "not a timeout: {error}");
    assert_eq!((passed, bench.transport.seen().len()), (Duration::ZERO, 1));

    let bench = Bench::new([refusal(), Step::json(200, "{}")]);
    assert_eq!(bench.run(Repeat::Safe).unwrap().attempts(), 2);
}

#[test]
fn a_dripping_body_ends_at_the_deadline() {
    for repeat in BOTH {
        let clock = ManualClock::new();
        let ticking = clock.clone();
        let (client, sends) = client_of(&clock, 10, move || {
            let ticking = ticking.clone();
            std::future::ready(answered(drip(move || ticking.sleep(Duration::from_secs(3)))))
        });
        let (error, passed) = elapsed(&clock, || {
            drive(&clock, client.call_raw(operation(repeat)).send()).unwrap_err()
        });
        assert!(error.is_timeout());
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(
            (passed, sends.load(Ordering::Relaxed)),
            (Duration::from_secs(10), 1)
        );
    }
}

#[test]
fn a_body_that_is_always_ready_ends_at_the_deadline_too() {
    for empty in [false, true] {
        let clock = ManualClock::new();
        let ticking = clock.clone();
        let (client, _) = client_of(&clock, 10, move || {
            let ticking = ticking.clone();
            let chunk = if empty {
                Bytes::new()
            } else {
                Bytes::from_static(b"x")
            };
            let chunks = futures_util::stream::repeat_with(move || {
                ticking.advance(Duration::from_secs(3));
                Ok(chunk.clone())
            });
            std::future::ready(answered(Body::from_stream(chunks)))
        });
        let (error, passed) = elapsed(&clock, || {
            drive(&clock, client.call_raw(operation(Repeat::Once)).send()).unwrap_err()
        });
        assert!(error.is_timeout());
        assert_eq!(
            passed,
            Duration::from_secs(12),
            "it ends with the first chunk after the deadline"
        );
    }
}

#[test]
fn the_dripping_body_of_a_refusal_takes_nothing_away_from_its_status() {
    for always_ready in [false, true] {
        let clock = ManualClock::new();
        let ticking = clock.clone();
        let (client, sends) = client_of(&clock, 10, move || {
            let ticking = ticking.clone();
            let body = drip(move || {
                let ticking = ticking.clone();
                async move {
                    if always_ready {
                        ticking.advance(Duration::from_secs(1));
                    } else {
                        ticking.sleep(Duration::from_secs(1)).await;
                    }
                }
            });
            let mut response = http::Response::new(body);
            *response.status_mut() = http::StatusCode::PAYMENT_REQUIRED;
            std::future::ready(Ok(response))
        });
        let (error, passed) = elapsed(&clock, || {
            drive(&clock, client.call_raw(operation(Repeat::Once)).send()).unwrap_err()
        });
        assert_eq!(error.status().unwrap(), 402);
        assert_eq!(error.delivery(), Delivery::Refused);
        assert!(!error.body().is_empty(), "what came is kept");
        assert!(
            passed <= Duration::from_secs(3),
            "the status is known, so its body is not waited for: {passed:?}"
        );
        assert_eq!(sends.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn an_attempts_time_begins_when_it_is_sent() {
    let clock = ManualClock::new();
    let ticking = clock.clone();
    let (client, sends) = client_of(&clock, 40, move || {
        let ticking = ticking.clone();
        async move {
            ticking.sleep(Duration::from_secs(12)).await;
            answered("{}".into())
        }
    });
    let waiting = clock.clone();
    let slow = waits::Slow::new(move || waiting.sleep(Duration::from_secs(20)));
    let realm = realm().authorize(Arc::new(slow)).build().unwrap();
    let call = client.call_raw(operation_in(&realm, Repeat::Safe));
    let reply = drive(&clock, call.send()).unwrap();
    assert_eq!(
        (reply.attempts(), sends.load(Ordering::Relaxed)),
        (1, 1),
        "the wait for the token is not held against it"
    );
}

#[test]
fn a_deadline_that_has_passed_sends_nothing() {
    for repeat in BOTH {
        let bench = Bench::new([Step::json(200, "{}")]);
        let error = bench
            .send(bench.call(repeat).timeout(Duration::ZERO))
            .unwrap_err();
        assert!(error.is_timeout());
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
        assert_eq!(bench.sends(), 0);
    }
}

#[test]
fn a_refused_credential_is_not_tried_again_after_the_deadline() {
    let clock = ManualClock::new();
    let ticking = clock.clone();
    let (client, sends) = client_of(&clock, 1, move || {
        let ticking = ticking.clone();
        let mut response = http::Response::new(drip(move || ticking.sleep(Duration::from_secs(3))));
        *response.status_mut() = http::StatusCode::UNAUTHORIZED;
        std::future::ready(Ok(response))
    });
    let realm = realm()
        .authorize(Arc::new(waits::Renewing::default()))
        .build()
        .unwrap();
    let call = client.call_raw(operation_in(&realm, Repeat::Once));
    let error = drive(&clock, call.send()).unwrap_err();
    assert_eq!(sends.load(Ordering::Relaxed), 1);
    assert!(error.is_auth(), "{error}");
    assert_eq!(error.delivery(), Delivery::Refused, "{error}");
    assert!(error.is_safe_to_repeat());
}

#[test]
fn a_deadline_without_end_is_no_overflow() {
    let bench = Bench::new([Step::answer(503, ""), Step::json(200, "{}")]);
    let call = bench.call(Repeat::Safe).timeout(Duration::MAX);
    assert_eq!(bench.send(call).unwrap().attempts(), 2);
}

#[test]
fn settings_that_no_call_could_live_with_are_refused() {
    let transport = ScriptedTransport::new([]);
    let settings = || Settings::default().transport(transport.shared());
    for wrong in [
        settings().timeout(Duration::ZERO),
        settings().attempt_timeout(Duration::ZERO),
        settings().max_in_flight(0),
    ] {
        assert!(Client::new(wrong).unwrap_err().is_configuration());
    }
}
