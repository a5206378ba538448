//! What comes back.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use verikit_core::value::lenient;

use crate::state::{State, is_success, present};

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Attribute {
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
    /// The name as a whole. It looks as if it means that both names match (inferred).
    Name,
    /// The address.
    Address,
    /// The postal code.
    PostalCode,
    /// The date of birth.
    DateOfBirth,
}

/// What the comparison said of each attribute: `Some(true)`, `Some(false)`, or `None` where the answer does
/// not say. What an attribute that was not sent yields is not documented, and neither is what the operator's
/// having no data yields: **`None` is not `false`, and neither is `false` for what was not sent a "no"**.
///
/// ```
/// use cm_identity::{Answer, Attribute, IdentityMatch};
///
/// let result = Answer::<IdentityMatch>::from_json(
///     r#"{"state":"success","lastNameMatch":true,"postalCodeMatch":false,"addressMatch":null}"#,
/// )?;
/// assert_eq!(result.postal_code, Some(false));
/// assert_eq!(result.address, None);
/// assert!(result.all_match(&[Attribute::LastName]));
/// assert!(!result.all_match(&[Attribute::LastName, Attribute::Address]));
/// # Ok::<(), cm_identity::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "MatchMembers")]
#[non_exhaustive]
pub struct IdentityMatch {
    /// How it came out. Older answers do not have it. With any other word than success, all attributes are
    /// `None`.
    pub state: Option<State>,
    /// `firstNameMatch`.
    pub first_name: Option<bool>,
    /// `lastNameMatch`.
    pub last_name: Option<bool>,
    /// `nameMatch`.
    pub name: Option<bool>,
    /// `addressMatch`.
    pub address: Option<bool>,
    /// `postalCodeMatch`.
    pub postal_code: Option<bool>,
    /// `dateOfBirthMatch`.
    pub date_of_birth: Option<bool>,
}

impl IdentityMatch {
    /// What the answer says of an attribute.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<bool> {
        match attribute {
            Attribute::FirstName => self.first_name,
            Attribute::LastName => self.last_name,
            Attribute::Name => self.name,
            Attribute::Address => self.address,
            Attribute::PostalCode => self.postal_code,
            Attribute::DateOfBirth => self.date_of_birth,
        }
    }

    /// Whether the answer says "yes" to every one of these. Name those that were sent; of none it is `false`.
    #[must_use]
    pub fn all_match(&self, attributes: &[Attribute]) -> bool {
        !attributes.is_empty()
            && attributes
                .iter()
                .all(|attribute| self.get(*attribute) == Some(true))
    }
}

/// What the score said of each attribute, from 0 to 100, or `None` where the answer does not say.
///
/// **The members' names are a guess** by analogy with those of [`IdentityMatch`]: the vendor's page could not
/// be read that far, nor is it known whether the date of birth has a score (contract cm-identity, 3.2 and
/// 10). Look at [`Answer::extra`](crate::Answer::extra) if all are `None`: members of other names are there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "ScoreMembers")]
#[non_exhaustive]
pub struct IdentityScore {
    /// How it came out. Older answers do not have it. With any other word than success, all scores are
    /// `None`.
    pub state: Option<State>,
    /// `firstNameScore` (unconfirmed).
    pub first_name: Option<f64>,
    /// `lastNameScore` (unconfirmed).
    pub last_name: Option<f64>,
    /// `nameScore` (unconfirmed).
    pub name: Option<f64>,
    /// `addressScore` (unconfirmed).
    pub address: Option<f64>,
    /// `postalCodeScore` (unconfirmed).
    pub postal_code: Option<f64>,
    /// `dateOfBirthScore` (unconfirmed).
    pub date_of_birth: Option<f64>,
}

impl IdentityScore {
    /// What the answer says of an attribute.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<f64> {
        match attribute {
            Attribute::FirstName => self.first_name,
            Attribute::LastName => self.last_name,
            Attribute::Name => self.name,
            Attribute::Address => self.address,
            Attribute::PostalCode => self.postal_code,
            Attribute::DateOfBirth => self.date_of_birth,
        }
    }
}

