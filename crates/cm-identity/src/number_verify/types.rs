//! What a check is (contract cm-identity, 3.3 and 3.4).

use std::fmt;

use http::Uri;
use serde::{Deserialize, Deserializer, de};
use verikit_core::value::lenient;

verikit_core::identifier! {
    /// Identifies a check: a UUID, taken as an opaque text.
    pub struct NumberVerifyId;
}

verikit_core::open_enum! {
    /// Where a check stands.
    pub enum NumberVerifyState {
        /// The phone has not opened the session URL, or the operator has not answered.
        Pending = "pending",
        /// Final: there is a result, a match or not.
        Completed = "completed",
        /// Final: there can be no result.
        Failed = "failed",
    }
}

impl NumberVerifyState {
    /// Whether the check has come to its end. A state that this version does not know counts as not final.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

/// The URL that the phone opens over mobile data, not over Wi-Fi. Plain http is what the vendor documents:
/// the operator adds to the request what it knows of the SIM. Whoever opens the URL takes part in the check:
/// `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionUrl(Box<str>);

impl SessionUrl {
    /// The URL as the provider wrote it, to the letter, to be handed to the phone of the session that began
    /// the check, and to nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionUrl([redacted])")
    }
}

impl<'de> Deserialize<'de> for SessionUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let usable = text.parse::<Uri>().is_ok_and(|uri| {
            let web = matches!(uri.scheme_str(), Some("http" | "https"));
            web && uri.host().is_some_and(|host| !host.is_empty())
        });
        if usable {
            Ok(Self(text.into_boxed_str()))
        } else {
            Err(de::Error::custom("no URL that a phone could open"))
        }
    }
}

/// A check that was just created.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedNumberVerify {
    /// The check.
    pub id: NumberVerifyId,
    /// Always `pending`, as documented.
    pub state: NumberVerifyState,
    /// The URL for the phone.
    pub session_url: SessionUrl,
}

/// A check as it is read, or as a callback tells of it.
///
/// ```
/// use cm_identity::{Answer, NumberVerify};
///
/// let check = Answer::<NumberVerify>::from_json(
///     r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"completed","match":false}"#,
/// )?;
/// assert_eq!(check.verdict(), Some(false)); // a finished negative answer
///
/// let check = Answer::<NumberVerify>::from_json(
///     r#"{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"failed","match":null}"#,
/// )?;
/// assert_eq!(check.verdict(), None); // no answer at all
/// # Ok::<(), cm_identity::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Members")]
#[non_exhaustive]
pub struct NumberVerify {
    /// The check.
    pub id: NumberVerifyId,
    /// Where it stands.
    pub state: NumberVerifyState,
    matched: Option<bool>,
    /// The URL for the phone. The documented answer does not have it.
    pub session_url: Option<SessionUrl>,
}

impl NumberVerify {
    /// Whether the phone has the number: `true` only when the state is `completed` and `match` is the JSON
    /// boolean `true`.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.verdict() == Some(true)
    }

    /// The result, if there is one: `Some(false)` is a completed check whose phone has another number. `None`
    /// while it is pending, and when it failed.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        match self.state {
            NumberVerifyState::Completed => self.matched,
            _ => None,
        }
    }
}

/// The members on the wire. What decides is strict: a wrong type there is an error.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    id: NumberVerifyId,
    state: NumberVerifyState,
    #[serde(default)]
    r#match: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    session_url: Option<SessionUrl>,
}

impl From<Members> for NumberVerify {
    fn from(members: Members) -> Self {
        Self {
            id: members.id,
            state: members.state,
            matched: members.r#match,
            session_url: members.session_url,
        }
    }
}
