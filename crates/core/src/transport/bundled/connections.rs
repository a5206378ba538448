//! No more connections than exchanges at once.
//!
//! hyper's pool looks for an idle connection, and where there is none it both waits for one to come back and
//! makes another. What was begun is finished even if one came back in the meantime, so that a few hundred
//! callers on kept connections make hundreds more than they ever use. Here a connection is begun only if
//! those that are there already cannot serve all exchanges.
//!
//! Connections die unseen. What is known for certain is that the pool holds no idle one at the moment that it
//! asks for another: then every connection is in use, in the making, or on its way back from an exchange that
//! ended a moment ago. So the count is put right whenever the pool asks, and nobody waits for a connection
//! that has been idle. One that does not come back after all is waited for, for a quarter of a second (a
//! second behind one in the making), and then for no other until a connection was used again.

mod state;

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use http::{HeaderMap, Version, header};
use tokio::sync::Notify;
use url::{Position, Url};

use self::state::{Fate, LOOKS_AT_MAKING, State};
use crate::clock::Clock;

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// The exchanges and connections of a transport, by host.
pub(super) struct Connections {
    /// A client talks to a handful of them.
    hosts: Mutex<Vec<(Box<str>, Arc<Host>)>>,
    clock: Arc<dyn Clock>,
    /// After this time without an exchange there is no connection left to know of.
    keep: Duration,
    most_looks: u32,
}

impl Connections {
    /// reqwest counts a wait for another connection as a part of connecting: no wait takes more than a
    /// quarter of that time.
    pub(super) fn new(clock: Arc<dyn Clock>, keep: Duration, connect_timeout: Duration) -> Self {
        let looks = (connect_timeout / 4).as_millis() / LOOK.as_millis();
        Self {
            hosts: Mutex::default(),
            clock,
            keep,
            most_looks: u32::try_from(looks).unwrap_or(u32::MAX),
        }
    }

    /// Begins an exchange. It ends when the place is dropped.
    pub(super) fn enter(&self, url: &Url) -> Place {
        let host = self.host(url);
        let mut state = host.lock();
        let (number, speaks_http_1) = (state.begin(), state.speaks_http_1);
        drop(state);
        Place {
            host,
            number,
            speaks_http_1,
            asked: Cell::new(false),
            seeking: Cell::new(false),
            fate: Fate::Lost,
            reusable: false,
        }
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        // The pool keeps connections by scheme and authority, too.
        let origin = &url[..Position::BeforePath];
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, host)) = hosts.iter().find(|(known, _)| **known == *origin) {
            return Arc::clone(host);
        }
        let now = self.clock.now();
        hosts.retain(|(_, host)| Arc::strong_count(host) > 1 || host.lock().ended_within(self.keep, now));
        let host = Arc::new(Host::new(Arc::clone(&self.clock), self.most_looks));
        hosts.push((origin.into(), Arc::clone(&host)));
        host
    }
}

tokio::task_local! {
    /// The place of the exchange that is being polled. What the pool goes on with after the exchange was
    /// served by another connection runs in a task of its own, without it.
    static PLACE: Place;
}

/// An exchange, as the connector sees it.
pub(super) struct Exchange {
    host: Arc<Host>,
    number: u64,
}

impl Exchange {
    fn of(place: &Place) -> Self {
        Self {
            host: Arc::clone(&place.host),
            number: place.number,
        }
    }

    /// The exchange that the connector is called for.
    pub(super) fn current() -> Option<Self> {
        PLACE.try_with(Self::of).ok()
    }

    pub(super) fn is_current(&self) -> bool {
        PLACE
            .try_with(|place| place.number == self.number && Arc::ptr_eq(&place.host, &self.host))
            .unwrap_or(false)
    }

    /// Takes note in its place that the pool had nothing for it, and whether it still waits for a connection.
    fn note(&self, seeking: bool) {
        if self.is_current() {
            PLACE.with(|place| {
                place.asked.set(true);
                place.seeking.set(seeking);
            });
        }
    }

    /// Waits until another connection is needed. Ends only while the exchange is current.
    pub(super) async fn needs_another(&self) -> Making<'_> {
        self.note(true);
        self.host.needs_another().await;
        Making {
            exchange: self,
            spare: false,
        }
    }

    /// Another connection came free for it.
    pub(super) fn served(&self) {
        self.host.lock().reuses += 1;
    }
}

