//! `until_final`: asks as often as it should, for as long as the check lives, and never twice at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use idlayr::testing::{ManualClock, ScriptedTransport, Step, drive};
use idlayr::transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};
use idlayr::{Answer, CheckStatus, Client, Clock as _, CreatedPhoneCheck, ErrorKind, UntilFinal};

use crate::support::{BASE, TOKEN_ANSWER, completed, created, id, in_status};

/// A transport that notes when each question was asked, and how many were under way at most.
#[derive(Clone)]
struct Timed {
    script: ScriptedTransport,
    clock: ManualClock,
    start: Instant,
    /// In milliseconds since the start.
    asked: Arc<Mutex<Vec<u128>>>,
    under_way: Arc<AtomicUsize>,
    most_under_way: Arc<AtomicUsize>,
}

/// Counts down also when the question is given up.
struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Transport for Timed {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        let _under_way = UnderWay(Arc::clone(&self.under_way));
        self.most_under_way.fetch_max(now, Ordering::SeqCst);
        if request.method() == "GET" {
            let at = self.clock.now() - self.start;
            self.asked.lock().unwrap().push(at.as_millis());
        }
        self.script.send(request).await
    }
}

struct Waiting {
    client: Client,
    transport: Timed,
}

impl Waiting {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = ManualClock::new();
        // Longer than any of the waits: none of the answers is for a renewal.
        let token = [Step::json(200, TOKEN_ANSWER.replace("3600", "86400"))];
        let transport = Timed {
            script: ScriptedTransport::new(token.into_iter().chain(steps)),
            start: clock.now(),
            clock: clock.clone(),
            asked: Arc::default(),
            under_way: Arc::default(),
            most_under_way: Arc::default(),
        };
        let client = Client::builder("client-1", "secret-1")
            .transport(SharedTransport::new(transport.clone()))
            .clock(clock.shared())
            .jitter_seed(1)
            .build()
            .unwrap();
        Self { client, transport }
    }

    /// Waits for the check of the documented create answer.
    fn until_final(&self) -> UntilFinal {
        self.client.phone_checks().until_final(&documented(""))
    }

    fn run(&self, wait: UntilFinal) -> idlayr::Result<CheckStatus> {
        let outcome = drive(&self.transport.clock, wait.send());
        assert!(
            self.transport.most_under_way.load(Ordering::SeqCst) <= 1,
            "never two at once"
        );
        assert_eq!(self.transport.under_way.load(Ordering::SeqCst), 0);
        outcome.map(|check| check.status.clone())
    }

    fn asked(&self) -> Vec<u128> {
        self.transport.asked.lock().unwrap().clone()
    }

    fn elapsed(&self) -> Duration {
        self.transport.clock.now() - self.transport.start
    }
}

