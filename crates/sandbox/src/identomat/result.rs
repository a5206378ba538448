//! The body of `result/`: the members and the mixed naming of the recorded bodies (contract identomat, 5),
//! filled with a made-up person.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::outcome::{FACE_MISMATCH, IdentomatOutcome, IdentomatResultShape};
use super::session::Session;
use crate::clock::date_time;

/// The one person whom the screening knows, in the form of an object id.
pub(super) const SCREENED_PERSON: &str = "5f0000000000000000000001";

pub(super) const FIRST_NAME: &str = "ANNA";
pub(super) const LAST_NAME: &str = "EXAMPLE";
/// 2 August 1990, in both forms that the bodies have.
const BIRTHDAY: &str = "8/2/1990";
pub(super) const BIRTHDAY_TIME: &str = "1990-08-02T00:00:00.000Z";
const ADDRESS: &str = "1 Example Street, 0100 Tbilisi, Georgia";
/// Its check digits are right (ICAO 9303, format TD1).
const MRZ: &str =
    "IDGEO00EX000016<<<<<<<<<<<<<<<\n9008021F3003046GEO000000000013\nEXAMPLE<<ANNA<<<<<<<<<<<<<<<<<";
/// An address of RFC 5737, for documents: the browser's own is nobody's business.
const REMOTE_ADDRESS: &str = "192.0.2.7";

/// The result of a session at `now`.
pub(super) fn body(session: &Session, now: SystemTime, shape: IdentomatResultShape) -> Value {
    let outcome = session.outcome.as_ref().unwrap_or(&IdentomatOutcome::Abandoned);
    let shown = Shown::of(session, outcome);
    let mut body = json!({
        "result": outcome.result(),
        "live": shown.face && session.asks_for_liveness(),
        "similarity": similarity(&shown, outcome),
        "document_type": if shown.document { session.document_type() } else { "" },
        "reject_reason": reject_reason(outcome),
        "person": person(&shown, outcome, now),
        "result_comment": comment(session),
        "face_images": u8::from(shown.face),
        "suggested": {},
    });
    let mut add = |name: &str, value: Value| {
        if let Some(members) = body.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
    };
    match shape {
        IdentomatResultShape::Of2022 => add("general_document", Value::Array(shown.general_documents())),
        IdentomatResultShape::Recent => {
            add("generalDocuments", Value::Array(shown.general_documents()));
            let name = if shown.document { "ANNA EXAMPLE" } else { "" };
            add("name", json!(name));
            add("technicalDetails", technical_details(session));
        }
    }
    if shown.document && session.document_type() == "id" {
        add("id_card_front", card_front());
        add("id_card_back", card_back());
    }
    if let Some(config_id) = &session.config_id {
        add("configId", json!(config_id));
    }
    if session.has_data() {
        let questionnaires: Vec<Value> = session.questionnaires().map(answered).collect();
        if !questionnaires.is_empty() {
            add("questionnaires", Value::Array(questionnaires));
        }
    }
    if *outcome == IdentomatOutcome::ManualCheck {
        add("screeningMatches", screening_matches());
    }
    body
}

/// What the end user has shown by now.
struct Shown<'a> {
    document: bool,
    face: bool,
    general_document_types: Vec<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(session: &'a Session, outcome: &IdentomatOutcome) -> Self {
        if !session.has_data() {
            return Self {
                document: false,
                face: false,
                general_document_types: Vec::new(),
            };
        }
        let mut types = session.general_document_types();
        if types.is_empty() && *outcome == IdentomatOutcome::ProofOfAddress {
            types.push("utility_bill");
        }
        Self {
            document: session.asks_for_document(),
            face: session.asks_for_face(),
            general_document_types: types,
        }
    }

    fn general_documents(&self) -> Vec<Value> {
        let types = self.general_document_types.iter();
        types.map(|type_id| general_document(type_id)).collect()
    }
}

/// The whole number 0 without a face, as recorded.
fn similarity(shown: &Shown<'_>, outcome: &IdentomatOutcome) -> Value {
    let is_mismatch = |reason: &str| reason == FACE_MISMATCH;
    match outcome {
        _ if !(shown.face && shown.document) => json!(0),
        IdentomatOutcome::Rejected { reason } if is_mismatch(reason) => json!(0.41),
        _ => json!(0.93),
    }
}

/// Two empty texts where nothing was rejected, as recorded. The description is empty in every recorded body.
fn reject_reason(outcome: &IdentomatOutcome) -> Value {
    let value = match outcome {
        IdentomatOutcome::Rejected { reason } => reason.as_str(),
        _ => "",
    };
    json!({ "value": value, "description": "" })
}

fn comment(session: &Session) -> &'static str {
    if session.is_by_operator {
        "Decided by an operator of the sandbox."
    } else {
        ""
    }
}

