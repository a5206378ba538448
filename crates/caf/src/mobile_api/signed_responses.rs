//! Signed answers of the Mobile API (contract caf, 3.6).

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use verikit_core::auth::hmac::HmacSha256;
use verikit_core::{Answer, Clock, Delivery, Error, ErrorKind, RawReply, Result, Secret, SystemClock};

use super::faces::{MobileAuthentication, MobileLiveness};
use super::jws::{self, Registered};
use crate::config::PROVIDER;

/// Verifies answers that were asked for with a signature and came by way of a device.
///
/// A signed answer shows that CAF said it. It does **not** show about whom, nor when: that of an
/// authentication has neither the CPF nor anything of your request in it, so that a genuine match of one
/// person could be handed in again for another. Take each [`request_id`](MobileAuthentication::request_id)
/// once only, and bind it to your own session; better, make the call from your server, with
/// [`authenticate`](super::MobileFaces::authenticate).
///
/// ```
/// use caf::mobile_api::SignedResponses;
///
/// // A golden vector of the contract; the secret opens nothing.
/// let verifier = SignedResponses::new("example-client-secret-do-not-use-0123456789")?;
/// let from_the_app = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXF1ZXN0SWQiOiIwYzlhM2Y1Mi02ZDFlLTRiN2EtOWYwOC0yZTVkN2M0MWFiOTAiLCJpc01hdGNoIjp0cnVlLCJpYXQiOjE4OTM0NTU0MDB9.gJUNadYTOLWQYlEMfbKwElXg616dmhTsnXE6lztRVzA";
/// let answer = verifier.authentication(from_the_app)?;
/// assert!(answer.is_match);
/// assert_eq!(answer.request_id.as_str(), "0c9a3f52-6d1e-4b7a-9f08-2e5d7c41ab90");
///
/// // Plain JSON is never taken in its place.
/// assert!(verifier.authentication(br#"{"requestId":"1","isMatch":true}"#).is_err());
/// # Ok::<(), caf::Error>(())
/// ```
#[derive(Clone)]
pub struct SignedResponses {
    key: HmacSha256,
    clock: Arc<dyn Clock>,
    max_age: Option<Duration>,
}

impl SignedResponses {
    /// Takes the `clientSecret` of the Mobile Key that signed the request's token. Its bytes are the key as
    /// they are, even if they look like base64.
    ///
    /// # Errors
    ///
    /// A configuration error when the secret is empty.
    pub fn new(client_secret: impl Into<Secret>) -> Result<Self> {
        Ok(Self {
            key: HmacSha256::new(&client_secret.into()).map_err(|error| error.with_provider(PROVIDER))?,
            clock: Arc::new(SystemClock),
            max_age: None,
        })
    }

    /// The clock that times are judged by. The default is the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Refuses what is older than this, and what does not say how old it is. That there is an `iat` is
    /// **inferred** (contract caf, 3.6); without this setter its age does not matter.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Verifies the answer to a liveness check.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Signature`] when it is not a JWT of exactly three parts, not of HS256, not of this
    /// secret, past its end or too old; when its header has `crit`; when it has `iss`, as request tokens
    /// have, which are signed with the same secret. [`ErrorKind::Decode`] when it is signed and not such an
    /// answer. Nothing of it is to be believed then.
    pub fn liveness(&self, body: &[u8]) -> Result<Verified<MobileLiveness>> {
        self.verify(body)
    }

    /// Verifies the answer to an authentication.
    ///
    /// # Errors
    ///
    /// As [`liveness`](Self::liveness).
    pub fn authentication(&self, body: &[u8]) -> Result<Verified<MobileAuthentication>> {
        self.verify(body)
    }

    fn verify<T: DeserializeOwned>(&self, body: &[u8]) -> Result<Verified<T>> {
        let payload = jws::open(&self.key, body)?;
        let claims = Registered::check(&payload, self.clock.system_time(), self.max_age)?;
        if claims.iss {
            return Err(jws::refuse(
                "it is signed, but names an issuer: it is a token for requests and no answer",
            ));
        }
        let answer = Answer::from_json(payload).map_err(|error| {
            // Nothing was sent, or somebody else did.
            error.with_delivery(Delivery::NotSent).with_provider(PROVIDER)
        })?;
        Ok(Verified {
            answer,
            issued_at: claims.issued_at(),
        })
    }

    /// The answer to a call of this client. Whoever wrote what is not signed, it does not say what became of
    /// the request.
    pub(super) fn read<T: DeserializeOwned>(&self, reply: &RawReply) -> Result<Verified<T>> {
        self.verify(reply.body()).map_err(|error: Error| {
            if error.kind() == ErrorKind::Signature {
                error.with_delivery(Delivery::Unknown)
            } else {
                error
            }
        })
    }
}

impl fmt::Debug for SignedResponses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedResponses")
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

/// An answer whose signature was found good.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verified<T> {
    answer: Answer<T>,
    issued_at: Option<SystemTime>,
}

impl<T> Verified<T> {
    /// When it was signed, if it says so.
    #[must_use]
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.issued_at
    }

    /// The answer alone: the payload that was signed.
    #[must_use]
    pub fn into_answer(self) -> Answer<T> {
        self.answer
    }
}

impl<T> Deref for Verified<T> {
    type Target = Answer<T>;

    fn deref(&self) -> &Answer<T> {
        &self.answer
    }
}
