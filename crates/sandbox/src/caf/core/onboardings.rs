//! Onboarding links (contract caf, 4.6).

use std::sync::Arc;

use axum::Extension;
use axum::extract::State as FromState;
use axum::response::Response;
use http::Uri;
use serde_json::{Map, Value, json};

use crate::caf::account::{OnboardingRequest, Query, answer};
use crate::caf::body::JsonBody;
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;

/// `POST /v1/onboardings`. Nothing is sent by mail or SMS.
pub(super) async fn create(
    FromState(caf): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let mut query = Query::of(&uri).map_err(ApiError::bad_request)?;
    query
        .origin()
        .and_then(|()| query.refuse_others())
        .map_err(ApiError::bad_request)?;
    let request = OnboardingRequest::read(body).map_err(ApiError::bad_request)?;
    let link = caf.create_link(request);
    let mut members = Map::new();
    for (name, text) in [
        ("id", link.id.as_str()),
        ("url", link.address(&caf.urls.core).as_str()),
        ("token", &link.token),
    ] {
        members.insert(name.to_owned(), json!(text));
    }
    Ok(answer(&id, members))
}
