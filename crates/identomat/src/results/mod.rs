//! What became of a session (contract identomat, 5).

mod documents;
mod person;
mod questionnaires;
mod read;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use verikit_core::Personal;
use verikit_core::value::{lenient, read_text};

use crate::sessions::{ConfigId, DocumentType};
use read::{filled, whole, word};

pub use documents::{DocumentPage, ExtractedData, GeneralDocument, GeneralDocumentPage, PageStatus};
pub use person::Person;
pub use questionnaires::{AnswerValue, AnsweredQuestion, AnsweredQuestionnaire};

verikit_core::open_enum! {
    /// What a session has come to. The provider writes it in small letters today and in capitals in its older
    /// manual; both read as the same, and [`raw`](crate::Answer::raw) has what it wrote.
    ///
    /// **An operator may change it later**: a manual check for sure, and any other too.
    pub enum Outcome {
        /// The person is who they say, and acceptable.
        Approved = "approved",
        /// Not acceptable.
        Rejected = "rejected",
        /// An operator has to look.
        ManualCheck = "manual_check",
        /// The user refused the terms.
        DisagreedWithTerms = "disagreed_with_terms",
        /// Under way, or the user left before the end.
        InProgress = "in_progress",
    }
}

impl Outcome {
    fn in_any_case(text: &str) -> Self {
        match Self::from(text.to_ascii_lowercase().as_str()) {
            Self::Unknown(_) => Self::from(text),
            known => known,
        }
    }
}

/// Wherever the decision stands, what is no text is an error.
fn outcome<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Outcome>, D::Error> {
    struct Word(Outcome);
    impl<'de> Deserialize<'de> for Word {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read_text(deserializer, |text| {
                Ok::<_, std::convert::Infallible>(Self(Outcome::in_any_case(text)))
            })
        }
    }
    Ok(Option::<Word>::deserialize(deserializer)?.map(|word| word.0))
}

verikit_core::open_enum! {
    /// Why a session was rejected. An open set: one code is known for sure, and the full list could not be
    /// read in any public document.
    pub enum RejectCode {
        /// The face is not that of the document.
        FaceMismatch = "face_mismatch",
    }
}

/// The result of a session. Any member may be missing, and an empty text reads as missing; nothing is lost,
/// since [`Answer`](crate::Answer) keeps the JSON as it came.
///
/// The decision is [`is_approved`](SessionResult::is_approved), and nothing else is one. `result`, `live` and
/// `similarity` of a wrong type make the whole answer unreadable.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct SessionResult {
    /// What the session has come to.
    #[serde(default, deserialize_with = "outcome")]
    pub result: Option<Outcome>,
    /// Whether a living person was before the camera. Also `false` when nobody looked.
    #[serde(default)]
    pub live: Option<bool>,
    /// How alike the face and the document's photo are, from 0 to 1. Also 0 when there was no face step. Not
    /// compared with anything here: the provider has its own threshold.
    #[serde(default)]
    pub similarity: Option<Personal<f64>>,
    /// The kind of identity document; none when there was no document step.
    #[serde(default, deserialize_with = "word")]
    pub document_type: Option<DocumentType>,
    /// Other documents. [`general_documents`](SessionResult::general_documents) has the older name's too.
    #[serde(default, rename = "generalDocuments", deserialize_with = "lenient")]
    pub general_documents: Option<Vec<GeneralDocument>>,
    /// Other documents, under their name of 2022.
    #[serde(default, rename = "general_document", deserialize_with = "lenient")]
    pub general_document: Option<Vec<GeneralDocument>>,
    /// Why it was rejected. None when the provider wrote null, or nothing but empty texts, which is how it
    /// says that it was not.
    #[serde(default, deserialize_with = "reject_reason")]
    pub reject_reason: Option<RejectReason>,
    /// Who the user is.
    #[serde(default, deserialize_with = "lenient")]
    pub person: Option<Person>,
    /// The configuration that it went by.
    #[serde(default, rename = "configId", deserialize_with = "lenient")]
    pub config_id: Option<ConfigId>,
    /// What a trusted database has, in no documented form.
    #[serde(default, rename = "trustedDatabaseRecord", deserialize_with = "lenient")]
    pub trusted_database_record: Option<Personal<Map<String, Value>>>,
    /// What the operator wrote, on approval as on rejection.
    #[serde(default, deserialize_with = "filled")]
    pub result_comment: Option<Personal<String>>,
    /// Questionnaires with their answers.
    #[serde(default, deserialize_with = "lenient")]
    pub questionnaires: Option<Vec<AnsweredQuestionnaire>>,
    /// Whom AML screening found to be like the person. **Look at them before you rely on the decision**: how
    /// they go into it is not documented. A list that cannot be read makes the whole answer unreadable.
    #[serde(default, rename = "screeningMatches")]
    pub screening_matches: Option<Vec<ScreeningMatch>>,
    /// Where the user came from.
    #[serde(default, rename = "technicalDetails", deserialize_with = "lenient")]
    pub technical_details: Option<TechnicalDetails>,
    /// Full name.
    #[serde(default, deserialize_with = "filled")]
    pub name: Option<Personal<String>>,
    /// How many images of the face there are.
    #[serde(default, deserialize_with = "whole")]
    pub face_images: Option<u16>,
    /// The fields of a card's front as they were read, such as `Surname_en_US`.
    #[serde(default, deserialize_with = "lenient")]
    pub id_card_front: Option<Personal<Map<String, Value>>>,
    /// The fields of a card's back.
    #[serde(default, deserialize_with = "lenient")]
    pub id_card_back: Option<Personal<Map<String, Value>>>,
    /// Only an empty object is seen.
    #[serde(default, deserialize_with = "lenient")]
    pub suggested: Option<Personal<Map<String, Value>>>,
}

