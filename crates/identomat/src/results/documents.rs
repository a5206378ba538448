//! Documents that are no identity documents (contract identomat, 5.4).

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp};

use super::read::{filled, whole};
use crate::sessions::GeneralDocumentType;

verikit_core::open_enum! {
    /// What was found about a page. An open set: one word is seen.
    pub enum PageStatus {
        /// No date of issue.
        IssuedDateWasNotFound = "issued-date-was-not-found",
    }
}

/// The provider writes a kind in three ways: `UTILITY_BILL`, `utility_bill`, `utility-bill`.
fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<GeneralDocumentType>, D::Error> {
    let text: Option<String> = filled(deserializer)?;
    Ok(text.map(|text| {
        let plain = text.to_ascii_lowercase().replace('-', "_");
        match GeneralDocumentType::from(plain.as_str()) {
            GeneralDocumentType::Unknown(_) => GeneralDocumentType::from(text.as_str()),
            known => known,
        }
    }))
}

/// A document such as a proof of address. The provider writes its kind in three ways, which read as one; what
/// this version does not know keeps its spelling.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GeneralDocument {
    /// Its kind in capitals: `UTILITY_BILL`, `BANK_STATEMENT`.
    #[serde(default, deserialize_with = "kind")]
    pub document_type: Option<GeneralDocumentType>,
    /// Its kind in small letters, as in the flags: `utility_bill`, `bank_statement`.
    #[serde(default, deserialize_with = "kind")]
    pub type_id: Option<GeneralDocumentType>,
    /// Whether it lasts; only null is seen.
    #[serde(default, deserialize_with = "lenient")]
    pub permanent: Option<bool>,
    /// Its pages.
    #[serde(default, deserialize_with = "lenient")]
    pub pages: Option<Vec<GeneralDocumentPage>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

/// A page of a document, or a file that was uploaded.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GeneralDocumentPage {
    /// Its kind with hyphens: `utility-bill`, `bank-statement`.
    #[serde(default, deserialize_with = "kind")]
    pub type_id: Option<GeneralDocumentType>,
    /// Its number.
    #[serde(default, deserialize_with = "whole")]
    pub page_number: Option<u16>,
    /// The pages inside a file.
    #[serde(default, deserialize_with = "lenient")]
    pub document_pages: Option<Vec<DocumentPage>>,
    /// What was found about it.
    #[serde(default, deserialize_with = "lenient")]
    pub statuses: Option<Vec<PageStatus>>,
    /// What was read from it.
    #[serde(default, rename = "final", deserialize_with = "lenient")]
    pub extracted: Option<ExtractedData>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

/// A page inside a file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DocumentPage {
    /// Its number.
    #[serde(default, deserialize_with = "whole")]
    pub page_number: Option<u16>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

/// What was read from a document, `final` on the wire. Any member may be missing or null; an empty text reads
/// as missing.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExtractedData {
    /// Street.
    #[serde(default, deserialize_with = "filled")]
    pub street: Option<Personal<String>>,
    /// State or region.
    #[serde(default, deserialize_with = "filled")]
    pub state: Option<Personal<String>>,
    /// City.
    #[serde(default, deserialize_with = "filled")]
    pub city: Option<Personal<String>>,
    /// Country.
    #[serde(default, deserialize_with = "filled")]
    pub country: Option<Personal<String>>,
    /// Postal code.
    #[serde(default, deserialize_with = "filled")]
    pub postal_code: Option<Personal<String>>,
    /// Number in the street.
    #[serde(default, deserialize_with = "filled")]
    pub street_number: Option<Personal<String>>,
    /// Number of the house.
    #[serde(default, deserialize_with = "filled")]
    pub house_number: Option<Personal<String>>,
    /// Country, as three letters of ISO 3166-1.
    #[serde(default, deserialize_with = "filled")]
    pub country_code: Option<Personal<String>>,
    /// The address as it stands in the document.
    #[serde(default, deserialize_with = "filled")]
    pub address: Option<Personal<String>>,
    /// The address, put in order.
    #[serde(default, deserialize_with = "filled")]
    pub formatted_address: Option<Personal<String>>,
    /// County.
    #[serde(default, deserialize_with = "filled")]
    pub county: Option<Personal<String>>,
    /// Part of the city.
    #[serde(default, deserialize_with = "filled")]
    pub sublocality: Option<Personal<String>>,
    /// Town of the post.
    #[serde(default, deserialize_with = "filled")]
    pub postal_town: Option<Personal<String>>,
    /// How exact the place is, such as `ROOFTOP`.
    #[serde(default, deserialize_with = "filled")]
    pub local_type: Option<Personal<String>>,
    /// Latitude in degrees.
    #[serde(default, deserialize_with = "lenient")]
    pub latitude: Option<Personal<f64>>,
    /// Longitude in degrees.
    #[serde(default, deserialize_with = "lenient")]
    pub longitude: Option<Personal<f64>>,
    /// Full name.
    #[serde(default, deserialize_with = "filled")]
    pub full_name: Option<Personal<String>>,
    /// Given names.
    #[serde(default, deserialize_with = "filled")]
    pub first_name: Option<Personal<String>>,
    /// Surname.
    #[serde(default, deserialize_with = "filled")]
    pub last_name: Option<Personal<String>>,
    /// Authority.
    #[serde(default, deserialize_with = "filled")]
    pub authority: Option<Personal<String>>,
    /// Who issued the document.
    #[serde(default, deserialize_with = "filled")]
    pub issuing_authority: Option<Personal<String>>,
    /// The document's number at whoever issued it.
    #[serde(default, deserialize_with = "filled")]
    pub registration_number: Option<Personal<String>>,
    /// Whether it lasts.
    #[serde(default, deserialize_with = "lenient")]
    pub permanent: Option<Personal<bool>>,
    /// When it was issued. Some documents have the other member.
    #[serde(default, deserialize_with = "lenient")]
    pub document_issued: Option<Personal<Timestamp>>,
    /// When it was issued, under the other name.
    #[serde(default, deserialize_with = "lenient")]
    pub document_issued_time: Option<Personal<Timestamp>>,
    /// When it expires, as text: only an empty one is seen.
    #[serde(default, deserialize_with = "filled")]
    pub document_expires: Option<Personal<String>>,
    /// What this version does not know.
    #[serde(flatten)]
    pub extra: Personal<Map<String, Value>>,
}

impl ExtractedData {
    /// When the document was issued, under either name.
    #[must_use]
    pub fn issued(&self) -> Option<&Timestamp> {
        let issued = self
            .document_issued_time
            .as_ref()
            .or(self.document_issued.as_ref());
        issued.map(Personal::expose)
    }
}
