//! How the keys are fetched and kept, and what forged callbacks cannot make of that.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::Response;
use idlayr::testing::{ManualClock, Step, drive};
use idlayr::transport::{Body, SharedTransport, TransportError, TransportErrorKind};
use idlayr::{Client, Clock as _, ErrorKind, RetryPolicy};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{FORGED, HOST, KEYS, Sent, Way, World, completed, key_set, published};

fn by_new_key() -> Sent {
    Sent::unsigned(&completed())
        .key("p384-2", "ecdsa-sha384")
        .sign(&KEYS, Way::P384Raw)
}

fn by_unknown_key(number: usize) -> Sent {
    Sent::unsigned(&completed())
        .key(&format!("forged-{number}"), "rsa-sha256")
        .sign(&FORGED, Way::Rsa256)
}

/// The same, signed now: the world's clock began with the year.
fn dated(world: &World, sent: Sent) -> Sent {
    let began = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let passed = world.clock.system_time().duration_since(began).unwrap().as_secs();
    let (hours, minutes, seconds) = (passed / 3600, passed / 60 % 60, passed % 60);
    sent.header(
        "date",
        &format!("Thu, 01 Jan 2026 {hours:02}:{minutes:02}:{seconds:02} GMT"),
    )
}

#[test]
fn a_new_key_is_found_by_one_refetch() {
    let rotated = || key_set(&[KEYS.rsa("rsa-1"), KEYS.p384("p384-2")]);
    let world = World::new([published(), rotated()]);
    world.verify(&Sent::good()).unwrap();
    assert_eq!(world.fetches(), 1);
    world.verify(&by_new_key()).unwrap();
    assert_eq!(world.fetches(), 2);
    for _ in 0..10 {
        world.verify(&by_new_key()).unwrap();
        world.verify(&Sent::good()).unwrap();
    }
    assert_eq!(world.fetches(), 2);
    let withdrawn = Sent::unsigned(&completed())
        .key("p256-1", "ecdsa-sha256")
        .sign(&KEYS, Way::P256Raw);
    assert!(
        world.verify(&withdrawn).unwrap_err().is_signature(),
        "it is not published any more"
    );
}

#[test]
fn an_unknown_key_is_refused_after_exactly_one_refetch() {
    let world = World::new([published(), published()]);
    world.verify(&Sent::good()).unwrap();
    let error = world.verify(&by_unknown_key(0)).unwrap_err();
    assert!(error.is_signature(), "{error}");
    assert_eq!(world.fetches(), 2);
}

#[test]
fn an_unknown_key_is_not_looked_for_in_keys_that_were_just_fetched_for_it() {
    let world = World::new([published()]);
    assert!(world.verify(&by_unknown_key(0)).unwrap_err().is_signature());
    assert_eq!(world.fetches(), 1);
}

#[test]
fn a_flood_of_unknown_keys_causes_one_refetch_in_30_seconds() {
    let world = World::new((0..4).map(|_| published()));
    world.verify(&Sent::good()).unwrap();
    for (round, fetches) in [(0, 2), (1, 3), (2, 4)] {
        for number in 0..200 {
            let forged = dated(
                &world,
                Sent::unsigned(&completed()).key(&format!("{round}-{number}"), "rsa-sha256"),
            );
            assert!(
                world
                    .verify(&forged.sign(&FORGED, Way::P256Raw))
                    .unwrap_err()
                    .is_signature()
            );
        }
        assert_eq!(world.fetches(), fetches, "round {round}");
        world
            .verify(&dated(&world, Sent::good()).sign(&KEYS, Way::Rsa256))
            .unwrap();
        world.clock.advance(Duration::from_millis(29_999));
        let forged = dated(&world, by_unknown_key(round)).sign(&FORGED, Way::Rsa256);
        assert!(world.verify(&forged).unwrap_err().is_signature());
        assert_eq!(
            world.fetches(),
            fetches,
            "round {round}, before its 30 s are over"
        );
        world.clock.advance(Duration::from_millis(1));
    }
    // Meanwhile the platform changes its key: its callback gets through at one of its repeats.
    world.transport.then([key_set(&[KEYS.p384("p384-2")])]);
    let new = dated(&world, by_new_key()).sign(&KEYS, Way::P384Der);
    world.verify(&new).unwrap();
    assert_eq!(world.fetches(), 5);
}

