//! The person of a result (contract identomat, 5.3).

use serde::Deserialize;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp};

use super::read::{filled, personal_whole};

/// Who the user is, by the documents. Any member may be missing; an empty text reads as missing.
///
/// Dates are given twice: as the provider's text in the order of the United States (`8/2/1990` is the second
/// of August), and as a point in time, midnight UTC. Use the latter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Person {
    /// Given names in Latin letters.
    #[serde(default, deserialize_with = "filled")]
    pub first_name: Option<Personal<String>>,
    /// Surname in Latin letters.
    #[serde(default, deserialize_with = "filled")]
    pub last_name: Option<Personal<String>>,
    /// Given names in the letters of the country.
    #[serde(default, deserialize_with = "filled")]
    pub local_first_name: Option<Personal<String>>,
    /// Surname in the letters of the country.
    #[serde(default, deserialize_with = "filled")]
    pub local_last_name: Option<Personal<String>>,
    /// Middle name in the letters of the country.
    #[serde(default, deserialize_with = "filled")]
    pub local_middle_name: Option<Personal<String>>,
    /// Day of birth, as text: month first.
    #[serde(default, deserialize_with = "filled")]
    pub birthday: Option<Personal<String>>,
    /// Day of birth.
    #[serde(default, deserialize_with = "lenient")]
    pub birthday_time: Option<Personal<Timestamp>>,
    /// Age in years.
    #[serde(default, deserialize_with = "personal_whole")]
    pub age: Option<Personal<u16>>,
    /// Place of birth.
    #[serde(default, deserialize_with = "filled")]
    pub birth_place: Option<Personal<String>>,
    /// Citizenship, seen as three letters of ISO 3166-1.
    #[serde(default, deserialize_with = "filled")]
    pub citizenship: Option<Personal<String>>,
    /// Nationality, seen as three letters of ISO 3166-1.
    #[serde(default, deserialize_with = "filled")]
    pub nationality: Option<Personal<String>>,
    /// The state that issued the document, seen as three letters of ISO 3166-1.
    #[serde(default, deserialize_with = "filled")]
    pub issuing_state: Option<Personal<String>>,
    /// The document's number.
    #[serde(default, deserialize_with = "filled")]
    pub document_number: Option<Personal<String>>,
    /// The person's number.
    #[serde(default, deserialize_with = "filled")]
    pub personal_number: Option<Personal<String>>,
    /// When the document was issued, as text: month first.
    #[serde(default, deserialize_with = "filled")]
    pub document_issued: Option<Personal<String>>,
    /// When the document expires, as text: month first.
    #[serde(default, deserialize_with = "filled")]
    pub document_expires: Option<Personal<String>>,
    /// When the document expires.
    #[serde(default, deserialize_with = "lenient")]
    pub document_expires_time: Option<Personal<Timestamp>>,
    /// The authority that issued the document.
    #[serde(default, deserialize_with = "filled")]
    pub authority: Option<Personal<String>>,
    /// The same in the letters of the country, seen for passports.
    #[serde(default, deserialize_with = "filled")]
    pub local_authority: Option<Personal<String>>,
    /// Sex, seen as `M` and `F`.
    #[serde(default, deserialize_with = "filled")]
    pub sex: Option<Personal<String>>,
    /// Address, also of a proof of address.
    #[serde(default, deserialize_with = "filled")]
    pub address: Option<Personal<String>>,
    /// E-mail address.
    #[serde(default, deserialize_with = "filled")]
    pub email: Option<Personal<String>>,
    /// Phone number.
    #[serde(default, deserialize_with = "filled")]
    pub phone: Option<Personal<String>>,
    /// A word about the fields. `FIELDS_MISMATCH` is seen, **also of an approved session**: what it means is
    /// not documented.
    #[serde(default, deserialize_with = "filled")]
    pub status: Option<Personal<String>>,
    /// The machine-readable zone, its lines joined by line breaks.
    #[serde(default, deserialize_with = "filled")]
    pub mrz: Option<Personal<String>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}
