//! Manual reviews.

use super::outcome::reproval_reason;

/// What a person at the provider, or at the customer, decides about a transaction.
///
/// ```
/// use verikit_sandbox::CafReview;
///
/// assert_eq!(CafReview::Reproved { code: "91".to_owned() }.status(), "REPROVED");
/// assert_eq!(CafReview::named("approved", None), Some(CafReview::Approved));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CafReview {
    /// `APPROVED`.
    Approved,
    /// `REPROVED`, with a code of the documents' list, such as `91`: the selfie is not similar.
    Reproved {
        /// The code.
        code: String,
    },
    /// `PENDING`: somebody has to look again.
    Pending,
    /// Any other word, as statuses are open.
    Other {
        /// The word.
        status: String,
    },
}

impl CafReview {
    /// The review that a page or the control API names: `approved`, `reproved` or `pending`. A reproval
    /// without a code has 50.
    #[must_use]
    pub fn named(name: &str, code: Option<&str>) -> Option<Self> {
        match name {
            "approved" => Some(Self::Approved),
            "reproved" => Some(Self::Reproved {
                code: code.filter(|code| !code.is_empty()).unwrap_or("50").to_owned(),
            }),
            "pending" => Some(Self::Pending),
            _ => None,
        }
    }

    /// The status that it leads to.
    #[must_use]
    pub fn status(&self) -> &str {
        match self {
            Self::Approved => "APPROVED",
            Self::Reproved { .. } => "REPROVED",
            Self::Pending => "PENDING",
            Self::Other { status } => status,
        }
    }

    /// Code and text of a reproval.
    pub(super) fn reproval(&self) -> Option<(&str, &'static str)> {
        match self {
            Self::Reproved { code } => Some((code, reproval_reason(code))),
            _ => None,
        }
    }
}
