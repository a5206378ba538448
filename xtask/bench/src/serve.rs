//! The loopback server, in a process of its own so that its work is nobody else's CPU time or memory.
//!
//! It is as quick as a server can be without being a lie: hyper, one thread, prepared answers. It reads every
//! request whole and answers 400 to what is not the expected one, so that a case that sends less than it
//! should cannot win.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use crate::{Outcome, proc};

/// The bearer token of both the token endpoint's answer and the cases by hand.
pub(crate) const TOKEN: &str = "bench-access-token-0123456789abcdef0123456789abcdef0123456789abcdef";
pub(crate) const TOKEN_PATH: &str = "/oauth2/v1/token";
pub(crate) const CREATE_PATH: &str = "/phone_check/v0.2/checks";
pub(crate) const CHECK_ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";

/// The create answer as IDlayr's documentation prints it.
pub(crate) const CREATED: &str = r#"{
  "check_id": "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80",
  "status": "ACCEPTED",
  "reference_id": "order-77",
  "charge_amount": 1,
  "charge_currency": "API",
  "created_at": "2024-05-02T09:10:11+00:00",
  "ttl": 120,
  "snapshot_balance": 41,
  "_links": {
    "self": {"href": "https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80"},
    "check_url": {"href": "https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}
  }
}"#;

const TOKEN_ANSWER: &str = r#"{"access_token":"bench-access-token-0123456789abcdef0123456789abcdef0123456789abcdef","token_type":"bearer","expires_in":3600}"#;

/// Room for the 2,000 connections of a cold start: a dropped one would come again a second later, and be
/// measured.
const BACKLOG: u32 = 8192;

/// Connections: open now, and the most that were open at once.
#[derive(Debug, Default)]
struct Connections {
    open: AtomicUsize,
    peak: AtomicUsize,
}

struct Open(Arc<Connections>);

impl Open {
    fn count(connections: &Arc<Connections>) -> Self {
        let open = connections.open.fetch_add(1, Ordering::SeqCst) + 1;
        connections.peak.fetch_max(open, Ordering::SeqCst);
        Self(Arc::clone(connections))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Serves until standard input ends, which it does when whoever started the server is gone.
pub(crate) fn serve() -> Outcome<()> {
    proc::allow_many_files();
    let connections = Arc::new(Connections::default());
    let control = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("cannot listen: {error}"))?;
    let control_address = control.local_addr().map_err(|error| error.to_string())?;
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in control.incoming().flatten() {
            // Whoever asked is gone, and asks again if it matters.
            let _ = tell(stream, &counted);
        }
    });
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| format!("cannot start the server: {error}"))?;
    runtime
        .block_on(accept(&connections, control_address))
        .map_err(|error| format!("the server failed: {error}"))
}

async fn accept(connections: &Arc<Connections>, control: SocketAddr) -> std::io::Result<()> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = socket.listen(BACKLOG)?;
    println!("{} {control}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let open = Open::count(connections);
        tokio::spawn(async move {
            let served = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service_fn(answer))
                .await;
            // The client closes when it is done; how does not matter.
            drop((served, open));
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let scheme = |scheme: &str| {
        head.headers
            .get(AUTHORIZATION)
            .is_some_and(|value| value.as_bytes().starts_with(scheme.as_bytes()))
    };
    let (status, content_type, text) = match (&head.method, head.uri.path()) {
        (&Method::POST, CREATE_PATH) if scheme("Bearer ") && body.starts_with(b"{\"phone_number\":\"") => {
            (StatusCode::CREATED, "application/hal+json", CREATED)
        }
        (&Method::POST, TOKEN_PATH) if scheme("Basic ") => (StatusCode::OK, "application/json", TOKEN_ANSWER),
        _ => (StatusCode::BAD_REQUEST, "application/json", "{}"),
    };
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response)
}

