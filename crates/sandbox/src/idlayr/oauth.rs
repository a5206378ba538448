//! `/oauth2/v1`: tokens for client credentials, strictly by RFC 6749 (contract 2; its errors are
//! inferred there from the RFC).

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State as FromState;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use super::console::Account;
use super::problem::typed;
use super::state::{State, Token};
use super::{has_content_type, method_not_allowed};
use crate::calls::Verdict;

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/oauth2/v1/token", post(token))
        .route("/oauth2/v1/revoke", post(revoke))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state)
}

/// An error of RFC 6749, section 5.2.
#[derive(Debug)]
struct OAuthError {
    code: &'static str,
    description: &'static str,
    verdict: &'static str,
}

impl OAuthError {
    fn client(description: &'static str, verdict: &'static str) -> Self {
        Self {
            code: "invalid_client",
            description,
            verdict,
        }
    }

    fn request(description: &'static str) -> Self {
        Self {
            code: "invalid_request",
            description,
            verdict: "Basic ok",
        }
    }

    fn new(code: &'static str, description: &'static str) -> Self {
        Self {
            code,
            description,
            verdict: "Basic ok",
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let is_client = self.code == "invalid_client";
        let status = if is_client {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::BAD_REQUEST
        };
        let body = json!({ "error": self.code, "error_description": self.description });
        let mut response = uncached(typed(status, "application/json", &body));
        if is_client {
            let challenge = HeaderValue::from_static("Basic realm=\"oauth2\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(Verdict(self.verdict.into()));
        response
    }
}

async fn token(
    FromState(state): FromState<Arc<State>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OAuthError> {
    let (account, form) = authenticate(&state, &headers, body)?;
    let granted = grant(&account, &form)?;
    let scope = granted.join(" ");
    let lifetime = state.settings.token_lifetime;
    let now = state.clock.now();
    let expires_at = now.checked_add(lifetime).unwrap_or(now);
    let token = {
        let mut data = state.data();
        let token = format!("{}.{}", data.random.text(24), data.random.text(24));
        let client_id = account.client_id.clone();
        data.tokens.insert(
            token.clone(),
            Token {
                client_id,
                scopes: granted,
                expires_at,
                revoked: false,
            },
        );
        token
    };
    let body = json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": lifetime.as_secs(),
        "scope": scope,
    });
    Ok(accepted(uncached(typed(
        StatusCode::OK,
        "application/json",
        &body,
    ))))
}

/// 200 whether or not the token was valid (contract 2.4). `token_type_hint` is only a hint.
async fn revoke(
    FromState(state): FromState<Arc<State>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OAuthError> {
    let (account, form) = authenticate(&state, &headers, body)?;
    let token = form
        .get("token")
        .ok_or_else(|| OAuthError::request("token is missing."))?;
    if let Some(token) = state.data().tokens.get_mut(token) {
        // Another client's token is none of the caller's business (RFC 7009, 2.1).
        token.revoked |= token.client_id == account.client_id;
    }
    Ok(accepted(uncached(StatusCode::OK.into_response())))
}

fn accepted(mut response: Response) -> Response {
    response.extensions_mut().insert(Verdict("Basic ok".into()));
    response
}

/// RFC 6749, section 5.1.
fn uncached(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
        .headers_mut()
        .insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

type Form = HashMap<String, String>;

fn authenticate(
    state: &State,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Account, Form), OAuthError> {
    let account = basic(state, headers)?;
    let body = body.map_err(|_| OAuthError::request("The body is too large."))?;
    let form = read_form(headers, &body)?;
    Ok((account, form))
}

fn read_form(headers: &HeaderMap, body: &[u8]) -> Result<Form, OAuthError> {
    if !has_content_type(headers, "application/x-www-form-urlencoded") {
        return Err(OAuthError::request(
            "Content-Type must be application/x-www-form-urlencoded.",
        ));
    }
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(OAuthError::request("A parameter occurs more than once."));
        }
    }
    // A client must not use more than one way to authenticate (RFC 6749, 2.3).
    if form.contains_key("client_secret") || form.contains_key("client_id") {
        return Err(OAuthError::request(
            "Credentials were sent in the header and in the body.",
        ));
    }
    Ok(form)
}

fn grant(account: &Account, form: &Form) -> Result<Vec<String>, OAuthError> {
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(OAuthError::new(
                "unsupported_grant_type",
                "Only client_credentials is supported.",
            ));
        }
        None => return Err(OAuthError::request("grant_type is missing.")),
    }
    // RFC 6749, 3.3: without a default scope, asking for none fails.
    let wanted = form.get("scope").map(String::as_str).unwrap_or_default();
    let mut granted: Vec<String> = Vec::new();
    // Split at single spaces, so that a stray one makes an empty scope, which nobody is allowed.
    for scope in wanted.split(' ') {
        if !account.scopes.iter().any(|allowed| allowed == scope) {
            return Err(OAuthError::new(
                "invalid_scope",
                "The client may not ask for this scope.",
            ));
        }
        if !granted.iter().any(|known| known == scope) {
            granted.push(scope.to_owned());
        }
    }
    Ok(granted)
}

fn basic(state: &State, headers: &HeaderMap) -> Result<Account, OAuthError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or_else(|| {
        OAuthError::client("The request has no Basic credentials.", "no Authorization header")
    })?;
    if values.next().is_some() {
        return Err(OAuthError {
            verdict: "more than one Authorization header",
            ..OAuthError::request("More than one Authorization header.")
        });
    }
    let encoded = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .map(|(_, encoded)| encoded.trim_matches(' '))
        .ok_or_else(|| {
            OAuthError::client(
                "The Authorization header is not Basic.",
                "the Authorization header is not Basic",
            )
        })?;
    let malformed = || {
        OAuthError::client(
            "The Basic credentials cannot be decoded.",
            "Basic: not base64 of form-urlencoded id, colon, form-urlencoded secret",
        )
    };
    let decoded = STANDARD.decode(encoded).map_err(|_| malformed())?;
    let decoded = String::from_utf8(decoded).map_err(|_| malformed())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(malformed)?;
    let client_id = form_decoded(id).ok_or_else(malformed)?;
    let client_secret = form_decoded(secret).ok_or_else(malformed)?;
    let description = "The client id or the secret is wrong.";
    let account = state
        .account(&client_id)
        .ok_or_else(|| OAuthError::client(description, "Basic: unknown client id"))?;
    if account.client_secret != client_secret {
        return Err(OAuthError::client(description, "Basic: wrong secret"));
    }
    Ok(account)
}

/// Decodes one half of the credentials (RFC 6749, 2.3.1). `None` if it holds what an encoder would
/// have encoded, or a broken escape: a client that forgets to encode must not get through by luck.
fn form_decoded(text: &str) -> Option<String> {
    let is_encoded = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if !text.bytes().all(is_encoded) {
        return None;
    }
    let mut rest = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = hex(rest.next()?)?;
                let low = hex(rest.next()?)?;
                high * 16 + low
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::form_decoded;

    #[test]
    fn credentials_are_form_decoded() {
        assert_eq!(
            form_decoded("a%3Ab%2Bc%25d+e%C3%A9").as_deref(),
            Some("a:b+c%d eé")
        );
        assert_eq!(form_decoded("").as_deref(), Some(""));
    }

    #[test]
    fn what_was_not_encoded_is_refused() {
        for text in ["a:b", "a b", "é", "50%", "%zz", "%4", "%ff"] {
            assert_eq!(form_decoded(text), None, "{text}");
        }
    }
}
