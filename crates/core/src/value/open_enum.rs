//! Enums that a provider may add to without breaking anybody.

use std::fmt;

/// A value that this version of the library does not know, kept as it came.
///
/// `Debug` shows its length alone: what a provider sends in place of a known word may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// Keeps an unknown text. For [`open_enum!`](crate::open_enum).
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as the provider sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

/// Declares an enum of wire texts that keeps what it does not know and gives it back unchanged.
///
/// ```
/// verikit_core::open_enum! {
///     /// A traffic light.
///     pub enum Light {
///         /// Stop.
///         Red = "RED",
///         /// Go.
///         Green = "GREEN",
///     }
/// }
/// assert_eq!(Light::from("GREEN"), Light::Green);
/// let blue = Light::from("BLUE");
/// assert!(blue.is_unknown());
/// assert_eq!(blue.as_str(), "BLUE");
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value that this version does not know. A later version may know it: compare words with
            /// [`as_str`](Self::as_str) of the enum, which stays the same then.
            Unknown($crate::value::UnknownValue),
        }

        impl $name {
            /// The values that this version knows.
            $visibility const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The providers' own words for them.
            $visibility const WORDS: &'static [&'static str] = &[$($wire),+];

            /// The provider's own word.
            #[must_use]
            $visibility fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// Whether this version does not know the value.
            #[must_use]
            $visibility fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)+
                    other => Self::Unknown($crate::value::UnknownValue::new(other)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
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
                $crate::value::read_text(deserializer, |text| {
                    ::core::result::Result::<_, ::core::convert::Infallible>::Ok(Self::from(text))
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    open_enum! {
        /// For the tests.
        enum Word {
            /// One.
            One = "ONE",
            /// Two.
            Two = "two",
        }
    }

    #[test]
    fn known_and_unknown_words_round_trip() {
        for text in [
            "\"ONE\"",
            "\"two\"",
            "\"Two\"",
            "\"\"",
            "\"\\u0000\"",
            "\"dr\u{f6}lf\"",
        ] {
            let word: Word = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&word).unwrap(), text);
        }
        assert_eq!(Word::KNOWN.len(), 2);
        assert_eq!(Word::WORDS, ["ONE", "two"]);
        assert!(Word::from("Two").is_unknown() && !Word::Two.is_unknown());
    }

    #[test]
    fn debug_of_an_unknown_word_does_not_show_it() {
        let word = Word::from("+447700900042");
        assert_eq!(format!("{word:?}"), "Unknown([13 bytes])");
        assert_eq!(format!("{:?}", Word::One), "One");
    }

    #[test]
    fn a_number_is_no_word() {
        assert!(serde_json::from_str::<Word>("1").is_err());
        assert!(serde_json::from_str::<Word>("null").is_err());
    }
}
