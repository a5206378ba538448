//! Connections that fail at every point of an exchange: what was billed must be sent once.

use std::time::Duration;

use verikit_core::{Clock as _, Delivery, Repeat, SystemClock};

use super::server::{BOTH, Connection, OK, Server, client, client_with, patient_for};

#[tokio::test]
async fn a_refused_connection_is_repeated_for_nothing_was_sent() {
    let server = Server::saying(OK).await;
    let address = server.address;
    drop(server);
    // The accepting task is gone as soon as the runtime gets to it.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let realm = verikit_core::Realm::builder("example", format!("http://{address}"))
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    for repeat in BOTH {
        let error = super::server::call(&client(), &realm, repeat).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 3));
    }
}

/// A way to lose an answer, and whether the request is complete on the server by then.
type Loss = (&'static str, bool, fn(Connection) -> tokio::task::JoinHandle<()>);

fn losses() -> Vec<Loss> {
    async fn after(mut connection: Connection, answer: &'static str) {
        connection.request().await.unwrap();
        connection.write(answer).await;
    }
    vec![
        ("reset before reading", false, |connection| {
            tokio::spawn(async move { connection.reset() })
        }),
        ("closed before reading", false, |connection| {
            tokio::spawn(async move { drop(connection) })
        }),
        ("reset after processing", true, |mut connection| {
            tokio::spawn(async move {
                connection.request().await.unwrap();
                connection.reset();
            })
        }),
        ("closed after processing", true, |connection| {
            tokio::spawn(after(connection, ""))
        }),
        ("cut head", true, |connection| {
            tokio::spawn(after(connection, "HTTP/1.1 200 OK\r\ncontent-le"))
        }),
        ("cut body", true, |connection| {
            tokio::spawn(after(
                connection,
                "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":",
            ))
        }),
        ("cut chunk", true, |connection| {
            tokio::spawn(after(
                connection,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{\"a\":",
            ))
        }),
        ("no last chunk", true, |connection| {
            tokio::spawn(after(
                connection,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
            ))
        }),
        ("not HTTP", true, |connection| {
            tokio::spawn(after(connection, "SSH-2.0-OpenSSH_9.6\r\n\r\n"))
        }),
    ]
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_a_once_call_arrives_once() {
    for (what, complete, play) in losses() {
        for repeat in BOTH {
            let server = Server::start(move |connection| {
                let playing = play(connection);
                async move { playing.await.unwrap() }
            })
            .await;
            let error = server.call(&client(), repeat).await.unwrap_err();
            assert!(error.is_interrupted(), "{what}, {repeat:?}: {error}");
            assert_eq!(error.delivery(), Delivery::Unknown, "{what}, {repeat:?}");
            let expected = if repeat == Repeat::Once { 1 } else { 3 };
            assert_eq!(error.attempts(), expected, "{what}, {repeat:?}");
            assert_eq!(
                server.connections(),
                usize::try_from(expected).unwrap(),
                "{what}, {repeat:?}"
            );
            if complete {
                assert_eq!(server.arrivals(), server.connections(), "{what}, {repeat:?}");
            }
            let text = format!(
                "{error} {error:#} {error:?} {:?}",
                std::error::Error::source(&error)
            );
            assert!(!text.contains("/checks?"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_safe_call_gets_its_answer_from_the_next_connection() {
    for (what, _, play) in losses() {
        let server = Server::start(move |mut connection| async move {
            if connection.number == 1 {
                play(connection).await.unwrap();
            } else {
                while connection.request().await.is_some() {
                    connection.write(OK).await;
                }
            }
        })
        .await;
        let reply = server.call(&client(), Repeat::Safe).await.expect(what);
        assert_eq!((reply.attempts(), &reply.body()[..]), (2, &b"{}"[..]), "{what}");
    }
}

#[tokio::test]
async fn silence_and_drips_end_at_the_deadline() {
    let silent = Server::start(Connection::hang).await;
    let dripping_body = Server::start(|mut connection| async move {
        connection.request().await.unwrap();
        connection
            .write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
            .await;
        while connection.write("x").await {
            SystemClock.sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let dripping_head = Server::start(|mut connection| async move {
        connection.request().await.unwrap();
        connection.write("HTTP/1.1 200 OK\r\nx: ").await;
        while connection.write("x").await {
            SystemClock.sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    for server in [silent, dripping_body, dripping_head] {
        for repeat in BOTH {
            let began = SystemClock.now();
            let error = server.call(&patient_for(150), repeat).await.unwrap_err();
            let waited = SystemClock.now() - began;
            assert!(error.is_timeout(), "{error}");
            assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1));
            assert!(waited >= Duration::from_millis(150), "{waited:?}");
            assert!(waited < Duration::from_secs(3), "{waited:?}");
        }
        assert_eq!(server.arrivals(), 2);
    }
}

#[tokio::test]
async fn an_attempt_of_a_safe_call_that_hangs_leaves_time_for_another() {
    let server = Server::start(|mut connection| async move {
        connection.request().await.unwrap();
        if connection.number > 1 {
            connection.write(OK).await;
        }
        connection.hang().await;
    })
    .await;
    let client = client_with(|settings| settings.attempt_timeout(Duration::from_millis(100)));
    assert_eq!(server.call(&client, Repeat::Safe).await.unwrap().attempts(), 2);
}

/// Answers the first request of each connection, then does `then` with it.
async fn after_the_first(
    then: impl Fn(Connection) -> tokio::task::JoinHandle<()> + Send + Copy + 'static,
) -> Server {
    Server::start(move |mut connection| async move {
        if connection.request().await.is_some() {
            connection.write(OK).await;
            then(connection).await.unwrap();
        }
    })
    .await
}

#[tokio::test]
async fn a_pooled_connection_that_was_closed_meanwhile_costs_nothing() {
    let server = after_the_first(|connection| tokio::spawn(async move { drop(connection) })).await;
    let client = client();
    for calls in 1..=10 {
        let reply = server.call(&client, Repeat::Once).await.unwrap();
        assert_eq!((reply.attempts(), server.arrivals()), (1, calls));
        // The end of the connection is on its way; a closed one must not be used again.
        SystemClock.sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_pooled_connection_that_dies_under_a_request_is_an_unknown_outcome() {
    let server = after_the_first(|mut connection| {
        tokio::spawn(async move {
            connection.request().await;
            connection.reset();
        })
    })
    .await;
    let client = client();
    server.call(&client, Repeat::Once).await.unwrap();
    let error = server.call(&client, Repeat::Once).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1));
    assert_eq!(
        (server.arrivals(), server.connections()),
        (2, 1),
        "neither we nor the HTTP stack repeat it"
    );

    server.call(&client, Repeat::Once).await.unwrap();
    let reply = server.call(&client, Repeat::Safe).await.unwrap();
    assert_eq!(reply.attempts(), 2, "a safe call goes on over a new connection");
}
