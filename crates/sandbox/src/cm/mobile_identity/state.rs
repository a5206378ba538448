//! What Mobile Identity remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use super::Base;
use super::number_verify::Check;
use super::rate_limit::CmRateLimit;
use crate::lock::lock;

/// What the builder decides about Mobile Identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) rate_limit: CmRateLimit,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    data: Mutex<Data>,
}

#[derive(Debug)]
pub(super) struct Data {
    pub(super) rate_limit: CmRateLimit,
    pub(super) last_call: HashMap<Base, SystemTime>,
    /// Oldest first.
    pub(super) checks: Vec<Check>,
    /// Positions in `checks` by a check's id and by the token of its session.
    pub(super) by_id: HashMap<String, usize>,
    pub(super) by_session: HashMap<String, usize>,
    pub(super) forges_next_callback: bool,
}

impl State {
    pub(in crate::cm) fn new(settings: &Settings) -> Self {
        Self {
            data: Mutex::new(Data {
                rate_limit: settings.rate_limit,
                last_call: HashMap::new(),
                checks: Vec::new(),
                by_id: HashMap::new(),
                by_session: HashMap::new(),
                forges_next_callback: false,
            }),
        }
    }

    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.data)
    }
}

impl Data {
    pub(super) fn add(&mut self, check: Check) {
        let position = self.checks.len();
        self.by_id.insert(check.id.clone(), position);
        self.by_session.insert(check.session.clone(), position);
        self.checks.push(check);
    }

    pub(super) fn with_id(&self, id: &str) -> Option<&Check> {
        self.checks.get(*self.by_id.get(id)?)
    }

    pub(super) fn with_id_mut(&mut self, id: &str) -> Option<&mut Check> {
        self.checks.get_mut(*self.by_id.get(id)?)
    }

    pub(super) fn with_session(&self, session: &str) -> Option<&Check> {
        self.checks.get(*self.by_session.get(session)?)
    }
}
