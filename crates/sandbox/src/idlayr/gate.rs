//! What every product call passes first: the bearer token, its scope, the rate limit.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::Problem;
use super::state::{Api, Quota};
use crate::calls::Verdict;

const SCOPE: &str = "phone_check";
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The project that a product call comes from.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) client_id: String,
}

/// Lets a call pass that has a valid token with the product's scope, within the rate limit.
pub(super) async fn gate(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let caller = match authenticate(&api, request.headers()) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(caller);
    // The limit is per workspace, and only a valid token tells the workspace: calls without one do not
    // count (ours).
    let quota = api.state.count_call();
    let mut response = if quota.is_exceeded {
        Problem::too_many_requests(quota.wait).into_response()
    } else {
        next.run(request).await
    };
    announce(response.headers_mut(), quota);
    response
        .extensions_mut()
        .insert(Verdict("bearer token ok (scope phone_check)".into()));
    response
}

fn announce(headers: &mut HeaderMap, quota: Quota) {
    headers.insert(LIMIT, HeaderValue::from(quota.limit));
    headers.insert(REMAINING, HeaderValue::from(quota.remaining));
    headers.insert(RESET, HeaderValue::from(quota.reset));
}

fn authenticate(api: &Api, headers: &HeaderMap) -> Result<Caller, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values
        .next()
        .ok_or_else(|| Problem::unauthorized("no Authorization header"))?;
    if values.next().is_some() {
        return Err(Problem::unauthorized("more than one Authorization header"));
    }
    let token = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim_matches(' '))
        .ok_or_else(|| Problem::unauthorized("the Authorization header is not a bearer token"))?;

    let now = api.state.clock.now();
    let data = api.state.data();
    let known = data
        .tokens
        .get(token)
        .ok_or_else(|| Problem::access_token_error("bearer token unknown"))?;
    if known.revoked {
        return Err(Problem::access_token_error("bearer token revoked"));
    }
    if now >= known.expires_at {
        return Err(Problem::access_token_error("bearer token expired"));
    }
    if !known.scopes.iter().any(|scope| scope == SCOPE) {
        return Err(Problem::forbidden("bearer token lacks the scope phone_check"));
    }
    Ok(Caller {
        client_id: known.client_id.clone(),
    })
}