/// The members on the wire. They decide: what is neither a boolean nor its documented spelling is an error.
#[derive(Deserialize)]
struct MatchMembers {
    #[serde(default, deserialize_with = "present")]
    state: Option<State>,
    #[serde(default, rename = "firstNameMatch", deserialize_with = "boolean")]
    first_name: Option<bool>,
    #[serde(default, rename = "lastNameMatch", deserialize_with = "boolean")]
    last_name: Option<bool>,
    #[serde(default, rename = "nameMatch", deserialize_with = "boolean")]
    name: Option<bool>,
    #[serde(default, rename = "addressMatch", deserialize_with = "boolean")]
    address: Option<bool>,
    #[serde(default, rename = "postalCodeMatch", deserialize_with = "boolean")]
    postal_code: Option<bool>,
    #[serde(default, rename = "dateOfBirthMatch", deserialize_with = "boolean")]
    date_of_birth: Option<bool>,
}

impl From<MatchMembers> for IdentityMatch {
    fn from(members: MatchMembers) -> Self {
        let success = is_success(members.state.as_ref());
        let known = |matched: Option<bool>| matched.filter(|_| success);
        Self {
            first_name: known(members.first_name),
            last_name: known(members.last_name),
            name: known(members.name),
            address: known(members.address),
            postal_code: known(members.postal_code),
            date_of_birth: known(members.date_of_birth),
            state: members.state,
        }
    }
}

/// The members on the wire, as far as they can be guessed: what is no number of 0 to 100 is left to the raw
/// answer.
#[derive(Deserialize)]
struct ScoreMembers {
    #[serde(default, deserialize_with = "present")]
    state: Option<State>,
    #[serde(default, rename = "firstNameScore", deserialize_with = "lenient")]
    first_name: Option<f64>,
    #[serde(default, rename = "lastNameScore", deserialize_with = "lenient")]
    last_name: Option<f64>,
    #[serde(default, rename = "nameScore", deserialize_with = "lenient")]
    name: Option<f64>,
    #[serde(default, rename = "addressScore", deserialize_with = "lenient")]
    address: Option<f64>,
    #[serde(default, rename = "postalCodeScore", deserialize_with = "lenient")]
    postal_code: Option<f64>,
    #[serde(default, rename = "dateOfBirthScore", deserialize_with = "lenient")]
    date_of_birth: Option<f64>,
}

impl From<ScoreMembers> for IdentityScore {
    fn from(members: ScoreMembers) -> Self {
        let success = is_success(members.state.as_ref());
        let known = |score: Option<f64>| score.filter(|score| success && (0.0..=100.0).contains(score));
        Self {
            first_name: known(members.first_name),
            last_name: known(members.last_name),
            name: known(members.name),
            address: known(members.address),
            postal_code: known(members.postal_code),
            date_of_birth: known(members.date_of_birth),
            state: members.state,
        }
    }
}

/// Reads a boolean, or the text that the vendor's table of types announces in its place, or null.
fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    struct Spelling;

    impl Visitor<'_> for Spelling {
        type Value = Option<bool>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, false, \"true\", \"false\" or null")
        }

        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value))
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            match text {
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                // The text itself could be personal.
                _ => Err(E::custom("a text that is no boolean")),
            }
        }
    }

    deserializer.deserialize_any(Spelling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_documented_spellings_of_a_boolean_and_no_other() {
        let read = |json: &str| {
            let mut json = serde_json::Deserializer::from_str(json);
            boolean(&mut json)
        };
        assert_eq!(read("true").unwrap(), Some(true));
        assert_eq!(read("false").unwrap(), Some(false));
        assert_eq!(read(r#""true""#).unwrap(), Some(true));
        assert_eq!(read(r#""false""#).unwrap(), Some(false));
        assert_eq!(read(r#""\u0074rue""#).unwrap(), Some(true));
        assert_eq!(read("null").unwrap(), None);
        for other in [
            "1",
            "0",
            r#""True""#,
            r#""yes""#,
            r#""""#,
            r#"" true""#,
            "[true]",
            "{}",
            "1.0",
        ] {
            assert!(read(other).is_err(), "{other}");
        }
    }

    proptest! {
        /// Whatever JSON stands there: a match comes of `true` and `"true"` alone.
        #[test]
        fn nothing_else_is_ever_a_match(json in "(true|false|null|-?[0-9]{1,5}|\"[a-zA-Z ]{0,6}\"|\\[true\\]|\\{\\})") {
            let body = format!(r#"{{"state":"success","lastNameMatch":{json}}}"#);
            let read = serde_json::from_str::<IdentityMatch>(&body);
            let matched = read.is_ok_and(|read| read.last_name == Some(true));
            prop_assert_eq!(matched, json == "true" || json == "\"true\"");
        }
    }
}
