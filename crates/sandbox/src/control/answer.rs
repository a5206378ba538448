//! What the control API answers where there is nothing to do.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

pub(crate) fn error(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "error": text }))).into_response()
}

pub(crate) fn not_found(text: &str) -> Response {
    error(StatusCode::NOT_FOUND, text)
}
