//! HAL: links and pages (contract idlayr, 9).

use serde::Deserialize;
use serde_json::value::RawValue;
use verikit_core::value::lenient;
use verikit_core::{Error, Result};

/// `{"href": "..."}`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Link {
    pub(crate) href: String,
}

/// The links of a list. One may be absent, `null` or an object; what is none of these counts as absent.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PageLinks {
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) next: Option<Link>,
}

/// Where a page stands in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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

/// A list as it comes. The items stay slices of the answer, so that each can own its bytes.
#[derive(Deserialize)]
pub(crate) struct List<E> {
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) page: Option<PageInfo>,
    #[serde(default, rename = "_links", deserialize_with = "lenient")]
    pub(crate) links: Option<PageLinks>,
    #[serde(rename = "_embedded")]
    pub(crate) embedded: E,
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
