//! The body of a request: serialised once, signed and sent from the same buffer.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use serde_json::Value;
use url::form_urlencoded;

use crate::secret::Secret;

const REDACTED: &str = "[redacted]";

#[derive(Clone)]
pub(crate) enum Payload {
    None,
    Json {
        bytes: Bytes,
        content_type: HeaderValue,
        credentials: Vec<(&'static str, Secret)>,
    },
    Form {
        encoded: String,
        credentials: Vec<(&'static str, Secret)>,
    },
    Bytes {
        bytes: Bytes,
        content_type: HeaderValue,
    },
}

impl Payload {
    pub(crate) fn json(bytes: Vec<u8>, content_type: HeaderValue) -> Self {
        Self::Json {
            bytes: bytes.into(),
            content_type,
            credentials: Vec::new(),
        }
    }

    pub(crate) fn form(fields: &[(&str, &str)]) -> Self {
        let encoded = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Self::Form {
            encoded,
            credentials: Vec::new(),
        }
    }

    pub(crate) fn bytes(bytes: Bytes, content_type: HeaderValue) -> Self {
        Self::Bytes { bytes, content_type }
    }

    /// Adds a credential, or answers `false` where the body has no place for one. No body becomes a JSON
    /// object.
    #[must_use]
    pub(crate) fn add_credential(&mut self, name: &'static str, secret: Secret) -> bool {
        match self {
            Self::Json {
                bytes, credentials, ..
            } if bytes.starts_with(b"{") => credentials.push((name, secret)),
            Self::Form { credentials, .. } => credentials.push((name, secret)),
            Self::None => {
                *self = Self::Json {
                    bytes: Bytes::from_static(b"{}"),
                    content_type: HeaderValue::from_static("application/json"),
                    credentials: vec![(name, secret)],
                };
            }
            Self::Json { .. } | Self::Bytes { .. } => return false,
        }
        true
    }

    pub(crate) fn content_type(&self) -> Option<HeaderValue> {
        match self {
            Self::None => None,
            Self::Json { content_type, .. } => Some(content_type.clone()),
            Self::Form { .. } => Some(HeaderValue::from_static("application/x-www-form-urlencoded")),
            Self::Bytes { content_type, .. } => Some(content_type.clone()),
        }
    }

    pub(crate) fn bytes_to_send(&self) -> Bytes {
        self.assemble(Secret::expose)
    }

    fn assemble(&self, reveal: impl Fn(&Secret) -> &str) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::Bytes { bytes, .. } => bytes.clone(),
            Self::Json {
                bytes, credentials, ..
            } if credentials.is_empty() => bytes.clone(),
            Self::Json {
                bytes, credentials, ..
            } => {
                let members = bytes.strip_prefix(b"{").unwrap_or(bytes);
                let mut out = Vec::with_capacity(bytes.len() + 64 * credentials.len());
                for (name, secret) in credentials {
                    out.push(if out.is_empty() { b'{' } else { b',' });
                    out.extend_from_slice(Value::from(*name).to_string().as_bytes());
                    out.push(b':');
                    out.extend_from_slice(Value::from(reveal(secret)).to_string().as_bytes());
                }
                if members != b"}" {
                    out.push(b',');
                }
                out.extend_from_slice(members);
                out.into()
            }
            Self::Form { encoded, credentials } => {
                let mut form = form_urlencoded::Serializer::new(encoded.clone());
                for (name, secret) in credentials {
                    form.append_pair(name, reveal(secret));
                }
                form.finish().into()
            }
        }
    }

    /// The body's shape: names stay, values go.
    pub(crate) fn redacted(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Bytes { bytes, .. } => format!("[{} bytes]", bytes.len()),
            Self::Json { .. } => match serde_json::from_slice::<Value>(&self.assemble(|_| REDACTED)) {
                Ok(value) => redact(value).to_string(),
                Err(_) => String::from(REDACTED),
            },
            Self::Form { .. } => form_urlencoded::parse(&self.assemble(|_| REDACTED))
                .map(|(name, _)| format!("{name}={REDACTED}"))
                .collect::<Vec<_>>()
                .join("&"),
        }
    }
}

fn redact(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, redact(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(redact).collect(),
        Value::Null => Value::Null,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Value::from(REDACTED),
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Json { .. } => "JSON",
            Self::Form { .. } => "form",
            Self::Bytes { .. } => "bytes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: HeaderValue = HeaderValue::from_static("application/json");

    fn sent(payload: &Payload) -> String {
        String::from_utf8(payload.bytes_to_send().to_vec()).unwrap()
    }

    #[test]
    fn credentials_are_spliced_into_the_body() {
        let mut payload = Payload::json(br#"{"flags":{"a":true}}"#.to_vec(), JSON);
        assert!(payload.add_credential("company_key", Secret::new("k\"1")));
        assert!(payload.add_credential("session_token", Secret::new("t-2")));
        assert_eq!(
            sent(&payload),
            r#"{"company_key":"k\"1","session_token":"t-2","flags":{"a":true}}"#
        );

        let mut empty = Payload::json(b"{}".to_vec(), JSON);
        assert!(empty.add_credential("company_key", Secret::new("k-1")));
        assert_eq!(sent(&empty), r#"{"company_key":"k-1"}"#);

        let mut none = Payload::None;
        assert!(none.add_credential("company_key", Secret::new("k-1")));
        assert_eq!(sent(&none), r#"{"company_key":"k-1"}"#);

        let mut form = Payload::form(&[("a", "1 2")]);
        assert!(form.add_credential("client_secret", Secret::new("s&=")));
        assert_eq!(sent(&form), "a=1+2&client_secret=s%26%3D");
    }

    #[test]
    fn a_body_without_members_takes_no_credential() {
        let mut array = Payload::json(
            b"[1]".to_vec(),
            HeaderValue::from_static("application/json-patch+json"),
        );
        assert!(!array.add_credential("company_key", Secret::new("k-1")));
        let mut bytes = Payload::bytes(Bytes::from_static(b"x"), HeaderValue::from_static("image/png"));
        assert!(!bytes.add_credential("company_key", Secret::new("k-1")));
    }

    #[test]
    fn the_redacted_form_keeps_names_and_drops_values() {
        let mut payload = Payload::json(
            br#"{"phone_number":"447700900042","list":[1,null,true]}"#.to_vec(),
            JSON,
        );
        assert!(payload.add_credential("company_key", Secret::new("k-1")));
        assert_eq!(
            payload.redacted(),
            r#"{"company_key":"[redacted]","list":["[redacted]",null,"[redacted]"],"phone_number":"[redacted]"}"#
        );
        assert_eq!(
            Payload::form(&[("scope", "phone_check")]).redacted(),
            "scope=[redacted]"
        );
        assert_eq!(format!("{payload:?}"), "JSON");
    }
}
