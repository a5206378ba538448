//! The bytes behind download URLs (contract cm-idscan, 7).

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use verikit_core::{AnswerLimit, Call, Download, Operation, Result};

use crate::client::Client;
use crate::file::DownloadUrl;

const ROUTE: &str = "/downloads/{token}";

/// Fetching files.
///
/// The vendor documents neither how long a download URL works nor how long files are kept: fetch them at
/// once.
///
/// ```
/// # async fn example(client: &cm_idscan::Client, result: &cm_idscan::TransactionResult) -> cm_idscan::Result<()> {
/// if let Some(url) = result.portrait().and_then(|portrait| portrait.url.as_ref()) {
///     let portrait = client.downloads().bytes(url).await?;
///     println!("{} bytes of {:?}", portrait.bytes.len(), portrait.content_type);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Downloads {
    client: Client,
}

impl Downloads {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// A file in memory. Not billed, as far as is documented; may be repeated, also when it breaks off.
    ///
    /// A file has at most the client's `file_limit`, 20 MiB by default;
    /// [`answer_limit`](Call::answer_limit) changes it for one call.
    ///
    /// `GET .../downloads/{token}`, contract cm-idscan 7; that it takes the client's token is inferred.
    ///
    /// # Errors
    ///
    /// [`Untrusted`](crate::ErrorKind::Untrusted), and nothing is sent, when the URL leads to another scheme,
    /// host or port than the configured base URL. `TooLarge` beyond the limit. 404 when the file is gone.
    pub fn bytes(&self, url: &DownloadUrl) -> Call<DownloadedFile> {
        let operation = self
            .operation(url)
            .map(|operation| operation.answer_limit(AnswerLimit::File));
        self.client.core().call(operation, |reply| {
            Ok(DownloadedFile {
                content_type: reply
                    .headers()
                    .get(CONTENT_TYPE)
                    .and_then(|value| value.to_str().ok())
                    .map(str::to_owned),
                bytes: reply.body().clone(),
            })
        })
    }

    /// A file that is read as it arrives, for passing it on. Not billed, as far as is documented. Its
    /// beginning may be repeated; once it arrives, it is not.
    ///
    /// The call's deadline covers the whole file; raise [`timeout`](Call::timeout) for a slow reader.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Downloads::bytes).
    pub fn stream(&self, url: &DownloadUrl) -> Call<Download> {
        self.client.core().download(self.operation(url))
    }

    fn operation(&self, url: &DownloadUrl) -> Result<Operation> {
        Operation::follow("download.get", self.client.realm(), ROUTE, url.expose())
            .map(|operation| operation.header(ACCEPT, HeaderValue::from_static("*/*")))
    }
}

/// A file in memory.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadedFile {
    /// The content type that the provider stated. None is documented: look at the bytes before you show them
    /// to anybody.
    pub content_type: Option<String>,
    /// The file. **Personal.**
    pub bytes: Bytes,
}

impl fmt::Debug for DownloadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadedFile")
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish_non_exhaustive()
    }
}
