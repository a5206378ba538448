//! Keeps a token and shares it: one fetch for any number of callers, and none for a token that is valid.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use super::flight::{Driver, Flight, Landed};
use super::token::{FetchToken, FetchedToken, Replaces};
use super::{Authorization, Authorize, RefusedAnswer, Ticket, authorization_value};
use crate::clock::{Clock, NO_TIMER};
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::retry::Random;
use crate::secret::Secret;

/// How long a fetch may take, with all its attempts.
pub(crate) const FETCH_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a failure is handed to those who come after it.
const FAILURE_SHARED: Duration = Duration::from_secs(1);
/// A fetch bounds itself by its own timeout; a little later it has been forgotten by its runtime.
const PATIENCE: Duration = Duration::from_secs(16);
/// How long a token serves that is past its end on arrival.
const SERVES_AT_LEAST: Duration = Duration::from_secs(1);

/// Keeps the token of one credential.
///
/// - A valid token costs a load and a clone of a prepared header value: no lock, no allocation. Only while it
///   is due for renewal (the last minute of its life, at most) a call looks under a lock whether somebody
///   renews it.
/// - Any number of callers without a token share one fetch, and its failure; whoever comes within a second of
///   a failure gets it too. The fetch goes on when the caller that started it is dropped.
/// - A token is renewed ahead of its end, by at most a tenth of its life or 60 s. The old one serves until
///   its real end, also when the renewal fails; no caller waits.
/// - After a 401 that very token is discarded: a thousand 401s cause one fetch.
///
/// The cache spawns nothing and outlives nothing: a fetch is driven by the calls that wait for it.
#[derive(Clone)]
pub struct TokenCache(Arc<Inner>);

struct Inner {
    fetcher: Arc<dyn FetchToken>,
    clock: Arc<dyn Clock>,
    random: Random,
    current: ArcSwapOption<Held>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    flight: Option<Flight>,
    /// The number of the fetch that was started last: only that one may leave its outcome here.
    flights: u64,
    failure: Option<(Instant, Error)>,
    generation: u64,
    refused: Option<Refused>,
}

/// The last token that was answered with 401.
struct Refused {
    token: Secret,
    generation: u64,
}

struct Held {
    token: Secret,
    header: HeaderValue,
    generation: u64,
    renew_at: Instant,
    expires_at: Instant,
}

impl TokenCache {
    /// A cache over what fetches the token.
    pub fn new(fetcher: Arc<dyn FetchToken>, clock: Arc<dyn Clock>) -> Self {
        Self::with_random(fetcher, clock, Random::default())
    }

    pub(crate) fn with_random(fetcher: Arc<dyn FetchToken>, clock: Arc<dyn Clock>, random: Random) -> Self {
        Self(Arc::new(Inner {
            fetcher,
            clock,
            random,
            current: ArcSwapOption::empty(),
            state: Mutex::default(),
        }))
    }

    /// The token that is kept, fetched first if there is none, with the time that it is still valid for.
    /// Requests are authorised by [`Bearer`].
    ///
    /// # Errors
    ///
    /// When the token cannot be fetched.
    pub async fn token(&self) -> Result<(Secret, Duration)> {
        let held = self.0.valid().await?;
        Ok((
            held.token.clone(),
            held.expires_at.saturating_duration_since(self.0.clock.now()),
        ))
    }

    /// Whether this is the token that is kept.
    #[must_use]
    pub fn keeps(&self, token: &Secret) -> bool {
        let current = self.0.current.load();
        current
            .as_ref()
            .is_some_and(|held| held.token.ct_eq(token.expose().as_bytes()))
    }

    /// Forgets the token, so that the next call fetches another.
    pub fn forget(&self) {
        self.0.current.store(None);
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self, now: Instant) -> Option<Arc<Held>> {
        self.current.load_full().filter(|held| now < held.expires_at)
    }

