//! A server on loopback with threads of its own, which keeps its connections and counts them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use verikit_core::{Realm, RealmBuilder};

/// Given the path of a request, says what its answer is: the whole of it, head and body.
type Answering = dyn Fn(&str) -> BoxFuture<'static, String> + Send + Sync;

pub(crate) struct Loopback {
    pub(crate) address: SocketAddr,
    counts: Arc<Counts>,
    _runtime: Runtime,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl Loopback {
    pub(crate) fn start(
        answering: impl Fn(&str) -> BoxFuture<'static, String> + Send + Sync + 'static,
    ) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        // The backlog of a plain `TcpListener` would refuse a herd that comes at once.
        let socket = {
            let _inside = runtime.enter();
            tokio::net::TcpSocket::new_v4().unwrap()
        };
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = {
            let _inside = runtime.enter();
            socket.listen(4096).unwrap()
        };
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        runtime.spawn(accept(listener, Arc::clone(&counts), Arc::new(answering)));
        Self {
            address,
            counts,
            _runtime: runtime,
        }
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    pub(crate) fn realm(&self) -> RealmBuilder {
        Realm::builder("example", format!("http://{}", self.address)).dangerously_allow_plain_http(true)
    }
}

/// An answer in JSON.
pub(crate) fn json(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn accept(listener: TcpListener, counts: Arc<Counts>, answering: Arc<Answering>) {
    while let Ok((stream, _)) = listener.accept().await {
        counts.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(serve(stream, Arc::clone(&counts), Arc::clone(&answering)));
    }
}

async fn serve(mut stream: TcpStream, counts: Arc<Counts>, answering: Arc<Answering>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut read = Vec::new();
    loop {
        let length = loop {
            if let Some(length) = complete(&read) {
                break length;
            }
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
            read.extend_from_slice(&buffer[..count]);
        };
        let rest = read.split_off(length);
        let request = String::from_utf8(std::mem::replace(&mut read, rest)).unwrap();
        counts.requests.fetch_add(1, Ordering::SeqCst);
        let answer = answering(request.split(' ').nth(1).unwrap()).await;
        stream.write_all(answer.as_bytes()).await.ok()?;
        let head = answer.split("\r\n\r\n").next().unwrap();
        if head.contains("connection: close") {
            return None;
        }
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
