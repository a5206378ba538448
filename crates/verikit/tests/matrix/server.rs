//! A server of raw bytes that counts what arrives of one operation and fails it as told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use verikit::{Clock as _, SystemClock};

use crate::operations::{Operation, content_type, signature};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nobody listens.
    Refused,
    /// The connection is reset as soon as it is made: for the client that may be before or after sending.
    ResetAtOnce,
    /// The connection is reset when the request has come, before a byte of it is read.
    ResetBeforeReading,
    /// The same with a connection that was used before and kept.
    ResetPooled,
    /// The request is read; the connection is closed without an answer.
    Closed,
    /// The same with a reset.
    Reset,
    /// The connection is closed in the middle of the head of the answer.
    CutHead,
    /// The same in the body.
    CutBody,
    /// The head comes byte by byte, without end.
    DripHead,
    /// The body does.
    DripBody,
    /// Half of the body, then nothing.
    Stall,
    /// Nothing.
    Silence,
    /// An error, with these further header lines.
    Status(u16, &'static str),
}

impl Fault {
    /// Whether it hits a connection rather than a request.
    fn is_before_reading(self) -> bool {
        matches!(self, Self::Refused | Self::ResetAtOnce | Self::ResetBeforeReading)
    }
}

/// What a server does.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) operation: Operation,
    pub(crate) fault: Fault,
    /// Whether the token request fails in place of the operation.
    pub(crate) at_token: bool,
    /// How many requests fail; those after are answered well.
    pub(crate) times: usize,
    /// Whether each token request gets the same token.
    pub(crate) same_token: bool,
    /// Whether a connection is closed right after each good answer that did not announce it.
    pub(crate) forsakes: bool,
}

#[derive(Default)]
struct Counts {
    calls: AtomicUsize,
    /// Token requests; for an operation without any, the first request, which is the same one sent to warm
    /// up.
    tokens: AtomicUsize,
    failed: AtomicUsize,
    strays: Mutex<Vec<String>>,
}

pub(crate) struct Server {
    address: std::net::SocketAddr,
    counts: Arc<Counts>,
    accepting: JoinHandle<()>,
    /// Keeps the port of a server that is gone from being given to another.
    held: Option<TcpSocket>,
}

