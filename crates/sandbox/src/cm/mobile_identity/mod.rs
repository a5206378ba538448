//! Mobile Identity: SIM swap, identity match, number verify.

mod callback;
mod control;
mod handle;
mod identity_match;
mod number_verify;
mod operator;
mod phone_number;
mod rate_limit;
mod session;
mod sim_swap;
mod state;
mod test_persons;

use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};

pub(super) use control::control_router;
pub use handle::{CmMobileIdentity, CmNumberVerify, CmNumberVerifyOutcome};
pub use rate_limit::CmRateLimit;
pub(super) use session::router as session_router;
pub(super) use state::{Settings, State};

use super::gate::guarded;
use super::method_not_allowed;

/// Which of the two bases: each knows its own checks and counts its own calls (ours; the vendor's sandbox has
/// credentials of its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Base {
    Production,
    Sandbox,
}

/// Everything below one of the two bases.
pub(super) fn router(state: &Arc<super::State>, base: Base) -> Router {
    let one = get(number_verify::read).head(method_not_allowed);
    let routes = Router::new()
        .route("/sim-swap", post(sim_swap::sim_swap))
        .route("/identity-match", post(identity_match::identity_match))
        .route("/number-verify", post(number_verify::create))
        .route("/number-verify/{id}", one)
        .route_layer(from_fn_with_state(Arc::clone(state), rate_limit::rate_limit));
    guarded(routes, state).layer(Extension(base))
}
