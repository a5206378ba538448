//! Coverage by country.

use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::operators::{COUNTRIES, Country, Covered, Operator};
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::State;

/// By ISO code or dialling code. That a code in lower case or with a `+` leads nowhere is ours.
pub(super) async fn get(
    FromState(state): FromState<Arc<State>>,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let country = COUNTRIES
        .iter()
        .find(|country| country.code == code || country.dialing_code.to_string() == code)
        .ok_or_else(Problem::no_reach)?;
    let own = format!("{}coverage/v0.1/countries/{}", state.base_url, country.code);
    let products: Vec<Value> = country
        .products
        .iter()
        .map(|covered| product(country, covered, &own))
        .collect();
    Ok(hal(
        StatusCode::OK,
        &json!({
            "country_code": country.code,
            "dialing_code": country.dialing_code,
            "products": products,
            "_links": { "self": { "href": own } },
        }),
    ))
}

fn product(country: &Country, covered: &Covered, link: &str) -> Value {
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    set("product_id", json!(covered.product.id()));
    set("product_name", json!(covered.product.name()));
    set("coverage", json!(covered.coverage));
    if !country.operators.is_empty() {
        let networks: Vec<Value> = country
            .operators
            .iter()
            .filter(|operator| operator.products.contains(&covered.product))
            .map(|operator| network(operator))
            .collect();
        set("prices_starting_from", prices());
        set("networks", json!(networks));
        // Where a product's own link leads is not documented.
        set("_links", json!({ "self": { "href": link } }));
    }
    Value::Object(body)
}

fn network(operator: &Operator) -> Value {
    let mut body = json!({
        "network_id": operator.network_id,
        "network_name": operator.name,
        "prices": prices(),
    });
    if let (false, Some(members)) = (operator.aliases.is_empty(), body.as_object_mut()) {
        members.insert("network_aliases".to_owned(), json!(operator.aliases));
    }
    body
}

/// The unit of free credit is what the sandbox's checks cost; the other price has the four decimals that
/// the vendor's rules allow.
fn prices() -> Value {
    json!([{ "currency": "API", "amount": 1 }, { "currency": "EUR", "amount": 0.0375 }])
}
