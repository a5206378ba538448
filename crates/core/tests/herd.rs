//! Thousands of callers on several threads and runtimes: one token request, whatever becomes of the one who
//! started it.
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
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use verikit_core::auth::{Bearer, ClientAuthentication, ClientCredentials, OAuth2Endpoint, TokenCache};
use verikit_core::clock::Sleep;
use verikit_core::testing::ManualClock;
use verikit_core::transport::{Body, SharedTransport, TransportError};
use verikit_core::{
    Client, Clock, Delivery, Operation, RawReply, Realm, RealmBuilder, Result, Secret, Settings, SystemClock,
};

use loopback::Loopback;

/// Shows the time that it is told to, and sleeps for real: what happens "within a second" does not depend on
/// how fast the machine is.
#[derive(Debug, Clone, Default)]
struct StandingClock(ManualClock);

impl Clock for StandingClock {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn system_time(&self) -> SystemTime {
        self.0.system_time()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        SystemClock.sleep(duration)
    }
}

type Answer = Pin<Box<dyn Future<Output = (StatusCode, String)> + Send>>;

/// A provider in this process.
struct Provider {
    client: Client,
    realm: Realm,
    token_requests: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
}

impl Provider {
    /// `tokens` answers the token requests by their number, from 1; `api` the calls by their token.
    fn new(
        clock: Arc<dyn Clock>,
        tokens: impl Fn(usize) -> Answer + Send + Sync + 'static,
        api: impl Fn(&str) -> Answer + Send + Sync + 'static,
    ) -> Arc<Self> {
        let token_requests = Arc::new(AtomicUsize::new(0));
        let calls = Arc::new(AtomicUsize::new(0));
        let (counted_tokens, counted_calls) = (Arc::clone(&token_requests), Arc::clone(&calls));
        let transport = SharedTransport::new(move |request: http::Request<Bytes>| {
            let answer = if request.uri().path() == "/token" {
                tokens(counted_tokens.fetch_add(1, Ordering::SeqCst) + 1)
            } else {
                counted_calls.fetch_add(1, Ordering::SeqCst);
                api(request.headers()["authorization"].to_str().unwrap())
            };
            async move {
                let (status, body) = answer.await;
                let mut response = http::Response::new(Body::from(body));
                *response.status_mut() = status;
                Ok::<_, TransportError>(response)
            }
        });
        let settings = Settings::default()
            .transport(transport)
            .clock(Arc::clone(&clock))
            .max_in_flight(5000);
        let client = Client::new(settings).unwrap();
        let realm = bearing(&client, clock, || {
            Realm::builder("example", "https://api.example.com")
        });
        Arc::new(Self {
            client,
            realm,
            token_requests,
            calls,
        })
    }

    fn call(&self) -> impl Future<Output = Result<RawReply>> + Send + 'static {
        call(&self.client, &self.realm)
    }

    async fn herd(&self, calls: usize) -> Vec<Result<RawReply>> {
        herd(&self.client, &self.realm, calls).await
    }

    fn token_requests(&self) -> usize {
        self.token_requests.load(Ordering::SeqCst)
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

/// A realm whose calls need a token of its own endpoint.
fn bearing(client: &Client, clock: Arc<dyn Clock>, realm: impl Fn() -> RealmBuilder) -> Realm {
    let secret = Secret::new("secret");
    let endpoint = OAuth2Endpoint::new(realm(), "id", secret, ClientAuthentication::Basic);
    let fetcher = ClientCredentials::new(client, endpoint.unwrap(), "/token", "read");
    let bearer = Bearer::new(TokenCache::new(Arc::new(fetcher), clock));
    realm().authorize(Arc::new(bearer)).build().unwrap()
}

fn call(client: &Client, realm: &Realm) -> impl Future<Output = Result<RawReply>> + Send + 'static {
    let operation = Operation::post("check.create", realm, "/checks", &[]).unwrap();
    client.call_raw(operation).send()
}

/// Makes calls at once, each a task of the runtime that this runs on, and waits for all of them.
async fn herd(client: &Client, realm: &Realm, calls: usize) -> Vec<Result<RawReply>> {
    let tasks: Vec<_> = (0..calls).map(|_| tokio::spawn(call(client, realm))).collect();
    let mut replies = Vec::with_capacity(calls);
    for task in tasks {
        replies.push(promptly(task).await.unwrap());
    }
    replies
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
}