#[test]
fn keys_serve_for_an_hour() {
    let world = World::new([published(), key_set(&[KEYS.p384("p384-2")])]);
    world.verify(&Sent::good()).unwrap();
    world.clock.advance(Duration::from_secs(3599));
    world
        .verify(&dated(&world, Sent::good()).sign(&KEYS, Way::Rsa256))
        .unwrap();
    assert_eq!(world.fetches(), 1);
    world.clock.advance(Duration::from_secs(1));
    let withdrawn = dated(&world, Sent::good()).sign(&KEYS, Way::Rsa256);
    assert!(
        world.verify(&withdrawn).unwrap_err().is_signature(),
        "a key that was withdrawn"
    );
    assert_eq!(
        world.fetches(),
        2,
        "the fetch for the hour is the refetch for the key"
    );
}

#[test]
fn keys_that_cannot_be_had_are_no_verdict() {
    let fail = || Step::Fail(TransportErrorKind::Connect);
    let world = World::new([fail(), fail(), fail(), published()]);
    let error = world.verify(&Sent::good()).unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Connect, "jwks.get")
    );
    assert_eq!(world.fetches(), 3, "a read is repeated as any other");
    assert_eq!(
        world.verify(&Sent::good()).unwrap_err().kind(),
        ErrorKind::Connect
    );
    assert_eq!(world.fetches(), 3, "whoever comes at once shares the failure");
    world.clock.advance(Duration::from_secs(1));
    world
        .verify(&dated(&world, Sent::good()).sign(&KEYS, Way::Rsa256))
        .unwrap();
    assert_eq!(world.fetches(), 4);
}

