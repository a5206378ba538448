//! The bundled transport. Only here does the workspace name reqwest; none of its types are public.

mod connections;
mod connector;
mod failure;

use std::fmt;
use std::future::Future as _;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderValue;
use http::header::HOST;
use url::Url;
use zeroize::Zeroizing;

use self::connections::{Connections, Place};
use self::connector::OnNeed;
use self::failure::{classify, is_of_another_key};
use super::{Body, Transport, TransportError, TransportErrorKind};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};

/// HTTP over reqwest and rustls, with the settings that credentials and personal data ask for.
///
/// No redirects, https only, certificates always checked, no cookies, no `Referer`, no decompression,
/// environment proxies ignored. Building one takes about 2 ms and 2 MB: make it once and share it between
/// clients with [`SharedTransport`](super::SharedTransport). It can be built anywhere, and used inside tokio.
///
/// ```
/// use std::time::Duration;
/// use verikit_core::transport::{BundledTransport, SharedTransport};
///
/// let transport = BundledTransport::builder().connect_timeout(Duration::from_secs(2)).build()?;
/// let shared = SharedTransport::new(transport);
/// # let _ = shared;
/// # Ok::<(), verikit_core::Error>(())
/// ```
#[derive(Clone)]
pub struct BundledTransport {
    client: reqwest::Client,
    connections: Arc<Connections>,
}

impl BundledTransport {
    /// Starts with the defaults.
    pub fn builder() -> BundledTransportBuilder {
        BundledTransportBuilder::default()
    }
}

impl fmt::Debug for BundledTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BundledTransport")
    }
}

/// Settings of a [`BundledTransport`].
#[must_use]
pub struct BundledTransportBuilder {
    connect_timeout: Duration,
    pool_idle_timeout: Duration,
    pool_max_idle_per_host: usize,
    plain_http: bool,
    environment_proxy: bool,
    proxy: Option<Url>,
    root_certificates: Vec<Vec<u8>>,
    client_certificate: Vec<Zeroizing<Vec<u8>>>,
    clock: Arc<dyn Clock>,
}

impl Default for BundledTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            // Servers commonly close idle connections after 20 s or more. A request that meets a closing
            // connection is lost without an answer, which for a billed call is the worst of all outcomes: be
            // the first to close.
            pool_idle_timeout: Duration::from_secs(15),
            pool_max_idle_per_host: usize::MAX,
            plain_http: false,
            environment_proxy: false,
            proxy: None,
            root_certificates: Vec::new(),
            client_certificate: Vec::new(),
            clock: Arc::new(SystemClock),
        }
    }
}

