//! Tokens that the client signs itself, kept for all calls of a part of their life.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, DATE};

use super::jwt::{Claims, Hs256};
use super::{Authorization, Authorize, RefusedAnswer, Ticket, authorization_value};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::value::{parse_http_date, seconds_ahead, unix_seconds};

/// Makes the claims of a token that begins and ends at these Unix seconds.
type MakeClaims = Box<dyn Fn(Validity) -> Claims + Send + Sync>;

/// When a token is valid, in Unix seconds by the server's clock as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validity {
    /// The beginning, dated back.
    pub from: i64,
    /// The end.
    pub until: i64,
}

/// Authorises with a JWT that is minted once and reused until a margin before its end: a tenth of its life,
/// but no less than 30 s or, where that is shorter, half of its life; and a second, since its times are whole
/// seconds. Of the default life of 60 s a token is used for 29 s; the rest is kept for clocks that differ by
/// no more than is corrected.
///
/// If the server answers 401 with a `Date` that is more than 30 s off, the difference is corrected and kept,
/// and the call is repeated once. The same goes for a `Date` at which the token was not valid, as when the
/// clock was put right after the token was made: it is made again.
pub struct SelfSigned {
    signer: Hs256,
    claims: MakeClaims,
    scheme: &'static str,
    lifetime: Duration,
    back_date: Duration,
    clock: Arc<dyn Clock>,
    current: ArcSwapOption<Minted>,
    generation: AtomicU64,
    /// How far the server's clock is ahead, in seconds; shared by all that sign for the same provider.
    correction: Arc<AtomicI64>,
    /// Held while a token is made or discarded, so that callers who come at once share one signature.
    minting: Mutex<()>,
}

struct Minted {
    header: HeaderValue,
    generation: u64,
    good_until: Instant,
    validity: Validity,
    correction: i64,
}

/// Settings of [`SelfSigned`].
#[must_use]
pub struct SelfSignedBuilder {
    signer: Hs256,
    claims: MakeClaims,
    scheme: &'static str,
    lifetime: Duration,
    back_date: Duration,
}

/// Of less there would be next to nothing left between the margin and the end.
const SHORTEST_LIFE: Duration = Duration::from_secs(10);
/// Clocks that differ by less are not the reason for a 401.
const TOLERATED: Duration = Duration::from_secs(30);

impl SelfSigned {
    /// Starts with a life of 60 s, dated back by 30 s, sent as `Bearer`.
    pub fn builder(
        signer: Hs256,
        claims: impl Fn(Validity) -> Claims + Send + Sync + 'static,
    ) -> SelfSignedBuilder {
        SelfSignedBuilder {
            signer,
            claims: Box::new(claims),
            scheme: "Bearer",
            lifetime: Duration::from_secs(60),
            back_date: Duration::from_secs(30),
        }
    }

    /// How many tokens were signed. Not one a call: each serves all calls until the margin before its end.
    #[must_use]
    pub fn tokens_signed(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Signs tokens with other claims, by the same key and for the same life: one that is bound to somebody,
    /// next to those that are not. It keeps a token of its own; what either hears of the server's clock, both
    /// know.
    #[must_use]
    pub fn with_claims(&self, claims: impl Fn(Validity) -> Claims + Send + Sync + 'static) -> Self {
        Self {
            signer: self.signer.clone(),
            claims: Box::new(claims),
            scheme: self.scheme,
            lifetime: self.lifetime,
            back_date: self.back_date,
            clock: Arc::clone(&self.clock),
            current: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            correction: Arc::clone(&self.correction),
            minting: Mutex::new(()),
        }
    }

    /// The same with another scheme before its tokens: for a host that reads them in another way.
    #[must_use]
    pub fn with_scheme(mut self, scheme: &'static str) -> Self {
        self.scheme = scheme;
        self.current = ArcSwapOption::empty();
        self
    }

    /// When a token of this life would be valid that was made now.
    #[must_use]
    pub fn validity(&self, lifetime: Duration) -> Validity {
        self.validity_by(self.correction.load(Ordering::Acquire), lifetime)
    }

    fn validity_by(&self, correction: i64, lifetime: Duration) -> Validity {
        let server_now = unix_seconds(self.clock.system_time()).saturating_add(correction);
        let whole = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Validity {
            from: server_now.saturating_sub(whole(self.back_date)).max(0),
            until: server_now.saturating_add(whole(lifetime)),
        }
    }

    fn mint(&self, now: Instant) -> Result<Arc<Minted>> {
        let _one_at_a_time = self.minting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(minted) = self.current.load_full().filter(|minted| now < minted.good_until) {
            return Ok(minted);
        }
        let correction = self.correction.load(Ordering::Acquire);
        let validity = self.validity_by(correction, self.lifetime);
        let token = self.signer.sign(&(self.claims)(validity));
        // A tenth of its life before the end there may not be time enough left to get there. By a server's
        // clock that is ahead, within what is tolerated, the end comes sooner still; and its times are whole
        // seconds, rounded down.
        let margin = (self.lifetime / 10).max(TOLERATED.min(self.lifetime / 2)) + Duration::from_secs(1);
        let minted = Arc::new(Minted {
            header: authorization_value(self.scheme, &token)?,
            generation: self.generation.fetch_add(1, Ordering::Relaxed) + 1,
            good_until: now
                .checked_add(self.lifetime.saturating_sub(margin))
                .unwrap_or(now),
            validity,
            correction,
        });
        self.current.store(Some(Arc::clone(&minted)));
        Ok(minted)
    }
}

impl SelfSignedBuilder {
    /// How long a token is valid, in whole seconds, 10 s at least.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// By how much the beginning is dated back, in whole seconds, against clocks that are behind.
    pub fn back_date(mut self, back_date: Duration) -> Self {
        self.back_date = back_date;
        self
    }

