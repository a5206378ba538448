//! The console API v0.2 with one workspace, one member and the projects of both (contract idlayr, 13).

mod billing;
mod body;
mod credentials;
mod members;
mod project;
mod projects;
mod reports;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate::{self, Gate};
use super::lists::{List, Property};
use super::method_not_allowed;
use super::problem::{Problem, hal};
use super::state::State;

pub(super) use credentials::Credential;
pub(super) use state::{Account, Console};

/// The one scope that opens it.
pub(super) const SCOPE: &str = "console";
const WORKSPACES: &str = "/console/v0.2/workspaces";

/// What lists of the console are searched and sorted by is ours.
const LISTED_WORKSPACES: List<'_> = List::new(
    "workspaces",
    &[
        Property::text("workspace_id"),
        Property::text("name"),
        Property::time("created_at"),
    ],
);
type Shared = FromState<Arc<State>>;

pub(super) fn router(state: &Arc<State>) -> Router {
    let in_workspace = Router::new()
        .route("/", get(workspace).patch(rename))
        .merge(billing::router())
        .merge(members::router())
        .merge(projects::router())
        .merge(reports::router())
        .route_layer(from_fn_with_state(Arc::clone(state), the_one_workspace));
    Router::new()
        .route(WORKSPACES, get(workspaces))
        .nest("/console/v0.2/workspaces/{workspace_id}", in_workspace)
        .route_layer(from_fn_with_state(Gate::new(state, SCOPE), gate::gate))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

#[derive(Deserialize)]
struct InWorkspace {
    workspace_id: String,
}

async fn the_one_workspace(
    FromState(state): Shared,
    Path(InWorkspace { workspace_id }): Path<InWorkspace>,
    request: Request,
    next: Next,
) -> Response {
    let is_known = state.data().console.workspace_id == workspace_id;
    if is_known {
        next.run(request).await
    } else {
        Problem::workspace_not_found().into_response()
    }
}

async fn workspaces(FromState(state): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = LISTED_WORKSPACES.read(query.as_deref())?;
    let mut data = state.data();
    // What an expired check reserved is available again.
    let _ = state.present_checks(&mut data);
    let workspaces = vec![data.workspace_body()];
    Ok(hal(StatusCode::OK, &query.answer(WORKSPACES, workspaces)))
}

async fn workspace(FromState(state): Shared) -> Response {
    let mut data = state.data();
    // What an expired check reserved is available again.
    let _ = state.present_checks(&mut data);
    hal(StatusCode::OK, &data.workspace_body())
}

async fn rename(FromState(state): Shared, patch: body::Patch) -> Result<Response, Problem> {
    let mut data = state.data();
    let now = json!({ "name": data.console.name });
    let changed = patch.apply(now, &["/name"])?;
    data.console.name = body::name(changed.get("name").cloned().unwrap_or_default())?;
    Ok(hal(StatusCode::OK, &data.workspace_body()))
}

fn link(href: &str) -> Value {
    json!({ "href": href })
}
