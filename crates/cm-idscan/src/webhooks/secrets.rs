//! The secret in a header of one's own, which stands in for the signature that there is not.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use verikit_core::{Answer, Error, ErrorKind, Result, Secret};

use super::header::{check_value, read_name};
use super::notification::Notification;
use crate::config::PROVIDER;

/// The header that a webhook was added with, and the secrets that may stand in it: the current one, and
/// during a rotation the one before it.
///
/// ```
/// use cm_idscan::WebhookSecrets;
/// use http::HeaderMap;
///
/// let secrets = WebhookSecrets::new("x-webhook-secret", ["new", "old"])?;
///
/// // In the handler of the request:
/// # let mut headers = HeaderMap::new();
/// # headers.insert("x-webhook-secret", "old".parse().expect("a value"));
/// # let body = br#"{"id":"99999999-0000-4111-8222-333333333333","type":"transaction.state.updated","transaction":
/// #   {"id":"0a0a0a0a-1111-4222-8333-444444444444","resultId":"5b5b5b5b-6666-4777-8888-999999999999"}}"#;
/// let notification = secrets.read(&headers, &body[..])?;
/// // Drop it if notification.id was here before. Else read the result that it names:
/// let transaction = notification.transaction.as_ref().expect("of a transaction");
/// assert!(transaction.result_id.is_some());
/// # Ok::<(), cm_idscan::Error>(())
/// ```
#[derive(Clone)]
pub struct WebhookSecrets {
    header: HeaderName,
    secrets: Vec<Secret>,
}

impl WebhookSecrets {
    /// Takes notifications that have any of these secrets in this header.
    ///
    /// # Errors
    ///
    /// A configuration error when there is no secret, or the name or a secret is one that
    /// [`header`](crate::CreateWebhook::header) refuses.
    pub fn new(header: &str, secrets: impl IntoIterator<Item: Into<Secret>>) -> Result<Self> {
        let refuse = |detail: &'static str| Error::configuration(detail).with_provider(PROVIDER);
        let header = read_name(header).map_err(refuse)?;
        let secrets: Vec<_> = secrets.into_iter().map(Into::into).collect();
        if secrets.is_empty() {
            return Err(refuse("a webhook needs at least one secret"));
        }
        for secret in &secrets {
            check_value(secret).map_err(refuse)?;
        }
        Ok(Self { header, secrets })
    }

    /// Checks the header, in a time that does not tell how much of it was right, and then reads the body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] when the header is missing, there twice, or holds none of the secrets: answer 401,
    /// and forget the body. A decode error, which does not quote the body, when it is no notification.
    pub fn read(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Answer<Notification>> {
        self.check(headers)?;
        Answer::from_json(body).map_err(|error| error.with_provider(PROVIDER))
    }

    /// Checks the header alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`], as [`read`](WebhookSecrets::read).
    pub fn check(&self, headers: &HeaderMap) -> Result<()> {
        let mut values = headers.get_all(&self.header).iter();
        let fits = match (values.next(), values.next()) {
            // Every secret is tried, whichever fits: the time does not tell which.
            (Some(value), None) => self
                .secrets
                .iter()
                .fold(false, |fits, secret| secret.ct_eq(value.as_bytes()) | fits),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let detail = "the notification does not have any of the configured secrets in its header";
        Err(Error::new(ErrorKind::Auth, detail).with_provider(PROVIDER))
    }
}

impl fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSecrets")
            .field("header", &self.header)
            .field("secrets", &self.secrets.len())
            .finish()
    }
}
