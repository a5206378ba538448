//! The steps of a session (contract identomat, 4).

use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use verikit_core::{Error, Result};

use super::words::Language;
use verikit_core::value::ExtraMembers;

verikit_core::open_enum! {
    /// What a step is. An open set: the vendor's builder has more (general documents, e-mail, phone number,
    /// video call and others), whose words could not be read in any public document; `StepType::from("...")`
    /// takes any.
    pub enum StepType {
        /// Questions for the user.
        ClientQuestionnaire = "client-questionnaire",
        /// Questions for the user, under the other name that the vendor's pages have. Whether the two differ
        /// is not documented.
        UserQuestionnaire = "user-questionnaire",
        /// Questions for the operator.
        OperatorQuestionnaire = "operator-questionnaire",
        /// The check of the document.
        IdentityDocument = "identity-document",
        /// The check of the face.
        Liveness = "liveness",
    }
}

/// A text in one language, or in several.
///
/// ```
/// use identomat::{Language, Title};
///
/// let one = Title::from("Visit");
/// let two = Title::by_language([(Language::En, "Visit"), (Language::De, "Besuch")]);
/// # drop((one, two));
/// ```
///
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Title(Titles);

#[derive(Clone, PartialEq, Eq)]
enum Titles {
    One(String),
    ByLanguage(Vec<(Language, String)>),
}

impl Title {
    /// A text in several languages.
    pub fn by_language<T: Into<String>>(texts: impl IntoIterator<Item = (Language, T)>) -> Self {
        let texts = texts.into_iter().map(|(language, text)| (language, text.into()));
        Self(Titles::ByLanguage(texts.collect()))
    }

    fn check(&self) -> Result<()> {
        let Titles::ByLanguage(texts) = &self.0 else {
            return Ok(());
        };
        for (place, (language, _)) in texts.iter().enumerate() {
            if texts.iter().take(place).any(|(earlier, _)| earlier == language) {
                return Err(Error::invalid_input("a title is given twice in one language"));
            }
        }
        Ok(())
    }
}

impl<T: Into<String>> From<T> for Title {
    fn from(text: T) -> Self {
        Self(Titles::One(text.into()))
    }
}

impl fmt::Debug for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Title([redacted])")
    }
}

impl Serialize for Title {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Titles::One(text) => serializer.serialize_str(text),
            Titles::ByLanguage(texts) => {
                let mut map = serializer.serialize_map(Some(texts.len()))?;
                for (language, text) in texts {
                    map.serialize_entry(language, text)?;
                }
                map.end()
            }
        }
    }
}

/// A step of a session. Its `key` is yours; questionnaires come back under it in the result.
///
/// ```
/// use identomat::{Choice, Question, Step, StepType};
///
/// let source = Question::options("source", "Source of funds", [
///     Choice::new("salary", "Salary"),
///     Choice::new("other", "Other"),
/// ]);
/// let questions = Step::user_questionnaire("funds")
///     .title("About your money")
///     .question(source.mandatory(true))
///     .question(Question::boolean("pep", "Do you hold a public office?"));
/// let face = Step::liveness("face");
/// // The word is made up: take it from the vendor's reference.
/// let other = Step::new(StepType::from("some-step"), "other").extra("limit", 3);
/// # drop((questions, face, other));
/// ```
///
/// `Debug` shows its type alone: a step can hold a person's name to begin with.
#[derive(Clone, PartialEq, Serialize)]
#[must_use]
pub struct Step {
    #[serde(rename = "type")]
    step_type: StepType,
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Title>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    questions: Vec<Question>,
    #[serde(flatten)]
    extra: ExtraMembers,
}

impl Step {
    /// A step of any type.
    pub fn new(step_type: StepType, key: impl Into<String>) -> Self {
        Self {
            step_type,
            key: key.into(),
            title: None,
            description: None,
            questions: Vec::new(),
            extra: ExtraMembers::default(),
        }
    }

    /// Questions for the user, `client-questionnaire`.
    pub fn client_questionnaire(key: impl Into<String>) -> Self {
        Self::new(StepType::ClientQuestionnaire, key)
    }

    /// Questions for the user, `user-questionnaire`.
    pub fn user_questionnaire(key: impl Into<String>) -> Self {
        Self::new(StepType::UserQuestionnaire, key)
    }

    /// Questions for the operator.
    pub fn operator_questionnaire(key: impl Into<String>) -> Self {
        Self::new(StepType::OperatorQuestionnaire, key)
    }

    /// The check of the document. Set [`skip_document`](crate::Flags::skip_document) with it.
    pub fn identity_document(key: impl Into<String>) -> Self {
        Self::new(StepType::IdentityDocument, key)
    }

