//! What becomes of an attempt at a task, as a person or a test chooses it.

use super::task::TaskKind;

/// What one attempt at a task ends in.
///
/// Every code of a document scan that the contract lists can be chosen, besides three good scans and two
/// outcomes for each face task (contract cm-idscan, 10).
///
/// ```
/// use verikit_sandbox::CmIdScanOutcome;
///
/// assert_eq!(CmIdScanOutcome::GoodPassport.code(), None);
/// assert_eq!(CmIdScanOutcome::Expired.code(), Some("expiration_criteria_not_met"));
/// assert!(CmIdScanOutcome::Expired.is_invoiced());
/// assert!(!CmIdScanOutcome::Blurred.is_invoiced());
/// assert_eq!("under_age".parse(), Ok(CmIdScanOutcome::UnderAge));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CmIdScanOutcome {
    /// A passport without any error: the scan is done.
    GoodPassport,
    /// A driving licence without any error: the scan is done. It has two sides and no machine-readable zone.
    GoodDrivingLicense,
    /// A passport whose document number is `invalid`: the scan is done, and still nothing to rely on. If
    /// the transaction's `validateFields` name `document_number`, it is a
    /// [`FieldValidationFailed`](Self::FieldValidationFailed) instead.
    InvalidDocumentNumber,
    /// `processing`: the provider's own failure.
    Processing,
    /// `unknown_type_front`: a picture too blurred to recognise its front.
    Blurred,
    /// `unknown_type_back`: a picture too blurred to recognise its back.
    BackBlurred,
    /// `expiration_criteria_not_met`
    Expired,
    /// `unable_to_determine_date_of_expiry`
    DateOfExpiryUnreadable,
    /// `text_fields_analysis_failed`
    TextUnreadable,
    /// `age_criteria_not_met`: this aborts the transaction.
    UnderAge,
    /// `unable_to_determine_age`
    AgeUnreadable,
    /// `field_validation_failed`
    FieldValidationFailed,
    /// `front_side_provided_back_side_required`
    BackSideRequired,
    /// `back_side_provided_front_side_required`
    FrontSideRequired,
    /// The liveness check finds a live person.
    Live,
    /// The liveness check fails.
    NotLive,
    /// The face is the one on the document.
    FaceMatch,
    /// The face is not the one on the document.
    NoFaceMatch,
}

/// The text is not the name of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an outcome")]
#[non_exhaustive]
pub struct CmUnknownOutcome;

/// What an attempt does to its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The task is done.
    Complete,
    /// The user may try again.
    Retry,
    /// The task has failed for good; the transaction goes on.
    Fail,
    /// The task has failed for good, and the transaction with it.
    Abort,
}

impl CmIdScanOutcome {
    /// All of them, in the order in which the page offers them.
    pub const ALL: &'static [Self] = &[
        Self::GoodPassport,
        Self::GoodDrivingLicense,
        Self::InvalidDocumentNumber,
        Self::Expired,
        Self::Blurred,
        Self::BackBlurred,
        Self::UnderAge,
        Self::BackSideRequired,
        Self::FrontSideRequired,
        Self::DateOfExpiryUnreadable,
        Self::AgeUnreadable,
        Self::TextUnreadable,
        Self::FieldValidationFailed,
        Self::Processing,
        Self::Live,
        Self::NotLive,
        Self::FaceMatch,
        Self::NoFaceMatch,
    ];

    /// The name in the page's forms and JSON, which is ours.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The task that can end so: `document_scan`, `face_liveness` or `face_match`.
    #[must_use]
    pub fn task(self) -> &'static str {
        self.kind().as_str()
    }

    /// The code of the scan; `None` when it has no error, and for the face tasks, which have no codes.
    #[must_use]
    pub fn code(self) -> Option<&'static str> {
        self.facts().code
    }

    /// Whether such an attempt is charged (contract cm-idscan, 10).
    #[must_use]
    pub fn is_invoiced(self) -> bool {
        !matches!(self, Self::Processing | Self::Blurred | Self::BackBlurred)
    }

    pub(super) fn kind(self) -> TaskKind {
        match self {
            Self::Live | Self::NotLive => TaskKind::FaceLiveness,
            Self::FaceMatch | Self::NoFaceMatch => TaskKind::FaceMatch,
            _ => TaskKind::DocumentScan,
        }
    }

    /// What the page says next to the choice.
    pub(super) fn label(self) -> &'static str {
        self.facts().label
    }

    /// Each face task runs once: what the provider does after a failed one is not documented (ours).
    pub(super) fn effect(self) -> Effect {
        match self {
            Self::GoodPassport
            | Self::GoodDrivingLicense
            | Self::InvalidDocumentNumber
            | Self::Live
            | Self::FaceMatch => Effect::Complete,
            Self::NotLive | Self::NoFaceMatch => Effect::Fail,
            Self::UnderAge => Effect::Abort,
            _ => Effect::Retry,
        }
    }

    /// 0 to 1; `None` for a document that was not recognised. The numbers are ours.
    pub(super) fn score(self) -> Option<f64> {
        match self {
            Self::Processing | Self::Blurred | Self::BackBlurred => None,
            Self::InvalidDocumentNumber => Some(0.62),
            Self::NotLive => Some(0.12),
            Self::NoFaceMatch => Some(0.08),
            Self::Live => Some(0.97),
            Self::FaceMatch => Some(0.93),
            _ => Some(0.98),
        }
    }

    fn facts(self) -> Facts {
        let facts = |name, label| Facts {
            name,
            label,
            code: None,
        };
        let failure = |name, code, label| Facts {
            name,
            label,
            code: Some(code),
        };
        match self {
            Self::GoodPassport => facts("good_passport", "A good passport"),
            Self::GoodDrivingLicense => facts("good_driving_license", "A good driving licence, both sides"),
            Self::InvalidDocumentNumber => facts(
                "invalid_document_number",
                "A passport whose document number is not valid",
            ),
            Self::Processing => failure("processing", "processing", "A failure of the provider's own"),
            Self::Blurred => failure("blurred", "unknown_type_front", "Front too blurred to recognise"),
            Self::BackBlurred => failure(
                "back_blurred",
                "unknown_type_back",
                "Back too blurred to recognise",
            ),
            Self::Expired => failure("expired", "expiration_criteria_not_met", "An expired document"),
            Self::DateOfExpiryUnreadable => failure(
                "date_of_expiry_unreadable",
                "unable_to_determine_date_of_expiry",
                "Date of expiry unreadable",
            ),
            Self::TextUnreadable => failure(
                "text_unreadable",
                "text_fields_analysis_failed",
                "No text field readable",
            ),
            Self::UnderAge => failure(
                "under_age",
                "age_criteria_not_met",
                "Age outside the limits: ends the transaction",
            ),
            Self::AgeUnreadable => failure("age_unreadable", "unable_to_determine_age", "Age unreadable"),
            Self::FieldValidationFailed => failure(
                "field_validation_failed",
                "field_validation_failed",
                "A field is impossible or wrongly formed",
            ),
            Self::BackSideRequired => failure(
                "back_side_required",
                "front_side_provided_back_side_required",
                "Front of a card; its back is still needed",
            ),
            Self::FrontSideRequired => failure(
                "front_side_required",
                "back_side_provided_front_side_required",
                "Back of a card; its front is still needed",
            ),
            Self::Live => facts("live", "A live person"),
            Self::NotLive => facts("not_live", "Liveness check fails"),
            Self::FaceMatch => facts("face_match", "The face on the document"),
            Self::NoFaceMatch => facts("no_face_match", "Another face"),
        }
    }
}

