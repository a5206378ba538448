//! Attempts at tasks: what the user supplied, and what was found on it (contract cm-idscan, 5).

use std::time::SystemTime;

use serde_json::{Value, json};

use super::file::{Document, FileKind, Side, StoredFile};
use super::outcome::{CmIdScanOutcome, Effect};
use super::picture::{Motif, Picture, Redacted};
use crate::clock::date_time;
use crate::random::Random;

/// How the user supplies the document (contract cm-idscan, 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Camera,
    File,
}

impl Source {
    pub(super) const ALL: [Self; 2] = [Self::Camera, Self::File];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::File => "file",
        }
    }

    pub(super) fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }
}

#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) created: SystemTime,
    pub(super) outcome: CmIdScanOutcome,
    pub(super) source: Source,
    /// Whether this is the other side of what the attempt before showed.
    pub(super) linked: bool,
    pub(super) files: Vec<StoredFile>,
}

impl Attempt {
    pub(super) fn new(outcome: CmIdScanOutcome, source: Source, now: SystemTime) -> Self {
        Self {
            created: now,
            outcome,
            source,
            linked: false,
            files: Vec::new(),
        }
    }

    /// Adds what the user has supplied, and what was recognised on it.
    pub(super) fn supply(&mut self, side_waiting: Option<&Self>, redacted: Redacted, random: &mut Random) {
        let mut raw = |motif| StoredFile::new(FileKind::Raw, None, Picture::plain(motif), random);
        match self.outcome {
            CmIdScanOutcome::Blurred | CmIdScanOutcome::BackBlurred => self.files.push(raw(Motif::Blur)),
            CmIdScanOutcome::BackSideRequired => self.files.push(raw(Motif::CardFront)),
            CmIdScanOutcome::FrontSideRequired => self.files.push(raw(Motif::CardBack)),
            CmIdScanOutcome::GoodDrivingLicense => match side_waiting {
                // The raw image of the other side is repeated (contract cm-idscan, 5).
                Some(side) => {
                    self.linked = true;
                    self.files.extend(side.files.iter().cloned());
                    self.files.push(raw(match side.outcome {
                        CmIdScanOutcome::FrontSideRequired => Motif::CardFront,
                        _ => Motif::CardBack,
                    }));
                }
                None => {
                    self.files.push(raw(Motif::CardFront));
                    self.files.push(raw(Motif::CardBack));
                }
            },
            _ => self.files.push(raw(Motif::Passport)),
        }
        if self.outcome.effect() == Effect::Complete {
            let document = Document::of(self.outcome);
            self.files
                .extend(documents(document, self.outcome.score(), redacted, random));
        }
    }

    pub(super) fn details(&self, url: &impl Fn(&StoredFile) -> Option<String>) -> Value {
        let files: Vec<Value> = self
            .files
            .iter()
            .filter_map(|file| Some(file.json(Some(&url(file)?))))
            .collect();
        json!({
            "created": date_time(self.created),
            "code": self.outcome.code(),
            "score": self.outcome.score(),
            "source": self.source.as_str(),
            "linked": self.linked,
            "files": files,
        })
    }
}

/// The sides of a document, cut out and redacted.
pub(super) fn documents(
    document: Document,
    score: Option<f64>,
    redacted: Redacted,
    random: &mut Random,
) -> Vec<StoredFile> {
    let sides: &[(Side, Motif)] = match document {
        Document::Passport => &[(Side::Front, Motif::Passport)],
        Document::DrivingLicense => &[(Side::Front, Motif::CardFront), (Side::Back, Motif::CardBack)],
    };
    sides
        .iter()
        .map(|(side, motif)| {
            let picture = Picture {
                motif: *motif,
                redacted,
            };
            StoredFile::new(FileKind::Document(document, *side), score, picture, random)
        })
        .collect()
}
