//! One request per second over all services: in order, repeats counted, inside the deadline.

use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use cm_identity::testing::{ManualClock, ScriptedTransport, Step, drive};
use cm_identity::transport::{Body, SharedTransport, Transport, TransportError, TransportErrorKind};
use cm_identity::{
    CallFuture, Client, Clock as _, Config, Delivery, ErrorKind, RateLimit, RetryPolicy, ServiceType,
};
use futures_util::FutureExt as _;
use futures_util::future::{join_all, join3};

use crate::support::{CALLBACK_URL, KEY_ID, SECRET, check, created, id, number};

/// A transport that notes what was asked when.
#[derive(Clone)]
struct Timed {
    script: ScriptedTransport,
    clock: ManualClock,
    start: Instant,
    /// In milliseconds since the start, with the path.
    asked: Arc<Mutex<Vec<(u128, String)>>>,
}

impl Transport for Timed {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let path = request.uri().path().rsplit('/').next().unwrap().to_owned();
        let at = (self.clock.now() - self.start).as_millis();
        self.asked.lock().unwrap().push((at, path));
        self.script.send(request).await
    }
}

struct Limited {
    client: Client,
    transport: Timed,
    clock: ManualClock,
}

fn limited(steps: impl IntoIterator<Item = Step>, configure: impl FnOnce(Config) -> Config) -> Limited {
    let clock = ManualClock::new();
    let transport = Timed {
        script: ScriptedTransport::new(steps),
        start: clock.now(),
        clock: clock.clone(),
        asked: Arc::default(),
    };
    let config = Client::builder(KEY_ID, SECRET)
        .transport(SharedTransport::new(transport.clone()))
        .clock(clock.shared())
        .retry(RetryPolicy::default().base(Duration::ZERO));
    Limited {
        client: configure(config).build().unwrap(),
        transport,
        clock,
    }
}

