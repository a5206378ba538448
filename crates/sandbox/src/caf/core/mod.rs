//! The Core API: transactions, onboarding links, profiles (contract caf, 4).

mod onboardings;
mod page;
mod profiles;
mod transactions;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use super::gate::{Family, guarded};
use super::state::State;
use super::{account, method_not_allowed};

/// Everything on the Core host. The page that onboarding links lead to stands here too, which is ours: no
/// page says where the real one is.
pub(super) fn router(state: &Arc<State>) -> Router {
    let read = |route: MethodRouter<Arc<State>>| route.head(method_not_allowed);
    let routes = Router::new()
        .route(
            "/v1/transactions",
            read(post(account::create).get(transactions::list)),
        )
        .route("/v1/transactions/{id}", read(get(account::read)))
        .route("/v1/onboardings", post(onboardings::create))
        .route("/v1/people/{id}", read(get(profiles::person)))
        .route("/v1/companies/{id}", read(get(profiles::company)));
    guarded(routes, state, Family::Core).merge(page::router(state))
}
