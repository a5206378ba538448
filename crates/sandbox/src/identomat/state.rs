//! What the emulated Identomat knows, all of it in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use url::Url;

use super::company::{IdentomatCompany, IdentomatHmac};
use super::outcome::{IdentomatErrorStatus, IdentomatResultShape, IdentomatSignature};
use super::session::Session;
use crate::assembly::Assembly;
use crate::clock::SandboxClock;
use crate::lock::lock;
use crate::outbox::Outbox;
use crate::random::Random;

/// What the builder decides.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The companies besides the generated one.
    pub(crate) companies: Vec<IdentomatCompany>,
    pub(crate) hmac: IdentomatHmac,
    pub(crate) callback_url: Option<Url>,
    pub(crate) token_lifetime: Duration,
    pub(crate) error_status: IdentomatErrorStatus,
    pub(crate) result_shape: IdentomatResultShape,
}

/// The URL may hold a credential of the company's own.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("companies", &self.companies)
            .field("hmac", &self.hmac)
            .field("has_callback_url", &self.callback_url.is_some())
            .field("token_lifetime", &self.token_lifetime)
            .field("error_status", &self.error_status)
            .field("result_shape", &self.result_shape)
            .finish()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            companies: Vec::new(),
            hmac: IdentomatHmac::default(),
            callback_url: None,
            // Contract identomat, 2.1.
            token_lifetime: Duration::from_secs(15 * 60),
            error_status: IdentomatErrorStatus::default(),
            result_shape: IdentomatResultShape::default(),
        }
    }
}

impl Settings {
    /// Whether two of the companies have the same key.
    pub(super) fn has_duplicates(&self) -> bool {
        let mut seen = std::collections::HashSet::new();
        !self
            .companies
            .iter()
            .all(|company| seen.insert(&company.company_key))
    }
}

pub(super) struct State {
    default_company: IdentomatCompany,
    /// The others.
    companies: Vec<IdentomatCompany>,
    pub(super) token_lifetime: Duration,
    pub(super) clock: SandboxClock,
    /// Stands for `https://widget.identomat.com/`.
    pub(super) url: Url,
    pub(super) callbacks: Outbox,
    data: Mutex<Data>,
    random: Mutex<Random>,
}

/// What changes.
pub(super) struct Data {
    /// By token.
    sessions: HashMap<String, Session>,
    begun: u64,
    pub(super) error_status: IdentomatErrorStatus,
    pub(super) result_shape: IdentomatResultShape,
    /// What is wrong with the signature of the next answer that would have one.
    pub(super) next_signature: Option<IdentomatSignature>,
    pub(super) forges_next_callback: bool,
}

impl State {
    pub(super) fn new(settings: Settings, assembly: &mut Assembly, url: Url) -> Self {
        let mut random = assembly.random();
        let mut default_company = IdentomatCompany::generated(&mut random);
        default_company.hmac = settings.hmac;
        default_company.callback_url = settings.callback_url;
        Self {
            default_company,
            companies: settings.companies,
            token_lifetime: settings.token_lifetime,
            clock: assembly.clock(),
            url,
            callbacks: assembly.outbox(),
            data: Mutex::new(Data {
                sessions: HashMap::new(),
                begun: 0,
                error_status: settings.error_status,
                result_shape: settings.result_shape,
                next_signature: None,
                forges_next_callback: false,
            }),
            random: Mutex::new(random),
        }
    }

    pub(super) fn company(&self, company_key: &str) -> Option<&IdentomatCompany> {
        std::iter::once(&self.default_company)
            .chain(&self.companies)
            .find(|company| company.company_key == company_key)
    }

    pub(super) fn default_company(&self) -> &IdentomatCompany {
        &self.default_company
    }

    /// Where the end user goes for a session.
    pub(super) fn widget_address(&self, token: &str) -> Url {
        let mut address = self.url.clone();
        address.query_pairs_mut().append_pair("session_token", token);
        address
    }

    /// Never hold it while asking for the clock or for random values.
    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.data)
    }

    /// The source of tokens and codes. Never hold it while asking for the clock or other data.
    pub(super) fn random(&self) -> MutexGuard<'_, Random> {
        lock(&self.random)
    }
}

impl Data {
    pub(super) fn add(&mut self, mut session: Session) {
        session.number = self.begun;
        self.begun += 1;
        self.sessions.insert(session.token.clone(), session);
    }

    pub(super) fn session(&self, token: &str) -> Option<&Session> {
        self.sessions.get(token)
    }

    pub(super) fn session_mut(&mut self, token: &str) -> Option<&mut Session> {
        self.sessions.get_mut(token)
    }

    pub(super) fn remove(&mut self, token: &str) -> Option<Session> {
        self.sessions.remove(token)
    }

    /// Oldest first.
    pub(super) fn sessions(&self) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.sessions.values().collect();
        sessions.sort_by_key(|session| session.number);
        sessions
    }
}
