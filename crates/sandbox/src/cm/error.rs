//! Error answers: `{"status": ..., "message": ...}` (contract cm-idscan, 11; for Mobile Identity inferred
//! from it).

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::calls::Verdict;
use crate::json_answer::json_answer;

/// An error of one of the APIs. The texts of the messages are ours.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    verdict: Option<&'static str>,
    retry_after: Option<u64>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            verdict: None,
            retry_after: None,
        }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What is wrong with the token is for the log of calls, not for the caller.
    pub(super) fn unauthorized(verdict: &'static str) -> Self {
        Self {
            verdict: Some(verdict),
            ..Self::new(StatusCode::UNAUTHORIZED, "The request has no valid token.")
        }
    }

    pub(super) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "The resource does not support this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large.")
    }

    /// No code is documented for too many calls; 429 is a guess (contract cm-identity, 5).
    pub(super) fn too_many_requests(retry_after: Option<u64>) -> Self {
        let message = "There was more than one call within a second.";
        Self {
            retry_after,
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, message)
        }
    }

    pub(super) fn unsupported_media_type() -> Self {
        let message = "Content-Type must be application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "status": self.status.as_u16(), "message": self.message });
        let mut response = json_answer(self.status, &body);
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // Not in the vendor's documents, but HTTP asks for it on every 401 (RFC 9110, 15.5.2).
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(verdict) = self.verdict {
            response.extensions_mut().insert(Verdict(verdict.into()));
        }
        response
    }
}
