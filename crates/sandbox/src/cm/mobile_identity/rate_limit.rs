//! One call a second over all services of a base (contract cm-identity, 5).

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State as FromState};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Base;
use crate::cm::State;
use crate::cm::error::ApiError;

/// The documented limit.
const APART: Duration = Duration::from_secs(1);
/// Calls that were sent a second apart do not arrive exactly so.
const JITTER: Duration = Duration::from_millis(100);

/// Whether Mobile Identity holds callers to its documented limit of one call a second, and how it tells them.
///
/// What happens beyond the limit is not documented; 429 is ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CmRateLimit {
    /// Any number of calls.
    #[default]
    Off,
    /// Beyond the limit: 429.
    WithoutRetryAfter,
    /// Beyond the limit: 429 with the header `Retry-After: 1`.
    WithRetryAfter,
}

/// Comes after the gate: calls without a valid token do not count.
pub(super) async fn rate_limit(
    FromState(state): FromState<Arc<State>>,
    Extension(base): Extension<Base>,
    request: Request,
    next: Next,
) -> Response {
    match excess(&state, base) {
        None => next.run(request).await,
        Some(retry_after) => ApiError::too_many_requests(retry_after).into_response(),
    }
}

/// Counts one call. What to say of `Retry-After` when it is one too many; such a call does not count.
fn excess(state: &State, base: Base) -> Option<Option<u64>> {
    let now = state.clock.now();
    let mut data = state.mobile_identity.data();
    let limit = data.rate_limit;
    // After a clock that was put back, the last call lies in the future and says nothing.
    let since = data
        .last_call
        .get(&base)
        .and_then(|last| now.duration_since(*last).ok());
    let is_excess = since.is_some_and(|since| since.saturating_add(JITTER) < APART);
    match limit {
        CmRateLimit::WithoutRetryAfter if is_excess => Some(None),
        CmRateLimit::WithRetryAfter if is_excess => Some(Some(APART.as_secs())),
        _ => {
            data.last_call.insert(base, now);
            None
        }
    }
}
