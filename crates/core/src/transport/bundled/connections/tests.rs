use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Instant;

use bytes::Bytes;
use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::super::{BundledTransport, BundledTransportBuilder};
use super::state::{LOOKS, LOOKS_AT_MAKING};
use super::*;
use crate::clock::SystemClock;
use crate::testing::ManualClock;
use crate::transport::{Transport as _, TransportError, TransportErrorKind};

/// So many exchanges hold a connection each.
fn in_use(exchanges: usize) -> State {
    State {
        exchanges,
        connections: exchanges,
        ..State::default()
    }
}

/// One more exchange, which the pool has nothing for.
fn comes(state: &mut State) {
    state.exchanges += 1;
    state.waiting += 1;
}

fn begins(state: &mut State, looks: u32, now: Instant) -> bool {
    state.needs_another(looks, state.reuses, now)
}

#[test]
fn whoever_finds_no_connection_on_its_way_begins_one_at_once() {
    let now = ManualClock::new().now();
    let mut state = State::default();
    for connections in 1..=256 {
        comes(&mut state);
        assert!(begins(&mut state, 0, now));
        assert_eq!((state.connections, state.waiting), (connections, 0));
    }
}

#[test]
fn as_many_wait_as_connections_are_on_their_way() {
    let now = ManualClock::new().now();
    let mut state = in_use(10);
    for _ in 0..3 {
        state.leave(Fate::Kept, now);
    }
    for _ in 0..5 {
        comes(&mut state);
    }
    let began = (0..5).filter(|_| begins(&mut state, 0, now)).count();
    assert_eq!((began, state.waiting, state.connections), (2, 3, 12));
}

#[test]
fn a_connection_that_is_gone_is_not_waited_for() {
    let now = ManualClock::new().now();
    for fate in [Fate::Lost, Fate::Shared] {
        let mut state = in_use(1);
        state.leave(fate, now);
        comes(&mut state);
        assert!(begins(&mut state, 0, now), "{fate:?}");
        assert_eq!(state.connections, 1, "{fate:?}");
    }
}

#[test]
fn connections_that_were_idle_are_not_waited_for_when_the_pool_has_none() {
    let clock = ManualClock::new();
    let mut state = in_use(50);
    for _ in 0..50 {
        state.leave(Fate::Kept, clock.now());
    }
    // The server closed them all.
    clock.advance(Duration::from_secs(2));
    for connections in 1..=50 {
        comes(&mut state);
        assert!(begins(&mut state, 0, clock.now()));
        assert_eq!(state.connections, connections);
    }
}

#[test]
fn a_server_that_closes_without_a_word_is_waited_for_once() {
    let now = ManualClock::new().now();
    let mut state = in_use(1);
    state.leave(Fate::Kept, now);
    comes(&mut state);
    for looks in 0..LOOKS {
        assert!(!begins(&mut state, looks, now));
    }
    assert!(begins(&mut state, LOOKS, now));
    for _ in 0..10 {
        state.leave(Fate::Kept, now);
        comes(&mut state);
        assert!(begins(&mut state, 0, now));
        assert_eq!(state.connections, 1);
    }
    // Connections come back again.
    state.reuses += 1;
    state.leave(Fate::Kept, now);
    comes(&mut state);
    assert!(!begins(&mut state, 0, now));
}

#[test]
fn one_wait_in_vain_says_nothing_where_others_are_served() {
    let now = ManualClock::new().now();
    let mut state = in_use(2);
    state.leave(Fate::Kept, now);
    comes(&mut state);
    let reuses = state.reuses;
    state.reuses += 1;
    assert!(state.needs_another(LOOKS, reuses, now));
    state.leave(Fate::Kept, now);
    comes(&mut state);
    assert!(!begins(&mut state, 0, now));
}

#[test]
fn a_connection_in_the_making_that_its_exchange_has_no_use_for_is_waited_for_longer() {
    let now = ManualClock::new().now();
    let mut state = in_use(1);
    (state.connections, state.spare) = (2, 1);
    comes(&mut state);
    assert!(!begins(&mut state, LOOKS, now));
    assert!(begins(&mut state, LOOKS_AT_MAKING, now));
}

