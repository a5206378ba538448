//! Clients that share their tokens through a store.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::FutureExt as _;
use futures_util::future::join;

use super::*;
use crate::auth::{Bearer, ClientAuthentication, OAuth2Endpoint, TokenCache};
use crate::testing::drive;
use crate::transport::{Body, SharedTransport, TransportError};
use crate::{Call, Client, Error, Operation, RawReply, Realm, Settings};

const BASE: &str = "https://api.example.com";

/// A provider whose token requests take a second, and that takes none of the tokens up to `revoked`.
#[derive(Clone)]
struct Provider {
    clock: ManualClock,
    token_requests: Arc<AtomicUsize>,
    revoked: Arc<AtomicUsize>,
}

impl Provider {
    fn new() -> Self {
        Self {
            clock: ManualClock::new(),
            token_requests: Arc::default(),
            revoked: Arc::default(),
        }
    }

    fn token_requests(&self) -> usize {
        self.token_requests.load(Ordering::Relaxed)
    }

    fn transport(&self) -> SharedTransport {
        let provider = self.clone();
        SharedTransport::new(move |request: http::Request<bytes::Bytes>| {
            let mut response = http::Response::new(Body::from("{}"));
            let mut wait = Duration::ZERO;
            if request.uri().path() == "/token" {
                let number = provider.token_requests.fetch_add(1, Ordering::Relaxed) + 1;
                let members =
                    format!(r#""access_token":"t-{number}","token_type":"bearer","expires_in":600"#);
                *response.body_mut() = Body::from(format!("{{{members}}}"));
                wait = Duration::from_secs(1);
            } else {
                let token = request.headers()["authorization"].to_str().unwrap();
                let number: usize = token.strip_prefix("Bearer t-").unwrap().parse().unwrap();
                if number <= provider.revoked.load(Ordering::Relaxed) {
                    *response.status_mut() = http::StatusCode::UNAUTHORIZED;
                }
            }
            let wait = provider.clock.sleep(wait);
            async move {
                wait.await;
                Ok::<_, TransportError>(response)
            }
        })
    }

    fn fetcher(&self, store: Arc<dyn TokenStore>, secret: &str) -> (Client, SharedClientCredentials) {
        let settings = Settings::default()
            .transport(self.transport())
            .clock(self.clock.shared());
        let client = Client::new(settings).unwrap();
        let endpoint = OAuth2Endpoint::new(
            Realm::builder("example", BASE),
            "id",
            Secret::new(secret),
            ClientAuthentication::Basic,
        );
        let fetcher = ClientCredentials::new(&client, endpoint.unwrap(), "/token", "read");
        let shared = SharedClientCredentials::new(fetcher, store, self.clock.shared());
        (client, shared)
    }

    fn instance(&self, store: &Arc<dyn TokenStore>) -> Instance {
        let (client, shared) = self.fetcher(Arc::clone(store), "secret");
        let cache = TokenCache::new(Arc::new(shared), self.clock.shared());
        let realm = Realm::builder("example", BASE).authorize(Arc::new(Bearer::new(cache)));
        Instance {
            client,
            realm: realm.build().unwrap(),
        }
    }

    fn memory(&self) -> Arc<dyn TokenStore> {
        Arc::new(MemoryTokenStore::new(self.clock.shared()))
    }
}

struct Instance {
    client: Client,
    realm: Realm,
}

impl Instance {
    fn call(&self) -> Call<RawReply> {
        self.client
            .call_raw(Operation::post("check.create", &self.realm, "/checks", &[]).unwrap())
    }
}

fn key() -> TokenKey {
    TokenKey::of(&["https://api.example.com/", "id", "secret", "read"])
}

/// A store that does to every question what `answer` says.
struct Broken(fn() -> StoreFuture<'static, ()>);

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Broken")
    }
}

impl Broken {
    fn answer<T: 'static>(&self) -> StoreFuture<'static, T> {
        let wait = (self.0)();
        Box::pin(async move {
            wait.await?;
            Err(Error::configuration("a store that answers has something to say"))
        })
    }
}

impl TokenStore for Broken {
    fn get<'a>(&'a self, _: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.answer()
    }

    fn put<'a>(&'a self, _: &'a TokenKey, _: StoredToken) -> StoreFuture<'a, ()> {
        self.answer()
    }

    fn lease<'a>(&'a self, _: &'a TokenKey, _: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.answer()
    }

    fn release<'a>(&'a self, _: &'a TokenKey, _: Lease) -> StoreFuture<'a, ()> {
        self.answer()
    }

    fn remove_if<'a>(&'a self, _: &'a TokenKey, _: &'a Secret) -> StoreFuture<'a, bool> {
        self.answer()
    }
}

/// A store that keeps what it has.
#[derive(Debug)]
struct Stubborn(MemoryTokenStore);

impl TokenStore for Stubborn {
    fn get<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.0.get(key)
    }

    fn put<'a>(&'a self, key: &'a TokenKey, token: StoredToken) -> StoreFuture<'a, ()> {
        self.0.put(key, token)
    }

    fn lease<'a>(&'a self, key: &'a TokenKey, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.0.lease(key, duration)
    }

    fn release<'a>(&'a self, key: &'a TokenKey, lease: Lease) -> StoreFuture<'a, ()> {
        self.0.release(key, lease)
    }

    fn remove_if<'a>(&'a self, _: &'a TokenKey, _: &'a Secret) -> StoreFuture<'a, bool> {
        Box::pin(std::future::ready(Err(Error::configuration("read only"))))
    }
}

