//! A sandbox whose time stands still, and a client of it.

use std::time::{Duration, SystemTime};

use cm_idscan::{Answer, CreatedTransaction, DocumentScanSettings, Tasks};
use cm_idscan::{Client, Config, Notification, RetryPolicy, Secret, WebhookSecrets};
use verikit_sandbox::{Sandbox, SandboxClock};

pub(crate) const HEADER: &str = "x-webhook-secret";
pub(crate) const SECRET: &str = "s-secret-0123456789";

/// Time stands still at 2026-01-01T00:00:00Z, for the client too.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: SandboxClock,
    pub(crate) client: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        let clock = SandboxClock::manual(start);
        let sandbox = Sandbox::builder()
            .seed(7)
            .clock(clock.clone())
            .start()
            .await
            .unwrap();
        let client = settings(&sandbox)
            .clock(cm_idscan::testing::ManualClock::starting_at(start).shared())
            .build()
            .unwrap();
        Self {
            sandbox,
            clock,
            client,
        }
    }

    pub(crate) async fn create(
        &self,
        tasks: Tasks,
        settings: DocumentScanSettings,
    ) -> Answer<CreatedTransaction> {
        let create = self.client.transactions().create(tasks).document_scan(settings);
        create.await.unwrap()
    }

    /// What the webhook was told last, read as its receiver would.
    pub(crate) fn notified(&self) -> Answer<Notification> {
        let deliveries = self.sandbox.cm().id_scan().deliveries();
        let last = deliveries.last().unwrap();
        let secrets = WebhookSecrets::new(HEADER, [Secret::new("another"), Secret::new(SECRET)]).unwrap();
        secrets.read(last.headers(), last.body().clone()).unwrap()
    }

    pub(crate) async fn listen(&self) {
        let webhooks = self.client.webhooks();
        webhooks
            .create("https://app.example.net/hook")
            .header(HEADER, SECRET)
            .await
            .unwrap();
    }
}

pub(crate) fn settings(sandbox: &Sandbox) -> Config {
    let cm = sandbox.cm();
    Client::builder(cm.key_id(), cm.secret())
        .base_url(cm.id_scan_url().as_str())
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}
