//! Members that may be of the wrong type without spoiling the answer around them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// For `#[serde(default, deserialize_with = "lenient")]` on an `Option` that decides nothing: a value that
/// does not fit reads as `None` and stays visible in the raw answer. Never use it on a decision.
///
/// # Errors
///
/// Only when the JSON around it is broken.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Sample {
        #[serde(default, deserialize_with = "lenient")]
        network: Option<String>,
        #[serde(default)]
        decided: Option<bool>,
    }

    fn read(text: &str) -> Result<Sample, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }

    #[test]
    fn a_wrong_type_spoils_only_a_decision() {
        let sample = read(r#"{"network":23410,"decided":true}"#).unwrap();
        assert_eq!((sample.network, sample.decided), (None, Some(true)));
        assert_eq!(
            read(r#"{"network":"23410"}"#).unwrap().network.as_deref(),
            Some("23410")
        );
        assert_eq!(read(r#"{"network":null}"#).unwrap().network, None);
        assert!(read(r#"{"decided":"true"}"#).is_err());
        assert!(read(r#"{"decided":true,"decided":true}"#).is_err());
        assert!(read(r#"{"network":tru}"#).is_err());
    }
}
