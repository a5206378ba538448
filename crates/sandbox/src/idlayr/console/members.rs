//! The one member, and what opens the console for it (contract idlayr, 13 and 13.1).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde_json::Value;

use super::Shared;
use super::credentials::{CREDENTIALS, Credential, find, remove};
use super::state::Console;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::{Data, State};

const MEMBERS: List<'_> = List::new(
    "members",
    &[
        Property::text("member_id"),
        Property::text("role"),
        Property::text("user_id"),
        Property::text("name"),
        Property::time("created_at"),
    ],
);

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/members", get(list))
        .route("/members/{member_id}", get(one))
        .route(
            "/members/{member_id}/credentials",
            get(credentials).post(create_credential),
        )
        .route(
            "/members/{member_id}/credentials/{client_id}",
            get(credential).delete(delete_credential),
        )
}

fn refuse_unknown(console: &Console, member_id: &str) -> Result<(), Problem> {
    if console.member_id == member_id {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

fn credentials_path(console: &Console) -> String {
    format!("{}/credentials", console.member_path())
}

async fn list(FromState(state): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = MEMBERS.read(query.as_deref())?;
    let console = &state.data().console;
    let path = format!("{}/members", console.path());
    let list = query.answer(&path, vec![console.member_body()]);
    Ok(hal(StatusCode::OK, &list))
}

async fn one(
    FromState(state): Shared,
    Path((_, member_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let console = &state.data().console;
    refuse_unknown(console, &member_id)?;
    Ok(hal(StatusCode::OK, &console.member_body()))
}

async fn credentials(
    FromState(state): Shared,
    Path((_, member_id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = CREDENTIALS.read(query.as_deref())?;
    let console = &state.data().console;
    refuse_unknown(console, &member_id)?;
    let path = credentials_path(console);
    let credentials = console.credentials.iter();
    let bodies = credentials.map(|credential| Value::Object(credential.body(&path, false)));
    Ok(hal(StatusCode::OK, &query.answer(&path, bodies.collect())))
}

/// That its secret has the name that a project's has is inferred (contract 13.1).
async fn create_credential(
    FromState(state): Shared,
    Path((_, member_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let now = state.clock.now();
    let mut data = state.data();
    let Data { console, random, .. } = &mut *data;
    refuse_unknown(console, &member_id)?;
    let credential = Credential::of_member(random, now);
    let body = credential.body(&credentials_path(console), true);
    console.credentials.push(credential);
    Ok(hal(StatusCode::OK, &Value::Object(body)))
}

async fn credential(
    FromState(state): Shared,
    Path((_, member_id, client_id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let console = &state.data().console;
    refuse_unknown(console, &member_id)?;
    let credential = find(&console.credentials, &client_id).ok_or_else(Problem::not_found)?;
    let body = credential.body(&credentials_path(console), false);
    Ok(hal(StatusCode::OK, &Value::Object(body)))
}

/// The one that the call is made with can be deleted too (ours).
async fn delete_credential(
    FromState(state): Shared,
    Path((_, member_id, client_id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let mut data = state.data();
    refuse_unknown(&data.console, &member_id)?;
    remove(&mut data.console.credentials, &client_id)?;
    data.end_tokens(&client_id);
    Ok(StatusCode::OK.into_response())
}
