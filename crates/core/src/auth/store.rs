//! Tokens that several clients share: the instances of a service, or the clients of one process.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

use super::cache::FETCH_TIMEOUT;
use super::oauth2::ClientCredentials;
use super::token::{FetchToken, FetchTokenFuture, FetchedToken, Replaces, TokenLifetime};
use crate::clock::{Clock, Deadline, Elapsed};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// The future of one store operation.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Names a token by the SHA-256 of everything that it depends on: address, client, secret and scopes. Two
/// tenants never have the same key, and the key tells nobody whose it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenKey([u8; 32]);

impl TokenKey {
    /// The key of these parts, in this order.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // With its length, so that no two lists of parts are one text.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// The key in hexadecimal, for stores whose keys are texts.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, ..] = self.0;
        write!(f, "TokenKey({a:02x}{b:02x}{c:02x}...)")
    }
}

/// A token in a store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub access_token: Secret,
    /// Its end, by the wall clock: the machines that share it have no other clock in common.
    pub expires_at: SystemTime,
}

impl StoredToken {
    /// A token that ends at `expires_at`.
    #[must_use]
    pub fn new(access_token: Secret, expires_at: SystemTime) -> Self {
        Self {
            access_token,
            expires_at,
        }
    }
}

/// Proves who may fetch a token for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease(u64);

impl Lease {
    /// A lease with a number that its store chose.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0
    }
}

/// Keeps tokens for several clients.
///
/// A store that fails, or takes longer than a second, is left out: the client then fetches its own token,
/// since a broken cache must not stop identity checks.
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// The token of a key, if there is one.
    fn get<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>>;

    /// Keeps a token until its end.
    fn put<'a>(&'a self, key: &'a TokenKey, token: StoredToken) -> StoreFuture<'a, ()>;

    /// The right to fetch the token of a key, unless somebody has it. It ends by itself after `duration`,
    /// because its holder may die.
    fn lease<'a>(&'a self, key: &'a TokenKey, duration: Duration) -> StoreFuture<'a, Option<Lease>>;

    /// Gives a lease back before its end. A lease that has ended or passed to somebody else is left alone.
    fn release<'a>(&'a self, key: &'a TokenKey, lease: Lease) -> StoreFuture<'a, ()>;

    /// Deletes the token of a key if it is this one, and says whether it did.
    fn remove_if<'a>(&'a self, key: &'a TokenKey, token: &'a Secret) -> StoreFuture<'a, bool>;
}

/// Keeps tokens in this process, for clients that are made anew but have the same credentials.
#[derive(Clone)]
pub struct MemoryTokenStore {
    clock: Arc<dyn Clock>,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Default)]
struct Entries {
    tokens: HashMap<TokenKey, StoredToken>,
    leases: HashMap<TokenKey, (u64, SystemTime)>,
    numbers: u64,
}

impl MemoryTokenStore {
    /// An empty store.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            entries: Arc::default(),
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now<'a, T: Send + 'a>(value: T) -> StoreFuture<'a, T> {
        Box::pin(std::future::ready(Ok(value)))
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenStore")
            .field("tokens", &self.entries().tokens.len())
            .finish_non_exhaustive()
    }
}

impl TokenStore for MemoryTokenStore {
    fn get<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let now = self.clock.system_time();
        let mut entries = self.entries();
        entries.tokens.retain(|_, token| token.expires_at > now);
        Self::now(entries.tokens.get(key).cloned())
    }

    fn put<'a>(&'a self, key: &'a TokenKey, token: StoredToken) -> StoreFuture<'a, ()> {
        self.entries().tokens.insert(key.clone(), token);
        Self::now(())
    }

    fn lease<'a>(&'a self, key: &'a TokenKey, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        let now = self.clock.system_time();
        let mut entries = self.entries();
        if entries.leases.get(key).is_some_and(|(_, until)| *until > now) {
            return Self::now(None);
        }
        entries.numbers += 1;
        let number = entries.numbers;
        entries
            .leases
            .insert(key.clone(), (number, now.checked_add(duration).unwrap_or(now)));
        Self::now(Some(Lease(number)))
    }

    fn release<'a>(&'a self, key: &'a TokenKey, lease: Lease) -> StoreFuture<'a, ()> {
        let mut entries = self.entries();
        if entries
            .leases
            .get(key)
            .is_some_and(|(number, _)| *number == lease.0)
        {
            entries.leases.remove(key);
        }
        Self::now(())
    }

    fn remove_if<'a>(&'a self, key: &'a TokenKey, token: &'a Secret) -> StoreFuture<'a, bool> {
        let mut entries = self.entries();
        let same = entries
            .tokens
            .get(key)
            .is_some_and(|stored| stored.access_token.ct_eq(token.expose().as_bytes()));
        if same {
            entries.tokens.remove(key);
        }
        Self::now(same)
    }
}

