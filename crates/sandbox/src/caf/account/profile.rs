//! Profiles of people and companies (contract caf, 4.9): they come to be with the transactions about them.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::outcome::Subject;
use super::transaction::Transaction;
use crate::clock::date_time_with_milliseconds;

#[derive(Clone)]
pub(in crate::caf) struct Profile {
    pub(in crate::caf) id: String,
    pub(in crate::caf) subject: Subject,
    pub(in crate::caf) status: String,
    pub(in crate::caf) updated: SystemTime,
    /// What is known of them.
    attributes: Map<String, Value>,
    executions: Vec<Execution>,
}

#[derive(Clone)]
struct Execution {
    id: String,
    is_onboarding: bool,
    status: String,
    date: SystemTime,
    metadata: Value,
}

impl Profile {
    pub(super) fn new(id: String, subject: Subject, now: SystemTime) -> Self {
        Self {
            id,
            subject,
            status: "PROCESSING".to_owned(),
            updated: now,
            attributes: Map::new(),
            executions: Vec::new(),
        }
    }

    /// `PF` or `PJ`.
    pub(in crate::caf) fn kind(&self) -> &'static str {
        match self.subject {
            Subject::Person(_) => "PF",
            Subject::Company(_) => "PJ",
        }
    }

    /// The name of the member with the document's number.
    pub(in crate::caf) fn number_name(&self) -> &'static str {
        match self.subject {
            Subject::Person(_) => "cpf",
            Subject::Company(_) => "cnpj",
        }
    }

    /// Takes note of a transaction about them. Whether the profile has another status now: it has the last
    /// transaction's (ours).
    pub(super) fn note(&mut self, transaction: &Transaction, now: SystemTime) -> bool {
        self.attributes.extend(transaction.request.attributes.clone());
        let execution = Execution {
            id: transaction.id.clone(),
            is_onboarding: transaction.onboarding_id.is_some(),
            status: transaction.status.clone(),
            date: now,
            metadata: transaction.request.metadata.clone().unwrap_or_else(|| json!({})),
        };
        match self.executions.iter_mut().find(|known| known.id == execution.id) {
            Some(known) => *known = execution,
            None => self.executions.push(execution),
        }
        self.updated = now;
        std::mem::replace(&mut self.status, transaction.status.clone()) != self.status
    }

    /// The members of a read besides `requestId`.
    pub(in crate::caf) fn details(&self, includes_onboarding_qsa: bool) -> Map<String, Value> {
        let executions: Vec<Value> = self
            .executions
            .iter()
            .map(|execution| {
                json!({
                    "executionId": execution.id,
                    "executionOrigin": if execution.is_onboarding { "ONBOARDING" } else { "API" },
                    "lastUpdate": date_time_with_milliseconds(execution.date),
                    "metadata": execution.metadata,
                })
            })
            .collect();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", json!(self.id));
        put("status", json!(self.status));
        put(self.number_name(), json!(self.subject.number()));
        put("executions", json!(executions));
        match &self.subject {
            Subject::Person(_) => {
                put("basicData", self.person());
                put(
                    "sources",
                    self.sources("pf_basic_data", &json!({ "taxIdStatus": "REGULAR" })),
                );
            }
            Subject::Company(_) => {
                put("basicData", self.company());
                put(
                    "sources",
                    self.sources("pj_basic_data", &json!({ "status": "ATIVA" })),
                );
                put("qsa", json!({ "items": [self.partner()] }));
                if includes_onboarding_qsa {
                    let partners: Vec<Value> = self.onboarding_partners();
                    put("onboarding", json!({ "qsa": partners }));
                }
            }
        }
        members
    }

    fn given(&self, name: &str) -> Value {
        self.attributes.get(name).cloned().unwrap_or(Value::Null)
    }

    /// Any member may be missing.
    fn person(&self) -> Value {
        let mut basic_data = Map::new();
        for name in ["name", "fatherName", "motherName", "birthDate", "rg"] {
            if let Some(value) = self.attributes.get(name) {
                basic_data.insert(name.to_owned(), value.clone());
            }
        }
        Value::Object(basic_data)
    }

    fn company(&self) -> Value {
        let name = match self.given("name") {
            Value::String(name) => name,
            _ => "EMPRESA TESTE LTDA".to_owned(),
        };
        json!({
            "openingDate": "05/06/2015",
            "officialName": name,
            "fantasyName": name,
            "companySize": "ME",
            "mainActivity": "6201-5/01",
            "secondaryActivities": [{ "code": "6202-3/00", "description": "Desenvolvimento de programas" }],
            "legalNature": "206-2",
            "status": "ATIVA",
            "jointStock": "10000.00",
        })
    }

    fn partner(&self) -> Value {
        json!({
            "name": "ANA TESTE",
            "functionCode": "49",
            "function": "Sócio-Administrador",
            "isLegalRepresentative": true,
            "status": self.status,
        })
    }

    /// The partners that came through a link.
    fn onboarding_partners(&self) -> Vec<Value> {
        let executions = self.executions.iter().filter(|execution| execution.is_onboarding);
        executions
            .map(|execution| {
                json!({
                    "status": execution.status,
                    "name": "ANA TESTE",
                    "profileId": self.id,
                    "transactionId": execution.id,
                })
            })
            .collect()
    }

    fn sources(&self, name: &str, data: &Value) -> Value {
        let date = date_time_with_milliseconds(self.updated);
        json!({ name: { "lastConsultation": { "date": date }, "data": data } })
    }
}
