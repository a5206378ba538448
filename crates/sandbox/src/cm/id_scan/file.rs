//! The files of attempts and results (contract cm-idscan, 7).

use std::fmt;

use serde_json::{Value, json};

use super::outcome::CmIdScanOutcome;
use super::picture::Picture;
use crate::random::Random;

/// As long as the tokens in the documents' samples.
pub(super) const TOKEN_LENGTH: usize = 50;

/// What a file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// As the user supplied it.
    Raw,
    Document(Document, Side),
    Portrait,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Document {
    Passport,
    DrivingLicense,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Front,
    Back,
}

/// A file with the secret part of its URL.
#[derive(Clone)]
pub(super) struct StoredFile {
    pub(super) token: String,
    pub(super) kind: FileKind,
    pub(super) score: Option<f64>,
    pub(super) picture: Picture,
}

impl StoredFile {
    pub(super) fn new(kind: FileKind, score: Option<f64>, picture: Picture, random: &mut Random) -> Self {
        Self {
            token: random.text(TOKEN_LENGTH),
            kind,
            score,
            picture,
        }
    }

    /// `url` is null where the image was not asked for. Which `category` a raw image has is ours: two entries
    /// of `document` are two sides, so it is `image`.
    pub(super) fn json(&self, url: Option<&str>) -> Value {
        match self.kind {
            FileKind::Raw => json!({ "category": "image", "type": "raw_document_image", "url": url }),
            FileKind::Portrait => json!({ "category": "image", "type": "portrait", "url": url }),
            FileKind::Document(document, side) => json!({
                "category": "document",
                "type": document.as_str(),
                "name": document.name(side),
                "score": self.score,
                "url": url,
            }),
        }
    }
}

impl Document {
    /// What a scan that ends so has shown.
    pub(super) fn of(outcome: CmIdScanOutcome) -> Self {
        match outcome {
            CmIdScanOutcome::GoodDrivingLicense => Self::DrivingLicense,
            _ => Self::Passport,
        }
    }

    /// In lower case, as on the newer pages (contract cm-idscan, 13).
    fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::DrivingLicense => "driving_license",
        }
    }

    fn name(self, side: Side) -> &'static str {
        match (self, side) {
            (Self::Passport, _) => "Utopia - ePassport (2020)",
            (Self::DrivingLicense, Side::Front) => "Utopia - Driving License (2019)",
            (Self::DrivingLicense, Side::Back) => "Utopia - Driving License (2019) Side B",
        }
    }
}

/// The token opens the file: it is not shown.
impl fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredFile")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