/// The documented create answer, with this `ttl` member instead of its own.
fn documented(ttl: &str) -> Answer<CreatedPhoneCheck> {
    let body = created(BASE);
    Answer::from_json(match ttl {
        "" => body,
        "none" => body.replace(r#""ttl":120,"#, ""),
        ttl => body.replace(r#""ttl":120"#, &format!(r#""ttl":{ttl}"#)),
    })
    .unwrap()
}

fn pending(count: usize) -> impl Iterator<Item = Step> {
    std::iter::repeat_n(Step::json(200, in_status("PENDING")), count)
}

fn ending(status: &str) -> Step {
    Step::json(200, in_status(status))
}

#[test]
fn each_final_status_ends_the_wait() {
    for status in ["COMPLETED", "EXPIRED", "ERROR"] {
        let waiting = Waiting::new([ending("ACCEPTED"), ending("PENDING"), ending(status)]);
        let reached = waiting.run(waiting.until_final()).unwrap();
        assert_eq!(reached.as_str(), status);
        assert_eq!(waiting.asked(), [0, 1000, 2500]);
    }
}

#[test]
fn the_result_comes_with_the_final_status() {
    let waiting = Waiting::new([Step::json(200, completed(true))]);
    let wait = waiting.until_final();
    assert!(drive(&waiting.transport.clock, wait.send()).unwrap().is_match());
}

#[test]
fn the_distance_grows_from_one_second_to_five() {
    let waiting = Waiting::new(pending(8).chain([ending("COMPLETED")]));
    waiting.run(waiting.until_final()).unwrap();
    let asked = waiting.asked();
    let intervals: Vec<u128> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(intervals, [1000, 1500, 2250, 3375, 5000, 5000, 5000, 5000]);

    // The longest interval can be set; one below the first holds for the first as well.
    let waiting = Waiting::new(pending(3).chain([ending("COMPLETED")]));
    let wait = waiting.until_final().interval(Duration::from_millis(500));
    waiting.run(wait).unwrap();
    assert_eq!(waiting.asked(), [0, 500, 1000, 1500]);
    // None at all would be a flood.
    let waiting = Waiting::new(pending(3).chain([ending("COMPLETED")]));
    waiting
        .run(waiting.until_final().interval(Duration::ZERO))
        .unwrap();
    let asked = waiting.asked();
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= 100), "{asked:?}");
}

/// Asserts that the wait ended with a timeout after so many seconds, and that the last question came shortly
/// before that.
#[track_caller]
fn assert_timeout(waiting: &Waiting, wait: UntilFinal, seconds: u64) {
    let error = waiting.run(wait).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.is_safe_to_repeat());
    assert_eq!(error.operation(), "phone_check.get");
    let (elapsed, end) = (waiting.elapsed(), Duration::from_secs(seconds));
    assert!(elapsed <= end, "{elapsed:?} of {end:?}");
    let asked = waiting.asked();
    let last = Duration::from_millis(u64::try_from(*asked.last().unwrap()).unwrap());
    assert!(
        last <= end && last + Duration::from_secs(1) >= end,
        "{last:?} of {end:?}"
    );
}

/// The platform says `EXPIRED` when the life is over, not before: it is left this time to say so.
const GRACE: u64 = 5;

#[test]
fn a_check_that_is_never_final_ends_the_wait_with_its_life() {
    for (ttl, seconds) in [
        ("120", 120),
        ("60", 60),
        ("1", 1),
        ("0", 0),
        // Not stated, or not usable: the documented default.
        ("none", 120),
        ("null", 120),
        ("-1", 120),
        ("1.5", 120),
        ("\"60\"", 120),
        ("1e30", 120),
        // Hostile: a check lives a minute or two.
        ("3601", 3600),
        ("86400", 3600),
        ("86401", 120),
        ("18446744073709551615", 120),
    ] {
        let waiting = Waiting::new(pending(1000));
        let wait = waiting.client.phone_checks().until_final(&documented(ttl));
        assert_timeout(&waiting, wait, seconds + GRACE);
    }
    let waiting = Waiting::new(pending(1000));
    let wait = waiting.client.phone_checks().until_final_by_id(&id());
    assert_timeout(&waiting, wait, 120 + GRACE);
    let waiting = Waiting::new(pending(1000));
    assert_timeout(
        &waiting,
        waiting.until_final().within(Duration::from_secs(30)),
        30,
    );
}

#[test]
fn what_ends_at_the_end_of_its_life_is_seen() {
    // 27 questions come before the 120 s are over; the platform says so after that.
    let waiting = Waiting::new(pending(27).chain([ending("EXPIRED")]));
    assert_eq!(waiting.run(waiting.until_final()).unwrap(), CheckStatus::Expired);
    assert!(
        *waiting.asked().last().unwrap() > 120_000,
        "{:?}",
        waiting.asked()
    );
}

