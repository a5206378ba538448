//! A request being built, and the future that it becomes.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;

use crate::answer::Answer;
use crate::client::{CanStream, Client, Delivered, Want};
use crate::error::{Delivery, Error, Result};
use crate::operation::Operation;
use crate::preview::Preview;
use crate::reply::{Download, RawReply, Reply};
use crate::retry::RetryPolicy;

/// The future of a call.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

type ReadWhole<T> = Box<dyn FnOnce(&RawReply) -> Result<T> + Send>;
type ReadStream<T> = Box<dyn FnOnce(Download) -> Result<T> + Send>;
/// Takes out of an answer's bytes what nobody may keep.
type Redact = fn(&Bytes) -> Bytes;
type CheckWhole = Box<dyn FnOnce(&RawReply) -> Result<()> + Send>;

enum Read<T> {
    Whole(ReadWhole<T>),
    /// The value is made from the whole answer; what is kept of its bytes is redacted.
    Redacted(Redact, ReadWhole<T>),
    Stream(ReadStream<T>),
    /// What the headers do not show to be a file is read whole and checked before it is handed out.
    Checked(CanStream, CheckWhole, ReadStream<T>),
}

impl<T> Read<T> {
    /// A refusal is kept under the same rule as an answer.
    fn redact(&self, mut error: Error) -> Error {
        if let Self::Redacted(redact, _) = self {
            let inner = error.inner_mut();
            inner.body = redact(&inner.body);
        }
        error
    }
}

/// What a single call changes of its client's settings.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) answer_limit: Option<usize>,
}

/// A call that has not been sent yet. Await it to send it.
///
/// Dropping its future at any point sends nothing more and leaves the client usable.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T> {
    client: Client,
    operation: Result<Operation>,
    read: Read<T>,
    options: CallOptions,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn whole(client: Client, operation: Result<Operation>, read: ReadWhole<T>) -> Self {
        Self {
            client,
            operation,
            read: Read::Whole(read),
            options: CallOptions::default(),
        }
    }

    pub(crate) fn redacted(
        client: Client,
        operation: Result<Operation>,
        redact: Redact,
        read: ReadWhole<T>,
    ) -> Self {
        Self {
            client,
            operation,
            read: Read::Redacted(redact, read),
            options: CallOptions::default(),
        }
    }

    pub(crate) fn stream(client: Client, operation: Result<Operation>, read: ReadStream<T>) -> Self {
        Self {
            client,
            operation,
            read: Read::Stream(read),
            options: CallOptions::default(),
        }
    }

    pub(crate) fn checked(
        client: Client,
        operation: Result<Operation>,
        can_stream: CanStream,
        check: CheckWhole,
        read: ReadStream<T>,
    ) -> Self {
        Self {
            client,
            operation,
            read: Read::Checked(can_stream, check, read),
            options: CallOptions::default(),
        }
    }

    /// The deadline of this call: everything, from the token to the last byte of the answer.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How often this call is repeated. No policy makes a billed call be sent twice.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// How many bytes the answer may have.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.options.answer_limit = Some(bytes);
        self
    }

    /// Takes the options of a builder.
    #[doc(hidden)]
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Shows what would be sent, redacted, and sends nothing.
    ///
    /// # Errors
    ///
    /// When an argument is not what the operation takes.
    pub fn prepare(&self) -> Result<Preview> {
        match &self.operation {
            Ok(operation) => operation.preview(),
            Err(error) => Err(error.clone()),
        }
    }

    /// Gives an error the context of this call's operation, after the call itself is gone.
    pub(crate) fn operation_context(&self) -> impl FnOnce(Error) -> Error + use<T> {
        let operation = self.operation.as_ref().ok().cloned();
        move |error| match operation {
            Some(operation) => operation.fail(error),
            None => error,
        }
    }

    /// Sends the call; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// An [`Error`] that says what happened and how far the call got.
    pub fn send(self) -> impl Future<Output = Result<T>> + Send {
        self.send_with_metadata()
            .map(|outcome| outcome.map(Reply::into_value))
    }

    /// Sends the call and gives the status, the headers, the number of attempts and the raw bytes with its
    /// value.
    ///
    /// # Errors
    ///
    /// An [`Error`] that says what happened and how far the call got.
    pub fn send_with_metadata(self) -> impl Future<Output = Result<Reply<T>>> + Send {
        let Self {
            client,
            operation,
            read,
            options,
        } = self;
        let want = match read {
            Read::Whole(_) | Read::Redacted(..) => Want::Whole,
            Read::Stream(_) => Want::Stream(|_| true),
            Read::Checked(can_stream, ..) => Want::Stream(can_stream),
        };
        // One future over the parts, which only lends them: what it moved would lie in it twice.
        async move {
            let operation = operation.as_ref().map_err(Error::clone)?;
            let delivered = client.execute(operation, &options, want).await;
            let delivered = delivered.map_err(|error| read.redact(error))?;
            match (delivered, read) {
                (Delivered::Whole(raw), Read::Whole(read)) => match read(&raw) {
                    Ok(value) => Ok(Reply { value, raw }),
                    Err(error) => Err(unreadable(operation, &raw, error)),
                },
                (Delivered::Whole(raw), Read::Redacted(redact, read)) => {
                    let outcome = read(&raw);
                    let body = redact(&raw.body);
                    let raw = RawReply { body, ..raw };
                    match outcome {
                        Ok(value) => Ok(Reply { value, raw }),
                        Err(error) => Err(unreadable(operation, &raw, error)),
                    }
                }
                (Delivered::Stream(raw, download), Read::Stream(read) | Read::Checked(_, _, read)) => {
                    read(*download).map(|value| Reply { value, raw })
                }
                (Delivered::Whole(raw), Read::Checked(_, check, read)) => {
                    check(&raw).map_err(|error| unreadable(operation, &raw, error))?;
                    let download = client.download_of(operation, &options, &raw);
                    let raw = RawReply {
                        body: Bytes::new(),
                        ..raw
                    };
                    read(download).map(|value| Reply { value, raw })
                }
                // The loop delivers what was wanted.
                (Delivered::Whole(raw) | Delivered::Stream(raw, _), _) => Err(unreadable(
                    operation,
                    &raw,
                    Error::decode("the answer came in another form than asked for"),
                )),
            }
        }
    }
}

