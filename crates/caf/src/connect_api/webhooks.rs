//! Webhooks of the Connect API (contract caf, 6.4): verify first, parse after.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use verikit_core::webhook::{SignatureEncoding, WebhookKeys};
use verikit_core::{Answer, Delivery, Error, ErrorKind, Result, Secret};

use super::events::ConnectEvent;
use crate::config::PROVIDER;

const SIGNATURE: HeaderName = HeaderName::from_static("x-caf-signature");

/// The secrets that may have signed a webhook's event: the current one, and during a rotation the one before
/// it.
///
/// The vendor's documents contradict each other on what the secret is: the application's client secret, or
/// one that is typed in when the webhook is made (contract caf, 6.4). If you do not know, give both.
///
/// It takes the headers and the body's bytes **as they were received**, whatever the server's framework:
///
/// ```
/// use bytes::Bytes;
/// use caf::connect_api::ConnectWebhookKeys;
/// use http::{HeaderMap, StatusCode};
///
/// fn on_event(keys: &ConnectWebhookKeys, headers: &HeaderMap, body: Bytes) -> StatusCode {
///     let event = match keys.verify(headers, body) {
///         Ok(event) => event,
///         // CAF says that it sends wrong signatures on purpose, to see that they are refused.
///         Err(error) if error.is_signature() => return StatusCode::UNAUTHORIZED,
///         Err(_) => return StatusCode::INTERNAL_SERVER_ERROR,
///     };
///     // Drop it if event.id was handled before; then read what it names:
///     if let Some(id) = event.data.as_ref().and_then(|data| data.transaction_id.as_ref()) {
///         println!("read the transaction {}", id.as_str());
///     }
///     StatusCode::NO_CONTENT
/// }
///
/// let keys = ConnectWebhookKeys::new(["example-webhook-secret"])?;
/// let body = r#"{"id":"01K0EXAMPLE0000000000000000","type":"TRANSACTIONSTATUSUPDATED","data":{}}"#;
/// let body = Bytes::from(body);
/// let mut headers = HeaderMap::new();
/// headers.insert("x-caf-signature", keys.sign_for_test(&body));
/// assert_eq!(on_event(&keys, &headers, body), StatusCode::NO_CONTENT);
/// assert_eq!(on_event(&keys, &headers, Bytes::from("{}")), StatusCode::UNAUTHORIZED);
/// # Ok::<(), caf::Error>(())
/// ```
///
/// A webhook can be made with HTTP basic authentication or an API key in a header besides. These are your
/// server's to check.
#[derive(Debug, Clone)]
pub struct ConnectWebhookKeys(WebhookKeys);

impl ConnectWebhookKeys {
    /// Accepts events that any of these secrets signed.
    ///
    /// # Errors
    ///
    /// A configuration error when there is none, or one is empty.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self> {
        WebhookKeys::new(secrets, SignatureEncoding::Hex)
            .map(Self)
            .map_err(|error| error.with_provider(PROVIDER))
    }

    /// Checks the signature over the body as it was received, in constant time, and reads the event.
    ///
    /// # Errors
    ///
    /// [`Signature`](ErrorKind::Signature) when there is not exactly one `X-Caf-Signature` header, or its
    /// signature is of none of the secrets: answer 401 and do nothing else. [`Decode`](ErrorKind::Decode),
    /// which does not quote the body, when the signature fits and the body is not an event: CAF signed it,
    /// and it cannot be read.
    pub fn verify(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Answer<ConnectEvent>> {
        let mut values = headers.get_all(SIGNATURE).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => self.verify_value(value, body),
            _ => Err(refused("an event has exactly one X-Caf-Signature header")),
        }
    }

    /// The same with the value of the `X-Caf-Signature` header: the signature in hexadecimal digits, in
    /// either case.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_value(
        &self,
        signature: &HeaderValue,
        body: impl Into<Bytes>,
    ) -> Result<Answer<ConnectEvent>> {
        let body = body.into();
        let own = |error: Error| error.with_provider(PROVIDER);
        let signature = signature
            .to_str()
            .map_err(|_| refused("the event's X-Caf-Signature header is not a hexadecimal number"))?;
        self.0.verify(&body, signature).map_err(own)?;
        // Nothing was sent by whoever receives.
        Answer::from_json(body).map_err(|error| own(error.with_delivery(Delivery::NotSent)))
    }

    /// The `X-Caf-Signature` value that CAF would send with this body, by the first secret. For tests of your
    /// receiver.
    #[must_use]
    pub fn sign_for_test(&self, body: &[u8]) -> HeaderValue {
        // Hexadecimal digits are always fit for a header.
        let mut value =
            HeaderValue::from_str(&self.0.sign_for_test(body)).unwrap_or(HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }
}

fn refused(detail: &'static str) -> Error {
    Error::new(ErrorKind::Signature, detail).with_provider(PROVIDER)
}
