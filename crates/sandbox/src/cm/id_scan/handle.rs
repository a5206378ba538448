//! What a test holds of the emulated ID Scan.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use url::Url;

use super::outcome::CmIdScanOutcome;
use super::state::{self, NotPlayed};
use super::task::{Task, TaskKind};
use super::transaction::{Refusal, Transaction};
use crate::cm::State;
use crate::outbox::Delivery;

/// The emulated ID Scan: its transactions, the end user, the webhooks.
pub struct CmIdScan {
    state: Arc<State>,
}

/// A transaction as the sandbox holds it. `Debug` leaves out the page's URL.
#[derive(Clone, PartialEq, Eq)]
pub struct CmIdScanTransaction {
    id: String,
    url: String,
    state: &'static str,
    is_expired: bool,
    result_id: Option<String>,
    tasks: Vec<CmIdScanTask>,
    redact_fields: Vec<String>,
}

/// A task of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CmIdScanTask {
    kind: &'static str,
    state: &'static str,
    attempts: usize,
    attempts_invoiced: usize,
}

impl CmIdScanTask {
    fn new(task: &Task) -> Self {
        Self {
            kind: task.kind.as_str(),
            state: task.state.as_str(),
            attempts: task.attempts.len(),
            attempts_invoiced: task.attempts_invoiced(),
        }
    }

    /// `document_scan`, `face_liveness` or `face_match`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// `pending`, `completed` or, under a name of ours, `failed`.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state
    }

    /// How often it was tried.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.attempts
    }

    /// How many of the attempts are charged.
    #[must_use]
    pub fn attempts_invoiced(&self) -> usize {
        self.attempts_invoiced
    }
}

impl CmIdScanTransaction {
    fn new(transaction: &Transaction, page_host: &Url, now: SystemTime) -> Self {
        Self {
            id: transaction.id.clone(),
            url: transaction.page_url(page_host).into(),
            state: transaction.state.as_str(),
            is_expired: transaction.is_expired(now),
            result_id: transaction.result_id.clone(),
            tasks: transaction.tasks.iter().map(CmIdScanTask::new).collect(),
            redact_fields: transaction.request.scan.redact_fields.clone(),
        }
    }

    /// The transaction's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The end user's page. It holds a secret token.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `pending`, `completed` or, under a name of ours, `aborted`.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state
    }

    /// Whether its time went by before it was finished. The state stays `pending`.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.is_expired
    }

    /// Whether the end user can still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == "pending" && !self.is_expired
    }

    /// The id of its result, once it is completed.
    #[must_use]
    pub fn result_id(&self) -> Option<&str> {
        self.result_id.as_deref()
    }

    /// Its tasks, in order.
    #[must_use]
    pub fn tasks(&self) -> &[CmIdScanTask] {
        &self.tasks
    }

    /// The fields that were asked to be masked. Of these the sandbox's pictures have `personal_number` and
    /// `signature`.
    #[must_use]
    pub fn redact_fields(&self) -> &[String] {
        &self.redact_fields
    }
}

impl fmt::Debug for CmIdScanTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmIdScanTransaction")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("is_expired", &self.is_expired)
            .field("result_id", &self.result_id)
            .field("tasks", &self.tasks)
            .finish_non_exhaustive()
    }
}

/// Why the end user could not be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmIdScanPlayError {
    /// The URL is not the page of one of this sandbox's transactions.
    #[error("not the page of a transaction of this sandbox")]
    NotAPage,
    /// The transaction's time is up.
    #[error("the transaction has expired")]
    Expired,
    /// The transaction is completed or aborted.
    #[error("the transaction has ended")]
    Ended,
    /// The outcome is one of a task that is not next.
    #[error("the task that is next is {next}")]
    NotItsTurn {
        /// The task that is.
        next: &'static str,
    },
}

