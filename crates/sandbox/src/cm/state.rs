//! What the emulated CM.com knows, all of it in memory.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use url::Url;

use super::{id_scan, mobile_identity};
use crate::assembly::Assembly;
use crate::clock::SandboxClock;
use crate::lock::lock;
use crate::outbox::Outbox;
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
pub(super) struct State {
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
    /// `urls`: of the APIs and of the page.
    pub(super) fn new(settings: Settings, assembly: &mut Assembly, (api_url, page_url): (Url, Url)) -> Self {
        let mut random = assembly.random();
        let generated = Credential::generated(&mut random);
        Self {
            credential: settings.credential.clone().unwrap_or(generated),
            mobile_identity: mobile_identity::State::new(&settings.mobile_identity),
            id_scan: id_scan::State::default(),
            settings,
            clock: assembly.clock(),
            api_url,
            page_url,
            callbacks: assembly.outbox(),
            webhooks: assembly.outbox(),
            random: Mutex::new(random),
        }
    }

    /// The source of ids and tokens. Never hold it while asking for the clock or other data.
    pub(super) fn random(&self) -> MutexGuard<'_, Random> {
        lock(&self.random)
    }
}