    /// The check of the face. Set [`skip_face`](crate::Flags::skip_face) with it.
    pub fn liveness(key: impl Into<String>) -> Self {
        Self::new(StepType::Liveness, key)
    }

    /// Its title.
    pub fn title(mut self, title: impl Into<Title>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// A longer text, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds a question. That the member is called `questions` in a request is **inferred** from the result
    /// (contract identomat, 4.2).
    pub fn question(mut self, question: Question) -> Self {
        self.questions.push(question);
        self
    }

    /// A member that has no setter here, sent as it is. Where step-level flags stand (in the step itself, or
    /// in a member `flags` of it) could not be read in any public document.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    /// What it is.
    #[must_use]
    pub fn step_type(&self) -> &StepType {
        &self.step_type
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.key.is_empty() || self.step_type.as_str().is_empty() {
            return Err(Error::invalid_input("a step has a type and a key"));
        }
        if let Some(title) = &self.title {
            title.check()?;
        }
        for (place, question) in self.questions.iter().enumerate() {
            question.check()?;
            let earlier = self.questions.iter().take(place);
            if earlier.into_iter().any(|earlier| earlier.key == question.key) {
                return Err(Error::invalid_input("two questions of a step have one key"));
            }
        }
        self.extra
            .check(&["type", "key", "title", "description", "questions"])
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("step_type", &self.step_type)
            .field("questions", &self.questions.len())
            .finish_non_exhaustive()
    }
}

verikit_core::open_enum! {
    /// How a question is answered.
    pub enum QuestionType {
        /// With yes or no.
        Boolean = "boolean",
        /// With a text.
        Text = "string",
        /// With one of several options.
        Options = "options",
        /// With any number of several options.
        MultipleChoice = "multiple-choice",
    }
}

/// A question of a questionnaire. Its members are **inferred** from a public sample (contract identomat,
/// 4.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use]
pub struct Question {
    #[serde(rename = "type")]
    question_type: QuestionType,
    key: String,
    title: Title,
    #[serde(skip_serializing_if = "Option::is_none")]
    mandatory: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Choice>,
    #[serde(flatten)]
    extra: ExtraMembers,
}

impl Question {
    /// A question of any type.
    pub fn new(question_type: QuestionType, key: impl Into<String>, title: impl Into<Title>) -> Self {
        Self {
            question_type,
            key: key.into(),
            title: title.into(),
            mandatory: None,
            options: Vec::new(),
            extra: ExtraMembers::default(),
        }
    }

    /// A question that is answered with yes or no.
    pub fn boolean(key: impl Into<String>, title: impl Into<Title>) -> Self {
        Self::new(QuestionType::Boolean, key, title)
    }

    /// A question that is answered with a text.
    pub fn text(key: impl Into<String>, title: impl Into<Title>) -> Self {
        Self::new(QuestionType::Text, key, title)
    }

    /// A question that is answered with one of these.
    pub fn options(
        key: impl Into<String>,
        title: impl Into<Title>,
        options: impl IntoIterator<Item = Choice>,
    ) -> Self {
        let mut question = Self::new(QuestionType::Options, key, title);
        question.options = options.into_iter().collect();
        question
    }

    /// A question that is answered with any number of these.
    pub fn multiple_choice(
        key: impl Into<String>,
        title: impl Into<Title>,
        options: impl IntoIterator<Item = Choice>,
    ) -> Self {
        let mut question = Self::options(key, title, options);
        question.question_type = QuestionType::MultipleChoice;
        question
    }

    /// Whether it has to be answered.
    pub fn mandatory(mut self, mandatory: bool) -> Self {
        self.mandatory = Some(mandatory);
        self
    }

    /// A member that has no setter here, sent as it is.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn check(&self) -> Result<()> {
        if self.key.is_empty() || self.options.iter().any(|option| option.key.is_empty()) {
            return Err(Error::invalid_input(
                "a question and each of its options has a key",
            ));
        }
        let chooses = matches!(
            self.question_type,
            QuestionType::Options | QuestionType::MultipleChoice
        );
        if chooses && self.options.is_empty() {
            return Err(Error::invalid_input("a question has nothing to choose from"));
        }
        self.title.check()?;
        for option in &self.options {
            option.title.check()?;
        }
        self.extra
            .check(&["type", "key", "title", "mandatory", "options"])
    }
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[must_use]
pub struct Choice {
    key: String,
    title: Title,
}

impl Choice {
    /// What comes back when it is chosen, and what the user reads.
    pub fn new(key: impl Into<String>, title: impl Into<Title>) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
        }
    }
}
