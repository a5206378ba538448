//! A server of raw bytes that counts what arrives, and a client for it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use verikit_core::{Call, Client, Operation, RawReply, Realm, Repeat, RetryPolicy, Settings};

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// What arrived at a server.
#[derive(Default)]
pub(crate) struct Arrived {
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    arrived: Arc<Arrived>,
    accepting: JoinHandle<()>,
}

/// One connection, and its number from 1.
pub(crate) struct Connection {
    pub(crate) number: usize,
    stream: TcpStream,
    arrived: Arc<Arrived>,
    read: Vec<u8>,
}

impl Server {
    /// Plays `play` on every connection.
    pub(crate) async fn start<F>(play: impl Fn(Connection) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Arrived::default());
        let shared = Arc::clone(&arrived);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(play(Connection {
                    number: shared.connections.fetch_add(1, Ordering::SeqCst) + 1,
                    stream,
                    arrived: Arc::clone(&shared),
                    read: Vec::new(),
                }));
            }
        });
        Self {
            address,
            arrived,
            accepting,
        }
    }

    /// Answers every request with these bytes, and keeps the connection.
    pub(crate) async fn saying(answer: impl Into<String>) -> Self {
        let answer: Arc<str> = answer.into().into();
        Self::start(move |mut connection| {
            let answer = Arc::clone(&answer);
            async move {
                while connection.request().await.is_some() {
                    connection.write(&answer).await;
                }
            }
        })
        .await
    }

    pub(crate) fn connections(&self) -> usize {
        self.arrived.connections.load(Ordering::SeqCst)
    }

    /// The heads and bodies of all complete requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.arrived.requests.lock().unwrap().clone()
    }

    pub(crate) fn arrivals(&self) -> usize {
        self.requests().len()
    }

    pub(crate) fn realm(&self) -> Realm {
        Realm::builder("example", format!("http://{}", self.address))
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap()
    }

    pub(crate) fn call(&self, client: &Client, repeat: Repeat) -> Call<RawReply> {
        call(client, &self.realm(), repeat)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Connection {
    /// Reads a request with its body, unless the client closes the connection.
    pub(crate) async fn request(&mut self) -> Option<String> {
        loop {
            if let Some(length) = complete(&self.read) {
                let rest = self.read.split_off(length);
                let request = String::from_utf8(std::mem::replace(&mut self.read, rest)).unwrap();
                self.arrived.requests.lock().unwrap().push(request.clone());
                return Some(request);
            }
            let mut buffer = [0; 4096];
            let count = self
                .stream
                .read(&mut buffer)
                .await
                .ok()
                .filter(|count| *count > 0)?;
            self.read.extend_from_slice(&buffer[..count]);
        }
    }

    /// Writes, and says whether the client still takes it.
    pub(crate) async fn write(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).await.is_ok()
    }

    /// Closes with a reset instead of an end.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// Says nothing more until the client goes away.
    pub(crate) async fn hang(mut self) {
        while self.request().await.is_some() {}
    }
}

/// The length of the first request, if all of it is there.
fn complete(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&read[..head]).unwrap().to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    (read.len() >= head + length).then_some(head + length)
}

pub(crate) fn client() -> Client {
    client_with(|settings| settings)
}

/// Three attempts like every client, without the waits between them.
pub(crate) fn client_with(change: impl FnOnce(Settings) -> Settings) -> Client {
    let settings = Settings::default()
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)));
    Client::new(change(settings)).unwrap()
}

pub(crate) fn patient_for(milliseconds: u64) -> Client {
    client_with(|settings| settings.timeout(Duration::from_millis(milliseconds)))
}

pub(crate) fn call(client: &Client, realm: &Realm, repeat: Repeat) -> Call<RawReply> {
    let operation = Operation::new(Method::POST, repeat, "check.create", realm, "/checks", &[]).unwrap();
    client.call_raw(operation.json(&serde_json::json!({"a": 1})).unwrap())
}

pub(crate) const BOTH: [Repeat; 2] = [Repeat::Safe, Repeat::Once];