fn seconds_since(clock: &ManualClock, began: Instant) -> f64 {
    clock.now().duration_since(began).as_secs_f64()
}

#[test]
fn two_clients_are_one_token_request_at_once_and_one_after_the_other() {
    let provider = Provider::new();
    let store = provider.memory();
    let (one, two) = (provider.instance(&store), provider.instance(&store));
    let both = join(one.call().send(), two.call().send());
    let (first, second) = drive(&provider.clock, both);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(provider.token_requests(), 1);

    let three = provider.instance(&store);
    drive(&provider.clock, three.call().send()).unwrap();
    assert_eq!(
        provider.token_requests(),
        1,
        "a client that is made anew takes what is there"
    );
}

#[test]
fn clients_with_other_credentials_share_nothing() {
    let provider = Provider::new();
    let store = provider.memory();
    let (_keep, one) = provider.fetcher(Arc::clone(&store), "secret");
    let (_keep, two) = provider.fetcher(store, "secret2");
    let first = drive(&provider.clock, one.fetch(Replaces::Nothing)).unwrap();
    let second = drive(&provider.clock, two.fetch(Replaces::Nothing)).unwrap();
    assert_ne!(first.access_token.expose(), second.access_token.expose());
    assert_eq!(provider.token_requests(), 2);
}

#[test]
fn a_refused_token_leaves_the_store_and_is_replaced_once_for_all() {
    let provider = Provider::new();
    let store = provider.memory();
    let (one, two) = (provider.instance(&store), provider.instance(&store));
    drive(&provider.clock, one.call().send()).unwrap();
    drive(&provider.clock, two.call().send()).unwrap();
    provider.revoked.store(1, Ordering::Relaxed);
    assert_eq!(drive(&provider.clock, one.call().send()).unwrap().attempts(), 2);
    assert_eq!(drive(&provider.clock, two.call().send()).unwrap().attempts(), 2);
    assert_eq!(
        provider.token_requests(),
        2,
        "the second client takes the first one's new token"
    );
    assert_eq!(now(store.get(&key())).unwrap().access_token.expose(), "t-2");
}

#[test]
fn a_store_that_keeps_a_refused_token_does_not_get_it_used_again() {
    let provider = Provider::new();
    let store: Arc<dyn TokenStore> = Arc::new(Stubborn(MemoryTokenStore::new(provider.clock.shared())));
    let one = provider.instance(&store);
    drive(&provider.clock, one.call().send()).unwrap();
    provider.revoked.store(1, Ordering::Relaxed);
    assert_eq!(drive(&provider.clock, one.call().send()).unwrap().attempts(), 2);
}

#[test]
fn a_token_near_its_end_is_not_worth_taking() {
    let provider = Provider::new();
    let store = provider.memory();
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    provider.clock.advance(Duration::from_secs(594));
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    assert_eq!(provider.token_requests(), 1, "5 s are left");
    provider.clock.advance(Duration::from_secs(1));
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    assert_eq!(provider.token_requests(), 2);
}

#[test]
fn whoever_has_the_lease_may_die() {
    let provider = Provider::new();
    let store = provider.memory();
    let lease = now(store.lease(&key(), Duration::from_secs(15)));
    assert!(lease.is_some());
    let began = provider.clock.now();
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    let waited = seconds_since(&provider.clock, began);
    assert!(
        (5.0..7.0).contains(&waited),
        "a third of a fetch's time, then its own: {waited}"
    );
    assert_eq!(provider.token_requests(), 1);
    assert!(now(store.get(&key())).is_some(), "and it is there for the others");
}

#[test]
fn a_client_that_goes_away_during_its_fetch_does_not_stop_the_others() {
    let provider = Provider::new();
    let store = provider.memory();
    let gone = provider.instance(&store);
    assert!(gone.call().send().now_or_never().is_none());
    drop(gone);
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    assert_eq!(provider.token_requests(), 2);
}

#[test]
fn a_store_that_fails_is_left_out() {
    let provider = Provider::new();
    let store: Arc<dyn TokenStore> = Arc::new(Broken(|| {
        Box::pin(std::future::ready(Err(Error::configuration("no store"))))
    }));
    let began = provider.clock.now();
    let one = provider.instance(&store);
    drive(&provider.clock, one.call().send()).unwrap();
    assert_eq!(
        seconds_since(&provider.clock, began),
        1.0,
        "the token request alone"
    );
    provider.revoked.store(1, Ordering::Relaxed);
    assert_eq!(drive(&provider.clock, one.call().send()).unwrap().attempts(), 2);
}

#[test]
fn a_store_that_hangs_is_left_out_too() {
    let provider = Provider::new();
    let store: Arc<dyn TokenStore> = Arc::new(Broken(|| Box::pin(std::future::pending())));
    let began = provider.clock.now();
    drive(&provider.clock, provider.instance(&store).call().send()).unwrap();
    let waited = seconds_since(&provider.clock, began);
    assert!(waited <= 5.0, "{waited}");
    assert_eq!(provider.token_requests(), 1);
}
