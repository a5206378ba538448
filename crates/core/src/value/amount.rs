//! Amounts of money, without binary fractions.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

/// An amount as the provider wrote it: a JSON number, kept digit by digit.
///
/// ```
/// use verikit_core::value::Amount;
///
/// let amount: Amount = serde_json::from_str("0.0350")?;
/// assert_eq!(amount.as_str(), "0.0350");
/// assert_eq!(amount.scaled(4), Some(350));
/// assert_eq!(amount.scaled(2), None); // would lose digits
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Amount(Box<str>);

impl Amount {
    /// The number's own text, such as `0.0350`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount times ten to the power of `decimals`, if that is a whole number that fits.
    #[must_use]
    pub fn scaled(&self, decimals: u32) -> Option<i128> {
        let (mantissa, exponent) = self.0.split_once(['e', 'E']).unwrap_or((&*self.0, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        // Zeros at the end change nothing, and there may be more of them than fit.
        let significant = digits.trim_end_matches('0');
        if significant.trim_start_matches('-').is_empty() {
            return Some(0);
        }
        let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
        let shift = i64::from(decimals)
            .checked_add(exponent.parse().ok()?)?
            .checked_add(zeros)?
            .checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let power = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
        significant.parse::<i128>().ok()?.checked_mul(power)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No check costs ten million, or is counted in less than millionths: longer digits are no amount, and
        // may be somebody's phone number.
        let digits = self.0.strip_prefix('-').unwrap_or(&self.0);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if plain && whole.len() <= 7 && fraction.len() <= 6 {
            write!(f, "Amount({})", self.0)
        } else {
            write!(f, "Amount([{} bytes])", self.0.len())
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = Box::<str>::from(raw);
        // What JSON allows to start with a digit or a minus is a number and nothing else.
        if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') || text.len() > 64 {
            return Err(de::Error::custom("expected a number"));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn digits_survive_where_a_float_would_lose_them() {
        for text in ["0.1", "1", "-3.20", "12345678901234567890.0001", "1e2", "1.5E-3"] {
            assert_eq!(amount(text).as_str(), text);
            assert_eq!(serde_json::to_string(&amount(text)).unwrap(), text);
        }
    }

    #[test]
    fn scaling_is_exact_or_nothing() {
        assert_eq!(amount("0.1").scaled(1), Some(1));
        assert_eq!(amount("-3.20").scaled(2), Some(-320));
        assert_eq!(amount("-3.20").scaled(1), Some(-32));
        assert_eq!(amount("1.5E-3").scaled(4), Some(15));
        assert_eq!(amount("1e2").scaled(0), Some(100));
        assert_eq!(amount("0.5").scaled(0), None);
        assert_eq!(amount("1e40").scaled(0), None);
        assert_eq!(amount("0e-99999").scaled(0), Some(0));
        assert_eq!(amount("-0.0e9999999999999999999").scaled(0), Some(0));
        assert_eq!(
            amount("1.00000000000000000000000000000000000000000000").scaled(0),
            Some(1)
        );
        assert_eq!(amount("1000e-3").scaled(0), Some(1));
        assert_eq!(amount("1e9999999999999999999").scaled(0), None);
        assert_eq!(amount("1e2147483647").scaled(9), None);
    }

    #[test]
    fn what_is_too_long_for_money_is_not_shown() {
        assert_eq!(format!("{:?}", amount("-3.2050")), "Amount(-3.2050)");
        assert_eq!(format!("{:?}", amount("447700900042")), "Amount([12 bytes])");
        assert_eq!(format!("{:?}", amount("0.447700900042123")), "Amount([17 bytes])");
        assert_eq!(format!("{:?}", amount("1.447700900042")), "Amount([14 bytes])");
        assert_eq!(format!("{:?}", amount("1.5e4477009000")), "Amount([14 bytes])");
    }

    #[test]
    fn only_numbers_are_amounts() {
        for text in ["\"1\"", "null", "true", "[1]", "{}"] {
            assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
        }
    }
}
