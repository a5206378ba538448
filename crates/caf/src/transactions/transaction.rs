//! A transaction as it is read (contract caf, 4.4).

use serde::Deserialize;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Answer, Personal, Timestamp};

use super::reasons::{ManualReproval, StatusReason};
use super::sections::Sections;
use super::types::{DocumentType, OnboardingId, TemplateId, TransactionId, TransactionStatus};
use crate::request_id::RequestId;

/// A transaction as it is read.
///
/// The decision is [`is_approved`](Transaction::is_approved), and nothing else is one: it looks at
/// [`status`](Transaction::status) and at [`fraud`](Transaction::fraud), neither of which decides alone. A
/// status that is missing, or no text, or there twice makes the whole answer unreadable.
///
/// **Unconfirmed**: the vendor's page could not be read; the members come from a third party's copy of its
/// sample (contract caf, 4.4). Any but `id` and `status` may be missing, and what is not as expected, `fraud`
/// apart, reads as missing: [`Answer`](crate::Answer) keeps the JSON as it came.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transaction {
    /// The transaction.
    pub id: TransactionId,
    /// Where it stands. Not the decision: use [`is_approved`](Transaction::is_approved). A manual review can
    /// change it, also when it was `APPROVED` or `REPROVED`.
    pub status: TransactionStatus,
    /// CAF's own name of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// A status of your own making, which is set in Trust. It has no part in
    /// [`is_approved`](Transaction::is_approved).
    #[serde(default, deserialize_with = "lenient")]
    pub custom_status: Option<Personal<String>>,
    /// The query template that it was created by.
    #[serde(default, deserialize_with = "lenient")]
    pub template_id: Option<TemplateId>,
    /// The onboarding that it ended, if it did.
    #[serde(default, deserialize_with = "lenient")]
    pub onboarding_id: Option<OnboardingId>,
    /// What is known of the person or company.
    #[serde(default, deserialize_with = "lenient")]
    pub attributes: Option<Personal<Map<String, Value>>>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// The kind of the document.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub document_type: Option<DocumentType>,
    /// Where the images are.
    #[serde(default, deserialize_with = "lenient")]
    pub images: Option<Answer<TransactionImages>>,
    /// What each service found.
    #[serde(default, deserialize_with = "lenient")]
    pub sections: Option<Sections>,
    /// Whether it is taken for a fraud. How that goes into the status is not documented (contract caf, 4.4):
    /// with `true`, [`is_approved`](Transaction::is_approved) is `false`, whatever the status says. `None` is
    /// what is missing or `null`, and is not a "no". One of another type, or there twice, is an error of the
    /// whole answer: it must not read as "no fraud".
    #[serde(default)]
    pub fraud: Option<bool>,
    /// Its files.
    #[serde(default, deserialize_with = "lenient")]
    pub files: Option<Vec<Answer<StoredFile>>>,
    /// When experts were asked to look at the document.
    #[serde(default, deserialize_with = "lenient")]
    pub documentscopy_request_date: Option<Timestamp>,
    /// Transactions that belong to this one, in no documented form.
    #[serde(default, deserialize_with = "lenient")]
    pub related_transactions: Option<Personal<Map<String, Value>>>,
    /// What the status was before.
    #[serde(default, deserialize_with = "lenient")]
    pub history: Option<Vec<Answer<StatusChange>>>,
    /// Why the status is what it is: the rules that were checked, the reviews that were made. `None` when
    /// they are missing or cannot be read, which is not the same as "there are none".
    #[serde(default, deserialize_with = "lenient")]
    pub status_reasons: Option<Vec<Answer<StatusReason>>>,
    /// Why a person did not approve it.
    #[serde(default, deserialize_with = "lenient")]
    pub manual_reproval_reasons: Option<Vec<Answer<ManualReproval>>>,
    /// Variables of the onboarding.
    #[serde(default, deserialize_with = "lenient")]
    pub variables: Option<Personal<Map<String, Value>>>,
    /// The members of your own, repeated.
    #[serde(default, deserialize_with = "lenient")]
    pub metadata: Option<Personal<Map<String, Value>>>,
}

impl Transaction {
    /// Whether it is approved: its status is the word `APPROVED` to the letter, and it is not taken for a
    /// [fraud](Transaction::fraud). That a fraud is never approved is a rule of this crate: no public
    /// document says how the two members go together. An answer without `fraud`, which may be missing as any
    /// other, goes by its status.
    ///
    /// It is so at the moment of the answer: a manual review can change it afterwards (contract caf, 4.5).
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.status.is_approved() && self.fraud != Some(true)
    }
}

/// Where the images of a transaction are. The addresses hold a right to see them, and expire, as far as is
/// known: fetch what you need, and do not store them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionImages {
    /// The document's front.
    #[serde(default, deserialize_with = "lenient")]
    pub front: Option<Personal<String>>,
    /// The document's back.
    #[serde(default, deserialize_with = "lenient")]
    pub back: Option<Personal<String>>,
    /// The person's face.
    #[serde(default, deserialize_with = "lenient")]
    pub selfie: Option<Personal<String>>,
    /// The document's front, cut out.
    #[serde(default, deserialize_with = "lenient")]
    pub selected_front: Option<Personal<String>>,
    /// The document's back, cut out.
    #[serde(default, deserialize_with = "lenient")]
    pub selected_back: Option<Personal<String>>,
}

/// A file of a transaction.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StoredFile {
    /// What it is called.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// Where it is. The address holds a right to see it, and expires, as far as is known.
    #[serde(default, deserialize_with = "lenient")]
    pub src: Option<Personal<String>>,
}

verikit_core::open_enum! {
    /// What an entry of a transaction's history is about. No other word is known.
    pub enum StatusChangeType {
        /// The status changed.
        StatusUpdate = "STATUS_UPDATE",
    }
}

/// An entry of a transaction's history.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct StatusChange {
    /// What it is about.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub change_type: Option<StatusChangeType>,
    /// The status that it came to.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<TransactionStatus>,
    /// When.
    #[serde(default, deserialize_with = "lenient")]
    pub date: Option<Timestamp>,
}
