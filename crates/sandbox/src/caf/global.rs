//! The Global API: services, and the transactions of orchestrations.

use std::sync::Arc;

use axum::Router;

use super::gate::{Family, guarded};
use super::state::State;

/// Everything on the Global host.
pub(super) fn router(state: &Arc<State>) -> Router {
    let routes = Router::new();
    Router::new().nest("/v1", guarded(routes, state, Family::Global))
}

/// Everything on the host of the service `cpf_sync`.
pub(super) fn cpf_sync_router(state: &Arc<State>) -> Router {
    let routes = Router::new();
    guarded(routes, state, Family::Global)
}
