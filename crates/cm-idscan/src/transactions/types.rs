//! What transactions are made of (contract cm-idscan, 4 and 9).

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use url::Url;
use verikit_core::Secret;

verikit_core::identifier! {
    /// Identifies a transaction: a UUID, taken as an opaque text.
    pub struct TransactionId;
}

verikit_core::identifier! {
    /// Identifies the result of a completed transaction. It comes with the notification, or through the
    /// user's browser.
    pub struct ResultId;
}

verikit_core::open_enum! {
    /// Where a transaction stands. No other words are published; an expired or failed one may have its own.
    pub enum TransactionState {
        /// Its tasks are not done yet.
        Pending = "pending",
        /// Its tasks were done. That says nothing of the document: see
        /// [`TransactionResult::concerns`](crate::TransactionResult::concerns).
        Completed = "completed",
    }
}

verikit_core::open_enum! {
    /// Where a task stands. No other words are published; a failed one may have its own.
    pub enum TaskState {
        /// Not done yet.
        Pending = "pending",
        /// Done, which is not the same as passed.
        Completed = "completed",
    }
}

verikit_core::open_enum! {
    /// What the user does (contract cm-idscan, 4.2).
    pub enum TaskType {
        /// Uploads or photographs the front and back of an identity document.
        DocumentScan = "document_scan",
        /// Shows a live face to the camera.
        FaceLiveness = "face_liveness",
        /// Nothing: the document's portrait is compared with the live face.
        FaceMatch = "face_match",
    }
}

verikit_core::open_enum! {
    /// A language: of the page that the user sees, or of a field of a document. For the page, the vendor
    /// names four languages and prints two of the codes; on documents there can be any.
    pub enum Locale {
        /// English. The default of the page.
        EnUs = "en-US",
        /// Dutch.
        NlNl = "nl-NL",
        /// French. **Inferred**: the language is documented, its code is not (contract cm-idscan, 4.1).
        FrFr = "fr-FR",
        /// Italian. **Inferred**, as French is.
        ItIt = "it-IT",
    }
}

verikit_core::open_enum! {
    /// How deep a document is checked. The only published value.
    pub enum Level {
        /// The advanced check.
        Advanced = "advanced",
    }
}

verikit_core::open_enum! {
    /// How the user supplies the document.
    pub enum CaptureSource {
        /// By the camera.
        Camera = "camera",
        /// As a file.
        File = "file",
    }
}

verikit_core::open_enum! {
    /// A field of a document. An open set: the vendor's full list could not be read, and `Field::from("...")`
    /// takes any further name, in requests too.
    pub enum Field {
        /// The document's number.
        DocumentNumber = "document_number",
        /// Given names.
        GivenNames = "given_names",
        /// Surname.
        Surname = "surname",
        /// Nationality.
        Nationality = "nationality",
        /// Age in years.
        Age = "age",
        /// The personal number, such as the Dutch BSN.
        PersonalNumber = "personal_number",
        /// The signature.
        Signature = "signature",
        /// No data field: in
        /// [`extract_fields`](crate::DocumentScanSettings::extract_fields) it keeps the document's images in
        /// the result.
        DocumentImage = "document_image",
        /// No data field: in
        /// [`extract_fields`](crate::DocumentScanSettings::extract_fields) it keeps the portrait in the
        /// result.
        Portrait = "portrait",
    }
}

/// The page where the user does the tasks. Whoever has it can do them in the user's place: it is a secret
/// between you and the user, kept out of logs. `Debug` shows its origin alone.
///
/// Shown in an iframe with `allow="camera"`, or as a whole page. In HTML it is escaped like any other text.
///
/// ```
/// use cm_idscan::TransactionUrl;
///
/// let url = TransactionUrl::new("https://id-scan.example.net/nl-nl/identifications/EXAMPLETOKEN")?;
/// // The page around the iframe takes messages from this origin alone:
/// assert_eq!(url.origin(), "https://id-scan.example.net");
/// assert!(!format!("{url:?}").contains("EXAMPLETOKEN"));
/// # Ok::<(), cm_idscan::Error>(())
/// ```
#[derive(Clone)]
pub struct TransactionUrl {
    text: Secret,
    origin: Box<str>,
    plain_http: bool,
}

impl TransactionUrl {
    /// Takes a URL that was stored.
    ///
    /// # Errors
    ///
    /// When it is no absolute http or https URL. The error does not quote it.
    pub fn new(text: &str) -> verikit_core::Result<Self> {
        Self::parse(text).ok_or_else(|| {
            verikit_core::Error::invalid_input("the transaction URL is no absolute http or https URL")
                .with_provider(crate::config::PROVIDER)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        (web && url.has_host()).then(|| Self {
            text: Secret::new(text),
            origin: url.origin().ascii_serialization().into(),
            plain_http: url.scheme() == "http",
        })
    }

    /// The URL as the provider wrote it, to the letter.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// Its origin, as a browser writes it: `https://host`, with the port if it is not the usual one. The page
    /// that holds the iframe takes `message` events from this origin alone. It is no secret.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn is_plain_http(&self) -> bool {
        self.plain_http
    }
}

/// By the text alone: the rest is read from it.
impl PartialEq for TransactionUrl {
    fn eq(&self, other: &Self) -> bool {
        self.text.ct_eq(other.text.expose().as_bytes())
    }
}

impl Eq for TransactionUrl {}

impl fmt::Debug for TransactionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransactionUrl({}/...)", self.origin)
    }
}

impl<'de> Deserialize<'de> for TransactionUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("no absolute http or https URL"))
    }
}
