//! Callbacks of number verify (contract cm-identity, 4): verify first, parse after.

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;
use verikit_core::value::lenient;
use verikit_core::webhook::{SignatureEncoding, WebhookKeys};
use verikit_core::{Answer, Error, ErrorKind, Result, Secret, Timestamp, is_json_object};

use crate::config::PROVIDER;
use crate::number_verify::NumberVerify;

const SCHEME: &str = "HMAC";

verikit_core::identifier! {
    /// Identifies a callback. A repeated callback has the same one: see [`Callback::id`].
    pub struct EventId;
}

verikit_core::open_enum! {
    /// What a callback tells of.
    pub enum CallbackType {
        /// The state of a number verify check has changed.
        NumberVerifyState = "numberVerify.state",
    }
}

/// What a verified callback says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Members")]
#[non_exhaustive]
pub struct Callback {
    /// The callback's own id, not the check's. The signature has no time in it, so a callback that somebody
    /// recorded verifies for ever, and the vendor repeats one that was answered with a 5xx: keep the ids that
    /// were handled, and drop what comes again.
    pub id: EventId,
    /// What it tells of. One that this version does not know is kept; [`Answer::raw`] has the whole.
    pub callback_type: CallbackType,
    /// The check: always there with [`CallbackType::NumberVerifyState`], and never with another type. What a
    /// check in such a callback would mean is not known.
    pub number_verify: Option<NumberVerify>,
    /// When the event happened.
    pub created: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    id: EventId,
    r#type: CallbackType,
    #[serde(default)]
    number_verify: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "lenient")]
    created: Option<Timestamp>,
}

impl TryFrom<Members> for Callback {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, Self::Error> {
        let number_verify = match members.r#type {
            CallbackType::NumberVerifyState => Some(check(members.number_verify.as_deref())?),
            _ => None,
        };
        Ok(Self {
            id: members.id,
            callback_type: members.r#type,
            number_verify,
            created: members.created,
        })
    }
}

/// Reads a check that is an object. A struct is read from an array too, member by position.
fn check(raw: Option<&RawValue>) -> Result<NumberVerify, &'static str> {
    let json = raw
        .map(RawValue::get)
        .filter(|json| is_json_object(json.as_bytes()));
    let json = json.ok_or("a callback about a check without the check")?;
    serde_json::from_str(json).map_err(|_| "a check that cannot be read")
}

/// The secrets that may have signed a callback. Which secret the vendor signs with is inferred: that of the
/// key that created the check. During a rotation, name the new one and the old one.
///
/// It takes the headers and the body's bytes **as they were received**, whatever the server's framework:
///
/// ```
/// use bytes::Bytes;
/// use cm_identity::CallbackKeys;
/// use http::{HeaderMap, StatusCode};
///
/// fn on_callback(keys: &CallbackKeys, headers: &HeaderMap, body: Bytes) -> StatusCode {
///     let callback = match keys.verify(headers, body) {
///         Ok(callback) => callback,
///         Err(error) if error.is_signature() => return StatusCode::UNAUTHORIZED,
///         // It is the vendor's, and cannot be read. Only after a 5xx it is documented to come again.
///         Err(_) => return StatusCode::INTERNAL_SERVER_ERROR,
///     };
///     // Drop it if callback.id was handled before; then:
///     if let Some(check) = &callback.number_verify {
///         println!("{}: {:?}", check.id.as_str(), check.verdict());
///     }
///     StatusCode::NO_CONTENT
/// }
///
/// let keys = CallbackKeys::new(["sdk-test-secret-0123456789"])?;
/// let body = Bytes::from(
///     r#"{"id":"e-1","type":"numberVerify.state","numberVerify":{"id":"c-1","state":"failed","match":null}}"#,
/// );
/// let mut headers = HeaderMap::new();
/// headers.insert("authorization", keys.sign_for_test(&body));
/// assert_eq!(on_callback(&keys, &headers, body.clone()), StatusCode::NO_CONTENT);
/// headers.insert("authorization", keys.sign_for_test(b"{}"));
/// assert_eq!(on_callback(&keys, &headers, Bytes::from("{}")), StatusCode::INTERNAL_SERVER_ERROR);
/// headers.remove("authorization");
/// assert_eq!(on_callback(&keys, &headers, body), StatusCode::UNAUTHORIZED);
/// # Ok::<(), cm_identity::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallbackKeys(WebhookKeys);

impl CallbackKeys {
    /// Accepts callbacks that any of these secrets signed.
    ///
    /// # Errors
    ///
    /// A configuration error when there is none, or one is empty.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self> {
        WebhookKeys::new(secrets, SignatureEncoding::Base64)
            .map(Self)
            .map_err(|error| error.with_provider(PROVIDER))
    }

    /// Checks the signature over the body as it was received, in constant time, and reads the callback.
    ///
    /// # Errors
    ///
    /// [`Signature`](ErrorKind::Signature) when there is not exactly one `Authorization` header, or its
    /// signature is of none of the secrets: answer 401 and do nothing else. [`Decode`](ErrorKind::Decode)
    /// when the signature fits and the body is no callback that can be read: answer 500. Only after a 5xx the
    /// vendor is documented to repeat a callback; with another answer it may be lost.
    pub fn verify(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Answer<Callback>> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => self.verify_value(value, body),
            _ => Err(refused("a callback has exactly one Authorization header")),
        }
    }

    /// The same with the value of the `Authorization` header, `HMAC` and the signature in base64.
    ///
    /// # Errors
    ///
    /// As [`verify`](CallbackKeys::verify).
    pub fn verify_value(
        &self,
        authorization: &HeaderValue,
        body: impl Into<Bytes>,
    ) -> Result<Answer<Callback>> {
        let body = body.into();
        let signature = authorization
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME));
        let Some((_, signature)) = signature else {
            return Err(refused(
                "the callback's Authorization header is not of the scheme HMAC",
            ));
        };
        let own = |error: Error| error.with_provider(PROVIDER);
        self.0.verify(&body, signature).map_err(own)?;
        Answer::from_json(body).map_err(own)
    }

    /// The `Authorization` value that the vendor would send with this body, by the first secret. For tests of
    /// your receiver.
    #[must_use]
    pub fn sign_for_test(&self, body: &[u8]) -> HeaderValue {
        let text = format!("{SCHEME} {}", self.0.sign_for_test(body));
        // Base64 is always fit for a header.
        let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(SCHEME));
        value.set_sensitive(true);
        value
    }
}

fn refused(detail: &'static str) -> Error {
    Error::new(ErrorKind::Signature, detail).with_provider(PROVIDER)
}
