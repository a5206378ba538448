//! The images and the video of a session (contract identomat, 2.2).

use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use verikit_core::{AnswerLimit, Call, Download, Error, Operation, RawReply, Result};

use crate::answers::admit;
use crate::client::Client;
use crate::route::{self, Route};
use crate::sessions::SessionToken;

/// Which file of a session. Documents of the type `id` have a front and a back, passports the photo page
/// (which fits which is inferred; contract identomat, 2.2). Further files exist, whose paths could not be
/// read in any public document: [`Client::call_bytes`] reaches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// The front of a card.
    CardFront,
    /// The back of a card.
    CardBack,
    /// The photo page of a passport.
    Passport,
    /// The face.
    Face,
    /// The video of the liveness check.
    FaceVideo,
}

impl MediaKind {
    fn route(self) -> &'static Route {
        match self {
            Self::CardFront => &route::CARD_FRONT,
            Self::CardBack => &route::CARD_BACK,
            Self::Passport => &route::PASSPORT,
            Self::Face => &route::FACE,
            Self::FaceVideo => &route::FACE_VIDEO,
        }
    }
}

/// Fetching files. How long they are kept is not documented.
///
/// ```
/// # async fn example(client: &identomat::Client, token: &identomat::SessionToken) -> identomat::Result<()> {
/// use identomat::MediaKind;
///
/// let face = client.media().get(MediaKind::Face, token).await?;
/// println!("{} bytes of {:?}", face.bytes.len(), face.content_type);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Media {
    client: Client,
}

impl Media {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// A file in memory. Not billed, as far as is documented; may be repeated, also when it breaks off.
    ///
    /// A file has at most the client's `file_limit`, 20 MiB by default;
    /// [`answer_limit`](Call::answer_limit) changes it for one call.
    ///
    /// `POST .../external-api/result/{card-front, card-back, passport, face, face-video}/`, contract
    /// identomat 2.2.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SessionNotFound`](crate::ErrorCode::SessionNotFound) and its like, also with status 200.
    /// A decode error when the answer is neither a file nor an error. `TooLarge` beyond the limit.
    pub fn get(&self, kind: MediaKind, token: &SessionToken) -> Call<MediaFile> {
        let operation = self
            .operation(kind, token)
            .map(|operation| operation.answer_limit(AnswerLimit::File));
        self.client.call(operation, read_file)
    }

    /// A file that is read as it arrives, for passing it on. Not billed, as far as is documented. Its
    /// beginning may be repeated; once it arrives, it is not.
    ///
    /// **With HMAC it is read whole first**, since nothing of it may be used before its signature is found
    /// good.
    ///
    /// The call's deadline covers the whole file; raise [`timeout`](Call::timeout) for a slow reader.
    ///
    /// # Errors
    ///
    /// As [`get`](Media::get).
    pub fn stream(&self, kind: MediaKind, token: &SessionToken) -> Call<Download> {
        stream(&self.client, self.operation(kind, token))
    }

    fn operation(&self, kind: MediaKind, token: &SessionToken) -> Result<Operation> {
        let operation = self.client.of_session(kind.route(), token)?;
        Ok(operation.header(ACCEPT, HeaderValue::from_static("*/*")))
    }
}

/// Streams what may be handed out before all of it is there, and reads the rest whole.
pub(crate) fn stream(client: &Client, operation: Result<Operation>) -> Call<Download> {
    let signer = client.signer().cloned();
    let can_stream: fn(&HeaderMap) -> bool = match signer {
        Some(_) => |_| false,
        None => is_file,
    };
    client
        .core()
        .download_checked(operation, can_stream, move |reply| {
            admit(signer.as_ref(), reply)?;
            expect_file(reply)
        })
}

/// A file in memory.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaFile {
    /// The content type that the provider stated: look at the bytes before you show them to anybody.
    pub content_type: Option<String>,
    /// The file. **Personal.**
    pub bytes: Bytes,
}

impl fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaFile")
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish_non_exhaustive()
    }
}

pub(crate) fn read_file(reply: &RawReply) -> Result<MediaFile> {
    expect_file(reply)?;
    Ok(MediaFile {
        content_type: content_type(reply.headers()).map(str::to_owned),
        bytes: reply.body().clone(),
    })
}

fn expect_file(reply: &RawReply) -> Result<()> {
    if is_file(reply.headers()) {
        Ok(())
    } else {
        Err(Error::decode(
            "it is neither an image, a video, a PDF nor an error by its content type",
        ))
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// Contract identomat, 6: anything else is an error, or nothing that can be read.
fn is_file(headers: &HeaderMap) -> bool {
    let Some(content_type) = content_type(headers) else {
        return false;
    };
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    matches!(
        media_type.as_str(),
        "application/pdf" | "application/octet-stream"
    ) || media_type.starts_with("image/")
        || media_type.starts_with("video/")
}
