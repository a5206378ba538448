//! The account's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, Query, State as FromState};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::connect_webhook::CafForgery;
use super::handle::{CafAccount, CafOnboarding, CafTransaction};
use super::onboarding::CafOnboardingOutcome;
use super::review::CafReview;
use crate::caf::handle::CafSandbox;
use crate::control::answer::error;
use crate::control::html::{SHOWN, escaped};

/// The control host's routes for transactions, onboarding links and webhooks.
pub(in crate::caf) fn control_router(caf: &Arc<CafSandbox>) -> Router {
    Router::new()
        .route("/caf/transactions/{id}/{decision}", post(review_button))
        .route("/api/caf/transactions/{id}/{decision}", post(review))
        .route("/api/caf/onboardings/{token}/{outcome}", post(finish))
        .route("/api/caf/onboardings/{token}/face/{verdict}", post(face))
        .route("/api/caf/webhook-urls", post(set_urls))
        .route("/api/caf/connect-events/forge/{forgery}", post(forge))
        .with_state(Arc::clone(caf))
}

type Caf = FromState<Arc<CafSandbox>>;
type Step = Path<(String, String)>;

#[derive(Deserialize)]
struct Code {
    code: Option<String>,
}

async fn review(
    FromState(caf): Caf,
    Path((id, decision)): Step,
    Query(Code { code }): Query<Code>,
) -> Response {
    let Some(decision) = CafReview::named(&decision, code.as_deref()) else {
        return error(StatusCode::BAD_REQUEST, "no such decision");
    };
    match caf.account().review(&id, &decision) {
        Some(transaction) => Json(transaction_json(&transaction)).into_response(),
        None => error(StatusCode::NOT_FOUND, "no such transaction"),
    }
}

/// The button leads back to the page, which shows what became of it.
async fn review_button(FromState(caf): Caf, Path((id, decision)): Step) -> Redirect {
    if let Some(decision) = CafReview::named(&decision, None) {
        let _ = caf.account().review(&id, &decision);
    }
    Redirect::to("/")
}

async fn finish(FromState(caf): Caf, Path((token, outcome)): Step) -> Response {
    let Some(outcome) = CafOnboardingOutcome::named(&outcome) else {
        return error(StatusCode::BAD_REQUEST, "no such outcome");
    };
    match caf.account().finish_onboarding(&token, outcome) {
        Some(transaction) => Json(transaction_json(&transaction)).into_response(),
        None => error(StatusCode::NOT_FOUND, "no such open onboarding"),
    }
}

async fn face(FromState(caf): Caf, Path((token, verdict)): Step) -> Response {
    let is_match = match verdict.as_str() {
        "match" => true,
        "no-match" => false,
        _ => return error(StatusCode::BAD_REQUEST, "no such verdict"),
    };
    if caf.account().authenticate_face(&token, is_match) {
        Json(json!({ "isMatch": is_match })).into_response()
    } else {
        error(StatusCode::NOT_FOUND, "no such open onboarding")
    }
}

/// Those that are left out lead nowhere from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Urls {
    template: Option<String>,
    profile: Option<String>,
    connect: Option<String>,
    global: Option<String>,
}

async fn set_urls(FromState(caf): Caf, Json(urls): Json<Urls>) -> Response {
    let parsed = |url: Option<String>| url.map(|url| Url::parse(&url)).transpose();
    let all = || -> Result<_, url::ParseError> {
        Ok((
            parsed(urls.template)?,
            parsed(urls.profile)?,
            parsed(urls.connect)?,
            parsed(urls.global)?,
        ))
    };
    let Ok((template, profile, connect, global)) = all() else {
        return error(StatusCode::BAD_REQUEST, "that is no URL");
    };
    caf.account().set_webhook_url(template);
    caf.account().set_profile_webhook_url(profile);
    caf.account().set_connect_webhook_url(connect);
    caf.global().set_webhook_url(global);
    StatusCode::NO_CONTENT.into_response()
}

async fn forge(FromState(caf): Caf, Path(forgery): Path<String>) -> Response {
    match CafForgery::named(&forgery) {
        Some(forgery) => {
            caf.account().forge_next_connect_event(forgery);
            StatusCode::NO_CONTENT.into_response()
        }
        None => error(StatusCode::BAD_REQUEST, "no such forgery"),
    }
}

fn transaction_json(transaction: &CafTransaction) -> Value {
    json!({
        "id": transaction.id(),
        "status": transaction.status(),
        "templateId": transaction.template_id(),
        "onboardingId": transaction.onboarding_id(),
    })
}

fn onboarding_json(onboarding: &CafOnboarding) -> Value {
    json!({
        "id": onboarding.id(),
        "url": onboarding.url().as_str(),
        "is_open": onboarding.is_open(),
        "transactionId": onboarding.transaction_id(),
    })
}

impl CafAccount {
    pub(in crate::caf) fn state_json(&self) -> Value {
        let transactions: Vec<Value> = self.transactions().iter().map(transaction_json).collect();
        let onboardings: Vec<Value> = self.onboardings().iter().map(onboarding_json).collect();
        json!({ "transactions": transactions, "onboardings": onboardings })
    }

    pub(in crate::caf) fn panel(&self, html: &mut String) {
        self.transactions_panel(html);
        self.onboardings_panel(html);
    }

    fn transactions_panel(&self, html: &mut String) {
        let transactions = self.transactions();
        // Writing to a String cannot fail.
        let _ = write!(html, "<h3>CAF transactions ({})</h3>", transactions.len());
        if transactions.is_empty() {
            html.push_str("<p>None. Create one with your client.</p>");
            return;
        }
        html.push_str("<table><tr><th>Transaction</th><th>Status</th><th>Review it</th></tr>");
        for transaction in transactions.iter().rev().take(SHOWN) {
            let id = escaped(transaction.id());
            let _ = write!(
                html,
                "<tr><td><code>{id}</code></td><td>{}</td><td>",
                escaped(transaction.status())
            );
            for decision in ["approved", "reproved", "pending"] {
                let _ = write!(
                    html,
                    "<form method=\"post\" action=\"/caf/transactions/{id}/{decision}\">\
                     <button>{decision}</button></form> "
                );
            }
            html.push_str("</td></tr>");
        }
        html.push_str("</table>");
    }

    fn onboardings_panel(&self, html: &mut String) {
        let onboardings = self.onboardings();
        let open: Vec<_> = onboardings
            .iter()
            .filter(|onboarding| onboarding.is_open())
            .collect();
        let _ = write!(html, "<h3>Open CAF onboarding links ({})</h3>", open.len());
        if open.is_empty() {
            html.push_str("<p>None. Create one with your client; it appears here until it ends.</p>");
            return;
        }
        html.push_str("<table><tr><th>Onboarding</th><th>For the end user</th></tr>");
        for onboarding in open.iter().rev().take(SHOWN) {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td><a href=\"{}\" target=\"_blank\" rel=\"noreferrer\">page</a></td></tr>",
                escaped(onboarding.id()),
                escaped(onboarding.url().as_str()),
            );
        }
        html.push_str("</table>");
    }
}
