//! Projects and their credentials (contract idlayr, 13 and 13.2).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::Shared;
use super::body::{Json, Patch, Settings};
use super::credentials::{CREDENTIALS, Credential, find, remove};
use super::project::Project;
use super::state::Console;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal, typed};
use crate::idlayr::state::{Data, State};

const PROJECTS: List<'_> = List::new(
    "projects",
    &[
        Property::text("project_id"),
        Property::text("name"),
        Property::text("mode"),
        Property::time("created_at"),
        Property::time("updated_at"),
    ],
)
.with(&["name"]);
pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/projects", get(list).post(create))
        .route("/projects/{project_id}", get(one).patch(update))
        .route(
            "/projects/{project_id}/credentials",
            get(credentials).post(create_credential),
        )
        .route(
            "/projects/{project_id}/credentials/{client_id}",
            get(credential).delete(delete_credential),
        )
}

/// "Unique in the workspace"; what happens otherwise is not documented, and this problem is ours.
fn refuse_taken(console: &Console, name: &str, own: Option<&str>) -> Result<(), Problem> {
    let mut others = console
        .projects
        .iter()
        .filter(|project| Some(project.id.as_str()) != own);
    if others.any(|project| project.name == name) {
        return Err(Problem::bad_request("There is a project of this name."));
    }
    Ok(())
}

fn found<'a>(console: &'a Console, project_id: &str) -> Result<&'a Project, Problem> {
    let mut projects = console.projects.iter();
    projects
        .find(|project| project.id == project_id)
        .ok_or_else(Problem::not_found)
}

fn found_mut<'a>(console: &'a mut Console, project_id: &str) -> Result<&'a mut Project, Problem> {
    let mut projects = console.projects.iter_mut();
    projects
        .find(|project| project.id == project_id)
        .ok_or_else(Problem::not_found)
}

async fn create(FromState(state): Shared, Json(body): Json) -> Result<Response, Problem> {
    let settings = Settings::read(body)?;
    let now = state.clock.now();
    let mut data = state.data();
    let Data { console, random, .. } = &mut *data;
    refuse_taken(console, &settings.name, None)?;
    let project = Project::new(settings.name, settings.mode, settings.configuration, random, now);
    let answer = hal(StatusCode::CREATED, &project.body(console, true));
    console.projects.push(project);
    Ok(answer)
}

async fn list(FromState(state): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = PROJECTS.read(query.as_deref())?;
    let console = &state.data().console;
    let path = format!("{}/projects", console.path());
    let named = |project: &&Project| query.values("name").all(|name| *name == project.name);
    let projects = console.projects.iter().filter(named);
    let bodies = projects.map(|project| project.body(console, false)).collect();
    Ok(hal(StatusCode::OK, &query.answer(&path, bodies)))
}

async fn one(
    FromState(state): Shared,
    Path((_, project_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let console = &state.data().console;
    let project = found(console, &project_id)?;
    Ok(hal(StatusCode::OK, &project.body(console, false)))
}

async fn update(
    FromState(state): Shared,
    Path((_, project_id)): Path<(String, String)>,
    patch: Patch,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let console = &mut state.data().console;
    let project = found(console, &project_id)?;
    let document = json!({
        "name": project.name,
        "mode": project.mode.as_str(),
        "configuration": project.configuration.json(),
    });
    let settings = Settings::read(patch.apply(document, &["/name", "/mode", "/configuration"])?)?;
    refuse_taken(console, &settings.name, Some(&project_id))?;
    let project = found_mut(console, &project_id)?;
    project.name = settings.name;
    project.mode = settings.mode;
    project.configuration = settings.configuration;
    project.updated_at = now;
    let project = found(console, &project_id)?;
    Ok(hal(StatusCode::OK, &project.body(console, false)))
}

/// Answers about credentials are plain JSON (contract 1).
fn plain(body: &Value) -> Response {
    typed(StatusCode::OK, "application/json", body)
}

async fn credentials(
    FromState(state): Shared,
    Path((_, project_id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = CREDENTIALS.read(query.as_deref())?;
    let console = &state.data().console;
    let project = found(console, &project_id)?;
    let path = format!("{}/credentials", project.path(console));
    let credentials = project.credentials.iter();
    let bodies = credentials
        .map(|credential| project.credential_body(credential, console, false))
        .collect();
    Ok(plain(&query.answer(&path, bodies)))
}

async fn create_credential(
    FromState(state): Shared,
    Path((_, project_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let mut data = state.data();
    let Data { console, random, .. } = &mut *data;
    let credential = Credential::of_project(random, now);
    found_mut(console, &project_id)?
        .credentials
        .push(credential.clone());
    let project = found(console, &project_id)?;
    Ok(plain(&project.credential_body(&credential, console, true)))
}

async fn credential(
    FromState(state): Shared,
    Path((_, project_id, client_id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let console = &state.data().console;
    let project = found(console, &project_id)?;
    let credential = find(&project.credentials, &client_id).ok_or_else(Problem::not_found)?;
    Ok(plain(&project.credential_body(credential, console, false)))
}

async fn delete_credential(
    FromState(state): Shared,
    Path((_, project_id, client_id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let mut data = state.data();
    let project = found_mut(&mut data.console, &project_id)?;
    remove(&mut project.credentials, &client_id)?;
    data.end_tokens(&client_id);
    Ok(StatusCode::OK.into_response())
}
