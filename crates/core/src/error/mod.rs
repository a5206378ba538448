//! The one error type of every crate in the workspace.

mod answer;
mod display;
mod kind;
mod predicates;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use answer::{ErrorFacts, read_error_facts};
pub use kind::{Delivery, ErrorKind};

use crate::operation::Repeat;

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// Why a call failed, how far it got, and what to do about it.
///
/// Two questions matter on a sign-up path, and each has its own answer: [`kind`](Error::kind) says what
/// happened, [`delivery`](Error::delivery) says what it means for money. `Display` and `Debug` name the
/// provider, the operation, the route template, the status and known codes; they never hold a secret, a
/// token, a phone number, or any text of the provider. That text is reached by
/// [`provider_message`](Error::provider_message) and [`body`](Error::body).
///
/// `{error}` is one line, `{error:#}` adds a line with what to do.
///
/// ```
/// use verikit_core::{Delivery, Error};
///
/// fn next_step(error: &Error) -> &'static str {
///     match error.delivery() {
///         _ if error.is_safe_to_repeat() => "try again later",
///         Delivery::Unknown => "look the check up before starting another",
///         _ => "tell a person",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) delivery: Delivery,
    pub(crate) repeat: Repeat,
    pub(crate) provider: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) route: &'static str,
    pub(crate) origin: Option<Arc<str>>,
    /// The step inside the operation that failed, such as fetching a token.
    pub(crate) step: Option<&'static str>,
    pub(crate) detail: Cow<'static, str>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) facts: ErrorFacts,
    /// The code, if it is one of those that are documented. Only such a code is shown.
    pub(crate) known_code: Option<&'static str>,
    pub(crate) attempts: u32,
    pub(crate) retry_after: Option<Duration>,
    /// Shared: every caller who waited for a token gets the error of its fetch.
    pub(crate) headers: Option<Arc<HeaderMap>>,
    pub(crate) body: Bytes,
    pub(crate) source: Option<Source>,
}

impl Error {
    /// An error of a kind, with a sentence of our own about it. The sentence must hold nothing personal.
    ///
    /// For provider crates and for authors of transports and authorizers.
    #[must_use]
    pub fn new(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            delivery: Delivery::NotSent,
            repeat: Repeat::Once,
            provider: "",
            operation: "",
            method: "",
            route: "",
            origin: None,
            step: None,
            detail: detail.into(),
            status: None,
            facts: ErrorFacts::default(),
            known_code: None,
            attempts: 0,
            retry_after: None,
            headers: None,
            body: Bytes::new(),
            source: None,
        }))
    }

    /// An error in what the caller passed, found before anything was sent.
    #[must_use]
    pub fn invalid_input(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidInput, detail)
    }

    /// An error in how the client was set up.
    #[must_use]
    pub fn configuration(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, detail)
    }

    /// An answer that cannot be read. `detail` must not quote the answer.
    #[must_use]
    pub fn decode(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Decode, detail).with_delivery(Delivery::CarriedOut)
    }

    /// Sets how far the request got.
    #[must_use]
    pub fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Sets the underlying error. Its texts must hold nothing personal.
    #[must_use]
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// Sets what the provider says about it, for the readers of providers whose errors come with a status of
    /// success.
    #[must_use]
    pub fn with_facts(mut self, facts: ErrorFacts) -> Self {
        self.0.facts = facts;
        self
    }

    /// Sets how long the provider asked to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Sets the provider, for errors that no call gave their context.
    #[must_use]
    pub fn with_provider(mut self, provider: &'static str) -> Self {
        self.0.provider = provider;
        self
    }

    pub(crate) fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// How far the request got, which says what it may have cost.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// The provider whose client, call or verifier the error is of, such as `idlayr`. Empty where no provider
    /// has a part in it: of a transport that cannot be built, for example.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// The operation, such as `phone_check.create`; empty when the error came from no call.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The step inside the operation that failed, such as `oauth2.token` when no access token could be had.
    /// Status, code and message are then those of that step.
    #[must_use]
    pub fn step(&self) -> Option<&'static str> {
        self.0.step
    }

    /// The HTTP status, if an answer arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The provider's own error code, such as `phone_format_invalid` or `invalid_client`. It is the
    /// provider's text, cut to 128 bytes: an open set, and not proven free of personal data.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.facts.code.as_deref()
    }

    /// The provider's own title or message, cut to 2 KiB, control characters escaped.
    ///
    /// **Personal**: providers repeat phone numbers and names in their messages. Do not log it unseen.
    #[must_use]
    pub fn provider_message(&self) -> Option<&str> {
        self.0.facts.message.as_deref()
    }

    /// The provider's identifier of the request, if it sent one. Support desks ask for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.facts.request_id.as_deref()
    }

    /// How many requests were sent for the call (token requests are not counted).
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long to wait before trying again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The headers of the answer, if one arrived: rate limits, dates, and what the provider adds.
    ///
    /// **Personal**: cookies are among them. Do not log them unseen.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_deref()
    }

    /// The body of the answer, so that nothing is lost: the first 2 KiB of an error answer, the whole of an
    /// answer that could not be read.
    ///
    /// **Personal.** Do not log it unseen.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests;
