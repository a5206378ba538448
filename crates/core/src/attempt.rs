//! One attempt: wait for a credential, for a place and for the turn; build, authorise, send, read.

mod exchange;
mod failure;

use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::auth::{Authorization, Ticket};
use crate::client::{Delivered, Inner, Want};
use crate::clock::{Deadline, Elapsed};
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::limit::{InFlight, Permit};
use crate::operation::{Operation, Repeat};
use crate::retry::Next;

use exchange::Exchanged;

/// A call under way.
pub(crate) struct Run<'a> {
    client: &'a Inner,
    operation: &'a Operation,
    deadline: Deadline,
    limit: usize,
    want: Want,
    attempts: u32,
    ticket: Ticket,
    /// How much time a call that is sent once must have left to be sent at all.
    needed: Duration,
    /// The 401 that the credential is being renewed for. A call renews once.
    refused: Option<Error>,
    renewed: bool,
    /// How far any attempt of the call got.
    reached: Delivery,
}

pub(crate) enum Attempted {
    Delivered(Delivered),
    Failed(Error, Next),
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        client: &'a Inner,
        operation: &'a Operation,
        timeout: Duration,
        deadline: Deadline,
        limit: usize,
        want: Want,
    ) -> Self {
        Self {
            client,
            operation,
            deadline,
            limit,
            want,
            attempts: 0,
            ticket: Ticket::default(),
            needed: (timeout / 20).min(Duration::from_secs(1)),
            refused: None,
            renewed: false,
            reached: Delivery::NotSent,
        }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether another attempt could begin after a wait.
    pub(crate) fn has_time_after(&self, wait: Duration) -> bool {
        self.deadline.remaining().saturating_sub(wait) > self.needed()
    }

    pub(crate) async fn pause(&mut self, wait: Duration) {
        if !wait.is_zero() {
            // The wait fits; if the clock jumps, the next attempt meets the deadline itself.
            let _ = self.deadline.bound(self.client.clock.sleep(wait)).await;
        }
    }

    /// Makes the error of an attempt the error of the call: when an earlier attempt may have been carried
    /// out, a later one that never left takes nothing away from that.
    pub(crate) fn so_far(&mut self, error: Error) -> Error {
        self.reached = self.reached.or_further(error.delivery());
        error.with_delivery(self.reached)
    }

    /// Takes note that the next attempt needs another credential than the one that `failure` refused.
    pub(crate) fn reauthorise(&mut self, failure: Error) -> Result<()> {
        // Without time for another attempt the refusal is what there is to say.
        if self.renewed || self.leave_time().is_err() {
            return Err(failure);
        }
        self.renewed = true;
        self.refused = Some(failure);
        Ok(())
    }

    /// One attempt. `Err` is final.
    pub(crate) async fn attempt(&mut self) -> Result<Attempted> {
        let mut now = self.client.clock.now();
        self.operation.check()?;
        let mut authorised = self.credential(now).await?;
        let mut permit = None;
        if let Some(in_flight) = &self.client.in_flight {
            permit = in_flight.try_enter();
            if permit.is_none() {
                authorised = None;
                permit = self.enter(in_flight).await?;
                now = self.client.clock.now();
            }
        }
        if self.take_turn().await? {
            authorised = None;
            now = self.client.clock.now();
        }
        let request = match authorised {
            Some(request) => *request,
            None => self.authorise(now).await?,
        };
        self.leave_time()?;
        self.attempts += 1;
        // Not sooner: how long the client's own queues are is no fact about the provider.
        let began = self.client.clock.now();
        let exchanged = self.exchange(request, permit).await;
        let attempted = match exchanged {
            Exchanged::Delivered(delivered) => Ok(Attempted::Delivered(delivered)),
            Exchanged::Final(error) => Err(error),
            Exchanged::Failed(failure) => Ok(self.judge(failure)),
        };
        self.report(&attempted, began);
        attempted
    }

    /// Waits for a credential, unless it is there already: without a turn and without a place, which others
    /// could use meanwhile. What was authorised with it is sent if nothing else has to be waited for. A
    /// request that queued would take up memory, and its credential might come to its end.
    async fn credential(&mut self, now: Instant) -> Result<Option<Box<http::Request<Bytes>>>> {
        if self.operation.realm().authorizer().is_ready(now) {
            return Ok(None);
        }
        self.authorise(now).await.map(Box::new).map(Some)
    }

    /// Waits for the realm's rate limit, and says whether there is one. The credential and the place are
    /// there by now: waiting for them after the turn would let the calls of many turns go out at once.
    async fn take_turn(&mut self) -> Result<bool> {
        let Some(rate_limit) = self.operation.realm().rate_limit() else {
            return Ok(false);
        };
        let (clock, needed) = (&*self.client.clock, self.needed());
        match rate_limit.enter(clock, self.deadline.at(), needed).await {
            Ok(()) => Ok(true),
            Err(late) => {
                let detail = "the client's own rate limit leaves no turn before the deadline";
                let error = Error::new(ErrorKind::RateLimited, detail).with_retry_after(late.wait);
                Err(self.error(error, Delivery::NotSent))
            }
        }
    }

    fn needed(&self) -> Duration {
        match self.operation.repeatable() {
            Repeat::Safe => Duration::ZERO,
            Repeat::Once => self.needed,
        }
    }

    /// A request that begins when there is next to no time left would be cut off, and nobody would know what
    /// became of it.
    fn leave_time(&self) -> Result<()> {
        if self.has_time_after(Duration::ZERO) {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Timeout, "there was not enough time left to send it");
        Err(self.error(error, Delivery::NotSent))
    }

    /// Builds the request and authorises it.
    async fn authorise(&mut self, now: Instant) -> Result<http::Request<Bytes>> {
        let mut request = self.operation.request()?;
        let authorized = match self.operation.realm().authorizer().authorize(&mut request, now) {
            Authorization::Done(ticket) => ticket,
            Authorization::Wait(wait) => match self.deadline.bound(wait).await {
                Ok(ticket) => ticket,
                Err(Elapsed) => {
                    let error = Error::new(
                        ErrorKind::Timeout,
                        "the deadline passed while waiting for a credential",
                    );
                    return Err(self.error(error, Delivery::NotSent));
                }
            },
        };
        let ticket = authorized.map_err(|error| self.in_authorisation(error))?;
        if let Some(refused) = self.refused.take() {
            // Renewing brought the same credential again: the provider has already said no to it.
            if ticket.generation() == self.ticket.generation() {
                return Err(refused);
            }
        }
        self.ticket = ticket;
        Ok(request)
    }

    /// Queues for a place among the calls in flight.
    async fn enter(&mut self, in_flight: &InFlight) -> Result<Option<Permit>> {
        self.leave_time()?;
        let place = pin!(in_flight.enter());
        match self.deadline.bound(place).await {
            Ok(permit) if !self.deadline.has_passed() => Ok(permit),
            Ok(_) | Err(Elapsed) => {
                let error = Error::new(
                    ErrorKind::Overloaded,
                    "as many calls as max_in_flight allows were under way until the deadline",
                );
                Err(self.error(error, Delivery::NotSent))
            }
        }
    }
}
