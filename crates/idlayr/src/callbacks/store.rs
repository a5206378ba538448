//! Keeps the signing keys: one fetch for any number of verifications, and no more of them than a flood of
//! forged callbacks should cause.

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::MutexGuard as TurnGuard;
use verikit_core::{Call, Client, Error, ErrorKind, Operation, Realm, Result};

use super::keys::{SigningKeys, Verdict};
use super::signed::Signed;

const ROUTE: &str = "/.well-known/jwks.json";

/// For how long keys serve. A key that the platform withdraws is taken no longer than that.
const LIFE: Duration = Duration::from_secs(3600);
/// How long after a look for an unknown key no other is made. Anybody can name unknown keys; the platform
/// repeats a callback for three and a half minutes (contract idlayr, 8.2), so that one signed by a brand-new
/// key gets through.
const GUARD: Duration = Duration::from_secs(30);
/// A failure is that of everybody who comes this soon after it, and a fetch that was given up is not begun
/// again sooner: whoever asks may hang up at once, as often as he likes.
const PAUSE: Duration = Duration::from_secs(1);
/// How long to wait for a fetch of another verification.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys of one client. Whoever fetches holds the turn; when its future is dropped, the next one fetches,
/// after a pause. It is not refused meanwhile: hanging up again and again would keep the keys from everybody.
pub(crate) struct KeyStore {
    realm: Realm,
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// How many fetches were answered.
    fetches: u64,
    /// When the last fetch failed, and how.
    failure: Option<(Instant, Error)>,
    /// When a fetch for an unknown key last ended.
    looked_at: Option<Instant>,
    /// When a fetch was begun, until it ends. It stays behind if its future is dropped.
    begun_at: Option<Instant>,
}

struct Kept {
    keys: SigningKeys,
    fetched_at: Instant,
    number: u64,
}

enum Look {
    Decided(Result<Verdict>),
    Fetch { unknown: bool, pause: Duration },
}

impl KeyStore {
    pub(crate) fn new(realm: Realm) -> Self {
        Self {
            realm,
            turn: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// The call that fetches the keys, and keeps nothing.
    pub(super) fn fetch(&self, core: &Client) -> Call<SigningKeys> {
        core.call(
            Operation::get("jwks.get", &self.realm, ROUTE, &[]),
            SigningKeys::read,
        )
    }

    /// Judges a signature by the key that it names, with keys that are fetched if there are none, or if that
    /// one is not among them.
    pub(super) async fn verify(&self, core: &Client, signed: &Signed) -> Result<Verdict> {
        let clock = core.clock();
        let began = self.state().fetches;
        if let Look::Decided(verdict) = self.look(signed, clock.now(), began) {
            return verdict;
        }
        let _turn = self.turn(core).await?;
        let (unknown, pause) = match self.look(signed, clock.now(), began) {
            Look::Decided(verdict) => return verdict,
            Look::Fetch { unknown, pause } => (unknown, pause),
        };
        if !pause.is_zero() {
            clock.sleep(pause).await;
        }
        self.state().begun_at = Some(clock.now());
        let fetched = self.fetch(core).await;
        let now = clock.now();
        let mut state = self.state();
        state.begun_at = None;
        state.looked_at = unknown.then_some(now).or(state.looked_at);
        match fetched {
            Ok(keys) => {
                state.failure = None;
                state.fetches += 1;
                state.kept = Some(Kept {
                    keys: keys.clone(),
                    fetched_at: now,
                    number: state.fetches,
                });
                drop(state);
                Ok(signed.judge(&keys))
            }
            Err(error) => {
                state.failure = Some((now, error.clone()));
                Err(error)
            }
        }
    }

    /// Waits for the turn, and not for ever: its holder may be a future that nobody polls.
    async fn turn(&self, core: &Client) -> Result<TurnGuard<'_, ()>> {
        if let Ok(turn) = self.turn.try_lock() {
            return Ok(turn);
        }
        let mut turn = pin!(self.turn.lock());
        let mut patience = core.clock().sleep(PATIENCE);
        poll_fn(|context| match turn.as_mut().poll(context) {
            Poll::Ready(turn) => Poll::Ready(Ok(turn)),
            Poll::Pending => patience.as_mut().poll(context).map(|()| {
                let detail = "another verification fetches the signing keys and does not get on";
                Err(Error::new(ErrorKind::Timeout, detail))
            }),
        })
        .await
    }

    /// What can be said without a fetch. `began` is the number of the last fetch when the verification began.
    fn look(&self, signed: &Signed, now: Instant, began: u64) -> Look {
        let kept = self.state().kept(now);
        if let Some((keys, number)) = &kept {
            // Not under the lock: it takes as long as the rest of a verification together.
            let verdict = signed.judge(keys);
            // Keys that came since are as new as they can be: what they do not have, nobody knows.
            if verdict != Verdict::UnknownKey || *number > began {
                return Look::Decided(Ok(verdict));
            }
        }
        self.state().next(now, kept.is_some())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The keys, while they serve, and the number of their fetch.
    fn kept(&self, now: Instant) -> Option<(SigningKeys, u64)> {
        let kept = self.kept.as_ref();
        let serves = kept.filter(|kept| is_within(LIFE, kept.fetched_at, now));
        serves.map(|kept| (kept.keys.clone(), kept.number))
    }

    /// What follows where there are no keys, or where there is an `unknown` one.
    fn next(&self, now: Instant, unknown: bool) -> Look {
        let failed_within = |time| {
            let failure = self.failure.as_ref().filter(|(at, _)| is_within(time, *at, now));
            failure.map(|(_, error)| error.clone())
        };
        if unknown && self.looked_at.is_some_and(|at| is_within(GUARD, at, now)) {
            let unknown = Ok(Verdict::UnknownKey);
            return Look::Decided(failed_within(GUARD).map_or(unknown, Err));
        }
        if let Some(error) = failed_within(PAUSE) {
            return Look::Decided(Err(error));
        }
        // Whoever has the turn finds one only if it was given up.
        let begun_ago = self.begun_at.map(|at| now.saturating_duration_since(at));
        let pause = begun_ago.map_or(Duration::ZERO, |ago| PAUSE.saturating_sub(ago));
        Look::Fetch { unknown, pause }
    }
}

fn is_within(time: Duration, at: Instant, now: Instant) -> bool {
    now.saturating_duration_since(at) < time
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore")
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}
