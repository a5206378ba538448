//! Answered questions (contract identomat, 5.5).

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use verikit_core::Personal;
use verikit_core::value::lenient;

use super::read::filled;

/// A questionnaire with its answers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AnsweredQuestionnaire {
    /// The key of its step.
    #[serde(default, deserialize_with = "filled")]
    pub key: Option<Personal<String>>,
    /// Its questions.
    #[serde(default, deserialize_with = "lenient")]
    pub questions: Option<Vec<AnsweredQuestion>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

impl AnsweredQuestionnaire {
    /// The answer to a question, by the question's key. Nothing if two questions have that key.
    #[must_use]
    pub fn answer(&self, question: &str) -> Option<&AnswerValue> {
        let mut found = self
            .questions
            .iter()
            .flatten()
            .filter(|candidate| candidate.key.as_ref().is_some_and(|key| key.expose() == question));
        match (found.next(), found.next()) {
            (Some(question), None) => question.answer.as_ref(),
            _ => None,
        }
    }
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AnsweredQuestion {
    /// The question's key.
    #[serde(default, deserialize_with = "filled")]
    pub key: Option<Personal<String>>,
    /// The answer, if there is one.
    #[serde(default, deserialize_with = "answer")]
    pub answer: Option<AnswerValue>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

/// Null is no answer, in place of one of any other kind.
fn answer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AnswerValue>, D::Error> {
    lenient::<_, Option<AnswerValue>>(deserializer).map(Option::flatten)
}

/// An answer. `Debug` shows which of these it is, not what it says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum AnswerValue {
    /// Yes or no.
    Boolean(Personal<bool>),
    /// A text, or the key of the option that was chosen.
    Text(Personal<String>),
    /// The keys of the options that were chosen.
    Choices(Personal<Vec<String>>),
    /// Anything else.
    Other(Personal<Value>),
}
