//! CM.com: Mobile Identity, its own sandbox, and ID Scan, all of them on one host and behind one kind of token.

mod body;
mod builder;
mod control;
mod error;
mod gate;
mod handle;
mod id_scan;
mod mobile_identity;
mod state;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;

pub(crate) use control::control_router;
pub use handle::CmSandbox;
pub use id_scan::{
    CmIdScan, CmIdScanOutcome, CmIdScanPlayError, CmIdScanTask, CmIdScanTransaction, CmUnknownOutcome,
};
pub use mobile_identity::{CmMobileIdentity, CmNumberVerify, CmNumberVerifyOutcome, CmRateLimit};
pub(crate) use state::{Settings, State};

use error::ApiError;
use mobile_identity::Base;

/// The host of the APIs.
pub(crate) const API_HOST: &str = "api.cm.com";
/// The host of ID Scan's page for the end user (contract cm-idscan, 1).
pub(crate) const PAGE_HOST: &str = "id-scan.identity.cm.com";

/// No documented request comes near it.
const BODY_LIMIT: usize = 64 * 1024;

/// Everything on the APIs' host.
pub(crate) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .nest(
            "/mobile-identity/v1",
            mobile_identity::router(state, Base::Production),
        )
        .nest(
            "/mobile-identity-sandbox/v1",
            mobile_identity::router(state, Base::Sandbox),
        )
        .nest("/id-scan/v1", id_scan::router(state))
        .merge(mobile_identity::session_router(state))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Everything on the host of ID Scan's page.
pub(crate) fn page_router(state: &Arc<State>) -> Router {
    id_scan::page_router(state).fallback(not_found)
}

async fn not_found() -> ApiError {
    ApiError::not_found("There is no such resource.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::method_not_allowed()
}
