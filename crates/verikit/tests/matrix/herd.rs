//! Many callers at once: one token for all of them, cold and after it was refused.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use verikit::transport::{Body, SharedTransport, TransportError};

use crate::operations::{Connection, Credential, Operation, calls, content_type};
use crate::row::End;

const CALLERS: usize = 1000;

/// A provider in this process.
#[derive(Default)]
struct Provider {
    tokens: AtomicUsize,
    /// How often each Authorization value came with the operation.
    seen: Mutex<HashMap<Vec<u8>, usize>>,
}

impl Provider {
    /// Answers well, once all callers are there; those with a token that is `refused` get a 401.
    async fn answer(
        &self,
        operation: Operation,
        request: Request<Bytes>,
        everybody: Option<&Barrier>,
    ) -> Result<Response<Body>, TransportError> {
        let line = format!("{} {}", request.method(), request.uri().path());
        if operation.token_line == Some(line.as_str()) {
            let number = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
            // Whoever comes now has to wait for it.
            tokio::task::yield_now().await;
            return Ok(Response::new(Body::from(format!(
                r#"{{"access_token":"t-{number}","token_type":"bearer","expires_in":3600}}"#
            ))));
        }
        let authorization = request.headers().get(AUTHORIZATION);
        let value = authorization.map_or_else(Vec::new, |value| value.as_bytes().to_vec());
        let refused = everybody.is_some() && value.ends_with(b"t-1");
        *self.seen.lock().unwrap().entry(value).or_default() += 1;
        if refused && let Some(everybody) = everybody {
            everybody.wait().await;
            let mut response = Response::new(Body::from("{}"));
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            return Ok(response);
        }
        let mut response = Response::new(Body::from(operation.body));
        *response.status_mut() = StatusCode::from_u16(operation.status).unwrap();
        let content_type = HeaderValue::from_static(content_type(operation.body));
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        Ok(response)
    }

    fn seen(&self) -> Vec<usize> {
        let mut counts: Vec<usize> = self.seen.lock().unwrap().values().copied().collect();
        counts.sort_unstable();
        counts
    }
}

/// Plays the operation with all callers at once.
async fn herd(operation: Operation, refusing: bool) -> Arc<Provider> {
    let provider = Arc::new(Provider::default());
    let serving = Arc::clone(&provider);
    let everybody = refusing.then(|| Arc::new(Barrier::new(CALLERS)));
    let transport = SharedTransport::new(move |request: Request<Bytes>| {
        let (serving, everybody) = (Arc::clone(&serving), everybody.clone());
        async move { serving.answer(operation, request, everybody.as_deref()).await }
    });
    let mut connection = Connection::new("https://api.example.com", transport);
    connection.max_in_flight = Some(CALLERS);
    let opened = operation.open(&connection);
    let mut calling = JoinSet::new();
    for _ in 0..CALLERS {
        calling.spawn(opened.call());
    }
    while let Some(called) = calling.join_next().await {
        let name = format!("{} {}", operation.provider, operation.name);
        assert_eq!(End::from(called.unwrap()), End::Answered, "{name}");
    }
    provider
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_cold_calls_share_one_credential() {
    for operation in calls() {
        let name = format!("{} {}", operation.provider, operation.name);
        let provider = herd(operation, false).await;
        assert_eq!(provider.seen(), [CALLERS], "{name}: one Authorization for all");
        let tokens = usize::from(operation.needs_token());
        assert_eq!(provider.tokens.load(Ordering::SeqCst), tokens, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_refusals_at_once_are_one_refresh() {
    for operation in calls() {
        if operation.credential != Credential::Token {
            continue;
        }
        let name = format!("{} {}", operation.provider, operation.name);
        let provider = herd(operation, true).await;
        assert_eq!(provider.tokens.load(Ordering::SeqCst), 2, "{name}");
        assert_eq!(
            provider.seen(),
            [CALLERS, CALLERS],
            "{name}: the old token, then the new one"
        );
    }
}
