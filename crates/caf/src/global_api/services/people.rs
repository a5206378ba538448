//! What the services about people find.

use serde::Deserialize;
use serde_json::Value;
use verikit_core::value::lenient;
use verikit_core::{Answer, Personal};

use super::answer::ServiceAnswer;

/// Who is behind a CPF: what `pf_basic_data` finds. Any member may be missing; texts and dates are as the
/// provider writes them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BasicData {
    /// The CPF.
    #[serde(default)]
    pub tax_id_number: Option<Personal<String>>,
    /// The country of that number.
    #[serde(default, deserialize_with = "lenient")]
    pub tax_id_country: Option<Personal<String>>,
    /// Other numbers, in no documented form.
    #[serde(default, deserialize_with = "lenient")]
    pub alternative_id_numbers: Option<Personal<Value>>,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// The name that the person goes by.
    #[serde(default, deserialize_with = "lenient")]
    pub social_name: Option<Personal<String>>,
    /// The gender.
    #[serde(default, deserialize_with = "lenient")]
    pub gender: Option<Personal<String>>,
    /// The date of birth, in ISO 8601: [`CalendarDate::parse`](crate::CalendarDate::parse) reads it.
    #[serde(default, deserialize_with = "lenient")]
    pub birth_date: Option<Personal<String>>,
    /// The age in years.
    #[serde(default, deserialize_with = "lenient")]
    pub age: Option<Personal<u32>>,
    /// The country of birth.
    #[serde(default, deserialize_with = "lenient")]
    pub birth_country: Option<Personal<String>>,
    /// The mother's name.
    #[serde(default, deserialize_with = "lenient")]
    pub mother_name: Option<Personal<String>>,
    /// The father's name.
    #[serde(default, deserialize_with = "lenient")]
    pub father_name: Option<Personal<String>>,
    /// What the tax authority says of the number. Its words are not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub tax_id_status: Option<Personal<String>>,
    /// Where that comes from.
    #[serde(default, deserialize_with = "lenient")]
    pub tax_id_origin: Option<Personal<String>>,
    /// Whether there is an indication that the person has died. **`None` is not a "no".** One that is neither
    /// `true` nor `false` is an error of the whole answer.
    #[serde(default)]
    pub has_obit_indication: Option<bool>,
    /// Where that comes from.
    #[serde(default, deserialize_with = "lenient")]
    pub obit_indication_origin: Option<Personal<Value>>,
    /// The year of death.
    #[serde(default, deserialize_with = "lenient")]
    pub obit_indication_year: Option<Personal<Value>>,
    /// When the number's status was looked at.
    #[serde(default, deserialize_with = "lenient")]
    pub tax_id_status_date: Option<Personal<String>>,
    /// When the record was made.
    #[serde(default, deserialize_with = "lenient")]
    pub creation_date: Option<Personal<String>>,
    /// When the record was last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub last_update_date: Option<Personal<String>>,
}

/// The tax authority's record of a CPF: what `cpf_sync` finds, **or only [`message`](CpfRecord::message)**
/// when the CPF is unknown or belongs to a minor. [`ServiceAnswer::record`] tells the two apart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CpfRecord {
    /// The CPF.
    #[serde(default)]
    pub tax_id_number: Option<Personal<String>>,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// The name that the person goes by.
    #[serde(default, deserialize_with = "lenient")]
    pub social_name: Option<Personal<String>>,
    /// What the tax authority says of the number. Its words are not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub tax_id_status: Option<Personal<String>>,
    /// The date of birth: [`CalendarDate::parse`](crate::CalendarDate::parse) reads it.
    #[serde(default, deserialize_with = "lenient")]
    pub birth_date: Option<Personal<String>>,
    /// The mother's name, where it was [asked for](crate::global_api::QueryCpfSync::with_mother_name).
    /// **Unconfirmed**: that it comes is documented, the member's name is not (contract caf, 4.7).
    #[serde(default, deserialize_with = "lenient")]
    pub mother_name: Option<Personal<String>>,
    /// What it means is not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub fallback: Option<bool>,
    /// Why there is no record.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
}

impl ServiceAnswer<Answer<CpfRecord>> {
    /// The record, if there is one: an answer that has the CPF in it. A message alone is none.
    #[must_use]
    pub fn record(&self) -> Option<&Answer<CpfRecord>> {
        self.service_data().filter(|record| {
            let number = record.tax_id_number.as_ref();
            number.is_some_and(|number| !number.expose().is_empty())
        })
    }
}
