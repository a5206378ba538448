//! CM.com: Mobile Identity, its own sandbox, and ID Scan, all of them on one host and behind one kind of
//! token.

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

pub use handle::CmSandbox;
pub use id_scan::{
    CmIdScan, CmIdScanOutcome, CmIdScanPlayError, CmIdScanTask, CmIdScanTransaction, CmUnknownOutcome,
};
pub use mobile_identity::{CmMobileIdentity, CmNumberVerify, CmNumberVerifyOutcome, CmRateLimit};
pub(crate) use state::Settings;

use crate::assembly::Assembly;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use error::ApiError;
use mobile_identity::Base;
use state::State;

/// The host of the APIs.
const API_HOST: &str = "api.cm.com";
/// The host of ID Scan's page for the end user (contract cm-idscan, 1).
const PAGE_HOST: &str = "id-scan.identity.cm.com";

/// No documented request comes near it.
const BODY_LIMIT: usize = 64 * 1024;

/// Sets the emulated CM.com up.
pub(crate) async fn assemble(settings: Settings, assembly: &mut Assembly) -> Result<CmSandbox, SandboxError> {
    let api = assembly.bind(API_HOST).await?;
    let page = assembly.bind(PAGE_HOST).await?;
    let urls = (api.url().clone(), page.url().clone());
    let state = Arc::new(State::new(settings, assembly, urls));
    let scripts = Arc::new(Scripts::default());
    assembly.serve_scripted(api, router(&state), &scripts);
    assembly.serve(page, page_router(&state));
    Ok(CmSandbox::new(state, scripts))
}

/// Everything on the APIs' host.
fn router(state: &Arc<State>) -> Router {
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
fn page_router(state: &Arc<State>) -> Router {
    id_scan::page_router(state).fallback(not_found)
}

async fn not_found() -> ApiError {
    ApiError::not_found("There is no such resource.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::method_not_allowed()
}