#[test]
fn a_wait_that_is_dropped_and_a_connection_that_is_not_made_leave_nothing_behind() {
    let clock = ManualClock::new();
    let connections = Connections::new(clock.shared(), Duration::from_secs(15), Duration::from_secs(5));
    let url = Url::parse("https://api.example.com/checks").unwrap();
    let first = connections.enter(&url);
    let mut context = Context::from_waker(Waker::noop());
    let exchange = Exchange::of(&first);
    let mut spare = exchange.needs_another().now_or_never().unwrap();
    // The first is served by another connection, so that this one is for whoever comes next.
    spare.becomes_spare();
    first.host.lock().connections += 1;

    let second = connections.enter(&url);
    PLACE.sync_scope(second, || {
        let exchange = Exchange::current().unwrap();
        let mut dropped = Box::pin(exchange.needs_another());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
    });
    let third = connections.enter(&url);
    let exchange = Exchange::of(&third);
    let mut waits = Box::pin(exchange.needs_another());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    assert_eq!(first.host.lock().waiting, 1);

    drop(spare);
    drop(waits.now_or_never().expect("nothing is on its way any more"));
    drop(third);
    drop(first);
    let host = connections.host(&url);
    let state = host.lock();
    assert_eq!((state.exchanges, state.waiting, state.spare), (0, 0, 0));
}

#[test]
fn an_exchange_may_end_before_its_wait_does() {
    let now = ManualClock::new().now();
    let mut state = in_use(1);
    state.leave(Fate::Kept, now);
    comes(&mut state);
    assert!(!begins(&mut state, 0, now));
    // It was served, and is over; its wait belongs to a task of the pool's that was not polled yet.
    state.leave(Fate::Kept, now);
    state.waiting += 1;
    assert!(begins(&mut state, LOOKS_AT_MAKING, now));
}

#[test]
fn a_wait_takes_a_quarter_of_the_time_for_connecting_at_most() {
    let clock = ManualClock::new();
    let connections = Connections::new(clock.shared(), Duration::from_secs(15), LOOK * 8);
    let url = Url::parse("https://api.example.com/checks").unwrap();
    let host = connections.host(&url);
    *host.lock() = State {
        freed: [clock.now()].into(),
        ..in_use(1)
    };
    host.lock().exchanges = 0;
    let place = connections.enter(&url);
    let exchange = Exchange::of(&place);
    let mut waits = Box::pin(exchange.needs_another());
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(waits.as_mut().poll(&mut context).is_pending());
        clock.advance(LOOK);
    }
    assert!(waits.as_mut().poll(&mut context).is_ready());
}

#[test]
fn hosts_are_told_apart_and_forgotten_after_a_while() {
    let clock = ManualClock::new();
    let connections = Connections::new(clock.shared(), Duration::from_secs(15), Duration::from_secs(5));
    let urls = [
        "https://a.example/x",
        "https://a.example:444/x",
        "http://a.example/x",
        "https://b.example/x",
    ];
    let urls = urls.map(|url| Url::parse(url).unwrap());
    let places: Vec<_> = urls.iter().map(|url| connections.enter(url)).collect();
    assert_eq!(connections.hosts.lock().unwrap().len(), urls.len());
    drop(places);
    let again = Url::parse("https://a.example/y?z").unwrap();
    drop(connections.enter(&again));
    assert_eq!(connections.hosts.lock().unwrap().len(), urls.len());

    clock.advance(Duration::from_secs(16));
    let _kept = connections.enter(&again);
    drop(connections.enter(&Url::parse("https://c.example/").unwrap()));
    assert_eq!(connections.hosts.lock().unwrap().len(), 2);
}

