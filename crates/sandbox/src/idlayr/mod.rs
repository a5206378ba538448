//! IDlayr: OAuth2, PhoneCheck v0.1 and v0.2, traces.

mod builder;
mod callbacks;
mod check;
mod checks;
mod gate;
mod handle;
mod keys;
mod lists;
mod oauth;
mod panel;
mod problem;
mod project;
mod redirect;
mod state;
mod traces;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use http::HeaderValue;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;

pub use callbacks::{IdlayrDigest, IdlayrForgery};
pub use handle::{IdlayrCheck, IdlayrSandbox};
pub use keys::IdlayrSigningKey;
pub use project::{IdlayrProject, ProjectMode};
pub(crate) use state::Settings;

use crate::assembly::Assembly;
use crate::media_type::has_content_type;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use callbacks::Callbacks;
use check::Version;
use problem::Problem;
use state::{Api, State};

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
        .nest("/phone_check/v0.1", phone_checks(state, Version::V0_1))
        .nest("/phone_check/v0.2", phone_checks(state, Version::V0_2))
        .merge(oauth::router(Arc::clone(state)))
        .merge(keys::router(Arc::clone(state)))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(map_response(allow_all_origins))
}

/// Everything on the operator's host.
fn operator_router(state: &Arc<State>) -> Router {
    redirect::operator_router(Arc::clone(state))
}

fn phone_checks(state: &Arc<State>, version: Version) -> Router {
    let api = Api {
        state: Arc::clone(state),
        version,
    };
    let one = match version {
        Version::V0_1 => get(checks::get),
        Version::V0_2 => get(checks::get).patch(checks::complete),
    };
    let device = Router::new()
        .route(
            "/checks/{check_id}/redirect",
            get(redirect::open).head(method_not_allowed),
        )
        .route(
            "/checks/{check_id}/redirect/result",
            get(redirect::finish).head(method_not_allowed),
        );
    Router::new()
        .route("/checks", post(checks::create).get(lists::list))
        .route("/checks/{check_id}", one)
        .route("/checks/{check_id}/traces", get(traces::list))
        .route("/checks/{check_id}/traces/{trace_id}", get(traces::get))
        .route_layer(from_fn_with_state(api.clone(), gate::gate))
        .merge(device)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(api)
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
