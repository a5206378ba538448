//! What the service `sanctions` finds.

use serde::Deserialize;
use serde_json::Value;
use verikit_core::value::lenient;
use verikit_core::{Answer, Personal};

/// Whether somebody is on a list of sanctions.
///
/// The members that decide are strict: one of another type than documented makes the whole answer unreadable.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Sanctions {
    /// The name that was looked for, as the provider writes it. It is not compared with yours: which letters
    /// and accents the provider changes is not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// Whether the person is sanctioned. `Some(true)` is a "yes". **`Some(false)` alone is not a "no"**, and
    /// `None` is none either: use [`is_clear`](Sanctions::is_clear).
    #[serde(default)]
    pub is_sanctioned: Option<bool>,
    /// How many entries were found.
    #[serde(default)]
    pub total_matches: Option<Personal<u64>>,
    /// The entries.
    #[serde(default)]
    pub sanctions_list: Option<Vec<Answer<SanctionMatch>>>,
}

impl Sanctions {
    /// Whether nothing was found: `isSanctioned` is `false`, `totalMatches` is 0 and there is no entry. If
    /// either of the first two is missing, or anything says otherwise, it is `false`, so that nobody passes
    /// of whom it is not known. A list that is missing has no entry.
    ///
    /// An answer that is neither this nor [`is_sanctioned`](Sanctions::is_sanctioned) is for a person to look
    /// at.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let none_found = self.total_matches.is_some_and(|matches| *matches.expose() == 0);
        let no_entry = self.sanctions_list.as_ref().is_none_or(Vec::is_empty);
        self.is_sanctioned == Some(false) && none_found && no_entry
    }
}

/// An entry of a list of sanctions. Texts are as the provider writes them; what is not a text where one is
/// expected is left to [`Answer::raw`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SanctionMatch {
    /// What the provider thinks of the entry. Its words are not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub match_status: Option<Personal<String>>,
    /// What matched.
    #[serde(default, deserialize_with = "lenient")]
    pub match_types: Option<Vec<Personal<String>>>,
    /// What matched, in detail, in no documented form.
    #[serde(default, deserialize_with = "lenient")]
    pub match_types_details: Option<Personal<Vec<Value>>>,
    /// What is sanctioned, `entityTypess` with two s at its end (contract caf, 4.7). In no documented form.
    #[serde(default, rename = "entityTypess", deserialize_with = "lenient")]
    pub entity_types: Option<Personal<Value>>,
    /// The lists that it stands in.
    #[serde(default, deserialize_with = "lenient")]
    pub sources: Option<Vec<Personal<String>>>,
    /// What these lists say, in no documented form.
    #[serde(default, deserialize_with = "lenient")]
    pub source_notes: Option<Personal<Value>>,
    /// Where a person can read it.
    #[serde(default, deserialize_with = "lenient")]
    pub share_url: Option<Personal<String>>,
    /// The level of risk. Its words are not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub risk_level: Option<Personal<String>>,
    /// The kind of sanction.
    #[serde(default, deserialize_with = "lenient")]
    pub sanction_type: Option<Personal<String>>,
}
