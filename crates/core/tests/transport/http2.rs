//! What an HTTP/2 server says of a request that it did not process, and what sounds like it. Played frame by
//! frame (RFC 9113), since no server library refuses streams on demand.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;
use verikit_core::transport::{BundledTransport, SharedTransport};
use verikit_core::{Attempt, Client, Delivery, ErrorKind, Observer, Realm, Repeat};

use super::server::{BOTH, call, client_with};
use super::tls::{Authority, authority};

/// What the server does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reaction {
    /// 200, without a body.
    Answers,
    /// `RST_STREAM` with this code.
    Resets(u8),
    /// `GOAWAY` with this code, after which it ends the connection. It names this request as processed, or
    /// none.
    SaysGoodbye { code: u8, took_it: bool },
}

const NO_ERROR: u8 = 0;
const INTERNAL_ERROR: u8 = 2;
const REFUSED_STREAM: u8 = 7;
const CANCEL: u8 = 8;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

struct Http2Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Http2Server {
    /// Reacts to each request in turn, over all connections; then answers.
    async fn start(issuer: &Authority, reactions: &[Reaction]) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![String::from("127.0.0.1")]).unwrap();
        let certificate = params.signed_by(&key, issuer).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate.der().to_vec())],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<AtomicUsize>::default();
        let (counted, reactions) = (Arc::clone(&requests), Arc::<[Reaction]>::from(reactions));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                let reactions = Arc::clone(&reactions);
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let _ = serve(stream, &counted, &reactions).await;
                    }
                });
            }
        });
        Self { address, requests }
    }

    fn realm(&self) -> Realm {
        Realm::builder("example", format!("https://{}", self.address))
            .build()
            .unwrap()
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn frame(kind: u8, flags: u8, stream: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, flags], stream.as_slice(), payload].concat()
}

async fn serve(
    mut stream: TlsStream<TcpStream>,
    counted: &AtomicUsize,
    reactions: &[Reaction],
) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 24]).await?;
    stream.write_all(&frame(SETTINGS, 0, [0; 4], &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream
            .read_exact(&mut vec![0; usize::try_from(length).unwrap()])
            .await?;
        let id = [head[5], head[6], head[7], head[8]];
        match (head[3], head[4]) {
            (SETTINGS, 0) => stream.write_all(&frame(SETTINGS, 1, [0; 4], &[])).await?,
            (HEADERS, _) => {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                match reactions.get(number).copied().unwrap_or(Reaction::Answers) {
                    Reaction::Answers => {
                        // 0x88 is `:status: 200`; the stream and the headers end with it.
                        stream.write_all(&frame(HEADERS, 5, id, &[0x88])).await?;
                    }
                    Reaction::Resets(code) => {
                        stream
                            .write_all(&frame(RST_STREAM, 0, id, &[0, 0, 0, code]))
                            .await?;
                    }
                    Reaction::SaysGoodbye { code, took_it } => {
                        let last = if took_it { id } else { [0; 4] };
                        let payload = [last, [0, 0, 0, code]].concat();
                        stream.write_all(&frame(GOAWAY, 0, [0; 4], &payload)).await?;
                        return stream.shutdown().await;
                    }
                }
            }
            (DATA | SETTINGS, _) | (4.., _) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Hears of every attempt.
#[derive(Default)]
struct Heard(Mutex<Vec<(Option<ErrorKind>, Option<Delivery>)>>);

impl Observer for Heard {
    fn attempt(&self, attempt: &Attempt) {
        self.0.lock().unwrap().push((attempt.error, attempt.delivery));
    }
}

fn client(issuer: &Authority, heard: &Arc<Heard>) -> Client {
    let builder = BundledTransport::builder().root_certificate_pem(issuer.pem());
    let transport = SharedTransport::new(builder.build().unwrap());
    let observer: Arc<dyn Observer> = Arc::clone(heard) as Arc<dyn Observer>;
    client_with(|settings| settings.transport(transport).observer(observer))
}

/// The repeat is counted and heard of like every other, of a call too that is sent once.
#[tokio::test]
async fn a_request_that_was_not_processed_is_sent_again() {
    let issuer = authority("issuer");
    for reaction in [
        Reaction::Resets(REFUSED_STREAM),
        Reaction::SaysGoodbye {
            code: NO_ERROR,
            took_it: false,
        },
    ] {
        for repeat in BOTH {
            let server = Http2Server::start(&issuer, &[reaction]).await;
            let heard = Arc::<Heard>::default();
            let reply = call(&client(&issuer, &heard), &server.realm(), repeat)
                .await
                .unwrap();
            assert_eq!(
                (reply.status().as_u16(), reply.attempts()),
                (200, 2),
                "{reaction:?}"
            );
            assert_eq!(server.requests(), 2, "{reaction:?}");
            assert_eq!(
                *heard.0.lock().unwrap(),
                [
                    (Some(ErrorKind::Interrupted), Some(Delivery::Refused)),
                    (None, None)
                ],
                "{reaction:?}"
            );
        }
    }
}

/// However often it is refused, it is not sent more often than the policy says.
#[tokio::test]
async fn a_server_that_refuses_every_stream_gets_three_and_carries_out_none() {
    let issuer = authority("issuer");
    let server = Http2Server::start(&issuer, &[Reaction::Resets(REFUSED_STREAM); 100]).await;
    let heard = Arc::default();
    let error = call(&client(&issuer, &heard), &server.realm(), Repeat::Once)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Interrupted, Delivery::Refused, 3)
    );
    assert!(error.is_safe_to_repeat());
    assert_eq!(server.requests(), 3);
}

/// Other ends of a stream prove nothing: a call that is sent once is not sent again.
#[tokio::test]
async fn other_ends_may_have_been_processed() {
    let issuer = authority("issuer");
    for reaction in [
        Reaction::Resets(CANCEL),
        Reaction::Resets(INTERNAL_ERROR),
        Reaction::Resets(NO_ERROR),
        Reaction::SaysGoodbye {
            code: NO_ERROR,
            took_it: true,
        },
        Reaction::SaysGoodbye {
            code: INTERNAL_ERROR,
            took_it: true,
        },
    ] {
        let server = Http2Server::start(&issuer, &[reaction]).await;
        let heard = Arc::default();
        let client = client(&issuer, &heard);
        let error = call(&client, &server.realm(), Repeat::Once).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::Interrupted, Delivery::Unknown, 1),
            "{reaction:?}: {error:#}"
        );
        assert_eq!(server.requests(), 1, "{reaction:?}");
        let reply = call(&client, &server.realm(), Repeat::Safe).await.unwrap();
        assert_eq!(reply.status(), 200, "{reaction:?}");
    }
}
