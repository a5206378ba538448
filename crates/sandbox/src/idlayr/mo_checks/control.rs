//! MOCheck on the control page and in the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::handle::IdlayrMoCheck;
use crate::control::answer::not_found;
use crate::control::html::{SHOWN, escaped};
use crate::idlayr::IdlayrSandbox;

type Idlayr = FromState<Arc<IdlayrSandbox>>;

pub(in crate::idlayr) fn control_router(idlayr: Arc<IdlayrSandbox>) -> Router {
    Router::new()
        .route("/idlayr/mo-checks/{check_id}/sms", post(button))
        .route("/api/idlayr/mo-checks/{check_id}/sms", post(send))
        .with_state(idlayr)
}

async fn send(FromState(idlayr): Idlayr, Path(check_id): Path<String>) -> Response {
    match idlayr.send_sms(&check_id) {
        Some(verified) => Json(json!({ "check_id": check_id, "verified": verified })).into_response(),
        None => not_found("no such MOCheck"),
    }
}

async fn button(FromState(idlayr): Idlayr, Path(check_id): Path<String>) -> Redirect {
    // A check that there is no more is no longer on the page.
    let _ = idlayr.send_sms(&check_id);
    Redirect::to("/")
}

pub(in crate::idlayr) fn state_json(check: &IdlayrMoCheck) -> Value {
    json!({
        "check_id": check.check_id(),
        "phone_number": check.masked_phone_number(),
        "mo_receiver": check.mo_receiver(),
        "mo_body": check.mo_body(),
        "verified": check.is_verified(),
    })
}

/// The last `shown` of them.
pub(in crate::idlayr) fn panel(html: &mut String, checks: &[IdlayrMoCheck]) {
    if checks.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = write!(html, "<h3>MOChecks ({})</h3>", checks.len());
    html.push_str(
        "<table><tr><th>Check</th><th>Number</th><th>SMS to</th><th>SMS text</th><th>Verified</th>\
         <th>Play the device</th></tr>",
    );
    for check in checks.iter().rev().take(SHOWN) {
        let id = escaped(check.check_id());
        let _ = write!(
            html,
            "<tr><td><code>{id}</code></td><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td><td>\
             <form method=\"post\" action=\"/idlayr/mo-checks/{id}/sms\"><button>Send the SMS</button></form>\
             </td></tr>",
            escaped(check.masked_phone_number()),
            check.mo_receiver(),
            escaped(check.mo_body()),
            check.is_verified(),
        );
    }
    html.push_str("</table>");
}
