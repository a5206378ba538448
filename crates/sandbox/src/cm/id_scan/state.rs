//! What the emulated ID Scan knows, all of it in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use super::attempt::Source;
use super::outcome::CmIdScanOutcome;
use super::picture::Picture;
use super::request::CreateRequest;
use super::transaction::{Refusal, Transaction};
use super::webhook::{Event, Webhook};
use crate::cm;
use crate::lock::lock;

/// What changes.
#[derive(Debug, Default)]
pub(in crate::cm) struct State(Mutex<Data>);

#[derive(Default)]
pub(super) struct Data {
    /// By id.
    transactions: HashMap<String, Transaction>,
    /// Ids by the secret part of the page's URL.
    tokens: HashMap<String, String>,
    pub(super) webhooks: Vec<Webhook>,
}

impl State {
    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.0)
    }
}

impl Data {
    pub(super) fn transaction(&self, id: &str) -> Option<&Transaction> {
        self.transactions.get(id)
    }

    /// The transaction that a page is for.
    pub(super) fn of_token(&self, token: &str) -> Option<&Transaction> {
        self.transactions.get(self.tokens.get(token)?)
    }

    /// All of them, oldest first.
    pub(super) fn in_order(&self) -> Vec<&Transaction> {
        let mut all: Vec<&Transaction> = self.transactions.values().collect();
        all.sort_by_key(|transaction| transaction.sequence);
        all
    }

    /// Ends the time of an open transaction. `false` if there is none.
    pub(super) fn expire(&mut self, id: &str, now: SystemTime) -> bool {
        let open = self
            .transactions
            .get_mut(id)
            .filter(|transaction| transaction.is_open(now));
        match open {
            Some(transaction) => {
                transaction.expires = now;
                true
            }
            None => false,
        }
    }

    pub(super) fn picture(&self, token: &str, now: SystemTime) -> Option<Picture> {
        self.transactions
            .values()
            .find_map(|transaction| transaction.picture(token, now))
    }
}

/// The tokens open pages: they are not shown.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data")
            .field("transactions", &self.transactions.len())
            .field("webhooks", &self.webhooks.len())
            .finish_non_exhaustive()
    }
}

/// Opens a transaction and hands it to `answer`.
pub(super) fn create<T>(cm: &cm::State, request: CreateRequest, answer: impl FnOnce(&Transaction) -> T) -> T {
    let now = cm.clock.now();
    let mut random = cm.random().fork();
    let mut data = cm.id_scan.data();
    let transaction = Transaction::new(request, data.transactions.len(), now, &mut random);
    let answered = answer(&transaction);
    data.tokens
        .insert(transaction.token.clone(), transaction.id.clone());
    data.transactions.insert(transaction.id.clone(), transaction);
    answered
}

/// Why an attempt did not take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotPlayed {
    /// No page has this token.
    Unknown,
    Refused(Refusal),
}

/// Plays one attempt and notifies the webhooks of what it changed. `answer` sees the transaction afterwards.
pub(super) fn play<T>(
    cm: &cm::State,
    token: &str,
    outcome: CmIdScanOutcome,
    source: Option<Source>,
    answer: impl FnOnce(&Transaction) -> T,
) -> Result<T, NotPlayed> {
    let now = cm.clock.now();
    let mut random = cm.random().fork();
    let mut data = cm.id_scan.data();
    let Data {
        transactions,
        tokens,
        webhooks,
    } = &mut *data;
    let transaction = tokens
        .get(token)
        .and_then(|id| transactions.get_mut(id))
        .ok_or(NotPlayed::Unknown)?;
    let changes = transaction
        .play(outcome, source, now, &mut random)
        .map_err(NotPlayed::Refused)?;
    for change in changes {
        let event = Event::new(change, transaction, now, &mut random);
        for message in webhooks.iter().filter_map(|webhook| webhook.message(&event)) {
            cm.webhooks.post(message);
        }
    }
    Ok(answer(transaction))
}