impl BundledTransportBuilder {
    /// How long making a connection may take: name resolution, TCP and TLS. Default 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an idle connection is kept. Default 15 s; longer risks requests lost on connections that the
    /// server closes.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = timeout;
        self
    }

    /// How many idle connections are kept for a host. Unlimited by default; the client's cap on calls in
    /// flight bounds them.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Lets requests go over plain http, credentials and all. For tests against a local sandbox, never for a
    /// provider.
    pub fn dangerously_allow_plain_http(mut self, allow: bool) -> Self {
        self.plain_http = allow;
        self
    }

    /// Obeys `HTTPS_PROXY` and its relatives. Off by default: a variable must not be able to reroute identity
    /// checks unnoticed.
    pub fn use_environment_proxy(mut self, allow: bool) -> Self {
        self.environment_proxy = allow;
        self
    }

    /// Sends everything through this proxy.
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Trusts further certificate authorities besides the system's: one or more PEM certificates.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Presents a client certificate (mutual TLS) to servers that ask for one: its private key, not
    /// encrypted, and its chain with the certificate itself first, all in PEM. They may be in one file, or in
    /// several: add each.
    ///
    /// The files are wiped from memory once the transport is built; the TLS library's own copies of the key
    /// are not ours to wipe.
    pub fn client_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate.push(Zeroizing::new(pem.into()));
        self
    }

    /// Builds the transport.
    ///
    /// # Errors
    ///
    /// A configuration error when a certificate or the proxy cannot be used, or the client certificate's key
    /// is that of another certificate.
    pub fn build(self) -> Result<BundledTransport> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .https_only(!self.plain_http)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            // Requests that an HTTP/2 server proved unprocessed come back as such, and the loop repeats them
            // where it counts, logs and bounds every other repeat. With no repeat to come, reqwest keeps no
            // copy of the request either.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            // A busy HTTP/2 connection is never idle: without a ping nothing would notice that it is dead,
            // and every call would go down it.
            .http2_keep_alive_interval(Duration::from_secs(10))
            .http2_keep_alive_timeout(Duration::from_secs(5))
            .tls_backend_rustls()
            .connector_layer(OnNeed);
        let refused = |what: &'static str| {
            move |error: reqwest::Error| Error::configuration(what).with_source(error.without_url())
        };
        if let Some(proxy) = self.proxy {
            builder = builder.proxy(
                reqwest::Proxy::all(proxy.as_str()).map_err(refused("the proxy's address cannot be used"))?,
            );
        } else if !self.environment_proxy {
            builder = builder.no_proxy();
        }
        let mut roots = Vec::new();
        for pem in &self.root_certificates {
            let bundle = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(refused("a root certificate is not PEM"))?;
            if bundle.is_empty() {
                return Err(Error::configuration(
                    "a root certificate file holds no PEM certificate",
                ));
            }
            roots.extend(bundle);
        }
        if !roots.is_empty() {
            builder = builder.tls_certs_merge(roots);
        }
        let has_identity = !self.client_certificate.is_empty();
        if has_identity {
            builder = builder.identity(identity(&self.client_certificate)?);
        }
        let client = builder.build().map_err(|error| {
            refused(if has_identity && is_of_another_key(&error) {
                "the client certificate's private key is that of another certificate"
            } else {
                "the HTTP client cannot be built"
            })(error)
        })?;
        let connections = Arc::new(Connections::new(
            self.clock,
            self.pool_idle_timeout,
            self.connect_timeout,
        ));
        Ok(BundledTransport { client, connections })
    }
}

impl fmt::Debug for BundledTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BundledTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("plain_http", &self.plain_http)
            .field("environment_proxy", &self.environment_proxy)
            .field("proxy", &self.proxy.is_some())
            .field("root_certificates", &self.root_certificates.len())
            .field("client_certificate", &!self.client_certificate.is_empty())
            .finish()
    }
}

impl Transport for BundledTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let url = parse(request.uri())?;
        self.send_to(url, None, request).await
    }
}

