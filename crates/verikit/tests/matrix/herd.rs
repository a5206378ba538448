//! Many callers at once: one token for all of them, cold and after it was refused.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE};
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use verikit::transport::{Body, SharedTransport, TransportError};

use crate::operations::{Connection, Credential, Opened, Operation, calls, content_type, line_of, signature};
use crate::row::End;

const CALLERS: usize = 1000;

/// A provider in this process.
#[derive(Default)]
struct Provider {
    tokens: AtomicUsize,
    /// The Authorization value that came first.
    first: Mutex<Option<Vec<u8>>>,
    /// How often each Authorization value came with the operation.
    seen: Mutex<HashMap<Vec<u8>, usize>>,
}

impl Provider {
    /// Answers well, once all callers are there; those with the first token get a 401 if
    /// `everybody` is to be refused, with a `Date` that is an hour ahead.
    async fn answer(
        &self,
        operation: Operation,
        request: Request<Bytes>,
        everybody: Option<&Barrier>,
    ) -> Result<Response<Body>, TransportError> {
        let line = line_of(&request);
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
        let is_first = *self.first.lock().unwrap().get_or_insert_with(|| value.clone()) == value;
        *self.seen.lock().unwrap().entry(value).or_default() += 1;
        if is_first && let Some(everybody) = everybody {
            everybody.wait().await;
            let mut response = Response::new(Body::from("{}"));
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response.headers_mut().insert(DATE, an_hour_ahead());
            return Ok(response);
        }
        let mut response = Response::new(Body::from(operation.body));
        *response.status_mut() = StatusCode::from_u16(operation.status).unwrap();
        let content_type = HeaderValue::from_static(content_type(operation.body));
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
            .headers_mut()
            .insert(AUTHORIZATION, signature(operation.body));
        Ok(response)
    }

    fn seen(&self) -> Vec<usize> {
        let mut counts: Vec<usize> = self.seen.lock().unwrap().values().copied().collect();
        counts.sort_unstable();
        counts
    }
}

fn an_hour_ahead() -> HeaderValue {
    let date = jiff::Timestamp::now() + Duration::from_secs(3600);
    let text = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    text.parse().unwrap()
}

/// Plays the operation with all callers at once.
async fn herd(operation: Operation, refusing: bool) -> (Arc<Provider>, Opened) {
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
        let name = format!("{} {}", operation.provider, operation.title());
        assert_eq!(End::from(called.unwrap()), End::Answered, "{name}");
    }
    (provider, opened)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_cold_calls_share_one_credential() {
    for operation in calls() {
        let name = format!("{} {}", operation.provider, operation.title());
        let (provider, opened) = herd(operation, false).await;
        if operation.credential == Credential::Bound {
            assert_eq!(provider.seen().iter().sum::<usize>(), CALLERS, "{name}");
            continue;
        }
        assert_eq!(provider.seen(), [CALLERS], "{name}: one Authorization for all");
        let tokens = usize::from(operation.needs_token());
        assert_eq!(provider.tokens.load(Ordering::SeqCst), tokens, "{name}");
        // Tokens of the same second that the client signs are the same text: they are counted where it signs.
        let signed = (operation.credential == Credential::SelfSigned).then_some(1);
        assert_eq!(opened.tokens_signed(), signed, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_refusals_at_once_are_one_refresh() {
    for operation in calls() {
        let (tokens, signed) = match operation.credential {
            Credential::Token => (2, None),
            Credential::SelfSigned => (0, Some(2)),
            // Nothing is shared that could be refreshed for all.
            Credential::Bound | Credential::Secret => continue,
        };
        let name = format!("{} {}", operation.provider, operation.title());
        let (provider, opened) = herd(operation, true).await;
        assert_eq!(provider.tokens.load(Ordering::SeqCst), tokens, "{name}");
        assert_eq!(opened.tokens_signed(), signed, "{name}");
        assert_eq!(
            provider.seen(),
            [CALLERS, CALLERS],
            "{name}: the old token, then the new one"
        );
    }
}
