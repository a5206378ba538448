//! What the statuses of the Mobile API mean (contract caf, 3.1 to 3.4). Its error bodies are not published.

use verikit_core::Error;

/// Why the Mobile API refused, as far as the documents say what its statuses mean.
///
/// ```
/// use caf::mobile_api::MobileRefusal;
///
/// fn advice(error: &caf::Error) -> &'static str {
///     match MobileRefusal::of(error) {
///         Some(MobileRefusal::NoFaceRegistered) => "register a face first",
///         Some(MobileRefusal::NoSuchAttempt) => "look at the id",
///         Some(MobileRefusal::TokenNotAccepted) => "look at the key, and at the products that it covers",
///         _ => "see the error's kind",
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MobileRefusal {
    /// 404 of an authentication: no face is registered for that CPF. Nothing was compared, so this is no "no
    /// match".
    NoFaceRegistered,
    /// 404 of an attempt: there is none with that id.
    NoSuchAttempt,
    /// 401: the token is not valid, or its key does not cover the product.
    TokenNotAccepted,
}

impl MobileRefusal {
    /// The meaning of an error of the Mobile API, if its status has one.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        if !error.operation().starts_with("mobile_face.") {
            return None;
        }
        match (error.status()?.as_u16(), error.operation()) {
            (401, _) => Some(Self::TokenNotAccepted),
            (404, "mobile_face.authenticate" | "mobile_face.authenticate_signed") => {
                Some(Self::NoFaceRegistered)
            }
            (404, "mobile_face.attempt") => Some(Self::NoSuchAttempt),
            _ => None,
        }
    }
}
