//! What became of a scan, and whether it is charged (contract cm-idscan, 10).

verikit_core::open_enum! {
    /// Why an attempt to scan a document came to nothing. No code at all means that nothing is wrong.
    ///
    /// ```
    /// use cm_idscan::ScanCode;
    ///
    /// assert_eq!(ScanCode::UnknownTypeFront.is_invoiced(), Some(false));
    /// assert_eq!(ScanCode::ExpirationCriteriaNotMet.is_invoiced(), Some(true));
    /// assert_eq!(ScanCode::from("made_up_tomorrow").is_invoiced(), None);
    /// ```
    pub enum ScanCode {
        /// An unexpected failure on the provider's side. Not charged.
        Processing = "processing",
        /// The front was not recognised, for the image's quality. Not charged.
        UnknownTypeFront = "unknown_type_front",
        /// The back was not recognised, for the image's quality. Not charged.
        UnknownTypeBack = "unknown_type_back",
        /// The document has expired by the rule that was set. Charged.
        ExpirationCriteriaNotMet = "expiration_criteria_not_met",
        /// The document was recognised; its date of expiry cannot be read or is covered. Charged.
        UnableToDetermineDateOfExpiry = "unable_to_determine_date_of_expiry",
        /// The document was recognised; no text on it can be read. Charged.
        TextFieldsAnalysisFailed = "text_fields_analysis_failed",
        /// The age is outside the limits that were set; the transaction is aborted. Charged.
        AgeCriteriaNotMet = "age_criteria_not_met",
        /// The document was recognised; the age cannot be read or is covered. Charged.
        UnableToDetermineAge = "unable_to_determine_age",
        /// A value is impossible or wrongly formed: possibly a forgery. Charged.
        FieldValidationFailed = "field_validation_failed",
        /// The front was provided; the back is still needed. Charged.
        FrontSideProvidedBackSideRequired = "front_side_provided_back_side_required",
        /// The back was provided; the front is still needed. Charged.
        BackSideProvidedFrontSideRequired = "back_side_provided_front_side_required",
    }
}

impl ScanCode {
    /// What it means, for a log or a support desk. `None` for a code that this version does not know.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        Some(match self {
            Self::Processing => "an unexpected failure on the provider's side",
            Self::UnknownTypeFront => "the front was not recognised, for the image's quality",
            Self::UnknownTypeBack => "the back was not recognised, for the image's quality",
            Self::ExpirationCriteriaNotMet => "the document has expired by the rule that was set",
            Self::UnableToDetermineDateOfExpiry => "the date of expiry cannot be read or is covered",
            Self::TextFieldsAnalysisFailed => "the document was recognised, and no text on it can be read",
            Self::AgeCriteriaNotMet => {
                "the age is outside the limits that were set; the transaction is aborted"
            }
            Self::UnableToDetermineAge => "the age cannot be read or is covered",
            Self::FieldValidationFailed => "a value is impossible or wrongly formed: possibly a forgery",
            Self::FrontSideProvidedBackSideRequired => "the back is still needed",
            Self::BackSideProvidedFrontSideRequired => "the front is still needed",
            Self::Unknown(_) => return None,
        })
    }

    /// Whether an attempt that ended with it is charged. `None` for a code that this version does not know:
    /// it may cost something.
    #[must_use]
    pub fn is_invoiced(&self) -> Option<bool> {
        match self {
            Self::Processing | Self::UnknownTypeFront | Self::UnknownTypeBack => Some(false),
            Self::Unknown(_) => None,
            _ => Some(true),
        }
    }
}
