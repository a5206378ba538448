//! Faces of the Core API, for its newer SDKs: registration, which takes its time, and the look-up of attempts
//! (contract caf, 4.8). They are not the Mobile API's faces (ours; the documents say that older SDKs may not
//! see these).

mod control;
mod faces;
mod handle;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(super) use control::control_router;
pub use handle::{CafCoreFaces, CafFaceAttempt};
pub(super) use state::State;

use super::gate::{Family, guarded};
use super::method_not_allowed;

/// The faces' routes of the Core host.
pub(super) fn router(state: &Arc<super::State>) -> Router {
    let missing = || get(faces::no_attempt).head(method_not_allowed);
    let routes = Router::new()
        .route("/v1/faces", post(faces::register))
        .route(
            "/v1/faces/attempts/{attempt_id}",
            get(faces::attempt).head(method_not_allowed),
        )
        .route("/v1/faces/attempts", missing())
        .route("/v1/faces/attempts/", missing());
    guarded(routes, state, Family::Core)
}
