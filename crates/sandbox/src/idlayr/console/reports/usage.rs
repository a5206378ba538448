//! Usage: what was charged.

use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::interval::Interval;
use super::{GROUP_BY, groups, record, rows};
use crate::idlayr::amount::{Amount, CURRENCY};
use crate::idlayr::checks::Status;
use crate::idlayr::console::Shared;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::{Problem, hal};

/// "Only `COMPLETED` checks are billed", and those of a project in sandbox mode cost nothing (contract 15.4
/// and 12): these count without an amount, which is ours.
pub(super) async fn list(
    FromState(state): Shared,
    Path((_, interval)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let interval = Interval::parse(&interval).ok_or_else(Problem::not_found)?;
    let date = [Property::form("date", interval.form())];
    let query = List::new("usage", &date)
        .with(&[GROUP_BY])
        .read(query.as_deref())?;
    if !query.is_search() {
        return Err(Problem::bad_request(
            "search is required, such as date>=2024-01-10.",
        ));
    }
    let mut members = vec!["date"];
    members.extend(groups(&query, &["product_id", "project_id"])?);

    let mut data = state.data();
    let checks = state.present_checks(&mut data).into_iter();
    let completed = checks.filter(|check| check.status == Status::Completed);
    let records = completed.map(|check| {
        let amount = if check.is_paid {
            Amount::ONE
        } else {
            Amount::default()
        };
        (record(check, interval), amount)
    });
    let rows = rows(records.filter(|(record, _)| query.selects(record)), &members);
    let rows: Vec<Value> = rows
        .map(|row| {
            let mut members = row.members;
            members.insert("counter".to_owned(), json!(row.counter));
            members.insert("amount".to_owned(), row.amount.json());
            members.insert("currency".to_owned(), json!(CURRENCY));
            Value::Object(members)
        })
        .collect();
    let path = format!("{}/usage/{}", data.console.path(), interval.as_str());
    Ok(hal(StatusCode::OK, &query.page_of(&path, rows)))
}
