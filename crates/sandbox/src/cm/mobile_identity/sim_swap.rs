//! `POST /sim-swap`: when the SIM behind a number was last changed (contract cm-identity, 3.1).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::State as FromState;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::operator::{self, Answer};
use super::phone_number::PhoneNumber;
use crate::clock::date_time_utc;
use crate::cm::State;
use crate::cm::body::JsonBody;
use crate::cm::error::ApiError;
use crate::json_answer::json_answer;

const DAY: u64 = 24 * 3600;
/// The bounds between which `range` places a change: the documents show one pair, 14 and 7 days; the others
/// are ours.
const BOUNDS: [u64; 5] = [0, DAY, 7 * DAY, 14 * DAY, 30 * DAY];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Request {
    phone_number: PhoneNumber,
    service_type: ServiceType,
}

#[derive(Clone, Copy, Deserialize)]
enum ServiceType {
    #[serde(rename = "timestamp")]
    Timestamp,
    #[serde(rename = "24h")]
    Within24Hours,
    /// In the older documents only.
    #[serde(rename = "range")]
    Range,
}

impl ServiceType {
    fn member(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Within24Hours => "24h",
            Self::Range => "range",
        }
    }

    fn result(self, age: Duration, now: SystemTime) -> Value {
        match self {
            Self::Timestamp => json!(date_time_utc(now.checked_sub(age).unwrap_or(now))),
            Self::Within24Hours => json!(age.as_secs() <= DAY),
            Self::Range => range(age.as_secs()),
        }
    }
}

pub(super) async fn sim_swap(
    FromState(state): FromState<Arc<State>>,
    JsonBody(request): JsonBody<Request>,
) -> Result<Response, ApiError> {
    let asked = request.service_type;
    let body = match Answer::about(&request.phone_number) {
        Answer::Changed(age) => {
            json!({ "state": "success", asked.member(): asked.result(age, state.clock.now()) })
        }
        Answer::NoData => json!({ "state": "success", asked.member(): null }),
        Answer::Failed => json!({ "state": operator::FAILED }),
        Answer::Error => return Err(operator::error()),
    };
    Ok(json_answer(StatusCode::OK, &body))
}

/// `gt` is the upper bound of the age and `lt` the lower one; `lt` is -1 when the age is above all bounds.
fn range(age: u64) -> Value {
    let upper = BOUNDS
        .iter()
        .position(|bound| age <= *bound)
        .unwrap_or(BOUNDS.len());
    let lower = upper.checked_sub(1).and_then(|lower| BOUNDS.get(lower));
    match (BOUNDS.get(upper), lower) {
        (Some(upper), lower) => json!({ "gt": upper, "lt": lower.unwrap_or(&0) }),
        (None, oldest) => json!({ "gt": oldest, "lt": -1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_lies_between_its_bounds() {
        for (age, gt, lt) in [
            (1, DAY, 0),
            (DAY, DAY, 0),
            (DAY + 1, 7 * DAY, DAY),
            (10 * DAY, 14 * DAY, 7 * DAY),
            (30 * DAY, 30 * DAY, 14 * DAY),
        ] {
            assert_eq!(range(age), json!({ "gt": gt, "lt": lt }), "{age}");
        }
        assert_eq!(range(30 * DAY + 1), json!({ "gt": 30 * DAY, "lt": -1 }));
    }
}