/// An answer that the reader refused: carried out, and kept whole, so that an identifier in it is not lost.
fn unreadable(operation: &Operation, raw: &RawReply, error: Error) -> Error {
    let mut error = operation.fail(error);
    // The answer is an answer of the operation, so the operation was carried out. A reader that knows better
    // says `Refused`.
    if error.delivery() == Delivery::NotSent {
        error = error.with_delivery(Delivery::CarriedOut);
    }
    let realm = operation.realm();
    let facts = realm.read_error_facts(&raw.headers, &[]);
    let inner = error.inner_mut();
    inner.status = Some(raw.status);
    inner.attempts = raw.attempts;
    inner.headers = Some(Arc::new(raw.headers.clone()));
    inner.body = raw.body.clone();
    inner.known_code = inner.facts.known_code(realm.known_codes());
    inner.facts.request_id = facts.request_id;
    error
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl CallOptions {
    /// Sets the call's deadline.
    #[doc(hidden)]
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Sets the answer's limit.
    #[doc(hidden)]
    pub fn set_answer_limit(&mut self, bytes: usize) {
        self.answer_limit = Some(bytes);
    }

    /// Sets the call's retry policy.
    #[doc(hidden)]
    pub fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }
}

/// Reads a JSON answer.
///
/// # Errors
///
/// A decode error that does not quote the answer.
pub fn read_json<T: serde::de::DeserializeOwned>(reply: &RawReply) -> Result<Answer<T>> {
    Answer::from_json(reply.body().clone())
}

/// Gives a builder of one operation what every call has. The builder has a field `options: CallOptions` and
/// the methods `operation(&self) -> Result<Operation>` and `into_call(self) -> Call<T>`. It may have one type
/// parameter: `forward_call!(Builder<T: Bound> => Output<T>)`.
#[doc(hidden)]
#[macro_export]
macro_rules! forward_call {
    ($builder:ident => $output:ty) => {
        $crate::forward_call!(@ [] $builder => $output);
    };
    ($builder:ident<$parameter:ident: $bound:path> => $output:ty) => {
        $crate::forward_call!(@ [$parameter: $bound] $builder<$parameter> => $output);
    };
    (@ [$($parameter:ident: $bound:path)?] $builder:ty => $output:ty) => {
        impl $(<$parameter: $bound>)? $builder {
            /// The deadline of this call: everything, from the token to the last byte of the answer.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.options.set_timeout(timeout);
                self
            }

            /// How often this call is repeated. No policy makes a billed call be sent twice.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.options.set_retry(policy);
                self
            }

            /// Shows what would be sent, redacted, and sends nothing.
            ///
            /// # Errors
            ///
            /// When an argument is not what the operation takes.
            pub fn prepare(&self) -> $crate::Result<$crate::Preview> {
                self.operation()?.preview()
            }

            /// How many bytes the answer may have.
            pub fn answer_limit(mut self, bytes: usize) -> Self {
                self.options.set_answer_limit(bytes);
                self
            }

            /// Sends the call; the same as awaiting it.
            ///
            /// # Errors
            ///
            /// An error that says what happened and how far the call got.
            pub fn send(self) -> impl ::core::future::Future<Output = $crate::Result<$output>> + Send {
                self.into_call().send()
            }

            /// Sends the call and gives the status, the headers, the number of attempts and the raw bytes
            /// with its value.
            ///
            /// # Errors
            ///
            /// An error that says what happened and how far the call got.
            pub fn send_with_metadata(
                self,
            ) -> impl ::core::future::Future<Output = $crate::Result<$crate::Reply<$output>>> + Send {
                self.into_call().send_with_metadata()
            }
        }

        impl $(<$parameter: $bound>)? ::core::future::IntoFuture for $builder {
            type Output = $crate::Result<$output>;
            type IntoFuture = $crate::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                ::core::future::IntoFuture::into_future(self.into_call())
            }
        }
    };
}
