//! Create: the answer is a check that waits for its device or, without one, the result.

use axum::Extension;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::check::{Check, Status, View};
use super::kind::Version;
use super::request::{CreateRequest, read};
use super::traces::Trace;
use crate::idlayr::ProjectMode;
use crate::idlayr::gate::Caller;
use crate::idlayr::problem::{Problem, hal};
use crate::idlayr::state::{Api, settle};

pub(super) async fn create(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let Api { state, kind, version } = api;
    let request: CreateRequest = read(&headers, body)?;
    let phone_number = request.phone_number(kind)?;
    let period = request.period(kind)?;
    let account = state.account(&caller.client_id);
    let urls = account.as_ref().and_then(|account| account.urls(kind.path));
    let callback_url = match request.callback_url(kind)? {
        None if kind.has_device_step => urls.and_then(|urls| urls.callback_url.clone()),
        given => given,
    };
    let redirect_url = match (version, request.redirect_url(version)?) {
        (Version::V0_2, None) => urls.and_then(|urls| urls.redirect_url.clone()),
        (_, given) => given,
    };

    let mode = account.as_ref().map(|account| account.mode).unwrap_or_default();
    let now = state.clock.now();
    let mut data = state.data();
    if !data.reserve(mode) {
        return Err(Problem::payment_required());
    }
    let mut messages = vec!["Check accepted.", "Credit authorised."];
    if !kind.has_device_step {
        messages.push("Result fetched from the operator.");
    }
    let trace = Trace::new(&mut data.random, now, messages);
    let mut check = Check {
        id: data.random.uuid(),
        sequence: data.next_sequence(),
        client_id: caller.client_id,
        project_id: account.and_then(|account| account.project_id),
        kind,
        version,
        phone_number,
        reference_id: request.reference_id,
        redirect_url,
        callback_url,
        is_reported: false,
        period,
        status: Status::Accepted,
        matched: None,
        sim_change: None,
        error_code: None,
        created_at: now,
        updated_at: None,
        ttl: state.settings.ttl,
        chain: None,
        device_done: false,
        code: None,
        pending_reads: state.settings.pending_reads,
        reserved: mode == ProjectMode::Live,
        is_paid: false,
        traces: vec![trace],
    };
    if !kind.has_device_step {
        check.conclude();
        settle(&mut check, &mut data.balance);
    }
    let view = View::Created {
        snapshot_balance: data.balance,
    };
    let answer = hal(StatusCode::CREATED, &check.body(&state.base_url, view));
    if check.callback_url.is_some() {
        state.expiry.notify_one();
    }
    data.checks.insert(check.id.clone(), check);
    Ok(answer)
}
