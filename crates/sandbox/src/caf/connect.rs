//! The Connect API: access tokens, transactions, file upload.

use std::sync::Arc;

use axum::Router;

use super::state::State;

/// Everything on the Connect host, and on its twin for callers with a certificate.
pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new().with_state(Arc::clone(state))
}
