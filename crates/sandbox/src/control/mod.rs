//! The control host: a page for people, an API for tests. It emulates nothing.

mod api;
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
use crate::cm::{self, CmSandbox};
use crate::device::Device;
use crate::identomat::{self, IdentomatSandbox};
use crate::idlayr::IdlayrSandbox;

/// What the control host can see and do.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) idlayr: Arc<IdlayrSandbox>,
    pub(crate) cm: Arc<CmSandbox>,
    pub(crate) identomat: Arc<IdentomatSandbox>,
    pub(crate) clock: SandboxClock,
    pub(crate) calls: Arc<Calls>,
    pub(crate) device: Device,
}

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/idlayr/checks/{check_id}/open", post(api::open_button))
        .route("/idlayr/checks/{check_id}/expire", post(api::expire_button))
        .route("/api/state", get(api::state))
        .route("/api/calls", get(api::calls))
        .route("/api/idlayr/checks/{check_id}/open", post(api::open))
        .route("/api/idlayr/checks/{check_id}/expire", post(api::expire))
        .route("/api/clock/advance", post(api::advance))
        .with_state(Arc::clone(shared))
        .merge(cm::control_router(&shared.cm))
        .merge(identomat::control_router(&shared.identomat))
        .layer(from_fn(guard::guard))
}

async fn page(State(shared): State<Arc<Shared>>) -> Html<String> {
    Html(page::page(&shared))
}

/// The environment variables that lead a client to the sandbox.
pub(crate) fn exports(
    idlayr: &IdlayrSandbox,
    cm: &CmSandbox,
    identomat: &IdentomatSandbox,
) -> Vec<(String, String)> {
    let base_url = idlayr.base_url().as_str().trim_end_matches('/');
    [
        ("IDLAYR_BASE_URL", base_url),
        ("IDLAYR_CLIENT_ID", idlayr.client_id()),
        ("IDLAYR_CLIENT_SECRET", idlayr.client_secret()),
        ("IDLAYR_ALLOW_PLAIN_HTTP", "true"),
    ]
    .into_iter()
    .chain(cm.exports())
    .chain(identomat.exports())
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}
