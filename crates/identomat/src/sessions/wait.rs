//! Waiting for the end of a session.

use std::sync::Arc;
use std::time::Duration;

use verikit_core::{Answer, Result, Wait};

use super::result;
use super::token::SessionToken;
use crate::client::Client;
use crate::results::{Outcome, SessionResult};

/// Leave the provider the time to say what became of it.
const GRACE: Duration = Duration::from_secs(5);
/// A person takes minutes; no rate limit is documented.
const INTERVAL: Duration = Duration::from_secs(10);

/// Asks for a result until it is no longer in progress: at once, after 1 s, then at growing intervals up to
/// 10 s. Await it to begin.
///
/// It ends with anything but "in progress", also with what this version does not know, and with nothing at
/// all: look with [`is_approved`](SessionResult::is_approved). **An operator may still change the result**:
/// of a session that waits for a manual check for sure, and of any other too.
///
/// It ends with a timeout a few seconds after the token's validity, counted from here. A user who left
/// halfway stays in progress until then. Transient failures are retried. It never asks twice at once.
#[derive(Debug)]
#[must_use = "a wait begins when it is awaited"]
pub struct UntilProcessed {
    client: Client,
    token: SessionToken,
    within: Duration,
    interval: Duration,
}

impl UntilProcessed {
    pub(crate) fn new(client: Client, token: SessionToken) -> Self {
        Self {
            client,
            token,
            within: SessionToken::VALIDITY + GRACE,
            interval: INTERVAL,
        }
    }

    /// How long to wait at most, in place of the token's validity.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        self
    }

    /// Waits; the same as awaiting it.
    ///
    /// # Errors
    ///
    /// A timeout when the session is still in progress in the end; otherwise as
    /// [`Sessions::result`](crate::Sessions::result).
    pub async fn send(self) -> Result<Answer<SessionResult>> {
        Wait::new(Arc::clone(self.client.core().clock()), self.within, self.interval)
            .until(
                || result(&self.client, &self.token),
                |result| result.result != Some(Outcome::InProgress),
            )
            .await
    }
}

verikit_core::forward_wait!(UntilProcessed => Answer<SessionResult>, interval: "10 s");