#[test]
fn what_is_no_key_set_is_no_verdict_and_costs_the_kept_keys_nothing() {
    for strange in [
        Step::json(200, "[]"),
        Step::json(200, "{}"),
        Step::json(200, r#"{"keys":{}}"#),
        Step::json(200, r#"[[{"kid":"rsa-1"}]]"#),
        Step::answer(200, "<html>"),
        Step::answer(404, ""),
        Step::answer(302, "").header("location", "https://evil.example/jwks.json"),
    ] {
        let world = World::new([published(), strange.clone()]);
        world.verify(&Sent::good()).unwrap();
        let error = world.verify(&by_new_key()).unwrap_err();
        assert!(!error.is_signature(), "{strange:?}: {error}");
        let error = world.verify(&by_new_key()).unwrap_err();
        assert!(!error.is_signature(), "it is still not known: {error}");
        assert_eq!(world.fetches(), 2, "the failure is guarded too");
        world.verify(&Sent::good()).unwrap();
    }
}

#[test]
fn clones_and_hosts_share_the_keys_and_other_clients_do_not() {
    let world = World::new([published(), published()]);
    world.verify(&Sent::good()).unwrap();
    let other_host = world.client.clone().callbacks("other.example.net").unwrap();
    let sent = Sent::unsigned(&completed())
        .header("host", "other.example.net")
        .sign(&KEYS, Way::Rsa256);
    drive(&world.clock, other_host.verify(&sent.parts(), sent.body.clone())).unwrap();
    assert_eq!(world.fetches(), 1);
    let keys = drive(&world.clock, world.client.signing_keys().send()).unwrap();
    assert_eq!(keys.key_ids().collect::<Vec<_>>(), ["rsa-1", "p256-1", "p384-1"]);
    assert_eq!((keys.len(), world.fetches()), (3, 2), "asked for by hand");
}

/// Answers after a while, and counts.
fn slow(count: &Arc<AtomicUsize>, answer: String) -> SharedTransport {
    let count = Arc::clone(count);
    SharedTransport::new(move |_: http::Request<Bytes>| {
        count.fetch_add(1, Ordering::SeqCst);
        let answer = answer.clone();
        async move {
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            Ok::<_, TransportError>(Response::new(Body::from(answer)))
        }
    })
}

fn client(transport: SharedTransport, clock: &ManualClock) -> Client {
    let builder = Client::builder("client-1", "secret-1")
        .transport(transport)
        .clock(clock.shared());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn a_hundred_at_once_share_one_fetch_and_one_refetch() {
    let count = Arc::new(AtomicUsize::new(0));
    let set = json!({ "keys": [KEYS.rsa("rsa-1")] }).to_string();
    let callbacks = client(slow(&count, set), &ManualClock::new())
        .callbacks(HOST)
        .unwrap();
    for (round, fetches) in [(0, 1), (1, 2), (2, 2)] {
        let mut running = JoinSet::new();
        for number in 0..100 {
            let callbacks = callbacks.clone();
            let sent = if round == 0 {
                Sent::good()
            } else {
                by_unknown_key(number)
            };
            running.spawn(async move { callbacks.verify(&sent.parts(), sent.body.clone()).await });
        }
        for verified in running.join_all().await {
            match verified {
                Ok(_) => assert_eq!(round, 0),
                Err(error) => assert!(round > 0 && error.is_signature(), "{error}"),
            }
        }
        assert_eq!(count.load(Ordering::SeqCst), fetches, "round {round}");
    }
}

/// Where there were no keys at all, those that the first one fetches are new to everybody who came with it.
#[tokio::test]
async fn a_hundred_unknown_keys_at_once_and_no_kept_ones_cause_one_fetch() {
    let count = Arc::new(AtomicUsize::new(0));
    let set = json!({ "keys": [KEYS.rsa("rsa-1")] }).to_string();
    let callbacks = client(slow(&count, set), &ManualClock::new())
        .callbacks(HOST)
        .unwrap();
    let mut running = JoinSet::new();
    for number in 0..100 {
        let (callbacks, sent) = (callbacks.clone(), by_unknown_key(number));
        running.spawn(async move { callbacks.verify(&sent.parts(), sent.body.clone()).await });
    }
    for verified in running.join_all().await {
        assert!(verified.unwrap_err().is_signature());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_hundred_at_once_share_one_failure() {
    let count = Arc::new(AtomicUsize::new(0));
    let callbacks = client(slow(&count, "{}".to_owned()), &ManualClock::new())
        .callbacks(HOST)
        .unwrap();
    let mut running = JoinSet::new();
    for _ in 0..100 {
        let (callbacks, sent) = (callbacks.clone(), Sent::good());
        running.spawn(async move { callbacks.verify(&sent.parts(), sent.body.clone()).await });
    }
    for verified in running.join_all().await {
        assert_eq!(verified.unwrap_err().kind(), ErrorKind::Decode);
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

/// Whoever sends a callback may hang up while the keys are fetched for it, and a server then drops its
/// handler.
#[test]
fn a_fetch_that_is_given_up_is_begun_again_by_the_next_and_once_a_second() {
    let count = Arc::new(AtomicUsize::new(0));
    let clock = ManualClock::new();
    let set = json!({ "keys": [KEYS.rsa("rsa-1")] }).to_string();
    let callbacks = client(slow(&count, set), &clock).callbacks(HOST).unwrap();
    let sent = Sent::good();
    let parts = sent.parts();
    let mut context = Context::from_waker(Waker::noop());
    let mut running: Vec<_> = (0..100)
        .map(|_| Box::pin(callbacks.verify(&parts, sent.body.clone())))
        .collect();
    for verification in &mut running {
        assert!(verification.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1, "the others wait for the first");
    // They hang up one after the other, each as soon as it has taken the place of the last one.
    for mut verification in running {
        assert!(verification.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(
        count.load(Ordering::SeqCst),
        1,
        "hanging up at once is not a way to flood the platform"
    );
    let began = clock.now();
    drive(&clock, callbacks.verify(&parts, sent.body.clone())).unwrap();
    assert_eq!(
        (count.load(Ordering::SeqCst), clock.now() - began),
        (2, Duration::from_secs(1)),
        "nor one to keep the keys from whoever comes next"
    );
}

#[test]
fn nobody_waits_for_ever_for_a_fetch_that_nobody_drives() {
    let count = Arc::new(AtomicUsize::new(0));
    let clock = ManualClock::new();
    let callbacks = client(slow(&count, String::new()), &clock)
        .callbacks(HOST)
        .unwrap();
    let mut context = Context::from_waker(Waker::noop());
    let sent = Sent::good();
    let parts = sent.parts();
    let mut first = pin!(callbacks.verify(&parts, sent.body.clone()));
    assert!(first.as_mut().poll(&mut context).is_pending());
    let began = clock.now();
    let error = drive(&clock, callbacks.verify(&parts, sent.body.clone())).unwrap_err();
    assert_eq!(
        (error.kind(), clock.now() - began),
        (ErrorKind::Timeout, Duration::from_secs(30))
    );
}
