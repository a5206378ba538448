//! What is read of a transaction (contract caf, 4.3 and 4.4).

use http::Uri;
use serde_json::{Map, Value, json};
use url::Url;

use super::outcome::Outcome;
use super::query::Query;
use super::transaction::{Reason, Transaction};
use crate::clock::date_time_with_milliseconds;
use crate::members::Mistake;

/// What a read may ask for besides.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::caf) struct ReadOptions {
    pub(in crate::caf) includes_cropped_images: bool,
    /// Portuguese unless English was asked for.
    pub(in crate::caf) is_english: bool,
}

impl ReadOptions {
    /// The names are third parties' (contract caf, 4.4).
    pub(super) fn of(uri: &Uri) -> Result<Self, Mistake> {
        let mut query = Query::of(uri)?;
        // No transaction of the sandbox has related ones.
        query.boolean("_includePfRelationships")?;
        let options = Self {
            includes_cropped_images: query.boolean("_includeCroppedImages")?,
            is_english: match query.take("_lang").as_deref() {
                None | Some("pt" | "es") => false,
                Some("en") => true,
                Some(_) => return Err("_lang must be pt, en or es.".to_owned()),
            },
        };
        query.refuse_others()?;
        Ok(options)
    }
}

impl Transaction {
    /// An element of the list.
    pub(in crate::caf) fn item(&self) -> Value {
        let mut data = Map::new();
        for name in ["cpf", "cnpj", "birthDate", "name"] {
            if let Some(value) = self.request.attributes.get(name) {
                data.insert(name.to_owned(), value.clone());
            }
        }
        json!({
            "id": self.id,
            "status": self.status,
            "createdAt": date_time_with_milliseconds(self.created),
            "data": data,
        })
    }

    /// The members of a read besides `requestId`.
    pub(in crate::caf) fn details(&self, options: ReadOptions) -> Map<String, Value> {
        let history: Vec<Value> = self
            .history
            .iter()
            .map(|(status, date)| {
                json!({ "type": "STATUS_UPDATE", "status": status, "date": date_time_with_milliseconds(*date) })
            })
            .collect();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", json!(self.id));
        put("status", json!(self.status));
        put("customStatus", Value::Null);
        put("templateId", json!(self.request.template_id()));
        put("onboardingId", json!(self.onboarding_id));
        put("attributes", json!(self.request.attributes));
        put("createdAt", json!(date_time_with_milliseconds(self.created)));
        put("images", self.images(options.includes_cropped_images));
        put("sections", self.sections());
        put("fraud", json!(self.outcome == Outcome::Fraud));
        put("files", self.files());
        put("relatedTransactions", json!({}));
        put("history", json!(history));
        put("statusReasons", self.status_reasons(options.is_english));
        put("manualReprovalReasons", self.manual_reprovals());
        put("variables", json!(self.request.variables));
        put(
            "metadata",
            self.request.metadata.clone().unwrap_or_else(|| json!({})),
        );
        if let Some(document) = self.document {
            put("type", json!(document.as_str()));
        }
        if let Some(requested) = self.documentscopy {
            put(
                "documentscopyRequestDate",
                json!(date_time_with_milliseconds(requested)),
            );
        }
        members
    }

    /// Why the status is what it is. That a rule's reason leads to the transaction's status is ours.
    pub(in crate::caf) fn status_reasons(&self, is_english: bool) -> Value {
        let reasons = self.reasons.iter().map(|reason| match reason {
            Reason::Rule { code, is_met } => {
                let mut reason = json!({
                    "category": "VALIDATION",
                    "resultStatus": if *is_met { "APPROVED" } else { "REPROVED" },
                    "resultCustomStatus": null,
                    "code": code,
                    "status": if *is_met { "VALID" } else { "INVALID" },
                });
                let description = if is_english {
                    "The rule is not met"
                } else {
                    "A regra não foi atendida"
                };
                if let (false, Some(members)) = (*is_met, reason.as_object_mut()) {
                    members.insert("description".to_owned(), json!(description));
                }
                reason
            }
            Reason::Review { status, code, date } => json!({
                "category": "MANUAL_REVIEW",
                "resultStatus": status,
                "resultCustomStatus": null,
                "code": code.as_deref().unwrap_or("manual_review"),
                "status": if code.is_none() { "VALID" } else { "INVALID" },
                "user": "reviewer@trust.example",
                "date": date_time_with_milliseconds(*date),
                "reviewType": "MANUAL",
            }),
        });
        Value::Array(reasons.collect())
    }

    fn manual_reprovals(&self) -> Value {
        let reprovals = self.reprovals.iter();
        reprovals
            .map(|(code, reason)| json!({ "code": code, "reason": reason }))
            .collect()
    }

    /// Addresses of what was sent. The crops have addresses of their own, which lead nowhere.
    pub(in crate::caf) fn images(&self, includes_crops: bool) -> Value {
        let mut images = Map::new();
        for file in &self.request.files {
            let name = match file {
                file if file.is_selfie() => "selfie",
                file if file.is_back() => "back",
                file if file.is_front() => "front",
                _ => continue,
            };
            images.insert(name.to_owned(), json!(file.data));
            let crop = match name {
                "front" => "selectedFront",
                "back" => "selectedBack",
                _ => continue,
            };
            if includes_crops {
                let address = format!("https://images.invalid/{}/{crop}.jpg?signature=made-up", self.id);
                images.insert(crop.to_owned(), json!(address));
            }
        }
        Value::Object(images)
    }

    fn files(&self) -> Value {
        let files = self.request.files.iter();
        files
            .map(|file| json!({ "name": file.kind, "src": address(&file.data) }))
            .collect()
    }

    /// Only the members of `documentLiveness` are documented (contract caf, 4.9); the other names are the
    /// services', which is inferred.
    fn sections(&self) -> Value {
        let mut sections = Map::new();
        if let Some(document) = self.document {
            let data = document.data(&self.request);
            sections.insert(
                "ocr".to_owned(),
                json!({ "data": data, "type": document.as_str() }),
            );
            sections.insert("documentLiveness".to_owned(), self.document_liveness());
        }
        if let Some(cpf) = self.request.attribute("cpf") {
            let section = json!({ "data": { "taxIdNumber": super::request::digits(cpf) } });
            sections.insert("pf_basic_data".to_owned(), section);
        }
        Value::Object(sections)
    }

    fn document_liveness(&self) -> Value {
        let is_copy = self.outcome == Outcome::Photocopy;
        let (indicator, message) = if is_copy {
            ("colored_copy_doc", "The document is a colour copy")
        } else {
            ("real_doc", "The document is real")
        };
        let side = json!({
            // That it is the document that is real is ours.
            "decision": !is_copy,
            "confidence": "HIGH",
            "indicators": [{ "id": indicator, "message": message }],
        });
        let mut data = Map::new();
        data.insert("message".to_owned(), json!(message));
        for file in &self.request.files {
            if file.is_front() {
                data.insert("front".to_owned(), side.clone());
            } else if file.is_back() {
                data.insert("back".to_owned(), side.clone());
            }
        }
        json!({ "data": data })
    }
}

/// Uploaded files have names instead of addresses.
fn address(data: &str) -> String {
    match Url::parse(data) {
        Ok(_) => data.to_owned(),
        Err(_) => format!("https://images.invalid/files/{data}?signature=made-up"),
    }
}
