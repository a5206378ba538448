//! Session tokens for the SDKs (contract caf, 2.3).

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::request_id::RequestId;
use super::state::State;
use super::token::{self, Caller, Refusal};
use super::{jwt, method_not_allowed};
use crate::authorization;
use crate::calls::Verdict;
use crate::clock::unix_seconds;
use crate::json_answer::json_answer;

/// A session that an SDK was given a token for. `Debug` shows neither the token nor the person.
#[derive(Clone)]
pub struct CafSdkSession {
    token: String,
    client_id: String,
    people_id: Option<String>,
    created_at: SystemTime,
}

impl CafSdkSession {
    /// The session token, which a transaction takes as its `referenceToken`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whose Mobile Key signed the request.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The person that the request's token was bound to.
    #[must_use]
    pub fn people_id(&self) -> Option<&str> {
        self.people_id.as_deref()
    }

    /// When it was created, by the sandbox's clock.
    #[must_use]
    pub fn created_at(&self) -> SystemTime {
        self.created_at
    }
}

impl fmt::Debug for CafSdkSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafSdkSession").finish_non_exhaustive()
    }
}

/// Everything on the SDKs' host.
pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .route("/bff/session-tokens", get(create).head(method_not_allowed))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

async fn create(
    FromState(state): FromState<Arc<State>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
) -> Response {
    let (caller, verdict) = match authenticate(&state, &headers) {
        Ok(known) => known,
        Err(refusal) => return ApiError::unauthorized(refusal).into_response(),
    };
    let Some(token) = session_token(&state, &caller) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let body = json!({ "requestId": request_id, "sessionToken": token });
    let session = CafSdkSession {
        token,
        client_id: caller.key.client_id.clone(),
        people_id: caller.people_id().map(str::to_owned),
        created_at: state.clock.now(),
    };
    state.sdk_sessions().push(session);
    let mut response = json_answer(StatusCode::OK, &body);
    response.extensions_mut().insert(Verdict(verdict.into()));
    response
}

/// Two published pages differ about the header: both of its forms are taken here, and the log says which it
/// was.
fn authenticate(state: &State, headers: &HeaderMap) -> Result<(Caller, &'static str), Refusal> {
    let value = authorization::only(headers)?;
    match value.strip_prefix("Bearer ") {
        Some(token) => Ok((token::check(state, token)?, "JWT ok (Bearer)")),
        None => Ok((token::check(state, value)?, "JWT ok (bare)")),
    }
}

/// The claims of the request, "enriched with a session id". Callers have to take it as it is: the names are
/// ours.
fn session_token(state: &State, caller: &Caller) -> Option<String> {
    let session_id = state.random().uuid();
    let now = unix_seconds(state.clock.now());
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!(caller.key.client_id));
    claims.insert("sessionId".to_owned(), json!(session_id));
    claims.insert("iat".to_owned(), json!(now));
    if let Some(people_id) = caller.people_id() {
        claims.insert("peopleId".to_owned(), json!(people_id));
    }
    jwt::signed(&Value::Object(claims), &caller.key.client_secret)
}
