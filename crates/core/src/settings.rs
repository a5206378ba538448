//! What every provider's client can be told.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::observe::Observer;
use crate::retry::{Random, RetryPolicy};
use crate::transport::SharedTransport;

/// The settings that all clients share. Provider builders forward to it.
#[derive(Debug)]
#[must_use]
pub struct Settings {
    pub(crate) transport: Option<SharedTransport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_in_flight: usize,
    pub(crate) json_limit: usize,
    pub(crate) file_limit: usize,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) plain_http: bool,
    pub(crate) random: Random,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            transport: None,
            clock: Arc::new(SystemClock),
            timeout: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(15),
            retry: RetryPolicy::default(),
            max_in_flight: 256,
            json_limit: 1024 * 1024,
            file_limit: 20 * 1024 * 1024,
            observer: None,
            plain_http: false,
            random: Random::default(),
        }
    }
}

impl Settings {
    /// The transport. The default is the bundled one, if the feature `reqwest` is on.
    pub fn transport(mut self, transport: SharedTransport) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The clock. The default is the machine's, with tokio's timer.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The deadline of a call: everything, from the token to the last byte of the answer. Default 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt of a repeatable call may take. Default 15 s. A call that starts or bills
    /// something has its whole deadline for its one attempt.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How often calls are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many calls are in flight at once; further ones wait in order. Default 256.
    pub fn max_in_flight(mut self, calls: usize) -> Self {
        self.max_in_flight = calls;
        self
    }

    /// How many bytes a JSON answer may have. Default 1 MiB.
    pub fn json_limit(mut self, bytes: usize) -> Self {
        self.json_limit = bytes;
        self
    }

    /// How many bytes an image or another file may have. Default 20 MiB.
    pub fn file_limit(mut self, bytes: usize) -> Self {
        self.file_limit = bytes;
        self
    }

    /// Hears of every attempt.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Lets requests go over plain http, credentials and all. For tests against a local sandbox, never for a
    /// provider.
    pub fn dangerously_allow_plain_http(mut self, allow: bool) -> Self {
        self.plain_http = allow;
        self
    }

    /// Makes the waits before repeats reproducible. Those around tokens are not affected.
    #[cfg(feature = "testing")]
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.random = Random::seeded(seed);
        self
    }

    /// The clock that was set.
    #[must_use]
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Whether plain http was opted into.
    #[must_use]
    pub fn allows_plain_http(&self) -> bool {
        self.plain_http
    }

    pub(crate) fn make_transport(&self) -> Result<SharedTransport> {
        if let Some(transport) = &self.transport {
            return Ok(transport.clone());
        }
        #[cfg(feature = "reqwest")]
        {
            let bundled = crate::transport::BundledTransport::builder()
                .dangerously_allow_plain_http(self.plain_http)
                .build()?;
            Ok(SharedTransport::new(bundled))
        }
        #[cfg(not(feature = "reqwest"))]
        Err(Error::configuration(
            "there is no transport: set one with transport(..), or turn on the feature `reqwest` for the bundled one",
        ))
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.timeout.is_zero() || self.attempt_timeout.is_zero() {
            return Err(Error::configuration(
                "a timeout is zero, so that no call could ever end well",
            ));
        }
        if self.max_in_flight == 0 {
            return Err(Error::configuration(
                "max_in_flight is zero, so that no call could ever begin",
            ));
        }
        Ok(())
    }
}

/// Gives a provider's builder the setters of [`Settings`], which it keeps in the field `settings`.
#[doc(hidden)]
#[macro_export]
macro_rules! forward_settings {
    ($builder:ident) => {
        $crate::forward_settings!($builder, deadline: "30 s");
    };
    // A provider whose own limit asks for another default says so, and sets it.
    ($builder:ident, deadline: $deadline:literal) => {
        impl $builder {
            /// The transport, which several clients can share. The default is the bundled one, if the feature
            /// `reqwest` is on.
            pub fn transport(mut self, transport: $crate::transport::SharedTransport) -> Self {
                self.settings = self.settings.transport(transport);
                self
            }

            /// The clock. The default is the machine's, with tokio's timer.
            pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
                self.settings = self.settings.clock(clock);
                self
            }

            /// The deadline of a call: everything, from the token to the last byte of the answer.
            #[doc = concat!("Default ", $deadline, ".")]
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings = self.settings.timeout(timeout);
                self
            }

            /// How long one attempt of a repeatable call may take. Default 15 s. A call that starts or bills
            /// something has its whole deadline for its one attempt.
            pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.settings = self.settings.attempt_timeout(timeout);
                self
            }

            /// How often calls are repeated. No policy makes a billed call be sent twice.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.settings = self.settings.retry(policy);
                self
            }

            /// How many calls are in flight at once; further ones wait in order. Default 256.
            pub fn max_in_flight(mut self, calls: usize) -> Self {
                self.settings = self.settings.max_in_flight(calls);
                self
            }

            /// How many bytes a JSON answer may have. Default 1 MiB.
            pub fn json_limit(mut self, bytes: usize) -> Self {
                self.settings = self.settings.json_limit(bytes);
                self
            }

            /// How many bytes an image or another file may have. Default 20 MiB.
            pub fn file_limit(mut self, bytes: usize) -> Self {
                self.settings = self.settings.file_limit(bytes);
                self
            }

            /// Hears of every attempt.
            pub fn observer(mut self, observer: ::std::sync::Arc<dyn $crate::Observer>) -> Self {
                self.settings = self.settings.observer(observer);
                self
            }

            /// Lets requests go over plain http, credentials and all. For tests against a local sandbox,
            /// never for the provider itself.
            pub fn dangerously_allow_plain_http(mut self, allow: bool) -> Self {
                self.settings = self.settings.dangerously_allow_plain_http(allow);
                self
            }

            /// Makes the jitter of waits reproducible.
            #[cfg(feature = "testing")]
            pub fn jitter_seed(mut self, seed: u64) -> Self {
                self.settings = self.settings.jitter_seed(seed);
                self
            }
        }
    };
}
