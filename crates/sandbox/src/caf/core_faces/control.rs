//! The faces' part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::handle::CafSandbox;
use super::handle::CafCoreFaces;
use crate::control::answer::not_found;

/// The control host's routes for the Core API's faces.
pub(in crate::caf) fn control_router(caf: &Arc<CafSandbox>) -> Router {
    Router::new()
        .route("/api/caf/core/faces/attempts", post(attempt))
        .with_state(Arc::clone(caf))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ByTheSdk {
    person_id: String,
    image_url: String,
}

async fn attempt(FromState(caf): FromState<Arc<CafSandbox>>, Json(sdk): Json<ByTheSdk>) -> Response {
    match caf.core_faces().attempt(&sdk.person_id, &sdk.image_url) {
        Some(id) => Json(json!({ "attemptId": id })).into_response(),
        None => not_found("the person has no face yet, or this is no picture"),
    }
}

impl CafCoreFaces {
    pub(in crate::caf) fn state_json(&self) -> Value {
        let attempts: Vec<Value> = self
            .attempts()
            .iter()
            .map(|attempt| json!({ "attemptId": attempt.id(), "isMatch": attempt.is_match() }))
            .collect();
        json!({ "registered_faces": self.registered_faces(), "attempts": attempts })
    }

    pub(in crate::caf) fn panel(&self, html: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<h3>CAF Core: {} registered faces, {} attempts by SDKs</h3>",
            self.registered_faces(),
            self.attempts().len()
        );
    }
}
