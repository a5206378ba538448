//! ID Scan: transactions, results, downloads, webhooks, and the page for the end user.

mod api;
mod attempt;
mod control;
mod file;
mod handle;
mod outcome;
mod page;
mod person;
mod picture;
mod request;
mod state;
mod task;
mod transaction;
mod webhook;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

pub(super) use control::control_router;
pub use handle::{CmIdScan, CmIdScanPlayError, CmIdScanTask, CmIdScanTransaction};
pub use outcome::{CmIdScanOutcome, CmUnknownOutcome};
pub(super) use page::router as page_router;
pub(super) use state::State;

use super::gate::guarded;
use super::method_not_allowed;

/// Everything below `/id-scan/v1`.
pub(super) fn router(state: &Arc<super::State>) -> Router {
    let read = |route: MethodRouter<Arc<super::State>>| route.head(method_not_allowed);
    let routes = Router::new()
        .route("/transactions", post(api::create))
        .route("/transactions/{id}", read(get(api::details)))
        .route("/transactions/{id}/results/{result_id}", read(get(api::result)))
        .route("/downloads/{token}", read(get(api::download)))
        .route("/webhooks", post(api::add_webhook));
    guarded(routes, state)
}
