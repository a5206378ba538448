//! What a test holds of the account.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};
use url::Url;

use super::connect_webhook::CafForgery;
use super::onboarding::{CafOnboardingOutcome, Link};
use super::review::CafReview;
use super::transaction::Transaction;
use crate::caf::state::State;

/// The customer's account on CAF's Trust platform: its transactions, its onboarding links, and where its
/// webhooks go. The Core and the Connect API are two ways to the one account.
pub struct CafAccount {
    state: Arc<State>,
}

impl CafAccount {
    pub(in crate::caf) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// All transactions, oldest first.
    #[must_use]
    pub fn transactions(&self) -> Vec<CafTransaction> {
        let data = self.state.account.data();
        data.transactions.iter().cloned().map(CafTransaction).collect()
    }

    /// The transaction with this id. Looking at it is no read: it stays in progress for as many reads.
    #[must_use]
    pub fn transaction(&self, id: &str) -> Option<CafTransaction> {
        let data = self.state.account.data();
        data.transaction(id).cloned().map(CafTransaction)
    }

    /// Decides a transaction as a person would who reviews it, as often as you like. Webhooks go out if its
    /// status changes. `None` if there is no such transaction.
    pub fn review(&self, id: &str, review: &CafReview) -> Option<CafTransaction> {
        self.state.review(id, review).map(CafTransaction)
    }

    /// All onboarding links, oldest first.
    #[must_use]
    pub fn onboardings(&self) -> Vec<CafOnboarding> {
        let data = self.state.account.data();
        let now = self.state.clock.now();
        let links = data.links.iter();
        links
            .map(|link| CafOnboarding {
                url: link.address(&self.state.urls.core),
                is_open: link.is_open(now),
                link: link.clone(),
            })
            .collect()
    }

    /// Ends an onboarding as its end user. Its transaction is created, and webhooks go out. `None` if there
    /// is no link with this token that is still open.
    pub fn finish_onboarding(&self, token: &str, outcome: CafOnboardingOutcome) -> Option<CafTransaction> {
        self.state.finish_link(token, outcome).map(CafTransaction)
    }

    /// Compares the face of an onboarding's end user, who is still at it; a webhook goes out. `false` if
    /// there is no link with this token that is still open.
    pub fn authenticate_face(&self, token: &str, is_match: bool) -> bool {
        self.state.authenticate_face(token, is_match)
    }

    /// Sets the "Webhook" of all query templates. A transaction's own `_callbackUrl` comes before it. They
    /// are sent to plain http on this machine; all others are kept to be looked at.
    pub fn set_webhook_url(&self, url: Option<Url>) {
        self.state.account.data().addresses.template = url;
    }

    /// Sets the "Profile webhook" of all query templates.
    pub fn set_profile_webhook_url(&self, url: Option<Url>) {
        self.state.account.data().addresses.profile = url;
    }

    /// Sets where Connect's signed events go.
    pub fn set_connect_webhook_url(&self, url: Option<Url>) {
        self.state.account.data().addresses.connect = url;
    }

    /// Has the next of Connect's events be wrong on purpose. Forgeries wait in the order in which they were
    /// added.
    pub fn forge_next_connect_event(&self, forgery: CafForgery) {
        self.state.account.data().forgeries.push_back(forgery);
    }

    /// Sends an event of any type to Connect's webhook, and returns its id; `None` if no URL is set. Of the
    /// types, `data` is documented for the `COMMUNICATION...` ones alone.
    pub fn send_connect_event(&self, kind: &str, source: &str, data: Map<String, Value>) -> Option<String> {
        self.state.post_event(kind, source, Value::Object(data))
    }
}

impl fmt::Debug for CafAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CafAccount").field(&self.state.account).finish()
    }
}

/// A transaction as the sandbox holds it. `Debug` shows nothing that was sent.
#[derive(Clone)]
pub struct CafTransaction(Transaction);

impl CafTransaction {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> &str {
        &self.0.status
    }

    /// When it was created, by the sandbox's clock.
    #[must_use]
    pub fn created(&self) -> SystemTime {
        self.0.created
    }

    /// The query template; `None` if it was created with services instead.
    #[must_use]
    pub fn template_id(&self) -> Option<&str> {
        self.0.request.template_id()
    }

    /// The attributes that it was created with.
    #[must_use]
    pub fn attributes(&self) -> &Map<String, Value> {
        &self.0.request.attributes
    }

    /// The metadata that it was created with.
    #[must_use]
    pub fn metadata(&self) -> Option<&Value> {
        self.0.request.metadata.as_ref()
    }

    /// The session token that it was linked with.
    #[must_use]
    pub fn reference_token(&self) -> Option<&str> {
        self.0.request.reference_token.as_deref()
    }

    /// The onboarding link that it comes from.
    #[must_use]
    pub fn onboarding_id(&self) -> Option<&str> {
        self.0.onboarding_id.as_deref()
    }
}

impl fmt::Debug for CafTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafTransaction")
            .field("id", &self.0.id)
            .field("status", &self.0.status)
            .finish_non_exhaustive()
    }
}

/// An onboarding link as the sandbox holds it. `Debug` shows neither its address nor its token.
#[derive(Clone)]
pub struct CafOnboarding {
    link: Link,
    url: Url,
    is_open: bool,
}

impl CafOnboarding {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.link.id
    }

    /// Where the end user goes.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The secret part of the address.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.link.token
    }

    /// Whether the end user can still come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The transaction that came of it.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.link.transaction_id.as_deref()
    }
}

impl fmt::Debug for CafOnboarding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafOnboarding")
            .field("id", &self.link.id)
            .field("is_open", &self.is_open)
            .field("transaction_id", &self.link.transaction_id)
            .finish_non_exhaustive()
    }
}
