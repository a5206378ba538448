//! Identomat: the API below `external-api/` and the widget for the end user, both on one host.

mod answer;
mod begin;
mod builder;
mod call;
mod callback;
mod company;
mod control;
mod handle;
mod media;
mod outcome;
mod parameters;
mod picture;
mod result;
mod session;
mod sessions;
mod signature;
mod state;
mod unconfirmed;
mod widget;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State as FromState};
use axum::routing::{MethodRouter, get};
use http::StatusCode;

pub use callback::IdentomatEvent;
pub use company::{IdentomatCompany, IdentomatHmac};
pub use handle::{IdentomatSandbox, IdentomatSession};
pub use outcome::{IdentomatErrorStatus, IdentomatOutcome, IdentomatResultShape, IdentomatSignature};
pub(crate) use state::Settings;

use crate::assembly::Assembly;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use state::State;

/// The one host of API and widget (contract identomat, 1).
const HOST: &str = "widget.identomat.com";

/// Two photos in base64 fit; no limit is documented.
const BODY_LIMIT: usize = 4 << 20;

/// Sets the emulated Identomat up.
pub(crate) async fn assemble(
    settings: Settings,
    assembly: &mut Assembly,
) -> Result<IdentomatSandbox, SandboxError> {
    if settings.has_duplicates() {
        return Err(SandboxError::DuplicateCompanyKey);
    }
    let host = assembly.bind(HOST).await?;
    let state = Arc::new(State::new(settings, assembly, host.url().clone()));
    let scripts = Arc::new(Scripts::default());
    assembly.serve_scripted(host, router(&state), &scripts);
    Ok(IdentomatSandbox::new(state, scripts))
}

/// Everything on the host. Every call may be GET or POST (contract identomat, 1), and every path ends with a
/// slash.
fn router(state: &Arc<State>) -> Router {
    let api = Router::new()
        .route("/begin/", served(begin::begin))
        .route("/result/", served(sessions::result))
        .route("/delete/", served(sessions::delete))
        .route("/result/card-front/", served(media::card_front))
        .route("/result/card-back/", served(media::card_back))
        .route("/result/passport/", served(media::passport))
        .route("/result/face/", served(media::face))
        .route("/result/face-video/", served(media::face_video))
        .route(
            "/get-screening-person-details/",
            served(unconfirmed::screening_person),
        )
        .route("/compare-faces/", served(unconfirmed::compare_faces));
    Router::new()
        .nest("/external-api", api)
        .merge(widget::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(state))
}

fn served(operation: call::Operation) -> MethodRouter<Arc<State>> {
    let handler = async move |FromState(state): FromState<Arc<State>>, request: Request| {
        call::answer(&state, request, operation).await
    };
    get(handler).post(handler).head(method_not_allowed)
}

async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

async fn method_not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}
