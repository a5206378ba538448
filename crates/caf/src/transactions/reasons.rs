//! Why a transaction's status is what it is (contract caf, 4.4 and 4.9).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Personal, Timestamp};

use super::types::TransactionStatus;

verikit_core::open_enum! {
    /// What a reason is about. No other word is known.
    pub enum ReasonCategory {
        /// A rule of the template.
        Validation = "VALIDATION",
    }
}

verikit_core::open_enum! {
    /// How a rule came out.
    pub enum RuleStatus {
        /// It is kept.
        Valid = "VALID",
        /// It is not.
        Invalid = "INVALID",
    }
}

verikit_core::open_enum! {
    /// A rule of a template. An open set: these are the ones that could be read of about ninety, and not
    /// every rule is in every transaction.
    pub enum ValidationRule {
        /// The company's CNPJ is active.
        ActiveCnpjNumber = "active_cnpj_number",
        /// The person is the company's attorney.
        Attorney = "attorney",
        /// The CNPJ is authentic.
        AuthenticCnpjNumber = "authentic_cnpj_number",
        /// The document is authentic.
        AuthenticDocument = "authentic_document",
        /// Whether the person is underage, by a data source.
        BigDataSourceUnderage = "big_data_source_underage",
        /// The face is on no blocklist. In the older documents alone.
        BlacklistNotContainsFace = "blacklist_not_contains_face",
        /// The driving licence has not expired.
        CnhHasValidDate = "cnh_has_valid_date",
        /// The company's partners are as they were said to be.
        CompanyQsaDataCompatibility = "company_qsa_data_compatibility",
        /// The CPF belongs to the name.
        CpfEqualName = "cpf_equal_name",
        /// An error with the CPF.
        CpfErrorCode = "cpf_error_code",
        /// The person has not died.
        CpfHasNotDead = "cpf_has_not_dead",
        /// The person is a legal representative.
        CpfIsLegalRepresentative = "cpf_is_legal_representative",
        /// There is not a CPF.
        CpfNull = "cpf_null",
        /// The CPF was looked up.
        CpfQuery = "cpf_query",
        /// There is a credit score.
        CreditScoreAvailable = "credit_score_available",
        /// The credit score is below a limit.
        CreditScoreBelow = "credit_score_below",
        /// The credit score is between two limits.
        CreditScoreBetween = "credit_score_between",
        /// The credit score is over a limit.
        CreditScoreOver = "credit_score_over",
        /// What was said and what stands in the document are the same.
        DataAndDocumentAreEqual = "data_and_document_are_equal",
        /// Disabled at the central bank.
        DisabledOnBacen = "disabled_on_bacen",
        /// The document is of a known kind.
        DocumentIsKnown = "document_is_known",
        /// The document was issued less than ten years ago.
        DocumentIssueLessThan10 = "document_issue_less_than_10",
        /// The faces are the same.
        FacematchIsEqual = "facematch_is_equal",
    }
}

verikit_core::open_enum! {
    /// Why a person did not approve a transaction: a text of digits (contract caf, 4.9). The codes from 92 on
    /// are **unconfirmed**, from third parties.
    pub enum ManualReprovalCode {
        /// Required parameters are missing.
        RequiredParametersMissing = "10",
        /// The person is under 16.
        Under16 = "30",
        /// Protests were found.
        ProtestsFound = "31",
        /// Lawsuits were found.
        LawsuitsFound = "32",
        /// The document cannot be read: a poor photo.
        UnreadablePoorPhoto = "50",
        /// The document cannot be read: it is cropped.
        UnreadableCropped = "51",
        /// The document cannot be read: something is before it.
        UnreadableObstructed = "52",
        /// The CPF that was sent is not the document's.
        CpfNotOfDocument = "60",
        /// The photo of the front is missing.
        FrontPhotoMissing = "61",
        /// The photo of the back is missing.
        BackPhotoMissing = "62",
        /// What was sent is not what stands in the document.
        InputNotOfDocument = "63",
        /// Such documents are not supported.
        DocumentUnsupported = "70",
        /// The document is not valid.
        DocumentInvalid = "71",
        /// Files of this format are not supported.
        FileFormatUnsupported = "72",
        /// The CPF is not valid.
        CpfInvalid = "80",
        /// The CNPJ is not valid.
        CnpjInvalid = "81",
        /// The date of birth is not the official one.
        BirthDateNotOfficial = "82",
        /// The CPF is missing.
        CpfMissing = "83",
        /// The CNPJ is missing.
        CnpjMissing = "84",
        /// The person is under 18.
        Under18 = "90",
        /// The selfie is not like the document's photo.
        SelfieNotSimilar = "91",
        /// Liveness failed.
        LivenessFailed = "92",
        /// The CPF's standing is irregular.
        CpfIrregular = "93",
        /// The name is not the official one.
        NameNotOfficial = "94",
        /// The face is among those of suspects.
        FaceAmongSuspects = "95",
        /// A politically exposed person.
        PoliticallyExposedPerson = "96",
    }
}

/// Why the status is what it is: a rule and how it came out, or a review.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatusReason {
    /// What it is about.
    #[serde(default, deserialize_with = "lenient")]
    pub category: Option<ReasonCategory>,
    /// The status that it led to.
    #[serde(default, deserialize_with = "lenient")]
    pub result_status: Option<TransactionStatus>,
    /// The status of your own making that it led to.
    #[serde(default, deserialize_with = "lenient")]
    pub result_custom_status: Option<Personal<String>>,
    /// The rule.
    #[serde(default, deserialize_with = "lenient")]
    pub code: Option<ValidationRule>,
    /// How it came out. Not the [decision on the transaction](super::Transaction::is_approved). One of a
    /// wrong type makes the list of reasons unreadable.
    #[serde(default)]
    pub status: Option<RuleStatus>,
    /// A text for people.
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<Personal<String>>,
    /// Who reviewed it.
    #[serde(default, deserialize_with = "lenient")]
    pub user: Option<Personal<String>>,
    /// When.
    #[serde(default, deserialize_with = "lenient")]
    pub date: Option<Timestamp>,
    /// How it was reviewed. No word could be read.
    #[serde(default, deserialize_with = "lenient")]
    pub review_type: Option<Personal<String>>,
}

/// Why a person did not approve a transaction.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ManualReproval {
    /// The code.
    #[serde(default, deserialize_with = "lenient")]
    pub code: Option<ManualReprovalCode>,
    /// The same for people, in Portuguese.
    #[serde(default, deserialize_with = "lenient")]
    pub reason: Option<Personal<String>>,
}