struct Facts {
    name: &'static str,
    label: &'static str,
    code: Option<&'static str>,
}

impl std::str::FromStr for CmIdScanOutcome {
    type Err = CmUnknownOutcome;

    fn from_str(name: &str) -> Result<Self, CmUnknownOutcome> {
        Self::ALL
            .iter()
            .copied()
            .find(|outcome| outcome.name() == name)
            .ok_or(CmUnknownOutcome)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The contract's section 10, row by row.
    const CODES: [(CmIdScanOutcome, Option<&str>, bool); 12] = [
        (CmIdScanOutcome::Processing, Some("processing"), false),
        (CmIdScanOutcome::Blurred, Some("unknown_type_front"), false),
        (CmIdScanOutcome::BackBlurred, Some("unknown_type_back"), false),
        (
            CmIdScanOutcome::Expired,
            Some("expiration_criteria_not_met"),
            true,
        ),
        (
            CmIdScanOutcome::DateOfExpiryUnreadable,
            Some("unable_to_determine_date_of_expiry"),
            true,
        ),
        (
            CmIdScanOutcome::TextUnreadable,
            Some("text_fields_analysis_failed"),
            true,
        ),
        (CmIdScanOutcome::UnderAge, Some("age_criteria_not_met"), true),
        (
            CmIdScanOutcome::AgeUnreadable,
            Some("unable_to_determine_age"),
            true,
        ),
        (
            CmIdScanOutcome::FieldValidationFailed,
            Some("field_validation_failed"),
            true,
        ),
        (
            CmIdScanOutcome::BackSideRequired,
            Some("front_side_provided_back_side_required"),
            true,
        ),
        (
            CmIdScanOutcome::FrontSideRequired,
            Some("back_side_provided_front_side_required"),
            true,
        ),
        (CmIdScanOutcome::GoodPassport, None, true),
    ];

    #[test]
    fn every_code_of_the_contract_can_be_chosen_and_is_charged_as_it_says() {
        for (outcome, code, invoiced) in CODES {
            assert_eq!(
                (outcome.code(), outcome.is_invoiced(), outcome.task()),
                (code, invoiced, "document_scan"),
                "{outcome:?}"
            );
        }
        let coded = |outcomes: &mut dyn Iterator<Item = CmIdScanOutcome>| {
            outcomes.filter_map(CmIdScanOutcome::code).collect::<HashSet<_>>()
        };
        let of_the_table = coded(&mut CODES.into_iter().map(|(outcome, ..)| outcome));
        assert_eq!(coded(&mut CmIdScanOutcome::ALL.iter().copied()), of_the_table);
        assert_eq!(of_the_table.len(), 11);
    }

    #[test]
    fn every_face_task_is_charged() {
        for outcome in CmIdScanOutcome::ALL.iter().copied() {
            if outcome.kind() != TaskKind::DocumentScan {
                assert!(outcome.is_invoiced() && outcome.code().is_none(), "{outcome:?}");
                assert_ne!(outcome.effect(), Effect::Retry, "{outcome:?}");
            }
        }
    }

    #[test]
    fn names_and_labels_are_unique_and_read_back() {
        let names: HashSet<_> = CmIdScanOutcome::ALL
            .iter()
            .map(|outcome| outcome.name())
            .collect();
        let labels: HashSet<_> = CmIdScanOutcome::ALL
            .iter()
            .map(|outcome| outcome.label())
            .collect();
        assert_eq!((names.len(), labels.len()), (18, 18));
        for outcome in CmIdScanOutcome::ALL.iter().copied() {
            assert_eq!(outcome.name().parse(), Ok(outcome));
        }
        assert_eq!("Good_passport".parse::<CmIdScanOutcome>(), Err(CmUnknownOutcome));
    }
}
