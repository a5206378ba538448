//! What profiles of people and of companies have in common (contract caf, 4.9).

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Result};

use crate::documents::check_id;

verikit_core::identifier! {
    /// Identifies the profile of a person or of a company.
    pub struct ProfileId;
}

verikit_core::open_enum! {
    /// Where a profile stands (contract caf, 4.5). An open set.
    pub enum ProfileStatus {
        /// Something is still being looked at.
        Processing = "PROCESSING",
        /// Approved. Manual review can change it later (inferred, contract caf, 4.5).
        Approved = "APPROVED",
        /// Refused. Manual review can change it later (inferred, contract caf, 4.5).
        Reproved = "REPROVED",
        /// Waits for somebody.
        Pending = "PENDING",
        /// Documents are missing.
        WaitingDocuments = "WAITING_DOCUMENTS",
    }
}

impl ProfileStatus {
    /// Whether it is `APPROVED`, to the letter. No other word is.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        *self == Self::Approved
    }
}

verikit_core::open_enum! {
    /// How an execution came about. One word is published.
    pub enum ExecutionOrigin {
        /// By the API.
        Api = "API",
    }
}

/// An execution that changed a profile.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProfileExecution {
    /// The execution.
    #[serde(default, deserialize_with = "lenient")]
    pub execution_id: Option<Personal<String>>,
    /// How it came about.
    #[serde(default, deserialize_with = "lenient")]
    pub execution_origin: Option<ExecutionOrigin>,
    /// When it last changed something, as the provider writes it.
    #[serde(default, deserialize_with = "lenient")]
    pub last_update: Option<Personal<String>>,
    /// What your own side sent along.
    #[serde(default, deserialize_with = "lenient")]
    pub metadata: Option<Personal<Map<String, Value>>>,
}

/// What a source of data said when it was last asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProfileSource {
    /// When it was last asked.
    #[serde(default, deserialize_with = "lenient")]
    pub last_consultation: Option<LastConsultation>,
    /// What it said, which depends on the source.
    #[serde(default, deserialize_with = "lenient")]
    pub data: Option<Personal<Map<String, Value>>>,
}

/// When a source was last asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LastConsultation {
    /// The date, as the provider writes it.
    #[serde(default, deserialize_with = "lenient")]
    pub date: Option<Personal<String>>,
}

/// The sources of a profile by their names, which depend on the template. **Personal** as a whole: a name may
/// be anything.
pub type ProfileSources = Personal<BTreeMap<String, ProfileSource>>;

/// Sources that can be read. One that cannot does not take the others with it; the raw answer has it.
pub(super) fn sources<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ProfileSources, D::Error> {
    let sources: Option<BTreeMap<String, Box<RawValue>>> = lenient(deserializer)?;
    let readable = sources
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, json)| Some((name, serde_json::from_str(json.get()).ok()?)));
    Ok(Personal::new(readable.collect()))
}

/// Refuses the profile of somebody else. Any member of a profile may be missing, so only one that is there
/// and differs tells.
pub(super) fn check_profile_id(asked: &ProfileId, answered: Option<&ProfileId>) -> Result<()> {
    let detail = "the answer is another profile than the one that was asked for";
    check_id(asked.as_str(), answered.map(ProfileId::as_str), detail)
}
