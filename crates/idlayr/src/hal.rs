//! HAL: links and pages (contract idlayr, 9).

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use verikit_core::value::lenient;
use verikit_core::{Error, Result};

/// For what must be an object. serde reads a struct from an array too, member by position: HAL has objects,
/// and only these are taken.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

/// `{"href": "..."}`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Link {
    pub(crate) href: String,
}

/// The links of a list. One may be absent, `null` or an object; what is none of these is an error, since
/// taking it for absent would end the list early and in silence.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PageLinks {
    #[serde(default, deserialize_with = "object_or_null")]
    pub(crate) next: Option<Link>,
}

/// Where a page stands in its list.
#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[non_exhaustive]
pub struct PageInfo {
    /// How many items a page has at most.
    #[serde(default)]
    pub size: u64,
    /// The number of this page. The first is 1.
    #[serde(default)]
    pub number: u64,
    /// How many pages there are.
    #[serde(default)]
    pub total_pages: u64,
    /// How many items there are.
    #[serde(default)]
    pub total_elements: u64,
}

/// A count is shown as far as a list could be long: what is sent in its place may be anybody's number.
impl fmt::Debug for PageInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |count: u64| (count < 10_000_000).then_some(count);
        f.debug_struct("PageInfo")
            .field("size", &shown(self.size))
            .field("number", &shown(self.number))
            .field("total_pages", &shown(self.total_pages))
            .field("total_elements", &shown(self.total_elements))
            .finish()
    }
}

/// A list as it comes. The items stay slices of the answer, so that each can own its bytes.
pub(crate) struct List<E> {
    pub(crate) page: Option<PageInfo>,
    pub(crate) links: Option<PageLinks>,
    pub(crate) embedded: E,
}

#[derive(Deserialize)]
struct ListMembers<'a> {
    #[serde(default, deserialize_with = "lenient")]
    page: Option<Object<PageInfo>>,
    #[serde(default, rename = "_links", deserialize_with = "object_or_null")]
    links: Option<PageLinks>,
    #[serde(borrow, rename = "_embedded")]
    embedded: &'a RawValue,
}

impl<'a, E> List<E> {
    /// Reads a list, or nothing where it is none.
    pub(crate) fn read(body: &'a [u8]) -> Option<Self>
    where
        E: Deserialize<'a>,
    {
        Self::read_with(body, object)
    }

    /// The same where `embedded` reads what is in `_embedded`.
    pub(crate) fn read_with(body: &'a [u8], embedded: impl FnOnce(&'a [u8]) -> Option<E>) -> Option<Self> {
        let members: ListMembers<'a> = object(body)?;
        Some(Self {
            page: members.page.map(|page| page.0),
            links: members.links,
            embedded: embedded(members.embedded.get().as_bytes())?,
        })
    }
}

/// Reads an object, or nothing where it is none.
pub(crate) fn object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    let read = serde_json::from_slice::<Object<T>>(json).ok();
    read.map(|object| object.0)
}

/// For members that decide how it goes on: `null` is nothing, and what is no object of the kind is an error.
fn object_or_null<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Some(raw) = Option::<&RawValue>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let read = object(raw.get().as_bytes()).map(Some);
    read.ok_or_else(|| serde::de::Error::custom("expected an object"))
}

/// The `_embedded` of a list of checks.
#[derive(Deserialize)]
pub(crate) struct EmbeddedChecks<'a> {
    #[serde(borrow)]
    pub(crate) checks: Vec<&'a RawValue>,
}

/// The order of a list.
///
/// ```
/// use idlayr::Sort;
///
/// let newest_first = Sort::descending("created_at");
/// # let _ = newest_first;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    property: String,
    descending: bool,
}

impl Sort {
    /// Smallest or oldest first.
    pub fn ascending(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            descending: false,
        }
    }

    /// Largest or newest first.
    pub fn descending(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            descending: true,
        }
    }

    pub(crate) fn to_query(&self) -> Result<String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if self.property.is_empty() || !self.property.bytes().all(plain) {
            return Err(Error::invalid_input(
                "the property to sort by must be a member's name, such as created_at",
            ));
        }
        Ok(format!(
            "{},{}",
            self.property,
            if self.descending { "desc" } else { "asc" }
        ))
    }
}

#[cfg(test)]
mod tests;
