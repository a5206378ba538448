//! A server of the customer's, for what the sandbox sends by itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// The customer's server: what it received, and what it answers next (200 when nothing is said).
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) received: mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    sender: mpsc::UnboundedSender<(HeaderMap, Bytes)>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let status = shared.statuses.lock().unwrap().pop_front().unwrap_or(200);
    shared.sender.send((headers, body)).unwrap();
    StatusCode::from_u16(status).unwrap()
}

impl Receiver {
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let statuses = Arc::new(Mutex::new(statuses.iter().copied().collect()));
        let router = Router::new()
            .route("/hook", post(take))
            .with_state(Shared { sender, statuses });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            received,
            server,
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}
