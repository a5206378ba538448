//! What a server without end can make the process hold. One test alone in its process, so that what it
//! measures is its own.
#![cfg(all(feature = "reqwest", feature = "testing"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

use std::future::poll_fn;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_core::Stream as _;
use futures_util::future::join_all;
use verikit_core::{Client, Delivery, Error, Operation, Realm, RetryPolicy, Settings};

const MIB: u64 = 1024 * 1024;

/// The most memory that the process has had, in bytes.
fn peak() -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
    Some(kibibytes.parse::<u64>().unwrap() * 1024)
}

/// What the server begins with, and then says for ever.
fn answer_to(path: &str) -> (&'static str, String) {
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    match path {
        "/chunked" => ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk),
        "/declared" => (
            "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n",
            "x".repeat(0x4000),
        ),
        "/closing" => ("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(0x4000)),
        "/error" => (
            "HTTP/1.1 500 Internal Server Error\r\ntransfer-encoding: chunked\r\n\r\n",
            chunk,
        ),
        "/header" => ("HTTP/1.1 200 OK\r\nx: ", "y".repeat(0x4000)),
        "/headers" => ("HTTP/1.1 200 OK\r\n", "x: y\r\n".repeat(1000)),
        "/extension" => (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
            "y".repeat(0x4000),
        ),
        "/trailers" => (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
            "x: y\r\n".repeat(1000),
        ),
        "/interim" => ("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(400)),
        _ => ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", String::new()),
    }
}

/// Threads of the system serve, for these are cheap to count along: a small stack and what they say.
fn start() -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let written = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&written);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let counter = Arc::clone(&counter);
            std::thread::spawn(move || serve(stream.unwrap(), &counter));
        }
    });
    (address, written)
}

fn serve(mut stream: TcpStream, written: &AtomicU64) -> Option<()> {
    let mut buffer = [0; 2048];
    loop {
        // No request of this test is longer than one read.
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        let request = std::str::from_utf8(&buffer[..count]).unwrap();
        let (head, endless) = answer_to(request.split(' ').nth(1).unwrap());
        stream.write_all(head.as_bytes()).ok()?;
        while !endless.is_empty() {
            stream.write_all(endless.as_bytes()).ok()?;
            written.fetch_add(endless.len() as u64, Ordering::Relaxed);
        }
    }
}

struct Bench {
    client: Client,
    realm: Realm,
}

impl Bench {
    fn get(&self, path: &'static str) -> Operation {
        Operation::get("check.get", &self.realm, path, &[]).unwrap()
    }

    /// A typed call at the limit for JSON as it comes, 1 MiB.
    async fn typed(&self, path: &'static str) -> Error {
        let call = self.client.call(Ok(self.get(path)), |reply| {
            let value: Result<serde_json::Value, _> = serde_json::from_slice(reply.body());
            Ok(value.is_ok())
        });
        // Only what says nothing at all in all that time goes on until the deadline.
        let timeout = if path == "/interim" { 300 } else { 30_000 };
        call.timeout(Duration::from_millis(timeout)).await.unwrap_err()
    }

    /// A file at its limit as it comes, 20 MiB, of which nothing is kept.
    async fn file(&self, path: &'static str) -> (u64, Error) {
        let mut download = match self.client.download(Ok(self.get(path))).await {
            Ok(download) => download,
            Err(error) => return (0, error),
        };
        let mut count = 0;
        loop {
            let chunk = poll_fn(|context| Pin::new(&mut download).poll_next(context)).await;
            match chunk.expect("it has no end") {
                Ok(chunk) => count += chunk.len() as u64,
                Err(error) => return (count, error),
            }
        }
    }
}

#[test]
fn what_has_no_end_grows_the_process_by_less_than_16_mib() {
    let (address, written) = start();
    let settings = Settings::default()
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)));
    let realm = Realm::builder("example", format!("http://{address}")).dangerously_allow_plain_http(true);
    let bench = Bench {
        client: Client::new(settings).unwrap(),
        realm: realm.build().unwrap(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    // What every process needs for its first call is not what is measured.
    runtime
        .block_on(bench.client.call_raw(bench.get("/")).send())
        .unwrap();
    let before = peak();
    let grown = |what: &str| {
        let grown = peak().zip(before).map(|(peak, before)| peak - before);
        if let Some(grown) = grown {
            assert!(grown < 16 * MIB, "{what}: {grown} bytes");
        }
        grown
    };

    runtime.block_on(async {
        for (path, kind) in [
            ("/chunked", Error::is_too_large as fn(&Error) -> bool),
            ("/declared", Error::is_too_large),
            ("/closing", Error::is_too_large),
            ("/header", Error::is_interrupted),
            ("/headers", Error::is_interrupted),
            ("/extension", Error::is_interrupted),
            ("/trailers", Error::is_interrupted),
            ("/interim", Error::is_timeout),
        ] {
            let error = bench.typed(path).await;
            assert!(kind(&error), "{path}: {error}");
            grown(path);
        }
        let error = bench.typed("/error").await;
        assert_eq!(error.status().unwrap(), 500);
        assert_eq!(error.delivery(), Delivery::Unknown);
        grown("/error");
        for (path, read) in [("/chunked", 20 * MIB), ("/closing", 20 * MIB), ("/declared", 0)] {
            let (count, error) = bench.file(path).await;
            assert!(error.is_too_large(), "{path}: {error}");
            assert!(count <= read && count + MIB >= read, "{path}: {count}");
            grown(path);
        }
    });
    let written = written.load(Ordering::Relaxed);
    assert!(written > 50 * MIB, "{written} bytes are too few to mean anything");
    let alone = grown("all of it");

    // Calls at once hold an answer each: what bounds them is the limit times the calls in flight. A buffer
    // that grows doubles, and a connection reads up to half a MiB ahead.
    let errors = runtime.block_on(join_all((0..64).map(|_| bench.typed("/chunked"))));
    assert!(errors.iter().all(Error::is_too_large));
    let at_once = peak().zip(before).map(|(peak, before)| peak - before);
    match alone.zip(at_once) {
        None => say("not measured on this system: what an endless answer grows the process by"),
        Some((alone, at_once)) => {
            assert!(at_once < 64 * 5 * MIB / 2, "{at_once} bytes for 64 at once");
            say(&format!(
                "endless answers grew the process by {} KiB, 64 at once by {} KiB",
                alone / 1024,
                at_once / 1024
            ));
        }
    }
}

/// To where the test runner does not keep it back.
fn say(what: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(what.as_bytes()).unwrap();
    stderr.write_all(b"\n").unwrap();
}
