//! Where a transaction stands, and what it costs (contract cm-idscan, 5 and 10).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Timestamp};

use super::code::ScanCode;
use super::types::{CaptureSource, Level, TaskState, TaskType, TransactionId, TransactionState};
use crate::file::{ScanFile, or_empty};

/// A transaction as it is read.
///
/// While it is pending and has not expired, it has the files of every attempt to scan; after its expiry the
/// files are gone, and after its completion they come with the result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Transaction {
    /// The transaction.
    pub id: TransactionId,
    /// Where it stands.
    pub state: TransactionState,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created: Option<Timestamp>,
    /// When it expires.
    #[serde(default, deserialize_with = "lenient")]
    pub expires: Option<Timestamp>,
    /// When it was completed.
    #[serde(default, deserialize_with = "lenient")]
    pub completed: Option<Timestamp>,
    /// Its tasks. [`Answer::extra`] of a task has the members that are not published, as those of the face
    /// tasks are not.
    pub tasks: Vec<Answer<Task>>,
}

impl Transaction {
    /// A task by its type.
    #[must_use]
    pub fn task(&self, task_type: &TaskType) -> Option<&Answer<Task>> {
        self.tasks.iter().find(|task| task.task_type == *task_type)
    }

    /// How many charges the transaction has come to so far: [`Task::invoiced`] of its tasks together. `None`
    /// as soon as one of them cannot be known, or no task is there.
    ///
    /// What a charge amounts to stands in your contract with the vendor.
    #[must_use]
    pub fn invoiced(&self) -> Option<u64> {
        let known = Some(&self.tasks).filter(|tasks| !tasks.is_empty())?;
        known
            .iter()
            .try_fold(0_u64, |sum, task| sum.checked_add(task.invoiced()?))
    }
}

/// A task of a transaction.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Task {
    /// What the user does.
    #[serde(rename = "type")]
    pub task_type: TaskType,
    /// Where it stands.
    pub state: TaskState,
    /// How deep the document is checked.
    #[serde(default, deserialize_with = "lenient")]
    pub level: Option<Level>,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: Option<u64>,
    /// How many of the attempts are charged, by the provider's own count.
    #[serde(default)]
    pub attempts_invoiced: Option<u64>,
    /// The attempts to scan a document, one each.
    #[serde(default)]
    pub document_scans: Option<Vec<DocumentScan>>,
}

impl Task {
    /// How many charges the task has come to so far, or `None` where that cannot be known.
    ///
    /// - The provider's own count, `attempts_invoiced`, where it is there and can be: not above the number of
    ///   attempts.
    /// - Else, for a document scan, its attempts by their [codes](ScanCode::is_invoiced), if all of them are
    ///   there and known.
    /// - Else, for a face task, one once it was executed: every executed one is charged, whatever came of it.
    ///   Whether further attempts at it are charged is not documented.
    ///
    /// A count below what is proven is not known either: fewer than the attempts that are charged by their
    /// codes, or none for a document scan that is completed or a face task that was executed.
    #[must_use]
    pub fn invoiced(&self) -> Option<u64> {
        let counted = match self.attempts_invoiced {
            Some(invoiced) => {
                let possible = self.attempts.is_none_or(|attempts| invoiced <= attempts);
                possible.then_some(invoiced)
            }
            None => self.counted_here(),
        };
        // Whoever comes to fewer than are proven has counted something else.
        counted.filter(|invoiced| *invoiced >= self.proven_charges())
    }

    /// Without the provider's own count.
    fn counted_here(&self) -> Option<u64> {
        match (&self.task_type, self.attempts) {
            (TaskType::DocumentScan | TaskType::FaceLiveness | TaskType::FaceMatch, Some(0))
                if self.document_scans.as_ref().is_none_or(Vec::is_empty) =>
            {
                Some(0)
            }
            (TaskType::DocumentScan, _) => self.invoiced_by_codes(),
            (TaskType::FaceLiveness | TaskType::FaceMatch, Some(1)) => Some(1),
            (TaskType::FaceLiveness | TaskType::FaceMatch, None) if self.state == TaskState::Completed => {
                Some(1)
            }
            _ => None,
        }
    }

    /// The least number of charges that the rest of the task proves: its scans with charged codes, and one
    /// for whatever is charged once it is done.
    fn proven_charges(&self) -> u64 {
        let scans = self.document_scans.iter().flatten();
        let by_codes = scans.filter(|scan| scan.is_invoiced() == Some(true)).count();
        let completed = self.state == TaskState::Completed;
        let done = match self.task_type {
            TaskType::DocumentScan => completed,
            TaskType::FaceLiveness | TaskType::FaceMatch => {
                completed || self.attempts.is_some_and(|attempts| attempts > 0)
            }
            TaskType::Unknown(_) => false,
        };
        u64::try_from(by_codes).unwrap_or(u64::MAX).max(u64::from(done))
    }

    /// Counts the scans that are charged by their codes. Scans that are missing from the list could have been
    /// charged too.
    fn invoiced_by_codes(&self) -> Option<u64> {
        let scans = self.document_scans.as_deref()?;
        let count = u64::try_from(scans.len()).ok()?;
        if self.attempts? != count {
            return None;
        }
        scans
            .iter()
            .try_fold(0, |sum, scan| Some(sum + u64::from(scan.is_invoiced()?)))
    }
}

/// An attempt to scan a document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DocumentScan {
    /// When.
    #[serde(default, deserialize_with = "lenient")]
    pub created: Option<Timestamp>,
    /// What went wrong; nothing if nothing did.
    #[serde(default)]
    pub code: Option<ScanCode>,
    /// How sure the recognition is, from 0 to 1. As it seems, absent for what was not recognised.
    #[serde(default, deserialize_with = "lenient")]
    pub score: Option<f64>,
    /// How the document was supplied.
    #[serde(default, deserialize_with = "lenient")]
    pub source: Option<CaptureSource>,
    /// Not documented; it looks like "joined to the side that was scanned before" (contract cm-idscan, 5).
    #[serde(default, deserialize_with = "lenient")]
    pub linked: Option<bool>,
    /// Its images.
    #[serde(default, deserialize_with = "or_empty")]
    pub files: Vec<ScanFile>,
}

impl DocumentScan {
    /// Whether the attempt is charged. One without a code is. `None` for a code that this version does not
    /// know.
    #[must_use]
    pub fn is_invoiced(&self) -> Option<bool> {
        self.code.as_ref().map_or(Some(true), ScanCode::is_invoiced)
    }
}
