//! The Connect API: access tokens, transactions, file upload (contract caf, 6). Its webhooks belong to the
//! account.

mod gate;
mod oauth;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

pub(super) use oauth::Tokens;

use super::state::State;
use super::{account, method_not_allowed};

/// Everything on the Connect host, and on its twin for callers with a certificate.
pub(super) fn router(state: &Arc<State>) -> Router {
    let read = |route: MethodRouter<Arc<State>>| route.head(method_not_allowed);
    let routes = Router::new()
        .route("/v1/transactions", post(account::create))
        .route("/v1/transactions/files", post(uploads::upload))
        .route("/v1/transactions/{id}", read(get(account::read)));
    gate::guarded(routes, state).merge(oauth::router(state))
}
