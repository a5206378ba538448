//! The tasks of a transaction and the attempts at them (contract cm-idscan, 4.2 and 5).

use serde_json::{Map, Value, json};

use super::attempt::Attempt;
use super::file::StoredFile;
use super::outcome::{CmIdScanOutcome, Effect};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskKind {
    DocumentScan,
    FaceLiveness,
    FaceMatch,
}

impl TaskKind {
    /// Every combination is a beginning of this (contract cm-idscan, 4.2).
    pub(super) const IN_ORDER: [Self; 3] = [Self::DocumentScan, Self::FaceLiveness, Self::FaceMatch];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::DocumentScan => "document_scan",
            Self::FaceLiveness => "face_liveness",
            Self::FaceMatch => "face_match",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::DocumentScan => "Scan your document",
            Self::FaceLiveness => "Show that you are live",
            Self::FaceMatch => "Compare your face with the document",
        }
    }
}

/// `pending` and `completed` are documented. `failed` is ours: a failed kind must exist, under a name that no
/// readable page gives (contract cm-idscan, 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskState {
    Pending,
    Completed,
    Failed,
}

impl TaskState {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug)]
pub(super) struct Task {
    pub(super) kind: TaskKind,
    pub(super) state: TaskState,
    pub(super) attempts: Vec<Attempt>,
}

impl Task {
    pub(super) fn new(kind: TaskKind) -> Self {
        Self {
            kind,
            state: TaskState::Pending,
            attempts: Vec::new(),
        }
    }

    /// Adds an attempt and says what it does to the transaction.
    pub(super) fn add(&mut self, attempt: Attempt) -> Effect {
        let effect = attempt.outcome.effect();
        self.attempts.push(attempt);
        match effect {
            Effect::Complete => self.state = TaskState::Completed,
            Effect::Fail | Effect::Abort => self.state = TaskState::Failed,
            Effect::Retry => {}
        }
        effect
    }

    /// The side that was recognised last, if its other side is still needed.
    pub(super) fn side_waiting(&self) -> Option<&Attempt> {
        let is_recognised = |attempt: &&Attempt| attempt.outcome.score().is_some();
        self.attempts.iter().rfind(is_recognised).filter(|attempt| {
            matches!(
                attempt.outcome,
                CmIdScanOutcome::BackSideRequired | CmIdScanOutcome::FrontSideRequired
            )
        })
    }

    pub(super) fn attempts_invoiced(&self) -> usize {
        self.attempts
            .iter()
            .filter(|attempt| attempt.outcome.is_invoiced())
            .count()
    }

    /// The members that E2 shows. `level` is the one that was asked for.
    pub(super) fn details(&self, level: Option<&str>, url: impl Fn(&StoredFile) -> Option<String>) -> Value {
        let mut body = Map::new();
        let mut set = |name: &str, value| body.insert(name.to_owned(), value);
        set("type", json!(self.kind.as_str()));
        set("state", json!(self.state.as_str()));
        if self.kind == TaskKind::DocumentScan
            && let Some(level) = level
        {
            set("level", json!(level));
        }
        set("attempts", json!(self.attempts.len()));
        set("attemptsInvoiced", json!(self.attempts_invoiced()));
        // No page shows what the face tasks have in its place.
        if self.kind == TaskKind::DocumentScan {
            let scans = self
                .attempts
                .iter()
                .map(|attempt| attempt.details(&url))
                .collect();
            set("documentScans", Value::Array(scans));
        }
        Value::Object(body)
    }
}
