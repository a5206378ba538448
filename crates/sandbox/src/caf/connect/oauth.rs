//! `POST /oauth2/token`: access tokens for client credentials (contract caf, 6.1). 400 and 401 are
//! documented, their bodies are not; these have `error` besides, as RFC 6749, 5.2, asks for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Extension;
use axum::Router;
use axum::extract::State as FromState;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use crate::caf::method_not_allowed;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;
use crate::calls::Verdict;
use crate::json_answer::json_answer;
use crate::lock::lock;
use crate::media_type::has_content_type;

/// The access tokens and when they expire.
pub(in crate::caf) struct Tokens {
    lifetime: Duration,
    issued: Mutex<HashMap<String, SystemTime>>,
}

impl Tokens {
    pub(in crate::caf) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            issued: Mutex::default(),
        }
    }

    fn issue(&self, token: String, now: SystemTime) {
        let expires = now.checked_add(self.lifetime).unwrap_or(now);
        lock(&self.issued).insert(token, expires);
    }

    /// The refusal is for the log of calls.
    pub(super) fn check(&self, token: &str, now: SystemTime) -> Result<(), &'static str> {
        match lock(&self.issued).get(token) {
            Some(expires) if now < *expires => Ok(()),
            Some(_) => Err("expired access token"),
            None => Err("unknown access token"),
        }
    }

    /// No token is valid any more.
    pub(in crate::caf) fn revoke_all(&self) {
        lock(&self.issued).clear();
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("issued", &lock(&self.issued).len())
            .finish_non_exhaustive()
    }
}

pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .route("/oauth2/token", post(token))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

/// Why there is no token: the code of the RFC, in words for the caller, and for the log of calls.
struct Refusal(&'static str, &'static str, &'static str);

impl Refusal {
    fn request(message: &'static str) -> Self {
        Self("invalid_request", message, "not checked")
    }

    fn answer(self, RequestId(id): &RequestId) -> Response {
        let Self(error, message, verdict) = self;
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({ "requestId": id, "message": message, "error": error });
        let mut response = uncached(json_answer(status, &body));
        response.extensions_mut().insert(Verdict(verdict.into()));
        response
    }
}

async fn token(
    FromState(state): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if let Err(refusal) = checked(&state, &headers, body) {
        return refusal.answer(&id);
    }
    let token = {
        let mut random = state.random();
        format!("{}.{}.{}", random.text(24), random.text(48), random.text(43))
    };
    state.connect_tokens.issue(token.clone(), state.clock.now());
    let body = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": state.connect_tokens.lifetime.as_secs(),
    });
    let mut response = uncached(json_answer(StatusCode::OK, &body));
    response
        .extensions_mut()
        .insert(Verdict("client credentials ok".into()));
    response.into_response()
}

fn checked(state: &State, headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<(), Refusal> {
    let body = body.map_err(|_| Refusal::request("The body is too large."))?;
    if !has_content_type(headers, "application/x-www-form-urlencoded") {
        return Err(Refusal::request(
            "Content-Type must be application/x-www-form-urlencoded.",
        ));
    }
    if headers.contains_key(AUTHORIZATION) {
        // Only the form is documented, and a client must not use two ways at once (RFC 6749, 2.3).
        return Err(Refusal::request("Credentials belong into the body."));
    }
    let mut form = HashMap::new();
    for (name, value) in form_urlencoded::parse(&body) {
        if form.insert(name, value).is_some() {
            return Err(Refusal::request("A parameter occurs more than once."));
        }
    }
    match form.get("grant_type").map(AsRef::as_ref) {
        Some("client_credentials") => {}
        Some(_) => {
            let message = "Only client_credentials is supported.";
            return Err(Refusal("unsupported_grant_type", message, "not checked"));
        }
        None => return Err(Refusal::request("grant_type is missing.")),
    }
    let (Some(client_id), Some(client_secret)) = (form.get("client_id"), form.get("client_secret")) else {
        return Err(Refusal::request("client_id or client_secret is missing."));
    };
    let message = "The client id or the secret is wrong.";
    if *client_id != state.application.client_id {
        return Err(Refusal("invalid_client", message, "unknown client id"));
    }
    if *client_secret != state.application.client_secret {
        return Err(Refusal("invalid_client", message, "wrong client secret"));
    }
    Ok(())
}

/// RFC 6749, section 5.1.
fn uncached(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
