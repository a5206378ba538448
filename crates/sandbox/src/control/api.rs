//! The control API for tests, and the actions behind the page's buttons.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Shared;
use super::answer::error;
use crate::clock::date_time;
use crate::device::{DeviceError, DeviceResult};

/// Ten years: dates stay such that every client can read them.
const LARGEST_STEP: u64 = 10 * 366 * 24 * 60 * 60;

pub(super) async fn state(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let exports: Map<String, Value> = shared
        .providers
        .exports()
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let mut state = Map::new();
    state.insert("now".to_owned(), json!(date_time(shared.clock.now())));
    state.insert("exports".to_owned(), Value::Object(exports));
    for provider in shared.providers.all() {
        state.insert(provider.name().to_owned(), provider.state_json());
    }
    Json(Value::Object(state))
}

pub(super) async fn calls(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let calls: Vec<Value> = shared
        .calls
        .all()
        .iter()
        .map(|call| {
            json!({
                "at": date_time(call.at),
                "host": call.host,
                "method": call.method.as_str(),
                "path": call.path,
                "status": call.status.map(|status| status.as_u16()),
                "authentication": call.authentication,
            })
        })
        .collect();
    Json(json!({ "calls": calls }))
}

/// Opens a check's URL with a device. `None` if there is no such check, or none that needs a device.
async fn open_check(shared: &Shared, check_id: &str) -> Option<Result<DeviceResult, DeviceError>> {
    let checks = shared.providers.idlayr.checks();
    let check = checks.iter().find(|check| check.check_id() == check_id)?;
    Some(shared.device.follow(check.check_url()?).await)
}

pub(super) async fn open(State(shared): State<Arc<Shared>>, Path(check_id): Path<String>) -> Response {
    match open_check(&shared, &check_id).await {
        None => error(StatusCode::NOT_FOUND, "no such check"),
        Some(Err(failure)) => error(StatusCode::BAD_GATEWAY, &failure.to_string()),
        Some(Ok(result)) => Json(result_json(&result)).into_response(),
    }
}

fn result_json(result: &DeviceResult) -> Value {
    let hops: Vec<Value> = result
        .hops()
        .iter()
        .map(|hop| json!({ "host": hop.host(), "status": hop.status().as_u16() }))
        .collect();
    json!({
        "hops": hops,
        "status": result.status().as_u16(),
        "content_type": result.content_type(),
        "body": String::from_utf8_lossy(result.body()),
        "redirected_to": result.redirected_to().map(url::Url::as_str),
        "code": result.code(),
        "error": result.error(),
    })
}

pub(super) async fn expire(State(shared): State<Arc<Shared>>, Path(check_id): Path<String>) -> Response {
    if shared.providers.idlayr.expire_check(&check_id) {
        Json(json!({ "check_id": check_id, "status": "EXPIRED" })).into_response()
    } else {
        error(StatusCode::NOT_FOUND, "no such open check")
    }
}

#[derive(Deserialize)]
pub(super) struct Advance {
    seconds: u64,
}

pub(super) async fn advance(State(shared): State<Arc<Shared>>, Json(step): Json<Advance>) -> Response {
    if step.seconds > LARGEST_STEP {
        return error(StatusCode::BAD_REQUEST, "seconds must be at most ten years");
    }
    shared.clock.advance(Duration::from_secs(step.seconds));
    Json(json!({ "now": date_time(shared.clock.now()) })).into_response()
}

/// The page's buttons lead back to the page, which shows what became of it.
pub(super) async fn open_button(State(shared): State<Arc<Shared>>, Path(check_id): Path<String>) -> Response {
    match open_check(&shared, &check_id).await {
        Some(Err(failure)) => (StatusCode::BAD_GATEWAY, failure.to_string()).into_response(),
        Some(Ok(_)) | None => Redirect::to("/").into_response(),
    }
}

pub(super) async fn expire_button(
    State(shared): State<Arc<Shared>>,
    Path(check_id): Path<String>,
) -> Redirect {
    // A check that ended in the meantime is no longer on the page.
    let _ = shared.providers.idlayr.expire_check(&check_id);
    Redirect::to("/")
}
