//! How requests are authorised.
//!
//! Three things stay three types: what fetches a token once, what keeps it ([`TokenCache`]), and what
//! attaches it ([`Authorize`]).

pub mod basic;
mod cache;
mod flight;
#[cfg(feature = "signing")]
pub mod hmac;
#[cfg(feature = "signing")]
pub mod jwt;
mod oauth2;
#[cfg(feature = "signing")]
mod self_signed;
#[cfg(feature = "token-store")]
pub mod store;
mod token;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::error::{Error, Result};
use crate::secret::Secret;

pub use cache::{Bearer, TokenCache};
pub use oauth2::{ClientAuthentication, ClientCredentials, OAuth2Endpoint};
#[cfg(feature = "signing")]
pub use self_signed::{SelfSigned, SelfSignedBuilder, Validity};
pub use token::{FetchToken, FetchTokenFuture, FetchedToken, Replaces, TokenLifetime};

/// Adds a credential to one attempt of a call, and hears whether it was accepted.
///
/// It runs inside the retry loop, so that a repeat never carries a stale token.
pub trait Authorize: fmt::Debug + Send + Sync + 'static {
    /// Adds the credential to the request. `now` is the attempt's time, read once for everything.
    fn authorize<'a>(&'a self, request: &'a mut http::Request<Bytes>, now: Instant) -> Authorization<'a>;

    /// Whether [`authorize`](Self::authorize) is done at once, without a wait, whatever the request. A call
    /// whose credential is ready is authorised only when it is about to be sent. Any other is authorised
    /// before it queues for anything, so that the wait holds up nobody else, and once more if it had to
    /// queue.
    fn is_ready(&self, now: Instant) -> bool {
        let _ = now;
        false
    }

    /// Hears that the provider answered 401 to the credential of `ticket`. `true` if another one can be had;
    /// the call is then authorised again, and repeated only if the new credential is a different one.
    fn refused(&self, ticket: &Ticket, answer: &RefusedAnswer<'_>) -> bool {
        let _ = (ticket, answer);
        false
    }
}

/// A credential that is there, or the wait for one.
#[must_use]
#[non_exhaustive]
pub enum Authorization<'a> {
    /// The request is authorised, or cannot be. The usual case: no lock, no allocation.
    Done(Result<Ticket>),
    /// The credential has to be fetched first.
    Wait(Pin<Box<dyn Future<Output = Result<Ticket>> + Send + 'a>>),
}

impl fmt::Debug for Authorization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done(_) => "Authorization::Done",
            Self::Wait(_) => "Authorization::Wait",
        })
    }
}

/// Names the credential that an attempt carried.
#[derive(Default)]
pub struct Ticket {
    generation: u64,
    errand: Option<Errand>,
}

/// Work that a call carries along while it waits for its own answer, such as renewing a token that still
/// serves.
pub type Errand = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Ticket {
    /// A ticket for a credential; each new credential has a new number.
    #[must_use]
    pub fn new(generation: u64) -> Self {
        Self {
            generation,
            errand: None,
        }
    }

    /// Gives the call something to carry along.
    #[must_use]
    pub fn with_errand(mut self, errand: Errand) -> Self {
        self.errand = Some(errand);
        self
    }

    /// The credential's number.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn take_errand(&mut self) -> Option<Errand> {
        self.errand.take()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// The answer that refused a credential.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RefusedAnswer<'a> {
    /// Its headers; `Date` shows how far the clocks are apart.
    pub headers: &'a HeaderMap,
    /// When it arrived, by this machine's clock.
    pub received_at: SystemTime,
}

/// Without the headers: cookies are among them.
impl fmt::Debug for RefusedAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusedAnswer")
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// For operations that need no credential.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAuthorization;

impl Authorize for NoAuthorization {
    fn authorize<'a>(&'a self, _: &'a mut http::Request<Bytes>, _: Instant) -> Authorization<'a> {
        Authorization::Done(Ok(Ticket::default()))
    }

    fn is_ready(&self, _: Instant) -> bool {
        true
    }
}

/// A credential that never changes: an `Authorization` value made once.
#[derive(Clone)]
pub struct StaticAuthorization(HeaderValue);

impl StaticAuthorization {
    /// An `Authorization` header of `scheme` and a credential, such as `Bearer` and a long-lived token.
    ///
    /// # Errors
    ///
    /// When the credential is empty or has characters that cannot stand in a header.
    pub fn new(scheme: &str, credential: &Secret) -> Result<Self> {
        authorization_value(scheme, credential).map(Self)
    }
}

impl fmt::Debug for StaticAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticAuthorization([redacted])")
    }
}

impl Authorize for StaticAuthorization {
    fn authorize<'a>(&'a self, request: &'a mut http::Request<Bytes>, _: Instant) -> Authorization<'a> {
        request.headers_mut().insert(AUTHORIZATION, self.0.clone());
        Authorization::Done(Ok(Ticket::default()))
    }

    fn is_ready(&self, _: Instant) -> bool {
        true
    }
}

/// Makes an `Authorization` value that no log of the HTTP stack shows. An empty scheme sends the credential
/// bare.
pub(crate) fn authorization_value(scheme: &str, credential: &Secret) -> Result<HeaderValue> {
    let text = credential.expose();
    if text.is_empty() {
        return Err(Error::configuration("a credential is empty"));
    }
    // Neither space nor control characters nor anything beyond ASCII: none of these has a place in a token.
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "a credential has characters that cannot stand in a header",
        ));
    }
    let whole = if scheme.is_empty() {
        zeroize::Zeroizing::new(text.to_owned())
    } else {
        zeroize::Zeroizing::new(format!("{scheme} {text}"))
    };
    let mut value = HeaderValue::from_str(&whole)
        .map_err(|_| Error::configuration("a credential has characters that cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
