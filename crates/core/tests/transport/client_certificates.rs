//! Mutual TLS: a server that demands a certificate of its clients.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    CertificateParams, ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256,
    SignatureAlgorithm, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, version};
use verikit_core::transport::{BundledTransport, BundledTransportBuilder, SharedTransport};
use verikit_core::{Client, Delivery, ErrorKind, Realm};

use super::server::{BOTH, call, client_with};
use super::tls::{Authority, authority};

/// A certificate and its key, in PEM.
struct Pem {
    chain: String,
    key: String,
}

fn certified(issuer: &Authority, algorithm: &'static SignatureAlgorithm) -> Pem {
    certified_with(issuer, algorithm, |_| {})
}

fn certified_with(
    issuer: &Authority,
    algorithm: &'static SignatureAlgorithm,
    change: impl FnOnce(&mut CertificateParams),
) -> Pem {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let mut params = CertificateParams::new(vec![String::from("client.example.net")]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    change(&mut params);
    Pem {
        chain: params.signed_by(&key, issuer).unwrap().pem(),
        key: key.serialize_pem(),
    }
}

/// Demands a certificate of an authority.
struct Demanding {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    handshakes: Arc<AtomicUsize>,
}

impl Demanding {
    async fn start(
        servers: &Authority,
        clients: &Authority,
        protocol: &'static SupportedProtocolVersion,
    ) -> Self {
        Self::speaking(HTTP_1, servers, clients, protocol).await
    }

    /// Agrees on an application protocol. Of the handshakes that it refuses, nothing speaks it.
    async fn speaking(
        application_protocol: &[u8],
        servers: &Authority,
        clients: &Authority,
        protocol: &'static SupportedProtocolVersion,
    ) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(clients.der().to_vec())).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![String::from("127.0.0.1")]).unwrap();
        let certificate = params.signed_by(&key, servers).unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[protocol])
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![CertificateDer::from(certificate.der().to_vec())],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = vec![application_protocol.to_vec()];
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
                let mut buffer = [0; 4096];
                match acceptor.accept(stream).into_fallible().await {
                    Ok(mut stream) => {
                        if stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                            requests.fetch_add(1, Ordering::SeqCst);
                            let answer =
                                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                            stream.write_all(answer.as_bytes()).await.unwrap();
                            let _ = stream.shutdown().await;
                        }
                    }
                    // What arrived is taken from the socket: closing it over unread bytes resets the
                    // connection, which may swallow the alert.
                    Err((_, mut stream)) => {
                        let _ = stream.shutdown().await;
                        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
                    }
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

const HTTP_1: &[u8] = b"http/1.1";
const HTTP_2: &[u8] = b"h2";
const PROTOCOLS: [&SupportedProtocolVersion; 2] = [&version::TLS12, &version::TLS13];

fn client(
    servers: &Authority,
    set: impl FnOnce(BundledTransportBuilder) -> BundledTransportBuilder,
) -> Client {
    let builder = BundledTransport::builder().root_certificate_pem(servers.pem());
    let transport = set(builder).build().unwrap();
    client_with(|settings| settings.transport(SharedTransport::new(transport)))
}

#[tokio::test]
async fn the_servers_demand_is_met() {
    let (servers, clients) = (authority("servers"), authority("clients"));
    for protocol in PROTOCOLS {
        let server = Demanding::start(&servers, &clients, protocol).await;
        // The vendor's example key is RSA with 2048 bits.
        for algorithm in [&PKCS_RSA_SHA256, &PKCS_ECDSA_P256_SHA256] {
            let pem = certified(&clients, algorithm);
            let both = format!("{}{}", pem.key, pem.chain);
            let in_one = client(&servers, |builder| builder.client_certificate_pem(both));
            let in_two = client(&servers, |builder| {
                builder
                    .client_certificate_pem(pem.chain.trim_end())
                    .client_certificate_pem(pem.key.trim_end())
            });
            for client in [in_one, in_two] {
                let before = server.requests.load(Ordering::SeqCst);
                for repeat in BOTH {
                    let reply = call(&client, &server.realm(), repeat).await.unwrap();
                    assert_eq!((reply.status().as_u16(), reply.attempts()), (200, 1));
                }
                assert_eq!(server.requests.load(Ordering::SeqCst), before + 2);
            }
        }
    }
}

