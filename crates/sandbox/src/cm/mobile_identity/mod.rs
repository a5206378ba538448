//! Mobile Identity: SIM swap, identity match, number verify.

mod handle;
mod operator;
mod phone_number;
mod sim_swap;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

pub use handle::CmMobileIdentity;

use super::gate::guarded;
use super::handle::CmSandbox;

/// What the builder decides about Mobile Identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {}

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct State {}

/// Everything below one of the two bases.
pub(super) fn router(state: &Arc<super::State>) -> Router {
    let routes = Router::new().route("/sim-swap", post(sim_swap::sim_swap));
    guarded(routes, state)
}

/// The control host's routes below `/cm/mobile-identity/` and `/api/cm/mobile-identity/`.
pub(super) fn control_router(_: &Arc<CmSandbox>) -> Router {
    Router::new()
}
