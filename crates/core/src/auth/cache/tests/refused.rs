//! Tokens that the provider answers 401 to.

use super::*;

/// Refuses `t-1` after a second and takes every other.
fn refuses_the_first(token: &str) -> Says {
    if token == "t-1" {
        says(401, "").after(1)
    } else {
        fine(token)
    }
}

#[test]
fn a_thousand_401s_at_once_are_one_fetch_and_no_failed_call() {
    let bench = Bench::new(|number| token(number).after(1), refuses_the_first).max_in_flight(1000);
    drive(&bench.clock, bench.cache.token()).unwrap();
    let calls = join_all((0..1000).map(|_| bench.call().send()));
    for reply in drive(&bench.clock, calls) {
        assert_eq!(reply.unwrap().attempts(), 2);
    }
    assert_eq!(bench.asked.token_requests(), 2);
    let calls = bench.asked.calls();
    assert_eq!(calls.iter().filter(|token| *token == "t-1").count(), 1000);
    assert_eq!(calls.iter().filter(|token| *token == "t-2").count(), 1000);
}

#[test]
fn a_call_that_queued_does_not_carry_a_token_that_was_refused_meanwhile() {
    let bench = Bench::new(|number| token(number).after(1), refuses_the_first).max_in_flight(10);
    drive(&bench.clock, bench.cache.token()).unwrap();
    let calls = join_all((0..100).map(|_| bench.call().send()));
    for reply in drive(&bench.clock, calls) {
        reply.unwrap();
    }
    assert_eq!(bench.asked.token_requests(), 2);
    let calls = bench.asked.calls();
    assert_eq!(calls.iter().filter(|token| *token == "t-1").count(), 10);
    assert_eq!(calls.iter().filter(|token| *token == "t-2").count(), 100);
}

#[test]
fn a_late_401_to_an_old_token_does_not_discard_the_new_one() {
    let bench = Bench::new(token, refuses_the_first);
    let mut late = Box::pin(bench.call().send());
    assert!(late.as_mut().now_or_never().is_none());
    bench.run().unwrap();
    assert_eq!(bench.asked.token_requests(), 2);
    drive(&bench.clock, late).unwrap();
    assert_eq!(bench.asked.token_requests(), 2, "t-2 was never refused");
}

#[test]
fn a_second_401_is_final() {
    let bench = Bench::new(token, |_| says(401, "no"));
    let error = bench.run().unwrap_err();
    assert!(error.is_auth());
    assert_eq!((error.delivery(), error.attempts()), (Delivery::Refused, 2));
    assert_eq!(bench.asked.calls(), ["t-1", "t-2"]);
    assert_eq!(bench.asked.token_requests(), 2);
}

#[test]
fn the_same_token_again_is_not_tried_again() {
    let bench = Bench::new(|_| token(1), |_| says(401, "no"));
    for calls in 1..=3 {
        let error = bench.run().unwrap_err();
        assert!(error.is_auth());
        assert_eq!((error.delivery(), error.attempts()), (Delivery::Refused, 1));
        assert_eq!(error.status().unwrap(), 401);
        assert_eq!(bench.asked.calls().len(), calls);
        assert_eq!(bench.asked.token_requests(), calls + 1);
    }
}

#[test]
fn a_failed_renewal_after_a_401_says_that_the_call_was_refused() {
    let bench = Bench::new(
        |number| if number == 1 { token(1) } else { says(400, "") },
        |_| says(401, ""),
    );
    let error = bench.run().unwrap_err();
    assert_eq!(
        error.delivery(),
        Delivery::Refused,
        "it was sent once, and not carried out"
    );
    assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (1, 400));
    assert!(error.is_safe_to_repeat());
}