/// A place among the exchanges of a host.
pub(super) struct Place {
    host: Arc<Host>,
    /// Tells it from the other exchanges of the host.
    number: u64,
    speaks_http_1: bool,
    /// The pool had nothing for it.
    asked: Cell<bool>,
    /// It waits for a connection.
    seeking: Cell<bool>,
    fate: Fate,
    reusable: bool,
}

impl Place {
    /// Whether the host's last answer came over HTTP/1.
    pub(super) fn speaks_http_1(&self) -> bool {
        self.speaks_http_1
    }

    /// Runs what the pool does for the exchange, and gives the place back.
    pub(super) async fn run<F: Future>(self, work: F) -> (Option<Self>, F::Output) {
        let mut scope = pin!(PLACE.scope(self, work));
        let output = scope.as_mut().await;
        (scope.take_value(), output)
    }

    /// Takes note that the request never got as far as a connection.
    pub(super) fn was_refused(&mut self) {
        self.fate = Fate::Never;
    }

    /// Takes note of the head of the answer, whose body has `length` bytes if that is known.
    pub(super) fn answered(&mut self, version: Version, headers: &HeaderMap, length: Option<u64>) {
        if version == Version::HTTP_2 {
            self.fate = Fate::Shared;
        } else {
            self.reusable = is_kept(version, headers, length);
        }
        self.seeking.set(false);
        let mut state = self.host.lock();
        state.speaks_http_1 = version < Version::HTTP_2;
        state.reuses += u64::from(!self.asked.get());
    }

    /// Takes note that the body was read to its end, and with it the exchange.
    pub(super) fn read_to_end(mut self) {
        if self.reusable && self.fate == Fate::Lost {
            self.fate = Fate::Kept;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let fate = match self.fate {
            // It was cut off, or failed, before there was a connection.
            Fate::Lost if self.seeking.get() => Fate::Never,
            fate => fate,
        };
        self.host.lock().leave(fate, self.host.clock.now());
    }
}

/// Whether an HTTP/1 server lets the connection be used again after this answer.
fn is_kept(version: Version, headers: &HeaderMap, length: Option<u64>) -> bool {
    let says = |what: &str| {
        let values = headers.get_all(header::CONNECTION).iter();
        let mut options = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        options.any(|option| option.trim().eq_ignore_ascii_case(what))
    };
    let ends_by_closing = length.is_none() && !headers.contains_key(header::TRANSFER_ENCODING);
    !ends_by_closing && !says("close") && (version != Version::HTTP_10 || says("keep-alive"))
}

/// A connection in the making.
pub(super) struct Making<'a> {
    exchange: &'a Exchange,
    spare: bool,
}

impl Making<'_> {
    /// The exchange got another one. This one will go to the pool.
    pub(super) fn becomes_spare(&mut self) {
        if !std::mem::replace(&mut self.spare, true) {
            self.exchange.served();
            self.exchange.host.lock().spare += 1;
        }
    }

    pub(super) fn finished(self) {
        let host = &self.exchange.host;
        if self.spare {
            let mut state = host.lock();
            state.spare = state.spare.saturating_sub(1);
            state.comes_free(host.clock.now());
        } else {
            self.exchange.note(false);
        }
        // What follows is for one that failed or was given up.
        std::mem::forget(self);
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let mut state = self.exchange.host.lock();
        state.spare = state.spare.saturating_sub(usize::from(self.spare));
        state.connections = state.connections.saturating_sub(1);
        drop(state);
        self.exchange.host.fewer.notify_waiters();
    }
}

struct Host {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
    most_looks: u32,
    /// There is a connection less to wait for.
    fewer: Notify,
}

impl Host {
    fn new(clock: Arc<dyn Clock>, most_looks: u32) -> Self {
        Self {
            state: Mutex::default(),
            clock,
            most_looks,
            fewer: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn needs_another(&self) {
        let waiting = Waiting::new(self);
        let reuses = self.lock().reuses;
        let mut looks = 0;
        loop {
            let fewer = pin!(self.fewer.notified());
            let looks_enough = if looks < self.most_looks {
                looks
            } else {
                LOOKS_AT_MAKING
            };
            if self.lock().needs_another(looks_enough, reuses, self.clock.now()) {
                std::mem::forget(waiting);
                return;
            }
            if let Either::Right(_) = select(fewer, self.clock.sleep(LOOK)).await {
                looks += 1;
            }
        }
    }
}

/// Counts an exchange as waiting until it is dropped.
struct Waiting<'a>(&'a Host);

impl<'a> Waiting<'a> {
    fn new(host: &'a Host) -> Self {
        host.lock().waiting += 1;
        Self(host)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.waiting = state.waiting.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
