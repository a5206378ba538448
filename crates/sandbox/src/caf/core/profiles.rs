//! Profiles (contract caf, 4.9).

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use http::Uri;

use crate::caf::account::{Query, Subject, answer};
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;

type Id = Result<Path<String>, PathRejection>;

/// `GET /v1/people/{personId}`
pub(super) async fn person(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    uri: Uri,
    id: Id,
) -> Result<Response, ApiError> {
    Query::of(&uri)
        .and_then(Query::refuse_others)
        .map_err(ApiError::bad_request)?;
    profile(&caf, &request_id, id, Subject::person, false)
}

/// `GET /v1/companies/{companyId}`
pub(super) async fn company(
    FromState(caf): FromState<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    uri: Uri,
    id: Id,
) -> Result<Response, ApiError> {
    let mut query = Query::of(&uri).map_err(ApiError::bad_request)?;
    let includes_onboarding_qsa = query
        .boolean("_includeOnboardingQsa")
        .map_err(ApiError::bad_request)?;
    query.refuse_others().map_err(ApiError::bad_request)?;
    profile(&caf, &request_id, id, Subject::company, includes_onboarding_qsa)
}

/// 404 is not among the documented statuses, which is why nobody's profile is 400.
fn profile(
    caf: &State,
    request_id: &RequestId,
    id: Id,
    subject: fn(&str) -> Subject,
    includes_onboarding_qsa: bool,
) -> Result<Response, ApiError> {
    let none = || ApiError::bad_request("There is no such profile.");
    let Path(id) = id.map_err(|_| none())?;
    let data = caf.account.data();
    let profile = data.profile(&id, &subject(&id)).ok_or_else(none)?;
    Ok(answer(request_id, profile.details(includes_onboarding_qsa)))
}
