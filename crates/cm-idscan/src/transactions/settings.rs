//! How a document is scanned (contract cm-idscan, 4.3).

use serde::{Serialize, Serializer};
use serde_json::Value;
use verikit_core::{Error, Personal, Result};

use super::types::{CaptureSource, Field, Level};
use verikit_core::value::ExtraMembers;

/// What a document's date of expiry must be. Without one, the document must not be expired today.
///
/// ```
/// use cm_idscan::AllowedExpiration;
///
/// // An expired document counts for another month:
/// assert_eq!(AllowedExpiration::expired_for_at_most_days(30).days(), 30);
/// // The document must outlast the rental:
/// assert_eq!(AllowedExpiration::valid_for_at_least_days(90).days(), -90);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AllowedExpiration(i32);

impl AllowedExpiration {
    /// The document may have expired, up to this many days ago.
    #[must_use]
    pub fn expired_for_at_most_days(days: u16) -> Self {
        Self(i32::from(days))
    }

    /// The document must stay valid for this many days more, at least.
    #[must_use]
    pub fn valid_for_at_least_days(days: u16) -> Self {
        Self(-i32::from(days))
    }

    /// The number on the wire: days that the document may be past its end, negative for days that it must
    /// have left.
    #[must_use]
    pub fn days(self) -> i32 {
        self.0
    }
}

impl Serialize for AllowedExpiration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.0)
    }
}

/// How a document is scanned, and what is kept of it. What is not set is left to the provider.
///
/// ```
/// use cm_idscan::{AllowedExpiration, CaptureSource, DocumentScanSettings, Field};
///
/// let settings = DocumentScanSettings::new()
///     .allowed_expiration(AllowedExpiration::expired_for_at_most_days(14))
///     .redact_fields([Field::PersonalNumber])
///     .capture_sources([CaptureSource::Camera])
///     .minimum_age(18);
/// # drop(settings);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct DocumentScanSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_expiration: Option<AllowedExpiration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redact_fields: Option<Vec<Field>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_sources: Option<Vec<CaptureSource>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validate_fields: Option<Vec<Field>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extract_fields: Option<Vec<Field>>,
    #[serde(flatten)]
    extra: ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &[
    "allowedExpiration",
    "redactFields",
    "captureSources",
    "level",
    "minimumAge",
    "maximumAge",
    "validateFields",
    "extractFields",
];

impl DocumentScanSettings {
    /// No settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the date of expiry must be. A document outside of it gets the code
    /// [`ScanCode::ExpirationCriteriaNotMet`](crate::ScanCode::ExpirationCriteriaNotMet).
    pub fn allowed_expiration(mut self, allowed: AllowedExpiration) -> Self {
        self.allowed_expiration = Some(allowed);
        self
    }

    /// The fields to mask on the image that is downloaded. Published: [`Field::PersonalNumber`] and
    /// [`Field::Signature`].
    pub fn redact_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.redact_fields = Some(fields.into_iter().collect());
        self
    }

    /// How the user may supply the document.
    pub fn capture_sources(mut self, sources: impl IntoIterator<Item = CaptureSource>) -> Self {
        self.capture_sources = Some(sources.into_iter().collect());
        self
    }

    /// How deep the document is checked.
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Users younger than this, in years, are rejected, as it seems with
    /// [`ScanCode::AgeCriteriaNotMet`](crate::ScanCode::AgeCriteriaNotMet), which aborts the transaction.
    pub fn minimum_age(mut self, years: u8) -> Self {
        self.minimum_age = Some(years);
        self
    }

    /// Users older than this, in years, are rejected likewise.
    pub fn maximum_age(mut self, years: u8) -> Self {
        self.maximum_age = Some(years);
        self
    }

    /// The fields whose values must be valid, as it seems with
    /// [`ScanCode::FieldValidationFailed`](crate::ScanCode::FieldValidationFailed) otherwise. Published:
    /// [`Field::PersonalNumber`].
    pub fn validate_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.validate_fields = Some(fields.into_iter().collect());
        self
    }

    /// Returns these fields only, as far as the document has them.
    ///
    /// This also **takes the images out of the result**: the document's file has no URL and the portrait is
    /// missing, unless [`Field::DocumentImage`] and [`Field::Portrait`] are in the list (contract cm-idscan,
    /// 4.3).
    pub fn extract_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.extract_fields = Some(fields.into_iter().collect());
        self
    }

    /// A member that has no setter here, sent as it is. The vendor's full list could not be read.
    ///
    /// A member that has a setter, or one that is given twice, is refused when the transaction is created.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |detail: &'static str| Err(Error::invalid_input(detail));
        if self.allowed_expiration.is_some_and(|allowed| allowed.days() == 0) {
            return refuse(
                "an allowed expiration of 0 days is not documented; without one, the document must not be \
                 expired today",
            );
        }
        let fields = [&self.redact_fields, &self.validate_fields, &self.extract_fields];
        if fields
            .iter()
            .any(|fields| is_hollow(fields.as_deref(), Field::as_str))
            || is_hollow(self.capture_sources.as_deref(), CaptureSource::as_str)
        {
            return refuse("a list of document scan settings is empty or has an empty word; leave it out");
        }
        if self.level.as_ref().is_some_and(|level| level.as_str().is_empty()) {
            return refuse("the level is an empty word; leave it out");
        }
        if let (Some(minimum), Some(maximum)) = (self.minimum_age, self.maximum_age)
            && minimum > maximum
        {
            return refuse("the minimum age is above the maximum age, so that nobody could pass");
        }
        self.extra.check(TYPED)
    }
}

/// What an empty list means is not documented: it could be nothing or everything.
fn is_hollow<T>(list: Option<&[T]>, word: impl Fn(&T) -> &str) -> bool {
    list.is_some_and(|list| list.is_empty() || list.iter().any(|item| word(item).is_empty()))
}

/// What an answer repeats of the settings. It may hold what extra members held.
pub(crate) type Echo = Personal<serde_json::Map<String, Value>>;
