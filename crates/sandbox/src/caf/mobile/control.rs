//! The Mobile API's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::super::handle::CafSandbox;
use super::handle::CafMobile;
use super::signed_response::CafSpoiledResponse;
use crate::control::answer::not_found;
use crate::control::html::{SHOWN, escaped};

/// The control host's routes for the Mobile API.
pub(in crate::caf) fn control_router(caf: &Arc<CafSandbox>) -> Router {
    Router::new()
        .route("/api/caf/mobile/signed-responses/{flaw}", post(spoil))
        .with_state(Arc::clone(caf))
}

async fn spoil(FromState(caf): FromState<Arc<CafSandbox>>, Path(flaw): Path<String>) -> Response {
    match CafSpoiledResponse::NAMES.iter().find(|(name, _)| *name == flaw) {
        Some((name, flaw)) => {
            caf.mobile().spoil_next_signed_response(*flaw);
            Json(json!({ "next_signed_response": name })).into_response()
        }
        None => not_found("no such flaw"),
    }
}

impl CafMobile {
    pub(in crate::caf) fn state_json(&self) -> Value {
        let attempts: Vec<Value> = self
            .attempts()
            .iter()
            .map(|attempt| json!({ "attemptId": attempt.id(), "isMatch": attempt.is_match() }))
            .collect();
        json!({ "registered_faces": self.registered_faces(), "attempts": attempts })
    }

    /// Nobody's CPF is shown.
    pub(in crate::caf) fn panel(&self, html: &mut String) {
        let attempts = self.attempts();
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<h3>CAF Mobile: {} registered faces, {} authentications</h3>",
            self.registered_faces(),
            attempts.len()
        );
        if attempts.is_empty() {
            return;
        }
        html.push_str("<table><tr><th>Attempt</th><th>Made</th><th>Match</th></tr>");
        for attempt in attempts.iter().rev().take(SHOWN) {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escaped(attempt.id()),
                escaped(&crate::clock::date_time(attempt.created_at())),
                if attempt.is_match() { "yes" } else { "no" },
            );
        }
        html.push_str("</table>");
    }
}
