//! What the texts that name a person or a company have in common.

/// Gives a type that is read by `$read` and written by `$write` its conversions, and nothing that shows it.
macro_rules! personal_text {
    ($type:ident, $invalid:ident, $read:ident, $write:ident) => {
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($type), "([redacted])"))
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str("[personal]")
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $invalid;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::$read(text)
            }
        }

        impl TryFrom<&str> for $type {
            type Error = $invalid;

            fn try_from(text: &str) -> ::std::result::Result<Self, Self::Error> {
                Self::$read(text)
            }
        }

        #[doc = concat!("Writes what [`", stringify!($write), "`](", stringify!($type), "::", stringify!($write), ") gives.")]
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$write())
            }
        }

        #[doc = concat!("Reads as [`", stringify!($read), "`](", stringify!($type), "::", stringify!($read), ") does.")]
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::verikit_core::value::read_personal_text(deserializer, Self::$read)
            }
        }
    };
}
pub(crate) use personal_text;
