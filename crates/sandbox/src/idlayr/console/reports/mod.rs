//! What was used, and how checks ended: counted from the checks that the sandbox holds (contract idlayr,
//! 13.3).
//!
//! That a check counts for the time of its creation is ours, and that a time without checks has no row.

mod analytics;
mod interval;
mod usage;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use serde_json::{Map, Value, json};

use crate::idlayr::amount::Amount;
use crate::idlayr::checks::Check;
use crate::idlayr::lists::Query;
use crate::idlayr::problem::Problem;
use crate::idlayr::state::State;
use interval::Interval;

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/usage/{interval}", get(usage::list))
        .route("/analytics/{product}/{interval}", get(analytics::list))
}

const GROUP_BY: &str = "group_by";

/// What rows are counted by besides their dates. The vendor's schema repeats the parameter, its command-line
/// client joins the values with a comma: both are understood.
fn groups<'a>(query: &'a Query, known: &[&str]) -> Result<Vec<&'a str>, Problem> {
    let groups = query.values(GROUP_BY).flat_map(|value| value.split(','));
    let one = |group| {
        let is_known = known.contains(&group);
        is_known.then_some(group).ok_or_else(|| {
            let detail = format!("group_by must be {}.", known.join(" or "));
            Problem::bad_request(detail)
        })
    };
    groups.map(one).collect()
}

/// A check as it is searched and counted.
fn record(check: &Check, interval: Interval) -> Value {
    json!({
        "date": interval.of(check.created_at),
        "product_id": check.kind.product_id,
        "project_id": check.project_id,
        "network_id": check.network_id(),
        "status": check.status.as_str(),
        "match": check.matched,
        "no_sim_change": check.no_sim_change(),
    })
}

/// Checks that are alike.
#[derive(Default)]
struct Row {
    members: Map<String, Value>,
    counter: u64,
    amount: Amount,
}

/// The rows that differ in `members`, by their dates. Members that do not apply to a check are left out.
fn rows(records: impl Iterator<Item = (Value, Amount)>, members: &[&str]) -> impl Iterator<Item = Row> {
    let mut rows = BTreeMap::<(String, String), Row>::new();
    for (record, amount) in records {
        let shown = members.iter().filter_map(|name| {
            let value = record.get(*name).filter(|value| !value.is_null())?;
            Some(((*name).to_owned(), value.clone()))
        });
        let shown: Map<String, Value> = shown.collect();
        let date = shown.get("date").map(Value::to_string).unwrap_or_default();
        let key = (date, Value::Object(shown.clone()).to_string());
        let row = rows.entry(key).or_default();
        row.members = shown;
        row.counter += 1;
        row.amount = row.amount.saturating_add(amount);
    }
    rows.into_values()
}
