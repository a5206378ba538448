//! The page that the end user opens, usually in an iframe (contract cm-idscan, 8). In the real service it
//! uses the camera; here a person, or a test, says what becomes of each attempt.
//!
//! The page's address and the members of the return URLs are documented. Its forms, its JSON, the message to
//! the parent window and the member `handover` of its query are ours.

mod html;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, USER_AGENT,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::attempt::Source;
use super::outcome::CmIdScanOutcome;
use super::state::{self, NotPlayed};
use super::transaction::{Refusal, Transaction, TransactionState};
use crate::calls::Verdict;
use crate::cm::State;
use crate::cm::method_not_allowed;
use crate::json_answer::json_answer;
use crate::media_type::has_content_type;

/// No form of the page comes near it.
const BODY_LIMIT: usize = 4 * 1024;

pub(in crate::cm) fn router(state: &Arc<State>) -> Router {
    let page = get(show).post(play).head(method_not_allowed);
    Router::new()
        .route("/{locale}/identifications/{token}", page)
        .route(
            "/{locale}/identifications/{token}/state",
            get(read_state).head(method_not_allowed),
        )
        .method_not_allowed_fallback(method_not_allowed)
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::clone(state))
}

/// Locale and token.
type Address = Result<Path<(String, String)>, PathRejection>;

/// Who looks at the page.
#[derive(Clone, Copy, Debug)]
struct Viewer {
    /// It came over from another device, by the link that stands for the QR code.
    handed_over: bool,
    is_phone: bool,
}

impl Viewer {
    fn of(headers: &HeaderMap, query: Option<&str>) -> Self {
        let handed_over = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .any(|(name, value)| name == "handover" && value == "1");
        let is_phone = headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|agent| agent.contains("Mobi"));
        Self {
            handed_over,
            is_phone: is_phone || handed_over,
        }
    }

    fn may_play(self, transaction: &Transaction) -> bool {
        self.is_phone || !transaction.request.mobile_only
    }
}

/// Where the browser goes when the transaction has ended, with the documented members. A phone that took over
/// gets no `resultid` (contract cm-idscan, 8).
fn return_location(transaction: &Transaction, viewer: Viewer) -> Option<Url> {
    if transaction.state == TransactionState::Pending {
        return None;
    }
    let base = if viewer.handed_over {
        &transaction.request.mobile_return_url
    } else {
        &transaction.request.return_url
    };
    let mut url = base.clone()?;
    let mut members = url.query_pairs_mut();
    members.append_pair("trxid", &transaction.id);
    members.append_pair("state", transaction.state.as_str());
    if let (false, Some(result_id)) = (viewer.handed_over, &transaction.result_id) {
        members.append_pair("resultid", result_id);
    }
    drop(members);
    Some(url)
}

async fn show(
    FromState(cm): FromState<Arc<State>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let viewer = Viewer::of(&headers, query.as_deref());
    let now = cm.clock.now();
    let nonce = cm.random().text(24);
    let data = cm.id_scan.data();
    let Some(transaction) = found(&address).and_then(|(locale, token)| {
        data.of_token(token)
            .filter(|transaction| is_for(transaction, locale))
    }) else {
        return notice(StatusCode::NOT_FOUND, "There is no such identification");
    };
    if transaction.is_expired(now) {
        return notice(StatusCode::GONE, "This identification has expired");
    }
    let location = return_location(transaction, viewer);
    let html = html::page(transaction, viewer, location.as_ref(), &nonce, now);
    page(StatusCode::OK, html, Some(&nonce))
}

fn found(address: &Address) -> Option<(&str, &str)> {
    let Path((locale, token)) = address.as_ref().ok()?;
    Some((locale, token))
}

/// The locale is part of the address.
fn is_for(transaction: &Transaction, locale: &str) -> bool {
    transaction.request.locale.to_ascii_lowercase() == locale
}

/// What a page that waits for another device, or for a test, asks for.
async fn read_state(
    FromState(cm): FromState<Arc<State>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let viewer = Viewer::of(&headers, query.as_deref());
    let now = cm.clock.now();
    let data = cm.id_scan.data();
    let transaction = found(&address).and_then(|(locale, token)| {
        data.of_token(token)
            .filter(|transaction| is_for(transaction, locale))
    });
    open_to_all(match transaction {
        Some(transaction) => json_answer(StatusCode::OK, &state_json(transaction, viewer, now)),
        None => error(StatusCode::NOT_FOUND, "There is no such identification."),
    })
}

