//! What was read from a document (contract cm-idscan, 6).

use std::fmt;

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Personal};

use super::types::{Field, Locale, TaskState, TaskType, TransactionState};
use crate::file::{FileCategory, FileKind, ScanFile, or_empty};

verikit_core::open_enum! {
    /// Whether a field's value is possible.
    pub enum Validity {
        /// It is.
        Valid = "valid",
        /// It is not.
        Invalid = "invalid",
        /// Nobody looked.
        NotChecked = "not_checked",
    }
}

verikit_core::open_enum! {
    /// Whether the places where a field stands agree, as it seems. The word for "they do not" is not
    /// published: anything but [`Match`](Comparison::Match) may be one.
    pub enum Comparison {
        /// They do.
        Match = "match",
        /// Nothing was compared, as where there is one place alone.
        NotPerformed = "not_performed",
    }
}

verikit_core::open_enum! {
    /// Where on the document a value was read. There may be others, such as a barcode or a chip.
    pub enum ValueSource {
        /// The machine-readable zone: the most exact one, which the vendor says to prefer.
        Mrz = "mrz",
        /// What a person reads.
        Visual = "visual",
    }
}

/// The result of a completed transaction.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TransactionResult {
    /// Most likely the transaction's id, as it is in the vendor's example: **inferred**, and not compared
    /// with the one that was asked for.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Where the transaction stands.
    pub state: TransactionState,
    /// Its tasks. [`Answer::extra`] of a task has the members that are not published, as those of the face
    /// tasks are not.
    pub tasks: Vec<Answer<ResultTask>>,
}

impl TransactionResult {
    /// A task by its type.
    #[must_use]
    pub fn task(&self, task_type: &TaskType) -> Option<&Answer<ResultTask>> {
        self.tasks.iter().find(|task| task.task_type == *task_type)
    }

    /// The document scan, which every transaction has.
    #[must_use]
    pub fn document_scan(&self) -> Option<&Answer<ResultTask>> {
        self.task(&TaskType::DocumentScan)
    }

    /// The value of a field of the document, from the machine-readable zone if it stands there. See
    /// [`ResultTask::value`].
    #[must_use]
    pub fn value(&self, field: &Field) -> Option<&Personal<String>> {
        self.document_scan()?.value(field)
    }

    /// The portrait on the document.
    #[must_use]
    pub fn portrait(&self) -> Option<&ScanFile> {
        self.document_scan()?.file(&FileKind::Portrait)
    }
}

impl fmt::Debug for TransactionResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionResult")
            .field("state", &self.state)
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}

/// What came of a task.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ResultTask {
    /// What the user did.
    #[serde(rename = "type")]
    pub task_type: TaskType,
    /// Where it stands.
    pub state: TaskState,
    /// How often it was tried. Newer answers have it.
    #[serde(default, deserialize_with = "lenient")]
    pub attempts: Option<u64>,
    /// How sure it is, from 0 to 1. No threshold is documented.
    #[serde(default)]
    pub score: Option<f64>,
    /// What was read. The same field can be there several times, once a [`locale`](FieldResult::locale).
    #[serde(default, deserialize_with = "or_empty")]
    pub result: Vec<FieldResult>,
    /// The images.
    #[serde(default, deserialize_with = "or_empty")]
    pub files: Vec<ScanFile>,
}

impl ResultTask {
    /// Every entry of a field, one a locale.
    pub fn entries<'a, 'f>(
        &'a self,
        field: &'f Field,
    ) -> impl Iterator<Item = &'a FieldResult> + use<'a, 'f> {
        self.result.iter().filter(move |entry| entry.field == *field)
    }

    /// The entry of a field in a locale, such as `Some(&Locale::NlNl)`; `None` is the entry without a
    /// language.
    #[must_use]
    pub fn entry(&self, field: &Field, locale: Option<&Locale>) -> Option<&FieldResult> {
        self.entries(field).find(|entry| entry.locale.as_ref() == locale)
    }

    /// The value of a field: from the machine-readable zone if it stands there in any entry, else from the
    /// entry without a language, else from the first entry. Where one place has several values, it is the
    /// first of them, and [`Concern::Ambiguous`](crate::Concern::Ambiguous) says so.
    #[must_use]
    pub fn value(&self, field: &Field) -> Option<&Personal<String>> {
        self.entries(field)
            .find_map(|entry| entry.value_from(&ValueSource::Mrz))
            .or_else(|| self.entry(field, None)?.value())
            .or_else(|| self.entries(field).find_map(FieldResult::value))
    }

    /// The first file of a kind.
    #[must_use]
    pub fn file(&self, kind: &FileKind) -> Option<&ScanFile> {
        self.files.iter().find(|file| file.is(kind))
    }

    /// The sides of the document: one, or two.
    pub fn document_sides(&self) -> impl Iterator<Item = &ScanFile> {
        self.files
            .iter()
            .filter(|file| file.category == Some(FileCategory::Document))
    }
}

/// A field of a document, in one language.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct FieldResult {
    /// The field.
    pub field: Field,
    /// Whether its value is possible.
    #[serde(default)]
    pub validity: Option<Validity>,
    /// Whether the places where it stands agree. Newer answers have it.
    #[serde(default)]
    pub comparison: Option<Comparison>,
    /// The language, such as `nl-NL`; none for a field without one.
    #[serde(default)]
    pub locale: Option<Locale>,
    /// Its value, by the places where it was read.
    #[serde(default, deserialize_with = "or_empty")]
    pub values: Vec<FieldValue>,
}

impl FieldResult {
    /// What was read in one place.
    #[must_use]
    pub fn value_from(&self, source: &ValueSource) -> Option<&Personal<String>> {
        let found = self.values.iter().find(|value| value.source == *source)?;
        Some(&found.value)
    }

    /// What was read in the machine-readable zone, else in the first place that is listed.
    #[must_use]
    pub fn value(&self) -> Option<&Personal<String>> {
        self.value_from(&ValueSource::Mrz)
            .or_else(|| self.values.first().map(|value| &value.value))
    }
}

/// What was read in one place.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct FieldValue {
    /// Where.
    pub source: ValueSource,
    /// What. Always a text, an age as well.
    pub value: Personal<String>,
}
