//! `POST /identity-match`: personal data against the operator's record (contract cm-identity, 3.2 and 7).

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, json};

use super::operator::{self, Answer};
use super::phone_number::PhoneNumber;
use super::test_persons::{self, CUT_OFF_DATE, Person};
use crate::clock::is_date;
use crate::cm::body::{JsonBody, present};
use crate::cm::error::ApiError;
use crate::json_answer::json_answer;

/// The attributes of an answer; each is a member with `Match` or `Score` after it. The names with `Score`
/// could not be read: they are inferred in the contract.
const ATTRIBUTES: [&str; 6] = [
    "firstName",
    "lastName",
    "name",
    "address",
    "postalCode",
    "dateOfBirth",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Request {
    phone_number: PhoneNumber,
    service_type: ServiceType,
    #[serde(default, deserialize_with = "present")]
    first_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    last_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    address: Option<String>,
    /// The test persons have one line of address: the others are read, and compared with nothing (ours).
    #[serde(default, deserialize_with = "present", rename = "address2")]
    _address2: Option<String>,
    #[serde(default, deserialize_with = "present", rename = "address3")]
    _address3: Option<String>,
    #[serde(default, deserialize_with = "present")]
    postal_code: Option<String>,
    #[serde(default, deserialize_with = "present")]
    date_of_birth: Option<DateOfBirth>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ServiceType {
    Match,
    Score,
}

/// `YYYY-MM-DD`, or the text that the documents print for one test person.
struct DateOfBirth(String);

impl<'de> Deserialize<'de> for DateOfBirth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if is_date(&text) || text == CUT_OFF_DATE {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(
                "dateOfBirth is not a date of the form YYYY-MM-DD",
            ))
        }
    }
}

pub(super) async fn identity_match(JsonBody(request): JsonBody<Request>) -> Result<Response, ApiError> {
    let person = test_persons::with_number(request.phone_number.as_str());
    let body = match (person, Answer::about(&request.phone_number)) {
        (Some(person), _) => result(request.service_type, |attribute| {
            Some(request.agrees(person, attribute))
        }),
        // The operator knows the number and nobody with these data (ours).
        (None, Answer::Changed(_)) => result(request.service_type, |_| Some(false)),
        (None, Answer::NoData) => result(request.service_type, |_| None),
        (None, Answer::Failed) => json!({ "state": operator::FAILED }),
        (None, Answer::Error) => return Err(operator::error()),
    };
    Ok(json_answer(StatusCode::OK, &body))
}

fn result(service_type: ServiceType, agrees: impl Fn(&str) -> Option<bool>) -> Value {
    let mut body = Map::new();
    body.insert("state".to_owned(), json!("success"));
    for attribute in ATTRIBUTES {
        let agrees = agrees(attribute);
        let (name, value) = match service_type {
            ServiceType::Match => (format!("{attribute}Match"), json!(agrees)),
            ServiceType::Score => {
                let score = agrees.map(|agrees| if agrees { 100 } else { 0 });
                (format!("{attribute}Score"), json!(score))
            }
        };
        body.insert(name, value);
    }
    Value::Object(body)
}

impl Request {
    /// Compared character by character. All attributes are said to be returned: one that was not sent does
    /// not agree (ours).
    fn agrees(&self, person: &Person, attribute: &str) -> bool {
        let same = |sent: &Option<String>, known: &str| sent.as_deref() == Some(known);
        let first_name = same(&self.first_name, person.first_name);
        let last_name = same(&self.last_name, person.last_name);
        match attribute {
            "firstName" => first_name,
            "lastName" => last_name,
            "name" => first_name && last_name,
            "address" => same(&self.address, person.address),
            "postalCode" => same(&self.postal_code, person.postal_code),
            _ => self
                .date_of_birth
                .as_ref()
                .is_some_and(|date| person.was_born_on(&date.0)),
        }
    }
}
