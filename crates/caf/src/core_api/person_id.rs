//! What a face is registered under (contract caf, 4.8).

use std::fmt;

use verikit_core::value::Identifier;

use crate::cpf::Cpf;
use crate::personal_text::personal_text;

const SHORTEST: usize = 5;
const LONGEST: usize = 254;

/// What a face is registered under: a text of your own, of 5 to 254 letters, digits, `@`, `.`, `_` and `-`,
/// such as a document's number or an e-mail address. Letters are those of ASCII, as far as is documented.
///
/// A text of digits, `.`, `-` and `/` alone is read as a masked document, of which only the digits count: it
/// is kept, compared and sent without the punctuation, so that one person has one id.
///
/// Neither `Debug` nor `Display` shows it.
///
/// ```
/// use caf::core_api::PersonId;
///
/// assert_eq!(PersonId::new("ana.teste@example.net")?.as_str(), "ana.teste@example.net");
/// assert_eq!(PersonId::new("123.456.789-09")?, PersonId::new("12345678909")?);
/// assert!(PersonId::new("ana").is_err());
/// assert!(PersonId::new("ana teste").is_err());
/// # Ok::<(), caf::core_api::InvalidPersonId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(Identifier);

impl PersonId {
    /// Takes an id.
    ///
    /// # Errors
    ///
    /// [`InvalidPersonId`] when it has another length or another character than the provider takes, or fewer
    /// than five digits are left of a masked document. It does not repeat the text.
    pub fn new(text: &str) -> Result<Self, InvalidPersonId> {
        let is_mask = |character: char| matches!(character, '.' | '-' | '/');
        let masked = text
            .chars()
            .all(|character| character.is_ascii_digit() || is_mask(character));
        let allowed =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '@' | '.' | '_' | '-');
        if !masked && !text.chars().all(allowed) {
            return Err(InvalidPersonId(
                "a person id has letters, digits, @, ., _ and - alone",
            ));
        }
        let bare = if masked {
            text.chars().filter(char::is_ascii_digit).collect()
        } else {
            String::from(text)
        };
        if !(SHORTEST..=LONGEST).contains(&text.len()) || bare.len() < SHORTEST {
            return Err(InvalidPersonId("a person id has 5 to 254 characters"));
        }
        Identifier::new(&bare)
            .map(Self)
            .map_err(|_| InvalidPersonId("a person id cannot be used"))
    }

    /// The id, as it is sent. Personal.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the provider's text names the same person, to the letter: that ids are compared without the
    /// case of their letters is not documented, so that two of them may be two people.
    pub(super) fn is(&self, text: &str) -> bool {
        Self::new(text).is_ok_and(|other| other == *self)
    }

    /// The same where the provider may have changed the case, and nobody is let in by it.
    pub(super) fn is_but_for_case(&self, text: &str) -> bool {
        Self::new(text).is_ok_and(|other| other.as_str().eq_ignore_ascii_case(self.as_str()))
    }
}

impl TryFrom<Cpf> for PersonId {
    type Error = InvalidPersonId;

    fn try_from(cpf: Cpf) -> Result<Self, Self::Error> {
        Self::new(cpf.digits())
    }
}

personal_text!(PersonId, InvalidPersonId, new, as_str);

/// Why a text cannot be a person id. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPersonId(&'static str);

impl fmt::Display for InvalidPersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidPersonId {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_provider_takes_and_nothing_else() {
        for text in [
            "abcde",
            "12345",
            "a.b_c-d@e",
            "user-0001",
            "A.B.C",
            "12345-a",
            "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80",
        ] {
            assert_eq!(PersonId::new(text).unwrap().as_str(), text);
        }
        assert!(PersonId::new(&"a".repeat(254)).is_ok());
        for text in [
            "",
            "abcd",
            "ana teste",
            "ana/teste",
            "ana+1@example.net",
            "jo\u{e3}o123",
            "12345\n",
            "12345\0",
            "../../x",
            "1234\u{665}",
            "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}",
        ] {
            let refused = PersonId::new(text).unwrap_err();
            let error = serde_json::from_value::<PersonId>(text.into())
                .unwrap_err()
                .to_string();
            assert_eq!(error, refused.to_string(), "the text is not repeated");
        }
        assert!(PersonId::new(&"a".repeat(255)).is_err());
    }

    #[test]
    fn a_masked_document_is_its_digits() {
        for (text, digits) in [
            ("123.456.789-09", "12345678909"),
            ("12.345.678/0001-95", "12345678000195"),
            ("000.000.001-91", "00000000191"),
            ("12345/", "12345"),
        ] {
            let id = PersonId::new(text).unwrap();
            assert_eq!(id.as_str(), digits);
            assert!(id.is(text) && id.is(digits));
            assert_eq!(text.parse().as_ref(), Ok(&id));
            assert_eq!(serde_json::from_value::<PersonId>(text.into()).unwrap(), id);
            assert_eq!(serde_json::to_value(&id).unwrap(), digits);
        }
        // As long as is asked for, and nearly nothing is left of it.
        for text in ["-----", "1.2.3", "1234.", "/////", "12-34/"] {
            assert!(PersonId::new(text).is_err(), "{text:?}");
        }
        let id = PersonId::new("ana-1.teste").unwrap();
        assert!(id.is("ana-1.teste") && !id.is("ana-1teste") && !id.is("") && !id.is("bia-1.teste"));
        // Two people may have ids that differ in this alone.
        assert!(!id.is("Ana-1.Teste") && id.is_but_for_case("Ana-1.Teste"));
        assert!(!id.is_but_for_case("ana-1teste") && !id.is_but_for_case(""));
    }

    proptest! {
        #[test]
        fn an_id_that_is_taken_obeys_the_rules(text in "[a-c0-9@._/ \u{e9}-]{0,12}") {
            if let Ok(id) = PersonId::new(&text) {
                let kept = id.as_str();
                prop_assert!((5..=254).contains(&kept.len()));
                prop_assert!(kept.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@._-".contains(&byte)));
                prop_assert_eq!(PersonId::new(kept).unwrap(), id.clone());
                let shown = format!("{id} {id:?}");
                prop_assert!(!shown.contains(kept));
            }
        }
    }
}
