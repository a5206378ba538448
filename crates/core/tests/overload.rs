//! More callers than places, and callers that go away.
#![cfg(all(feature = "reqwest", feature = "testing"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod loopback;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use http::StatusCode;
use verikit_core::auth::{Bearer, ClientAuthentication, ClientCredentials, OAuth2Endpoint, TokenCache};
use verikit_core::testing::{ManualClock, drive};
use verikit_core::transport::{Body, SharedTransport, TransportError};
use verikit_core::{
    Call, Client, Clock, Delivery, ErrorKind, Operation, RateLimit, RawReply, Realm, Repeat, Secret,
    Settings, SystemClock,
};

use loopback::Loopback;

const BASE: &str = "https://api.example.com";

fn realm() -> Realm {
    Realm::builder("example", BASE).build().unwrap()
}

fn numbered(client: &Client, realm: &Realm, number: usize) -> Call<RawReply> {
    let number = number.to_string();
    let operation = Operation::new(
        http::Method::POST,
        Repeat::Once,
        "check.create",
        realm,
        "/checks/{number}",
        &[&number],
    );
    client.call_raw(operation.unwrap())
}

/// What is in flight now, and was at most.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    fn enter(self: &Arc<Self>) -> InFlight {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        InFlight(Arc::clone(self))
    }
}

struct InFlight(Arc<Gauge>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn two_thousand_callers_are_served_256_at_a_time() {
    let gauge = Arc::new(Gauge::default());
    let measured = Arc::clone(&gauge);
    let transport = SharedTransport::new(move |_| {
        let in_flight = measured.enter();
        async move {
            SystemClock.sleep(Duration::from_millis(5)).await;
            drop(in_flight);
            Ok::<_, TransportError>(http::Response::new(Body::from("{}")))
        }
    });
    let client = Client::new(Settings::default().transport(transport)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .unwrap();
    let realm = realm();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..2000)
            .map(|number| tokio::spawn(numbered(&client, &realm, number).send()))
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
    assert_eq!(
        gauge.most.load(Ordering::SeqCst),
        256,
        "all places are used, and no more"
    );
}

/// Calls at once against a server that needs a moment for each, and how many connections they took.
fn connections_of(calls: usize, milliseconds: u64) -> usize {
    let server = Loopback::start(move |_| {
        let moment = SystemClock.sleep(Duration::from_millis(milliseconds));
        let answer = async move {
            if milliseconds > 0 {
                moment.await;
            }
            loopback::json("{}")
        };
        answer.boxed()
    });
    let client = Client::new(Settings::default().dangerously_allow_plain_http(true)).unwrap();
    let realm = server.realm().build().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..calls)
            .map(|number| tokio::spawn(numbered(&client, &realm, number).send()))
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
    assert_eq!(server.requests(), calls);
    server.connections()
}

#[test]
fn two_thousand_callers_take_at_most_256_connections() {
    for milliseconds in [0, 5] {
        for _ in 0..2 {
            let connections = connections_of(2000, milliseconds);
            assert!(connections <= 256, "{connections} with {milliseconds} ms each");
        }
    }
}

#[test]
fn callers_are_served_in_the_order_in_which_they_came() {
    let clock = ManualClock::new();
    let order: Arc<Mutex<Vec<usize>>> = Arc::default();
    let (kept, ticking) = (Arc::clone(&order), clock.clone());
    let transport = SharedTransport::new(move |request: http::Request<Bytes>| {
        let number = request.uri().path().rsplit_once('/').unwrap().1.parse().unwrap();
        kept.lock().unwrap().push(number);
        let wait = ticking.sleep(Duration::from_millis(10));
        async move {
            wait.await;
            Ok::<_, TransportError>(http::Response::new(Body::from("{}")))
        }
    });
    let settings = Settings::default().transport(transport).clock(clock.shared());
    let client = Client::new(settings).unwrap();
    let realm = realm();
    let mut calls: Vec<_> = (0..2000)
        .map(|number| Box::pin(numbered(&client, &realm, number).send()))
        .collect();
    // Each of them joins the queue before the next.
    assert!(
        calls
            .iter_mut()
            .all(|call| call.as_mut().now_or_never().is_none())
    );
    assert!(drive(&clock, join_all(calls)).iter().all(Result::is_ok));
    assert_eq!(*order.lock().unwrap(), (0..2000).collect::<Vec<_>>());
}

#[test]
fn who_finds_no_place_in_time_is_told_so_and_was_not_sent() {
    let clock = ManualClock::new();
    let sends = Arc::new(AtomicUsize::new(0));
    let (counter, ticking) = (Arc::clone(&sends), clock.clone());
    let transport = SharedTransport::new(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        let wait = ticking.sleep(Duration::from_secs(11));
        async move {
            wait.await;
            Ok::<_, TransportError>(http::Response::new(Body::from("{}")))
        }
    });
    let settings = Settings::default().transport(transport).clock(clock.shared());
    let client = Client::new(settings).unwrap();
    let realm = realm();
    let began = clock.now();
    let calls = join_all((0..2000).map(|number| numbered(&client, &realm, number).send()));
    let replies = drive(&clock, calls);
    assert_eq!(clock.now() - began, Duration::from_secs(30));

    let count = |kind, delivery| {
        let is_such = |error: &verikit_core::Error| error.kind() == kind && error.delivery() == delivery;
        let errors = replies.iter().filter_map(|reply| reply.as_ref().err());
        errors.filter(|error| is_such(error)).count()
    };
    // Two rounds of 11 s fit into the 30 s, a third is cut off, and the rest never had a place.
    assert_eq!(replies.iter().filter(|reply| reply.is_ok()).count(), 512);
    assert_eq!(count(ErrorKind::Timeout, Delivery::Unknown), 256);
    assert_eq!(count(ErrorKind::Overloaded, Delivery::NotSent), 2000 - 768);
    assert_eq!(sends.load(Ordering::SeqCst), 768);
}

