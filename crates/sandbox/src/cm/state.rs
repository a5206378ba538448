//! What the emulated CM.com knows, all of it in memory.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use url::Url;

use super::{id_scan, mobile_identity};
use crate::clock::SandboxClock;
use crate::lock::lock;
use crate::outbox::{Courier, Outbox};
use crate::random::Random;

/// What the builder decides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) credential: Option<Credential>,
    pub(crate) leeway: Duration,
    /// Whether callbacks and webhooks may be plain http on this machine.
    pub(super) allows_plain_http_callbacks: bool,
    pub(crate) mobile_identity: mobile_identity::Settings,
}

/// Key id and secret of the one customer.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) key_id: String,
    pub(crate) secret: String,
}

impl Credential {
    pub(super) fn new(key_id: String, secret: String) -> Self {
        Self { key_id, secret }
    }

    /// As long as the documents' example (contract cm-identity, 2.1).
    fn generated(random: &mut Random) -> Self {
        Self {
            key_id: random.uuid(),
            secret: random.text(54),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("key_id", &self.key_id)
            .field("secret", &"[redacted]")
            .finish()
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(super) settings: Settings,
    pub(super) credential: Credential,
    pub(super) clock: SandboxClock,
    /// Stands for `https://api.cm.com/`.
    pub(super) api_url: Url,
    /// Stands for `https://id-scan.identity.cm.com/`.
    pub(super) page_url: Url,
    pub(super) mobile_identity: mobile_identity::State,
    pub(super) id_scan: id_scan::State,
    /// Number Verify's notifications.
    pub(super) callbacks: Outbox,
    /// ID Scan's notifications.
    pub(super) webhooks: Outbox,
    random: Mutex<Random>,
}

impl State {
    /// The state, and who carries its notifications out.
    pub(crate) fn new(
        settings: Settings,
        clock: SandboxClock,
        mut random: Random,
        api_url: Url,
        page_url: Url,
    ) -> (Self, [Courier; 2]) {
        let generated = Credential::generated(&mut random);
        let (callbacks, callback_courier) = Outbox::new(clock.clone());
        let (webhooks, webhook_courier) = Outbox::new(clock.clone());
        let state = Self {
            credential: settings.credential.clone().unwrap_or(generated),
            mobile_identity: mobile_identity::State::new(&settings.mobile_identity),
            id_scan: id_scan::State::default(),
            settings,
            clock,
            api_url,
            page_url,
            callbacks,
            webhooks,
            random: Mutex::new(random),
        };
        (state, [callback_courier, webhook_courier])
    }

    /// The source of ids and tokens. Never hold it while asking for the clock or other data.
    pub(super) fn random(&self) -> MutexGuard<'_, Random> {
        lock(&self.random)
    }
}
