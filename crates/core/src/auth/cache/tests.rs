//! One fetch for any number of callers, whatever becomes of them.

mod endpoint;
mod refused;
mod renewal;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::*;
use crate::auth::{ClientAuthentication, ClientCredentials, FetchTokenFuture, OAuth2Endpoint, TokenLifetime};
use crate::testing::{ManualClock, drive};
use crate::transport::{Body, SharedTransport, TransportError};
use crate::{Client, Operation, RawReply, Realm, RetryPolicy, Settings, SystemClock};

const SECOND: Duration = Duration::from_secs(1);

/// An answer of the provider in these tests, and how long it takes.
#[derive(Clone)]
struct Says {
    status: u16,
    body: String,
    after: Duration,
}

fn says(status: u16, body: impl Into<String>) -> Says {
    Says {
        status,
        body: body.into(),
        after: Duration::ZERO,
    }
}

fn token(number: usize) -> Says {
    token_for(number, "600")
}

fn token_for(number: usize, expires_in: &str) -> Says {
    let members = format!(r#""access_token":"t-{number}","token_type":"bearer","expires_in":{expires_in}"#);
    says(200, format!("{{{members}}}"))
}

impl Says {
    fn after(mut self, seconds: u64) -> Self {
        self.after = Duration::from_secs(seconds);
        self
    }
}

/// What the provider was asked: the bodies and `Authorization` values of the token requests, and the tokens
/// of the calls.
#[derive(Default)]
struct Asked {
    token_requests: Mutex<Vec<(String, Option<String>)>>,
    calls: Mutex<Vec<String>>,
}

impl Asked {
    fn token_requests(&self) -> usize {
        self.token_requests.lock().unwrap().len()
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

/// A provider with a token endpoint, and a client of it.
struct Bench {
    clock: ManualClock,
    client: Client,
    cache: TokenCache,
    realm: Realm,
    asked: Arc<Asked>,
}

impl Bench {
    /// `tokens` answers the token requests by their number, from 1; `api` the calls by the token that they
    /// carry.
    fn new(
        tokens: impl Fn(usize) -> Says + Send + Sync + 'static,
        api: impl Fn(&str) -> Says + Send + Sync + 'static,
    ) -> Self {
        Self::with(ClientAuthentication::Basic, tokens, api)
    }

    fn with(
        authentication: ClientAuthentication,
        tokens: impl Fn(usize) -> Says + Send + Sync + 'static,
        api: impl Fn(&str) -> Says + Send + Sync + 'static,
    ) -> Self {
        let clock = ManualClock::new();
        let asked = Arc::new(Asked::default());
        let transport = provider(&clock, &asked, tokens, api);
        let settings = Settings::default().transport(transport).clock(clock.shared());
        let client = Client::new(settings).unwrap();
        let secret = Secret::new("s3cr3t/+");
        let base = "https://api.example.com";
        let endpoint =
            OAuth2Endpoint::new(Realm::builder("example", base), "my id", secret, authentication).unwrap();
        let fetcher = ClientCredentials::new(&client, endpoint, "/token", "read write");
        let cache = TokenCache::with_random(Arc::new(fetcher), clock.shared(), Random::seeded(7));
        let realm = Realm::builder("example", base).authorize(Arc::new(Bearer::new(cache.clone())));
        Self {
            clock,
            client,
            cache,
            realm: realm.build().unwrap(),
            asked,
        }
    }

    /// With another cap on the calls in flight.
    fn max_in_flight(mut self, calls: usize) -> Self {
        let settings = Settings::default()
            .transport(self.client.0.transport.clone())
            .clock(self.clock.shared());
        self.client = Client::new(settings.max_in_flight(calls)).unwrap();
        self
    }

    fn call(&self) -> crate::Call<RawReply> {
        let operation = Operation::post("check.create", &self.realm, "/checks", &[]).unwrap();
        self.client.call_raw(operation)
    }

    fn run(&self) -> Result<RawReply> {
        drive(&self.clock, self.call().send())
    }
}

fn provider(
    clock: &ManualClock,
    asked: &Arc<Asked>,
    tokens: impl Fn(usize) -> Says + Send + Sync + 'static,
    api: impl Fn(&str) -> Says + Send + Sync + 'static,
) -> SharedTransport {
    let (clock, asked) = (clock.clone(), Arc::clone(asked));
    SharedTransport::new(move |request: http::Request<Bytes>| {
        let authorization = request.headers().get(AUTHORIZATION);
        let authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
        let says = if request.uri().path() == "/token" {
            let mut requests = asked.token_requests.lock().unwrap();
            requests.push((String::from_utf8(request.body().to_vec()).unwrap(), authorization));
            tokens(requests.len())
        } else {
            let token = authorization.unwrap_or_default();
            let token = token.strip_prefix("Bearer ").unwrap_or_default().to_owned();
            let says = api(&token);
            asked.calls.lock().unwrap().push(token);
            says
        };
        let wait = clock.sleep(says.after);
        async move {
            wait.await;
            let mut response = http::Response::new(Body::from(says.body));
            *response.status_mut() = http::StatusCode::from_u16(says.status).unwrap();
            Ok::<_, TransportError>(response)
        }
    })
}

fn fine(_: &str) -> Says {
    says(200, "{}")
}

/// A source of tokens whose every fetch is what `make` makes of its number.
struct Source<F> {
    fetches: Arc<AtomicUsize>,
    make: F,
}

impl<F> fmt::Debug for Source<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

impl<F: Fn(usize) -> FetchTokenFuture + Send + Sync + 'static> FetchToken for Source<F> {
    fn fetch(&self, _: Replaces) -> FetchTokenFuture {
        (self.make)(self.fetches.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

fn cache_over(
    clock: &ManualClock,
    make: impl Fn(usize) -> FetchTokenFuture + Send + Sync + 'static,
) -> (TokenCache, Arc<AtomicUsize>) {
    let fetches = Arc::new(AtomicUsize::new(0));
    let source = Source {
        fetches: Arc::clone(&fetches),
        make,
    };
    (TokenCache::new(Arc::new(source), clock.shared()), fetches)
}

fn fetched(clock: &ManualClock, number: usize) -> FetchedToken {
    FetchedToken {
        access_token: Secret::new(format!("t-{number}")),
        lifetime: TokenLifetime::new(Duration::from_secs(600)),
        sent_at: clock.now(),
        scope: None,
    }
}

type Gates = Vec<Option<FetchTokenFuture>>;

/// A cache whose fetches end when they are told to.
fn gated(clock: &ManualClock, fetches: usize) -> (TokenCache, Arc<AtomicUsize>, Vec<Gate>) {
    let (gates, waits): (Vec<_>, Vec<_>) = (0..fetches)
        .map(|_| {
            let (gate, wait) = tokio::sync::oneshot::channel();
            (Gate(gate), Some(wait.map(Result::unwrap).boxed()))
        })
        .unzip();
    let waits: Mutex<Gates> = Mutex::new(waits);
    let (cache, count) = cache_over(clock, move |number| {
        waits.lock().unwrap()[number - 1]
            .take()
            .expect("one fetch a gate")
    });
    (cache, count, gates)
}

struct Gate(tokio::sync::oneshot::Sender<Result<FetchedToken>>);

impl Gate {
    fn open(self, outcome: Result<FetchedToken>) {
        let _ = self.0.send(outcome);
    }
}

fn failure() -> Error {
    Error::new(ErrorKind::Connect, "no way there").with_delivery(Delivery::Unknown)
}

#[test]
fn a_thousand_cold_calls_are_one_token_request() {
    let bench = Bench::new(|number| token(number).after(2), fine);
    let calls = join_all((0..1000).map(|_| bench.call().send()));
    for reply in drive(&bench.clock, calls) {
        assert_eq!(reply.unwrap().attempts(), 1);
    }
    assert_eq!(bench.asked.token_requests(), 1);
    assert!(bench.asked.calls().iter().all(|token| token == "t-1"));
}

#[test]
fn a_failure_ends_every_call_that_waits_and_is_handed_out_for_a_second() {
    let bench = Bench::new(|_| says(503, "").after(1), fine);
    let call = || bench.call().retry(RetryPolicy::default().max_attempts(10));
    let calls = join_all((0..100).map(|_| call().send()));
    for error in drive(&bench.clock, calls) {
        let error = error.unwrap_err();
        assert_eq!(
            (error.status().unwrap().as_u16(), error.delivery()),
            (503, Delivery::NotSent)
        );
        assert_eq!(error.attempts(), 0);
    }
    assert_eq!(
        bench.asked.token_requests(),
        3,
        "a fetch has its own three attempts"
    );

    bench.clock.advance(Duration::from_millis(999));
    assert!(bench.run().unwrap_err().is_provider());
    assert_eq!(
        bench.asked.token_requests(),
        3,
        "within a second nobody asks again"
    );
    bench.clock.advance(Duration::from_millis(1));
    assert!(bench.run().unwrap_err().is_provider());
    assert_eq!(
        bench.asked.token_requests(),
        6,
        "after it the failure is forgotten"
    );
    assert!(bench.asked.calls().is_empty());
}

#[test]
fn whoever_waited_gets_the_failure_however_late_it_looks() {
    let clock = ManualClock::new();
    let (cache, fetches, mut gates) = gated(&clock, 2);
    let mut first = Box::pin(cache.token());
    let mut second = Box::pin(cache.token());
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    gates.remove(0).open(Err(failure()));
    let error = first.now_or_never().unwrap().unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    clock.advance(5 * SECOND);
    assert!(second.now_or_never().expect("its fetch has ended").is_err());
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
}

#[test]
fn the_fetch_outlives_the_caller_that_started_it() {
    let clock = ManualClock::new();
    let (cache, fetches, mut gates) = gated(&clock, 2);
    let mut first = Box::pin(cache.token());
    let mut second = Box::pin(cache.token());
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    gates.remove(0).open(Ok(fetched(&clock, 1)));
    let (token, left) = second.now_or_never().expect("it is served").unwrap();
    assert_eq!((token.expose(), left.as_secs()), ("t-1", 600));
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
}

#[test]
fn whoever_comes_after_the_only_caller_left_goes_on_with_the_same_fetch() {
    let clock = ManualClock::new();
    let (cache, fetches, mut gates) = gated(&clock, 2);
    assert!(cache.token().now_or_never().is_none(), "and dropped");
    clock.advance(4 * SECOND);
    gates.remove(0).open(Ok(fetched(&clock, 1)));
    assert_eq!(drive(&clock, cache.token()).unwrap().0.expose(), "t-1");
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
}

#[test]
fn a_fetch_that_nobody_drove_for_long_is_not_taken_up_again() {
    let clock = ManualClock::new();
    let (cache, fetches, mut gates) = gated(&clock, 2);
    assert!(cache.token().now_or_never().is_none(), "and dropped");
    clock.advance(5 * SECOND);
    let mut late = Box::pin(cache.token());
    assert!(late.as_mut().now_or_never().is_none());
    assert_eq!(
        fetches.load(Ordering::Relaxed),
        2,
        "its time has run on, and its end says nothing about the endpoint"
    );
    gates.remove(1).open(Ok(fetched(&clock, 2)));
    assert_eq!(drive(&clock, late).unwrap().0.expose(), "t-2");
}

#[test]
fn a_fetch_older_than_any_may_be_is_replaced_and_its_late_end_changes_nothing() {
    for late in [Err(failure()), Ok(())] {
        let clock = ManualClock::new();
        let (cache, fetches, mut gates) = gated(&clock, 3);
        let mut first = Box::pin(cache.token());
        assert!(first.as_mut().now_or_never().is_none());
        let begun = fetched(&clock, 1);
        clock.advance(PATIENCE);
        let mut second = Box::pin(cache.token());
        assert!(second.as_mut().now_or_never().is_none());
        assert_eq!(fetches.load(Ordering::Relaxed), 2);

        gates.remove(0).open(late.map(|()| begun));
        let early = first.as_mut().now_or_never();
        let mut third = Box::pin(cache.token());
        assert!(
            third.as_mut().now_or_never().is_none(),
            "it waits for the second fetch"
        );
        gates.remove(0).open(Ok(fetched(&clock, 2)));
        for waiting in [second, third] {
            let (token, _) = waiting.now_or_never().expect("it is served").unwrap();
            assert_eq!(token.expose(), "t-2");
        }
        match early {
            Some(outcome) => assert!(outcome.is_err(), "the first caller's own fetch failed"),
            None => assert_eq!(first.now_or_never().unwrap().unwrap().0.expose(), "t-2"),
        }
        assert_eq!(fetches.load(Ordering::Relaxed), 2);
    }
}

#[test]
fn a_fetch_has_a_driver_from_its_first_moment() {
    let clock = ManualClock::new();
    let (cache, _, _gates) = gated(&clock, 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (flight, driver) = {
        let _inside = runtime.enter();
        cache.0.join(&mut cache.0.state(), clock.now())
    };
    // As another runtime sees it: one without a driver would be replaced at once.
    assert!(!flight.is_hopeless(clock.now()));
    assert!(flight.board().is_none(), "it is not this runtime's to drive");
    drop(driver.expect("whoever starts it drives it"));
    assert!(flight.is_hopeless(clock.now()));
}

#[test]
fn a_fetch_that_panics_is_an_error_for_everybody_and_is_forgotten() {
    let clock = ManualClock::new();
    let (cache, fetches) = cache_over(&clock, {
        let clock = clock.clone();
        move |number| {
            let clock = clock.clone();
            Box::pin(async move {
                clock.sleep(SECOND).await;
                assert!(number > 1, "this fetch panics on purpose");
                Ok(fetched(&clock, number))
            })
        }
    });
    let both = drive(&clock, join_all([cache.token(), cache.token()]));
    assert!(both.iter().all(Result::is_err));
    clock.advance(SECOND);
    assert_eq!(drive(&clock, cache.token()).unwrap().0.expose(), "t-2");
    assert_eq!(fetches.load(Ordering::Relaxed), 2);
}

#[test]
fn a_token_is_handed_on_with_the_life_that_is_left_and_forgotten_on_request() {
    let bench = Bench::new(token, fine);
    assert_eq!(drive(&bench.clock, bench.cache.token()).unwrap().1, 600 * SECOND);
    bench.clock.advance(100 * SECOND);
    let (token, left) = drive(&bench.clock, bench.cache.token()).unwrap();
    assert_eq!((token.expose(), left), ("t-1", 500 * SECOND));
    bench.cache.forget();
    assert_eq!(
        drive(&bench.clock, bench.cache.token()).unwrap().0.expose(),
        "t-2"
    );
    assert!(!format!("{:?}", bench.cache).contains("t-2"));
}

#[test]
fn a_token_asked_for_outside_of_a_runtime_is_a_configuration_error_and_no_panic() {
    let source = Source {
        fetches: Arc::default(),
        make: |_| -> FetchTokenFuture { Box::pin(std::future::pending()) },
    };
    let cache = TokenCache::new(Arc::new(source), Arc::new(SystemClock));
    let error = cache
        .token()
        .now_or_never()
        .expect("it ends at once")
        .unwrap_err();
    assert!(error.is_configuration(), "{error}");
}

#[test]
fn a_cache_that_is_dropped_during_a_fetch_leaves_nothing_behind() {
    let clock = ManualClock::new();
    let (cache, _, mut gates) = gated(&clock, 1);
    let mut waiting = Box::pin(async move { cache.token().await });
    assert!(waiting.as_mut().now_or_never().is_none());
    drop(waiting);
    assert!(gates.remove(0).0.is_closed(), "the fetch is gone with its cache");
    assert_eq!(clock.sleeping(), 0);
}
