//! The generic services (contract caf, 4.7). What is found follows from what is asked for; the choices are
//! ours.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State as FromState;
use axum::response::Response;
use http::Uri;
use serde_json::{Map, Value, json};

use crate::caf::account::{Query, answer, digits};
use crate::caf::body::JsonBody;
use crate::caf::error::ApiError;
use crate::caf::request_id::RequestId;
use crate::caf::state::State;
use crate::clock::date_time_with_milliseconds;
use crate::members::{Members, Mistake};

/// A question to a service.
struct Question {
    service: String,
    parameters: Members,
    metadata: Option<Map<String, Value>>,
}

impl Question {
    fn read(body: Value) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let service = members.text("service")?.ok_or("service is missing.")?;
        let parameters = members.required("parameters")?;
        Ok(Self {
            service,
            parameters: Members::of(parameters, "parameters")?,
            metadata: members.object("metadata")?,
        })
    }

    fn text(&mut self, name: &str) -> Result<String, Mistake> {
        self.parameters
            .text(name)?
            .ok_or_else(|| format!("parameters.{name} is missing."))
    }

    /// The digits of `parameters.cpf`.
    fn cpf(&mut self) -> Result<String, Mistake> {
        let cpf = digits(&self.text("cpf")?);
        if cpf.len() == 11 {
            Ok(cpf)
        } else {
            Err("parameters.cpf must have 11 digits.".to_owned())
        }
    }

    fn answer(self, id: &RequestId, service_data: &Value) -> Response {
        let mut data = Map::new();
        data.insert("service".to_owned(), json!(self.service));
        data.insert("serviceData".to_owned(), service_data.clone());
        if let Some(metadata) = self.metadata {
            data.insert("metadata".to_owned(), json!(metadata));
        }
        message(id, "Service executed", Value::Object(data))
    }
}

/// The frame of the Global API's answers: `requestId`, `message`, `data`.
pub(super) fn message(id: &RequestId, text: &str, data: Value) -> Response {
    let mut members = Map::new();
    members.insert("message".to_owned(), json!(text));
    members.insert("data".to_owned(), data);
    answer(id, members)
}

/// `POST /v1/services`
pub(super) async fn query(
    FromState(caf): FromState<Arc<State>>,
    Extension(id): Extension<RequestId>,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let now = date_time_with_milliseconds(caf.clock.now());
    let mut question = Question::read(body).map_err(ApiError::bad_request)?;
    let found = match question.service.as_str() {
        "pf_basic_data" => question.cpf().map(|cpf| pf_basic_data(&cpf, &now)),
        "sanctions" => sanctions(&mut question),
        "kybCompanyRecord" => question.text("recordId").map(|id| company_record(&id)),
        _ => Err("There is no such service.".to_owned()),
    };
    let found = found.map_err(ApiError::bad_request)?;
    Ok(question.answer(&id, &found))
}

/// `POST /services` on the host of its own: with HTTP 200, either what is known of a CPF or only a message.
pub(super) async fn cpf_sync(
    Extension(id): Extension<RequestId>,
    uri: Uri,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let mut parameters = Query::of(&uri).map_err(ApiError::bad_request)?;
    let has_mother = match parameters.take("origin").as_deref() {
        None => false,
        Some("2") => true,
        Some(_) => return Err(ApiError::bad_request("origin must be 2.")),
    };
    parameters.refuse_others().map_err(ApiError::bad_request)?;
    let mut question = Question::read(body).map_err(ApiError::bad_request)?;
    if question.service != "cpf_sync" {
        return Err(ApiError::bad_request("There is no such service."));
    }
    let cpf = question.cpf().map_err(ApiError::bad_request)?;
    let found = match cpf.get(..3) {
        Some("907") => json!({ "message": "CPF não encontrado" }),
        Some("908") => json!({ "message": "CPF pertence a um menor de idade" }),
        _ => {
            let mut found = json!({
                "taxIdNumber": cpf,
                "name": "ANA TESTE",
                "socialName": "",
                "taxIdStatus": tax_id_status(&cpf),
                "birthDate": "1990-02-01",
                "fallback": false,
            });
            if let Some(members) = found.as_object_mut().filter(|_| has_mother) {
                members.insert("motherName".to_owned(), json!("MARIA TESTE"));
            }
            found
        }
    };
    Ok(question.answer(&id, &found))
}

fn is_of_the_dead(cpf: &str) -> bool {
    cpf.starts_with("901")
}

fn tax_id_status(cpf: &str) -> &'static str {
    if is_of_the_dead(cpf) {
        "TITULAR FALECIDO"
    } else {
        "REGULAR"
    }
}

fn pf_basic_data(cpf: &str, now: &str) -> Value {
    let is_dead = is_of_the_dead(cpf);
    json!({
        "taxIdNumber": cpf,
        "taxIdCountry": "BRAZIL",
        "alternativeIdNumbers": {},
        "name": "ANA TESTE",
        "socialName": "",
        "gender": "F",
        "birthDate": "1990-02-01T00:00:00.000Z",
        "age": 34,
        "birthCountry": "BRASILEIRA",
        "motherName": "MARIA TESTE",
        "fatherName": "",
        "taxIdStatus": tax_id_status(cpf),
        "taxIdOrigin": "RECEITA FEDERAL",
        "hasObitIndication": is_dead,
        "obitIndicationOrigin": if is_dead { "RECEITA FEDERAL" } else { "" },
        "obitIndicationYear": if is_dead { "2020" } else { "" },
        "taxIdStatusDate": now,
        "creationDate": "2016-08-01T00:00:00.000Z",
        "lastUpdateDate": now,
    })
}

/// Whoever has `sanctioned` in the name is.
fn sanctions(question: &mut Question) -> Result<Value, Mistake> {
    let name = question.text("name")?;
    for optional in ["fuzziness", "birthYear"] {
        let text = question.parameters.text(optional)?;
        if text.is_some_and(|text| text.parse::<f64>().is_err()) {
            return Err(format!("parameters.{optional} must be a number in a text."));
        }
    }
    let is_sanctioned = name.to_lowercase().contains("sanctioned");
    let found = json!({
        "matchStatus": "potential_match",
        "matchTypes": ["name_exact"],
        "matchTypesDetails": [],
        // Spelt as in the documents.
        "entityTypess": ["person"],
        "sources": ["made-up-list"],
        "sourceNotes": {},
        "shareUrl": "https://sanctions.invalid/1",
        "riskLevel": "high",
        "sanctionType": "sanction",
    });
    let list = if is_sanctioned { vec![found] } else { Vec::new() };
    Ok(json!({
        "name": name,
        "isSanctioned": is_sanctioned,
        "totalMatches": list.len(),
        "sanctionsList": list,
    }))
}

fn company_record(id: &str) -> Value {
    json!({
        "id": id,
        "label": "EMPRESA TESTE LTDA",
        "publicationDate": "2023-01-02",
        "acquisitionDate": "2023-01-03",
        "sourceUrl": "https://records.invalid/1",
        "sourceId": "made-up",
        "documentUrls": [],
        "entities": { "count": 1, "data": [{ "label": "ANA TESTE" }] },
    })
}
