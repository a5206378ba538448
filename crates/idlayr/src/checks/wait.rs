//! Waiting for the end of a check.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Answer, Result, Wait};

use super::{Check, CheckId, Routes, get};
use crate::client::Client;
use crate::phone_checks::PhoneCheck;

/// The documented life of a check whose answer does not say.
const DEFAULT_TTL: Duration = Duration::from_secs(120);
/// A check lives a minute or two; a stated life beyond an hour is no reason to wait that long.
const LONGEST_TTL: Duration = Duration::from_secs(3600);
/// The platform says `EXPIRED` when the life is over, not before: leave it the time to.
const GRACE: Duration = Duration::from_secs(5);
/// The vendor's own clients ask every 5 s.
const INTERVAL: Duration = Duration::from_secs(5);

/// Asks for a check until its status is final: at once, after 1 s, then at growing intervals up to 5 s. Await
/// it to begin.
///
/// It ends with the check, whatever the final status is, or with a timeout a few seconds after the check's
/// `ttl` (an hour at most), counted from here; transient failures are retried. It never asks twice at
/// once.
#[derive(Debug)]
#[must_use = "a wait begins when it is awaited"]
pub struct UntilFinal<C: Check = PhoneCheck> {
    client: Client,
    routes: &'static Routes,
    check_id: CheckId,
    within: Duration,
    interval: Duration,
    of: PhantomData<fn() -> C>,
}

impl<C: Check> UntilFinal<C> {
    pub(crate) fn new(
        client: Client,
        routes: &'static Routes,
        check_id: CheckId,
        ttl: Option<Duration>,
    ) -> Self {
        let within = ttl.unwrap_or(DEFAULT_TTL).min(LONGEST_TTL) + GRACE;
        Self {
            client,
            routes,
            check_id,
            within,
            interval: INTERVAL,
            of: PhantomData,
        }
    }

    /// How long to wait at most, in place of the check's `ttl`.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Waits; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// A timeout when the check is not final in time, or the transient failure of the last poll;
    /// otherwise as the product's `get`, such as [`PhoneChecks::get`](crate::PhoneChecks::get).
    pub async fn send(self) -> Result<Answer<C>> {
        Wait::new(Arc::clone(self.client.core().clock()), self.within, self.interval)
            .until(
                || get(&self.client, self.routes, &self.check_id),
                |check: &Answer<C>| check.status().is_final(),
            )
            .await
    }
}

verikit_core::forward_wait!(UntilFinal<C: Check> => Answer<C>, interval: "5 s");