fn person(shown: &Shown<'_>, outcome: &IdentomatOutcome, now: SystemTime) -> Value {
    let mut person = Map::new();
    if shown.document {
        let is_rejected = matches!(outcome, IdentomatOutcome::Rejected { .. });
        let Value::Object(of_document) = json!({
            "first_name": FIRST_NAME,
            "last_name": LAST_NAME,
            "local_first_name": "ანა",
            "local_last_name": "მაგალითი",
            "local_middle_name": "",
            "birthday": BIRTHDAY,
            "birthday_time": BIRTHDAY_TIME,
            "age": age(now),
            "birth_place": "TBILISI",
            "citizenship": "GEO",
            "nationality": "GEO",
            "issuing_state": "GEO",
            "document_number": "00EX00001",
            "personal_number": "00000000001",
            "document_issued": "3/4/2020",
            "document_expires": "3/4/2030",
            "document_expires_time": "2030-03-04T00:00:00.000Z",
            "authority": "EXAMPLE AUTHORITY",
            "sex": "F",
            "mrz": MRZ,
            "status": if is_rejected { "FIELDS_MISMATCH" } else { "" },
        }) else {
            return Value::Null;
        };
        person = of_document;
    }
    // Of the two recorded bodies, the one like a utility bill here has it, the other has an empty person.
    if shown.general_document_types.contains(&"utility_bill") {
        person.insert("address".to_owned(), json!(ADDRESS));
    }
    Value::Object(person)
}

/// Full years since 2 August 1990, by the date in UTC.
fn age(now: SystemTime) -> i64 {
    let date = date_time(now);
    let mut numbers = date.split(['-', 'T']).filter_map(|text| text.parse::<i64>().ok());
    let (year, month, day) = (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    );
    year - 1990 - i64::from((month, day) < (8, 2))
}

/// Utility bills are built like one of the recorded bodies, all others like the other one.
fn general_document(type_id: &str) -> Value {
    let page = if type_id == "utility_bill" {
        json!({
            "typeId": type_id.replace('_', "-"),
            "pageNumber": 1,
            "documentPages": [{ "pageNumber": 1 }],
            "statuses": ["issued-date-was-not-found"],
            "final": {
                "street": "Example Street", "streetNumber": "1", "houseNumber": null, "postalCode": "0100",
                "city": "Tbilisi", "state": null, "country": "Georgia", "countryCode": "GEO",
                "address": ADDRESS, "formattedAddress": ADDRESS, "localType": "ROOFTOP",
                "latitude": 41.7, "longitude": 44.8, "fullName": "ANNA EXAMPLE", "firstName": FIRST_NAME,
                "lastName": LAST_NAME, "authority": "EXAMPLE ENERGY", "permanent": null,
                "documentIssuedTime": "2024-01-15T00:00:00.000Z", "documentExpires": "",
            },
        })
    } else {
        json!({
            "typeId": type_id.replace('_', "-"),
            "documentPages": [{ "pageNumber": 1 }],
            "final": {
                "street": "Example Street", "city": "Tbilisi", "country": "Georgia", "countryCode": "GEO",
                "address": ADDRESS, "formattedAddress": ADDRESS, "fullName": "ANNA EXAMPLE",
                "issuingAuthority": "EXAMPLE BANK", "documentIssued": "2024-01-15T00:00:00.000Z",
            },
        })
    };
    json!({
        "documentType": type_id.to_uppercase(),
        "typeId": type_id,
        "permanent": null,
        "pages": [page],
    })
}

fn card_front() -> Value {
    json!({
        "Surname_en_US": LAST_NAME,
        "Given_Names_en_US": FIRST_NAME,
        "Surname_ka_GE": "მაგალითი",
        "localMiddleName": "",
        "Personal_Number_en_US": "00000000001",
        "Nationality_Code_en_US": "GEO",
        "Sex_en_US": "F",
        "Date_of_Birth_en_US": BIRTHDAY,
        "Date_of_Birth_ISO": BIRTHDAY_TIME,
    })
}

fn card_back() -> Value {
    json!({
        "Document_Number_en_US": "00EX00001",
        "Authority_en_US": "EXAMPLE AUTHORITY",
        "Date_of_Issue_en_US": "3/4/2020",
        "Date_of_Expiry_en_US": "3/4/2030",
        "Date_of_Expiry_ISO": "2030-03-04T00:00:00.000Z",
        "mrz": MRZ,
    })
}

fn technical_details(session: &Session) -> Value {
    json!({
        "remoteAddress": REMOTE_ADDRESS,
        "userAgent": session.user_agent,
        "countryCode": "GE",
    })
}

/// A questionnaire as it comes back: keys and answers (contract identomat, 5.5).
fn answered(step: &Map<String, Value>) -> Value {
    let questions = step.get("questions").and_then(Value::as_array);
    let questions: Vec<Value> = questions
        .into_iter()
        .flatten()
        .map(|question| json!({ "key": question.get("key"), "answer": answer(question) }))
        .collect();
    json!({ "key": step.get("key"), "questions": questions })
}

/// Yes, the first of the options, or a sentence.
fn answer(question: &Value) -> Value {
    let first_option = question
        .get("options")
        .and_then(Value::as_array)
        .and_then(|options| options.first()?.get("key"))
        .cloned();
    match (question.get("type").and_then(Value::as_str), first_option) {
        (Some("boolean"), _) => json!(true),
        (Some("options"), Some(option)) => option,
        (Some("multiple-choice"), option) => Value::Array(option.into_iter().collect()),
        _ => json!("An answer in the sandbox."),
    }
}

/// The values of `reviewStatus` are not known; this one is ours.
fn screening_matches() -> Value {
    json!([{ "personId": SCREENED_PERSON, "name": "ANNA EXAMPLE", "score": 91, "reviewStatus": "unreviewed" }])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_age_counts_full_years() {
        // 2024-08-01 and 2024-08-02.
        for (seconds, expected) in [(1_722_470_400, 33), (1_722_556_800, 34)] {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(age(now), expected);
        }
    }
}