impl From<NotPlayed> for CmIdScanPlayError {
    fn from(refusal: NotPlayed) -> Self {
        match refusal {
            // The handle names no source, so none is refused.
            NotPlayed::Unknown | NotPlayed::Refused(Refusal::Source) => Self::NotAPage,
            NotPlayed::Refused(Refusal::Expired) => Self::Expired,
            NotPlayed::Refused(Refusal::Ended) => Self::Ended,
            NotPlayed::Refused(Refusal::NotItsTurn(task)) => Self::NotItsTurn { next: task.as_str() },
        }
    }
}

impl CmIdScan {
    pub(in crate::cm) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// All transactions, oldest first.
    #[must_use]
    pub fn transactions(&self) -> Vec<CmIdScanTransaction> {
        let now = self.state.clock.now();
        let data = self.state.id_scan.data();
        data.in_order()
            .into_iter()
            .map(|transaction| CmIdScanTransaction::new(transaction, &self.state.page_url, now))
            .collect()
    }

    /// Plays the end user: one attempt at the task that is next, at the page with this URL. Webhooks go out.
    ///
    /// # Errors
    ///
    /// When there is no such page, when the transaction has ended or expired, and when the outcome is one of
    /// another task.
    pub fn play(
        &self,
        url: impl AsRef<str>,
        outcome: CmIdScanOutcome,
    ) -> Result<CmIdScanTransaction, CmIdScanPlayError> {
        let token = self.token(url.as_ref()).ok_or(CmIdScanPlayError::NotAPage)?;
        let now = self.state.clock.now();
        let played = state::play(&self.state, &token, outcome, None, |transaction| {
            CmIdScanTransaction::new(transaction, &self.state.page_url, now)
        })?;
        Ok(played)
    }

    /// Plays the end user to the end: a good passport, a live person, a face that matches.
    ///
    /// # Errors
    ///
    /// As [`play`](Self::play).
    pub fn play_to_the_end(&self, url: impl AsRef<str>) -> Result<CmIdScanTransaction, CmIdScanPlayError> {
        let url = url.as_ref();
        loop {
            let next = {
                let token = self.token(url).ok_or(CmIdScanPlayError::NotAPage)?;
                let data = self.state.id_scan.data();
                let transaction = data.of_token(&token).ok_or(CmIdScanPlayError::NotAPage)?;
                transaction.next_task().map(|task| task.kind)
            };
            let played = self.play(
                url,
                match next {
                    Some(TaskKind::FaceLiveness) => CmIdScanOutcome::Live,
                    Some(TaskKind::FaceMatch) => CmIdScanOutcome::FaceMatch,
                    // When nothing is next, `play` says so.
                    Some(TaskKind::DocumentScan) | None => CmIdScanOutcome::GoodPassport,
                },
            )?;
            if !played.is_open() {
                return Ok(played);
            }
        }
    }

    /// The token in a page's URL, if this sandbox has such a page.
    fn token(&self, url: &str) -> Option<String> {
        let mut url = Url::parse(url).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        let token = url.path_segments()?.next_back()?.to_owned();
        let data = self.state.id_scan.data();
        let transaction = data.of_token(&token)?;
        (transaction.page_url(&self.state.page_url) == url).then_some(token)
    }

    /// Lets one transaction expire now. `false` if there is none with this id or if it has ended already.
    pub fn expire(&self, transaction_id: &str) -> bool {
        let now = self.state.clock.now();
        self.state.id_scan.data().expire(transaction_id, now)
    }

    /// What webhooks were told so far, oldest first, also what was not sent because the sandbox speaks no
    /// TLS: hand its headers and body to the code that receives webhooks.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state.webhooks.deliveries()
    }

    /// Waits until no notification is due: each has ended, or waits for the sandbox's clock.
    pub async fn deliveries_settled(&self) {
        self.state.webhooks.settled().await;
    }

    /// Sends a notification once more, with the same event id and the same bytes. `false` if there is none
    /// with this event id.
    pub fn repeat_delivery(&self, event_id: &str) -> bool {
        self.state.webhooks.repeat(event_id)
    }
}

impl fmt::Debug for CmIdScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmIdScan")
            .field("page_url", &self.state.page_url.as_str())
            .field("transactions", &self.transactions().len())
            .field("deliveries", &self.state.webhooks)
            .finish_non_exhaustive()
    }
}
