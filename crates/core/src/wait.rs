//! Asking again until something is final.

use std::sync::Arc;
use std::time::Duration;

use crate::call::Call;
use crate::clock::{Clock, Deadline};
use crate::error::{Delivery, Error, ErrorKind, Result};

/// How a wait goes about it.
#[derive(Debug, Clone)]
pub struct Wait {
    clock: Arc<dyn Clock>,
    within: Duration,
    interval: Duration,
}

/// How long before the end the last poll is made, so that there is time for its answer.
const LAST_QUESTION: Duration = Duration::from_secs(1);
/// Waits begin with this and grow by half each time, up to the interval that was set.
const FIRST_INTERVAL: Duration = Duration::from_secs(1);

impl Wait {
    /// A wait of at most `within`, asking every `interval` at the latest.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, within: Duration, interval: Duration) -> Self {
        Self {
            clock,
            within,
            interval: interval.max(Duration::from_millis(100)),
        }
    }

    /// Makes calls, one after the other, until one is final. A call that fails transiently (no
    /// connection, timeout, overload at the provider) is made again.
    ///
    /// # Errors
    ///
    /// A timeout when nothing final came in time, or the transient failure of the last poll; and the
    /// error of a call that asking again does not change.
    pub async fn until<T: Send + 'static>(
        self,
        mut ask: impl FnMut() -> Call<T>,
        is_final: impl Fn(&T) -> bool,
    ) -> Result<T> {
        let mut deadline = Deadline::new(
            Arc::clone(&self.clock),
            Deadline::after(self.clock.now(), self.within),
        );
        let mut interval = FIRST_INTERVAL.min(self.interval);
        let mut asked_last = false;
        loop {
            let call = ask();
            let context = call.operation_context();
            let outcome = match deadline.bound(call.into_future()).await {
                Ok(Ok(value)) if is_final(&value) => return Ok(value),
                Ok(Ok(_)) => None,
                Ok(Err(error)) if passes(&error) => Some(error),
                Ok(Err(error)) => return Err(error),
                Err(_) => None,
            };
            let wait = outcome
                .as_ref()
                .and_then(Error::retry_after)
                .unwrap_or(interval)
                .max(interval);
            let remaining = deadline.remaining();
            let asked_to_wait = outcome.as_ref().and_then(Error::retry_after).is_some();
            // What became final in the last interval must be seen too: the last poll comes shortly before
            // the end.
            let last = remaining.saturating_sub(LAST_QUESTION.min(remaining / 2));
            if asked_last || remaining.is_zero() || (asked_to_wait && wait >= remaining) {
                return Err(outcome.unwrap_or_else(|| {
                    let late = Error::new(
                        ErrorKind::Timeout,
                        "it was not final by the end of the time to wait",
                    );
                    context(late.with_delivery(Delivery::CarriedOut))
                }));
            }
            asked_last = wait >= last;
            self.clock.sleep(wait.min(last)).await;
            interval = interval
                .saturating_mul(3)
                .checked_div(2)
                .unwrap_or(interval)
                .min(self.interval);
        }
    }
}

fn passes(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Interrupted
        | ErrorKind::RateLimited
        | ErrorKind::Overloaded => true,
        ErrorKind::Provider => error.status().is_some_and(|status| status.is_server_error()),
        _ => false,
    }
}

/// Gives a provider's wait what every one has. It has a field `interval: Duration` and a method
/// `send(self)` that waits, and may have one type parameter, as in [`forward_call!`](crate::forward_call).
#[doc(hidden)]
#[macro_export]
macro_rules! forward_wait {
    ($wait:ident => $output:ty, interval: $interval:literal) => {
        $crate::forward_wait!(@ [] $wait => $output, $interval);
    };
    ($wait:ident<$parameter:ident: $bound:path> => $output:ty, interval: $interval:literal) => {
        $crate::forward_wait!(@ [$parameter: $bound] $wait<$parameter> => $output, $interval);
    };
    (@ [$($parameter:ident: $bound:path)?] $wait:ty => $output:ty, $interval:literal) => {
        impl $(<$parameter: $bound>)? $wait {
            /// The longest interval between polls, at least 100 ms.
            #[doc = concat!("Default ", $interval, ".")]
            pub fn interval(mut self, interval: ::std::time::Duration) -> Self {
                self.interval = interval;
                self
            }
        }

        impl $(<$parameter: $bound>)? ::core::future::IntoFuture for $wait {
            type Output = $crate::Result<$output>;
            type IntoFuture = $crate::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ManualClock, ScriptedTransport, Step, drive};
    use crate::{Client, Operation, Realm, Settings};

    /// Waits 10 s for what never becomes final, and says how it ended and how many questions were asked.
    fn wait(steps: impl IntoIterator<Item = Step>) -> (Error, usize) {
        let clock = ManualClock::new();
        let began = clock.now();
        let transport = ScriptedTransport::new(steps);
        let settings = Settings::default()
            .transport(transport.shared())
            .clock(clock.shared());
        let client = Client::new(settings).unwrap();
        let realm = Realm::builder("example", "https://api.example.com")
            .build()
            .unwrap();
        let ask = || client.call_raw(Operation::get("check.get", &realm, "/check", &[]).unwrap());
        let wait = Wait::new(clock.shared(), Duration::from_secs(10), Duration::from_secs(5));
        let error = drive(&clock, wait.until(ask, |_| false)).unwrap_err();
        assert!(clock.now().duration_since(began) <= Duration::from_secs(10));
        (error, transport.seen().len())
    }

    #[test]
    fn nothing_is_asked_when_the_time_is_over() {
        let (error, asked) = wait([Step::Silence, Step::json(200, "{}")]);
        assert!(error.is_timeout(), "{error}");
        assert_eq!(asked, 1, "the first answer took all the time");

        let (error, asked) = wait([Step::json(200, "{}"), Step::Silence, Step::json(200, "{}")]);
        assert!(error.is_timeout(), "{error}");
        assert_eq!(asked, 2);
    }

    #[test]
    fn a_failure_in_passing_that_comes_last_is_the_error() {
        let (error, asked) = wait(std::iter::repeat_n(Step::answer(503, ""), 100));
        assert_eq!(error.kind(), ErrorKind::Provider, "{error}");
        assert!(asked > 1);
    }
}
