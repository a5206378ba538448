//! `/v1/orchestrations/transactions` (contract caf, 7). The names of a list's filters could not be read: any
//! query is taken, and not looked at.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use serde_json::{Value, json};

use super::handle::CafGlobalStatus;
use super::services::message;
use super::transaction::{CreateRequest, Transaction};
use super::webhook::tell;
use crate::caf::body::JsonBody;
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;

/// The most that a list has, and what it has unless fewer are asked for.
const MOST: usize = 10;

type Id = Result<Path<String>, PathRejection>;

fn no_transaction() -> ApiError {
    ApiError::not_found("There is no such transaction.")
}

pub(super) async fn create(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let request = CreateRequest::read(body).map_err(ApiError::bad_request)?;
    let status = request.status();
    let now = caf.clock.now();
    let transaction = Transaction {
        id: caf.random().uuid(),
        status: CafGlobalStatus::Processing,
        request,
        created: now,
        updated: now,
    };
    caf.orchestrations.data().transactions.push(transaction.clone());
    tell(&caf, &transaction, "TransactionCreated");
    // `None` would mean that it is gone, and nothing takes it away.
    let _ = decide(&caf, &transaction.id, status);
    let data = json!({ "transactionId": transaction.id });
    Ok(message(&request_id, "Transaction created", data))
}

pub(super) async fn read(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    id: Id,
) -> Result<Response, ApiError> {
    let Path(id) = id.map_err(|_| no_transaction())?;
    let data = caf.orchestrations.data();
    let transaction = data.transactions.iter().find(|known| known.id == id);
    let details = transaction.ok_or_else(no_transaction)?.details();
    Ok(message(&request_id, "Transaction found", details))
}

/// The shape is ours but for there being a pagination object.
pub(super) async fn list(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
) -> Response {
    let data = caf.orchestrations.data();
    let newest = data.transactions.iter().rev().take(MOST);
    let items: Vec<Value> = newest.map(Transaction::details).collect();
    let pagination = json!({ "limit": MOST, "total": data.transactions.len() });
    message(
        &request_id,
        "Transactions found",
        json!({ "items": items, "pagination": pagination }),
    )
}

/// Takes any JSON object; a member `status` with `APPROVED`, `REPROVED` or `PENDING` decides. All of it is
/// ours.
pub(super) async fn review(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    id: Id,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let Path(id) = id.map_err(|_| no_transaction())?;
    if !body.is_object() {
        return Err(ApiError::bad_request("The body must be a JSON object."));
    }
    let status = body.get("status").and_then(Value::as_str);
    let status = status
        .and_then(CafGlobalStatus::named)
        .unwrap_or(CafGlobalStatus::Approved);
    let transaction = decide(&caf, &id, status).ok_or_else(no_transaction)?;
    Ok(message(
        &request_id,
        "Manual review updated",
        transaction.details(),
    ))
}

/// Gives a transaction a status and tells of it, if it is another one. `None` if there is no such
/// transaction.
pub(super) fn decide(caf: &State, id: &str, status: CafGlobalStatus) -> Option<Transaction> {
    let now = caf.clock.now();
    let (transaction, is_news) = {
        let mut data = caf.orchestrations.data();
        let transaction = data.transactions.iter_mut().find(|known| known.id == id)?;
        let is_news = transaction.status != status;
        transaction.status = status;
        transaction.updated = now;
        (transaction.clone(), is_news)
    };
    if let Some(kind) = status.event().filter(|_| is_news) {
        tell(caf, &transaction, kind);
    }
    Some(transaction)
}
