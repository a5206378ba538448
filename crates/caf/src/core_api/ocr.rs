//! Reading a document at once, "OCR sync" (contract caf, 4.7).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use verikit_core::value::{ExtraMembers, lenient};
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, Result, read_json};

use crate::client::Client;
use crate::config::PROVIDER;
use crate::date::CalendarDate;
use crate::request_id::RequestId;
use crate::transactions::{
    DocumentType, ORIGIN, ServiceList, TRANSACTIONS, TransactionFile, TransactionId, TransactionImages,
    is_plain_http,
};

verikit_core::open_enum! {
    /// The kind of a document that it is to be read as, whatever it looks like. The words are not those of
    /// [answers](DocumentType): these have `rg_new`, answers have `new_rg` (contract caf, 4.7).
    pub enum ForcedDocumentType {
        /// The driving licence.
        Cnh = "cnh",
        /// The driving licence in its newer form.
        CnhNew = "cnh_new",
        /// The identity card.
        Rg = "rg",
        /// The identity card in its newer form.
        RgNew = "rg_new",
        /// A foreigner's identity card.
        Rne = "rne",
        /// A migrant's identity card.
        Rnm = "rnm",
        /// The employment record.
        Ctps = "ctps",
        /// A passport.
        Passport = "passport",
        /// The vehicle's papers.
        Crlv = "crlv",
        /// The vehicle's papers in their newer form.
        CrlvNew = "crlv_new",
        /// The national identity card.
        Cin = "cin",
    }
}

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    template: ServiceList<'a>,
    files: &'a [TransactionFile],
    #[serde(skip_serializing_if = "Option::is_none")]
    force_doc_type: Option<&'a ForcedDocumentType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_selected_images: Option<bool>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &[
    "templateId",
    "template",
    "files",
    "forceDocType",
    "returnSelectedImages",
];

/// A document that is about to be read. Await it to send it.
///
/// ```
/// # async fn example(client: &caf::Client) -> caf::Result<()> {
/// use caf::transactions::{FileType, TransactionFile};
///
/// let front = TransactionFile::at_url(FileType::Front, "https://img.example.com/front.jpg");
/// let document = client.core().transactions().ocr_sync([front.mime_type("image/jpeg")]).await?;
/// let (name, born) = (document.value("name"), document.date("birthDate"));
/// # let _ = (name, born);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct OcrSync {
    client: Client,
    files: Vec<TransactionFile>,
    force_document_type: Option<ForcedDocumentType>,
    return_selected_images: Option<bool>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl OcrSync {
    pub(crate) fn new(client: Client, files: Vec<TransactionFile>) -> Self {
        Self {
            client,
            files,
            force_document_type: None,
            return_selected_images: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// The kind of document that it is to be read as.
    pub fn force_document_type(mut self, document_type: ForcedDocumentType) -> Self {
        self.force_document_type = Some(document_type);
        self
    }

    /// Whether the answer has the cut-out images too.
    pub fn return_selected_images(mut self, selected: bool) -> Self {
        self.return_selected_images = Some(selected);
        self
    }

    /// A member that has no setter here, sent as it is. One that has a setter, or one that is given twice, is
    /// refused when the call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.core_access().realm();
        // The page of this service shows no query; the route's own page requires it (contract caf, 4.2).
        let operation = Operation::post("core_ocr.read", realm, TRANSACTIONS, &[])?.query(ORIGIN.0, ORIGIN.1);
        self.check(is_plain_http(realm))
            .map_err(|error| error.with_provider(PROVIDER))?;
        operation.json(&Body {
            template: ServiceList {
                services: &[Personal::new(String::from("ocr_sync"))],
            },
            files: &self.files,
            force_doc_type: self.force_document_type.as_ref(),
            return_selected_images: self.return_selected_images,
            extra: &self.extra,
        })
    }

    fn check(&self, plain_http: bool) -> Result<()> {
        if self.files.is_empty() {
            return Err(Error::invalid_input("there is no file to read"));
        }
        for file in &self.files {
            file.check(plain_http)?;
        }
        let forced = self.force_document_type.as_ref();
        if forced.is_some_and(|forced| forced.as_str().is_empty()) {
            return Err(Error::invalid_input(
                "the kind of document is an empty word; leave it out",
            ));
        }
        self.extra.check(TYPED)
    }

    fn into_call(self) -> Call<Answer<OcrResult>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read_json)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(OcrSync => Answer<OcrResult>);

/// What was read of a document. It says what is printed there, not whether the document is real.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OcrResult {
    /// The transaction that this was.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<TransactionId>,
    /// The kind of the document; [`DocumentType::Invalid`] when it is not a valid one. What is not a text
    /// makes the answer unreadable.
    #[serde(default, rename = "type")]
    pub document_type: Option<DocumentType>,
    /// What was read: texts, whose names differ from document to document. `None` when it is not an object.
    #[serde(default, deserialize_with = "lenient")]
    pub data: Option<Personal<Map<String, Value>>>,
    /// The cut-out images, if they were asked for.
    #[serde(default, deserialize_with = "lenient")]
    pub images: Option<Answer<TransactionImages>>,
    /// CAF's own name of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
}

impl OcrResult {
    /// What was read, by its name. An empty text, which is how CAF says none, is none. **Personal.**
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let text = self.data.as_ref()?.expose().get(name)?.as_str()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// The same for a date, which is written `dd/MM/yyyy`. None also when it cannot be read as one: look at
    /// [`value`](OcrResult::value) then.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<CalendarDate> {
        CalendarDate::parse(self.value(name)?).ok()
    }
}
