//! What every attempt came to, for metrics and logs.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::error::{Delivery, ErrorKind};

/// Hears of every attempt of every call. It runs inside the call: it must be quick and must not block.
///
/// A closure is an observer:
///
/// ```
/// use std::sync::Arc;
/// use verikit_core::{Attempt, Observer};
///
/// let observer: Arc<dyn Observer> = Arc::new(|attempt: &Attempt| {
///     println!("{} {}: {:?} after {:?}", attempt.provider, attempt.operation, attempt.status, attempt.elapsed);
/// });
/// # let _ = observer;
/// ```
pub trait Observer: Send + Sync + 'static {
    /// An attempt has ended: the answer arrived, or did not. Whether a complete answer can be read is seen
    /// after that, by the call's error.
    fn attempt(&self, attempt: &Attempt);

    /// A token was made for somebody else to use, such as an app. Those that the client makes for its own
    /// calls are not heard of. Does nothing unless it is implemented; a closure hears of attempts alone.
    fn token_issued(&self, issued: &TokenIssued) {
        let _ = issued;
    }
}

impl<F: Fn(&Attempt) + Send + Sync + 'static> Observer for F {
    fn attempt(&self, attempt: &Attempt) {
        self(attempt);
    }
}

impl fmt::Debug for dyn Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// One attempt. An allow-list: it names routes, not addresses, and holds nothing of the request or the
/// answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The provider, such as `idlayr`.
    pub provider: &'static str,
    /// The operation, such as `phone_check.create`.
    pub operation: &'static str,
    /// The path's template.
    pub route: &'static str,
    /// The number of this attempt, from 1.
    pub number: u32,
    /// The status, if an answer arrived.
    pub status: Option<StatusCode>,
    /// What went wrong, if anything.
    pub error: Option<ErrorKind>,
    /// How far a failed attempt got.
    pub delivery: Option<Delivery>,
    /// From sending to the last byte read; of a download, to its head. Waiting for a credential, for a place
    /// and for a turn is not in it.
    pub elapsed: Duration,
}

impl Attempt {
    pub(crate) fn log(&self) {
        tracing::debug!(
            target: "verikit",
            provider = self.provider,
            operation = self.operation,
            route = self.route,
            attempt = self.number,
            status = self.status.map(|status| status.as_u16()),
            error = self.error.map(tracing::field::display),
            delivery = self.delivery.map(tracing::field::display),
            elapsed_us = u64::try_from(self.elapsed.as_micros()).unwrap_or(u64::MAX),
            "attempt ended"
        );
    }
}

/// A token that was made for somebody else to use. An allow-list: neither the token is in it, nor whom it is
/// for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenIssued {
    /// The provider, such as `caf`.
    pub provider: &'static str,
    /// Which key signed it.
    pub key: KeyHash,
    /// How long it is valid.
    pub lifetime: Duration,
    /// Whether it is bound to one person.
    pub person_bound: bool,
}

impl TokenIssued {
    /// A token of a provider. For provider crates.
    #[doc(hidden)]
    #[must_use]
    pub fn new(provider: &'static str, key: KeyHash, lifetime: Duration, person_bound: bool) -> Self {
        Self {
            provider,
            key,
            lifetime,
            person_bound,
        }
    }

    #[cfg(feature = "signing")]
    pub(crate) fn log(&self) {
        tracing::debug!(
            target: "verikit",
            provider = self.provider,
            key = %self.key,
            lifetime_s = self.lifetime.as_secs(),
            person_bound = self.person_bound,
            "token issued"
        );
    }
}

/// Tells keys apart without naming them: the first eight bytes of the SHA-256 of a key's id, in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 8]);

impl KeyHash {
    /// The hash of a key's id.
    ///
    /// ```
    /// use verikit_core::KeyHash;
    ///
    /// assert_eq!(KeyHash::of("abc").to_string(), "ba7816bf8f01cfea");
    /// ```
    #[cfg(feature = "signing")]
    #[must_use]
    pub fn of(key_id: &str) -> Self {
        use sha2::Digest as _;

        let digest = sha2::Sha256::digest(key_id.as_bytes());
        let mut first = [0; 8];
        for (byte, digested) in first.iter_mut().zip(digest) {
            *byte = digested;
        }
        Self(first)
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyHash({self})")
    }
}

#[cfg(test)]
#[cfg(feature = "signing")]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::testing::ScriptedTransport;
    use crate::{Client, Settings};

    #[derive(Default)]
    struct Issued(Mutex<Vec<TokenIssued>>);

    impl Observer for Issued {
        fn attempt(&self, _: &Attempt) {}

        fn token_issued(&self, issued: &TokenIssued) {
            self.0.lock().unwrap().push(issued.clone());
        }
    }

    #[test]
    fn an_observer_hears_of_issued_tokens_and_a_closure_need_not() {
        let issued = TokenIssued::new("example", KeyHash::of("key-1"), Duration::from_secs(300), true);
        let heard = Arc::new(Issued::default());
        let closure: Arc<dyn Observer> = Arc::new(|_: &Attempt| panic!("no attempt was made"));
        for observer in [Arc::clone(&heard) as Arc<dyn Observer>, closure] {
            let settings = Settings::default().transport(ScriptedTransport::new([]).shared());
            Client::new(settings.observer(observer))
                .unwrap()
                .token_issued(&issued);
        }
        assert_eq!(*heard.0.lock().unwrap(), std::slice::from_ref(&issued));
        let shown = format!("{issued:?}");
        assert!(shown.contains("KeyHash(") && !shown.contains("key-1"), "{shown}");
        assert_ne!(KeyHash::of("key-1"), KeyHash::of("key-2"));
    }
}