    /// The scheme before the token; empty sends the token bare.
    pub fn scheme(mut self, scheme: &'static str) -> Self {
        self.scheme = scheme;
        self
    }

    /// Makes the authorizer.
    ///
    /// # Errors
    ///
    /// A configuration error when the life is shorter than 10 s, or either time is no whole number of
    /// seconds: a token could not say what was meant.
    pub fn build(self, clock: Arc<dyn Clock>) -> Result<SelfSigned> {
        if self.lifetime.subsec_nanos() != 0 {
            return Err(Error::configuration(
                "a token's life is a whole number of seconds",
            ));
        }
        if self.back_date.subsec_nanos() != 0 {
            return Err(Error::configuration(
                "a token is dated back by a whole number of seconds",
            ));
        }
        if self.lifetime < SHORTEST_LIFE {
            return Err(Error::configuration("a token's life must be at least 10 seconds"));
        }
        Ok(SelfSigned {
            signer: self.signer,
            claims: self.claims,
            scheme: self.scheme,
            lifetime: self.lifetime,
            back_date: self.back_date,
            clock,
            current: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            correction: Arc::default(),
            minting: Mutex::new(()),
        })
    }
}

impl Authorize for SelfSigned {
    fn authorize<'a>(&'a self, request: &'a mut http::Request<Bytes>, now: Instant) -> Authorization<'a> {
        let current = self.current.load();
        let minted = match current.as_ref() {
            Some(minted) if now < minted.good_until => Ok(Arc::clone(minted)),
            _ => self.mint(now),
        };
        Authorization::Done(minted.map(|minted| {
            request.headers_mut().insert(AUTHORIZATION, minted.header.clone());
            Ticket::new(minted.generation)
        }))
    }

    /// It signs, and waits for nobody.
    fn is_ready(&self, _: Instant) -> bool {
        true
    }

    fn refused(&self, ticket: &Ticket, answer: &RefusedAnswer<'_>) -> bool {
        // No token is made meanwhile by the clock that is about to be corrected.
        let _one_at_a_time = self.minting.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load();
        let Some(minted) = current
            .as_ref()
            .filter(|minted| minted.generation == ticket.generation())
        else {
            // Another call has corrected the clock, or the token came to its end.
            return true;
        };
        let Some(date) = answer
            .headers
            .get(DATE)
            .and_then(|date| date.to_str().ok())
            .and_then(parse_http_date)
        else {
            return false;
        };
        let server_now = unix_seconds(date);
        let was_valid = minted.validity.from <= server_now && server_now < minted.validity.until;
        let ahead = seconds_ahead(date, answer.received_at);
        let drifted = ahead.saturating_sub(minted.correction).unsigned_abs() > TOLERATED.as_secs();
        if was_valid && !drifted {
            return false;
        }
        if drifted {
            self.correction.store(ahead, Ordering::Release);
        }
        // The clocks may agree by now and the token still be one of a clock that was wrong.
        self.current.store(None);
        true
    }
}

impl fmt::Debug for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SelfSigned")
            .field("lifetime", &self.lifetime)
            .field("back_date", &self.back_date)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SelfSignedBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SelfSignedBuilder")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