    async fn valid(self: &Arc<Self>) -> Result<Arc<Held>> {
        loop {
            let (flight, driver) = {
                let now = self.clock.now();
                let mut state = self.state();
                // Asked again under the lock: it may have landed between the look and the lock.
                if let Some(held) = self.held(now) {
                    return Ok(held);
                }
                if let Some(error) = state.recent_failure(now) {
                    return Err(error);
                }
                if !self.clock.can_sleep() {
                    return Err(Error::configuration(NO_TIMER));
                }
                self.join(&mut state, now)
            };
            let landed = flight.land(driver, &*self.clock).await;
            if let Some(held) = self.held(self.clock.now()) {
                return Ok(held);
            }
            match landed {
                Landed::Failed(error) => return Err(not_sent(error)),
                Landed::Abandoned => {
                    self.state().flight.take_if(|current| current.is_same(&flight));
                }
                // Neither a token nor a failure: it was discarded at once, or another fetch took this one's
                // place. The calls' own deadlines bound this.
                Landed::Done => {}
            }
        }
    }

    /// The fetch that is under way, or a new one, with the right to drive it.
    fn join(self: &Arc<Self>, state: &mut State, now: Instant) -> (Flight, Option<Driver>) {
        if let Some(flight) = state.flight.as_ref().filter(|flight| !flight.is_hopeless(now)) {
            return (flight.clone(), flight.board());
        }
        let replaces = self.replaced(state);
        let fetcher = Arc::clone(&self.fetcher);
        // Weak: a fetch that nobody finishes must not keep the cache alive that keeps the fetch.
        let cache = Arc::downgrade(self);
        state.flights += 1;
        let number = state.flights;
        let work = Box::pin(async move {
            // A panic would reach every caller that waits, and all who come until the fetch is stale.
            // It begins when it is first driven, outside of the lock.
            let fetch = AssertUnwindSafe(async move { fetcher.fetch(replaces).await });
            let outcome = fetch.catch_unwind().await.unwrap_or_else(|_| {
                let detail = "fetching the token panicked";
                Err(Error::new(ErrorKind::Interrupted, detail))
            });
            match Weak::upgrade(&cache) {
                Some(cache) => cache.land(number, outcome).err(),
                None => outcome.err(),
            }
        });
        let flight = Flight::start(work, Arc::clone(&self.clock), PATIENCE);
        let driver = flight.board();
        state.flight = Some(flight.clone());
        (flight, driver)
    }

    /// Which token the next one takes the place of, so that a store does not hand it out again.
    fn replaced(&self, state: &State) -> Replaces {
        if let Some(held) = self.current.load().as_ref() {
            return Replaces::Due(held.token.clone());
        }
        match &state.refused {
            Some(refused) => Replaces::Refused(refused.token.clone()),
            None => Replaces::Nothing,
        }
    }

    fn land(&self, number: u64, outcome: Result<FetchedToken>) -> Result<()> {
        let now = self.clock.now();
        let mut state = self.state();
        if state.flights != number {
            // Another fetch took its place: what this one brings is older, and its failure says nothing about
            // the other.
            return outcome.map(|_| ());
        }
        state.flight = None;
        match outcome.and_then(|token| self.hold(&mut state, token, now)) {
            Ok(held) => {
                state.failure = None;
                self.current.store(Some(Arc::new(held)));
                Ok(())
            }
            Err(error) => {
                state.failure = Some((now, error.clone()));
                Err(error)
            }
        }
    }

