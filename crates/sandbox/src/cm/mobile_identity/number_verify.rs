//! `/number-verify`: whether the phone that opens a URL over mobile data has the number (contract
//! cm-identity, 3.3 and 3.4).

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as FromState};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::Base;
use super::handle::CmNumberVerifyOutcome;
use super::phone_number::PhoneNumber;
use crate::cm::State;
use crate::cm::body::JsonBody;
use crate::cm::error::ApiError;
use crate::json_answer::json_answer;
use crate::outbox::is_on_this_machine;

/// One check. How long one may stay open is not documented: here it never ends by itself.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) id: String,
    pub(super) base: Base,
    pub(super) phone_number: PhoneNumber,
    pub(super) callback_url: Url,
    /// The secret part of the session's URL.
    pub(super) session: String,
    pub(super) outcome: Option<CmNumberVerifyOutcome>,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Check")
            .field("id", &self.id)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

impl Check {
    pub(super) fn state(&self) -> &'static str {
        match self.outcome {
            None => "pending",
            Some(CmNumberVerifyOutcome::Failed) => "failed",
            Some(CmNumberVerifyOutcome::Match | CmNumberVerifyOutcome::NoMatch) => "completed",
        }
    }

    pub(super) fn is_match(&self) -> Option<bool> {
        match self.outcome {
            None | Some(CmNumberVerifyOutcome::Failed) => None,
            Some(CmNumberVerifyOutcome::Match) => Some(true),
            Some(CmNumberVerifyOutcome::NoMatch) => Some(false),
        }
    }

    pub(super) fn session_url(&self, api_url: &Url) -> String {
        format!("{api_url}number-verify-sessions/{}", self.session)
    }

    fn body(&self) -> Value {
        json!({ "id": self.id, "state": self.state(), "match": self.is_match() })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct CreateRequest {
    phone_number: PhoneNumber,
    callback_url: String,
}

pub(super) async fn create(
    FromState(state): FromState<Arc<State>>,
    Extension(base): Extension<Base>,
    JsonBody(request): JsonBody<CreateRequest>,
) -> Result<Response, ApiError> {
    let callback_url = callback_url(&state, &request.callback_url)?;
    let (id, session) = {
        let mut random = state.random();
        (random.uuid(), random.text(40))
    };
    let check = Check {
        id,
        base,
        phone_number: request.phone_number,
        callback_url,
        session,
        outcome: None,
    };
    let mut body = check.body();
    if let Some(members) = body.as_object_mut() {
        let url = check.session_url(&state.api_url);
        members.insert("sessionUrl".to_owned(), Value::String(url));
    }
    state.mobile_identity.data().add(check);
    Ok(json_answer(StatusCode::OK, &body))
}

fn callback_url(state: &State, text: &str) -> Result<Url, ApiError> {
    let refused = || ApiError::bad_request("callbackUrl must start with https://.");
    let url = Url::parse(text).map_err(|_| refused())?;
    let is_allowed_plain = state.settings.allows_plain_http_callbacks && is_on_this_machine(&url);
    if text.starts_with("https://") || is_allowed_plain {
        Ok(url)
    } else {
        Err(refused())
    }
}

pub(super) async fn read(
    FromState(state): FromState<Arc<State>>,
    Extension(base): Extension<Base>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("There is no such check.");
    let Path(id) = id.map_err(|_| unknown())?;
    let data = state.mobile_identity.data();
    let check = data.with_id(&id).filter(|check| check.base == base);
    Ok(json_answer(StatusCode::OK, &check.ok_or_else(unknown)?.body()))
}
