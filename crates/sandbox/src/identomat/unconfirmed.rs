//! Calls of which no document shows the answer (contract identomat, 2.3 and 2.4). Every answer here says that
//! its shape is the sandbox's own: build nothing on it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::parameters::Given;
use super::result::{BIRTHDAY_TIME, FIRST_NAME, LAST_NAME, SCREENED_PERSON};

const NOTE: &str = "The shape of this answer is the sandbox's own; the real one is not documented.";

/// The names of the members are hints of a third party.
pub(super) fn screening_person(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.parameters.only(&["personId", "session_token"])?;
    check_session(call)?;
    if call.parameters.required("personId")? != SCREENED_PERSON {
        return Err(Refusal::argument("personId is not known"));
    }
    Ok(Answer::json(&json!({
        "personId": SCREENED_PERSON,
        "entityType": "person",
        "name": format!("{FIRST_NAME} {LAST_NAME}"),
        "firstName": FIRST_NAME,
        "lastName": LAST_NAME,
        "gender": "F",
        "birthdayTime": BIRTHDAY_TIME,
        "aliases": [],
        "topics": ["example"],
        "sandboxNote": NOTE,
    })))
}

/// Two pictures, as base64 or as files. The names of their parameters are not known, so any two are taken.
/// The same picture twice is the same face, all others are not.
pub(super) fn compare_faces(call: &Call<'_>) -> Result<Answer, Refusal> {
    check_session(call)?;
    let pictures = call
        .parameters
        .others()
        .map(|(name, given)| picture(name, given))
        .collect::<Result<Vec<Bytes>, Refusal>>()?;
    let [one, other] = pictures.as_slice() else {
        return Err(Refusal::argument("two pictures are compared"));
    };
    let similarity = if one == other { 1.0 } else { 0.12 };
    Ok(Answer::json(
        &json!({ "similarity": similarity, "sandboxNote": NOTE }),
    ))
}

/// Whether these calls name a session is not documented: they may, and then it must be a good one.
fn check_session(call: &Call<'_>) -> Result<(), Refusal> {
    match call.parameters.text("session_token")? {
        Some(token) => call.check_session(token),
        None => Ok(()),
    }
}

fn picture(name: &str, given: &Given) -> Result<Bytes, Refusal> {
    let picture = match given {
        Given::File(bytes) => Some(bytes.clone()),
        Given::Text(text) | Given::Json(Value::String(text)) => STANDARD.decode(text).ok().map(Bytes::from),
        Given::Json(_) => None,
    };
    picture
        .filter(|picture| !picture.is_empty())
        .ok_or_else(|| Refusal::argument(format!("{name} is no picture in base64")))
}