impl BundledTransport {
    /// Sends a request that was built from a URL. reqwest takes URLs, and parsing one costs more than reading
    /// the JSON of the answer. `host` is the `Host` of that URL, which the stack would
    /// otherwise make anew for each request.
    pub(super) async fn send_to(
        &self,
        url: Url,
        host: Option<HeaderValue>,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Body>, TransportError> {
        let host = host.filter(|_| is_url_of(&url, request.uri()));
        let mut request = convert(url, request)?;
        let place = self.connections.enter(request.url());
        // HTTP/2 has the host elsewhere.
        if let Some(host) = host.filter(|_| place.speaks_http_1()) {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        let (mut place, response) = place.run(self.client.execute(request)).await;
        match response {
            Ok(response) => {
                let declared = response.content_length();
                if let Some(place) = &mut place {
                    place.answered(response.version(), response.headers(), declared);
                }
                Ok(apart(response, place, declared))
            }
            Err(error) => {
                let error = classify(error);
                if let Some(place) = place
                    .as_mut()
                    .filter(|_| error.kind() == TransportErrorKind::Request)
                {
                    place.was_refused();
                }
                Err(error)
            }
        }
    }
}

/// One of the files may have the key, and another the chain.
fn identity(files: &[Zeroizing<Vec<u8>>]) -> Result<reqwest::Identity> {
    // Large enough from the start: what a growing buffer leaves behind is not wiped.
    let length = files.iter().map(|file| file.len() + 1).sum();
    let mut pem = Zeroizing::new(Vec::with_capacity(length));
    for file in files {
        pem.extend_from_slice(file);
        pem.push(b'\n');
    }
    // The parser's own message could quote the key file: it is dropped on purpose.
    reqwest::Identity::from_pem(&pem).map_err(|_| {
        Error::configuration(
            "the client certificate needs a PEM private key, which is not encrypted, and a PEM certificate",
        )
    })
}

fn parse(uri: &http::Uri) -> Result<Url, TransportError> {
    Url::parse(&uri.to_string())
        .map_err(|error| TransportError::new(TransportErrorKind::Request).with_source(error))
}

/// Whether it is still the request's URL: whatever authorised the request may have changed the URI.
fn is_url_of(url: &Url, uri: &http::Uri) -> bool {
    let same_target = uri
        .path_and_query()
        .is_some_and(|target| target.as_str() == &url[url::Position::BeforePath..url::Position::AfterQuery]);
    let same_authority = uri.authority().is_some_and(|authority| {
        authority.as_str() == &url[url::Position::BeforeHost..url::Position::AfterPort]
    });
    same_target && same_authority && uri.scheme_str() == Some(url.scheme())
}

fn convert(mut url: Url, request: http::Request<Bytes>) -> Result<reqwest::Request, TransportError> {
    let (parts, body) = request.into_parts();
    if !is_url_of(&url, &parts.uri) {
        url = parse(&parts.uri)?;
    }
    let mut converted = reqwest::Request::new(parts.method, url);
    *converted.headers_mut() = parts.headers;
    if !body.is_empty() {
        *converted.body_mut() = Some(body.into());
    }
    Ok(converted)
}

/// Takes the head out of an answer. reqwest's own conversion would box the body once more.
fn apart(
    mut response: reqwest::Response,
    place: Option<Place>,
    declared: Option<u64>,
) -> http::Response<Body> {
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.version_mut() = response.version();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    let chunks = Chunks {
        response,
        missing: declared,
        place,
    };
    head.map(|()| Body::bundled(chunks, declared))
}

pub(super) struct Chunks {
    /// What is left of it is the body.
    response: reqwest::Response,
    /// How many of the declared bytes have not come yet.
    missing: Option<u64>,
    /// Until the body is read to its end.
    place: Option<Place>,
}

impl Chunks {
    fn end(&mut self) {
        if let Some(place) = self.place.take() {
            place.read_to_end();
        }
    }

    fn came(&mut self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.missing = self.missing.map(|missing| missing.saturating_sub(count));
        if self.missing == Some(0) {
            self.end();
        }
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The future of a chunk keeps nothing from one poll to the next: it looks at the body, and no more.
        let chunk = ready!(pin!(self.response.chunk()).poll(context));
        Poll::Ready(match chunk {
            Ok(Some(data)) => {
                self.came(data.len());
                Some(Ok(data))
            }
            Ok(None) => {
                self.end();
                None
            }
            Err(error) => Some(Err(
                TransportError::new(TransportErrorKind::Interrupted).with_source(error.without_url())
            )),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;
    use crate::realm::Realm;

    #[test]
    fn an_operations_url_is_used_only_while_it_is_the_requests_own() {
        let realm = Realm::builder("example", "https://api.example.com/v1")
            .build()
            .unwrap();
        let operation = Operation::get("check.get", &realm, "/checks/{id}", &["a b"])
            .unwrap()
            .query("q", "1");
        let (url, request) = (operation.url(), operation.request().unwrap());
        assert!(is_url_of(&url, request.uri()));
        for changed in [
            "https://api.example.com/v1/checks/other",
            "http://api.example.com/v1/checks/a%20b?q=1",
            "https://api.example.com:444/v1/checks/a%20b?q=1",
            "/v1",
        ] {
            assert!(!is_url_of(&url, &changed.parse().unwrap()), "{changed}");
            let mut request = http::Request::new(Bytes::new());
            *request.uri_mut() = changed.parse().unwrap();
            let sent = convert(url.clone(), request).map(|request| request.url().to_string());
            assert!(sent.is_err() || sent.unwrap() == changed);
        }
    }
}
