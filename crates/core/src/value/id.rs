//! Identifiers that become one segment of a path.

use std::fmt;

/// Declares an identifier type: an opaque text that is checked before it goes anywhere.
///
/// The providers' identifiers are opaque, so only what could change the meaning of a URL is refused: an empty
/// text, `.`, `..`, control characters, and more than 256 bytes.
#[macro_export]
macro_rules! identifier {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $visibility struct $name($crate::value::Identifier);

        impl $name {
            /// Takes an identifier.
            ///
            /// # Errors
            ///
            /// When it is empty, `.` or `..`, holds a control character or is longer than 256 bytes.
            pub fn new(text: impl AsRef<str>) -> ::core::result::Result<Self, $crate::value::InvalidIdentifier> {
                $crate::value::Identifier::new(text.as_ref()).map(Self)
            }

            /// The identifier as the provider writes it: what is stored and compared. It has no `Display`,
            /// and `Debug` shows it only if it can be nothing else than an identifier.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            fn from(id: $name) -> Self {
                id.as_str().to_owned()
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::value::InvalidIdentifier;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::value::read_text(deserializer, $crate::value::Identifier::new).map(Self)
            }
        }
    };
}

/// The text inside an [`identifier!`](crate::identifier) type.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(Box<str>);

const MAX_BYTES: usize = 256;

impl Identifier {
    /// Checks and keeps an identifier.
    ///
    /// # Errors
    ///
    /// When it is empty, `.` or `..`, holds a control character or is longer than 256 bytes.
    pub fn new(text: &str) -> Result<Self, InvalidIdentifier> {
        check_segment(text)?;
        if text.len() > MAX_BYTES {
            return Err(InvalidIdentifier("is longer than 256 bytes"));
        }
        Ok(Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What no segment of a path may be, however it is encoded.
pub(crate) fn check_segment(text: &str) -> Result<(), InvalidIdentifier> {
    if text.is_empty() {
        return Err(InvalidIdentifier("is empty"));
    }
    if text == "." || text == ".." {
        return Err(InvalidIdentifier("is a dot segment, which would change the path"));
    }
    // All of them are ASCII as a rule, where it takes no decoding.
    let control = if text.is_ascii() {
        text.bytes()
            .fold(false, |control, byte| control | byte.is_ascii_control())
    } else {
        text.chars().any(char::is_control)
    };
    if control {
        return Err(InvalidIdentifier("holds a control character"));
    }
    Ok(())
}

/// Shows an identifier that can only be one: lower-case hexadecimal, as UUIDs are. Anything else (somebody
/// passed a phone number, a name or a document number by mistake) is shown by its length. For the same reason
/// there is no `Display`: who stores what it shows would store the same length for two identifiers.
impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_letter = self.0.bytes().any(|byte| byte.is_ascii_lowercase());
        let has_digit = self.0.bytes().any(|byte| byte.is_ascii_digit());
        let usual = self
            .0
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        if usual && has_letter && has_digit && self.0.len() >= 16 {
            f.write_str(&self.0)
        } else {
            write!(f, "[{} bytes]", self.0.len())
        }
    }
}

/// Why a text cannot be an identifier. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidIdentifier(&'static str);

impl fmt::Display for InvalidIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the identifier {}; pass it as the provider returned it",
            self.0
        )
    }
}

impl std::error::Error for InvalidIdentifier {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_identifiers_are_refused() {
        for text in ["", ".", "..", "a\nb", "a\0b", "a\rb", "\u{7f}", "\u{85}"] {
            assert!(Identifier::new(text).is_err(), "{text:?}");
        }
        assert!(Identifier::new(&"a".repeat(257)).is_err());
        for text in ["a/b", "...", "%2e%2e", "a?b#c", "d\u{f6}ner"] {
            assert_eq!(Identifier::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn only_what_looks_like_an_identifier_is_shown() {
        let uuid = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
        let shown = |text| format!("{:?}", Identifier::new(text).unwrap());
        assert_eq!(shown(uuid), uuid);
        for text in [
            "447700900042",
            "+447700900042",
            "Anna Jansen",
            "4fa09c17be",
            "DE89370400440532013000",
        ] {
            assert!(!shown(text).contains(text), "{text}");
        }
    }
}
