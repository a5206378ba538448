//! What fetches a token, and how long a token lives.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use crate::error::Result;
use crate::secret::{Personal, Secret};

/// The future of one fetch. It owns what it needs: the caller that started it may go away.
pub type FetchTokenFuture = Pin<Box<dyn Future<Output = Result<FetchedToken>> + Send>>;

/// Fetches a token, once per call. Keeping it and sharing it is the [`TokenCache`](super::TokenCache)'s work.
pub trait FetchToken: fmt::Debug + Send + Sync + 'static {
    /// Fetches a token. `replaces` is the one whose place it takes, so that a store which still holds that
    /// one does not hand it out again.
    fn fetch(&self, replaces: Replaces) -> FetchTokenFuture;
}

/// Which token a fetch replaces.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Replaces {
    /// None: it is the first.
    #[default]
    Nothing,
    /// One that is still good but comes to its end.
    Due(Secret),
    /// One that the provider answered 401 to.
    Refused(Secret),
}

impl Replaces {
    /// Whether it is this token that is replaced.
    #[must_use]
    pub fn is(&self, token: &Secret) -> bool {
        match self {
            Self::Nothing => false,
            Self::Due(old) | Self::Refused(old) => old.ct_eq(token.expose().as_bytes()),
        }
    }
}

/// A token fresh from its source.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchedToken {
    /// The token itself.
    pub access_token: Secret,
    /// How long it lives, counted from `sent_at`.
    pub lifetime: TokenLifetime,
    /// When the request for it was sent: its life counts from there, since the answer may have taken long.
    pub sent_at: Instant,
    /// The scopes that it was granted, separated by spaces, if the source says so.
    pub scope: Option<Personal<String>>,
}

impl FetchedToken {
    /// A token whose request was sent at `sent_at`.
    #[must_use]
    pub fn new(access_token: Secret, lifetime: TokenLifetime, sent_at: Instant) -> Self {
        Self {
            access_token,
            lifetime,
            sent_at,
            scope: None,
        }
    }
}

/// A token's life, made harmless: `expires_in` is the server's claim, and comes in odd forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenLifetime(Duration);

impl TokenLifetime {
    /// For an answer that does not say, or says it unreadably.
    const UNSTATED: Duration = Duration::from_secs(300);
    /// For zero and negative claims. The token is used until it is refused; fetching one per call would be a
    /// loop.
    const SHORTEST: Duration = Duration::from_secs(10);
    /// For claims beyond a day: fetching a token a day costs nothing.
    const LONGEST: Duration = Duration::from_secs(24 * 3600);

    /// A life as the server states it.
    #[must_use]
    pub fn new(stated: Duration) -> Self {
        if stated.is_zero() {
            Self(Self::SHORTEST)
        } else {
            Self(stated.min(Self::LONGEST))
        }
    }

    /// A life that the server did not state.
    #[must_use]
    pub fn unstated() -> Self {
        Self(Self::UNSTATED)
    }

    /// Reads `expires_in`, whatever it is: a number, a fraction, a text, nothing.
    pub(crate) fn from_json(expires_in: Option<&RawValue>) -> Self {
        let Some(raw) = expires_in else {
            return Self::unstated();
        };
        let text = raw
            .get()
            .trim_matches(|c: char| c == '"' || c.is_ascii_whitespace());
        match text.parse::<f64>() {
            Ok(seconds) if seconds.is_nan() => Self::unstated(),
            Ok(seconds) if seconds <= 0.0 => Self(Self::SHORTEST),
            Ok(seconds) => Self::new(
                Duration::try_from_secs_f64(seconds.floor().min(Self::LONGEST.as_secs_f64()))
                    .unwrap_or(Self::UNSTATED),
            ),
            Err(_) => Self::unstated(),
        }
    }

    /// The life.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }

    /// How long before its end a token is renewed at the earliest.
    #[must_use]
    pub(crate) fn renewal_lead(self) -> Duration {
        (self.0 / 10).min(Duration::from_secs(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(json: &str) -> u64 {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        TokenLifetime::from_json(Some(&raw)).duration().as_secs()
    }

    #[test]
    fn twelve_odd_lifetimes() {
        assert_eq!(TokenLifetime::from_json(None).duration().as_secs(), 300);
        for (json, expected) in [
            ("3600", 3600),
            ("0", 10),
            ("-1", 10),
            ("-99999999999999999999", 10),
            ("1e308", 86_400),
            ("99999999999999999999999999", 86_400),
            ("3599.9", 3599),
            ("0.2", 10),
            ("\"3600\"", 3600),
            ("\"soon\"", 300),
            ("\"NaN\"", 300),
            ("\"inf\"", 86_400),
            ("null", 300),
            ("true", 300),
            ("{\"a\":1}", 300),
            ("[3600]", 300),
        ] {
            assert_eq!(seconds(json), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_harmless(number in any::<f64>()) {
            if let Ok(json) = serde_json::to_string(&number) {
                let life = seconds(&json);
                prop_assert!((1..=86_400).contains(&life));
            }
        }
    }
}
