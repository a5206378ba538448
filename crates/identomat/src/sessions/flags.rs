//! The flags of a session (contract identomat, 3).

use serde::Serialize;
use serde_json::Value;
use verikit_core::{Personal, Result};

use super::conflicts::{FlagConflict, conflicts};
use super::steps::Step;
use super::words::{CountryCode, DocumentType, GeneralDocumentType, Language};
use verikit_core::value::ExtraMembers;

/// How a session goes. A flag that is not set is not sent: the default stays the provider's, which is `false`
/// for every switch.
///
/// Flags that contradict each other are sent as they are; [`check`](Flags::check) tells of the contradictions
/// that the vendor names.
///
/// ```
/// use identomat::{CountryCode, DocumentType, FlagConflict, Flags, GeneralDocumentType, Language};
///
/// let flags = Flags::new()
///     .language(Language::Ka)
///     .liveness(true)
///     .document_types([DocumentType::Id, DocumentType::Passport])
///     .document_countries([CountryCode::new("GEO")?])
///     .return_url("https://app.example.net/done?order=77");
/// assert!(flags.check(&[]).is_empty());
///
/// let flags = flags.general_document_types([GeneralDocumentType::UtilityBill]);
/// assert_eq!(flags.check(&[]), [FlagConflict::GeneralDocumentsNotAllowed]);
/// # Ok::<(), identomat::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[must_use]
pub struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_types: Option<Vec<DocumentType>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_countries: Option<Vec<CountryCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) general_document_types: Option<Vec<GeneralDocumentType>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_general_document_capture: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_general_document_upload: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skip_agreement: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skip_document: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skip_face: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_document_upload: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_face_upload: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_face_doc_upload: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_face_document: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_document_capture: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skip_desktop: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_double_page_passport: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_email: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_email_check: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_phone_number: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    require_phone_number_check: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) switch_device_url: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) restrict_url_sharing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) optional_continue_on_another_device: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multiple_participants: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cascading_identity_verification: Option<bool>,
    // The only flag in this spelling.
    #[serde(rename = "requireHdMedia", skip_serializing_if = "Option::is_none")]
    pub(super) require_hd_media: Option<bool>,
    #[serde(flatten)]
    extra: ExtraMembers,
}

/// The flags above, which no extra one may have the name of.
const TYPED: &[&str] = &[
    "return_url",
    "language",
    "liveness",
    "document_types",
    "document_countries",
    "general_document_types",
    "allow_general_document_capture",
    "allow_general_document_upload",
    "skip_agreement",
    "skip_document",
    "skip_face",
    "allow_document_upload",
    "allow_face_upload",
    "allow_face_doc_upload",
    "require_face_document",
    "disable_document_capture",
    "skip_desktop",
    "capture_double_page_passport",
    "require_email",
    "require_email_check",
    "require_phone_number",
    "require_phone_number_check",
    "switch_device_url",
    "restrict_url_sharing",
    "optional_continue_on_another_device",
    "multiple_participants",
    "cascading_identity_verification",
    "requireHdMedia",
];

macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $($(#[$doc])*
        pub fn $name(mut self, on: bool) -> Self {
            self.$name = Some(on);
            self
        })+
    };
}

impl Flags {
    /// No flag at all: everything is as the provider has it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the browser goes at the end. **Without it the widget is in iframe mode.** What the provider adds
    /// to the URL could not be read in any public document: put your own reference into it, accept any
    /// further parameter, and trust none.
    pub fn return_url(mut self, url: impl Into<String>) -> Self {
        self.return_url = Some(Personal::new(url.into()));
        self
    }

    /// The language of the widget.
    pub fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// The kinds of identity documents that are accepted. The provider's default is all.
    pub fn document_types(mut self, types: impl IntoIterator<Item = DocumentType>) -> Self {
        self.document_types = Some(types.into_iter().collect());
        self
    }

    /// The countries whose documents are accepted.
    pub fn document_countries(mut self, countries: impl IntoIterator<Item = CountryCode>) -> Self {
        self.document_countries = Some(countries.into_iter().collect());
        self
    }

    /// The kinds of other documents that are asked for. Needs
    /// [`allow_general_document_capture`](Flags::allow_general_document_capture) or
    /// [`allow_general_document_upload`](Flags::allow_general_document_upload).
    pub fn general_document_types(mut self, types: impl IntoIterator<Item = GeneralDocumentType>) -> Self {
        self.general_document_types = Some(types.into_iter().collect());
        self
    }

    /// An address of your own in the QR code that is shown where no camera can be used. An empty one means no
    /// QR code, by the newest of the vendor's pages.
    pub fn switch_device_url(mut self, url: impl Into<String>) -> Self {
        self.switch_device_url = Some(Personal::new(url.into()));
        self
    }

    switches! {
        /// Checks that a living person is before the camera. When it is off, the vendor's SDK speaks of
        /// "match to photo".
        liveness,
        /// General documents can be photographed.
        allow_general_document_capture,
        /// General documents can be uploaded.
        allow_general_document_upload,
        /// No page of consent.
        skip_agreement,
        /// No built-in step for the document. With a step `identity-document` the vendor says to set it.
        skip_document,
        /// No built-in step for the face. With a step `liveness` the vendor says to set it.
        skip_face,
        /// The document can be uploaded in place of being scanned.
        allow_document_upload,
        /// The selfie can be uploaded.
        allow_face_upload,
        /// The picture of the person holding the document can be uploaded.
        allow_face_doc_upload,
        /// A picture of the person holding the document is demanded.
        require_face_document,
        /// The document cannot be photographed.
        disable_document_capture,
        /// A browser on a desktop only shows a QR code to go on with a phone.
        skip_desktop,
        /// Two pages of a passport in place of one.
        capture_double_page_passport,
        /// Asks for an e-mail address.
        require_email,
        /// Verifies the e-mail address.
        require_email_check,
        /// Asks for a phone number.
        require_phone_number,
        /// Verifies the phone number.
        require_phone_number_check,
        /// The session's address is bound to one browser. There is no QR code then where the camera is
        /// denied, unless [`switch_device_url`](Flags::switch_device_url) is set.
        restrict_url_sharing,
        /// A tab for going on with another device.
        optional_continue_on_another_device,
        /// A video call takes several participants.
        multiple_participants,
        /// Cascading verification, in the vendor's SDKs alone.
        cascading_identity_verification,
        /// A camera of 1080p or better for the face and the document, or else a QR code. `requireHdMedia` on
        /// the wire.
        require_hd_media,
    }

    /// A flag that has no setter here, sent as it is, such as those that stand in the vendor's samples alone
    /// (contract identomat, 3.4). One that has a setter, or is given twice, is refused when the call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    /// What of these flags, together with these steps, the vendor's manual says does not go together. Empty
    /// when there is nothing. Nothing is changed, and nothing is refused for it.
    #[must_use]
    pub fn check(&self, steps: &[Step]) -> Vec<FlagConflict> {
        conflicts(self, steps)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn check_extra(&self) -> Result<()> {
        self.extra.check(TYPED)
    }
}
