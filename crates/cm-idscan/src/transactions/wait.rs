//! Waiting for the end of a transaction.

use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Answer, Result, Wait};

use super::create::CreatedTransaction;
use super::details::Transaction;
use super::get;
use super::types::{TransactionId, TransactionState};
use crate::client::Client;

/// The documented life of a transaction whose answer does not say.
const DEFAULT_LIFE: Duration = Duration::from_secs(3600);
/// The longest documented one: what is stated beyond it is not taken for a life.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Leave the provider the time to say what became of it.
const GRACE: Duration = Duration::from_secs(5);
/// A person takes minutes; no rate limit is documented.
const INTERVAL: Duration = Duration::from_secs(10);

/// Asks for a transaction until it is no longer pending: at once, after 1 s, then at growing intervals up to
/// 10 s. Await it to begin.
///
/// It ends with any state but `pending`, also one that this version does not know, since the words for
/// expired and failed are not published. It ends with a timeout a few seconds after the transaction's life,
/// as long as it was made for, counted from here (one hour where that is not known, 24 hours at most).
/// Transient failures are retried. It never asks twice at once.
///
/// **Prefer webhooks.** They come at once, and the notification has the result's id. A transaction that is
/// read does not have it, as far as is documented: after a wait, take it from what the browser brings back.
#[derive(Debug)]
#[must_use = "a wait begins when it is awaited"]
pub struct UntilFinal {
    client: Client,
    transaction_id: TransactionId,
    within: Duration,
    interval: Duration,
}

impl UntilFinal {
    pub(crate) fn new(client: Client, transaction_id: TransactionId, life: Option<Duration>) -> Self {
        Self {
            client,
            transaction_id,
            within: life.unwrap_or(DEFAULT_LIFE) + GRACE,
            interval: INTERVAL,
        }
    }

    /// How long to wait at most, in place of the transaction's life.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Waits; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// A timeout when the transaction is still pending in the end, or the transient failure of the last
    /// poll; otherwise as
    /// [`Transactions::get`](crate::Transactions::get).
    pub async fn send(self) -> Result<Answer<Transaction>> {
        Wait::new(Arc::clone(self.client.core().clock()), self.within, self.interval)
            .until(
                || get(&self.client, &self.transaction_id),
                |transaction| transaction.state != TransactionState::Pending,
            )
            .await
    }
}

/// A transaction's life by the provider's clock alone: ours may be wrong. The vendor's own example has a
/// creation after the expiry, which says nothing.
pub(super) fn life(transaction: &CreatedTransaction) -> Option<Duration> {
    let (created, expires) = (transaction.created.as_ref()?, transaction.expires.as_ref()?);
    let life = expires.unix_seconds().checked_sub(created.unix_seconds())?;
    let life = Duration::from_secs(u64::try_from(life).ok()?);
    (Duration::ZERO < life && life <= LONGEST_LIFE).then_some(life)
}

verikit_core::forward_wait!(UntilFinal => Answer<Transaction>, interval: "10 s");
