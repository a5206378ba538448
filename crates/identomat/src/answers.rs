//! What holds for every answer with a status of success: its signature, and errors in its place (contract
//! identomat, 6 and 7).

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use verikit_core::error::ErrorFacts;
use verikit_core::{Delivery, Error, ErrorKind, RawReply, Result, is_json_object};

use crate::error::{ErrorCode, Unauthenticated};
use crate::signing::{HmacSigner, Signed};

/// An error in the place of what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A bare JSON string that is a code.
    Code(String),
    /// An object with the member `argumentError`, and its text.
    Argument(Option<String>),
}

impl Refusal {
    pub(crate) fn facts(&self) -> ErrorFacts {
        match self {
            Self::Code(code) => ErrorFacts::new(Some(code), None, None),
            Self::Argument(text) => {
                ErrorFacts::new(Some(ErrorCode::ArgumentError.as_str()), text.as_deref(), None)
            }
        }
    }

    fn into_error(self) -> Error {
        let kind = match &self {
            Self::Code(code) if code == ErrorCode::CompanyKeyInvalid.as_str() => ErrorKind::Auth,
            _ => ErrorKind::Provider,
        };
        // A code that is not documented may as well say that something broke halfway.
        let delivery = match &self {
            Self::Code(code) if ErrorCode::from(code.as_str()).is_unknown() => Delivery::Unknown,
            _ => Delivery::Refused,
        };
        Error::new(kind, "")
            .with_facts(self.facts())
            .with_delivery(delivery)
    }
}

/// Whether a text is an error code and no session token: capital letters, digits and underscores alone, with
/// a letter among them. Documented tokens are of small letters.
pub(crate) fn is_error_code(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The error that a body is, if it is one.
pub(crate) fn refusal_in(body: &[u8]) -> Option<Refusal> {
    if is_json_object(body) {
        return argument_error(body);
    }
    let code: String = serde_json::from_slice(body).ok()?;
    is_error_code(&code).then_some(Refusal::Code(code))
}

fn argument_error(body: &[u8]) -> Option<Refusal> {
    #[derive(Deserialize)]
    struct Object {
        #[serde(default)]
        result: Option<IgnoredAny>,
        #[serde(default, rename = "argumentError")]
        argument_error: Option<Value>,
    }
    // Most answers are none; do not read them twice for it.
    const MEMBER: &[u8] = b"\"argumentError\"";
    if !body.windows(MEMBER.len()).any(|window| window == MEMBER) {
        return None;
    }
    let object: Object = serde_json::from_slice(body).ok()?;
    // What has a result is one.
    match (object.result, object.argument_error) {
        (None, Some(Value::String(text))) => Some(Refusal::Argument(Some(text))),
        (None, Some(_)) => Some(Refusal::Argument(None)),
        _ => None,
    }
}

/// Lets an answer pass that may be read as what was asked for. With HMAC, nothing of it is read before its
/// signature is found good, but for one thing: the provider does not sign its errors, and says them with a
/// status of success.
pub(crate) fn admit(signer: Option<&HmacSigner>, reply: &RawReply) -> Result<()> {
    let signed = signer.map(|signer| signer.check(reply.headers(), reply.body()));
    match (signed, refusal_in_if(signed, reply.body())) {
        (None | Some(Signed::Well), None) => Ok(()),
        (None | Some(Signed::Well), Some(refusal)) => Err(refusal.into_error()),
        (Some(Signed::Not), Some(refusal @ Refusal::Code(_))) => {
            Err(refusal.into_error().with_source(Unauthenticated::MARK))
        }
        (Some(Signed::Not), _) => Err(untrusted("the answer has to be signed, and is not")),
        (Some(Signed::Badly), _) => Err(untrusted("the answer's signature is not of the secret key")),
    }
}

fn refusal_in_if(signed: Option<Signed>, body: &[u8]) -> Option<Refusal> {
    match signed {
        Some(Signed::Badly) => None,
        _ => refusal_in(body),
    }
}

/// Whoever wrote the answer, it does not say what became of the request.
fn untrusted(detail: &'static str) -> Error {
    Error::new(ErrorKind::Signature, detail).with_delivery(Delivery::Unknown)
}

/// An object was asked for, and a string came that is no code: the provider said something, and not whether
/// it did what was asked for.
pub(crate) fn refuse_string(body: &[u8]) -> Result<()> {
    match serde_json::from_slice::<String>(body) {
        Ok(text) => {
            let facts = ErrorFacts::new(None, Some(&text), None);
            let error = Error::new(
                ErrorKind::Provider,
                "it answered with a text in place of an object",
            );
            Err(error.with_facts(facts).with_delivery(Delivery::Unknown))
        }
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_tokens() {
        for code in ["SESSION_NOT_FOUND", "A", "E2", "_A", "COMPANY_KEY_INVALID"] {
            assert!(is_error_code(code), "{code}");
            assert_eq!(
                refusal_in(format!(" \"{code}\"\n").as_bytes()),
                Some(Refusal::Code(code.to_owned()))
            );
        }
        for token in [
            "",
            "0123456789",
            "_",
            "0123456789abcdefghij0123456789abcdefghij",
            "SESSION_NOT_FOUNd",
            "A B",
            "\u{c4}",
            "A-B",
        ] {
            assert!(!is_error_code(token), "{token}");
            assert_eq!(refusal_in(format!("\"{token}\"").as_bytes()), None);
        }
        for body in [
            "SESSION_NOT_FOUND",
            "[\"A\"]",
            "null",
            "1",
            "",
            "\"A",
            "{\"A\":1}",
        ] {
            assert_eq!(refusal_in(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn an_argument_error_is_one_where_there_is_no_result() {
        let read = |body: &str| refusal_in(body.as_bytes());
        let text = Some(Refusal::Argument(Some(String::from("no such file"))));
        assert_eq!(read(r#"{"argumentError":"no such file"}"#), text);
        assert_eq!(read(r#" {"a":1,"argumentError":"no such file"}"#), text);
        assert_eq!(
            read(r#"{"argumentError":{"name":"x"}}"#),
            Some(Refusal::Argument(None))
        );
        assert_eq!(read(r#"{"argumentError":"x","result":"approved"}"#), None);
        assert_eq!(read(r#"{"argumentError":null}"#), None);
        assert_eq!(read(r#"{"note":"\"argumentError\""}"#), None);
    }
}
