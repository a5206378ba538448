//! What happened, and what it means for money.

use std::fmt;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller passed something that the operation does not take.
    InvalidInput,
    /// The client was set up wrongly.
    Configuration,
    /// No connection could be made.
    Connect,
    /// The certificate or the TLS session was refused.
    Tls,
    /// The deadline passed.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// A rate limit, the provider's or the client's own.
    RateLimited,
    /// The client's own cap on calls in flight.
    Overloaded,
    /// The credential was not accepted.
    Auth,
    /// The provider answered with an error.
    Provider,
    /// The answer could not be read.
    Decode,
    /// The answer is larger than the limit.
    TooLarge,
    /// A redirect, which is never followed.
    Redirect,
    /// A URL of a foreign origin.
    Untrusted,
    /// An answer, a callback or a webhook that has to be signed is not, or not by the key that was agreed on.
    Signature,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidInput => "invalid input",
            Self::Configuration => "configuration error",
            Self::Connect => "no connection",
            Self::Tls => "TLS refused",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::RateLimited => "rate limited",
            Self::Overloaded => "overloaded",
            Self::Auth => "not authorised",
            Self::Provider => "provider error",
            Self::Decode => "unreadable answer",
            Self::TooLarge => "answer too large",
            Self::Redirect => "redirect refused",
            Self::Untrusted => "untrusted address",
            Self::Signature => "signature refused",
        })
    }
}

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// Nothing left this machine. Nothing was carried out or billed.
    NotSent,
    /// The provider answered that it did not carry the request out.
    Refused,
    /// The request may or may not have been carried out, and billed.
    Unknown,
    /// The provider carried the request out; the trouble came after.
    CarriedOut,
}

impl Delivery {
    /// Whichever of the two got further.
    pub(crate) fn or_further(self, other: Self) -> Self {
        let distance = |delivery| match delivery {
            Self::NotSent => 0,
            Self::Refused => 1,
            Self::Unknown => 2,
            Self::CarriedOut => 3,
        };
        if distance(other) > distance(self) {
            other
        } else {
            self
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "nothing was sent",
            Self::Refused => "it was not carried out",
            Self::Unknown => "it may have been carried out",
            Self::CarriedOut => "it was carried out",
        })
    }
}
