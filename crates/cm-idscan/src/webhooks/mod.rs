//! Webhooks: adding one, and reading what arrives (contract cm-idscan, 12).

mod create;
mod header;
mod notification;
mod secrets;

use crate::client::Client;

pub use create::{CreateWebhook, Webhook, WebhookId};
pub use notification::{EventType, Notification, NotificationId, NotifiedTransaction};
pub use secrets::WebhookSecrets;

/// Adding webhooks.
///
/// The vendor's reference has more routes for webhooks, which could not be read (contract cm-idscan, 3):
/// [`Client::request`] reaches them.
///
/// ```
/// # async fn example(client: &cm_idscan::Client, secret: cm_idscan::Secret) -> cm_idscan::Result<()> {
/// use cm_idscan::EventType;
///
/// let webhook = client
///     .webhooks()
///     .create("https://app.example.net/idscan")
///     .events([EventType::TransactionStateUpdated])
///     .header("x-webhook-secret", secret)
///     .await?;
/// println!("added {}", webhook.id.as_str());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Webhooks {
    client: Client,
}

impl Webhooks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Adds a webhook. Sent once: a repeat would be a second webhook. Not billed, as far as is documented.
    ///
    /// Notifications are **not signed**. Add a [`header`](CreateWebhook::header) with a long random secret,
    /// and let [`WebhookSecrets`] check it.
    ///
    /// `POST .../webhooks`, contract cm-idscan 12.1.
    ///
    /// # Errors
    ///
    /// A URL that does not start with `https://` is refused before anything is sent, and so is a header that
    /// no request can have, or whose value would not arrive as it is. A client of a sandbox on plain http
    /// takes a plain http address of this machine too.
    pub fn create(&self, url: impl Into<String>) -> CreateWebhook {
        CreateWebhook::new(self.client.clone(), url.into())
    }
}
