//! The page behind `sessionUrl`. In the real service the operator recognises the phone that opens it; here a
//! person says what the operator finds.

use std::sync::Arc;

use axum::Form;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State as FromState};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

use super::callback;
use super::handle::CmNumberVerifyOutcome;
use super::number_verify::Check;
use crate::calls::Verdict;
use crate::cm::{State, method_not_allowed};

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Number Verify</title><style>
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
button { font: inherit; display: block; width: 100%; margin: .8rem 0; padding: .8rem; }
</style></head><body><main>
"#;

const CHOICE: &str = r#"<p>The real operator recognises the phone by its mobile data connection. Say what it finds:</p>
<form method="post">
<button name="outcome" value="match">The phone has this number</button>
<button name="outcome" value="no-match">The phone has another number</button>
<button name="outcome" value="failed">The check fails</button>
</form>
"#;

/// The page is open to the phone: no token.
pub(in crate::cm) fn router(state: &Arc<State>) -> Router {
    let page = get(show).post(choose).head(method_not_allowed);
    Router::new()
        .route("/number-verify-sessions/{session}", page)
        .with_state(Arc::clone(state))
}

async fn show(FromState(state): FromState<Arc<State>>, Path(session): Path<String>) -> Response {
    let data = state.mobile_identity.data();
    match data.with_session(&session) {
        Some(check) => page(StatusCode::OK, &body(check)),
        None => unknown(),
    }
}

#[derive(Deserialize)]
struct Choice {
    outcome: String,
}

async fn choose(
    FromState(state): FromState<Arc<State>>,
    Path(session): Path<String>,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Some(id) = state
        .mobile_identity
        .data()
        .with_session(&session)
        .map(|check| check.id.clone())
    else {
        return unknown();
    };
    let outcome = choice
        .ok()
        .and_then(|Form(choice)| CmNumberVerifyOutcome::named(&choice.outcome));
    let Some(outcome) = outcome else {
        return page(StatusCode::BAD_REQUEST, "<h1>That is no outcome</h1>");
    };
    if callback::finish(&state, &id, outcome) {
        open_to_all(Redirect::to(&format!("/number-verify-sessions/{session}")).into_response())
    } else {
        page(StatusCode::CONFLICT, "<h1>This check has ended already</h1>")
    }
}

fn body(check: &Check) -> String {
    let number = check.phone_number.masked();
    match check.outcome {
        None => format!("<h1>Is this phone {number}?</h1>{CHOICE}"),
        Some(CmNumberVerifyOutcome::Match) => format!("<h1>Done</h1><p>This phone is {number}.</p>"),
        Some(CmNumberVerifyOutcome::NoMatch) => format!("<h1>Done</h1><p>This phone is not {number}.</p>"),
        Some(CmNumberVerifyOutcome::Failed) => "<h1>The check failed</h1>".to_owned(),
    }
}

fn unknown() -> Response {
    page(StatusCode::NOT_FOUND, "<h1>There is no such session</h1>")
}

fn page(status: StatusCode, body: &str) -> Response {
    let page = Html(format!("{HEAD}{body}</main></body></html>\n"));
    open_to_all((status, page).into_response())
}

/// The address is the phone's secret: it goes into no cache and to no other site.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
        .extensions_mut()
        .insert(Verdict("none needed (phone)".into()));
    response
}