fn token(number: usize) -> (StatusCode, String) {
    let members = format!(r#""access_token":"t-{number}","token_type":"bearer","expires_in":3600"#);
    (StatusCode::OK, format!("{{{members}}}"))
}

fn now(answer: (StatusCode, String)) -> Answer {
    std::future::ready(answer).boxed()
}

fn soon(milliseconds: u64, answer: (StatusCode, String)) -> Answer {
    let wait = SystemClock.sleep(Duration::from_millis(milliseconds));
    wait.map(|()| answer).boxed()
}

fn fine(_: &str) -> Answer {
    now((StatusCode::OK, String::from("{}")))
}

/// A hang is a failure, not a test that never ends. Far shorter than the 15 s that a stuck fetch would take.
async fn promptly<F: Future>(work: F) -> F::Output {
    match select(std::pin::pin!(work), SystemClock.sleep(Duration::from_secs(10))).await {
        Either::Left((output, _)) => output,
        Either::Right(_) => panic!("it hangs"),
    }
}

/// Waits until something that other threads bring about is so.
async fn until(is_so: impl Fn() -> bool) {
    promptly(async {
        while !is_so() {
            SystemClock.sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
}

#[test]
fn ten_thousand_cold_calls_are_one_token_request() {
    let provider = Provider::new(Arc::new(SystemClock), |number| soon(100, token(number)), fine);
    for reply in multi_thread().block_on(provider.herd(10_000)) {
        assert_eq!(reply.unwrap().attempts(), 1);
    }
    assert_eq!((provider.token_requests(), provider.calls()), (1, 10_000));
}

#[test]
fn over_loopback_they_are_one_token_request_and_at_most_256_connections() {
    let token_requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&token_requests);
    let server = Loopback::start(move |path| {
        if path != "/token" {
            return std::future::ready(loopback::json("{}")).boxed();
        }
        let (_, token) = token(counter.fetch_add(1, Ordering::SeqCst) + 1);
        let moment = SystemClock.sleep(Duration::from_millis(100));
        moment.map(move |()| loopback::json(&token)).boxed()
    });
    // Waiting for a place is not what is looked at here, and a slow machine needs a while for so many.
    let settings = Settings::default()
        .dangerously_allow_plain_http(true)
        .timeout(Duration::from_secs(300));
    let client = Client::new(settings).unwrap();
    let realm = bearing(&client, Arc::new(SystemClock), || server.realm());
    let tasks = async {
        let tasks: Vec<_> = (0..10_000).map(|_| tokio::spawn(call(&client, &realm))).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap().attempts(), 1);
        }
    };
    multi_thread().block_on(tasks);
    assert_eq!(token_requests.load(Ordering::SeqCst), 1);
    assert_eq!(server.requests(), 10_001);
    let connections = server.connections();
    assert!(connections <= 256, "{connections}");
}

#[test]
fn a_failing_token_endpoint_is_asked_three_times_and_everybody_is_answered() {
    let clock = StandingClock::default();
    let failing = |_| soon(20, (StatusCode::SERVICE_UNAVAILABLE, String::new()));
    let provider = Provider::new(Arc::new(clock.clone()), failing, fine);
    let runtime = multi_thread();
    for wave in 0..3 {
        for reply in runtime.block_on(provider.herd(10_000 / 3)) {
            let error = reply.unwrap_err();
            assert_eq!(error.delivery(), Delivery::NotSent);
            assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (0, 503));
        }
        assert_eq!(provider.token_requests(), 3, "wave {wave}, all within one second");
        clock.0.advance(Duration::from_millis(333));
    }
    clock.0.advance(Duration::from_millis(1));
    runtime.block_on(provider.herd(100));
    assert_eq!(provider.token_requests(), 6, "a second later it is tried again");
    assert_eq!(provider.calls(), 0);
}

