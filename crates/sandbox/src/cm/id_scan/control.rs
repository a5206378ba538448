//! ID Scan's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::handle::{CmIdScan, CmIdScanTask, CmIdScanTransaction};
use super::outcome::CmIdScanOutcome;
use crate::cm::CmSandbox;
use crate::control::answer::error;
use crate::control::deliveries;
use crate::control::html::{SHOWN, escaped};
use crate::outbox::Delivery;

/// The control host's routes below `/cm/id-scan/` and `/api/cm/id-scan/`.
pub(in crate::cm) fn control_router(cm: &Arc<CmSandbox>) -> Router {
    Router::new()
        .route("/cm/id-scan/{id}/expire", post(expire_button))
        .route("/api/cm/id-scan/{id}/expire", post(expire))
        .route("/api/cm/id-scan/{id}/play/{outcome}", post(play))
        .with_state(Arc::clone(cm))
}

fn with_id(id_scan: &CmIdScan, id: &str) -> Option<CmIdScanTransaction> {
    let transactions = id_scan.transactions();
    transactions
        .into_iter()
        .find(|transaction| transaction.id() == id)
}

async fn expire(FromState(cm): FromState<Arc<CmSandbox>>, Path(id): Path<String>) -> Response {
    let is_expired = cm.id_scan().expire(&id);
    match with_id(cm.id_scan(), &id).filter(|_| is_expired) {
        Some(transaction) => Json(transaction_json(&transaction)).into_response(),
        None => error(StatusCode::NOT_FOUND, "no such open transaction"),
    }
}

/// The button leads back to the page, which shows what became of it.
async fn expire_button(FromState(cm): FromState<Arc<CmSandbox>>, Path(id): Path<String>) -> Redirect {
    // A transaction that ended in the meantime is no longer on the page.
    let _ = cm.id_scan().expire(&id);
    Redirect::to("/")
}

async fn play(
    FromState(cm): FromState<Arc<CmSandbox>>,
    Path((id, outcome)): Path<(String, String)>,
) -> Response {
    let Some(transaction) = with_id(cm.id_scan(), &id) else {
        return error(StatusCode::NOT_FOUND, "no such transaction");
    };
    let Ok(outcome) = outcome.parse::<CmIdScanOutcome>() else {
        return error(StatusCode::BAD_REQUEST, "no such outcome");
    };
    match cm.id_scan().play(transaction.url(), outcome) {
        Ok(played) => Json(transaction_json(&played)).into_response(),
        Err(refusal) => error(StatusCode::CONFLICT, &refusal.to_string()),
    }
}

fn transaction_json(transaction: &CmIdScanTransaction) -> Value {
    let tasks: Vec<Value> = transaction
        .tasks()
        .iter()
        .map(|task| {
            json!({
                "type": task.kind(),
                "state": task.state(),
                "attempts": task.attempts(),
                "attempts_invoiced": task.attempts_invoiced(),
            })
        })
        .collect();
    json!({
        "id": transaction.id(),
        "state": transaction.state(),
        "is_expired": transaction.is_expired(),
        "result_id": transaction.result_id(),
        "redact_fields": transaction.redact_fields(),
        "tasks": tasks,
        "url": transaction.url(),
    })
}

/// Without the headers: one of them is the customer's own secret.
fn delivery_json(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id(),
        "url": delivery.url().as_str(),
        "body": String::from_utf8_lossy(delivery.body()),
        "state": delivery.state().as_str(),
        "attempts": delivery.statuses(),
    })
}

impl CmIdScan {
    pub(in crate::cm) fn state_json(&self) -> Value {
        let transactions: Vec<Value> = self.transactions().iter().map(transaction_json).collect();
        let deliveries: Vec<Value> = self.deliveries().iter().map(delivery_json).collect();
        json!({ "transactions": transactions, "deliveries": deliveries })
    }

    pub(in crate::cm) fn panel(&self) -> String {
        let mut html = String::new();
        self.open_transactions_panel(&mut html);
        deliveries::panel_with_events(&mut html, "ID Scan webhook deliveries", &self.deliveries());
        html
    }

    fn open_transactions_panel(&self, html: &mut String) {
        let transactions = self.transactions();
        let open: Vec<_> = transactions
            .iter()
            .filter(|transaction| transaction.is_open())
            .collect();
        // Writing to a String cannot fail.
        let _ = write!(html, "<h3>Open ID Scan transactions ({})</h3>", open.len());
        if open.is_empty() {
            html.push_str("<p>None. Create one with your client; it appears here until it ends.</p>");
            return;
        }
        html.push_str("<table><tr><th>Transaction</th><th>Tasks</th><th>Attempts (charged)</th><th>Play the user</th></tr>");
        for transaction in open.iter().rev().take(SHOWN) {
            let id = escaped(transaction.id());
            let tasks: Vec<String> = transaction
                .tasks()
                .iter()
                .map(|task| format!("{} {}", task.kind(), task.state()))
                .collect();
            let attempts: usize = transaction.tasks().iter().map(CmIdScanTask::attempts).sum();
            let invoiced: usize = transaction
                .tasks()
                .iter()
                .map(CmIdScanTask::attempts_invoiced)
                .sum();
            let _ = write!(
                html,
                "<tr><td><code>{id}</code></td><td>{}</td><td>{attempts} ({invoiced})</td><td>\
                 <a href=\"{}\" target=\"_blank\" rel=\"noreferrer\">Open the page</a> \
                 <form method=\"post\" action=\"/cm/id-scan/{id}/expire\"><button>Let it expire</button></form>\
                 </td></tr>",
                escaped(&tasks.join(", ")),
                escaped(transaction.url()),
            );
        }
        html.push_str("</table>");
    }
}
