//! What the account holds, all of it in memory, and what happens in it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Map, Value, json};
use url::Url;

use super::change::Change;
use super::connect_webhook::{CafForgery, Event};
use super::core_webhook;
use super::onboarding::{CafOnboardingOutcome, Link, OnboardingRequest};
use super::outcome::Subject;
use super::profile::Profile;
use super::request::CreateRequest;
use super::review::CafReview;
use super::transaction::Transaction;
use crate::caf::state::State;
use crate::lock::lock;

/// The customer's account.
pub(in crate::caf) struct Account {
    /// How many reads of a transaction find it in progress.
    processing_reads: u32,
    data: Mutex<Data>,
}

/// Where webhooks go.
#[derive(Clone, Default)]
pub(in crate::caf) struct Addresses {
    pub(in crate::caf) template: Option<Url>,
    pub(in crate::caf) profile: Option<Url>,
    pub(in crate::caf) connect: Option<Url>,
}

#[derive(Default)]
pub(in crate::caf) struct Data {
    /// Oldest first.
    pub(in crate::caf) transactions: Vec<Transaction>,
    positions: HashMap<String, usize>,
    pub(in crate::caf) links: Vec<Link>,
    profiles: HashMap<Subject, Profile>,
    /// Uploaded files: names and sizes.
    pub(in crate::caf) uploads: HashMap<String, usize>,
    pub(in crate::caf) addresses: Addresses,
    pub(in crate::caf) forgeries: VecDeque<CafForgery>,
}

impl Data {
    pub(in crate::caf) fn transaction(&self, id: &str) -> Option<&Transaction> {
        self.transactions.get(*self.positions.get(id)?)
    }

    fn transaction_mut(&mut self, id: &str) -> Option<&mut Transaction> {
        self.transactions.get_mut(*self.positions.get(id)?)
    }

    fn add(&mut self, transaction: Transaction) {
        self.positions
            .insert(transaction.id.clone(), self.transactions.len());
        self.transactions.push(transaction);
    }

    pub(in crate::caf) fn link(&self, token: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.token == token)
    }

    /// By the profile's id, or by the number of the document.
    pub(in crate::caf) fn profile(&self, id: &str, subject: &Subject) -> Option<&Profile> {
        let is_the_kind = |profile: &&Profile| {
            std::mem::discriminant(&profile.subject) == std::mem::discriminant(subject) && profile.id == id
        };
        let by_number = || self.profiles.get(subject);
        self.profiles.values().find(is_the_kind).or_else(by_number)
    }
}

impl Account {
    pub(in crate::caf) fn new(processing_reads: u32) -> Self {
        Self {
            processing_reads,
            data: Mutex::default(),
        }
    }

    pub(in crate::caf) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.data)
    }
}

/// What happens in the account. Random values are never made while the data are held.
impl State {
    /// Creates a transaction and returns it as it is then.
    pub(in crate::caf) fn create(&self, request: CreateRequest) -> Transaction {
        let now = self.clock.now();
        let reads = if request.is_ocr() {
            0
        } else {
            self.account.processing_reads
        };
        let mut transaction = Transaction::new(request, reads, now, &mut self.random());
        let changes = transaction.settle(now);
        self.account.data().add(transaction.clone());
        self.tell(&transaction, &changes);
        transaction
    }

    /// A transaction as its reader finds it.
    pub(in crate::caf) fn read(&self, id: &str) -> Option<Transaction> {
        let now = self.clock.now();
        self.change(id, |transaction| transaction.read(now))
    }

    /// Decides a transaction as a person would.
    pub(in crate::caf) fn review(&self, id: &str, review: &CafReview) -> Option<Transaction> {
        let now = self.clock.now();
        self.change(id, |transaction| transaction.review(review, now))
    }

    fn change(&self, id: &str, what: impl FnOnce(&mut Transaction) -> Vec<Change>) -> Option<Transaction> {
        let (transaction, changes) = {
            let mut data = self.account.data();
            let transaction = data.transaction_mut(id)?;
            let changes = what(transaction);
            (transaction.clone(), changes)
        };
        self.tell(&transaction, &changes);
        Some(transaction)
    }

    pub(in crate::caf) fn create_link(&self, request: OnboardingRequest) -> Link {
        let link = Link::new(request, self.clock.now(), &mut self.random());
        self.account.data().links.push(link.clone());
        link
    }

