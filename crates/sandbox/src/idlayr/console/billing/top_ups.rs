//! Top-ups: money for the balance, from a card that nobody charges.

use std::time::SystemTime;

use axum::extract::{RawQuery, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Number, Value, json};

use super::Billing;
use crate::clock::date_time;
use crate::idlayr::amount::Amount;
use crate::idlayr::console::Shared;
use crate::idlayr::console::body::JsonOrHal;
use crate::idlayr::console::link;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::Data;

const TOP_UPS: List<'_> = List::new(
    "top_ups",
    &[
        Property::text("top_up_id"),
        Property::text("type"),
        Property::text("billing_id"),
        Property::text("currency"),
        Property::amount("amount"),
        Property::time("created_at"),
    ],
)
.without_page_links();

/// Of all currencies, one unit buys one unit of the balance (ours).
const CURRENCIES: [&str; 4] = ["API", "USD", "GBP", "EUR"];
/// The only way to pay that there is. No value is documented.
const TYPE: &str = "CARD";

pub(super) struct TopUp {
    id: String,
    currency: String,
    amount: Amount,
    created_at: SystemTime,
}

impl TopUp {
    fn body(&self, billing: &Billing, path: &str) -> Value {
        json!({
            "top_up_id": self.id,
            "type": TYPE,
            "billing_id": billing.account.id,
            "currency": self.currency,
            "amount": self.amount.json(),
            "created_at": date_time(self.created_at),
            "_links": { "self": link(&format!("{path}/{}", self.id)) },
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Request {
    payment_method_id: String,
    currency: String,
    amount: Number,
}

impl Request {
    fn amount(&self) -> Result<Amount, Problem> {
        let amount = Amount::parse(&self.amount.to_string()).filter(|amount| !amount.is_zero());
        amount.ok_or_else(|| {
            Problem::bad_request("amount must be a number above zero with at most four places.")
        })
    }
}

pub(super) async fn list(FromState(state): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = TOP_UPS.read(query.as_deref())?;
    let console = &state.data().console;
    let path = format!("{}/topups", console.path());
    let billing = &console.billing;
    let top_ups = billing.top_ups.iter();
    let bodies = top_ups.map(|top_up| top_up.body(billing, &path)).collect();
    Ok(hal(StatusCode::OK, &query.answer(&path, bodies)))
}

/// What a top-up that cannot be is answered with is not documented: 400 is ours.
pub(super) async fn create(
    FromState(state): Shared,
    JsonOrHal(request): JsonOrHal<Request>,
) -> Result<Response, Problem> {
    let amount = request.amount()?;
    if !CURRENCIES.contains(&request.currency.as_str()) {
        return Err(Problem::bad_request("currency must be API, USD, GBP or EUR."));
    }
    let now = state.clock.now();
    let mut data = state.data();
    let Data {
        console,
        random,
        balance,
        ..
    } = &mut *data;
    let path = format!("{}/topups", console.path());
    let billing = &mut console.billing;
    let mut methods = billing.payment_methods.iter();
    if !methods.any(|method| method.id == request.payment_method_id) {
        return Err(Problem::bad_request("There is no such payment method."));
    }
    let raised = balance.checked_add(amount);
    *balance = raised.ok_or_else(|| Problem::bad_request("The balance cannot be that large."))?;
    let top_up = TopUp {
        id: random.uuid(),
        currency: request.currency,
        amount,
        created_at: now,
    };
    let body = top_up.body(billing, &path);
    billing.top_ups.push(top_up);
    Ok(hal(StatusCode::CREATED, &body))
}
