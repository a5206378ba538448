//! Members as the provider writes them: an empty text for none, whole numbers with or without a point.

use serde::Deserializer;
use verikit_core::Personal;
use verikit_core::value::lenient;

/// A text; an empty one, which is how the provider says none, reads as `None`.
pub(super) fn filled<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    let text: Option<String> = lenient(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(T::from))
}

/// The same for the words of an open set.
pub(super) fn word<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> From<&'a str>,
{
    let text: Option<String> = lenient(deserializer)?;
    Ok(text.as_deref().filter(|text| !text.is_empty()).map(T::from))
}

/// A small count, written as a whole number or with a fraction of zero. Anything larger is none: it is shown
/// in `Debug`, and must not be a phone number.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let number: Option<f64> = lenient(deserializer)?;
    Ok(number.and_then(to_whole))
}

/// The same, personal.
pub(super) fn personal_whole<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Personal<u16>>, D::Error> {
    Ok(whole(deserializer)?.map(Personal::new))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both are ruled out before"
)]
fn to_whole(number: f64) -> Option<u16> {
    (number.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&number)).then_some(number as u16)
}
