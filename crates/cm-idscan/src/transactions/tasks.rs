//! Which tasks a transaction has (contract cm-idscan, 4.2).

use verikit_core::{Error, Result};

use super::types::TaskType;
use crate::config::PROVIDER;

/// The three combinations of tasks that exist. Each builds on the one before it: a live face is compared with
/// the document's portrait.
///
/// ```
/// use cm_idscan::{TaskType, Tasks};
///
/// assert_eq!(Tasks::DocumentScanAndFaceLiveness.types(), [TaskType::DocumentScan, TaskType::FaceLiveness]);
/// // From a configuration, say:
/// let tasks = Tasks::from_types([TaskType::DocumentScan])?;
/// assert!(Tasks::from_types([TaskType::FaceLiveness]).is_err());
/// # Ok::<(), cm_idscan::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tasks {
    /// The document alone.
    DocumentScan,
    /// The document, and a live face.
    DocumentScanAndFaceLiveness,
    /// The document, a live face, and whether they belong together.
    DocumentScanFaceLivenessAndFaceMatch,
}

const ALL: &[TaskType] = &[
    TaskType::DocumentScan,
    TaskType::FaceLiveness,
    TaskType::FaceMatch,
];

impl Tasks {
    /// The combination of these tasks, which must be in the order of the list above: whether another order
    /// is accepted is not documented.
    ///
    /// # Errors
    ///
    /// When there is no such combination.
    pub fn from_types(types: impl IntoIterator<Item = TaskType>) -> Result<Self> {
        let types: Vec<_> = types.into_iter().collect();
        [
            Self::DocumentScan,
            Self::DocumentScanAndFaceLiveness,
            Self::DocumentScanFaceLivenessAndFaceMatch,
        ]
        .into_iter()
        .find(|tasks| tasks.types() == types)
        .ok_or_else(|| {
            Error::invalid_input(
                "the tasks must be document_scan, alone or followed by face_liveness, or by face_liveness and \
                 face_match, in this order",
            )
            .with_provider(PROVIDER)
        })
    }

    /// The tasks, in the order in which they are sent.
    #[must_use]
    pub fn types(self) -> &'static [TaskType] {
        let count = match self {
            Self::DocumentScan => 1,
            Self::DocumentScanAndFaceLiveness => 2,
            Self::DocumentScanFaceLivenessAndFaceMatch => 3,
        };
        ALL.get(..count).unwrap_or(ALL)
    }
}