/// Everything that a call can wait for, each wait in small pieces.
struct World {
    clock: ManualClock,
    client: Client,
    cache: TokenCache,
    realm: Realm,
    requests: Arc<AtomicUsize>,
    gauge: Arc<Gauge>,
}

async fn pieces(clock: ManualClock, pieces: u32) {
    for _ in 0..pieces {
        clock.sleep(Duration::from_millis(100)).await;
    }
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::new();
        let requests = Arc::new(AtomicUsize::new(0));
        let gauge = Arc::new(Gauge::default());
        let (ticking, counter, measured) = (clock.clone(), Arc::clone(&requests), Arc::clone(&gauge));
        let checks = Arc::new(AtomicUsize::new(0));
        let transport = SharedTransport::new(move |request: http::Request<Bytes>| {
            counter.fetch_add(1, Ordering::SeqCst);
            let (clock, in_flight) = (ticking.clone(), measured.enter());
            let path = request.uri().path().to_owned();
            let checks = Arc::clone(&checks);
            async move {
                let mut response = http::Response::new(Body::from("{}"));
                match path.as_str() {
                    "/hold" => pieces(clock, 12).await,
                    "/token" => {
                        pieces(clock, 5).await;
                        let token = r#"{"access_token":"t","token_type":"bearer","expires_in":600}"#;
                        *response.body_mut() = Body::from(token);
                    }
                    _ => {
                        pieces(clock.clone(), 5).await;
                        if checks.fetch_add(1, Ordering::SeqCst) == 0 {
                            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                            response.headers_mut().insert("retry-after", "1".parse().unwrap());
                        }
                        let start = (20, clock, in_flight);
                        *response.body_mut() = Body::from_stream(futures_util::stream::unfold(
                            start,
                            |(left, clock, in_flight)| async move {
                                clock.sleep(Duration::from_millis(100)).await;
                                (left > 0)
                                    .then(|| (Ok(Bytes::from_static(b"x")), (left - 1, clock, in_flight)))
                            },
                        ));
                    }
                }
                Ok::<_, TransportError>(response)
            }
        });
        let settings = Settings::default()
            .transport(transport)
            .clock(clock.shared())
            .max_in_flight(1);
        let client = Client::new(settings).unwrap();
        let endpoint = OAuth2Endpoint::new(
            Realm::builder("example", BASE),
            "id",
            Secret::new("secret"),
            ClientAuthentication::Basic,
        );
        let fetcher = ClientCredentials::new(&client, endpoint.unwrap(), "/token", "");
        let cache = TokenCache::new(Arc::new(fetcher), clock.shared());
        let realm = Realm::builder("example", BASE)
            .authorize(Arc::new(Bearer::new(cache.clone())))
            .rate_limit(Some(RateLimit::one_per(Duration::from_millis(500))));
        Self {
            realm: realm.build().unwrap(),
            clock,
            client,
            cache,
            requests,
            gauge,
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls a call `polls` times while another one holds the only place, and drops it. `true` if it was done by
/// then.
fn dropped_after(polls: usize, repeat: Repeat) -> bool {
    let world = World::new();
    // One turn of the rate limit is used up, so that the call has to wait for the next.
    let mut turn = Box::pin(numbered(&world.client, &world.realm, 0).send());
    assert!(poll(&mut turn).is_pending());
    drop(turn);
    let hold = Operation::post("hold", &realm(), "/hold", &[]).unwrap();
    let mut holder = Box::pin(world.client.call_raw(hold).send());
    assert!(poll(&mut holder).is_pending());

    let operation = Operation::post("check.create", &world.realm, "/checks", &[]).unwrap();
    let mut victim = Box::pin(world.client.call_raw(operation.repeat(repeat)).send());
    let mut held = true;
    let mut done = false;
    for _ in 0..polls {
        held = held && poll(&mut holder).is_pending();
        if let Poll::Ready(reply) = poll(&mut victim) {
            assert_eq!(reply.unwrap().attempts(), 2);
            done = true;
            break;
        }
        world.clock.advance_to_next();
    }
    // It may be dropped between being given the place and taking it, too.
    held = held && poll(&mut holder).is_pending();
    drop(victim);

    // Nothing more is sent, however long one waits.
    let requests = world.requests();
    if held {
        drive(&world.clock, holder).unwrap();
    }
    world.clock.advance(Duration::from_secs(3));
    assert_eq!(world.requests(), requests, "after {polls} polls");

    // The client is as good as new: a token can be had, the only place is free, the next call is answered.
    drive(&world.clock, world.cache.token()).unwrap();
    let next = drive(&world.clock, numbered(&world.client, &world.realm, 1).send());
    assert_eq!(next.unwrap().body().len(), 20, "after {polls} polls");
    assert_eq!(world.gauge.now.load(Ordering::SeqCst), 0, "after {polls} polls");
    done
}

#[test]
fn a_call_can_be_dropped_at_any_point_of_its_life() {
    for repeat in [Repeat::Safe, Repeat::Once] {
        let life = (0..500)
            .find(|polls| dropped_after(*polls, repeat))
            .expect("it ends");
        assert!(life >= 50, "{life} points are too few to mean anything");
    }
}
