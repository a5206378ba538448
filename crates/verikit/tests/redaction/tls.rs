//! A session over TLS and HTTP/2, so that rustls and h2 have something to say.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use idlayr::transport::{BundledTransport, SharedTransport};
use idlayr::{Client, CompletionCode, TokenKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{WantsServerCert, WebPkiClientVerifier};
use tokio_rustls::rustls::{ConfigBuilder, RootCertStore, ServerConfig};
use verikit_sandbox::Sandbox;

use crate::capture::{Captured, Met};
use crate::sessions::idlayr::{CALLBACK, NUMBER, PHONE_IP, REFERENCE, number, settings};

/// A server on this machine.
pub(crate) struct Tls {
    pub(crate) base_url: String,
    pub(crate) root_certificate: String,
}

/// Answers by method and path, and repeats what it was sent where a provider might.
pub(crate) type Answer = fn(&Request<()>, &str) -> (u16, String);

impl Tls {
    async fn start(answer: Answer) -> Self {
        Self::serve(ServerConfig::builder().with_no_client_auth(), answer).await
    }

    /// Demands this certificate of its clients.
    pub(crate) async fn demanding(client: &CertificateDer<'static>, answer: Answer) -> Self {
        let mut clients = RootCertStore::empty();
        clients.add(client.clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(clients)).build().unwrap();
        Self::serve(
            ServerConfig::builder().with_client_cert_verifier(verifier),
            answer,
        )
        .await
    }

    async fn serve(config: ConfigBuilder<ServerConfig, WantsServerCert>, answer: Answer) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let mut config = config
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let accepted = acceptor.accept(stream).into_fallible();
                tokio::spawn(async move {
                    match accepted.await {
                        Ok(stream) => {
                            let serve = service_fn(move |request| respond(request, answer));
                            // The client closes when it is done.
                            let _ = http2::Builder::new(TokioExecutor::new())
                                .serve_connection(TokioIo::new(stream), serve)
                                .await;
                        }
                        // Closing over unread bytes would reset the connection, which may swallow the alert.
                        Err((_, mut stream)) => {
                            let _ = stream.shutdown().await;
                            while stream.read(&mut [0; 4096]).await.is_ok_and(|count| count > 0) {}
                        }
                    }
                });
            }
        });
        Self {
            base_url: format!("https://localhost:{port}"),
            root_certificate: made.cert.pem(),
        }
    }
}

async fn respond(request: Request<Incoming>, answer: Answer) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    assert_eq!(parts.version, http::Version::HTTP_2);
    assert!(!parts.headers.contains_key("host"), "HTTP/2 has it in :authority");
    let body = body.collect().await.unwrap().to_bytes();
    let head = Request::from_parts(parts, ());
    let (status, text) = answer(&head, std::str::from_utf8(&body).unwrap());
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    Ok(response)
}

const TLS_TOKEN: &str = "t0k3n-0v3r-tls";
const TLS_CODE: &str = "c0d3-0v3r-tls";

pub(crate) async fn over_tls(sandbox: &Sandbox, captured: &Captured) -> Met {
    let (id, secret) = (sandbox.idlayr().client_id(), sandbox.idlayr().client_secret());
    let tls = Tls::start(answer_over_tls).await;
    let transport = BundledTransport::builder().root_certificate_pem(tls.root_certificate.clone());
    captured.show(&transport);
    let transport = transport.build().unwrap();
    captured.show(&transport);
    let builder = Client::builder(id, secret)
        .base_url(&tls.base_url)
        .transport(SharedTransport::new(transport));
    let client = settings(builder, captured).build().unwrap();
    let checks = client.phone_checks();
    let create = checks
        .create(number())
        .reference_id(REFERENCE)
        .callback_url(CALLBACK);
    let check = create.phone_ip(PHONE_IP.parse().unwrap()).await.unwrap();
    captured.show(&check);
    let code = CompletionCode::new(TLS_CODE).unwrap();
    captured.show_failure(checks.complete(&check.check_id, &code).await);
    captured.show_failure(checks.get(&check.check_id).await);
    captured.show(
        &checks
            .list()
            .search(format!("reference_id=={REFERENCE}"))
            .await
            .unwrap(),
    );
    let token = client.tokens().access_token().await.unwrap();
    client
        .tokens()
        .revoke(&token, TokenKind::AccessToken)
        .await
        .unwrap();

    // A certificate that nobody vouches for.
    let stranger = Client::builder(id, secret).base_url(&tls.base_url);
    let stranger = settings(stranger, captured).build().unwrap();
    let error = stranger.phone_checks().create(number()).await.unwrap_err();
    assert!(error.is_tls(), "{error}");
    captured.show_error(&error);
    vec![
        ("token over TLS", TLS_TOKEN.to_owned()),
        ("code over TLS", TLS_CODE.to_owned()),
    ]
}

fn answer_over_tls(request: &Request<()>, body: &str) -> (u16, String) {
    let id = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
    match (request.method().as_str(), request.uri().path()) {
        ("POST", "/oauth2/v1/token") => (
            200,
            format!(r#"{{"access_token":"{TLS_TOKEN}","token_type":"bearer","expires_in":3600}}"#),
        ),
        ("POST", "/phone_check/v0.2/checks") => {
            assert!(body.contains(NUMBER) && body.contains("c4llb4ck"));
            let link = format!(r#"{{"check_url":{{"href":"https://localhost/{id}/redirect"}}}}"#);
            (
                201,
                format!(
                    r#"{{"check_id":"{id}","status":"ACCEPTED","reference_id":"{REFERENCE}","_links":{link}}}"#
                ),
            )
        }
        ("GET", "/phone_check/v0.2/checks") => (200, r#"{"_embedded":{"checks":[]}}"#.to_owned()),
        ("POST", "/oauth2/v1/revoke") => (200, String::new()),
        // Everything else is refused, and what was sent is repeated.
        _ => (
            400,
            format!(r#"{{"title":"{NUMBER}","detail":{}}}"#, serde_json::json!(body)),
        ),
    }
}
