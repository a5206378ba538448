//! The console API v0.2 with one workspace, one member and the projects of both (contract idlayr, 13).

mod body;
mod list;
mod projects;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State as FromState};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate::{self, Gate};
use super::method_not_allowed;
use super::problem::{Problem, hal};
use super::state::State;
use list::Query;

pub(super) use state::{Account, Console};

/// The one scope that opens it.
pub(super) const SCOPE: &str = "console";
const WORKSPACES: &str = "/console/v0.2/workspaces";

type Shared = FromState<Arc<State>>;

pub(super) fn router(state: &Arc<State>) -> Router {
    let in_workspace = Router::new()
        .route("/", get(workspace).patch(rename))
        .route("/members", get(members))
        .route("/members/{member_id}", get(member))
        .merge(projects::router())
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

async fn workspaces(FromState(state): Shared, query: Query) -> Response {
    query.answer("workspaces", WORKSPACES, vec![state.data().workspace_body()])
}

async fn workspace(FromState(state): Shared) -> Response {
    hal(StatusCode::OK, &state.data().workspace_body())
}

async fn rename(FromState(state): Shared, patch: body::Patch) -> Result<Response, Problem> {
    let mut data = state.data();
    let now = json!({ "name": data.console.name });
    let changed = patch.apply(now, &["/name"])?;
    data.console.name = body::name(changed.get("name").cloned().unwrap_or_default())?;
    Ok(hal(StatusCode::OK, &data.workspace_body()))
}

async fn members(FromState(state): Shared, query: Query) -> Response {
    let console = &state.data().console;
    let path = format!("{}/members", console.path());
    query.answer("members", &path, vec![console.member_body()])
}

async fn member(
    FromState(state): Shared,
    Path((_, member_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let console = &state.data().console;
    if console.member_id != member_id {
        return Err(Problem::not_found());
    }
    Ok(hal(StatusCode::OK, &console.member_body()))
}

fn link(href: &str) -> Value {
    json!({ "href": href })
}
