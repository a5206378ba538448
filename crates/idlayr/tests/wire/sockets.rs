//! Answers that only a socket can give: too long, endless, cut off.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use idlayr::{Client, Config, Delivery, ErrorKind, RetryPolicy};

use crate::support::{ID, TOKEN_ANSWER, completed, id, number};

/// A server of one connection a request. It answers token requests well, and everything else by `reply`,
/// which writes what it likes; then the connection is closed.
struct Socket {
    address: String,
    calls: Arc<AtomicUsize>,
}

impl Socket {
    fn start(reply: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if read_request(&stream).starts_with("POST /oauth2/v1/token ") {
                    let length = TOKEN_ANSWER.len();
                    let head =
                        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                    stream
                        .write_all(format!("{head}{TOKEN_ANSWER}").as_bytes())
                        .unwrap();
                } else {
                    counted.fetch_add(1, Ordering::SeqCst);
                    // The client may close first; that is the point of some of the tests.
                    let _ = reply(&mut stream);
                }
            }
        });
        Self { address, calls }
    }

    fn saying(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::start(move |stream| stream.write_all(text.as_bytes()))
    }

    fn builder(&self) -> Config {
        Client::builder("client-1", "secret-1")
            .base_url(&self.address)
            .dangerously_allow_plain_http(true)
            .retry(RetryPolicy::default().base(std::time::Duration::ZERO))
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

fn read_request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return head;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    reader.read_exact(&mut vec![0; length]).unwrap();
    head
}

#[tokio::test]
async fn a_declared_length_above_the_limit_ends_the_call_at_once() {
    // One byte above the documented default of 1 MiB, none of which ever comes; the connection stays open.
    let socket = Socket::start(|stream| {
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 1048577\r\n\r\n")?;
        stream.read_exact(&mut [0])
    });
    let error = socket.client().phone_checks().create(number()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert!(!error.is_safe_to_repeat());
    assert_eq!((socket.calls(), error.status().unwrap().as_u16()), (1, 201));
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let socket = Socket::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
        let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
        loop {
            stream.write_all(chunk.as_bytes())?;
        }
    });
    let error = socket.client().phone_checks().get(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.delivery(), Delivery::CarriedOut);
    assert!(error.is_safe_to_repeat(), "it only reads");
    assert_eq!(socket.calls(), 1, "it would be as long again");
}

#[tokio::test]
async fn the_limit_can_be_set_and_is_inclusive() {
    // Longer than the answer to the token request, which the limit holds for as well.
    let body = format!("{}{}", completed(true), " ".repeat(200));
    let length = body.len();
    for (limit, fits) in [(length, true), (length - 1, false)] {
        for head in [
            format!("content-length: {length}\r\n\r\n{body}"),
            format!("transfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
        ] {
            let socket = Socket::saying(format!("HTTP/1.1 200 OK\r\n{head}"));
            let client = socket.builder().json_limit(limit).build().unwrap();
            let answered = client.phone_checks().get(&id()).await;
            match answered {
                Ok(check) => assert!(fits && check.is_match()),
                Err(error) => assert!(!fits && error.is_too_large(), "{error}"),
            }
        }
    }
}

/// Whole JSON that says "match", in an answer that says that more belongs to it.
#[tokio::test]
async fn a_cut_body_is_never_a_result() {
    let body = completed(true);
    let length = body.len();
    for answer in [
        format!("content-length: {}\r\n\r\n{body}", length + 1),
        format!("transfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n"),
        format!("content-length: {length}\r\n\r\n{}", body.split_at(20).0),
        String::from("content-length: 10\r\n\r\n"),
    ] {
        let socket = Socket::saying(format!("HTTP/1.1 200 OK\r\n{answer}"));
        let client = socket.client();
        let error = client.phone_checks().get(&id()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{answer}");
        assert!(error.is_safe_to_repeat());
        assert_eq!((socket.calls(), error.attempts()), (3, 3), "reading is repeated");

        let socket = Socket::saying(format!("HTTP/1.1 201 Created\r\n{answer}"));
        let error = socket.client().phone_checks().create(number()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(socket.calls(), 1, "a create arrives once");
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer_leaves_a_create_unknown() {
    let socket = Socket::start(|_| Ok(()));
    let error = socket.client().phone_checks().create(number()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(!error.is_safe_to_repeat());
    assert!(
        error.to_string().contains("it may have been carried out"),
        "{error}"
    );
    assert_eq!(socket.calls(), 1);
}

#[tokio::test]
async fn what_is_no_http_is_an_error() {
    for answer in ["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 2OO\r\n\r\n", "\0\0\0\0"] {
        let socket = Socket::saying(answer);
        let error = socket.client().phone_checks().create(number()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{answer:?}");
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}

#[tokio::test]
async fn nobody_listening_is_known_not_to_have_been_sent() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let client = Client::builder("client-1", "secret-1")
        .base_url(format!("http://{address}"))
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.phone_checks().create(number()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.is_safe_to_repeat());
    assert!(!error.to_string().contains(ID));
}
