//! The device's side: the redirects from `check_url` through the operator and back (contract 3.7).
//!
//! That there is a chain, what it begins with and what it ends with is documented. The paths in
//! between, the cookie and the operator's pass are ours: they make a device fail that does not keep
//! cookies or skips a hop.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State as FromState};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use super::check::{Chain, Check, Status};
use super::kind::Version;
use super::outcome::Outcome;
use super::traces::Trace;
use super::unknown;
use crate::calls::Verdict;
use crate::idlayr::problem::{Problem, typed};
use crate::idlayr::state::{Api, State};
use crate::idlayr::{method_not_allowed, not_found};
use crate::random::Random;

const COOKIE_NAME: &str = "sandbox_device";
/// Where the vendor's own sandbox leaves to (contract 12).
const OPERATOR_PATH: &str = "callback/sandbox";

/// A code that no country has stands for an operator that cannot redirect (ours). Nothing becomes of the
/// check then but that it expires.
const UNREDIRECTED: &str = "887";

const FINAL_PAGE: &str =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Done</title><p>Done.";

/// The operator's own host.
pub(in crate::idlayr) fn operator_router(state: Arc<State>) -> Router {
    Router::new()
        .route("/callback/sandbox", get(operator).head(method_not_allowed))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state)
}

fn open_to_all(mut response: Response) -> Response {
    response
        .extensions_mut()
        .insert(Verdict("none needed (device)".into()));
    response
}

fn found(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        // Every location is a parsed URL, which holds nothing that a header may not.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A check that has ended cannot be opened again. Nothing is documented for it: "not found" is ours.
fn refuse_ended(check: &Check) -> Result<(), Problem> {
    if check.status == Status::Expired {
        return Err(Problem::check_not_found("The check has expired."));
    }
    if check.status.is_final() || check.device_done {
        return Err(Problem::check_not_found("The check_url was used already."));
    }
    Ok(())
}

/// The first hop. A device that lost its way may start again until the first one has finished.
pub(super) async fn open(FromState(api): FromState<Api>, Path(check_id): Path<String>) -> Response {
    let opened = api.state.with_any_check(&check_id, |check, random, now| {
        if !api.knows(check) {
            return Err(unknown());
        }
        refuse_ended(check)?;
        if check.phone_number.starts_with(UNREDIRECTED) {
            return Err(Problem::mno_redirect_unsupported());
        }
        if check.status == Status::Accepted {
            check.status = Status::Pending;
            check.updated_at = Some(now);
        }
        check.traces.push(Trace::new(
            random,
            now,
            vec!["Device opened check_url.", "Sent to the operator."],
        ));
        let chain = Chain {
            cookie: random.text(24),
            operator_pass: random.text(24),
        };
        let cookie = format!(
            "{COOKIE_NAME}={}; Path=/{}; HttpOnly; SameSite=Lax",
            chain.cookie, check.kind.path
        );
        check.chain = Some(chain);
        Ok(cookie)
    });
    let cookie = match opened.unwrap_or_else(|| Err(unknown())) {
        Ok(cookie) => cookie,
        Err(problem) => return open_to_all(problem.into_response()),
    };
    let mut response = found(&format!(
        "{}{OPERATOR_PATH}?id={check_id}",
        api.state.operator_url
    ));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    open_to_all(response)
}

#[derive(Deserialize)]
struct OperatorQuery {
    id: String,
}

/// The operator recognises the phone by its address and sends it back.
async fn operator(FromState(state): FromState<Arc<State>>, Query(query): Query<OperatorQuery>) -> Response {
    let back = state.with_any_check(&query.id, |check, _, _| {
        refuse_ended(check)?;
        let chain = check.chain.as_ref().ok_or_else(unknown)?;
        let path = check.path();
        Ok(format!(
            "{}{path}/redirect/result?operator_pass={}",
            state.base_url, chain.operator_pass
        ))
    });
    open_to_all(match back.unwrap_or_else(|| Err(unknown())) {
        Ok(location) => found(&location),
        Err(problem) => problem.into_response(),
    })
}

#[derive(Deserialize)]
pub(super) struct ResultQuery {
    operator_pass: String,
}

/// The last hop on IDlayr's side.
pub(super) async fn finish(
    FromState(api): FromState<Api>,
    Path(check_id): Path<String>,
    Query(query): Query<ResultQuery>,
    headers: HeaderMap,
) -> Response {
    let ended = api.state.with_any_check(&check_id, |check, random, now| {
        if !api.knows(check) {
            return Err(unknown());
        }
        refuse_ended(check)?;
        let is_the_device = check.chain.as_ref().is_some_and(|chain| {
            cookie(&headers) == Some(chain.cookie.as_str()) && query.operator_pass == chain.operator_pass
        });
        if !is_the_device {
            return Err(Problem::bad_request(
                "This is not the device that opened check_url.",
            ));
        }
        check.chain = None;
        check.device_done = true;
        check.updated_at = Some(now);
        check.traces.push(Trace::new(
            random,
            now,
            vec!["Device came back from the operator."],
        ));
        Ok(match check.version {
            Version::V0_1 => Html(FINAL_PAGE).into_response(),
            Version::V0_2 => {
                let members = ending(check, random);
                match check.redirect_url.clone() {
                    Some(url) => {
                        let url = with_members(url, &members);
                        found(api.state.callbacks.sign_redirect(url, now).as_str())
                    }
                    None => json_ending(members),
                }
            }
        })
    });
    open_to_all(match ended.unwrap_or_else(|| Err(unknown())) {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    })
}

type Members = Vec<(&'static str, String)>;

/// What v0.2 tells the device. A number that stands for an error fails here, so that both documented
/// endings can be seen; when exactly the vendor's sandbox fails is not documented.
fn ending(check: &mut Check, random: &mut Random) -> Members {
    let mut members = vec![("check_id", check.id.clone())];
    match check.outcome() {
        Outcome::Known { .. } => {
            let code = random.hex(10);
            members.push(("code", code.clone()));
            check.code = Some(code);
        }
        Outcome::Error(code) => {
            check.conclude();
            members.push(("error", code.to_owned()));
            members.push(("error_description", format!("The check ended with {code}.")));
        }
    }
    if let Some(reference_id) = &check.reference_id {
        members.push(("reference_id", reference_id.clone()));
    }
    members
}

fn with_members(mut url: Url, members: &Members) -> Url {
    url.query_pairs_mut().extend_pairs(members);
    url
}

fn json_ending(members: Members) -> Response {
    let body: Map<String, Value> = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect();
    typed(StatusCode::OK, "application/json", &Value::Object(body))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE_NAME).then_some(value))
}
