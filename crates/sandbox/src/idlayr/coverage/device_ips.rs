//! Reachability: whether the address of a device belongs to an operator that products reach.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, State as FromState};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::operators::{OTHER, OWN};
use crate::calls::Verdict;
use crate::idlayr::network::Network;
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::State;

/// From the server, which knows the device's address.
pub(super) async fn get(Path(ip): Path<String>) -> Result<Response, Problem> {
    let ip = ip
        .parse()
        .map_err(|_| Problem::bad_request("This is not an IP address."))?;
    reach(ip)
}

/// From the device. Every caller of the sandbox has a loopback address, so that a setting says where
/// the device is.
pub(super) async fn own(FromState(state): FromState<Arc<State>>) -> Result<Response, Problem> {
    let ip = state.data().device_ip;
    reach(ip)
}

/// The same without a token.
pub(super) async fn own_in_public(state: FromState<Arc<State>>) -> Response {
    let mut response = own(state).await.into_response();
    response
        .extensions_mut()
        .insert(Verdict("none needed (device)".into()));
    response
}

fn reach(ip: IpAddr) -> Result<Response, Problem> {
    let ip = ip.to_canonical();
    let operator = match Network::of(ip) {
        Network::Own => &OWN,
        Network::Other => &OTHER,
        Network::NotMobile => return Err(Problem::not_mobile_ip()),
        Network::Unsupported => return Err(Problem::mno_not_supported()),
        Network::Unreachable => return Err(Problem::no_reach()),
    };
    let products: Vec<Value> = operator
        .products
        .iter()
        .map(|product| json!({ "product_id": product.id(), "product_name": product.spaced_name() }))
        .collect();
    let mut body = json!({
        "country_code": "GB",
        // A text here and a number in the answer about a country, as documented.
        "dialing_code": "44",
        "network_id": operator.network_id,
        "network_name": operator.name,
        "mobile_data_ip": ip.to_string(),
        "products": products,
    });
    if let (false, Some(members)) = (operator.aliases.is_empty(), body.as_object_mut()) {
        members.insert("network_aliases".to_owned(), json!(operator.aliases));
    }
    Ok(hal(StatusCode::OK, &body))
}
