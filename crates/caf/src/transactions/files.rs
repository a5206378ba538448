//! The images that a transaction goes by.

use serde::Serialize;
use verikit_core::{Error, Personal, Result};

use crate::image_url::check_image_url;

verikit_core::open_enum! {
    /// What a file shows. An open set: [`Selfie`](Self::Selfie) and [`Front`](Self::Front) are in the
    /// vendor's documents, the others are **unconfirmed**, from third parties (contract caf, 4.2).
    pub enum FileType {
        /// The person's face.
        Selfie = "SELFIE",
        /// The document's front.
        Front = "FRONT",
        /// The document's back.
        Back = "BACK",
        /// Something else.
        Others = "OTHERS",
        /// A document.
        Document = "DOCUMENT",
        /// The front of an identity card.
        RgFront = "RG_FRONT",
        /// The back of an identity card.
        RgBack = "RG_BACK",
        /// The front of a driving licence.
        CnhFront = "CNH_FRONT",
        /// The back of a driving licence.
        CnhBack = "CNH_BACK",
        /// The papers of a vehicle.
        Crlv = "CRLV",
    }
}

/// An image that a transaction goes by: CAF fetches it from an address that you give. `Debug` does not show
/// where it is.
///
/// ```
/// use caf::transactions::{FileType, TransactionFile};
///
/// let selfie = TransactionFile::at_url(FileType::Selfie, "https://img.example.com/selfie.jpg");
/// # let _ = selfie;
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct TransactionFile {
    data: Personal<String>,
    #[serde(rename = "type")]
    file_type: FileType,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<Personal<String>>,
    #[serde(skip)]
    is_url: bool,
}

impl TransactionFile {
    /// An image at an address that starts with `https://`; another is refused when the call is made. Best one
    /// that is signed and lives a few minutes: whoever has it has the image.
    pub fn at_url(file_type: FileType, url: impl Into<String>) -> Self {
        Self::new(file_type, url.into(), true)
    }

    /// An image by whatever else `data` may be, sent as it is: the name that the upload of the Connect API
    /// answers with (**unconfirmed**, contract caf, 6.3). Whether images in base64 are taken is not
    /// documented.
    pub fn of_data(file_type: FileType, data: impl Into<String>) -> Self {
        Self::new(file_type, data.into(), false)
    }

    fn new(file_type: FileType, data: String, is_url: bool) -> Self {
        Self {
            data: Personal::new(data),
            file_type,
            mime_type: None,
            is_url,
        }
    }

    /// The media type, such as `image/jpeg`. Documented for
    /// [OCR](crate::core_api::CoreTransactions::ocr_sync).
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(Personal::new(mime_type.into()));
        self
    }

    /// `plain_http` is for the client of a sandbox, around which everything is on this machine.
    pub(crate) fn check(&self, plain_http: bool) -> Result<()> {
        if self.data.expose().is_empty() || self.file_type.as_str().is_empty() {
            return Err(Error::invalid_input("a file has no data or no type"));
        }
        if self
            .mime_type
            .as_ref()
            .is_some_and(|mime_type| mime_type.expose().is_empty())
        {
            return Err(Error::invalid_input("a file's media type is empty; leave it out"));
        }
        if self.is_url {
            check_image_url(self.data.expose(), plain_http)?;
        }
        Ok(())
    }
}
