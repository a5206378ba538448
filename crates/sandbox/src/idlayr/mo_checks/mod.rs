//! MOCheck: the user's phone sends an SMS. No more is known of it than what is here (contract 7): no
//! status, no end, no list, no charge.

mod control;
mod handle;

use std::sync::Arc;

use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State as FromState};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;

pub(super) use control::{control_router, panel, state_json};
pub use handle::IdlayrMoCheck;

use super::checks::{e164, read, unknown};
use super::gate::{Caller, Gate, gate};
use super::method_not_allowed;
use super::problem::{Problem, hal};
use super::state::State;

/// Where the SMS goes: a number that is set aside for fiction.
const RECEIVER: &str = "447700900777";

#[derive(Debug)]
pub(super) struct MoCheck {
    id: String,
    client_id: String,
    phone_number: String,
    /// The text that only the phone's user was shown.
    body: String,
    is_verified: bool,
}

pub(super) fn router(state: &Arc<State>) -> Router {
    let calls = Router::new()
        .route("/checks", post(create))
        .route("/checks/{check_id}", get(get_one))
        .route_layer(from_fn_with_state(Gate::new(state, "mo_check"), gate));
    Router::new()
        .nest("/mo_check/v0.1", calls)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(state))
}

#[derive(Deserialize)]
struct CreateRequest {
    phone_number: Option<String>,
}

async fn create(
    FromState(state): FromState<Arc<State>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let request: CreateRequest = read(&headers, body)?;
    let phone_number = e164(request.phone_number.as_deref())?;
    let mut data = state.data();
    let check = MoCheck {
        id: data.random.uuid(),
        client_id: caller.client_id,
        phone_number,
        body: data.random.text(12),
        is_verified: false,
    };
    let answer = json!({ "check_id": check.id, "mo_receiver": RECEIVER, "mo_body": check.body });
    data.mo_checks.push(check);
    Ok(hal(StatusCode::CREATED, &answer))
}

async fn get_one(
    FromState(state): FromState<Arc<State>>,
    Extension(caller): Extension<Caller>,
    Path(check_id): Path<String>,
) -> Result<Response, Problem> {
    let data = state.data();
    let check = data
        .mo_checks
        .iter()
        .find(|check| check.id == check_id && check.client_id == caller.client_id)
        .ok_or_else(unknown)?;
    Ok(hal(
        StatusCode::OK,
        &json!({ "check_id": check.id, "verified": check.is_verified }),
    ))
}
