//! The control host: a page for people, an API for tests. It emulates nothing.

pub(crate) mod answer;
mod api;
pub(crate) mod deliveries;
mod guard;
pub(crate) mod html;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn;
use axum::response::Html;
use axum::routing::{get, post};

use crate::calls::Calls;
use crate::clock::SandboxClock;
use crate::device::Device;
use crate::providers::Providers;

/// What the control host can see and do.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) providers: Arc<Providers>,
    pub(crate) clock: SandboxClock,
    pub(crate) calls: Arc<Calls>,
    pub(crate) device: Device,
}

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let own = Router::new()
        .route("/", get(page))
        .route("/idlayr/checks/{check_id}/open", post(api::open_button))
        .route("/idlayr/checks/{check_id}/expire", post(api::expire_button))
        .route("/api/state", get(api::state))
        .route("/api/calls", get(api::calls))
        .route("/api/idlayr/checks/{check_id}/open", post(api::open))
        .route("/api/idlayr/checks/{check_id}/expire", post(api::expire))
        .route("/api/clock/advance", post(api::advance))
        .with_state(Arc::clone(shared));
    let providers = shared.providers.all().into_iter();
    providers
        .fold(own, |router, provider| router.merge(provider.control_router()))
        .layer(from_fn(guard::guard))
}

async fn page(State(shared): State<Arc<Shared>>) -> Html<String> {
    Html(page::page(&shared))
}
