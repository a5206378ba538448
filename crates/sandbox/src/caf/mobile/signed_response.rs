//! Signed answers: the body is a token, signed with the secret that signed the request (contract caf, 3.6).

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::super::State;
use super::super::jwt;
use super::super::token::Caller;
use crate::clock::unix_seconds;
use crate::json_answer::json_answer;

/// What is wrong with a signed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CafSpoiledResponse {
    /// The verdict is turned round, under the signature of the true answer.
    Tampered,
    /// Plain JSON, with the verdict turned round.
    Unsigned,
    /// The verdict is turned round, the header says `alg` `none`, and there is no signature.
    AlgorithmNone,
    /// The verdict is turned round and signed with another secret.
    WrongKey,
    /// Signed rightly, with a member `iss` as only tokens of requests have it.
    WithIssuer,
    /// The token of the request itself, which is signed with the right secret.
    RequestToken,
    /// Signed rightly, with an `exp` that has passed.
    Expired,
    /// Signed rightly, without the verdict.
    WithoutVerdict,
}

impl CafSpoiledResponse {
    /// By their names in the control API.
    pub(super) const NAMES: [(&'static str, Self); 8] = [
        ("tampered", Self::Tampered),
        ("unsigned", Self::Unsigned),
        ("algorithm-none", Self::AlgorithmNone),
        ("wrong-key", Self::WrongKey),
        ("with-issuer", Self::WithIssuer),
        ("request-token", Self::RequestToken),
        ("expired", Self::Expired),
        ("without-verdict", Self::WithoutVerdict),
    ];
}

/// The answer, signed if that was asked for. `verdict` names the member that matters.
pub(super) fn answer(
    state: &State,
    caller: &Caller,
    body: Map<String, Value>,
    verdict: &'static str,
    is_signed: bool,
) -> Response {
    if !is_signed {
        return json_answer(StatusCode::OK, &body);
    }
    let flaw = state.mobile.data().next_response.take();
    let token = match flaw {
        None => signed(state, caller, body),
        Some(CafSpoiledResponse::Unsigned) => return json_answer(StatusCode::OK, &turned(body, verdict)),
        Some(flaw) => spoiled(state, caller, body, verdict, flaw),
    };
    match token {
        // Which type it has is undocumented.
        Some(token) => {
            let text = HeaderValue::from_static("text/plain; charset=utf-8");
            (StatusCode::OK, [(CONTENT_TYPE, text)], token).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// With `iat`, as the vendor's other tokens have it (inferred).
fn signed(state: &State, caller: &Caller, mut body: Map<String, Value>) -> Option<String> {
    body.insert("iat".to_owned(), json!(unix_seconds(state.clock.now())));
    jwt::signed(&Value::Object(body), &caller.key.client_secret)
}

fn turned(mut body: Map<String, Value>, verdict: &str) -> Map<String, Value> {
    let is_positive = body.get(verdict) == Some(&Value::Bool(true));
    body.insert(verdict.to_owned(), Value::Bool(!is_positive));
    body
}

fn spoiled(
    state: &State,
    caller: &Caller,
    mut body: Map<String, Value>,
    verdict: &str,
    flaw: CafSpoiledResponse,
) -> Option<String> {
    match flaw {
        CafSpoiledResponse::Tampered => {
            let honest = signed(state, caller, body.clone())?;
            let (header, rest) = honest.split_once('.')?;
            let (_, signature) = rest.split_once('.')?;
            let mut lie = turned(body, verdict);
            lie.insert("iat".to_owned(), json!(unix_seconds(state.clock.now())));
            Some(format!(
                "{header}.{}.{signature}",
                jwt::segment(&Value::Object(lie))
            ))
        }
        CafSpoiledResponse::AlgorithmNone => {
            let header = jwt::segment(&json!({ "alg": "none", "typ": "JWT" }));
            Some(format!(
                "{header}.{}.",
                jwt::segment(&Value::Object(turned(body, verdict)))
            ))
        }
        CafSpoiledResponse::WrongKey => {
            let other = format!("not {}", caller.key.client_secret);
            jwt::signed(&Value::Object(turned(body, verdict)), &other)
        }
        CafSpoiledResponse::WithIssuer => {
            body.insert("iss".to_owned(), json!(caller.key.client_id));
            signed(state, caller, body)
        }
        CafSpoiledResponse::RequestToken => Some(caller.token.clone()),
        CafSpoiledResponse::Expired => {
            let now = state.clock.now();
            let hour_ago = now.checked_sub(std::time::Duration::from_secs(3600));
            body.insert(
                "exp".to_owned(),
                json!(unix_seconds(hour_ago.unwrap_or(SystemTime::UNIX_EPOCH))),
            );
            signed(state, caller, body)
        }
        CafSpoiledResponse::WithoutVerdict => {
            body.remove(verdict);
            signed(state, caller, body)
        }
        CafSpoiledResponse::Unsigned => None,
    }
}
