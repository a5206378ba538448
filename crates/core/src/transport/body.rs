//! The body of an answer, read with a limit.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::{TransportError, TransportErrorKind};

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The body of an answer: bytes that are here already, or a stream of them.
pub struct Body(Inner);

enum Inner {
    Full(Option<Bytes>),
    Stream { chunks: Chunks, length: Option<u64> },
}

/// Why a body could not be read to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// It is longer than the limit.
    TooLarge,
    /// The connection broke.
    Transport(TransportError),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is longer than the limit"),
            Self::Transport(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BodyError {}

impl Body {
    /// No bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self(Inner::Full(None))
    }

    /// A body that arrives in pieces.
    pub fn from_stream(chunks: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(Inner::Stream {
            chunks: Box::pin(chunks),
            length: None,
        })
    }

    /// Sets the length that the answer declared, so that one over the limit is refused before it is read.
    #[must_use]
    pub fn with_declared_length(mut self, declared: Option<u64>) -> Self {
        if let Inner::Stream { length, .. } = &mut self.0 {
            *length = declared;
        }
        self
    }

    /// The length, where it is known beforehand.
    #[must_use]
    pub fn declared_length(&self) -> Option<u64> {
        match &self.0 {
            Inner::Full(bytes) => u64::try_from(bytes.as_ref().map_or(0, Bytes::len)).ok(),
            Inner::Stream { length, .. } => *length,
        }
    }

    pub(crate) fn declares_more_than(&self, limit: usize) -> bool {
        self.declared_length()
            .is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
    }

    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.0 {
            Inner::Full(bytes) => Poll::Ready(bytes.take().filter(|bytes| !bytes.is_empty()).map(Ok)),
            Inner::Stream { chunks, .. } => chunks.as_mut().poll_next(context),
        }
    }

    /// Reads to the end, counting. A body that comes in one piece is not copied.
    ///
    /// # Errors
    ///
    /// When it is longer than `limit` bytes, by its declared length or by count, or when it breaks off.
    pub async fn read(self, limit: usize) -> Result<Bytes, BodyError> {
        self.read_pausing(limit, || false).await
    }

    /// Pauses after a chunk when `pause` says so, for whoever polls to look at the clock.
    pub(crate) async fn read_pausing(
        mut self,
        limit: usize,
        pause: impl Fn() -> bool,
    ) -> Result<Bytes, BodyError> {
        let limit = limit.min(isize::MAX.unsigned_abs());
        let declared = self.declared_length();
        if self.declares_more_than(limit) {
            return Err(BodyError::TooLarge);
        }
        let mut first: Option<Bytes> = None;
        let mut rest = BytesMut::new();
        let mut count = 0_usize;
        while let Some(chunk) = self.next_chunk().await.map_err(BodyError::Transport)? {
            if pause() {
                yield_once().await;
            }
            count = count.saturating_add(chunk.len());
            if count > limit {
                return Err(BodyError::TooLarge);
            }
            match first.take() {
                None if rest.is_empty() => first = Some(chunk),
                None => rest.extend_from_slice(&chunk),
                Some(first) => {
                    // The declared length is only a hint for the allocation, and was checked against the
                    // limit above.
                    let expected = declared
                        .and_then(|length| usize::try_from(length).ok())
                        .unwrap_or(0);
                    rest.reserve(expected.max(count));
                    rest.extend_from_slice(&first);
                    rest.extend_from_slice(&chunk);
                }
            }
        }
        if declared.is_some_and(|length| usize::try_from(length).ok() != Some(count)) {
            return Err(BodyError::Transport(TransportError::new(
                TransportErrorKind::Interrupted,
            )));
        }
        Ok(first.unwrap_or_else(|| rest.freeze()))
    }

    /// Reads at most `limit` bytes, and gives what came when the rest is too long or breaks off: for the
    /// bodies of errors.
    pub(crate) async fn read_some(&mut self, limit: usize, out: &mut BytesMut, pause: impl Fn() -> bool) {
        while out.len() < limit {
            match self.next_chunk().await {
                Ok(Some(chunk)) => {
                    if pause() {
                        yield_once().await;
                    }
                    let wanted = chunk.len().min(limit - out.len());
                    out.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
                }
                Ok(None) | Err(_) => return,
            }
        }
    }

    pub(crate) async fn next_chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        std::future::poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }
}

async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Full(Some(bytes)))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.declared_length() {
            Some(length) => write!(f, "Body([{length} bytes])"),
            None => f.write_str("Body([stream])"),
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}
