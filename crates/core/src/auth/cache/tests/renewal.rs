//! Renewal ahead of the end, and the end itself.

use super::*;

#[test]
fn a_token_is_renewed_ahead_of_its_end_while_the_old_one_serves() {
    let bench = Bench::new(|number| token(number).after(if number > 1 { 5 } else { 0 }), fine);
    bench.run().unwrap();
    bench.clock.advance(539 * SECOND);
    bench.run().unwrap();
    assert_eq!(
        bench.asked.token_requests(),
        1,
        "more than 60 s before its end nothing happens"
    );

    bench.clock.advance(32 * SECOND);
    let began = bench.clock.now();
    bench.run().unwrap();
    assert_eq!(bench.clock.now(), began, "no caller waits for a renewal");
    assert_eq!(bench.asked.token_requests(), 2);
    assert_eq!(bench.asked.calls(), ["t-1", "t-1", "t-1"]);

    // Calls come and go; the one renewal is carried by whoever is there.
    for _ in 0..3 {
        bench.run().unwrap();
        bench.clock.advance(2 * SECOND);
    }
    bench.run().unwrap();
    bench.run().unwrap();
    assert_eq!(bench.asked.token_requests(), 2);
    assert_eq!(bench.asked.calls().last().unwrap(), "t-2");
}

#[test]
fn a_renewal_is_driven_by_a_call_that_waits_for_its_own_answer() {
    let bench = Bench::new(
        |number| token(number).after(if number > 1 { 3 } else { 0 }),
        |_| says(200, "{}").after(10),
    );
    bench.run().unwrap();
    bench.clock.advance(575 * SECOND);
    bench.run().unwrap();
    bench.run().unwrap();
    assert_eq!(bench.asked.calls(), ["t-1", "t-1", "t-2"]);
    assert_eq!(bench.asked.token_requests(), 2);
}

#[test]
fn a_renewal_that_fails_changes_nothing_until_the_real_end() {
    let bench = Bench::new(|number| if number == 1 { token(1) } else { says(400, "") }, fine);
    bench.run().unwrap();
    bench.clock.advance(575 * SECOND);
    for _ in 0..10 {
        bench.run().unwrap();
    }
    assert_eq!(bench.asked.token_requests(), 2, "one renewal a second at most");
    bench.clock.advance(SECOND);
    bench.run().unwrap();
    assert_eq!(bench.asked.token_requests(), 3);
    bench.clock.advance(23 * SECOND + Duration::from_millis(999));
    bench.run().unwrap();
    assert!(bench.asked.calls().iter().all(|token| token == "t-1"));

    bench.clock.advance(Duration::from_millis(1));
    let before = bench.asked.calls().len();
    assert_eq!(bench.run().unwrap_err().delivery(), Delivery::NotSent);
    assert_eq!(
        bench.asked.calls().len(),
        before,
        "no call carries a token that has ended"
    );
}

#[test]
fn a_token_that_has_ended_is_waited_for() {
    let bench = Bench::new(|number| token(number).after(2), fine);
    bench.run().unwrap();
    bench.clock.advance(598 * SECOND);
    let began = bench.clock.now();
    bench.run().unwrap();
    assert_eq!(
        bench.clock.now() - began,
        2 * SECOND,
        "its life counts from the sending of the request"
    );
    assert_eq!(bench.asked.calls(), ["t-1", "t-2"]);
}

#[test]
fn renewals_are_spread_over_the_upper_half_of_the_lead() {
    let mut leads = Vec::new();
    for seed in 0..50 {
        let clock = ManualClock::new();
        let source = Source {
            fetches: Arc::default(),
            make: {
                let clock = clock.clone();
                move |number| -> FetchTokenFuture {
                    Box::pin(std::future::ready(Ok(fetched(&clock, number))))
                }
            },
        };
        let cache = TokenCache::with_random(Arc::new(source), clock.shared(), Random::seeded(seed));
        drive(&clock, cache.token()).unwrap();
        let held = cache.0.current.load_full().unwrap();
        leads.push(held.expires_at - held.renew_at);
    }
    assert!(
        leads
            .iter()
            .all(|lead| (30 * SECOND..=60 * SECOND).contains(lead))
    );
    leads.sort();
    leads.dedup();
    assert!(leads.len() > 40, "a fleet does not renew in step");
}

#[test]
fn an_odd_lifetime_is_harmless_and_starts_no_fetch_loop() {
    for expires_in in [
        "0",
        "-1",
        "-1e300",
        "1e308",
        "99999999999999999999999",
        "0.4",
        "1",
        "\"3600\"",
        "\"\"",
        "\"soon\"",
        "null",
        "true",
        "[]",
        "{\"a\":1}",
    ] {
        let bench = Bench::new(move |number| token_for(number, expires_in).after(3), fine);
        for _ in 0..20 {
            bench.run().unwrap();
        }
        assert_eq!(bench.asked.token_requests(), 1, "{expires_in}");
    }
    let bench = Bench::new(
        |_| says(200, r#"{"access_token":"t","token_type":"Bearer"}"#),
        fine,
    );
    for _ in 0..20 {
        bench.run().unwrap();
    }
    assert_eq!(bench.asked.token_requests(), 1, "absent");
}

#[test]
fn a_token_that_ends_while_a_call_queues_is_not_sent() {
    // The first call has the only place until after the end of the first token.
    let tokens = |number| token_for(number, if number == 1 { "20" } else { "600" });
    let bench = Bench::new(tokens, |token| {
        fine(token).after(if token == "t-1" { 25 } else { 0 })
    });
    let bench = bench.max_in_flight(1);
    drive(&bench.clock, bench.cache.token()).unwrap();
    let calls = join_all((0..3).map(|_| bench.call().send()));
    for reply in drive(&bench.clock, calls) {
        assert_eq!(reply.unwrap().attempts(), 1);
    }
    assert_eq!(bench.asked.calls(), ["t-1", "t-2", "t-2"]);
}
