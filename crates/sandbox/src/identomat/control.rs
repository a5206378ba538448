//! Identomat's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::callback::IdentomatEvent;
use super::handle::{IdentomatSandbox, IdentomatSession};
use super::outcome::{IdentomatOutcome, NAMES};
use crate::control::answer::not_found;
use crate::control::deliveries;
use crate::control::html::{SHOWN, escaped};
use crate::outbox::Delivery;
use crate::providers::Emulated;

type Identomat = FromState<Arc<IdentomatSandbox>>;
type Step = Path<(String, String)>;

#[derive(Deserialize)]
struct Reason {
    reason: Option<String>,
}

async fn finish(
    FromState(identomat): Identomat,
    Path((token, outcome)): Step,
    Query(Reason { reason }): Query<Reason>,
) -> Response {
    let is_finished = IdentomatOutcome::named(&outcome, reason.as_deref())
        .is_some_and(|outcome| identomat.finish(&token, outcome));
    match identomat.session(&token) {
        Some(session) if is_finished => Json(session_json(&identomat, &session)).into_response(),
        _ => not_found("no such open session or no such outcome"),
    }
}

/// The button leads back to the page, which shows what became of it.
async fn finish_button(FromState(identomat): Identomat, Path((token, outcome)): Step) -> Redirect {
    if let Some(outcome) = IdentomatOutcome::named(&outcome, None) {
        // A session that ended in the meantime is no longer among the open ones.
        let _ = identomat.finish(&token, outcome);
    }
    Redirect::to("/")
}

#[derive(Deserialize)]
struct To {
    phone_number: String,
}

async fn callback(
    FromState(identomat): Identomat,
    Path((token, kind)): Step,
    Json(To { phone_number }): Json<To>,
) -> Response {
    let Some(event) = IdentomatEvent::named(&kind, phone_number) else {
        return not_found("no such event");
    };
    if identomat.send_callback(&token, event) {
        Json(json!({ "type": kind })).into_response()
    } else {
        not_found("no such session")
    }
}

fn result_of(session: &IdentomatSession) -> &'static str {
    session.outcome().map_or("in_progress", IdentomatOutcome::result)
}

fn session_json(identomat: &IdentomatSandbox, session: &IdentomatSession) -> Value {
    json!({
        "session_token": session.token(),
        "widget_url": identomat.widget_address(session.token()).as_str(),
        "is_opened": session.is_opened(),
        "result": result_of(session),
        "config_id": session.config_id(),
        "parent_session_id": session.parent_session_id(),
    })
}

fn callback_json(callback: &Delivery) -> Value {
    json!({
        "body": String::from_utf8_lossy(callback.body()),
        "state": callback.state().as_str(),
        "attempts": callback.statuses(),
    })
}

impl Emulated for IdentomatSandbox {
    fn name(&self) -> &'static str {
        "identomat"
    }

    fn exports(&self) -> Vec<(&'static str, &str)> {
        vec![
            (
                "IDENTOMAT_BASE_URL",
                self.base_url().as_str().trim_end_matches('/'),
            ),
            (
                "IDENTOMAT_WIDGET_URL",
                self.widget_url().as_str().trim_end_matches('/'),
            ),
            ("IDENTOMAT_COMPANY_KEY", self.company_key()),
            ("IDENTOMAT_SECRET_KEY", self.secret_key()),
            ("IDENTOMAT_ALLOW_PLAIN_HTTP", "true"),
        ]
    }

    fn state_json(&self) -> Value {
        let sessions: Vec<Value> = self
            .sessions()
            .iter()
            .map(|session| session_json(self, session))
            .collect();
        let callbacks: Vec<Value> = self.callbacks().iter().map(callback_json).collect();
        json!({
            "company_key": self.company_key(),
            "secret_key": self.secret_key(),
            "callback_api_key": self.callback_api_key(),
            "base_url": self.base_url().as_str(),
            "widget_url": self.widget_url().as_str(),
            "sessions": sessions,
            "callbacks": callbacks,
        })
    }

    fn panel(&self) -> String {
        let mut html = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            html,
            "<h2>Identomat</h2><table><tr><th>Stands for</th><th>URL</th></tr>\
             <tr><td>widget.identomat.com/external-api/</td><td><code>{}</code></td></tr>\
             <tr><td>widget.identomat.com</td><td><code>{}</code></td></tr></table>\
             <h3>Keys (made up)</h3><table><tr><th>Company key</th><th>Secret key</th><th>Callback API key</th></tr>\
             <tr><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code></td></tr></table>",
            escaped(self.base_url().as_str()),
            escaped(self.widget_url().as_str()),
            escaped(self.company_key()),
            escaped(self.secret_key()),
            escaped(self.callback_api_key()),
        );
        self.open_sessions_panel(&mut html);
        deliveries::panel(&mut html, "Identomat callbacks", &self.callbacks());
        html
    }

    fn control_router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/identomat/sessions/{token}/{outcome}", post(finish_button))
            .route("/api/identomat/sessions/{token}/{outcome}", post(finish))
            .route("/api/identomat/sessions/{token}/callbacks/{kind}", post(callback))
            .with_state(self)
    }
}

impl IdentomatSandbox {
    fn open_sessions_panel(&self, html: &mut String) {
        let sessions = self.sessions();
        let open: Vec<_> = sessions
            .iter()
            .filter(|session| result_of(session) == "in_progress")
            .collect();
        let _ = write!(html, "<h3>Open Identomat sessions ({})</h3>", open.len());
        if open.is_empty() {
            html.push_str("<p>None. Begin one with your client; it appears here until it ends.</p>");
            return;
        }
        html.push_str("<table><tr><th>Began</th><th>For the end user</th><th>Play the end user</th></tr>");
        for session in open.iter().rev().take(SHOWN) {
            let _ = write!(
                html,
                "<tr><td>{}</td><td><a href=\"{}\">widget</a></td><td>",
                escaped(&crate::clock::date_time(session.began())),
                escaped(self.widget_address(session.token()).as_str()),
            );
            for name in NAMES {
                let _ = write!(
                    html,
                    "<form method=\"post\" action=\"/identomat/sessions/{}/{name}\"><button>{name}</button></form> ",
                    escaped(session.token()),
                );
            }
            html.push_str("</td></tr>");
        }
        html.push_str("</table>");
    }
}
