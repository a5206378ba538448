//! What the Core and the Connect API have in common: transactions are created and read on both (contract caf,
//! 4.2 and 6.3).

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use http::{StatusCode, Uri};
use serde_json::{Map, Value, json};
use url::Url;

use super::details::ReadOptions;
use super::document::DocumentType;
use super::query::Query;
use super::request::CreateRequest;
use super::transaction::Transaction;
use crate::caf::body::JsonBody;
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;
use crate::json_answer::json_answer;

/// The members of an answer, with the request's id.
pub(in crate::caf) fn answer(RequestId(id): &RequestId, mut members: Map<String, Value>) -> Response {
    members.insert("requestId".to_owned(), json!(id));
    json_answer(StatusCode::OK, &members)
}

/// `POST /v1/transactions`
pub(in crate::caf) async fn create(
    FromState(caf): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let mut query = Query::of(&uri).map_err(ApiError::bad_request)?;
    query
        .origin()
        .and_then(|()| query.refuse_others())
        .map_err(ApiError::bad_request)?;
    let request = CreateRequest::read(body).map_err(ApiError::bad_request)?;
    refuse_unknown_files(&caf, &request)?;
    let transaction = caf.create(request);
    let mut members = Map::new();
    members.insert("id".to_owned(), json!(transaction.id));
    if transaction.request.is_ocr() {
        members.extend(read_on_it(&transaction));
    }
    Ok(answer(&id, members))
}

/// A file is an address, or one that was uploaded to Connect.
fn refuse_unknown_files(caf: &State, request: &CreateRequest) -> Result<(), ApiError> {
    let data = caf.account.data();
    let is_known = |file: &str| {
        Url::parse(file).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            || data.uploads.contains_key(file)
    };
    if request.files.iter().all(|file| is_known(&file.data)) {
        Ok(())
    } else {
        // Base64 is not confirmed (contract caf, 4.2).
        Err(ApiError::bad_request(
            "files[].data must be the address of an image or the name of an uploaded file.",
        ))
    }
}

/// What the synchronous OCR answers besides (contract caf, 4.7).
fn read_on_it(transaction: &Transaction) -> Map<String, Value> {
    let request = &transaction.request;
    let mut members = Map::new();
    if let Some(document) = DocumentType::of(request) {
        members.insert("type".to_owned(), json!(document.as_str()));
        members.insert("data".to_owned(), document.data(request));
    }
    if request.returns_selected_images {
        members.insert("images".to_owned(), transaction.images(true));
    }
    members
}

/// `GET /v1/transactions/{id}`
pub(in crate::caf) async fn read(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    uri: Uri,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let options = ReadOptions::of(&uri).map_err(ApiError::bad_request)?;
    let transaction = id.ok().and_then(|Path(id)| caf.read(&id));
    // No status is documented for an id that nobody has.
    let transaction = transaction.ok_or_else(|| ApiError::not_found("There is no such transaction."))?;
    Ok(answer(&request_id, transaction.details(options)))
}
