//! Payment methods: cards.

use std::time::SystemTime;

use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::year;
use crate::idlayr::console::Shared;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};
use crate::random::Random;

const PAYMENT_METHODS: List<'_> = List::new(
    "payment_methods",
    &[
        Property::text("id"),
        Property::text("last_four_digits"),
        Property::amount("expiry_month"),
        Property::amount("expiry_year"),
    ],
)
.without_page_links();

pub(super) struct PaymentMethod {
    pub(super) id: String,
    expiry_year: i16,
}

impl PaymentMethod {
    pub(super) fn new(random: &mut Random, now: SystemTime) -> Self {
        Self {
            id: random.uuid(),
            expiry_year: year(now).saturating_add(3),
        }
    }

    fn body(&self) -> Value {
        json!({
            "id": self.id,
            "last_four_digits": "4242",
            "expiry_month": 12,
            "expiry_year": self.expiry_year,
        })
    }
}

pub(super) async fn list(FromState(state): Shared, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = PAYMENT_METHODS.read(query.as_deref())?;
    let console = &state.data().console;
    let path = format!("{}/payment_methods", console.path());
    let methods = console.billing.payment_methods.iter();
    let bodies = methods.map(PaymentMethod::body).collect();
    Ok(hal(StatusCode::OK, &query.answer(&path, bodies)))
}

pub(super) async fn one(
    FromState(state): Shared,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let data = state.data();
    let mut methods = data.console.billing.payment_methods.iter();
    let method = methods.find(|method| method.id == id);
    let body = method.ok_or_else(Problem::not_found)?.body();
    Ok(hal(StatusCode::OK, &body))
}

pub(super) async fn delete(
    FromState(state): Shared,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let methods = &mut state.data().console.billing.payment_methods;
    let at = methods.iter().position(|method| method.id == id);
    methods.remove(at.ok_or_else(Problem::not_found)?);
    Ok(StatusCode::OK.into_response())
}
