//! Attestations of CAF Identity (contract caf, 3.7).

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use verikit_core::auth::hmac::HmacSha256;
use verikit_core::value::lenient;
use verikit_core::{Clock, Delivery, Error, ErrorKind, Result, Secret, SystemClock, is_json_object};

use super::jws::{self, Registered};
use crate::config::PROVIDER;
use crate::cpf::Cpf;

/// Why an attestation that is genuine was refused all the same.
///
/// ```
/// use caf::mobile_api::AttestationRefusal;
///
/// fn advice(error: &caf::Error) -> &'static str {
///     match AttestationRefusal::of(error) {
///         Some(AttestationRefusal::NotAuthorized) => "CAF said no: let the person try again",
///         Some(_) => "somebody handed in what is not theirs: look into it",
///         None => "see the error's kind",
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttestationRefusal {
    /// CAF did not authorise the attempt. The plain object that says so is not signed: anybody could have
    /// made it up, and nobody would gain by it.
    NotAuthorized,
    /// It is about another person than the one that is expected.
    AnotherPerson,
    /// It is of another policy than the one that is expected.
    AnotherPolicy,
}

impl AttestationRefusal {
    /// The reason of an error of [`Attestations::verify`], where there is one besides the signature.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        std::error::Error::source(error)?.downcast_ref().copied()
    }

    fn error(self) -> Error {
        Error::new(ErrorKind::Auth, self.detail())
            .with_source(self)
            .with_provider(PROVIDER)
    }

    fn detail(self) -> &'static str {
        match self {
            Self::NotAuthorized => "the attempt was not authorised",
            Self::AnotherPerson => "the attestation is about another person",
            Self::AnotherPolicy => "the attestation is of another policy",
        }
    }
}

impl fmt::Display for AttestationRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl std::error::Error for AttestationRefusal {}

/// Verifies the attestations that CAF Identity hands to an app, with the `clientSecret` of the Identity
/// product, which need not be that of a Mobile Key.
///
/// ```
/// # use std::error::Error;
/// # fn example(identity_secret: caf::Secret, from_the_app: &str) -> Result<(), Box<dyn Error>> {
/// use caf::Cpf;
/// use caf::mobile_api::Attestations;
///
/// let attestations = Attestations::new(identity_secret)?;
/// // The person who is logged in and the policy that you asked for, by your own records.
/// let person = Cpf::parse("123.456.789-09")?;
/// let attestation = attestations.verify(from_the_app.as_bytes(), &person, "policy-1")?;
/// println!("attempt {}", attestation.attempt_id.as_str());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Attestations {
    key: HmacSha256,
    clock: Arc<dyn Clock>,
    max_age: Option<Duration>,
}

verikit_core::identifier! {
    /// Identifies an attempt of CAF Identity: an opaque text.
    pub struct IdentityAttemptId;
}

/// An attestation that holds for the person and the policy that it was verified for: CAF authorised it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Attestation {
    /// The attempt. Take each once only: within its life an attestation can be handed in again.
    pub attempt_id: IdentityAttemptId,
    /// Whether the device or the place is new to CAF for this person, if it says so.
    pub is_new_context: Option<bool>,
    /// When it was signed, if it says so.
    pub issued_at: Option<SystemTime>,
    /// Its end.
    pub expires_at: SystemTime,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    attempt_id: IdentityAttemptId,
    people_id: String,
    policy_id: String,
    is_authorized: bool,
    #[serde(default, deserialize_with = "lenient")]
    is_new_context: Option<bool>,
}

impl Attestations {
    /// Takes the secret of the Identity product. Its bytes are the key as they are.
    ///
    /// # Errors
    ///
    /// A configuration error when the secret is empty.
    pub fn new(identity_client_secret: impl Into<Secret>) -> Result<Self> {
        Ok(Self {
            key: HmacSha256::new(&identity_client_secret.into())
                .map_err(|error| error.with_provider(PROVIDER))?,
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

    /// Refuses what is older than this, and what does not say how old it is. The end that an attestation
    /// itself states holds anyhow.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Verifies an attestation for this person and this policy, as the vendor's own example does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Signature`] when it is not a JWT of exactly three parts, not of HS256, not of this
    /// secret, past its end or without one, or too old. [`ErrorKind::Decode`] when it is signed and no
    /// attestation. [`ErrorKind::Auth`] when CAF did not authorise the attempt, or authorised it for another
    /// person or under another policy: [`AttestationRefusal::of`] tells these apart.
    pub fn verify(&self, attestation: &[u8], person: &Cpf, policy_id: &str) -> Result<Attestation> {
        let payload = match jws::open(&self.key, attestation) {
            Ok(payload) => payload,
            // Unsigned, and still a no: it would not help anybody to make it up.
            Err(_) if says_no(attestation) => return Err(AttestationRefusal::NotAuthorized.error()),
            Err(error) => return Err(error),
        };
        let claims = Registered::check(&payload, self.clock.system_time(), self.max_age)?;
        let Some(expires_at) = claims.exp.and_then(jws::at) else {
            return Err(jws::refuse("it is signed, but has no end, as attestations have"));
        };
        // The texts of a mismatch could be personal.
        let Ok(payload) = serde_json::from_slice::<Payload>(&payload) else {
            let error = Error::decode("it is signed, but lacks what attestations have");
            return Err(error.with_delivery(Delivery::NotSent).with_provider(PROVIDER));
        };
        if Cpf::parse(&payload.people_id).as_ref() != Ok(person) {
            return Err(AttestationRefusal::AnotherPerson.error());
        }
        if payload.policy_id != policy_id {
            return Err(AttestationRefusal::AnotherPolicy.error());
        }
        // Last: what is about somebody else is no "no" to this person.
        if !payload.is_authorized {
            return Err(AttestationRefusal::NotAuthorized.error());
        }
        Ok(Attestation {
            attempt_id: payload.attempt_id,
            is_new_context: payload.is_new_context,
            issued_at: claims.issued_at(),
            expires_at,
        })
    }
}

/// Where an attempt is not authorised there is no attestation but a plain object that says so.
fn says_no(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Plain {
        is_authorized: bool,
    }
    is_json_object(body) && serde_json::from_slice::<Plain>(body).is_ok_and(|plain| !plain.is_authorized)
}

impl fmt::Debug for Attestations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attestations")
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