#[tokio::test]
async fn a_client_without_the_right_certificate_is_refused_and_nothing_was_carried_out() {
    let (servers, clients, others) = (authority("servers"), authority("clients"), authority("others"));
    let strange = certified(&others, &PKCS_ECDSA_P256_SHA256);
    let expired = certified_with(&clients, &PKCS_ECDSA_P256_SHA256, |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    });
    let of_a_server = certified_with(&clients, &PKCS_ECDSA_P256_SHA256, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    });
    let forged = certified(&authority("clients"), &PKCS_ECDSA_P256_SHA256);
    let rows = [
        ("none", None),
        ("of another issuer of that name", Some(forged)),
        ("of an unknown issuer", Some(strange)),
        ("expired", Some(expired)),
        ("of a server", Some(of_a_server)),
    ];
    for (what, pem) in rows {
        for (protocol, http) in PROTOCOLS
            .into_iter()
            .flat_map(|tls| [(tls, HTTP_1), (tls, HTTP_2)])
        {
            let server = Demanding::speaking(http, &servers, &clients, protocol).await;
            let client = client(&servers, |builder| match &pem {
                Some(pem) => builder
                    .client_certificate_pem(pem.key.as_str())
                    .client_certificate_pem(pem.chain.as_str()),
                None => builder,
            });
            for repeat in BOTH {
                let error = call(&client, &server.realm(), repeat).await.unwrap_err();
                assert!(error.is_tls(), "{what}, {protocol:?}: {error:#}");
                assert_eq!(
                    (error.delivery(), error.attempts()),
                    (Delivery::NotSent, 1),
                    "{what}, {protocol:?}"
                );
            }
            assert_eq!(
                server.handshakes.load(Ordering::SeqCst),
                2,
                "{what}, {protocol:?}"
            );
            assert_eq!(server.requests.load(Ordering::SeqCst), 0, "{what}, {protocol:?}");
        }
    }
}

#[test]
fn what_is_no_certificate_with_its_key_is_refused_and_not_quoted() {
    let clients = authority("clients");
    let [one, other] = [(); 2].map(|()| certified(&clients, &PKCS_ECDSA_P256_SHA256));
    let secret_line = one.key.lines().nth(1).unwrap();
    let encrypted = one.key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let broken = one.key.replacen(secret_line, &format!("{secret_line}!"), 1);
    let rows: [(&[&str], &str); 7] = [
        (&[""], "needs a PEM private key"),
        (&[&one.key], "needs a PEM private key"),
        (&[&one.chain], "needs a PEM private key"),
        (&["not PEM", secret_line], "needs a PEM private key"),
        (&[&one.chain, &encrypted], "needs a PEM private key"),
        (&[&one.chain, &broken], "needs a PEM private key"),
        (&[&one.chain, &other.key], "is that of another certificate"),
    ];
    for (files, said) in rows {
        let builder = files.iter().fold(BundledTransport::builder(), |builder, pem| {
            builder.client_certificate_pem(*pem)
        });
        let shown = format!("{builder:?} {builder:#?}");
        assert!(shown.contains("client_certificate: true"), "{shown}");
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(said), "{error}");
        let shown = format!("{shown} {error} {error:#} {error:?}");
        for key in [&one.key, &other.key] {
            for line in key.lines().filter(|line| !line.starts_with('-')) {
                assert!(!shown.contains(line), "{shown}");
            }
        }
    }
    let shown = format!("{:?}", BundledTransport::builder());
    assert!(shown.contains("client_certificate: false"), "{shown}");
}
