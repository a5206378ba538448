//! Answers and refusals.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::outcome::IdentomatErrorStatus;

/// What a call gets.
#[derive(Debug)]
pub(super) struct Answer {
    content_type: &'static str,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn json(value: &Value) -> Self {
        Self {
            content_type: "application/json",
            body: value.to_string().into(),
        }
    }

    /// A file is sent as it is.
    pub(super) fn file(content_type: &'static str, body: Bytes) -> Self {
        Self { content_type, body }
    }

    pub(super) fn into_response(self, status: StatusCode) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = status;
        let content_type = HeaderValue::from_static(self.content_type);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}

/// Why a call gets nothing (contract identomat, 6).
#[derive(Debug)]
pub(super) enum Refusal {
    CompanyKeyInvalid,
    /// The code is ours: none is documented. What is wrong is for the log of calls, not for the caller.
    SignatureInvalid,
    SessionNotFound,
    SessionInvalid,
    /// An object with `argumentError`, seen by one client; what stands in it is ours.
    Argument(Cow<'static, str>),
    /// Ours: no limit is documented.
    TooLarge,
}

impl Refusal {
    pub(super) fn argument(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Argument(text.into())
    }

    pub(super) fn into_response(self, status: IdentomatErrorStatus) -> Response {
        let (code, body) = match self {
            Self::CompanyKeyInvalid => (StatusCode::UNAUTHORIZED, json!("COMPANY_KEY_INVALID")),
            Self::SignatureInvalid => (StatusCode::UNAUTHORIZED, json!("SIGNATURE_INVALID")),
            Self::SessionNotFound => (StatusCode::NOT_FOUND, json!("SESSION_NOT_FOUND")),
            Self::SessionInvalid => (StatusCode::BAD_REQUEST, json!("SESSION_INVALID")),
            Self::Argument(text) => (StatusCode::BAD_REQUEST, json!({ "argumentError": text })),
            Self::TooLarge => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        };
        let status = match status {
            IdentomatErrorStatus::Ok => StatusCode::OK,
            IdentomatErrorStatus::ClientError => code,
        };
        Answer::json(&body).into_response(status)
    }
}