    /// Ends a link as its end user. `None` if there is none that is open.
    pub(in crate::caf) fn finish_link(
        &self,
        token: &str,
        outcome: CafOnboardingOutcome,
    ) -> Option<Transaction> {
        let now = self.clock.now();
        let mut random = self.random().fork();
        let transaction = {
            let mut data = self.account.data();
            let link = data
                .links
                .iter_mut()
                .find(|link| link.token == token)
                .filter(|link| link.is_open(now))?;
            let reads = self.account.processing_reads;
            let transaction = Transaction::new(link.create_request(), reads, now, &mut random)
                .of_link(link.id.clone(), outcome.outcome());
            link.transaction_id = Some(transaction.id.clone());
            data.add(transaction.clone());
            transaction
        };
        // Who hears of it may read it at once.
        self.tell(&transaction, &[Change::ProcessStarted]);
        self.change(&transaction.id, |transaction| transaction.settle(now))
    }

    /// An attempt at face authentication by the end user of a link. `false` if there is none that is open.
    pub(in crate::caf) fn authenticate_face(&self, token: &str, is_match: bool) -> bool {
        let now = self.clock.now();
        let Some(link) = self
            .account
            .data()
            .link(token)
            .filter(|link| link.is_open(now))
            .cloned()
        else {
            return false;
        };
        let attempt_id = self.ulid();
        let url = link.request.callback_url.clone();
        let body = core_webhook::face_authentication(&link, &attempt_id, is_match, now);
        self.post_to_core(
            url.or_else(|| self.account.data().addresses.template.clone()),
            &body,
        );
        let data = json!({
            "onboardingId": link.id,
            "personId": link.person_id(),
            "attemptId": attempt_id,
            "isMatch": is_match,
        });
        self.post_event("FACEAUTHENTICATIONEVENT", "FACEAUTHENTICATION", data);
        true
    }

    /// Tells the customer's server of changes, and the profile that they belong to.
    fn tell(&self, transaction: &Transaction, changes: &[Change]) {
        for change in changes {
            let url = transaction.request.callback_url.clone();
            let url = url.or_else(|| self.account.data().addresses.template.clone());
            self.post_to_core(url, &core_webhook::transaction(transaction, *change));
            let mut data = Map::new();
            data.insert("transactionId".to_owned(), json!(transaction.id));
            data.insert("status".to_owned(), json!(transaction.status));
            if let Some(onboarding_id) = &transaction.onboarding_id {
                data.insert("onboardingId".to_owned(), json!(onboarding_id));
            }
            self.post_event(change.connect_type(), "TRANSACTION", Value::Object(data));
        }
        if let Some(profile) = self.note(transaction) {
            let url = self.account.data().addresses.profile.clone();
            self.post_to_core(url, &core_webhook::profile(&profile));
            let mut data = Map::new();
            for (name, text) in [
                ("profileId", profile.id.as_str()),
                ("status", profile.status.as_str()),
                (profile.number_name(), profile.subject.number()),
            ] {
                data.insert(name.to_owned(), json!(text));
            }
            self.post_event("PROFILEUPDATEDEVENT", "PROFILE", Value::Object(data));
        }
    }

    /// The profile that a transaction is about, if its status has changed with it. OCR is about nobody.
    fn note(&self, transaction: &Transaction) -> Option<Profile> {
        let subject = transaction
            .request
            .subject()
            .filter(|_| !transaction.request.is_ocr())?;
        let now = self.clock.now();
        let id = self.object_id();
        let mut data = self.account.data();
        let profile = data
            .profiles
            .entry(subject)
            .or_insert_with_key(|subject| Profile::new(id, subject.clone(), now));
        profile.note(transaction, now).then(|| profile.clone())
    }

    /// Sends nothing where there is no address.
    fn post_to_core(&self, url: Option<Url>, body: &Value) {
        if let Some(url) = url {
            let id = self.random().uuid();
            self.webhooks.post(core_webhook::message(id, url, body));
        }
    }

    /// Sends a Connect event and returns its id. `None` if there is no address.
    pub(in crate::caf) fn post_event(&self, kind: &str, source: &str, data: Value) -> Option<String> {
        let time = self.clock.now();
        let id = self.ulid();
        let (url, forgery) = {
            let mut data = self.account.data();
            let url = data.addresses.connect.clone()?;
            (url, data.forgeries.pop_front())
        };
        let event = Event {
            id: id.clone(),
            kind,
            source,
            time,
            data,
        };
        self.webhooks
            .post(event.message(url, &self.webhook_secret, forgery));
        Some(id)
    }
}

/// What customers sent is left out.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = self.data();
        f.debug_struct("Account")
            .field("transactions", &data.transactions.len())
            .field("links", &data.links.len())
            .finish_non_exhaustive()
    }
}
