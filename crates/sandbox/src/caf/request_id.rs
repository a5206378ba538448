//! Every answer carries a `requestId` (contract caf, 1).

use std::sync::Arc;

use axum::extract::{Request, State as FromState};
use axum::middleware::Next;
use axum::response::Response;

use super::error::ApiError;
use super::state::State;
use crate::calls::Verdict;

/// The id of the request being answered. Handlers find it among the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// Gives the request its id, and an error its body with it.
pub(super) async fn identified(
    FromState(state): FromState<Arc<State>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(state.random().uuid());
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<ApiError>() else {
        return response;
    };
    let verdict = response.extensions_mut().remove::<Verdict>();
    let mut answer = error.answer(&id);
    // What is wrong with the request may have nothing to do with the caller's credentials.
    if let (Some(verdict), None) = (verdict, answer.extensions().get::<Verdict>()) {
        answer.extensions_mut().insert(verdict);
    }
    answer
}
