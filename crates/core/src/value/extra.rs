//! Members of a request that have no setter.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::secret::Personal;

/// Members of a request body that a provider's crate has no setter for, in the order in which they were
/// given. Their values may be anything, so they are never shown.
///
/// ```
/// use verikit_core::value::ExtraMembers;
///
/// let mut extra = ExtraMembers::default();
/// extra.push("nickname", "Anna");
/// assert!(extra.check(&["name"]).is_ok());
/// assert!(extra.check(&["nickname"]).is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtraMembers(Vec<(String, Personal<Value>)>);

impl ExtraMembers {
    /// Adds a member.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.push((name.into(), Personal::new(value.into())));
    }

    /// Refuses what would be there twice. An extra member must never decide over a typed one, nor one over
    /// another: which of two would count is the server's secret.
    ///
    /// # Errors
    ///
    /// When a member has no name, is called like one of `typed` (whatever the case), or is given twice.
    pub fn check(&self, typed: &[&str]) -> Result<()> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if name.is_empty() {
                return Err(Error::invalid_input("an extra member has no name"));
            }
            if let Some(typed) = typed.iter().find(|typed| typed.eq_ignore_ascii_case(name)) {
                return Err(Error::invalid_input(format!(
                    "an extra member is called {typed}, which has a setter of its own"
                )));
            }
            if self.0.iter().take(place).any(|(earlier, _)| earlier == name) {
                return Err(Error::invalid_input("an extra member is given twice"));
            }
        }
        Ok(())
    }
}

impl Serialize for ExtraMembers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
