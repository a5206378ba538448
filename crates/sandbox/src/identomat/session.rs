//! One end user's session.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::outcome::IdentomatOutcome;

/// A session. Its flags and steps may hold anything, names among it: `Debug` leaves them out, and the token.
#[derive(Clone)]
pub(super) struct Session {
    /// How many began before it.
    pub(super) number: u64,
    pub(super) token: String,
    pub(super) company_key: String,
    pub(super) flags: Map<String, Value>,
    pub(super) steps: Vec<Map<String, Value>>,
    pub(super) config_id: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) began: SystemTime,
    /// Whether the end user's browser has been there.
    pub(super) is_opened: bool,
    pub(super) user_agent: String,
    pub(super) outcome: Option<IdentomatOutcome>,
    /// Whether an operator has decided since.
    pub(super) is_by_operator: bool,
}

impl Session {
    /// Whether it was begun and then not opened in time. What the documented 15 minutes limit is open
    /// (contract identomat, 12, question 9); here it is the start, and what was started in time is valid for
    /// ever.
    pub(super) fn is_invalid(&self, now: SystemTime, lifetime: Duration) -> bool {
        let age = now.duration_since(self.began).unwrap_or_default();
        !self.is_opened && age >= lifetime
    }

    /// Whether the end user came to the end.
    pub(super) fn is_finished(&self) -> bool {
        self.outcome
            .as_ref()
            .is_some_and(|outcome| *outcome != IdentomatOutcome::Abandoned)
    }

    /// Whether what comes to the end has data: one who disagreed with the terms has shown nothing.
    pub(super) fn has_data(&self) -> bool {
        self.is_finished() && self.outcome != Some(IdentomatOutcome::DisagreedWithTerms)
    }

    pub(super) fn is_on(&self, flag: &str) -> bool {
        self.flags.get(flag).and_then(Value::as_bool).unwrap_or(false)
    }

    fn has_step(&self, kind: &str) -> bool {
        self.steps.iter().any(|step| is_of_type(step, kind))
    }

    pub(super) fn text(&self, flag: &str) -> Option<&str> {
        self.flags.get(flag).and_then(Value::as_str)
    }

    fn texts(&self, flag: &str) -> Vec<&str> {
        let values = self.flags.get(flag).and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether a document is shown: the built-in step unless it is skipped, or a step of its own.
    pub(super) fn asks_for_document(&self) -> bool {
        !self.is_on("skip_document") || self.has_step("identity-document")
    }

    /// Whether a face is shown.
    pub(super) fn asks_for_face(&self) -> bool {
        !self.is_on("skip_face") || self.has_step("liveness")
    }

    /// Whether the face has to be alive.
    pub(super) fn asks_for_liveness(&self) -> bool {
        self.has_step("liveness") || (self.is_on("liveness") && self.asks_for_face())
    }

    /// The general documents to be shown, such as `utility_bill`; they need one of the two flags that allow
    /// them.
    pub(super) fn general_document_types(&self) -> Vec<&str> {
        let is_allowed = ["allow_general_document_capture", "allow_general_document_upload"];
        if is_allowed.iter().any(|flag| self.is_on(flag)) {
            self.texts("general_document_types")
        } else {
            Vec::new()
        }
    }

    /// The document that the end user has: an identity card where one is accepted, or else the first type
    /// that is.
    pub(super) fn document_type(&self) -> &str {
        let types = self.texts("document_types");
        match types.first() {
            Some(first) if !types.contains(&"id") => first,
            _ => "id",
        }
    }

    pub(super) fn questionnaires(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.steps.iter().filter(|step| {
            [
                "client-questionnaire",
                "user-questionnaire",
                "operator-questionnaire",
            ]
            .iter()
            .any(|kind| is_of_type(step, kind))
        })
    }
}

fn is_of_type(step: &Map<String, Value>, kind: &str) -> bool {
    step.get("type").and_then(Value::as_str) == Some(kind)
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("number", &self.number)
            .field("is_opened", &self.is_opened)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}
