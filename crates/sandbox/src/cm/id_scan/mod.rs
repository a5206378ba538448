//! ID Scan: transactions, results, downloads, webhooks, and the page for the end user.

mod handle;

use std::sync::Arc;

use axum::Router;

pub use handle::CmIdScan;

use super::handle::CmSandbox;

/// What the builder decides about ID Scan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {}

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct State {}

/// Everything below `/id-scan/v1`. What needs a token goes through `gate::guarded`.
pub(super) fn router(_: &Arc<super::State>) -> Router {
    Router::new()
}

/// Everything on the host of the page for the end user.
pub(super) fn page_router(_: &Arc<super::State>) -> Router {
    Router::new()
}

/// The control host's routes below `/cm/id-scan/` and `/api/cm/id-scan/`.
pub(super) fn control_router(_: &Arc<CmSandbox>) -> Router {
    Router::new()
}