fn state_json(transaction: &Transaction, viewer: Viewer, now: std::time::SystemTime) -> Value {
    json!({
        "transactionId": transaction.id,
        "state": transaction.state.as_str(),
        "resultId": transaction.result_id,
        "nextTask": transaction.next_task().filter(|_| transaction.is_open(now)).map(|task| task.kind.as_str()),
        "isExpired": transaction.is_expired(now),
        "version": transaction.version(now),
        "returnUrl": return_location(transaction, viewer).as_ref().map(Url::as_str),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    outcome: String,
    source: Option<String>,
}

impl Choice {
    fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        if has_content_type(headers, "application/json") {
            return serde_json::from_slice(body).ok();
        }
        if !has_content_type(headers, "application/x-www-form-urlencoded") {
            return None;
        }
        let member = |wanted: &str| {
            form_urlencoded::parse(body)
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        Some(Self {
            outcome: member("outcome")?,
            source: member("source"),
        })
    }

    /// `None` if either is no name of ours.
    fn meaning(&self) -> Option<(CmIdScanOutcome, Option<Source>)> {
        let source = match &self.source {
            None => None,
            Some(name) => Some(Source::of(name)?),
        };
        Some((self.outcome.parse().ok()?, source))
    }
}

/// Plays one attempt: a form leads back to the page or away to the return URL, JSON gets JSON.
async fn play(
    FromState(cm): FromState<Arc<State>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let wants_json = has_content_type(&headers, "application/json");
    let refuse = |status, text: &str| {
        if wants_json {
            open_to_all(error(status, text))
        } else {
            notice(status, text)
        }
    };
    let viewer = Viewer::of(&headers, query.as_deref());
    let chosen = body
        .ok()
        .and_then(|body| Choice::read(&headers, &body)?.meaning());
    let Some((outcome, source)) = chosen else {
        return refuse(StatusCode::BAD_REQUEST, "That is no outcome");
    };
    let token = match found(&address) {
        Some((locale, token)) => {
            let data = cm.id_scan.data();
            match data
                .of_token(token)
                .filter(|transaction| is_for(transaction, locale))
            {
                Some(transaction) if !viewer.may_play(transaction) => {
                    return refuse(StatusCode::FORBIDDEN, "This identification is for phones only");
                }
                Some(_) => token,
                None => return refuse(StatusCode::NOT_FOUND, "There is no such identification"),
            }
        }
        None => return refuse(StatusCode::NOT_FOUND, "There is no such identification"),
    };
    let now = cm.clock.now();
    let played = state::play(&cm, token, outcome, source, |transaction| {
        let location = return_location(transaction, viewer);
        let own = format!(
            "{}{}",
            transaction.page_url(&cm.page_url).path(),
            if viewer.handed_over { "?handover=1" } else { "" }
        );
        let location = location.map_or(own, Into::into);
        (state_json(transaction, viewer, now), location)
    });
    match played {
        Ok((body, _)) if wants_json => open_to_all(json_answer(StatusCode::OK, &body)),
        Ok((_, location)) => match HeaderValue::from_str(&location) {
            Ok(location) => open_to_all((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()),
            // Every location is a parsed URL, which holds nothing that a header may not.
            Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "The return URL fits no header"),
        },
        Err(refusal) => {
            let (status, text) = explained(refusal);
            refuse(status, text)
        }
    }
}

fn explained(refusal: NotPlayed) -> (StatusCode, &'static str) {
    match refusal {
        NotPlayed::Unknown => (StatusCode::NOT_FOUND, "There is no such identification"),
        NotPlayed::Refused(Refusal::Expired) => (StatusCode::GONE, "This identification has expired"),
        NotPlayed::Refused(Refusal::Ended) => (StatusCode::CONFLICT, "This identification has ended"),
        NotPlayed::Refused(Refusal::NotItsTurn(_)) => {
            (StatusCode::CONFLICT, "That is an outcome of another task")
        }
        NotPlayed::Refused(Refusal::Source) => {
            (StatusCode::BAD_REQUEST, "Documents may not come from that source")
        }
    }
}

fn error(status: StatusCode, text: &str) -> Response {
    json_answer(status, &json!({ "error": text }))
}

fn notice(status: StatusCode, text: &str) -> Response {
    page(status, html::notice(text), None)
}

/// `form-action` stays open: browsers apply it to where a form is redirected to, and that is the customer's
/// own return URL. `frame-ancestors` stays open because the page is made for the customer's iframe.
fn page(status: StatusCode, html: String, nonce: Option<&str>) -> Response {
    let script = nonce.map_or_else(|| "'none'".to_owned(), |nonce| format!("'nonce-{nonce}'"));
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {script}; connect-src 'self'; base-uri 'none'"
    );
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    let mut response = (status, [(CONTENT_TYPE, content_type)], html).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    open_to_all(response)
}

/// The address is the user's secret: it goes into no cache and to no other site.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
        .extensions_mut()
        .insert(Verdict("none needed (end user)".into()));
    response
}
