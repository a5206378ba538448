//! What every call of the Mobile API passes first: a token for the product, bare in the header.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::super::error::ApiError;
use super::super::mobile_key::CafMobileProduct;
use super::super::token::{self, Caller};
use super::super::{State, method_not_allowed};
use crate::authorization;
use crate::calls::Verdict;

/// Puts the gate before the routes of a product. Unknown paths and wrong methods are answered without it.
pub(super) fn guarded(routes: Router<Arc<State>>, state: &Arc<State>, product: CafMobileProduct) -> Router {
    routes
        .route_layer(from_fn_with_state((Arc::clone(state), product), gate))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

async fn gate(
    FromState((state, product)): FromState<(Arc<State>, CafMobileProduct)>,
    mut request: Request,
    next: Next,
) -> Response {
    match authenticate(&state, request.headers(), product) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
        }
        Err(refusal) => return refusal.into_response(),
    }
    let mut response = next.run(request).await;
    let verdict = Verdict("JWT ok".into());
    response.extensions_mut().insert(verdict);
    response
}

/// 400 without a token, 401 for one that is not valid for the product (contract caf, 2.1).
fn authenticate(state: &State, headers: &HeaderMap, product: CafMobileProduct) -> Result<Caller, ApiError> {
    let is_missing = headers
        .get(AUTHORIZATION)
        .is_none_or(|value| value.as_bytes().trim_ascii().is_empty());
    if is_missing {
        let error = ApiError::bad_request("The request has no access token.");
        return Err(error.with_verdict("no Authorization header"));
    }
    let value = authorization::only(headers).map_err(unauthorized)?;
    if value.contains(' ') {
        return Err(unauthorized("the Authorization header is not a bare JWT"));
    }
    let caller = token::check(state, value).map_err(unauthorized)?;
    if caller.key.may_run(product) {
        Ok(caller)
    } else {
        Err(unauthorized("JWT: the Mobile Key does not cover the product"))
    }
}

/// One message whatever is wrong: which it is, is for the log of calls. The scheme has no name, so there is
/// none to announce.
pub(super) fn unauthorized(verdict: &'static str) -> ApiError {
    let message = "The token is not valid for this product.";
    ApiError::new(StatusCode::UNAUTHORIZED, message).with_verdict(verdict)
}