#[test]
fn the_first_caller_goes_away_and_the_others_get_the_token_of_the_same_request() {
    let gate = Arc::new(Notify::new());
    let opens = Arc::clone(&gate);
    let provider = Provider::new(
        Arc::new(SystemClock),
        move |number| {
            let gate = Arc::clone(&gate);
            async move {
                gate.notified().await;
                token(number)
            }
            .boxed()
        },
        fine,
    );
    multi_thread().block_on(async {
        let first = tokio::spawn(provider.call());
        until(|| provider.token_requests() == 1).await;
        let others = provider.herd(1000);
        let other_side = async {
            SystemClock.sleep(Duration::from_millis(50)).await;
            first.abort();
            assert!(first.await.unwrap_err().is_cancelled());
            opens.notify_one();
        };
        let (replies, ()) = futures_util::future::join(others, other_side).await;
        assert!(replies.iter().all(Result::is_ok));
    });
    assert_eq!((provider.token_requests(), provider.calls()), (1, 1000));
}

/// The first token request is never answered, every further one at once.
fn first_is_lost(number: usize) -> Answer {
    if number == 1 {
        std::future::pending().boxed()
    } else {
        now(token(number))
    }
}

#[test]
fn the_first_callers_runtime_is_shut_down_and_the_others_are_served_without_delay() {
    // Time stands still, so that nothing can be served by waiting until the fetch is stale.
    let provider = Provider::new(Arc::new(StandingClock::default()), first_is_lost, fine);
    let first = multi_thread();
    let second = multi_thread();
    first.spawn(provider.call());
    second.block_on(async {
        until(|| provider.token_requests() == 1).await;
        let others = provider.herd(500);
        let other_side = async {
            SystemClock.sleep(Duration::from_millis(50)).await;
            assert_eq!(provider.token_requests(), 1, "they wait for the first fetch");
            first.shutdown_background();
        };
        let (replies, ()) = futures_util::future::join(others, other_side).await;
        assert!(replies.iter().all(Result::is_ok));
    });
    assert_eq!((provider.token_requests(), provider.calls()), (2, 500));
}

#[test]
fn the_first_callers_runtime_is_not_driven_any_more_and_the_others_replace_its_fetch() {
    let clock = ManualClock::new();
    let provider = Provider::new(clock.shared(), first_is_lost, fine);
    let idle = Builder::new_current_thread().enable_time().build().unwrap();
    let mut first = Box::pin(provider.call());
    idle.block_on(async { assert!(first.as_mut().now_or_never().is_none()) });
    assert_eq!(provider.token_requests(), 1);
    let asleep = clock.sleeping();

    let second = multi_thread();
    second.block_on(async {
        let others = provider.herd(200);
        let other_side = async {
            // Each of them waits for its deadline, and until the fetch is stale.
            until(|| clock.sleeping() == asleep + 400).await;
            assert_eq!(provider.token_requests(), 1);
            clock.advance(Duration::from_secs(16));
        };
        let (replies, ()) = futures_util::future::join(others, other_side).await;
        assert!(replies.iter().all(Result::is_ok));
    });
    assert_eq!((provider.token_requests(), provider.calls()), (2, 200));

    idle.block_on(promptly(first))
        .expect("driven again, the first caller is served too");
    assert_eq!(provider.token_requests(), 2);
}

#[test]
fn many_small_runtimes_are_one_token_request() {
    for round in 0..100 {
        let provider = Provider::new(Arc::new(SystemClock), |number| soon(2, token(number)), fine);
        let barrier = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
                    barrier.wait();
                    let replies = runtime.block_on(provider.herd(5));
                    assert!(replies.iter().all(Result::is_ok), "round {round}");
                });
            }
        });
        assert_eq!(
            (provider.token_requests(), provider.calls()),
            (1, 20),
            "round {round}"
        );
    }
}

#[test]
fn a_thousand_401s_at_once_are_one_refresh_and_no_failed_call() {
    let together = Arc::new(tokio::sync::Barrier::new(1000));
    let provider = Provider::new(
        Arc::new(SystemClock),
        |number| soon(20, token(number)),
        move |authorization| {
            if authorization != "Bearer t-1" {
                return fine(authorization);
            }
            let together = Arc::clone(&together);
            async move {
                together.wait().await;
                (StatusCode::UNAUTHORIZED, String::new())
            }
            .boxed()
        },
    );
    for reply in multi_thread().block_on(provider.herd(1000)) {
        assert_eq!(reply.unwrap().attempts(), 2);
    }
    assert_eq!((provider.token_requests(), provider.calls()), (2, 2000));
}
