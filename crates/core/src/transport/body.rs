//! The body of an answer, read with a limit.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::{TransportError, TransportErrorKind};

enum Chunks {
    Any(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>),
    /// reqwest has boxed them already.
    #[cfg(feature = "reqwest")]
    Bundled(super::bundled::Chunks),
}

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
            chunks: Chunks::Any(Box::pin(chunks)),
            length: None,
        })
    }

    #[cfg(feature = "reqwest")]
    pub(super) fn bundled(chunks: super::bundled::Chunks, length: Option<u64>) -> Self {
        let chunks = Chunks::Bundled(chunks);
        Self(Inner::Stream { chunks, length })
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
        is_more_than(self.declared_length(), limit)
    }

    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        match &mut self.0 {
            Inner::Full(bytes) => Poll::Ready(bytes.take().filter(|bytes| !bytes.is_empty()).map(Ok)),
            Inner::Stream { chunks, .. } => match chunks {
                Chunks::Any(chunks) => chunks.as_mut().poll_next(context),
                #[cfg(feature = "reqwest")]
                Chunks::Bundled(chunks) => Pin::new(chunks).poll_next(context),
            },
        }
    }

    /// Reads to the end, counting. A body that comes in one piece is not copied.
    ///
    /// # Errors
    ///
    /// When it is longer than `limit` bytes, by its declared length or by count, or when it breaks off.
    pub async fn read(self, limit: usize) -> Result<Bytes, BodyError> {
        let mut reading = Reading::new(self, limit);
        std::future::poll_fn(|context| {
            loop {
                if let Some(read) = ready!(reading.poll_chunk(context)) {
                    return Poll::Ready(read);
                }
            }
        })
        .await
    }
}

/// A body that is being read to its end.
pub(crate) struct Reading {
    body: Body,
    declared: Option<u64>,
    limit: usize,
    /// The only chunk so far.
    first: Option<Bytes>,
    /// All chunks, if there are several.
    all: BytesMut,
    count: usize,
}

impl Reading {
    pub(crate) fn new(body: Body, limit: usize) -> Self {
        Self {
            declared: body.declared_length(),
            body,
            limit: limit.min(isize::MAX.unsigned_abs()),
            first: None,
            all: BytesMut::new(),
            count: 0,
        }
    }

    /// Takes one more chunk. `None` says that there may be more of them, so that whoever polls can look at
    /// the clock.
    pub(crate) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if is_more_than(self.declared, self.limit) {
            return Poll::Ready(Some(Err(BodyError::TooLarge)));
        }
        Poll::Ready(match ready!(self.body.poll_chunk(context)) {
            Some(Ok(chunk)) => self.take(chunk).err().map(Err),
            Some(Err(error)) => Some(Err(BodyError::Transport(error))),
            None => Some(self.end()),
        })
    }

    fn take(&mut self, chunk: Bytes) -> Result<(), BodyError> {
        self.count = self.count.saturating_add(chunk.len());
        if self.count > self.limit {
            return Err(BodyError::TooLarge);
        }
        match self.first.take() {
            None if self.all.is_empty() => self.first = Some(chunk),
            None => self.all.extend_from_slice(&chunk),
            Some(first) => {
                // The declared length is only a hint for the allocation, and was checked against the limit.
                let expected = self.declared.and_then(|length| usize::try_from(length).ok());
                self.all.reserve(expected.unwrap_or(0).max(self.count));
                self.all.extend_from_slice(&first);
                self.all.extend_from_slice(&chunk);
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<Bytes, BodyError> {
        if self
            .declared
            .is_some_and(|length| usize::try_from(length) != Ok(self.count))
        {
            let cut = TransportError::new(TransportErrorKind::Interrupted);
            return Err(BodyError::Transport(cut));
        }
        let all = std::mem::take(&mut self.all);
        Ok(self.first.take().unwrap_or_else(|| all.freeze()))
    }
}

fn is_more_than(length: Option<u64>, limit: usize) -> bool {
    length.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
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