fn swap() -> Step {
    Step::json(200, r#"{"24h":false}"#)
}

impl Limited {
    fn call(&self) -> CallFuture<()> {
        let call = self.client.sim_swap().check(number(), ServiceType::Last24Hours);
        Box::pin(async move { call.await.map(|_| ()) })
    }

    fn times(&self) -> Vec<u128> {
        let asked = self.transport.asked.lock().unwrap();
        asked.iter().map(|(at, _)| *at).collect()
    }

    fn ended(&self) -> u128 {
        (self.clock.now() - self.transport.start).as_millis()
    }
}

#[test]
fn five_at_once_go_out_in_order_a_second_apart() {
    let limited = limited((0..5).map(|_| swap()), |config| config);
    let order = Arc::new(Mutex::new(Vec::new()));
    let calls = (0..5).map(|number| {
        let (order, call) = (Arc::clone(&order), limited.call());
        async move {
            call.await.unwrap();
            order.lock().unwrap().push(number);
        }
    });
    drive(&limited.clock, join_all(calls));
    assert_eq!(limited.times(), [0, 1000, 2000, 3000, 4000]);
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
}

#[test]
fn the_limit_is_one_over_all_services_and_all_clones() {
    let limited = limited(
        [
            swap(),
            Step::json(200, r#"{"nameMatch":true}"#),
            Step::json(200, "{}"),
            Step::json(200, created()),
            Step::json(200, check("pending", "null")),
            Step::json(200, "{}"),
        ],
        |config| config,
    );
    let client = limited.client.clone();
    let compare = client.identity_match().compare(number()).first_name("A");
    let score = client.identity_match().score(number()).first_name("A");
    let calls: Vec<CallFuture<()>> = vec![
        limited.call(),
        Box::pin(async move { compare.await.map(|_| ()) }),
        Box::pin(async move { score.await.map(|_| ()) }),
        {
            let call = client.number_verify().create(number(), CALLBACK_URL);
            Box::pin(async move { call.await.map(|_| ()) })
        },
        {
            let call = client.number_verify().get(&id());
            Box::pin(async move { call.await.map(|_| ()) })
        },
        {
            let call = client.request(http::Method::GET, ["any"]);
            Box::pin(async move { call.await.map(|_| ()) })
        },
    ];
    for outcome in drive(&limited.clock, join_all(calls)) {
        outcome.unwrap();
    }
    let asked = limited.transport.asked.lock().unwrap().clone();
    let expected = [
        (0, "sim-swap"),
        (1000, "identity-match"),
        (2000, "identity-match"),
        (3000, "number-verify"),
        (4000, crate::support::ID),
        (5000, "any"),
    ];
    let asked: Vec<_> = asked.iter().map(|(at, path)| (*at, path.as_str())).collect();
    assert_eq!(asked, expected);
}

#[test]
fn repeats_take_turns_like_calls() {
    let limited = limited(
        [
            Step::Fail(TransportErrorKind::Connect),
            Step::json(429, "{}"),
            swap(),
            swap(),
        ],
        |config| config,
    );
    let calls = [limited.call(), limited.call()];
    for outcome in drive(&limited.clock, join_all(calls)) {
        outcome.unwrap();
    }
    assert_eq!(
        limited.times(),
        [0, 1000, 2000, 3000],
        "four requests, four turns"
    );
}

#[test]
fn a_turn_beyond_the_deadline_is_refused_at_once_and_not_sent() {
    let limited = limited([swap(), swap(), swap()], |config| config);
    let short = limited
        .client
        .sim_swap()
        .check(number(), ServiceType::Last24Hours)
        .timeout(Duration::from_millis(1500));
    let (first, second, refused) = drive(
        &limited.clock,
        join3(limited.call(), limited.call(), short.into_future()),
    );
    first.unwrap();
    second.unwrap();
    let error = refused.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::RateLimited, Delivery::NotSent)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert!(error.is_safe_to_repeat());
    assert_eq!((error.operation(), error.attempts()), ("sim_swap.check", 0));
    assert_eq!(limited.times(), [0, 1000]);
    assert_eq!(limited.ended(), 1000, "nobody waited for the refusal");
}

#[test]
fn a_turn_that_leaves_no_time_to_send_is_not_waited_for() {
    // The second turn comes after 1 s; a twentieth of the deadline has to be left for the request.
    for (timeout, sent) in [(1000, false), (1050, false), (1060, true)] {
        let limited = limited([swap(), swap()], |config| config);
        drive(&limited.clock, limited.call()).unwrap();
        let call = limited
            .client
            .sim_swap()
            .check(number(), ServiceType::Last24Hours);
        let call = call.timeout(Duration::from_millis(timeout));
        let outcome = drive(&limited.clock, call.send());
        assert_eq!(outcome.is_ok(), sent, "{timeout} ms");
        assert_eq!(limited.ended(), if sent { 1000 } else { 0 }, "{timeout} ms");
        if let Err(error) = outcome {
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::RateLimited, Delivery::NotSent)
            );
        }
    }
}

#[test]
fn whoever_goes_away_takes_no_turn() {
    let limited = limited([swap(), swap()], |config| config);
    drive(&limited.clock, limited.call()).unwrap();
    let mut gone: Vec<_> = (0..3).map(|_| limited.call()).collect();
    for call in &mut gone {
        assert!(call.now_or_never().is_none());
    }
    drop(gone);
    drive(&limited.clock, limited.call()).unwrap();
    assert_eq!(limited.times(), [0, 1000]);
}

#[test]
fn the_limit_can_be_changed_shared_and_switched_off() {
    let ten = || (0..10).map(|_| swap());
    let off = limited(ten(), Config::without_rate_limit);
    drive(&off.clock, join_all((0..10).map(|_| off.call())));
    assert_eq!((off.times().len(), off.ended()), (10, 0));

    let shared = RateLimit::one_per(Duration::from_millis(250));
    let first = limited(ten(), |config| config.rate_limit(shared.clone()));
    let second = Client::builder(KEY_ID, SECRET)
        .transport(SharedTransport::new(first.transport.clone()))
        .clock(first.clock.shared())
        .rate_limit(shared)
        .build()
        .unwrap();
    let call = second.sim_swap().check(number(), ServiceType::Last24Hours);
    let second = call.into_future().map(|swap| swap.map(|_| ()));
    let outcomes = drive(&first.clock, join3(first.call(), second, first.call()));
    assert!(outcomes.0.is_ok() && outcomes.1.is_ok() && outcomes.2.is_ok());
    assert_eq!(first.times(), [0, 250, 500]);
}
