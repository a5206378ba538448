//! What the operator knows of a number. The vendor's sandbox data for SIM swap and Number Verify could not be
//! read (contract cm-identity, 7), so every number here is ours.

use std::time::Duration;

use http::StatusCode;

use super::phone_number::PhoneNumber;
use crate::cm::error::ApiError;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What asking the operator comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The age of the last SIM change.
    Changed(Duration),
    /// It answers, and has no data: the result is null.
    NoData,
    /// The answer has another `state` than success, and no result.
    Failed,
    /// The call ends with an error.
    Error,
}

impl Answer {
    /// By the number's last two digits.
    pub(super) fn about(number: &PhoneNumber) -> Self {
        let digits = number.as_str();
        match digits.get(digits.len().saturating_sub(2)..).unwrap_or_default() {
            "11" => Self::Changed(HOUR),
            "12" => Self::Changed(HOUR * 20),
            "13" => Self::Changed(DAY * 3),
            "14" => Self::Changed(DAY * 10),
            "15" => Self::Changed(DAY * 20),
            "97" => Self::NoData,
            "98" => Self::Failed,
            "99" => Self::Error,
            _ => Self::Changed(DAY * 400),
        }
    }
}

/// The `state` of [`Answer::Failed`]. Only `success` is documented.
pub(super) const FAILED: &str = "failed";

pub(super) fn error() -> ApiError {
    ApiError::new(StatusCode::BAD_GATEWAY, "The operator did not answer.")
}
