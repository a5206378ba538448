//! Values that several providers share.

use std::time::SystemTime;

use verikit::value::Amount;
use verikit::{PhoneNumber, Timestamp};

use crate::needles::{assert_debug_hidden, assert_error_hidden};
use crate::targets::text;

/// A phone number as somebody typed it.
pub(crate) fn phone_number(input: &[u8]) {
    let text = text(input);
    let read = PhoneNumber::parse(&text);
    assert_eq!(read.is_ok(), is_phone_number(&text), "{text:?}");
    let json = serde_json::to_string(&text).unwrap();
    let from_json: Result<PhoneNumber, _> = serde_json::from_str(&json);
    match read {
        Ok(number) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(number.digits(), digits);
            assert_eq!(number.e164(), format!("+{digits}"));
            assert_eq!(from_json.unwrap(), number);
            let written = serde_json::to_string(&number).unwrap();
            assert_eq!(written, format!("\"+{digits}\""));
            assert_eq!(serde_json::from_str::<PhoneNumber>(&written).unwrap(), number);
            assert!(!format!("{number:?} {number:#?}").contains(&digits));
        }
        Err(error) => {
            assert_error_hidden(&error);
            assert_error_hidden(&from_json.unwrap_err());
        }
    }
}

/// The rule of the documentation, once more: 8 to 15 digits that do not begin with 0, a plus before them, and
/// nothing but what people put between digits.
fn is_phone_number(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let between = " \u{a0}\u{202f}-\u{2010}\u{2011}./()";
    (8..=15).contains(&digits.len())
        && digits[0] != '0'
        && !text.contains("(0)")
        && text.chars().all(|c| c.is_ascii_digit() || between.contains(c))
}

/// A date and time. The judge is a calendar library.
pub(crate) fn timestamp(input: &[u8]) {
    let text = text(input);
    let judged: Option<jiff::Timestamp> = text.parse().ok();
    match Timestamp::parse(&text) {
        Ok(read) => {
            assert_eq!(read.as_str(), text);
            // By way of the offset, the ends of the calendar reach beyond what the judge takes.
            let year: u32 = text[..4].parse().unwrap();
            if (1..=9998).contains(&year) {
                let judged = judged.unwrap_or_else(|| panic!("{text:?} is no date to the judge"));
                assert_eq!(
                    read.unix_seconds(),
                    judged.as_nanosecond().div_euclid(1_000_000_000) as i64
                );
                assert_eq!(read.system_time(), Some(SystemTime::from(judged)));
            }
            let written = serde_json::to_string(&read).unwrap();
            let again: Timestamp = serde_json::from_str(&written).unwrap();
            assert_eq!((again.as_str(), &again), (read.as_str(), &read));
            assert!(format!("{read:?}").len() <= 50, "nothing but a date is shown");
            assert_debug_hidden(&read);
        }
        Err(error) => {
            assert_error_hidden(&error);
            let spelt = text.len() >= 20 && text.is_ascii() && text.as_bytes()[10] == b'T';
            let offset = text.ends_with('Z') && text.as_bytes().get(19) == Some(&b'Z');
            assert!(
                !(spelt && offset && judged.is_some()),
                "{text:?} is a date to the judge"
            );
        }
    }
}

/// An amount of money, as JSON.
pub(crate) fn amount(input: &[u8]) {
    let value: Option<serde_json::Value> = serde_json::from_slice(input).ok();
    let number = std::str::from_utf8(input)
        .ok()
        .map(|text| text.trim_matches([' ', '\t', '\r', '\n']))
        .filter(|text| text.len() <= 64)
        .filter(|_| {
            // serde_json gives up on numbers beyond a double, which an amount need not.
            value
                .as_ref()
                .map_or_else(|| is_json_number(input), serde_json::Value::is_number)
        });
    match serde_json::from_slice::<Amount>(input) {
        Ok(amount) => {
            assert_eq!(Some(amount.as_str()), number);
            assert_eq!(serde_json::to_string(&amount).unwrap(), amount.as_str());
            assert_eq!(amount.to_string(), amount.as_str());
            let (digits, exponent) = decimal(amount.as_str());
            for decimals in [0, 2, 4, 30] {
                match amount.scaled(decimals) {
                    Some(scaled) => {
                        let shifted = decimal(&scaled.to_string());
                        let back = (
                            shifted.0,
                            if scaled == 0 {
                                0
                            } else {
                                shifted.1 - i64::from(decimals)
                            },
                        );
                        assert_eq!(back, (digits.clone(), exponent));
                    }
                    None => {
                        let whole = exponent + i64::from(decimals) >= 0;
                        let fits = digits.len() as i64 + exponent + i64::from(decimals) <= 38;
                        assert!(!(whole && fits), "{amount} fits at {decimals} decimals");
                    }
                }
            }
            assert_debug_hidden(&amount);
        }
        Err(error) => {
            assert_eq!(number, None);
            assert_error_hidden(&error);
        }
    }
}

fn is_json_number(input: &[u8]) -> bool {
    let text = input.trim_ascii();
    text.first()
        .is_some_and(|first| first.is_ascii_digit() || *first == b'-')
        && serde_json::from_slice::<&serde_json::value::RawValue>(input).is_ok()
}

/// A decimal number as its digits without zeros at either end, with the sign, and the power of ten of the
/// last one.
fn decimal(number: &str) -> (String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    // An exponent that does not fit is as good as any other that no amount has.
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 2);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let zeros = (digits.len() - trimmed.len()) as i64;
    let significant = trimmed.trim_start_matches('0');
    if significant.is_empty() {
        return (String::from("0"), 0);
    }
    (
        format!("{sign}{significant}"),
        exponent - fraction.len() as i64 + zeros,
    )
}
