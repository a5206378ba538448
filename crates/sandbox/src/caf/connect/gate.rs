//! What every call of the Connect API passes first: an access token (contract caf, 6.1). Its 401 has no
//! documented body.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::authorization::bearer_token;
use crate::caf::error::ApiError;
use crate::caf::method_not_allowed;
use crate::caf::state::State;
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
    response
        .extensions_mut()
        .insert(Verdict("access token ok".into()));
    response
}

fn authenticate(state: &State, headers: &HeaderMap) -> Result<(), &'static str> {
    let token = bearer_token(headers)?;
    state.connect_tokens.check(token, state.clock.now())
}
