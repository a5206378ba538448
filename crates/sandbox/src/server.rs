//! The emulated hosts' sockets. The accept loop is written out because a script must be able to close
//! a connection after the request was carried out, which a router cannot.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::header::DATE;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::calls::{Calls, RecordedCall, Verdict};
use crate::clock::{self, SandboxClock};
use crate::sandbox::SandboxError;
use crate::script::{Act, Scripts};

/// What is read of a request that a script answers without carrying it out.
const DRAINED: usize = 1 << 20;
/// The wait before the next try when the machine has no socket left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A bound port and the URL that leads to it.
#[derive(Debug)]
pub(crate) struct Port {
    listener: TcpListener,
    pub(crate) url: Url,
}

impl Port {
    pub(crate) async fn bind(host: IpAddr, port: u16) -> Result<Self, SandboxError> {
        let wanted = SocketAddr::new(host, port);
        let failed = |source| SandboxError::Bind {
            address: wanted,
            source,
        };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let mut address = listener.local_addr().map_err(failed)?;
        // "All addresses" is no address that a client can call.
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
                IpAddr::V6(_) => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            });
        }
        let url = Url::parse(&format!("http://{address}/"))
            .map_err(|source| SandboxError::Address { address, source })?;
        Ok(Self { listener, url })
    }
}

/// One emulated host.
#[derive(Debug)]
pub(crate) struct Host {
    /// The real host's name.
    pub(crate) name: &'static str,
    pub(crate) router: Router,
    pub(crate) clock: SandboxClock,
    /// The control host leaves its own calls out of the log.
    pub(crate) calls: Option<Arc<Calls>>,
    pub(crate) scripts: Option<Arc<Scripts>>,
}

/// Ends a connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a script closed the connection")]
struct Closed;

/// Serves until `stop` turns true (then it finishes what is under way) or until the future is dropped
/// (then everything ends at once, as all connections belong to it).
pub(crate) async fn serve(port: Port, host: Host, mut stop: watch::Receiver<bool>) {
    let host = Arc::new(host);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = port.listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&host), stop.clone()));
                }
                Err(_) => clock::pause(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            () = stopped(&mut stop) => break,
        }
    }
    drop(port);
    while connections.join_next().await.is_some() {}
}

/// Waits until the sandbox stops; a sandbox that was dropped has stopped too.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn connection(stream: TcpStream, host: Arc<Host>, mut stop: watch::Receiver<bool>) {
    // Answers are small and wait for nothing: without this each costs up to 40 ms.
    let _ = stream.set_nodelay(true);
    let for_calls = stop.clone();
    let service = service_fn(move |request| handle(Arc::clone(&host), request, for_calls.clone()));
    let mut served = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = served.as_mut() => return,
        () = stopped(&mut stop) => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

async fn handle(
    host: Arc<Host>,
    request: Request<Incoming>,
    mut stop: watch::Receiver<bool>,
) -> Result<Response<Body>, Closed> {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let script = host
        .scripts
        .as_ref()
        .and_then(|scripts| scripts.take(host.name, &method, &path));

    let (act, verdict) = match script {
        None => {
            let response = process(&host, request).await;
            let verdict = verdict(&response);
            (Act::Answer(response), verdict)
        }
        Some(script) if script.is_processed() => {
            let response = process(&host, request).await;
            (script.into_act(), verdict(&response))
        }
        Some(script) => {
            // Read it, so that the connection can be used again.
            let _ = Limited::new(request.into_body(), DRAINED).collect().await;
            (script.into_act(), "not checked (scripted answer)".into())
        }
    };

    if let Some(calls) = &host.calls {
        let status = match &act {
            Act::Answer(response) => Some(response.status()),
            Act::Close | Act::Silence => None,
        };
        let at = host.clock.now();
        calls.record(RecordedCall {
            at,
            host: host.name,
            method,
            path,
            status,
            authentication: verdict,
        });
    }
    match act {
        Act::Answer(mut response) => {
            // The provider's clock is the sandbox's, also where a client reads it from a header.
            if let Ok(date) = HeaderValue::from_str(&clock::http_date(host.clock.now())) {
                response.headers_mut().entry(DATE).or_insert(date);
            }
            Ok(response)
        }
        Act::Close => Err(Closed),
        Act::Silence => {
            stopped(&mut stop).await;
            Err(Closed)
        }
    }
}

async fn process(host: &Host, request: Request<Incoming>) -> Response<Body> {
    match TowerToHyperService::new(host.router.clone()).call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn verdict(response: &Response<Body>) -> Cow<'static, str> {
    response
        .extensions()
        .get::<Verdict>()
        .map_or(Cow::Borrowed("not checked"), |verdict| verdict.0.clone())
}
