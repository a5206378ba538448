//! How the console writes what other parts of the API write differently.

use std::fmt;

use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use verikit_core::Result;
use verikit_core::value::lenient;

use crate::config::DataResidency;
use crate::hal::Object;

verikit_core::open_enum! {
    /// Where a workspace keeps its data, as the console writes it.
    pub enum WorkspaceResidency {
        /// The European Union.
        Eu = "EU",
        /// India.
        In = "IN",
        /// The United States.
        Us = "US",
    }
}

impl WorkspaceResidency {
    /// The residency to which calls of the workspace's projects must go.
    ///
    /// # Errors
    ///
    /// A configuration error when it is no DNS label.
    pub fn data_residency(&self) -> Result<DataResidency> {
        DataResidency::new(self.as_str())
    }
}

/// An object that informs: what is none leaves the member empty, and an array is none.
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let read: Option<Object<T>> = lenient(deserializer)?;
    Ok(read.map(|object| object.0))
}

/// The same for something that is always there, if only with nothing in it.
pub(super) fn object_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    object(deserializer).map(Option::unwrap_or_default)
}

/// A list that informs: empty where it is none, and without the items that are not of the kind.
pub(super) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let items: Option<Vec<Box<serde_json::value::RawValue>>> = lenient(deserializer)?;
    let read = |item: Box<serde_json::value::RawValue>| serde_json::from_str::<Object<T>>(item.get()).ok();
    let items = items.unwrap_or_default().into_iter();
    Ok(items.filter_map(read).map(|object| object.0).collect())
}

/// A small number that is sent as one or, who knows, as a text.
pub(super) struct SmallNumber(pub(super) u16);

impl<'de> Deserialize<'de> for SmallNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherWay;

        impl Visitor<'_> for EitherWay {
            type Value = SmallNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a small number")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<SmallNumber, E> {
                let number = u16::try_from(number).map_err(|_| E::custom("not a small number"))?;
                Ok(SmallNumber(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<SmallNumber, E> {
                let number = text.parse().map_err(|_| E::custom("not a small number"))?;
                Ok(SmallNumber(number))
            }
        }

        deserializer.deserialize_any(EitherWay)
    }
}