#[test]
fn an_unknown_status_is_not_final() {
    let waiting = Waiting::new([
        ending("VERIFYING"),
        ending("completed"),
        ending(""),
        ending("EXPIRED"),
    ]);
    assert_eq!(waiting.run(waiting.until_final()).unwrap(), CheckStatus::Expired);
    assert_eq!(waiting.asked().len(), 4);
}

#[test]
fn what_passes_is_asked_again() {
    for failure in [
        Step::answer(500, ""),
        Step::answer(501, ""),
        Step::answer(502, "<html>"),
        Step::answer(503, ""),
        Step::json(429, "{}"),
        Step::CutBody,
        Step::Silence,
        Step::Fail(TransportErrorKind::Connect),
        Step::Fail(TransportErrorKind::Interrupted),
    ] {
        // More often in a row than one question is repeated.
        let failures = std::iter::repeat_n(failure.clone(), 5);
        let waiting = Waiting::new(failures.chain([ending("COMPLETED")]));
        let reached = waiting.run(waiting.until_final());
        assert_eq!(reached.unwrap(), CheckStatus::Completed, "{failure:?}");
        assert_eq!(waiting.asked().len(), 6, "{failure:?}");
    }
}

#[test]
fn a_wait_that_the_provider_asks_for_is_kept() {
    let waiting = Waiting::new([
        Step::json(429, "{}").header("retry-after", "9"),
        ending("COMPLETED"),
    ]);
    waiting.run(waiting.until_final()).unwrap();
    assert_eq!(waiting.asked(), [0, 9000]);

    let waiting = Waiting::new([Step::json(429, "{}").header("retry-after", "600")]);
    let error = waiting.run(waiting.until_final()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(600)));
    assert_eq!(waiting.asked(), [0]);
}

#[test]
fn what_does_not_pass_ends_the_wait_at_once() {
    for (step, kind) in [
        (Step::json(404, "{}"), ErrorKind::Provider),
        (Step::json(410, "{}"), ErrorKind::Provider),
        (Step::json(403, "{}"), ErrorKind::Auth),
        (Step::json(200, "{}"), ErrorKind::Decode),
        (
            Step::json(200, r#"{"check_id":"another","status":"COMPLETED"}"#),
            ErrorKind::Decode,
        ),
        (Step::answer(302, ""), ErrorKind::Redirect),
        (Step::Fail(TransportErrorKind::Certificate), ErrorKind::Tls),
    ] {
        let waiting = Waiting::new([ending("PENDING"), step]);
        let error = waiting.run(waiting.until_final()).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(waiting.asked(), [0, 1000], "{kind:?}");
    }
}

#[test]
fn a_provider_that_keeps_silent_does_not_prolong_the_wait() {
    let waiting = Waiting::new(std::iter::repeat_n(Step::Silence, 100));
    let error = waiting.run(waiting.until_final()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        waiting.elapsed() <= Duration::from_secs(120 + GRACE),
        "{:?}",
        waiting.elapsed()
    );
}

#[test]
fn v0_1_waits_in_the_same_way() {
    let waiting = Waiting::new([ending("PENDING"), ending("COMPLETED")]);
    let wait = waiting.client.phone_checks_v0_1().until_final_by_id(&id());
    waiting.run(wait).unwrap();
    assert_eq!(waiting.asked(), [0, 1000]);
    let seen = waiting.transport.script.seen();
    assert!(seen[1].uri.path().starts_with("/phone_check/v0.1/checks/"));
}

#[test]
fn nothing_is_asked_before_it_is_awaited_or_after_it_is_dropped() {
    let waiting = Waiting::new(pending(10));
    drop(waiting.until_final());
    assert_eq!(waiting.asked().len(), 0);
    let mut wait = Box::pin(waiting.until_final().send());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(wait.as_mut().poll(&mut context).is_pending());
    drop(wait);
    waiting.transport.clock.advance(Duration::from_secs(60));
    assert_eq!(waiting.asked(), [0]);
    assert_eq!(waiting.transport.clock.sleeping(), 0, "nothing is left behind");
}
