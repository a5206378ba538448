//! What the platform logged about a check (contract 6). The members are documented; which step writes
//! which message is ours.

use std::time::{Duration, SystemTime};

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::check::Check;
use crate::clock::date_time_with_milliseconds;
use crate::idlayr::gate::Caller;
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::Api;
use crate::random::Random;

const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The log of one step of a check.
#[derive(Debug)]
pub(super) struct Trace {
    id: String,
    at: SystemTime,
    messages: Vec<&'static str>,
}

impl Trace {
    pub(super) fn new(random: &mut Random, at: SystemTime, messages: Vec<&'static str>) -> Self {
        Self {
            id: random.hex(16),
            at,
            messages,
        }
    }

    fn is_gone(&self, now: SystemTime) -> bool {
        now.duration_since(self.at).is_ok_and(|age| age > KEPT)
    }

    fn body(&self, traces_url: &str, check: &Check) -> Value {
        let timestamp = date_time_with_milliseconds(self.at);
        let logs: Vec<Value> = self
            .messages
            .iter()
            .map(|message| {
                json!({
                    "message": message,
                    "timestamp": timestamp,
                    "attributes": { "check_id": check.id },
                })
            })
            .collect();
        json!({
            "trace_id": self.id,
            "logs": logs,
            "_links": { "self": { "href": format!("{traces_url}/{}", self.id) } },
        })
    }
}

pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(check_id): Path<String>,
) -> Result<Response, Problem> {
    api.with_check(&caller, &check_id, |check, now| {
        let traces_url = format!("{}{}/traces", api.state.base_url, check.path());
        // Oldest first, as they were written. Gone once the newest is.
        if check.traces.iter().all(|trace| trace.is_gone(now)) {
            return Err(Problem::trace_gone());
        }
        let traces: Vec<Value> = check
            .traces
            .iter()
            .filter(|trace| !trace.is_gone(now))
            .map(|trace| trace.body(&traces_url, check))
            .collect();
        Ok(hal(
            StatusCode::OK,
            &json!({
                "_links": { "self": { "href": traces_url } },
                "_embedded": { "traces": traces },
            }),
        ))
    })?
}

pub(super) async fn get(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path((check_id, trace_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    api.with_check(&caller, &check_id, |check, now| {
        let traces_url = format!("{}{}/traces", api.state.base_url, check.path());
        let trace = check
            .traces
            .iter()
            .find(|trace| trace.id == trace_id)
            .ok_or_else(Problem::trace_not_found)?;
        if trace.is_gone(now) {
            return Err(Problem::trace_gone());
        }
        Ok(hal(StatusCode::OK, &trace.body(&traces_url, check)))
    })?
}
