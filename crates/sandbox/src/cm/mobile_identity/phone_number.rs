//! Phone numbers, strictly in E.164 with a leading `+` (contract cm-identity, 3).

use serde::{Deserialize, Deserializer, de};

/// A number and what its last two digits stand for. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PhoneNumber(String);

impl PhoneNumber {
    /// `+` and at most 15 digits, not from 0. The least of 7 digits is ours.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let is_number = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        is_number.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, masked except for its last two digits.
    pub(super) fn masked(&self) -> String {
        let shown = self.0.len().saturating_sub(2);
        self.0
            .char_indices()
            .map(|(position, character)| if position < shown { '•' } else { character })
            .collect()
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneNumber([redacted])")
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("phoneNumber is not an E.164 number with a leading +"))
    }
}

#[cfg(test)]
mod tests {
    use super::PhoneNumber;

    #[test]
    fn only_e164_with_its_plus_is_a_number() {
        for good in ["+3161000", "+31600000042", "+123456789012345"] {
            assert!(PhoneNumber::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "+",
            "31600000042",
            "0031600000042",
            "+031600000",
            "+316000",
            "+1234567890123456",
            "+31 600000042",
            "+3160000004a",
            "+31-600000042",
            " +31600000042",
            "++31600000042",
            "+３１６００００００",
        ] {
            assert!(PhoneNumber::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn all_but_two_digits_are_masked() {
        let number = PhoneNumber::parse("+31600000042").unwrap();
        assert_eq!(number.masked(), "••••••••••42");
        assert_eq!(format!("{number:?}"), "PhoneNumber([redacted])");
    }
}
