//! Get, which in v0.1 fetches the result, and complete, which in v0.2 does (contract 3.5, 3.8).

use axum::Extension;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::check::{Status, View};
use super::kind::Version;
use super::traces::Trace;
use crate::idlayr::gate::Caller;
use crate::idlayr::has_content_type;
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::Api;

pub(super) async fn get(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(check_id): Path<String>,
) -> Result<Response, Problem> {
    api.with_check_and_random(&caller, &check_id, |check, random, now| {
        // In v0.1 this very call makes the platform fetch the operator's result (contract 3.5).
        if check.version == Version::V0_1 && check.status == Status::Pending && check.device_done {
            if check.pending_reads > 0 {
                check.pending_reads -= 1;
            } else {
                check.conclude();
                check.updated_at = Some(now);
                check
                    .traces
                    .push(Trace::new(random, now, vec!["Result fetched from the operator."]));
            }
        }
        hal(StatusCode::OK, &check.body(&api.state.base_url, View::Read))
    })
}

#[derive(Deserialize)]
struct PatchOperation {
    op: String,
    path: String,
    value: String,
}

/// v0.2 only. An unknown, used or expired code, and a check that no device has opened, are all "not
/// found": the contract documents it for the last and infers it for the first; the others are ours.
pub(super) async fn complete(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(check_id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if !has_content_type(&headers, "application/json-patch+json") {
        return Err(Problem::unsupported_media_type("application/json-patch+json"));
    }
    let body = body.map_err(|_| Problem::too_large())?;
    let operations: Vec<PatchOperation> = serde_json::from_slice(&body)
        .map_err(|_| Problem::bad_request("The body is not a JSON Patch that adds a code."))?;
    let code = match operations.as_slice() {
        [one] if one.op == "add" && one.path == "/code" => &one.value,
        _ => return Err(Problem::bad_request("The body must be one operation: add /code.")),
    };
    api.with_check_and_random(&caller, &check_id, |check, random, now| {
        if check.code.as_ref() != Some(code) {
            let detail = match (check.status, check.device_done) {
                (Status::Accepted, _) | (Status::Pending, false) => {
                    "The check_url was not opened to its end."
                }
                (Status::Pending, true) => "The code is not the one that the device was given.",
                (Status::Expired, _) => "The check has expired.",
                (Status::Completed | Status::Error, _) => "The check has ended; a code is good for one use.",
            };
            return Err(Problem::check_not_found(detail));
        }
        check.conclude();
        check.updated_at = Some(now);
        check.traces.push(Trace::new(
            random,
            now,
            vec!["Code accepted.", "Credit confirmed."],
        ));
        Ok(hal(
            StatusCode::OK,
            &check.body(&api.state.base_url, View::Patched),
        ))
    })?
}
