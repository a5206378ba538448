//! Error answers of the product API: `application/problem+json` (contract 15).

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::calls::Verdict;

/// `type` is this and the code (contract 15.1).
const TYPE: &str = "https://developer.tru.id/docs/reference/api-errors#";

/// An error of the product API.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    /// `None` where no code is documented: `type` is left out then, rather than made up.
    code: Option<&'static str>,
    title: &'static str,
    detail: String,
    verdict: Option<Cow<'static, str>>,
    retry_after: Option<u64>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: Option<&'static str>,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            verdict: None,
            retry_after: None,
        }
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Some("bad_request"),
            "Bad Request",
            detail,
        )
    }

    pub(super) fn phone_format_invalid() -> Self {
        let detail = "phone_number is not an E.164 number.";
        Self::new(
            StatusCode::BAD_REQUEST,
            Some("phone_format_invalid"),
            "Bad Request",
            detail,
        )
    }

    /// The catalogue lists this case without a code.
    pub(super) fn country_not_supported() -> Self {
        let detail = "The country of phone_number is not supported.";
        Self::new(StatusCode::BAD_REQUEST, None, "Bad Request", detail)
    }

    pub(super) fn mno_not_supported() -> Self {
        let detail = "The operator is not supported.";
        Self::new(
            StatusCode::BAD_REQUEST,
            Some("mno_not_supported"),
            "Bad Request",
            detail,
        )
    }

    /// No `Authorization` header that could be a token. No code is documented for any 401.
    pub(super) fn unauthorized(verdict: &'static str) -> Self {
        let detail = "The request has no bearer token.";
        Self::new(StatusCode::UNAUTHORIZED, None, "Unauthorized", detail).judged(verdict)
    }

    /// A token that is not valid (any more).
    pub(super) fn access_token_error(verdict: &'static str) -> Self {
        let detail = "The access token is invalid or has expired.";
        Self::new(StatusCode::UNAUTHORIZED, None, "Access Token Error", detail).judged(verdict)
    }

    /// No code and no title are documented for 402; the title is HTTP's.
    pub(super) fn payment_required() -> Self {
        let detail = "The workspace has not enough credit.";
        Self::new(StatusCode::PAYMENT_REQUIRED, None, "Payment Required", detail)
    }

    /// That a missing scope is answered so is inferred (contract 3.9); code and title are those the
    /// catalogue has for the console.
    pub(super) fn forbidden(detail: &'static str, verdict: String) -> Self {
        Self::new(StatusCode::FORBIDDEN, Some("forbidden"), "Forbidden", detail).judged(verdict)
    }

    pub(super) fn check_not_found(detail: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Some("check_not_found"),
            "Not Found",
            detail,
        )
    }

    pub(super) fn workspace_not_found() -> Self {
        let detail = "There is no such workspace.";
        Self::new(
            StatusCode::NOT_FOUND,
            Some("workspace_not_found"),
            "Not Found",
            detail,
        )
    }

    pub(super) fn trace_not_found() -> Self {
        let detail = "The check has no such trace.";
        Self::new(
            StatusCode::NOT_FOUND,
            Some("trace_not_found"),
            "Not Found",
            detail,
        )
    }

    pub(super) fn trace_gone() -> Self {
        let detail = "Traces are kept for seven days.";
        Self::new(StatusCode::GONE, Some("trace_gone"), "Gone", detail)
    }

    /// No code is documented for a path that does not exist.
    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            None,
            "Not Found",
            "There is no such resource.",
        )
    }

    pub(super) fn mno_redirect_unsupported() -> Self {
        let detail = "The operator cannot redirect the device.";
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            Some("mno_redirect_unsupported"),
            "Not Implemented",
            detail,
        )
    }

    /// No product reaches the country or the address. The catalogue lists it without a code.
    pub(super) fn no_reach() -> Self {
        Self::new(StatusCode::NOT_FOUND, None, "Not Found", "No Reach")
    }

    pub(super) fn method_not_allowed() -> Self {
        let detail = "The resource does not support this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, None, "Method Not Allowed", detail)
    }

    pub(super) fn ip_msisdn_mismatch() -> Self {
        let detail = "phone_ip and phone_number belong to different operators.";
        Self::new(
            StatusCode::CONFLICT,
            Some("ip_msisdn_mismatch"),
            "Conflict",
            detail,
        )
    }

    pub(super) fn not_mobile_ip() -> Self {
        let detail = "The IP address is not one of a mobile network.";
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            Some("not_mobile_ip"),
            "Precondition Failed",
            detail,
        )
    }

    pub(super) fn too_large() -> Self {
        let detail = "The request body is too large.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, None, "Payload Too Large", detail)
    }

    pub(super) fn unsupported_media_type(wanted: &str) -> Self {
        let detail = format!("Content-Type must be {wanted}.");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            None,
            "Unsupported Media Type",
            detail,
        )
    }

    pub(super) fn too_many_requests(retry_after: u64) -> Self {
        let detail = "The hourly limit of the workspace is used up.";
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            Some("too_many_requests"),
            "Rate Limit exceeded",
            detail,
        );
        problem.retry_after = Some(retry_after);
        problem
    }

    fn judged(mut self, verdict: impl Into<Cow<'static, str>>) -> Self {
        self.verdict = Some(verdict.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "title": self.title, "detail": self.detail });
        if let (Some(code), Some(members)) = (self.code, body.as_object_mut()) {
            members.insert("type".to_owned(), Value::String(format!("{TYPE}{code}")));
        }
        let mut response = typed(self.status, "application/problem+json", &body);
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
            response.extensions_mut().insert(Verdict(verdict));
        }
        response
    }
}

/// A JSON answer with the given type.
pub(super) fn typed(status: StatusCode, content_type: &'static str, body: &Value) -> Response {
    (
        status,
        [(CONTENT_TYPE, HeaderValue::from_static(content_type))],
        body.to_string(),
    )
        .into_response()
}

/// The type of nearly every success (contract 1).
pub(super) fn hal(status: StatusCode, body: &Value) -> Response {
    typed(status, "application/hal+json", body)
}
