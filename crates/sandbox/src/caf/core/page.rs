//! Where an onboarding link leads: a person here says how it ends, where the real page would ask for
//! documents and a selfie. It loads nothing and fits a phone.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use http::{HeaderValue, StatusCode, Uri};
use url::form_urlencoded;

use crate::caf::account::{CafOnboardingOutcome, Link};
use crate::caf::method_not_allowed;
use crate::caf::state::State;
use crate::calls::Verdict;

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Identity verification</title><style>
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } form { margin: 0; } fieldset { margin: 1.5rem 0; padding: .5rem 1rem; }
button { font: inherit; box-sizing: border-box; width: 100%; padding: .7rem; margin: .4rem 0; }
</style></head><body><main>
"#;

const CHOICE: &str = r#"<h1>Verify your identity</h1>
<p>The real page would now ask for documents and a selfie. Say how it ends.</p>
<form method="post">
<fieldset><legend>You send everything, and the transaction becomes</legend>
<button name="outcome" value="approved">Approved</button>
<button name="outcome" value="reproved">Reproved: the document cannot be read</button>
<button name="outcome" value="pending">Pending: somebody has to look at it</button>
<button name="outcome" value="processing">None of these: it stays in progress</button>
</fieldset>
<fieldset><legend>Before that, your face is compared</legend>
<button name="face" value="match">It is yours</button>
<button name="face" value="no-match">It is not yours</button>
</fieldset>
</form>
"#;

const DONE: &str = "<h1>Done</h1><p>Everything was sent. You can close this page.</p>";
const COMPARED: &str = "<h1>Your face was compared</h1><p><a href=\"\">Go on</a></p>";

pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .route("/onboarding", get(show).post(choose).head(method_not_allowed))
        .with_state(Arc::clone(state))
}

fn value_of(text: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(text)
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
}

/// Why a link leads nowhere.
enum Closed {
    Unknown,
    Expired,
}

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => page(StatusCode::NOT_FOUND, "<h1>There is no such link</h1>"),
            Self::Expired => page(StatusCode::GONE, "<h1>This link has expired</h1>"),
        }
    }
}

/// The link that the address names, if it still works or has come to its end.
fn visited(state: &State, uri: &Uri) -> Result<Link, Closed> {
    let token = value_of(uri.query().unwrap_or_default().as_bytes(), "token").unwrap_or_default();
    let link = state
        .account
        .data()
        .link(&token)
        .cloned()
        .ok_or(Closed::Unknown)?;
    if link.transaction_id.is_none() && link.is_expired(state.clock.now()) {
        return Err(Closed::Expired);
    }
    Ok(link)
}

async fn show(FromState(state): FromState<Arc<State>>, uri: Uri) -> Response {
    match visited(&state, &uri) {
        Err(closed) => closed.into_response(),
        Ok(link) if link.transaction_id.is_some() => page(StatusCode::OK, DONE),
        Ok(_) => page(StatusCode::OK, CHOICE),
    }
}

async fn choose(FromState(state): FromState<Arc<State>>, uri: Uri, form: Bytes) -> Response {
    let link = match visited(&state, &uri) {
        Err(closed) => return closed.into_response(),
        Ok(link) => link,
    };
    let is_match = match value_of(&form, "face").as_deref() {
        Some("match") => Some(true),
        Some("no-match") => Some(false),
        _ => None,
    };
    let outcome = value_of(&form, "outcome").and_then(|name| CafOnboardingOutcome::named(&name));
    match (outcome, is_match) {
        (Some(outcome), None) => match state.finish_link(&link.token, outcome) {
            Some(_) => page(StatusCode::OK, DONE),
            None => page(StatusCode::CONFLICT, DONE),
        },
        (None, Some(is_match)) if state.authenticate_face(&link.token, is_match) => {
            page(StatusCode::OK, COMPARED)
        }
        (None, Some(_)) => page(StatusCode::CONFLICT, DONE),
        _ => page(StatusCode::BAD_REQUEST, "<h1>That is no choice</h1>"),
    }
}

/// The address is the end user's secret: it goes into no cache and to no other site.
fn page(status: StatusCode, body: &str) -> Response {
    let mut response = (status, Html(format!("{HEAD}{body}</main></body></html>\n"))).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
        ),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
        .extensions_mut()
        .insert(Verdict("none needed (end user)".into()));
    response
}
