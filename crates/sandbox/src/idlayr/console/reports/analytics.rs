//! Analytics: where the checks of a product stand.

use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::interval::Interval;
use super::{GROUP_BY, groups, record, rows};
use crate::idlayr::amount::Amount;
use crate::idlayr::checks::ALL;
use crate::idlayr::console::Shared;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};

/// `search` is required by the vendor's schema, and left out by its command-line client: it may be (contract
/// 13.3).
pub(super) async fn list(
    FromState(state): Shared,
    Path((_, product, interval)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let interval = Interval::parse(&interval).ok_or_else(Problem::not_found)?;
    // The path has it in lower case.
    let mut kinds = ALL.into_iter();
    let kind = kinds.find(|kind| kind.product_id.to_ascii_lowercase() == product);
    let kind = kind.ok_or_else(Problem::not_found)?;
    let date = Property::form("date", interval.form());
    let searched = [
        date,
        Property::text("project_id"),
        Property::text("network_id"),
        Property::text("status"),
        Property::text("match"),
        Property::text("no_sim_change"),
    ];
    let query = List::new("analytics", &searched)
        .sorted_by(&[date])
        .with(&[GROUP_BY])
        .read(query.as_deref())?;
    let mut members = vec!["date", "product_id", "status", "match", "no_sim_change"];
    members.extend(groups(&query, &["project_id", "network_id"])?);

    let mut data = state.data();
    let checks = state.present_checks(&mut data).into_iter();
    let records = checks
        .filter(|check| check.kind == kind)
        .map(|check| (record(check, interval), Amount::default()));
    let rows: Vec<_> = rows(records.filter(|(record, _)| query.selects(record)), &members).collect();
    let console = &data.console;
    let rows: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let mut members = row.members;
            members.insert("counter".to_owned(), json!(row.counter));
            members.insert("workspace_id".to_owned(), json!(console.workspace_id));
            Value::Object(members)
        })
        .collect();
    let path = format!("{}/analytics/{product}/{}", console.path(), interval.as_str());
    Ok(hal(StatusCode::OK, &query.page_of(&path, rows)))
}
