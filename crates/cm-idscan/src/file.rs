//! Files of scans and results, and their download URLs (contract cm-idscan, 7).

use std::fmt;

use serde::{Deserialize, Deserializer};
use verikit_core::value::lenient;
use verikit_core::{Personal, Secret};

/// Lists whose absence is described in words ("the files are gone") and shown nowhere: absent, `null` and
/// empty are the same.
pub(crate) fn or_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

verikit_core::open_enum! {
    /// What a file shows.
    pub enum FileCategory {
        /// A side of the document. Two of them are its two sides.
        Document = "document",
        /// Another image.
        Image = "image",
    }
}

verikit_core::open_enum! {
    /// The kind of a file, without regard to how its type is written. An open set.
    pub enum FileKind {
        /// The document as the user supplied it. Of scan attempts only.
        RawDocumentImage = "raw_document_image",
        /// A passport.
        Passport = "passport",
        /// A driving licence.
        DrivingLicense = "driving_license",
        /// The portrait on the document.
        Portrait = "portrait",
    }
}

/// The type of a file as the provider wrote it. Older answers have upper case, newer ones lower case:
/// [`kind`](FileType::kind) is the same for both, and so is `==`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct FileType(Box<str>);

impl FileType {
    /// The text as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it means, whatever its case.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        FileKind::from(self.0.to_ascii_lowercase().as_str())
    }
}

impl PartialEq for FileType {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for FileType {}

impl fmt::Debug for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

/// A file of a scan attempt or of a result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ScanFile {
    /// What it shows.
    #[serde(default, deserialize_with = "lenient")]
    pub category: Option<FileCategory>,
    /// Its type.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub file_type: Option<FileType>,
    /// Country, kind and year of the document; that of the second side ends in "Side B". Not for every file.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// How sure the recognition is, from 0 to 1. Not for every file.
    #[serde(default, deserialize_with = "lenient")]
    pub score: Option<f64>,
    /// Where its bytes are. Absent when images were not asked for: see
    /// [`DocumentScanSettings::extract_fields`](crate::DocumentScanSettings::extract_fields).
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<DownloadUrl>,
}

impl ScanFile {
    /// Whether it is of this kind.
    #[must_use]
    pub fn is(&self, kind: &FileKind) -> bool {
        self.file_type
            .as_ref()
            .is_some_and(|file_type| file_type.kind() == *kind)
    }
}

/// Where a file's bytes are. It holds a token, and a document or a face lies behind it: `Debug` shows
/// nothing of it.
///
/// It is checked when it is fetched: one that leads anywhere but to the configured origin is refused, and
/// nothing is sent.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DownloadUrl(Secret);

impl DownloadUrl {
    /// Takes a URL that was stored.
    pub fn new(url: impl Into<String>) -> Self {
        Self(Secret::new(url))
    }

    /// The URL as the provider wrote it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl PartialEq for DownloadUrl {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.expose().as_bytes())
    }
}

impl Eq for DownloadUrl {}

impl fmt::Debug for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadUrl([redacted])")
    }
}
