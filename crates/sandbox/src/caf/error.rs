//! Error answers. Their schema is unpublished: `{"requestId": ..., "message": ...}` is inferred from the
//! general rules (contract caf, 3.5).

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use super::request_id::RequestId;
use crate::calls::Verdict;
use crate::json_answer::json_answer;

/// An error of one of the APIs. The texts of the messages are ours.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    verdict: Option<&'static str>,
    scheme: Option<&'static str>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            verdict: None,
            scheme: None,
        }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "The resource does not support this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    pub(super) fn unsupported_media_type(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large.")
    }

    /// 401 for a bearer token that is missing or invalid.
    pub(super) fn unauthorized(verdict: &'static str) -> Self {
        let message = "The request has no valid token.";
        Self {
            // Not in the vendor's documents, but HTTP asks for it on every 401 (RFC 9110, 15.5.2).
            scheme: Some("Bearer"),
            ..Self::new(StatusCode::UNAUTHORIZED, message).with_verdict(verdict)
        }
    }

    /// 403 for a token without the permission.
    pub(super) fn forbidden(verdict: &'static str) -> Self {
        let message = "The token lacks the permission.";
        Self::new(StatusCode::FORBIDDEN, message).with_verdict(verdict)
    }

    /// What is wrong with the caller's credentials is for the log of calls, not for the caller.
    pub(super) fn with_verdict(mut self, verdict: &'static str) -> Self {
        self.verdict = Some(verdict);
        self
    }

    pub(super) fn answer(self, RequestId(id): &RequestId) -> Response {
        let body = json!({ "requestId": id, "message": self.message });
        let mut response = json_answer(self.status, &body);
        if let Some(scheme) = self.scheme {
            let headers = response.headers_mut();
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(verdict) = self.verdict {
            response.extensions_mut().insert(Verdict(verdict.into()));
        }
        response
    }
}

/// The body is written by whoever knows the request's id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
