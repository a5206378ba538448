//! The widget: where the real one looks at documents and faces, a person here says how the session ends.

mod page;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use url::{Url, form_urlencoded};

use super::callback::{self, IdentomatEvent};
use super::outcome::IdentomatOutcome;
use super::session::Session;
use super::state::State;
use page::{closing, finished, opening, page};

/// What is kept of the browser's name.
const USER_AGENT_LENGTH: usize = 300;

/// The widget's page (contract identomat, 8).
pub(super) fn router() -> Router<Arc<State>> {
    Router::new().route("/", get(show).post(choose).head(super::method_not_allowed))
}

/// The value of a name in a query or a form.
fn value_of(text: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(text)
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
}

/// The session that the address names, opened by this visit.
fn visited(state: &State, uri: &Uri, headers: &HeaderMap) -> Result<Session, Closed> {
    let query = uri.query().unwrap_or_default();
    let token = value_of(query.as_bytes(), "session_token").unwrap_or_default();
    let user_agent: String = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(USER_AGENT_LENGTH)
        .collect();
    opened(state, &token, user_agent)
}

/// Why a session cannot be opened.
#[derive(Debug)]
pub(super) enum Closed {
    Unknown,
    Late,
}

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => page(StatusCode::NOT_FOUND, "<h1>There is no such session</h1>"),
            Self::Late => page(StatusCode::GONE, "<h1>This session was not opened in time</h1>"),
        }
    }
}

/// Opens a session, as the end user's browser does.
pub(super) fn opened(state: &State, token: &str, user_agent: String) -> Result<Session, Closed> {
    let now = state.clock.now();
    let mut data = state.data();
    let session = data.session_mut(token).ok_or(Closed::Unknown)?;
    if session.is_invalid(now, state.token_lifetime) {
        return Err(Closed::Late);
    }
    if !session.is_finished() {
        session.is_opened = true;
        session.user_agent = user_agent;
    }
    Ok(session.clone())
}

/// Ends a session as its end user. `None` if there is none or if it has come to its end already.
pub(super) fn finish(state: &State, token: &str, outcome: IdentomatOutcome) -> Option<Session> {
    let mut data = state.data();
    let session = data
        .session_mut(token)
        .filter(|session| session.is_opened && !session.is_finished())?;
    session.outcome = Some(outcome);
    Some(session.clone())
}

async fn show(FromState(state): FromState<Arc<State>>, uri: Uri, headers: HeaderMap) -> Response {
    match visited(&state, &uri, &headers) {
        Err(closed) => closed.into_response(),
        Ok(session) if session.is_finished() => page(StatusCode::OK, finished()),
        Ok(session) => page(StatusCode::OK, &opening(&session)),
    }
}

async fn choose(
    FromState(state): FromState<Arc<State>>,
    uri: Uri,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let session = match visited(&state, &uri, &headers) {
        Ok(session) => session,
        Err(closed) => return closed.into_response(),
    };
    if let Some(kind) = value_of(&form, "event") {
        let phone_number = value_of(&form, "phone").filter(|number| !number.is_empty());
        let event = phone_number.and_then(|number| IdentomatEvent::named(&kind, number));
        let is_sent = event.is_some_and(|event| callback::send(&state, &session.token, event));
        return if is_sent {
            page(StatusCode::OK, page::SENT)
        } else {
            page(
                StatusCode::BAD_REQUEST,
                "<h1>That is no event or no phone number</h1>",
            )
        };
    }
    let reason = value_of(&form, "reason");
    let outcome =
        value_of(&form, "outcome").and_then(|name| IdentomatOutcome::named(&name, reason.as_deref()));
    let Some(outcome) = outcome else {
        return page(StatusCode::BAD_REQUEST, "<h1>That is no outcome</h1>");
    };
    let is_left = outcome == IdentomatOutcome::Abandoned;
    if finish(&state, &session.token, outcome).is_none() {
        return page(StatusCode::CONFLICT, finished());
    }
    if is_left {
        return page(StatusCode::OK, page::LEFT);
    }
    match return_url(&session) {
        // What the real widget adds to the address is not known: nothing is added here.
        Some(url) => (StatusCode::SEE_OTHER, [(LOCATION, url)]).into_response(),
        None => closing(&state, &session),
    }
}

/// Written as a browser would write it: begun with may be any Unicode.
fn return_url(session: &Session) -> Option<HeaderValue> {
    let url = Url::parse(session.text("return_url")?).ok()?;
    HeaderValue::from_str(url.as_str()).ok()
}
