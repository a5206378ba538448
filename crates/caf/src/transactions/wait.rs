//! Waiting for a transaction's status.

use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Answer, Result, Wait};

use super::transaction::Transaction;
use super::types::TransactionId;
use super::{TransactionRoutes, get};
use crate::client::Client;

/// How long a transaction takes is not documented. Services alone take seconds to minutes.
const WITHIN: Duration = Duration::from_secs(600);
/// No rate limit is documented.
const INTERVAL: Duration = Duration::from_secs(10);

/// Asks for a transaction until its status is not a [waiting one](super::TransactionStatus::is_waiting): at
/// once, after 1 s, then at growing intervals up to 10 s. Await it to begin.
///
/// It goes on at `PROCESSING`, `PENDING` and `WAITING_DOCUMENTS`, and ends with any other status, also one
/// that this version does not know. It ends with a timeout after ten minutes, unless told otherwise;
/// transient failures are retried. It never asks twice at once.
///
/// **The end is not for ever**: a manual review can change `APPROVED` and `REPROVED` afterwards (contract
/// caf, 4.5). And a review by a person can take days: **prefer webhooks**, and read the transaction when one
/// comes.
#[derive(Debug)]
#[must_use = "a wait begins when it is awaited"]
pub struct UntilFinal {
    client: Client,
    routes: &'static TransactionRoutes,
    transaction_id: TransactionId,
    within: Duration,
    interval: Duration,
}

impl UntilFinal {
    pub(crate) fn new(
        client: Client,
        routes: &'static TransactionRoutes,
        transaction_id: TransactionId,
    ) -> Self {
        Self {
            client,
            routes,
            transaction_id,
            within: WITHIN,
            interval: INTERVAL,
        }
    }

    /// How long to wait at most. Default 10 minutes.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Waits; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// A timeout when the status is still a waiting one in the end, or the transient failure that the last
    /// question met; otherwise as a [read](super::GetTransaction).
    pub async fn send(self) -> Result<Answer<Transaction>> {
        Wait::new(
            Arc::clone(self.client.core_loop().clock()),
            self.within,
            self.interval,
        )
        .until(
            || get::call(&self.client, self.routes, &self.transaction_id),
            |transaction| !transaction.status.is_waiting(),
        )
        .await
    }
}

verikit_core::forward_wait!(UntilFinal => Answer<Transaction>, interval: "10 s");
