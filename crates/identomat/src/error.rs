//! What Identomat says when it refuses (contract identomat, 6).

use std::fmt;

use http::HeaderMap;
use verikit_core::Error;
use verikit_core::error::{ErrorFacts, read_error_facts};

use crate::answers::{Refusal, refusal_in};

verikit_core::open_enum! {
    /// The code of an error answer. An open set: the full list could not be read in any public document.
    ///
    /// ```
    /// use identomat::{Error, ErrorCode};
    ///
    /// fn advice(error: &Error) -> &'static str {
    ///     match ErrorCode::of(error) {
    ///         Some(ErrorCode::SessionNotFound) => "it was deleted, or never was",
    ///         Some(ErrorCode::SessionInvalid) => "begin another session",
    ///         Some(ErrorCode::CompanyKeyInvalid) => "look at the configuration",
    ///         _ => "try again later",
    ///     }
    /// }
    /// ```
    pub enum ErrorCode {
        /// There is no such session, or it was deleted.
        SessionNotFound = "SESSION_NOT_FOUND",
        /// The session is not valid.
        SessionInvalid = "SESSION_INVALID",
        /// The company key is wrong. **Inferred** from the vendor's sample (contract identomat, 6). With a
        /// status of success its error is of the kind [`Auth`](crate::ErrorKind::Auth); with any other, of
        /// the kind that the status has.
        CompanyKeyInvalid = "COMPANY_KEY_INVALID",
        /// The answer is an object with the member `argumentError`, which is no code but stands in for one.
        /// **Inferred** from what one client of the service expects (contract identomat, 2.2).
        ArgumentError = "argumentError",
    }
}

impl ErrorCode {
    /// The code of an error, if the provider named one. Mind the kind: a broken connection has no code.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        error.code().map(Self::from)
    }
}

/// The source of an error that the provider seems to have named, in an answer that is not signed although
/// HMAC is on. The provider signs none of its errors, so that is how they look; but so would one that
/// somebody else made up.
///
/// ```
/// # fn example(error: &identomat::Error) {
/// if identomat::Unauthenticated::marks(error) {
///     // Do not forget the session because of it.
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthenticated(());

impl Unauthenticated {
    pub(crate) const MARK: Self = Self(());

    /// Whether the error stands in an answer of status 2xx that should have been signed and was not.
    #[must_use]
    pub fn marks(error: &Error) -> bool {
        std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Self>)
    }
}

impl fmt::Display for Unauthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is not signed")
    }
}

impl std::error::Error for Unauthenticated {}

/// Reads an error answer whose status says that it is one.
pub(crate) fn read_facts(headers: &HeaderMap, body: &[u8]) -> ErrorFacts {
    let mut facts = read_error_facts(headers, body);
    if let Some(refusal) = refusal_in(body) {
        let own = refusal.facts();
        facts.code = own.code;
        if let Refusal::Code(_) = refusal {
            // It was taken for a text for people.
            facts.message = None;
        } else {
            facts.message = own.message.or(facts.message);
        }
    }
    facts
}
