//! Coverage by country and reachability by address (contract 10).

mod countries;
mod device_ips;
mod operators;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use super::gate::{Gate, gate};
use super::method_not_allowed;
use super::state::State;

const SCOPE: &str = "coverage";

pub(super) fn router(state: &Arc<State>) -> Router {
    let for_servers = Router::new()
        .route("/countries/{code}", get(countries::get))
        .route("/device_ips/{ip}", get(device_ips::get))
        .route_layer(from_fn_with_state(Gate::new(state, SCOPE), gate));
    let for_devices = Router::new()
        .route("/device_ip", get(device_ips::own))
        .route_layer(from_fn_with_state(Gate::new(state, SCOPE).for_devices(), gate));
    // Deprecated since 2023-01, but the browser SDK asks here.
    let public = Router::new().route("/device_ip", get(device_ips::own_in_public));
    Router::new()
        .nest("/coverage/v0.1", for_servers.merge(for_devices))
        .nest("/public/coverage/v0.1", public)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}
