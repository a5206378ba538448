//! What every call of the Core and Global APIs passes first: a token of Trust (contract caf, 4.1 and 7).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use super::error::ApiError;
use super::method_not_allowed;
use super::state::State;
use crate::authorization::bearer_token;
use crate::calls::Verdict;

/// A family of APIs whose tokens are issued in Trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Core,
    Global,
}

/// Puts the gate before `routes`. Unknown paths and wrong methods are answered without it.
pub(super) fn guarded(routes: Router<Arc<State>>, state: &Arc<State>, family: Family) -> Router {
    routes
        .route_layer(from_fn_with_state((Arc::clone(state), family), gate))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

async fn gate(
    FromState((state, family)): FromState<(Arc<State>, Family)>,
    request: Request,
    next: Next,
) -> Response {
    if let Err(refusal) = authenticate(&state, request.headers(), family) {
        return refusal.into_response();
    }
    let mut response = next.run(request).await;
    let verdict = Verdict("bearer token ok".into());
    response.extensions_mut().insert(verdict);
    response
}

fn authenticate(state: &State, headers: &HeaderMap, family: Family) -> Result<(), ApiError> {
    // The documents' older pages have the token bare; the newer ones, which hold here, do not.
    let token = bearer_token(headers).map_err(ApiError::unauthorized)?;
    let tokens = &state.trust;
    let (own, other) = match family {
        Family::Core => (&tokens.core, &tokens.global),
        Family::Global => (&tokens.global, &tokens.core),
    };
    if token == own {
        Ok(())
    } else if token == other {
        Err(ApiError::forbidden("bearer token of another family"))
    } else if token == tokens.without_permissions {
        Err(ApiError::forbidden("bearer token without permissions"))
    } else {
        Err(ApiError::unauthorized("bearer token unknown"))
    }
}