impl Server {
    pub(crate) async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let accepting = tokio::spawn(async move {
            // Dropped with this task, which ends the connections.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                stream.set_nodelay(true).unwrap();
                connections.spawn(serve(stream, plan, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            counts,
            accepting,
            held: None,
        }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From here on connections are refused.
    pub(crate) async fn refuse(&mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        // Where a connection of another test was given the port in between, nobody listens there either.
        self.held = socket.bind(self.address).is_ok().then_some(socket);
    }

    /// How often the operation arrived.
    pub(crate) fn calls(&self) -> usize {
        self.counts.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn tokens(&self) -> usize {
        self.counts.tokens.load(Ordering::SeqCst)
    }

    /// What arrived besides; there should be nothing.
    pub(crate) fn strays(&self) -> Vec<String> {
        self.counts.strays.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, plan: Plan, counts: Arc<Counts>) {
    // The operation's connection comes when the client has been warmed up over another.
    let concerned = plan.at_token || counts.tokens.load(Ordering::SeqCst) > 0;
    let resets = matches!(plan.fault, Fault::ResetAtOnce | Fault::ResetBeforeReading);
    if resets && concerned {
        let counter = if plan.at_token {
            &counts.tokens
        } else {
            &counts.calls
        };
        if counts.failed.fetch_add(1, Ordering::SeqCst) < plan.times {
            if plan.fault == Fault::ResetBeforeReading {
                came(&stream).await;
            }
            counter.fetch_add(1, Ordering::SeqCst);
            stream.set_zero_linger().unwrap();
            return;
        }
    }
    let mut read = Vec::new();
    loop {
        if plan.fault == Fault::ResetPooled
            && counts.tokens.load(Ordering::SeqCst) > 0
            && counts.failed.fetch_add(1, Ordering::SeqCst) < plan.times
        {
            came(&stream).await;
            counts.calls.fetch_add(1, Ordering::SeqCst);
            stream.set_zero_linger().unwrap();
            return;
        }
        let Some(line) = request(&mut stream, &mut read).await else {
            return;
        };
        let is_token = match plan.operation.token_line {
            Some(token_line) => line == token_line,
            None => counts.tokens.load(Ordering::SeqCst) == 0,
        };
        if line != plan.operation.line && Some(line.as_str()) != plan.operation.token_line {
            counts.strays.lock().unwrap().push(line);
            return;
        }
        let counter = if is_token { &counts.tokens } else { &counts.calls };
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        let fails = is_token == plan.at_token
            && !plan.fault.is_before_reading()
            && plan.fault != Fault::ResetPooled
            && counts.failed.fetch_add(1, Ordering::SeqCst) < plan.times;
        let (status, body) = if is_token && plan.operation.token_line.is_some() {
            let number = if plan.same_token { 1 } else { number };
            (
                200,
                format!(r#"{{"access_token":"t-{number}","token_type":"bearer","expires_in":3600}}"#),
            )
        } else {
            (plan.operation.status, plan.operation.body.to_owned())
        };
        if fails {
            if !fail(&mut stream, plan.fault, status, &body).await {
                return;
            }
            continue;
        }
        let last = is_token && plan.fault.is_before_reading();
        let closing = if last { "connection: close\r\n" } else { "" };
        if !answer(&mut stream, status, closing, &body).await || last || plan.forsakes {
            return;
        }
    }
}

/// Waits until something is there to be read, and leaves it there.
async fn came(stream: &TcpStream) {
    assert_eq!(stream.peek(&mut [0]).await.ok(), Some(1), "the request came");
}

/// Fails a request, and says whether the connection goes on.
async fn fail(stream: &mut TcpStream, fault: Fault, status: u16, body: &str) -> bool {
    let longer = body.len() + 100;
    let content_type = content_type(body);
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {longer}\r\n");
    let (half, _) = body.split_at(body.len() / 2);
    match fault {
        Fault::Refused
        | Fault::ResetAtOnce
        | Fault::ResetBeforeReading
        | Fault::ResetPooled
        | Fault::Closed => return false,
        Fault::Reset => stream.set_zero_linger().unwrap(),
        Fault::CutHead => _ = write(stream, &head).await,
        Fault::CutBody => _ = write(stream, &format!("{head}\r\n{body}")).await,
        Fault::DripHead => drip(stream, &format!("{head}x: ")).await,
        Fault::DripBody => drip(stream, &format!("{head}\r\n{half}")).await,
        Fault::Stall => {
            write(stream, &format!("{head}\r\n{half}")).await;
            silence(stream).await;
        }
        Fault::Silence => silence(stream).await,
        Fault::Status(status, headers) => return answer(stream, status, headers, "{}").await,
    }
    false
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &str, body: &str) -> bool {
    let length = body.len();
    let content_type = content_type(body);
    let signature = signature(body);
    let text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         authorization: {}\r\n{headers}\r\n{body}",
        signature.to_str().unwrap()
    );
    write(stream, &text).await
}

async fn write(stream: &mut TcpStream, text: &str) -> bool {
    stream.write_all(text.as_bytes()).await.is_ok()
}

async fn drip(stream: &mut TcpStream, beginning: &str) {
    let mut goes_on = write(stream, beginning).await;
    while goes_on {
        SystemClock.sleep(Duration::from_millis(5)).await;
        goes_on = write(stream, "x").await;
    }
}

/// Until the client goes away.
async fn silence(stream: &mut TcpStream) {
    let mut buffer = [0; 64];
    while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
}

/// Reads a whole request and gives its method and path, unless the client closes the connection.
async fn request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some((line, length)) = complete(read) {
            read.drain(..length);
            return Some(line);
        }
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(&buffer[..count]);
    }
}

fn complete(read: &[u8]) -> Option<(String, usize)> {
    let head = read.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&read[..head]).unwrap();
    let body = text
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length:")?
                .trim()
                .parse()
                .ok()
        })
        .unwrap_or(0);
    let line = text.lines().next()?.strip_suffix(" HTTP/1.1")?;
    (read.len() >= head + body).then(|| (line.to_owned(), head + body))
}
