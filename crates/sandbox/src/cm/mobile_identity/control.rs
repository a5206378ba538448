//! Mobile Identity's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::handle::{CmMobileIdentity, CmNumberVerify, CmNumberVerifyOutcome};
use crate::cm::CmSandbox;
use crate::control::answer::not_found;
use crate::control::deliveries;
use crate::control::html::{SHOWN, escaped};
use crate::outbox::Delivery;

/// The control host's routes below `/cm/number-verify/` and `/api/cm/number-verify/`.
pub(in crate::cm) fn control_router(cm: &Arc<CmSandbox>) -> Router {
    Router::new()
        .route("/cm/number-verify/{id}/{outcome}", post(finish_button))
        .route("/api/cm/number-verify/{id}/{outcome}", post(finish))
        .with_state(Arc::clone(cm))
}

type Step = Path<(String, String)>;

async fn finish(FromState(cm): FromState<Arc<CmSandbox>>, Path((id, outcome)): Step) -> Response {
    let mobile_identity = cm.mobile_identity();
    let is_finished = CmNumberVerifyOutcome::named(&outcome)
        .is_some_and(|outcome| mobile_identity.finish_number_verify(&id, outcome));
    let checks = mobile_identity.number_verifies();
    match checks.iter().find(|check| check.id() == id) {
        Some(check) if is_finished => Json(check_json(check)).into_response(),
        _ => not_found("no such open check or no such outcome"),
    }
}

/// The button leads back to the page, which shows what became of it.
async fn finish_button(FromState(cm): FromState<Arc<CmSandbox>>, Path((id, outcome)): Step) -> Redirect {
    if let Some(outcome) = CmNumberVerifyOutcome::named(&outcome) {
        // A check that ended in the meantime is no longer on the page.
        let _ = cm.mobile_identity().finish_number_verify(&id, outcome);
    }
    Redirect::to("/")
}

fn check_json(check: &CmNumberVerify) -> Value {
    json!({
        "id": check.id(),
        "state": check.state(),
        "match": check.is_match(),
        "phone_number": check.masked_phone_number(),
        "session_url": check.session_url(),
        "callback_url": check.callback_url().as_str(),
    })
}

fn delivery_json(delivery: &Delivery) -> Value {
    let authorization = delivery.headers().get(AUTHORIZATION);
    json!({
        "id": delivery.id(),
        "url": delivery.url().as_str(),
        "authorization": authorization.and_then(|value| value.to_str().ok()),
        "body": String::from_utf8_lossy(delivery.body()),
        "state": delivery.state().as_str(),
        "attempts": delivery.statuses(),
    })
}

impl CmMobileIdentity {
    pub(in crate::cm) fn state_json(&self) -> Value {
        let checks: Vec<Value> = self.number_verifies().iter().map(check_json).collect();
        let callbacks: Vec<Value> = self.callbacks().iter().map(delivery_json).collect();
        json!({ "number_verifies": checks, "callbacks": callbacks })
    }

    pub(in crate::cm) fn panel(&self) -> String {
        let mut html = String::new();
        self.open_checks_panel(&mut html);
        deliveries::panel_with_events(&mut html, "Number verify callbacks", &self.callbacks());
        html
    }

    fn open_checks_panel(&self, html: &mut String) {
        let checks = self.number_verifies();
        let open: Vec<_> = checks.iter().filter(|check| check.state() == "pending").collect();
        // Writing to a String cannot fail.
        let _ = write!(html, "<h3>Open number verify checks ({})</h3>", open.len());
        if open.is_empty() {
            html.push_str("<p>None. Create one with your client; it appears here until it ends.</p>");
            return;
        }
        html.push_str(
            "<table><tr><th>Check</th><th>Number</th><th>For the phone</th><th>Play the operator</th></tr>",
        );
        for check in open.iter().rev().take(SHOWN) {
            let id = escaped(check.id());
            let _ = write!(
                html,
                "<tr><td><code>{id}</code></td><td>{}</td><td><a href=\"{}\">sessionUrl</a></td><td>",
                escaped(check.masked_phone_number()),
                escaped(check.session_url()),
            );
            for (name, _) in CmNumberVerifyOutcome::NAMES {
                let _ = write!(
                    html,
                    "<form method=\"post\" action=\"/cm/number-verify/{id}/{name}\"><button>{name}</button></form> "
                );
            }
            html.push_str("</td></tr>");
        }
        html.push_str("</table>");
    }
}
