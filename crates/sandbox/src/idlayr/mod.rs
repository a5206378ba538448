//! IDlayr: OAuth2, PhoneCheck and SubscriberCheck v0.1 and v0.2, SIMCheck, MOCheck, traces, coverage,
//! callbacks.

mod amount;
mod builder;
mod callbacks;
mod checks;
mod console;
mod coverage;
mod gate;
mod handle;
mod keys;
mod lists;
mod mo_checks;
mod network;
mod oauth;
mod panel;
mod problem;
mod project;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::response::Response;
use http::HeaderValue;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;

pub use callbacks::{IdlayrDigest, IdlayrForgery};
pub use handle::{IdlayrCheck, IdlayrSandbox};
pub use keys::IdlayrSigningKey;
pub use mo_checks::IdlayrMoCheck;
pub use project::{IdlayrProject, ProjectMode};
pub(crate) use state::Settings;

use crate::assembly::Assembly;
use crate::media_type::has_content_type;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use callbacks::Callbacks;
use problem::Problem;
use state::State;

/// The host of the API.
const API_HOST: &str = "eu.api.idlayr.com";
/// Where the vendor's sandbox sends the device for want of an operator (contract 12).
const OPERATOR_HOST: &str = "sandbox.redirect.m-auth.com";

/// No documented request comes near it.
const BODY_LIMIT: usize = 64 * 1024;

/// Sets the emulated IDlayr up.
pub(crate) async fn assemble(
    mut settings: Settings,
    assembly: &mut Assembly,
) -> Result<IdlayrSandbox, SandboxError> {
    let mut random = assembly.random();
    let default_project = IdlayrProject::new(random.uuid(), random.text(26));
    settings.projects.insert(0, default_project.clone());
    project::refuse_duplicates(&settings.projects)?;
    let api = assembly.bind(API_HOST).await?;
    let operator = assembly.bind(OPERATOR_HOST).await?;
    let callbacks = Callbacks::new(settings.callbacks, assembly);
    let state = Arc::new(State::new(
        settings,
        assembly.clock(),
        random,
        api.url().clone(),
        operator.url().clone(),
        callbacks,
    ));
    assembly.go_on(Arc::clone(&state).expire_in_time());
    let scripts = Arc::new(Scripts::default());
    assembly.serve_scripted(api, router(&state), &scripts);
    assembly.serve(operator, operator_router(&state));
    Ok(IdlayrSandbox::new(state, scripts, default_project))
}

/// Everything on the API's host.
fn router(state: &Arc<State>) -> Router {
    Router::new()
        .merge(checks::router(state))
        .merge(mo_checks::router(state))
        .merge(coverage::router(state))
        .merge(oauth::router(Arc::clone(state)))
        .merge(console::router(state))
        .merge(keys::router(Arc::clone(state)))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(map_response(allow_all_origins))
}

/// Everything on the operator's host.
fn operator_router(state: &Arc<State>) -> Router {
    checks::operator_router(Arc::clone(state))
}

async fn not_found() -> Problem {
    Problem::not_found()
}

async fn method_not_allowed() -> Problem {
    Problem::method_not_allowed()
}

/// Documented on most answers (contract 1).
async fn allow_all_origins(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
