//! Waiting for the end of a check.

use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Answer, Result, Wait};

use super::get;
use super::types::{NumberVerify, NumberVerifyId};
use crate::client::Client;

/// The vendor names no interval; with the limit of one request per second, every poll takes a turn that
/// others wait for.
const INTERVAL: Duration = Duration::from_secs(5);

/// Asks for a check until its state is final: at once, after 1 s, then at growing intervals up to 5 s. Await
/// it to begin.
///
/// It ends with the check, whatever the final state is, or with a timeout; transient failures are
/// retried. Each poll waits for its turn of the client's rate limit. It never asks twice at once.
#[derive(Debug)]
#[must_use = "a wait begins when it is awaited"]
pub struct UntilFinal {
    client: Client,
    id: NumberVerifyId,
    within: Duration,
    interval: Duration,
}

impl UntilFinal {
    pub(crate) fn new(client: Client, id: NumberVerifyId, within: Duration) -> Self {
        Self {
            client,
            id,
            within,
            interval: INTERVAL,
        }
    }

    /// Waits; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// A timeout when the check is not final in time, or the transient failure of the last poll;
    /// otherwise as
    /// [`NumberVerifies::get`](crate::NumberVerifies::get).
    pub async fn send(self) -> Result<Answer<NumberVerify>> {
        Wait::new(Arc::clone(self.client.core().clock()), self.within, self.interval)
            .until(|| get(&self.client, &self.id), |check| check.state.is_final())
            .await
    }
}

verikit_core::forward_wait!(UntilFinal => Answer<NumberVerify>, interval: "5 s");
