//! Certificates that must not be accepted, made on the fly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, version};
use verikit_core::transport::{BundledTransport, SharedTransport};
use verikit_core::{Client, Delivery, Realm};

use super::server::{BOTH, OK, Server, call, client_with};

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).unwrap()
}

/// A TLS server, and how many requests got through to it.
struct TlsServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    handshakes: Arc<AtomicUsize>,
}

impl TlsServer {
    /// With the certificate that `issuer` signs, or a self-signed one.
    async fn start(params: CertificateParams, issuer: Option<&Authority>) -> Self {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        Self::saying(answer, params, issuer).await
    }

    async fn saying(
        answer: impl Into<String>,
        params: CertificateParams,
        issuer: Option<&Authority>,
    ) -> Self {
        let answer = answer.into();
        let key = KeyPair::generate().unwrap();
        let certificate = match issuer {
            Some(issuer) => params.signed_by(&key, issuer).unwrap(),
            None => params.self_signed(&key).unwrap(),
        };
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&version::TLS12, &version::TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            handshakes: Arc::default(),
        };
        let (requests, handshakes) = (Arc::clone(&server.requests), Arc::clone(&server.handshakes));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                handshakes.fetch_add(1, Ordering::SeqCst);
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut buffer = [0; 4096];
                if stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    requests.fetch_add(1, Ordering::SeqCst);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    let _ = stream.shutdown().await;
                }
            }
        });
        server
    }

    fn realm(&self) -> Realm {
        Realm::builder("example", format!("https://{}", self.address))
            .build()
            .unwrap()
    }
}

fn trusting(authority: &Authority) -> Client {
    let transport = BundledTransport::builder()
        .root_certificate_pem(authority.pem())
        .build()
        .unwrap();
    client_with(|settings| settings.transport(SharedTransport::new(transport)))
}

#[tokio::test]
async fn a_good_certificate_of_an_added_authority_is_accepted() {
    let ours = authority("ours");
    let server = TlsServer::start(params("127.0.0.1"), Some(&ours)).await;
    let client = trusting(&ours);
    for repeat in BOTH {
        let reply = call(&client, &server.realm(), repeat).await.unwrap();
        assert_eq!(reply.attempts(), 1);
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_bad_certificate_is_refused_at_once_and_nothing_is_sent() {
    let ours = authority("ours");
    let theirs = authority("theirs");
    let mut expired = params("127.0.0.1");
    expired.not_before = date_time_ymd(2019, 1, 1);
    expired.not_after = date_time_ymd(2020, 1, 1);
    let mut not_yet = params("127.0.0.1");
    not_yet.not_before = date_time_ymd(3000, 1, 1);
    not_yet.not_after = date_time_ymd(3001, 1, 1);
    let rows = [
        ("expired", expired, Some(&ours)),
        ("not yet valid", not_yet, Some(&ours)),
        ("another address", params("127.0.0.2"), Some(&ours)),
        ("another host", params("api.example.com"), Some(&ours)),
        ("unknown issuer", params("127.0.0.1"), Some(&theirs)),
        ("self-signed", params("127.0.0.1"), None),
    ];
    let client = trusting(&ours);
    for (what, params, issuer) in rows {
        let server = TlsServer::start(params, issuer).await;
        for repeat in BOTH {
            let error = call(&client, &server.realm(), repeat).await.unwrap_err();
            assert!(error.is_tls(), "{what}: {error}");
            assert_eq!(
                (error.delivery(), error.attempts()),
                (Delivery::NotSent, 1),
                "{what}"
            );
            assert!(error.is_safe_to_repeat(), "{what}");
        }
        assert_eq!(
            server.handshakes.load(Ordering::SeqCst),
            2,
            "{what}: no second try"
        );
        assert_eq!(server.requests.load(Ordering::SeqCst), 0, "{what}");
    }
}

#[tokio::test]
async fn a_redirect_to_plain_http_is_not_followed() {
    let ours = authority("ours");
    let plain = Server::saying(OK).await;
    for status in [301, 302, 303, 307, 308] {
        let head = format!(
            "HTTP/1.1 {status} Moved\r\nlocation: http://{}/checks",
            plain.address
        );
        let answer = format!("{head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let server = TlsServer::saying(answer, params("127.0.0.1"), Some(&ours)).await;
        for repeat in BOTH {
            let error = call(&trusting(&ours), &server.realm(), repeat).await.unwrap_err();
            assert!(error.is_redirect(), "{status}: {error}");
        }
        assert_eq!(server.requests.load(Ordering::SeqCst), 2, "{status}");
    }
    assert_eq!(plain.connections(), 0);
}

#[tokio::test]
async fn an_authority_that_was_not_added_is_not_trusted() {
    let ours = authority("ours");
    let server = TlsServer::start(params("127.0.0.1"), Some(&ours)).await;
    let error = call(&client_with(|settings| settings), &server.realm(), BOTH[1])
        .await
        .unwrap_err();
    assert!(error.is_tls(), "{error}");
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_handshake_that_is_cut_or_no_handshake_is_repeated_for_nothing_was_sent() {
    let cut = Server::start(|connection| async move { connection.reset() }).await;
    let plain = Server::start(|mut connection| async move {
        connection.write("HTTP/1.1 400 Bad Request\r\n\r\n").await;
        connection.hang().await;
    })
    .await;
    let ours = authority("ours");
    let client = trusting(&ours);
    for server in [cut, plain] {
        let realm = Realm::builder("example", format!("https://{}", server.address))
            .build()
            .unwrap();
        for repeat in BOTH {
            let error = call(&client, &realm, repeat).await.unwrap_err();
            assert!(error.is_connect(), "{error}");
            assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 3));
        }
        assert_eq!((server.connections(), server.arrivals()), (6, 0));
    }
}