    fn hold(&self, state: &mut State, token: FetchedToken, now: Instant) -> Result<Held> {
        let header = authorization_value("Bearer", &token.access_token).map_err(|_| {
            Error::new(
                ErrorKind::Decode,
                "the access token has characters that cannot stand in a header",
            )
        })?;
        // Where the answer took longer than the token lives, it still serves those who waited: fetching again
        // at once would be a loop.
        let expires_at = token
            .sent_at
            .checked_add(token.lifetime.duration())
            .unwrap_or(token.sent_at)
            .max(now.checked_add(SERVES_AT_LEAST).unwrap_or(now));
        let lead = self.random.upper_half(token.lifetime.renewal_lead());
        // The same token again is the same credential: a call that was refused with it is not repeated.
        let same = |other: &Secret| other.ct_eq(token.access_token.expose().as_bytes());
        let refused = state
            .refused
            .as_ref()
            .filter(|refused| same(&refused.token))
            .map(|refused| refused.generation);
        let current = self
            .current
            .load()
            .as_ref()
            .filter(|held| same(&held.token))
            .map(|held| held.generation);
        let generation = refused.or(current).unwrap_or_else(|| {
            state.generation += 1;
            state.generation
        });
        Ok(Held {
            token: token.access_token,
            header,
            generation,
            renew_at: expires_at.checked_sub(lead).unwrap_or(expires_at),
            expires_at,
        })
    }

    /// The token is due for renewal: carry a fetch along, unless one has just failed.
    fn renewal(self: &Arc<Self>, now: Instant) -> Option<super::Errand> {
        let mut state = self.state();
        if state.recent_failure(now).is_some() {
            return None;
        }
        // Whoever lands it replaces the token; if it was renewed just now, the next load sees it.
        if self
            .current
            .load()
            .as_ref()
            .is_some_and(|held| now < held.renew_at)
        {
            return None;
        }
        let (_, driver) = self.join(&mut state, now);
        driver.map(|driver| driver.map(|_| ()).boxed())
    }
}

impl State {
    fn recent_failure(&mut self, now: Instant) -> Option<Error> {
        self.failure
            .take_if(|(at, _)| now.saturating_duration_since(*at) >= FAILURE_SHARED);
        self.failure.as_ref().map(|(_, error)| not_sent(error.clone()))
    }
}

/// The calls that wait for a token were not sent, whatever became of the token request.
fn not_sent(error: Error) -> Error {
    error.with_delivery(Delivery::NotSent)
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("fetcher", &self.0.fetcher)
            .finish_non_exhaustive()
    }
}

/// Attaches the kept token as `Authorization: Bearer`.
#[derive(Debug, Clone)]
pub struct Bearer(TokenCache);

impl Bearer {
    /// Authorises with the token of a cache.
    #[must_use]
    pub fn new(cache: TokenCache) -> Self {
        Self(cache)
    }
}

fn attach(request: &mut http::Request<Bytes>, held: &Held) -> Ticket {
    request.headers_mut().insert(AUTHORIZATION, held.header.clone());
    Ticket::new(held.generation)
}

impl Authorize for Bearer {
    fn authorize<'a>(&'a self, request: &'a mut http::Request<Bytes>, now: Instant) -> Authorization<'a> {
        let cache = &self.0.0;
        let current = cache.current.load();
        match current.as_ref() {
            Some(held) if now < held.renew_at => Authorization::Done(Ok(attach(request, held))),
            Some(held) if now < held.expires_at => {
                let ticket = attach(request, held);
                Authorization::Done(Ok(match cache.renewal(now) {
                    Some(errand) => ticket.with_errand(errand),
                    None => ticket,
                }))
            }
            _ => Authorization::Wait(Box::pin(
                async move { Ok(attach(request, &*cache.valid().await?)) },
            )),
        }
    }

    fn is_ready(&self, now: Instant) -> bool {
        let current = self.0.0.current.load();
        current.as_ref().is_some_and(|held| now < held.expires_at)
    }

    fn refused(&self, ticket: &Ticket, _: &RefusedAnswer<'_>) -> bool {
        let cache = &self.0.0;
        let mut state = cache.state();
        // Only that very token: another call may have renewed it meanwhile.
        if let Some(held) = cache
            .current
            .load()
            .as_ref()
            .filter(|held| held.generation == ticket.generation())
        {
            state.refused = Some(Refused {
                token: held.token.clone(),
                generation: held.generation,
            });
            cache.current.store(None);
        }
        true
    }
}

#[cfg(test)]
mod tests;
