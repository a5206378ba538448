//! The Global API: services, and the transactions of orchestrations (contract caf, 4.7 and 7).

mod handle;
mod orchestrations;
mod services;
mod transaction;
mod webhook;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

pub use handle::{CafGlobal, CafGlobalStatus, CafGlobalTransaction};
pub(super) use transaction::Orchestrations;

use super::gate::{Family, guarded};
use super::method_not_allowed;
use super::state::State;

/// Everything on the Global host.
pub(super) fn router(state: &Arc<State>) -> Router {
    let read = |route: MethodRouter<Arc<State>>| route.head(method_not_allowed);
    // The method of manual reviews could not be read: every one that changes something is taken.
    let reviews = post(orchestrations::review)
        .put(orchestrations::review)
        .patch(orchestrations::review);
    let routes = Router::new()
        .route("/services", post(services::query))
        .route(
            "/orchestrations/transactions",
            read(post(orchestrations::create).get(orchestrations::list)),
        )
        .route(
            "/orchestrations/transactions/{id}",
            read(get(orchestrations::read)),
        )
        .route("/orchestrations/transactions/{id}/manual-reviews", reviews);
    Router::new().nest("/v1", guarded(routes, state, Family::Global))
}

/// Everything on the host of the service `cpf_sync`.
pub(super) fn cpf_sync_router(state: &Arc<State>) -> Router {
    let routes = Router::new().route("/services", post(services::cpf_sync));
    guarded(routes, state, Family::Global)
}
