//! What every API call passes first: the token.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use super::error::ApiError;
use super::method_not_allowed;
use super::state::State;
use super::token;
use crate::authorization::bearer_token;
use crate::calls::Verdict;

/// Puts the gate before `routes`. Unknown paths and wrong methods are answered without it.
pub(super) fn guarded(routes: Router<Arc<State>>, state: &Arc<State>) -> Router {
    routes
        .route_layer(from_fn_with_state(Arc::clone(state), gate))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

async fn gate(FromState(state): FromState<Arc<State>>, request: Request, next: Next) -> Response {
    if let Err(refusal) = authenticate(&state, request.headers()) {
        return ApiError::unauthorized(refusal).into_response();
    }
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Verdict("JWT ok".into()));
    response
}

fn authenticate(state: &State, headers: &HeaderMap) -> Result<(), token::Refusal> {
    let token = bearer_token(headers)?;
    token::check(token, &state.credential, state.clock.now(), state.settings.leeway)
}
