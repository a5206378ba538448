//! The Core API: transactions, onboarding links, profiles.

use std::sync::Arc;

use axum::Router;

use super::gate::{Family, guarded};
use super::state::State;

/// Everything on the Core host.
pub(super) fn router(state: &Arc<State>) -> Router {
    let routes = Router::new();
    guarded(routes, state, Family::Core)
}
