//! The one error type of every crate in the workspace.

mod answer;
mod display;
mod kind;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

pub use answer::{ErrorFacts, read_error_facts};
pub use kind::{Delivery, ErrorKind};

use crate::operation::Repeat;

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// Why a call failed, how far it got, and what to do about it.
///
/// Two questions matter on a sign-up path, and each has its own answer: [`kind`](Error::kind) says what happened,
/// [`delivery`](Error::delivery) says what it means for money. `Display` and `Debug` name the provider, the operation, the
/// route template, the status and known codes; they never hold a secret, a token, a phone number, or any
/// text of the provider. That text is reached by [`provider_message`](Error::provider_message) and [`body`](Error::body).
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
    pub(crate) attempts: u32,
    pub(crate) retry_after: Option<Duration>,
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
            attempts: 0,
            retry_after: None,
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

    /// The provider, such as `idlayr`; empty when the error came from no call.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.provider
    }

    /// The operation, such as `phone_check.create`; empty when the error came from no call.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, if an answer arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The provider's own error code, such as `phone_format_invalid` or `invalid_client`. It is the provider's text,
    /// cut to 128 bytes: an open set, and not proven free of personal data.
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

    /// The body of the answer, so that nothing is lost: the first 2 KiB of an error answer, the whole of an answer
    /// that could not be read.
    ///
    /// **Personal.** Do not log it unseen.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Whether the same call can be made again without a second charge: it only reads, or it was not carried out.
    ///
    /// # What to do
    ///
    /// If `true`, repeating is harmless (which does not mean that it helps: an invalid phone number stays invalid). If `false`,
    /// first find out what became of the call: look it up by its reference, or ask for its result.
    #[must_use]
    pub fn is_safe_to_repeat(&self) -> bool {
        self.0.repeat == Repeat::Safe || matches!(self.0.delivery, Delivery::NotSent | Delivery::Refused)
    }

    /// The caller passed something that the operation does not take. Nothing was sent.
    ///
    /// # What to do
    ///
    /// The message says which argument and how to write it. Repeating the call unchanged does not help.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.0.kind == ErrorKind::InvalidInput
    }

    /// The client was set up wrongly. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Mend the configuration that the message names. If it names the runtime, make the call inside tokio.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.0.kind == ErrorKind::Configuration
    }

    /// No connection could be made. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Every such failure was repeated already, [`attempts`](Error::attempts) times. Check the base URL, name resolution and
    /// the firewall. Environment proxies are ignored unless the transport was told to use them.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// The server's certificate was refused, or no TLS session could be agreed on. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Check the machine's clock and its root certificates, and whether something between intercepts TLS. A private authority
    /// is added with the bundled transport's `root_certificate_pem`. Checks cannot be switched off.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.0.kind == ErrorKind::Tls
    }

    /// The deadline passed.
    ///
    /// # What to do
    ///
    /// Read [`delivery`](Error::delivery) first: after `Unknown` the request may have been carried out and billed, so look it
    /// up instead of repeating it. If it happens often, raise the call's `.timeout()`; an identity check behind a mobile operator can
    /// take many seconds.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// The connection broke before the answer was complete.
    ///
    /// # What to do
    ///
    /// As for a timeout: when [`is_safe_to_repeat`](Error::is_safe_to_repeat) is `false`, look the call up before repeating it.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == ErrorKind::Interrupted
    }

    /// A rate limit asks to wait longer than the call's deadline allows, or every attempt met one.
    ///
    /// # What to do
    ///
    /// Wait for [`retry_after`](Error::retry_after) and repeat; nothing was carried out. If it is your own client-side limit
    /// (`delivery()` is `NotSent`), give the call a longer `.timeout()` or send less.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// The client's own cap on calls in flight left no place before the deadline. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Answer your own caller with "busy". If the machine and the provider can take more, raise `max_in_flight`.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        self.0.kind == ErrorKind::Overloaded
    }

    /// The provider did not accept the credential, or it does not cover the operation.
    ///
    /// # What to do
    ///
    /// A stale token was renewed and the call repeated once already. Check the key and its secret, the environment they belong to
    /// (sandbox keys do not open production), the scopes, and the machine's clock for self-signed tokens. On 403 the credential is good
    /// but not allowed to do this.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.0.kind == ErrorKind::Auth
    }

    /// The provider answered with an error.
    ///
    /// # What to do
    ///
    /// [`status`](Error::status) and [`code`](Error::code) say which. 4xx: the request has to change. 5xx: the provider has a problem;
    /// for a call that starts or bills something `delivery()` is then `Unknown`.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        self.0.kind == ErrorKind::Provider
    }

    /// The answer could not be read as what the operation promises. The operation was carried out.
    ///
    /// # What to do
    ///
    /// [`body`](Error::body) has the whole answer, so an identifier in it is not lost. Do not repeat a call that starts or bills
    /// something. Please report it: either the provider changed its answer or this library reads it wrongly.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// The answer is larger than the operation's limit; reading stopped there.
    ///
    /// # What to do
    ///
    /// Raise the limit if the size is legitimate (images are the usual case).
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.0.kind == ErrorKind::TooLarge
    }

    /// The provider answered with a redirect, which is never followed.
    ///
    /// # What to do
    ///
    /// Check the base URL: a wrong host, a missing region or `http` in place of `https` are the usual causes.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.0.kind == ErrorKind::Redirect
    }

    /// A URL that the provider sent leads to another origin than the configured one. Nothing was sent to it.
    ///
    /// # What to do
    ///
    /// If the address is legitimate, fetch it yourself, without the credentials of this client.
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.0.kind == ErrorKind::Untrusted
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
