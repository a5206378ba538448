//! What the control API can do with callbacks.

use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::IdlayrForgery;
use crate::control::answer::not_found;
use crate::idlayr::IdlayrSandbox;
use crate::outbox::Delivery;

type Idlayr = FromState<Arc<IdlayrSandbox>>;

pub(in crate::idlayr) fn router(idlayr: Arc<IdlayrSandbox>) -> Router {
    Router::new()
        .route("/api/idlayr/checks/{check_id}/callback", post(send))
        .route(
            "/api/idlayr/checks/{check_id}/callback/{forgery}",
            post(send_forgery),
        )
        .route("/api/idlayr/signing-key/rotate", post(rotate))
        .with_state(idlayr)
}

async fn send(FromState(idlayr): Idlayr, Path(check_id): Path<String>) -> Response {
    sent(&idlayr, &check_id, None)
}

async fn send_forgery(
    FromState(idlayr): Idlayr,
    Path((check_id, forgery)): Path<(String, String)>,
) -> Response {
    match IdlayrForgery::named(&forgery) {
        Some(forgery) => sent(&idlayr, &check_id, Some(forgery)),
        None => not_found("no such forgery"),
    }
}

fn sent(idlayr: &IdlayrSandbox, check_id: &str, forgery: Option<IdlayrForgery>) -> Response {
    if idlayr.send_callback(check_id, forgery) {
        Json(json!({ "check_id": check_id })).into_response()
    } else {
        not_found("no such ended check with a callback URL")
    }
}

async fn rotate(FromState(idlayr): Idlayr) -> Json<Value> {
    Json(json!({ "kid": idlayr.rotate_signing_key() }))
}

/// A callback in `GET /api/state`.
pub(in crate::idlayr) fn state_json(callback: &Delivery) -> Value {
    let text = |name: &str| {
        let value = callback.headers().get(name);
        value.and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    json!({
        "id": callback.id(),
        "url": callback.url().as_str(),
        "headers": {
            "authorization": text("authorization"),
            "date": text("date"),
            "host": text("host"),
            "x-tru-callback": text("x-tru-callback"),
            "digest": text("digest"),
        },
        "body": String::from_utf8_lossy(callback.body()),
        "state": callback.state().as_str(),
        "attempts": callback.statuses(),
    })
}
