//! PhoneCheck: create, get and complete (contract 3).

use std::net::IpAddr;

use axum::Extension;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::check::{Check, Status, Version, View};
use super::gate::Caller;
use super::has_content_type;
use super::problem::{Problem, hal};
use super::state::Api;
use super::traces::Trace;

/// Numbers that no country has stand for a country that is not supported (ours).
const UNSUPPORTED_COUNTRY: &str = "999";
/// Another unassigned code stands for an operator that is not supported (ours).
const UNSUPPORTED_OPERATOR: &str = "888";

#[derive(Deserialize)]
struct CreateRequest {
    phone_number: Option<String>,
    phone_ip: Option<String>,
    reference_id: Option<String>,
    callback_url: Option<String>,
    /// v0.1 has no such member and ignores it, whatever it is.
    redirect_url: Option<Value>,
}

pub(super) async fn create(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    if !has_content_type(&headers, "application/json") {
        return Err(Problem::unsupported_media_type("application/json"));
    }
    let body = body.map_err(|_| Problem::too_large())?;
    let request: CreateRequest = serde_json::from_slice(&body)
        .map_err(|_| Problem::bad_request("The body is not a valid request."))?;

    let number = request
        .phone_number
        .as_deref()
        .ok_or_else(|| Problem::bad_request("phone_number is missing."))?;
    let phone_number = e164(number)?;
    if let Some(ip) = &request.phone_ip {
        check_ip(ip)?;
    }
    let project = api.state.project(&caller.client_id);
    let callback_url = match &request.callback_url {
        Some(url) => Some(Url::parse(url).map_err(|_| Problem::bad_request("callback_url is not a URI."))?),
        None => project.and_then(|project| project.callback_url.clone()),
    };
    let redirect_url = match (api.version, request.redirect_url) {
        (Version::V0_1, _) => None,
        (Version::V0_2, None) => project.and_then(|project| project.redirect_url.clone()),
        (Version::V0_2, Some(value)) => {
            let url = value.as_str().and_then(|text| Url::parse(text).ok());
            Some(url.ok_or_else(|| Problem::bad_request("redirect_url is not a URI."))?)
        }
    };

    let mode = project.map(|project| project.mode).unwrap_or_default();
    let now = api.state.clock.now();
    let mut data = api.state.data();
    if !data.reserve(mode) {
        return Err(Problem::payment_required());
    }
    let trace = Trace::new(
        &mut data.random,
        now,
        vec!["Check accepted.", "Credit authorised."],
    );
    let check = Check {
        id: data.random.uuid(),
        sequence: data.next_sequence(),
        client_id: caller.client_id,
        version: api.version,
        phone_number,
        reference_id: request.reference_id,
        redirect_url,
        callback_url,
        is_reported: false,
        status: Status::Accepted,
        matched: None,
        created_at: now,
        updated_at: None,
        ttl: api.state.settings.ttl,
        chain: None,
        device_done: false,
        code: None,
        pending_reads: api.state.settings.pending_reads,
        reserved: mode == super::ProjectMode::Live,
        traces: vec![trace],
    };
    let view = View::Created {
        snapshot_balance: data.balance,
    };
    let answer = hal(StatusCode::CREATED, &check.body(&api.state.base_url, view));
    if check.callback_url.is_some() {
        api.state.expiry.notify_one();
    }
    data.checks.insert(check.id.clone(), check);
    Ok(answer)
}

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
                check.conclude(now);
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
        check.conclude(now);
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

/// The digits of an E.164 number. The documents write no `+`, but one is probably accepted
/// (contract 1).
fn e164(number: &str) -> Result<String, Problem> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if !is_number {
        return Err(Problem::phone_format_invalid());
    }
    if digits.starts_with(UNSUPPORTED_COUNTRY) {
        return Err(Problem::country_not_supported());
    }
    if digits.starts_with(UNSUPPORTED_OPERATOR) {
        return Err(Problem::mno_not_supported());
    }
    Ok(digits.to_owned())
}

/// Which addresses are mobile is ours to say: private ones are not, and `198.51.100.0/24` (set aside
/// for documentation) belongs to another operator than any number.
fn check_ip(text: &str) -> Result<(), Problem> {
    let ip: IpAddr = text
        .parse()
        .map_err(|_| Problem::bad_request("phone_ip is not an IP address."))?;
    let ip = ip.to_canonical();
    let is_private = match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    if is_private || ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() {
        return Err(Problem::not_mobile_ip());
    }
    match ip {
        IpAddr::V4(ip) if matches!(ip.octets(), [198, 51, 100, _]) => Err(Problem::ip_msisdn_mismatch()),
        _ => Ok(()),
    }
}
