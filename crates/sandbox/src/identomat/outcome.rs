//! What a test or a person can decide.

/// How an end user's session ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatOutcome {
    /// `approved`, with what the session asked for: document, face, general documents, questionnaires.
    Approved,
    /// `approved`, with a utility bill as proof of address, also where the session did not ask for one.
    ProofOfAddress,
    /// `rejected`, with this `reject_reason.value`. The only code that the contract has seen is
    /// `face_mismatch`.
    Rejected {
        /// The code.
        reason: String,
    },
    /// `manual_check`: a human has to look, here at a match of the screening.
    ManualCheck,
    /// `disagreed_with_terms`.
    DisagreedWithTerms,
    /// The user leaves before the end: `in_progress`, and the session can be gone on with.
    Abandoned,
}

/// What a person can choose from: names in forms and in the control API's paths.
pub(super) const NAMES: [&str; 6] = [
    "approved",
    "proof-of-address",
    "rejected",
    "manual-check",
    "disagreed-with-terms",
    "abandoned",
];

/// The one reason that was seen in a recorded body (contract identomat, 5.8).
pub(super) const FACE_MISMATCH: &str = "face_mismatch";

impl IdentomatOutcome {
    /// `rejected` with this code.
    pub fn rejected(reason: impl Into<String>) -> Self {
        Self::Rejected {
            reason: reason.into(),
        }
    }

    /// The outcome with this name; `reason` counts for `rejected`.
    pub(super) fn named(name: &str, reason: Option<&str>) -> Option<Self> {
        match name {
            "approved" => Some(Self::Approved),
            "proof-of-address" => Some(Self::ProofOfAddress),
            "rejected" => Some(Self::rejected(reason.unwrap_or(FACE_MISMATCH))),
            "manual-check" => Some(Self::ManualCheck),
            "disagreed-with-terms" => Some(Self::DisagreedWithTerms),
            "abandoned" => Some(Self::Abandoned),
            _ => None,
        }
    }

    /// The member `result`. The lower case is what live bodies have; for the last two it is inferred
    /// (contract identomat, 5.2).
    pub(super) fn result(&self) -> &'static str {
        match self {
            Self::Approved | Self::ProofOfAddress => "approved",
            Self::Rejected { .. } => "rejected",
            Self::ManualCheck => "manual_check",
            Self::DisagreedWithTerms => "disagreed_with_terms",
            Self::Abandoned => "in_progress",
        }
    }
}

/// The HTTP status of errors, which is not documented (contract identomat, 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatErrorStatus {
    /// 200, as clients of the live service see it.
    #[default]
    Ok,
    /// 400, 401 or 404, whichever fits.
    ClientError,
}

/// What is wrong with the signature of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatSignature {
    /// The header is left out.
    Missing,
    /// The code was made with another key.
    Wrong,
}

/// Which generation of the result's body is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatResultShape {
    /// As in the recorded bodies of 2024: `generalDocuments`, `technicalDetails`, `name`.
    #[default]
    Recent,
    /// As in the recorded body of 2022: `general_document`, and neither of the other two.
    Of2022,
}
