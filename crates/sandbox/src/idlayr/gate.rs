//! What every product call passes first: the bearer token, its scope, the rate limit.

use std::sync::Arc;

use axum::extract::{Request, State as FromState};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::Problem;
use super::state::{Quota, State};
use crate::authorization::bearer_token;
use crate::calls::Verdict;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The project that a product call comes from.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) client_id: String,
}

/// What a group of calls asks of the token.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    state: Arc<State>,
    scope: &'static str,
    /// Whether the token may have no other scope: it came from a device, and is no secret any more.
    is_for_devices: bool,
}

impl Gate {
    pub(super) fn new(state: &Arc<State>, scope: &'static str) -> Self {
        Self {
            state: Arc::clone(state),
            scope,
            is_for_devices: false,
        }
    }

    /// "A token handed to a device must carry `coverage` only" (contract 2.2). That one with more is
    /// refused, and as if it had too little, is ours.
    pub(super) fn for_devices(mut self) -> Self {
        self.is_for_devices = true;
        self
    }
}

/// Lets a call pass that has a valid token with the product's scope, within the rate limit.
pub(super) async fn gate(FromState(gate): FromState<Gate>, mut request: Request, next: Next) -> Response {
    let caller = match gate.authenticate(request.headers()) {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(caller);
    // The limit is per workspace, and only a valid token tells the workspace: calls without one do not
    // count (ours).
    let quota = gate.state.count_call();
    let mut response = if quota.is_exceeded {
        Problem::too_many_requests(quota.wait).into_response()
    } else {
        next.run(request).await
    };
    announce(response.headers_mut(), quota);
    response
        .extensions_mut()
        .insert(Verdict(format!("bearer token ok (scope {})", gate.scope).into()));
    response
}

fn announce(headers: &mut HeaderMap, quota: Quota) {
    headers.insert(LIMIT, HeaderValue::from(quota.limit));
    headers.insert(REMAINING, HeaderValue::from(quota.remaining));
    headers.insert(RESET, HeaderValue::from(quota.reset));
}

impl Gate {
    fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let token = bearer_token(headers).map_err(Problem::unauthorized)?;

        let now = self.state.clock.now();
        let data = self.state.data();
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
        if !known.scopes.iter().any(|scope| scope == self.scope) {
            let verdict = format!("bearer token lacks the scope {}", self.scope);
            return Err(Problem::forbidden(
                "The access token lacks the scope of this product.",
                verdict,
            ));
        }
        if self.is_for_devices && known.scopes.len() > 1 {
            let verdict = format!(
                "bearer token has more scopes than {}, and came from a device",
                self.scope
            );
            return Err(Problem::forbidden(
                "A device\'s access token must have the scope coverage only.",
                verdict,
            ));
        }
        Ok(Caller {
            client_id: known.client_id.clone(),
        })
    }
}
