//! What the service `kybCompanyRecord` finds.

use serde::Deserialize;
use serde_json::Value;
use verikit_core::Personal;
use verikit_core::value::lenient;

/// A company's record in a registry. More members are known to exist than are published here (contract caf,
/// 4.7): [`Answer::extra`](crate::Answer::extra) has them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompanyRecord {
    /// The record.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Personal<String>>,
    /// What it is called.
    #[serde(default, deserialize_with = "lenient")]
    pub label: Option<Personal<String>>,
    /// When it was published, as the provider writes it.
    #[serde(default, deserialize_with = "lenient")]
    pub publication_date: Option<Personal<String>>,
    /// When it was acquired, as the provider writes it.
    #[serde(default, deserialize_with = "lenient")]
    pub acquisition_date: Option<Personal<String>>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "lenient")]
    pub source_url: Option<Personal<String>>,
    /// The source.
    #[serde(default, deserialize_with = "lenient")]
    pub source_id: Option<Personal<String>>,
    /// Where its documents are.
    #[serde(default, deserialize_with = "lenient")]
    pub document_urls: Option<Vec<Personal<String>>>,
    /// The companies and people in it.
    #[serde(default, deserialize_with = "lenient")]
    pub entities: Option<CompanyRecordEntities>,
}

/// The companies and people in a record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CompanyRecordEntities {
    /// How many there are.
    #[serde(default, deserialize_with = "lenient")]
    pub count: Option<Personal<u64>>,
    /// Them, in no documented form.
    #[serde(default, deserialize_with = "lenient")]
    pub data: Option<Vec<Personal<Value>>>,
}
