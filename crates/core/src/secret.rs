//! Values that must not be seen: credentials and personal data.
//!
//! Redaction is the type's own behaviour, never a setting: cargo features unify
//! across a build, so a feature that switched it off would switch it off for everybody.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, de};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::value::NO_TEXT;

/// A credential: an API secret, an access token, a one-time code.
///
/// There is no `Display` and no `PartialEq`; `Debug` prints a placeholder, and the memory is wiped
/// when the last clone goes. Clones share one allocation, so a secret is in memory once.
///
/// Wiping has limits: buffers that the secret was copied into on its way out (a header, a request body)
/// and whatever the caller built it from are not ours to wipe.
///
/// ```
/// use verikit_core::Secret;
///
/// let secret = Secret::new("s3cr3t");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert!(secret.ct_eq(b"s3cr3t"));
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The secret itself. Call this only where a header, a body or a signature is made.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }

    /// Whether there is nothing in it, which is always a configuration mistake.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares in a time that depends on the lengths alone.
    #[must_use]
    pub fn ct_eq(&self, other: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(other).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What a format says of a value of another type quotes the value.
        let text = String::deserialize(deserializer).map_err(|_| de::Error::custom(NO_TEXT))?;
        Ok(Self::new(text))
    }
}

/// Personal data: a name, a phone number, a document number.
///
/// `Debug` and `Display` never show the value; [`expose`](Personal::expose) does. Comparison and serde work
/// as on the value itself, so a `Personal<String>` is stored and sent like a `String`.
///
/// ```
/// use verikit_core::Personal;
///
/// let name = Personal::new(String::from("Anna"));
/// assert_eq!(format!("{name} {name:?}"), "[personal] Personal([redacted])");
/// assert_eq!(name.expose(), "Anna");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

/// Reads as the value itself does; the error for another one does not quote it.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let refuse = |_| de::Error::custom("a personal value is not of the type that is expected");
        T::deserialize(deserializer).map(Self).map_err(refuse)
    }
}

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value back.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal([redacted])")
    }
}

impl<T> fmt::Display for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_a_nested_secret_shows_nothing() {
        #[derive(Debug)]
        #[allow(dead_code)]
        struct Outer {
            key: Secret,
            name: Option<Personal<&'static str>>,
        }
        let text = format!(
            "{:#?}",
            Outer {
                key: Secret::new("k-123"),
                name: Some(Personal::new("Anna"))
            }
        );
        assert!(!text.contains("k-123") && !text.contains("Anna"), "{text}");
    }

    #[test]
    fn comparison_needs_the_whole_secret() {
        let secret = Secret::new("abc");
        assert!(secret.ct_eq(b"abc"));
        assert!(!secret.ct_eq(b"ab"));
        assert!(!secret.ct_eq(b"abd"));
        assert!(!secret.ct_eq(b""));
    }

    #[test]
    fn personal_is_transparent_to_serde() {
        let name: Personal<String> = serde_json::from_str("\"Anna\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Anna\"");
    }
}