/// Fetches through a store: the token that is there, else one that this client fetches for everybody.
#[derive(Clone)]
pub struct SharedClientCredentials {
    fetcher: ClientCredentials,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    key: TokenKey,
}

/// How long to wait between looks for the token that somebody else is fetching.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// A token with less life left than this is not worth taking.
const WORTH_TAKING: Duration = Duration::from_secs(5);
/// How long one answer of the store may take.
const STORE_PATIENCE: Duration = Duration::from_secs(1);

impl SharedClientCredentials {
    /// Shares the tokens of a fetcher through a store.
    pub fn new(fetcher: ClientCredentials, store: Arc<dyn TokenStore>, clock: Arc<dyn Clock>) -> Self {
        let key = TokenKey::of(&fetcher.key_parts());
        Self {
            fetcher,
            store,
            clock,
            key,
        }
    }

    /// What the store answers, unless it fails or hangs: then it is left out.
    async fn ask<T>(&self, question: StoreFuture<'_, T>) -> Option<T> {
        let until = Deadline::after(self.clock.now(), STORE_PATIENCE);
        let mut patience = Deadline::new(Arc::clone(&self.clock), until);
        patience.bound(question).await.ok()?.ok()
    }

    /// The token in the store, unless it is near its end or the one that is to be replaced.
    async fn stored(&self, replaces: &Replaces) -> Option<FetchedToken> {
        let token = self.ask(self.store.get(&self.key)).await??;
        let left = token.expires_at.duration_since(self.clock.system_time()).ok()?;
        let usable = left >= WORTH_TAKING && !replaces.is(&token.access_token);
        usable.then(|| FetchedToken::new(token.access_token, TokenLifetime::new(left), self.clock.now()))
    }

    /// One time bounds all of it: asking the store, waiting for whoever fetches, and fetching.
    async fn fetch_shared(self, replaces: Replaces) -> Result<FetchedToken> {
        let end = Deadline::after(self.clock.now(), FETCH_TIMEOUT);
        let mut deadline = Deadline::new(Arc::clone(&self.clock), end);
        let token = pin!(self.find_or_fetch(replaces));
        match deadline.bound(token).await {
            Ok(outcome) => outcome,
            Err(Elapsed) => Err(Error::new(
                ErrorKind::Timeout,
                "no access token could be had in time",
            )),
        }
    }

    async fn find_or_fetch(&self, replaces: Replaces) -> Result<FetchedToken> {
        if let Replaces::Refused(refused) = &replaces {
            self.ask(self.store.remove_if(&self.key, refused)).await;
        }
        let give_up = Deadline::after(self.clock.now(), FETCH_TIMEOUT / 3);
        let lease = loop {
            if let Some(token) = self.stored(&replaces).await {
                return Ok(token);
            }
            let lease = self.store.lease(&self.key, FETCH_TIMEOUT);
            match self.ask(lease).await {
                Some(None) if self.clock.now() < give_up => self.clock.sleep(LOOK_AGAIN).await,
                lease => break lease.flatten(),
            }
        };
        let sent = self.clock.system_time();
        let fetched = self.fetcher.fetch(replaces).await;
        if let Ok(token) = &fetched {
            let expires_at = sent.checked_add(token.lifetime.duration()).unwrap_or(sent);
            let stored = StoredToken::new(token.access_token.clone(), expires_at);
            self.ask(self.store.put(&self.key, stored)).await;
        }
        if let Some(lease) = lease {
            self.ask(self.store.release(&self.key, lease)).await;
        }
        fetched
    }
}

impl fmt::Debug for SharedClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedClientCredentials")
            .field("fetcher", &self.fetcher)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl FetchToken for SharedClientCredentials {
    fn fetch(&self, replaces: Replaces) -> FetchTokenFuture {
        Box::pin(self.clone().fetch_shared(replaces))
    }
}

#[cfg(test)]
mod tests;
