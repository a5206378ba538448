//! What the emulated CAF knows, all of it in memory.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use url::Url;

use super::account::Account;
use super::connect::Tokens;
use super::global::Orchestrations;
use super::mobile_key::CafMobileKey;
use super::sdk::CafSdkSession;
use super::{core_faces, mobile};
use crate::assembly::Assembly;
use crate::clock::{SandboxClock, unix_milliseconds};
use crate::lock::lock;
use crate::outbox::Outbox;
use crate::random::Random;
use crate::sandbox::SandboxError;

/// What the builder decides.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The keys besides the generated one.
    pub(super) mobile_keys: Vec<CafMobileKey>,
    /// How many reads of a transaction find it in progress.
    pub(super) processing_reads: u32,
    pub(super) connect_token_lifetime: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mobile_keys: Vec::new(),
            processing_reads: 0,
            // The documents' example (contract caf, 6.1).
            connect_token_lifetime: Duration::from_secs(3600),
        }
    }
}

/// Where the hosts are.
#[derive(Debug)]
pub(super) struct Urls {
    pub(super) mobile: Url,
    pub(super) sdk: Url,
    pub(super) core: Url,
    pub(super) connect: Url,
    pub(super) mtls: Url,
    pub(super) global: Url,
    pub(super) cpf_sync: Url,
}

/// The tokens that were issued in Trust.
pub(super) struct TrustTokens {
    pub(super) core: String,
    pub(super) global: String,
    pub(super) without_permissions: String,
}

/// An application in Trust, which gets access tokens for the Connect API.
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

pub(crate) struct State {
    /// The generated one comes first.
    pub(super) mobile_keys: Vec<CafMobileKey>,
    pub(super) trust: TrustTokens,
    pub(super) application: Application,
    pub(super) connect_tokens: Tokens,
    /// What Core and Connect lead to.
    pub(super) account: Account,
    pub(super) orchestrations: Orchestrations,
    /// What Connect's webhooks are signed with.
    pub(super) webhook_secret: String,
    pub(super) clock: SandboxClock,
    pub(super) urls: Urls,
    pub(super) mobile: mobile::State,
    pub(super) core_faces: core_faces::State,
    /// The webhooks of all families.
    pub(super) webhooks: Outbox,
    sdk_sessions: Mutex<Vec<CafSdkSession>>,
    random: Mutex<Random>,
}

impl State {
    pub(super) fn new(settings: Settings, assembly: &mut Assembly, urls: Urls) -> Result<Self, SandboxError> {
        let mut random = assembly.random();
        let generated = CafMobileKey::new(random.hex(24), random.text(64));
        let mobile_keys: Vec<_> = std::iter::once(generated).chain(settings.mobile_keys).collect();
        let mut seen = std::collections::HashSet::new();
        if !mobile_keys.iter().all(|key| seen.insert(&key.client_id)) {
            return Err(SandboxError::DuplicateMobileKey);
        }
        Ok(Self {
            mobile_keys,
            trust: TrustTokens {
                core: random.text(64),
                global: random.text(64),
                without_permissions: random.text(64),
            },
            application: Application {
                client_id: random.text(26),
                client_secret: random.text(52),
            },
            connect_tokens: Tokens::new(settings.connect_token_lifetime),
            account: Account::new(settings.processing_reads),
            orchestrations: Orchestrations::default(),
            webhook_secret: random.text(40),
            clock: assembly.clock(),
            urls,
            mobile: mobile::State::default(),
            core_faces: core_faces::State::default(),
            webhooks: assembly.outbox(),
            sdk_sessions: Mutex::default(),
            random: Mutex::new(random),
        })
    }

    /// The source of ids and tokens. Never hold it while asking for the clock or other data.
    pub(super) fn random(&self) -> MutexGuard<'_, Random> {
        lock(&self.random)
    }

    pub(super) fn mobile_key(&self, client_id: &str) -> Option<&CafMobileKey> {
        self.mobile_keys.iter().find(|key| key.client_id == client_id)
    }

    /// The sessions of the SDKs, oldest first.
    pub(super) fn sdk_sessions(&self) -> MutexGuard<'_, Vec<CafSdkSession>> {
        lock(&self.sdk_sessions)
    }

    /// An id such as transactions and Mobile's attempts have: 24 hex characters.
    pub(super) fn object_id(&self) -> String {
        self.random().hex(24)
    }

    /// An id such as Core's attempts and Connect's events have.
    pub(super) fn ulid(&self) -> String {
        let now = unix_milliseconds(self.clock.now());
        self.random().ulid(now)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}
