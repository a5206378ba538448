//! The billing account, payment methods and top-ups (contract idlayr, 13.4).

mod account;
mod payment_methods;
mod top_ups;

use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::routing::get;

use crate::idlayr::state::State;
use crate::random::Random;
use account::Account;
use payment_methods::PaymentMethod;
use top_ups::TopUp;

/// What the workspace is paid with.
pub(super) struct Billing {
    account: Account,
    payment_methods: Vec<PaymentMethod>,
    /// In the order of their creation.
    top_ups: Vec<TopUp>,
}

impl Billing {
    /// There is a card from the start: the API has no call that adds one.
    pub(super) fn new(random: &mut Random, now: SystemTime) -> Self {
        Self {
            account: Account::new(random),
            payment_methods: vec![PaymentMethod::new(random, now)],
            top_ups: Vec::new(),
        }
    }
}

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/billing_account", get(account::read).put(account::write))
        .route("/payment_methods", get(payment_methods::list))
        .route(
            "/payment_methods/{payment_method_id}",
            get(payment_methods::one).delete(payment_methods::delete),
        )
        .route("/topups", get(top_ups::list).post(top_ups::create))
}
