//! The resources. No status of their errors could be read; 415 for an image of another type is a guess.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::super::State;
use super::super::body::JsonBody;
use super::super::error::ApiError;
use super::super::image::{Image, SOURCE_IP};
use super::super::request_id::RequestId;
use super::state::person_id;
use crate::clock::date_time_with_milliseconds;
use crate::json_answer::json_answer;

/// Contract caf, 4.8.
const TYPES: [&str; 2] = ["jpg", "png"];

/// Reads the URL of a face's picture.
pub(super) fn image(url: &str) -> Result<Image, ApiError> {
    Image::read(url, &TYPES, || {
        ApiError::unsupported_media_type("The image must be a .jpg or .png file.")
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    person_id: String,
    image_url: String,
}

pub(super) async fn register(
    FromState(state): FromState<Arc<State>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    JsonBody(request): JsonBody<Registration>,
) -> Result<Response, ApiError> {
    let person_id = person_id(&request.person_id)
        .ok_or_else(|| ApiError::bad_request("personId must have 5 to 254 letters, digits and @ . _ -"))?;
    let image = image(&request.image_url)?;
    if image.face().is_none() {
        return Err(ApiError::bad_request("The image shows no face."));
    }
    let body = json!({
        "requestId": request_id,
        "message": "Face registration in progress",
        "personId": person_id,
    });
    let now = state.clock.now();
    state.core_faces.data().register(person_id, image, now);
    Ok(json_answer(StatusCode::OK, &body))
}

pub(super) async fn attempt(
    FromState(state): FromState<Arc<State>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    Path(attempt_id): Path<String>,
) -> Result<Response, ApiError> {
    let known = {
        let data = state.core_faces.data();
        let mut attempts = data.attempts.iter();
        attempts.find(|attempt| attempt.id == attempt_id).cloned()
    };
    let attempt = known.ok_or_else(|| ApiError::not_found("There is no such attempt."))?;
    // What follows `id` and `createdAt` could not be read: as on the Mobile API, with `personId` (inferred).
    let data = json!({
        "id": attempt.id,
        "createdAt": date_time_with_milliseconds(attempt.created_at),
        "personId": attempt.person_id,
        "sourceIp": SOURCE_IP,
        "registeredImageUrl": attempt.registered.url,
        "receivedImageUrl": attempt.received.url,
        "faceMatch": attempt.received.face_match_json(&attempt.registered),
        "liveness": attempt.received.liveness_json(),
        "isMatch": attempt.is_match(),
    });
    let body = json!({ "requestId": request_id, "data": data });
    Ok(json_answer(StatusCode::OK, &body))
}

/// "Missing id" is among the documented errors.
pub(super) async fn no_attempt() -> ApiError {
    ApiError::bad_request("The attempt's id is missing.")
}