/// Questions, one a line: `peak`, or `reset`, which makes the peak what is open now. The answers are `OPEN
/// PEAK`.
fn tell(mut stream: TcpStream, connections: &Connections) -> std::io::Result<()> {
    for question in BufReader::new(stream.try_clone()?).lines() {
        let open = connections.open.load(Ordering::SeqCst);
        if question? == "reset" {
            connections.peak.store(open, Ordering::SeqCst);
        }
        writeln!(stream, "{open} {}", connections.peak.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) serving: SocketAddr,
    control: SocketAddr,
}

impl Address {
    /// Two socket addresses with a space between them, as the server prints them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (serving, control) = text.trim().split_once(' ')?;
        Some(Self {
            serving: serving.parse().ok()?,
            control: control.parse().ok()?,
        })
    }

    pub(crate) fn text(&self) -> String {
        format!("{} {}", self.serving, self.control)
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.serving)
    }

    /// Begins to count anew, once the connections of whoever came before are closed.
    pub(crate) fn reset_peak(&self) -> Outcome<()> {
        let mut asked = self.questions()?;
        for _ in 0..100_000 {
            if asked("reset")?.0 == 0 {
                return Ok(());
            }
        }
        Err("connections of an earlier measurement stay open".to_owned())
    }

    /// The most connections that were open at once since the reset.
    pub(crate) fn peak(&self) -> Outcome<usize> {
        Ok(self.questions()?("peak")?.1)
    }

    fn questions(&self) -> Outcome<impl FnMut(&str) -> Outcome<(usize, usize)>> {
        let trouble = |error: std::io::Error| format!("the server does not answer: {error}");
        let mut stream = TcpStream::connect(self.control).map_err(trouble)?;
        stream.set_nodelay(true).map_err(trouble)?;
        let mut answers = BufReader::new(stream.try_clone().map_err(trouble)?);
        Ok(move |question: &str| {
            let mut told = String::new();
            writeln!(stream, "{question}").map_err(trouble)?;
            answers.read_line(&mut told).map_err(trouble)?;
            parse_told(&told).ok_or_else(|| format!("the server answers `{}`", told.trim()))
        })
    }
}

fn parse_told(told: &str) -> Option<(usize, usize)> {
    let (open, peak) = told.trim().split_once(' ')?;
    Some((open.parse().ok()?, peak.parse().ok()?))
}

/// A server in a process of its own, which ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: Address,
}

impl Server {
    pub(crate) fn start() -> Outcome<Self> {
        let trouble = |error: std::io::Error| format!("cannot start the server: {error}");
        let program = std::env::current_exe().map_err(trouble)?;
        let mut child = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(trouble)?;
        let mut line = String::new();
        if let Some(printed) = &mut child.stdout {
            BufReader::new(printed).read_line(&mut line).map_err(trouble)?;
        }
        let address = Address::parse(&line).ok_or("the server did not say where it is")?;
        Ok(Self { child, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its standard input is the end of the server.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_the_way_through_a_command_line() {
        let address = Address::parse("127.0.0.1:4001 127.0.0.1:4002\n").unwrap();
        assert_eq!(Address::parse(&address.text()), Some(address.clone()));
        assert_eq!(address.base_url(), "http://127.0.0.1:4001");
        assert_eq!(Address::parse("127.0.0.1:4001"), None);
        assert_eq!(Address::parse(""), None);
    }

    #[test]
    fn the_peak_is_the_most_at_once() {
        let connections = Arc::new(Connections::default());
        let first = Open::count(&connections);
        drop(Open::count(&connections));
        drop(Open::count(&connections));
        assert_eq!(connections.peak.load(Ordering::SeqCst), 2);
        drop(first);
        assert_eq!(connections.open.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn what_the_server_says_of_itself() {
        assert_eq!(parse_told("3 12\n"), Some((3, 12)));
        assert_eq!(parse_told("3"), None);
    }

    #[test]
    fn the_answers_are_what_the_constants_say() {
        assert!(CREATED.contains(CHECK_ID) && TOKEN_ANSWER.contains(TOKEN));
        assert!((450..=700).contains(&CREATED.len()), "{}", CREATED.len());
    }
}
