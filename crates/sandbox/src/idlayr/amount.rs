//! Money: exact, with four places at most (contract 1).

use serde_json::Value;

/// The unit of test credit, which the sandbox counts in.
pub(super) const CURRENCY: &str = "API";
const PLACES: usize = 4;
const UNIT: u64 = 10_000;
/// Fifteen digits: as many as a JSON number that is read as a binary fraction surely keeps.
const LARGEST: u64 = 999_999_999_999_999;

/// An amount in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(u64);

impl Amount {
    pub(super) const ONE: Self = Self(UNIT);

    pub(super) fn whole(units: u32) -> Self {
        Self(u64::from(units) * UNIT)
    }

    fn of(parts: u64) -> Option<Self> {
        (parts <= LARGEST).then_some(Self(parts))
    }

    /// Reads a decimal number, written as JSON writes one without an exponent. `None` for any other, for one
    /// below zero, for one with more places, and for one that is too large.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(places) {
            return None;
        }
        let places = places.trim_end_matches('0');
        if places.len() > PLACES {
            return None;
        }
        let parts: u64 = format!("{places:0<PLACES$}").parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        Self::of(whole.checked_mul(UNIT)?.checked_add(parts)?)
    }

    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(super) fn checked_add(self, other: Self) -> Option<Self> {
        Self::of(self.0.checked_add(other.0)?)
    }

    pub(super) fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    pub(super) fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The JSON number, a whole one without places.
    pub(super) fn json(self) -> Value {
        let (whole, parts) = (self.0 / UNIT, self.0 % UNIT);
        let text = format!("{whole}.{parts:0PLACES$}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, json) in [
            ("0", "0"),
            ("25", "25"),
            ("100", "100"),
            ("12.50", "12.5"),
            ("0.0001", "0.0001"),
            ("0.1", "0.1"),
            ("1.20000000", "1.2"),
            ("99999999999.9999", "99999999999.9999"),
            ("90071992547.4099", "90071992547.4099"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().json().to_string(), json, "{text}");
        }
        for parts in (0..=LARGEST).step_by(7_777_777_777) {
            let written = Amount(parts).json().to_string();
            assert_eq!(Amount::parse(&written), Some(Amount(parts)), "{written}");
        }
        let three = Amount::parse("0.1")
            .unwrap()
            .checked_add(Amount::parse("0.2").unwrap());
        assert_eq!(three, Amount::parse("0.3"));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "0.00001",
            "1.2.3",
            "99999999999999999999",
            "100000000000",
        ] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }
}
