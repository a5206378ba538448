//! One question each, and what to do when the answer is yes.

use super::{Delivery, Error, ErrorKind};
use crate::operation::Repeat;

impl Error {
    /// Whether the same call can be made again without a second charge: it only reads, or it was not carried
    /// out.
    ///
    /// # What to do
    ///
    /// If `true`, repeating is harmless (which does not mean that it helps: an invalid phone number stays
    /// invalid). If `false`, first find out what became of the call: look it up by its reference, or ask for
    /// its result.
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
    /// It was repeated as the retry policy allows; [`attempts`](Error::attempts) says how often. Check the
    /// base URL, name resolution and the firewall. Environment proxies are ignored unless the transport was
    /// told to use them.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// The server's certificate was refused, or no TLS session could be agreed on. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Check the machine's clock and its root certificates, and whether something between intercepts TLS. A
    /// private authority is added with the bundled transport's `root_certificate_pem`. Checks cannot be
    /// switched off.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.0.kind == ErrorKind::Tls
    }

    /// The deadline passed.
    ///
    /// # What to do
    ///
    /// Read [`delivery`](Error::delivery) first: after `Unknown` the request may have been carried out and
    /// billed, so look it up instead of repeating it. If it happens often, raise the call's `.timeout()`; an
    /// identity check behind a mobile operator can take many seconds.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// The connection broke before the answer was complete.
    ///
    /// # What to do
    ///
    /// As for a timeout: when [`is_safe_to_repeat`](Error::is_safe_to_repeat) is `false`, look the call up
    /// before repeating it.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == ErrorKind::Interrupted
    }

    /// A rate limit asks to wait longer than the call's deadline allows, or every attempt met one.
    ///
    /// # What to do
    ///
    /// Wait for [`retry_after`](Error::retry_after) and repeat; nothing was carried out. If it is your own
    /// client-side limit (`delivery()` is `NotSent`), give the call a longer `.timeout()` or send less.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// The client's own cap on calls in flight left no place before the deadline. Nothing was sent.
    ///
    /// # What to do
    ///
    /// Answer your own caller with "busy". If the machine and the provider can take more, raise
    /// `max_in_flight`.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        self.0.kind == ErrorKind::Overloaded
    }

    /// The provider did not accept the credential, or it does not cover the operation.
    ///
    /// # What to do
    ///
    /// On 401 the credential was renewed where that was possible, and the call repeated once. Check the key
    /// and its secret, the environment they belong to (sandbox keys do not open production), the scopes, and
    /// the machine's clock for self-signed tokens. On 403 the credential is good but not allowed to do this.
    /// Without a status it is of what somebody handed in, such as a webhook with a wrong secret: refuse that.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.0.kind == ErrorKind::Auth
    }

    /// The provider answered with an error.
    ///
    /// # What to do
    ///
    /// [`status`](Error::status) and [`code`](Error::code) say which. 4xx: the request has to change. 5xx:
    /// the provider has a problem; for a call that starts or bills something `delivery()` is then `Unknown`.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        self.0.kind == ErrorKind::Provider
    }

    /// The answer could not be read as what the operation promises. The operation was carried out.
    ///
    /// # What to do
    ///
    /// [`body`](Error::body) has the whole answer (unless it was compressed unasked), so an identifier in it
    /// is not lost. Do not repeat a call that starts or bills something. Please report it: either the
    /// provider changed its answer or this library reads it wrongly.
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

    /// An answer, or a callback, that has to be signed is not, or not by the key that was agreed on. Nothing
    /// in it was read.
    ///
    /// # What to do
    ///
    /// Check the signing key. If it is right, something between this machine and the provider answers in its
    /// place or changes its answers; [`body`](Error::body) has what it said, to look at and not to act on. A
    /// callback is somebody else's, or too old: refuse it.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        self.0.kind == ErrorKind::Signature
    }
}