impl SessionResult {
    /// Whether it is approved: the word `approved`, in small letters or capitals, and nothing else.
    ///
    /// **It is the provider's word, and nothing is weighed against it.** Beside an approval can stand matches
    /// of a screening ([`has_screening_matches`](Self::has_screening_matches)), `live: false`, a low
    /// `similarity` or a [`reject_reason`](Self::reject_reason): how these go into it is not documented, and
    /// an operator may have overruled them.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.result == Some(Outcome::Approved)
    }

    /// Whether AML screening found anybody: `true` for any entry of
    /// [`screening_matches`](Self::screening_matches), whatever is in it. A list that cannot be read never
    /// comes this far: the whole answer is an error.
    ///
    /// `false` says that no match is listed, also where nobody was screened.
    #[must_use]
    pub fn has_screening_matches(&self) -> bool {
        self.screening_matches
            .as_ref()
            .is_some_and(|matches| !matches.is_empty())
    }

    /// The documents that are no identity documents, under either name.
    pub fn general_documents(&self) -> impl Iterator<Item = &GeneralDocument> {
        let named = [&self.general_documents, &self.general_document];
        named.into_iter().flatten().flatten()
    }

    /// A questionnaire by the key of its step. Nothing if two have that key.
    #[must_use]
    pub fn questionnaire(&self, key: &str) -> Option<&AnsweredQuestionnaire> {
        let mut found = self
            .questionnaires
            .iter()
            .flatten()
            .filter(|candidate| candidate.key.as_ref().is_some_and(|own| own.expose() == key));
        match (found.next(), found.next()) {
            (found, None) => found,
            _ => None,
        }
    }
}

/// Why a session was rejected.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RejectReason {
    /// The code.
    #[serde(default, deserialize_with = "word")]
    pub value: Option<RejectCode>,
    /// A text for people. Often empty: do not depend on it.
    #[serde(default, deserialize_with = "filled")]
    pub description: Option<Personal<String>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

fn reject_reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RejectReason>, D::Error> {
    let reason: Option<RejectReason> = lenient(deserializer)?;
    Ok(reason.filter(|reason| {
        reason.value.is_some() || reason.description.is_some() || !reason.extra.expose().is_empty()
    }))
}

/// Somebody whom AML screening found. The members beside `personId` are **inferred** from one client of the
/// service (contract identomat, 5.6).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScreeningMatch {
    /// Names the person at the screening; the argument of
    /// [`screening_person_details`](crate::Unconfirmed::screening_person_details).
    #[serde(default, deserialize_with = "filled")]
    pub person_id: Option<Personal<String>>,
    /// The person's name.
    #[serde(default, deserialize_with = "filled")]
    pub name: Option<Personal<String>>,
    /// How alike; the scale is not documented, and may be 0 to 100.
    #[serde(default, deserialize_with = "lenient")]
    pub score: Option<Personal<f64>>,
    /// What an operator said of it. An open set; no value could be read.
    #[serde(default, deserialize_with = "filled")]
    pub review_status: Option<Personal<String>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

/// Where the user came from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TechnicalDetails {
    /// The address of the user's device or network.
    #[serde(default, deserialize_with = "filled")]
    pub remote_address: Option<Personal<String>>,
    /// The user's browser.
    #[serde(default, deserialize_with = "filled")]
    pub user_agent: Option<Personal<String>>,
    /// The country of the address, as two letters of ISO 3166-1.
    #[serde(default, deserialize_with = "filled")]
    pub country_code: Option<Personal<String>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}
