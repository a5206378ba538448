//! `POST /v1/transactions/files` (contract caf, 6.3; the route and the names are third parties').

use std::sync::Arc;

use axum::Extension;
use axum::extract::State as FromState;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, json};

use crate::caf::account::answer;
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;
use crate::media_type::has_content_type;
use crate::multipart;

/// How long a file is kept is not documented: here, as long as the sandbox runs.
pub(super) async fn upload(
    FromState(caf): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body.map_err(|_| ApiError::too_large())?;
    if !has_content_type(&headers, "multipart/form-data") {
        return Err(ApiError::unsupported_media_type(
            "Content-Type must be multipart/form-data.",
        ));
    }
    let parts = multipart::boundary(&headers).and_then(|boundary| multipart::parts(&body, &boundary));
    let parts = parts.ok_or_else(|| ApiError::bad_request("The body is not multipart/form-data."))?;
    let size = match parts.as_slice() {
        [part] if part.name == "file" && part.is_file && !part.value.is_empty() => part.value.len(),
        _ => {
            return Err(ApiError::bad_request(
                "The form must have one file that is not empty: file.",
            ));
        }
    };
    let filename = format!("{}.bin", caf.random().uuid());
    caf.account.data().uploads.insert(filename.clone(), size);
    let mut members = Map::new();
    members.insert("data".to_owned(), json!({ "filename": filename }));
    Ok(answer(&id, members))
}
