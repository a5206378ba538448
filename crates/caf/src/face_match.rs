//! What the attempts to authenticate a face have in common on the Mobile and the Core API (contract caf, 3.4
//! and 4.8).

use serde::Deserializer;
use verikit_core::Personal;
use verikit_core::value::lenient;

/// Whether the verdict of an attempt is a match: it is there and is `true`, and nothing that it is made of
/// says otherwise. What is missing of the latter says nothing.
pub(crate) fn is_match(verdict: Option<bool>, is_face_match: Option<bool>, is_alive: Option<bool>) -> bool {
    verdict == Some(true) && is_face_match != Some(false) && is_alive != Some(false)
}

/// A number from 0 to 1, which answers write as `1` too. Any other is left to the raw answer. **Personal**:
/// how alike two faces are is nobody else's.
pub(crate) fn ratio<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Personal<f64>>, D::Error> {
    let number: Option<f64> = lenient(deserializer)?;
    let number = number.filter(|number| (0.0..=1.0).contains(number));
    Ok(number.map(Personal::new))
}
