//! Lists of checks (contract 9).

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::check::View;
use crate::idlayr::gate::Caller;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::Api;

/// The documents name `status` and `created_at`; the other properties, and that the newest come first, are
/// ours.
const CHECKS: List<'_> = List::new(
    "checks",
    &[
        Property::text("check_id"),
        Property::text("status"),
        Property::text("reference_id"),
        Property::text("match"),
        Property::text("no_sim_change"),
        Property::text("network_id"),
        Property::text("error_code"),
        Property::time("created_at"),
        Property::time("updated_at"),
    ],
)
.newest_first();

pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = CHECKS.read(query.as_deref())?;
    let mut data = api.state.data();
    let checks: Vec<Value> = api
        .state
        .present_checks(&mut data)
        .into_iter()
        .filter(|check| check.client_id == caller.client_id && api.knows(check))
        .map(|check| check.body(&api.state.base_url, View::Read))
        .collect();
    let (base, path, version) = (&api.state.base_url, api.kind.path, api.version.as_str());
    let url = format!("{base}{path}/{version}/checks");
    Ok(hal(StatusCode::OK, &query.answer(&url, checks)))
}
