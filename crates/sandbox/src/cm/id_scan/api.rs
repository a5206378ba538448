//! What the customer's server calls (contract cm-idscan, 3).

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::request::CreateRequest;
use super::state;
use super::webhook::Webhook;
use crate::cm::State;
use crate::cm::body::JsonBody;
use crate::cm::error::ApiError;
use crate::json_answer::json_answer;

/// E1. That a success is 201 is ours: no page gives the status.
pub(super) async fn create(
    FromState(cm): FromState<Arc<State>>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let request = CreateRequest::read(body).map_err(ApiError::bad_request)?;
    let body = state::create(&cm, request, |transaction| transaction.created_json(&cm.page_url));
    Ok(json_answer(StatusCode::CREATED, &body))
}

fn download_url(cm: &State, token: &str) -> String {
    let mut url = cm.api_url.clone();
    url.set_path(&format!("/id-scan/v1/downloads/{token}"));
    url.into()
}

/// E2.
pub(super) async fn details(
    FromState(cm): FromState<Arc<State>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(id) = id.map_err(|_| no_transaction())?;
    let now = cm.clock.now();
    let data = cm.id_scan.data();
    let transaction = data.transaction(&id).ok_or_else(no_transaction)?;
    let body = transaction.details(|token| download_url(&cm, token), now);
    Ok(json_answer(StatusCode::OK, &body))
}

/// E3.
pub(super) async fn result(
    FromState(cm): FromState<Arc<State>>,
    ids: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path((id, result_id)) = ids.map_err(|_| no_transaction())?;
    let data = cm.id_scan.data();
    let transaction = data.transaction(&id).ok_or_else(no_transaction)?;
    let body = transaction
        .result(&result_id, |token| download_url(&cm, token))
        .ok_or_else(|| ApiError::not_found("The transaction has no such result."))?;
    Ok(json_answer(StatusCode::OK, &body))
}

/// E4. That the token is asked for, and the content type, are ours.
pub(super) async fn download(
    FromState(cm): FromState<Arc<State>>,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(token) = token.map_err(|_| no_file())?;
    let now = cm.clock.now();
    let picture = cm.id_scan.data().picture(&token, now);
    let picture = picture.ok_or_else(no_file)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, picture.png()).into_response())
}

/// E5. That a success is 201 is ours.
pub(super) async fn add_webhook(
    FromState(cm): FromState<Arc<State>>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let now = cm.clock.now();
    let mut random = cm.random().fork();
    let webhook = Webhook::read(body, cm.settings.allows_plain_http_callbacks, now, &mut random)
        .map_err(ApiError::bad_request)?;
    let answer = json_answer(StatusCode::CREATED, &webhook.json());
    cm.id_scan.data().webhooks.push(webhook);
    Ok(answer)
}

fn no_transaction() -> ApiError {
    ApiError::not_found("There is no such transaction.")
}

fn no_file() -> ApiError {
    ApiError::not_found("There is no such file, or it is gone.")
}
