//! What a hostile or broken server can send.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use verikit_core::auth::{Bearer, ClientAuthentication, ClientCredentials, OAuth2Endpoint, TokenCache};
use verikit_core::{Clock as _, Delivery, Operation, Realm, Repeat, Secret, SystemClock};

use super::server::{BOTH, Connection, OK, Server, call, client, client_with, patient_for};

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Server::saying(OK).await;
    let locations = [
        "/elsewhere".to_owned(),
        "/checks".to_owned(),
        format!("http://{}/stolen", elsewhere.address),
        format!("//{}/stolen", elsewhere.address),
        "http://[".to_owned(),
        "javascript:alert(1)".to_owned(),
        String::new(),
    ];
    for status in [301, 302, 303, 307, 308] {
        for location in &locations {
            let head = format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\n");
            let server = Server::saying(format!("{head}content-length: 0\r\n\r\n")).await;
            for repeat in BOTH {
                let error = server.call(&client(), repeat).await.unwrap_err();
                assert!(error.is_redirect(), "{status} {location}: {error}");
                assert_eq!(error.status().unwrap().as_u16(), status);
                assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1));
                assert!(!format!("{error:#} {error:?}").contains("stolen"));
            }
            assert_eq!(server.arrivals(), 2, "{status} {location}");
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_token_request_does_not_follow_redirects_either() {
    let elsewhere = Server::saying(OK).await;
    let stolen = format!("http://{}/stolen", elsewhere.address);
    for status in [301, 302, 303, 307, 308] {
        for location in ["/token", "/elsewhere", &stolen, "http://["] {
            let head = format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\n");
            let server = Server::saying(format!("{head}content-length: 0\r\n\r\n")).await;
            let client = client();
            let realm = || {
                Realm::builder("example", format!("http://{}", server.address))
                    .dangerously_allow_plain_http(true)
            };
            let secret = Secret::new("top-secret");
            let endpoint = OAuth2Endpoint::new(realm(), "id", secret, ClientAuthentication::Body).unwrap();
            let fetcher = ClientCredentials::new(&client, endpoint, "/token", "");
            let bearer = Bearer::new(TokenCache::new(Arc::new(fetcher), Arc::new(SystemClock)));
            let realm = realm().authorize(Arc::new(bearer)).build().unwrap();
            let error = call(&client, &realm, Repeat::Once).await.unwrap_err();
            assert_eq!(error.status().unwrap().as_u16(), status, "{location}: {error}");
            assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
            let requests = server.requests();
            assert_eq!(requests.len(), 1, "{status} {location}");
            assert!(requests[0].starts_with("POST /token "), "{}", requests[0]);
            let shown = format!("{error:#} {error:?}");
            assert!(!shown.contains("stolen") && !shown.contains("top-secret"));
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

type Attack = fn(Connection) -> BoxFuture<'static, ()>;

/// Serves the first connection as `attack` says, and every later one well, with an answer of its own.
async fn attacked(attack: Attack) -> Server {
    Server::start(move |mut connection| async move {
        if connection.number == 1 {
            connection.request().await.unwrap();
            attack(connection).await;
        } else {
            while connection.request().await.is_some() {
                connection
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmine")
                    .await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn malformed_answers_are_typed_errors_and_leave_the_next_call_alone() {
    let attacks: [(&str, Attack); 7] = [
        ("ten thousand headers", |mut connection| {
            async move {
                let flood: String = (0..10_000).map(|number| format!("x-{number}: y\r\n")).collect();
                connection
                    .write(&format!("HTTP/1.1 200 OK\r\n{flood}\r\n{{}}"))
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
        ("a header without end", |mut connection| {
            async move {
                connection.write("HTTP/1.1 200 OK\r\nx: ").await;
                let piece = "y".repeat(64 * 1024);
                while connection.write(&piece).await {}
            }
            .boxed()
        }),
        ("two lengths", |mut connection| {
            async move {
                connection
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 20\r\n\r\n{}")
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
        ("two lengths in one", |mut connection| {
            async move {
                connection
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 2, 20\r\n\r\n{}")
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
        ("a negative length", |mut connection| {
            async move {
                connection
                    .write("HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}")
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
        ("a chunk that is no number", |mut connection| {
            async move {
                connection
                    .write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
        ("a chunk of 2^64 bytes", |mut connection| {
            async move {
                connection
                    .write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\n{}")
                    .await;
                connection.hang().await;
            }
            .boxed()
        }),
    ];
    for (what, attack) in attacks {
        let server = attacked(attack).await;
        let client = client();
        let error = server.call(&client, Repeat::Once).await.unwrap_err();
        assert!(error.is_interrupted(), "{what}: {error}");
        assert_eq!(
            (error.delivery(), error.attempts()),
            (Delivery::Unknown, 1),
            "{what}"
        );
        let reply = server.call(&client, Repeat::Once).await.unwrap();
        assert_eq!(&reply.body()[..], b"mine", "{what}");
    }
}

#[tokio::test]
async fn interim_answers_without_end_do_not_outlast_the_deadline() {
    let server = attacked(|mut connection| {
        async move {
            while connection
                .write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
                .await
            {}
        }
        .boxed()
    })
    .await;
    let client = patient_for(150);
    let began = SystemClock.now();
    let error = server.call(&client, Repeat::Once).await.unwrap_err();
    assert!(error.is_timeout() || error.is_interrupted(), "{error}");
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert!(SystemClock.now() - began < Duration::from_secs(3));
    assert_eq!(
        &server.call(&client, Repeat::Once).await.unwrap().body()[..],
        b"mine"
    );
}

/// Once a request is sent, whatever comes next is its answer: HTTP/1.1 knows no better. What comes before
/// must not be.
#[tokio::test]
async fn an_answer_that_nobody_asked_for_never_reaches_another_call() {
    let second = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nsmuggled";
    for (at_once, rounds) in [(true, 20), (false, 3)] {
        for round in 0..rounds {
            let smuggled = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&smuggled);
            let server = Server::start(move |mut connection| {
                let counter = Arc::clone(&counter);
                async move {
                    while connection.request().await.is_some() {
                        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmine";
                        if at_once {
                            connection.write(&format!("{answer}{second}")).await;
                        } else {
                            connection.write(answer).await;
                            SystemClock.sleep(Duration::from_millis(5)).await;
                            connection.write(second).await;
                        }
                        counter.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
            .await;
            let client = client();
            for call in 1..=5 {
                let reply = server.call(&client, Repeat::Once).await.unwrap();
                assert_eq!(
                    &reply.body()[..],
                    b"mine",
                    "at once: {at_once}, round {round}, call {call}"
                );
                if !at_once {
                    while smuggled.load(Ordering::SeqCst) < call {
                        SystemClock.sleep(Duration::from_millis(1)).await;
                    }
                    SystemClock.sleep(Duration::from_millis(10)).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn the_late_answer_to_a_call_that_has_ended_never_reaches_another() {
    let server = Server::start(|mut connection| async move {
        while let Some(request) = connection.request().await {
            if request.contains("late: yes") {
                SystemClock.sleep(Duration::from_millis(150)).await;
                connection
                    .write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate")
                    .await;
            } else {
                connection.write(OK).await;
            }
        }
    })
    .await;
    let client = client();
    server.call(&client, Repeat::Once).await.unwrap();
    let late = Operation::post("check.create", &server.realm(), "/checks", &[])
        .unwrap()
        .header("late".parse().unwrap(), "yes".parse().unwrap());
    let call = client.call_raw(late).timeout(Duration::from_millis(50));
    assert!(call.await.unwrap_err().is_timeout());
    for _ in 0..20 {
        let reply = server.call(&client, Repeat::Once).await.unwrap();
        assert_eq!(&reply.body()[..], b"{}");
        SystemClock.sleep(Duration::from_millis(10)).await;
    }
}

/// Sends chunks until the client has had enough, and counts the bytes.
async fn endless(head: &'static str) -> (Server, Arc<AtomicUsize>) {
    let written = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&written);
    let server = Server::start(move |mut connection| {
        let counter = Arc::clone(&counter);
        async move {
            connection.request().await.unwrap();
            connection.write(head).await;
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
            while connection.write(&chunk).await {
                counter.fetch_add(4096, Ordering::SeqCst);
            }
        }
    })
    .await;
    (server, written)
}

#[tokio::test]
async fn an_endless_body_stops_at_the_limit_and_its_connection_is_closed() {
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    const DECLARED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n";
    for head in [CHUNKED, DECLARED] {
        let (server, written) = endless(head).await;
        let client = client_with(|settings| settings.json_limit(64 * 1024).file_limit(64 * 1024));
        let error = server.call(&client, Repeat::Once).await.unwrap_err();
        assert!(error.is_too_large(), "{error}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::CarriedOut, 1));

        let image = Operation::get("image.get", &server.realm(), "/image", &[]);
        let error = async { client.download(image).await?.bytes().await };
        assert!(error.await.unwrap_err().is_too_large());

        // Both connections are closed: what was written more than was read is in the sockets' buffers.
        let mut last = 0;
        loop {
            SystemClock.sleep(Duration::from_millis(50)).await;
            let now = written.load(Ordering::SeqCst);
            if now == last {
                break;
            }
            last = now;
        }
        assert!(last < 32 * 1024 * 1024, "{last}");
    }
}

#[tokio::test]
async fn the_body_of_a_refusal_is_read_no_further_than_64_kib() {
    let (server, written) =
        endless("HTTP/1.1 402 Payment Required\r\ntransfer-encoding: chunked\r\n\r\n").await;
    let error = server.call(&patient_for(2000), Repeat::Once).await.unwrap_err();
    let written = written.load(Ordering::SeqCst);
    assert!(written < 16 * 1024 * 1024, "{written}");
    assert_eq!(error.status().unwrap(), 402);
    assert_eq!((error.body().len(), error.delivery()), (2048, Delivery::Refused));
}

#[tokio::test]
async fn an_encoded_answer_is_refused_and_not_unpacked() {
    let bomb = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\u{1f}abc";
    let server = Server::saying(bomb).await;
    let error = server.call(&client(), Repeat::Once).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.delivery(), server.arrivals()), (Delivery::CarriedOut, 1));
}
