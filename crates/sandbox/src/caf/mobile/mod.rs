//! The Mobile API: liveness, registration and authentication of faces (contract caf, 3).

mod control;
mod faces;
mod gate;
mod handle;
mod signed_response;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(super) use control::control_router;
pub use handle::{CafMobile, CafMobileAttempt};
pub use signed_response::CafSpoiledResponse;
pub(super) use state::State;

use super::method_not_allowed;
use super::mobile_key::CafMobileProduct;
use gate::guarded;

/// Everything on the Mobile host.
pub(super) fn router(state: &Arc<super::State>) -> Router {
    let liveness = Router::new().route("/faces/liveness", post(faces::liveness));
    let registration = Router::new().route("/faces/register", post(faces::register));
    let attempt = get(faces::attempt).head(method_not_allowed);
    let authentication = Router::new()
        .route("/faces/authenticate", post(faces::authenticate))
        .route("/faces/authenticate/{attempt_id}", attempt);
    guarded(liveness, state, CafMobileProduct::FaceLiveness)
        .merge(guarded(registration, state, CafMobileProduct::FaceRegistration))
        .merge(guarded(
            authentication,
            state,
            CafMobileProduct::FaceAuthentication,
        ))
}