#[test]
fn what_an_answer_says_about_its_connection() {
    let rows = [
        (Version::HTTP_11, "", Some(0), true),
        (Version::HTTP_11, "", Some(2), true),
        (Version::HTTP_11, "transfer-encoding: chunked", None, true),
        (Version::HTTP_11, "", None, false),
        (Version::HTTP_11, "connection: close", Some(2), false),
        (Version::HTTP_11, "connection: Foo, Close", Some(2), false),
        (Version::HTTP_11, "connection: keep-alive", Some(2), true),
        (Version::HTTP_10, "", Some(2), false),
        (Version::HTTP_10, "connection: Keep-Alive", Some(2), true),
    ];
    for (version, header, length, kept) in rows {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header.split_once(": ") {
            let name: header::HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        assert_eq!(
            is_kept(version, &headers, length),
            kept,
            "{version:?} {header} {length:?}"
        );
    }
}

/// A server that gives every request but the first `silent` ones this answer. It counts connections and
/// requests.
async fn server(answer: &'static str, silent: usize) -> (SocketAddr, Arc<[AtomicUsize; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counts: Arc<[AtomicUsize; 2]> = Arc::default();
    let shared = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            shared[0].fetch_add(1, Ordering::SeqCst);
            let counts = Arc::clone(&shared);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                // No request of these tests is longer than one read.
                while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    if counts[1].fetch_add(1, Ordering::SeqCst) < silent {
                        continue;
                    }
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    if !KEPT.contains(&answer) {
                        return;
                    }
                }
            });
        }
    });
    (address, counts)
}

/// One whose waits never end unless a connection comes free: this clock stands still.
fn patient() -> (BundledTransport, ManualClock) {
    let clock = ManualClock::new();
    let mut builder: BundledTransportBuilder = BundledTransport::builder().dangerously_allow_plain_http(true);
    builder.clock = clock.shared();
    (builder.build().unwrap(), clock)
}

async fn call(transport: &BundledTransport, address: SocketAddr) -> Result<Bytes, TransportError> {
    let request = http::Request::post(format!("http://{address}/")).body(Bytes::new());
    let response = transport.send(request.unwrap()).await?;
    Ok(response.into_body().read(1024).await.unwrap())
}

/// A wait without end is a failure.
async fn promptly<F: Future>(work: F) -> F::Output {
    match select(pin!(work), SystemClock.sleep(Duration::from_secs(20))).await {
        Either::Left((output, _)) => output,
        Either::Right(_) => panic!("it waits"),
    }
}

/// After these answers the server keeps the connection.
const KEPT: [&str; 2] = [
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lone_caller_uses_one_connection() {
    for answer in KEPT {
        let (address, counts) = server(answer, 0).await;
        let (transport, _) = patient();
        for _ in 0..500 {
            promptly(call(&transport, address)).await.unwrap();
        }
        assert_eq!(counts[0].load(Ordering::SeqCst), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_that_it_closes_is_never_waited_for() {
    for answer in [
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n\r\n{}",
    ] {
        let (address, counts) = server(answer, 0).await;
        let (transport, clock) = patient();
        for _ in 0..20 {
            assert_eq!(promptly(call(&transport, address)).await.unwrap(), "{}");
            assert_eq!(clock.sleeping(), 0, "{answer}");
        }
        assert_eq!(counts[0].load(Ordering::SeqCst), 20);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_were_cut_off_are_not_waited_for() {
    let (address, counts) = server(KEPT[0], 50).await;
    let (transport, clock) = patient();
    let cut: Vec<_> = (0..50)
        .map(|_| {
            let transport = transport.clone();
            tokio::spawn(async move { call(&transport, address).await })
        })
        .collect();
    promptly(async {
        while counts[1].load(Ordering::SeqCst) < 50 {
            SystemClock.sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    for task in cut {
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    assert_eq!(transport.connections.host(&url).lock().connections, 0);
    promptly(call(&transport, address)).await.unwrap();
    assert_eq!((clock.sleeping(), counts[0].load(Ordering::SeqCst)), (0, 51));
}

#[tokio::test]
async fn a_refused_connection_is_not_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (transport, clock) = patient();
    for _ in 0..3 {
        let error = promptly(call(&transport, address)).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect);
    }
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    let host = transport.connections.host(&url);
    let state = host.lock();
    assert_eq!((state.exchanges, state.connections, clock.sleeping()), (0, 0, 0));
}
