//! How many connections a host has, and whether it needs another.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long after its exchange a connection may at most be on its way back to the pool. That is a matter of
/// scheduling, and takes far less unless the machine is overloaded; servers keep idle connections for longer.
pub(super) const RETURN: Duration = Duration::from_secs(1);
/// A wait has this many looks, so that it lasts longer where every task has to wait for its turn.
pub(super) const LOOKS: u32 = 25;
/// The looks for a connection in the making, whose own exchange was served by another.
pub(super) const LOOKS_AT_MAKING: u32 = 100;

/// What becomes of a connection when its exchange ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes back to the pool.
    Kept,
    /// It is closed.
    Lost,
    /// It is HTTP/2, and has been in the pool all the time.
    Shared,
    /// There was none.
    Never,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// How many there were so far.
    pub(super) begun: u64,
    /// Begun and not ended.
    pub(super) exchanges: usize,
    /// Of these, the ones that the pool has nothing for.
    pub(super) waiting: usize,
    /// Begun and not known to be gone.
    pub(super) connections: usize,
    /// Of these, the ones in the making whose exchange was served by another.
    pub(super) spare: usize,
    /// When, lately, connections were let go of that should be back in the pool soon.
    pub(super) freed: VecDeque<Instant>,
    pub(super) ended: Option<Instant>,
    /// How often a connection was used again.
    pub(super) reuses: u64,
    /// The number of reuses at which waiting for another has turned out to be in vain.
    pub(super) in_vain: Option<u64>,
    /// The last answer came over HTTP/1.
    pub(super) speaks_http_1: bool,
}

impl State {
    /// Takes note of an exchange, and numbers it.
    pub(super) fn begin(&mut self) -> u64 {
        self.exchanges += 1;
        self.begun += 1;
        self.begun
    }

    /// Decides for an exchange that has waited for `looks`, and began to at `reuses`. If the answer is yes,
    /// it waits no longer.
    pub(super) fn needs_another(&mut self, looks: u32, reuses: u64, now: Instant) -> bool {
        self.forget(now);
        if self.connections < self.exchanges {
            self.connections += 1;
        } else {
            if looks < LOOKS || (self.spare > 0 && looks < LOOKS_AT_MAKING) {
                return false;
            }
            // It takes the place of one that must be gone. If none at all came back in that time, this server
            // closes them without a word, and the next exchange need not find that out again.
            self.in_vain = Some(reuses);
        }
        self.waiting = self.waiting.saturating_sub(1);
        true
    }

    /// The pool has no idle connection: what is neither in use nor on its way to it is gone.
    pub(super) fn forget(&mut self, now: Instant) {
        let is_old = |freed: &Instant| now.saturating_duration_since(*freed) >= RETURN;
        while self.freed.front().is_some_and(is_old) {
            self.freed.pop_front();
        }
        if self.in_vain == Some(self.reuses) {
            self.freed.clear();
        }
        // An exchange may end before its wait does: what hyper goes on with is dropped by a task of hyper's.
        let most = (self.exchanges + self.spare + self.freed.len()).saturating_sub(self.waiting);
        self.connections = self.connections.min(most);
    }

    pub(super) fn comes_free(&mut self, now: Instant) {
        self.freed.push_back(now);
        // It may have come back several times lately, but is still one connection.
        while self.freed.len() > self.connections {
            self.freed.pop_front();
        }
    }

    pub(super) fn leave(&mut self, fate: Fate, now: Instant) {
        self.exchanges = self.exchanges.saturating_sub(1);
        self.ended = Some(now);
        match fate {
            Fate::Kept => self.comes_free(now),
            Fate::Lost => self.connections = self.connections.saturating_sub(1),
            Fate::Shared | Fate::Never => {}
        }
    }

    pub(super) fn ended_within(&self, keep: Duration, now: Instant) -> bool {
        self.ended
            .is_some_and(|ended| now.saturating_duration_since(ended) <= keep)
    }
}
