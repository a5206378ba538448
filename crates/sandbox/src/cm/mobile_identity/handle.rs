//! What a test holds of the emulated Mobile Identity.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::callback;
use super::number_verify::Check;
use super::rate_limit::CmRateLimit;
use crate::cm::State;
use crate::outbox::Delivery;

/// The emulated Mobile Identity: its checks, its callbacks, its rate limit.
pub struct CmMobileIdentity {
    state: Arc<State>,
}

/// What the operator finds about the phone that opened `sessionUrl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CmNumberVerifyOutcome {
    /// `completed`, `match` true.
    Match,
    /// `completed`, `match` false.
    NoMatch,
    /// `failed`, `match` null.
    Failed,
}

impl CmNumberVerifyOutcome {
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("match", Self::Match),
        ("no-match", Self::NoMatch),
        ("failed", Self::Failed),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, outcome)| *outcome)
    }
}

/// A number verify check as the sandbox holds it. The phone number is masked except for its last two digits.
#[derive(Clone, PartialEq, Eq)]
pub struct CmNumberVerify {
    id: String,
    state: &'static str,
    is_match: Option<bool>,
    masked_phone_number: String,
    session_url: String,
    callback_url: Url,
}

impl CmNumberVerify {
    fn new(check: &Check, api_url: &Url) -> Self {
        Self {
            id: check.id.clone(),
            state: check.state(),
            is_match: check.is_match(),
            masked_phone_number: check.phone_number.masked(),
            session_url: check.session_url(api_url),
            callback_url: check.callback_url.clone(),
        }
    }

    /// The check's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `pending`, `completed` or `failed`.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state
    }

    /// Whether the number belongs to the phone; `None` while pending and when failed.
    #[must_use]
    pub fn is_match(&self) -> Option<bool> {
        self.is_match
    }

    /// The number, masked except for its last two digits.
    #[must_use]
    pub fn masked_phone_number(&self) -> &str {
        &self.masked_phone_number
    }

    /// The page for the phone.
    #[must_use]
    pub fn session_url(&self) -> &str {
        &self.session_url
    }

    /// Where the callback goes.
    #[must_use]
    pub fn callback_url(&self) -> &Url {
        &self.callback_url
    }
}

/// The session's URL is a secret and the callback's may hold one: both are left out.
impl fmt::Debug for CmNumberVerify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmNumberVerify")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("is_match", &self.is_match)
            .field("masked_phone_number", &self.masked_phone_number)
            .finish_non_exhaustive()
    }
}

impl CmMobileIdentity {
    pub(in crate::cm) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// All number verify checks of both bases, oldest first.
    #[must_use]
    pub fn number_verifies(&self) -> Vec<CmNumberVerify> {
        let data = self.state.mobile_identity.data();
        data.checks
            .iter()
            .map(|check| CmNumberVerify::new(check, &self.state.api_url))
            .collect()
    }

    /// Ends a check as if the phone had opened `sessionUrl`; the callback goes out. `false` if there is no
    /// such check or if it has ended already.
    pub fn finish_number_verify(&self, id: &str, outcome: CmNumberVerifyOutcome) -> bool {
        callback::finish(&self.state, id, outcome)
    }

    /// The callbacks so far, oldest first, also those that were not sent because the sandbox speaks no TLS:
    /// hand their headers and body to the code that receives callbacks.
    #[must_use]
    pub fn callbacks(&self) -> Vec<Delivery> {
        self.state.callbacks.deliveries()
    }

    /// Waits until no callback is due: each has ended, or waits for the sandbox's clock.
    pub async fn callbacks_settled(&self) {
        self.state.callbacks.settled().await;
    }

    /// Sends a callback once more, with the same event id and the same bytes. `false` if there is none with
    /// this event id.
    pub fn repeat_callback(&self, event_id: &str) -> bool {
        self.state.callbacks.repeat(event_id)
    }

    /// Signs the next callback with a key that is not the secret.
    pub fn forge_next_callback(&self) {
        self.state.mobile_identity.data().forges_next_callback = true;
    }

    /// Turns the limit of one call a second on or off.
    pub fn set_rate_limit(&self, limit: CmRateLimit) {
        self.state.mobile_identity.data().rate_limit = limit;
    }
}

impl fmt::Debug for CmMobileIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmMobileIdentity")
            .field("api_url", &self.state.api_url.as_str())
            .field("number_verifies", &self.number_verifies().len())
            .field("callbacks", &self.state.callbacks)
            .finish_non_exhaustive()
    }
}
