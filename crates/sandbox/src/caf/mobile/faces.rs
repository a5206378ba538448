//! The four resources. Faces are those of [`image`](super::super::image).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::State;
use super::super::body::{JsonBody, present};
use super::super::error::ApiError;
use super::super::image::{Flaw, Image, SOURCE_IP};
use super::super::request_id::RequestId;
use super::super::token::Caller;
use super::gate::unauthorized;
use super::signed_response::answer;
use super::state::Attempt;
use crate::clock::date_time_with_milliseconds;
use crate::json_answer::json_answer;

/// Contract caf, 3.2.
const TYPES: [&str; 4] = ["jpg", "jpeg", "png", "bmp"];

type Context = (FromState<Arc<State>>, Extension<RequestId>, Extension<Caller>);

fn image(url: Option<&str>) -> Result<Image, ApiError> {
    // The documents call it optional; what happens without one is open, and that it is refused is ours.
    let url = url.ok_or_else(|| ApiError::bad_request("imageUrl is missing."))?;
    Image::read(url, &TYPES, || {
        ApiError::bad_request("The image must be a JPEG, PNG or BMP file.")
    })
}

/// A CPF without its mask, of a person that the token may be used about. Check digits are not looked at: the
/// vendor's own samples have wrong ones (contract caf, 8).
fn check_person(caller: &Caller, people_id: &str) -> Result<(), ApiError> {
    let is_cpf = people_id.len() == 11 && people_id.bytes().all(|byte| byte.is_ascii_digit());
    if !is_cpf {
        return Err(ApiError::bad_request("peopleId must be a CPF of 11 digits."));
    }
    if !caller.speaks_for(people_id) {
        return Err(unauthorized("JWT: peopleId is another person's"));
    }
    Ok(())
}

/// `shouldSignResponse`. Other spellings are other parameters (contract caf, 3.6).
fn is_to_be_signed(query: Option<&str>) -> Result<bool, ApiError> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let values = pairs.filter(|(name, _)| name == "shouldSignResponse");
    match values.last() {
        None => Ok(false),
        Some((_, value)) if value == "true" => Ok(true),
        Some((_, value)) if value == "false" => Ok(false),
        Some(_) => Err(ApiError::bad_request("shouldSignResponse must be true or false.")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Liveness {
    #[serde(default, deserialize_with = "present")]
    image_url: Option<String>,
    #[serde(default, deserialize_with = "present")]
    person: Option<Map<String, Value>>,
}

pub(super) async fn liveness(
    (FromState(state), Extension(RequestId(request_id)), Extension(caller)): Context,
    RawQuery(query): RawQuery,
    JsonBody(request): JsonBody<Liveness>,
) -> Result<Response, ApiError> {
    let is_signed = is_to_be_signed(query.as_deref())?;
    let image = image(request.image_url.as_deref())?;
    let person = request.person.as_ref();
    if person.is_some_and(|person| !person.values().all(Value::is_string)) {
        return Err(ApiError::bad_request("The members of person must be strings."));
    }
    let cpf = person
        .and_then(|person| person.get("cpf"))
        .and_then(Value::as_str);
    if let Some(cpf) = cpf {
        check_person(&caller, cpf)?;
    }
    let mut body = Map::new();
    body.insert("requestId".to_owned(), json!(request_id));
    body.insert("isAlive".to_owned(), json!(image.is_alive()));
    body.insert("attemptId".to_owned(), json!(state.object_id()));
    if let Some(person) = request.person {
        body.insert("person".to_owned(), Value::Object(person));
    }
    let message = image.flaw.and_then(Flaw::message);
    body.insert("message".to_owned(), json!(message));
    Ok(answer(&state, &caller, body, "isAlive", is_signed))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    people_id: String,
    image_url: String,
}

pub(super) async fn register(
    (FromState(state), Extension(RequestId(request_id)), Extension(caller)): Context,
    JsonBody(request): JsonBody<Registration>,
) -> Result<Response, ApiError> {
    check_person(&caller, &request.people_id)?;
    let image = image(Some(&request.image_url))?;
    if image.face().is_none() {
        let message = image.flaw.and_then(Flaw::message);
        return Err(ApiError::bad_request(
            message.unwrap_or("The image shows no face."),
        ));
    }
    state.mobile.data().faces.insert(request.people_id, image);
    let body = json!({ "requestId": request_id, "message": "Cadastro da face realizado com sucesso" });
    Ok(json_answer(StatusCode::OK, &body))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authentication {
    people_id: String,
    #[serde(default, deserialize_with = "present")]
    image_url: Option<String>,
    #[serde(default, rename = "device", deserialize_with = "present")]
    _device: Option<Device>,
}

/// Nothing depends on it: it only has to be what the documents say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    #[serde(default, rename = "operatingSystem", deserialize_with = "present")]
    _operating_system: Option<String>,
    #[serde(default, rename = "fingerprint", deserialize_with = "present")]
    _fingerprint: Option<String>,
    #[serde(default, rename = "manufacturer", deserialize_with = "present")]
    _manufacturer: Option<String>,
    #[serde(default, rename = "model", deserialize_with = "present")]
    _model: Option<String>,
}

pub(super) async fn authenticate(
    (FromState(state), Extension(RequestId(request_id)), Extension(caller)): Context,
    RawQuery(query): RawQuery,
    JsonBody(request): JsonBody<Authentication>,
) -> Result<Response, ApiError> {
    let is_signed = is_to_be_signed(query.as_deref())?;
    check_person(&caller, &request.people_id)?;
    let received = image(request.image_url.as_deref())?;
    let registered = state.mobile.data().faces.get(&request.people_id).cloned();
    let registered = registered.ok_or_else(|| ApiError::not_found("There is no face for this person."))?;
    let attempt = Attempt {
        id: state.object_id(),
        created_at: state.clock.now(),
        people_id: request.people_id,
        execution_origin_id: state.object_id(),
        registered,
        received,
    };
    let mut body = Map::new();
    body.insert("requestId".to_owned(), json!(request_id));
    body.insert("isMatch".to_owned(), json!(attempt.is_match()));
    state.mobile.data().attempts.push(attempt);
    Ok(answer(&state, &caller, body, "isMatch", is_signed))
}

pub(super) async fn attempt(
    (FromState(state), Extension(RequestId(request_id)), Extension(caller)): Context,
    Path(attempt_id): Path<String>,
) -> Result<Response, ApiError> {
    let known = {
        let data = state.mobile.data();
        let mut attempts = data.attempts.iter();
        attempts.find(|attempt| attempt.id == attempt_id).cloned()
    };
    let attempt = known.ok_or_else(|| ApiError::not_found("There is no such attempt."))?;
    check_person(&caller, &attempt.people_id)?;
    let body = json!({ "requestId": request_id, "data": attempt_json(&attempt) });
    Ok(json_answer(StatusCode::OK, &body).into_response())
}

fn attempt_json(attempt: &Attempt) -> Value {
    json!({
        "id": attempt.id,
        "createdAt": date_time_with_milliseconds(attempt.created_at),
        "peopleId": attempt.people_id,
        "sourceIp": SOURCE_IP,
        "executionOriginId": attempt.execution_origin_id,
        "registeredImageUrl": attempt.registered.url,
        "receivedImageUrl": attempt.received.url,
        "faceMatch": attempt.received.face_match_json(&attempt.registered),
        "liveness": attempt.received.liveness_json(),
        "isMatch": attempt.is_match(),
    })
}
