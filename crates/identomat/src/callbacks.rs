//! What arrives at the callback URL (contract identomat, 9).

use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use verikit_core::value::lenient;
use verikit_core::{Answer, Error, ErrorKind, Personal, Result, Secret, is_json_object};

use crate::config::PROVIDER;
use crate::sessions::SessionToken;

verikit_core::open_enum! {
    /// What a callback is about. An open set: the names of the status updates could not be read in any public
    /// document.
    pub enum CallbackType {
        /// A one-time password is to be sent to a phone.
        OneTimePasswordRequest = "one-time-password-request",
        /// The link to a session is to be sent to a phone.
        ShareSessionLinkViaSms = "share-session-link-via-sms",
        /// The link to a session is to be sent by e-mail. **Inferred** from a heading of the vendor's page,
        /// as is what comes with it.
        ShareSessionLinkViaEmail = "share-session-link-via-email",
        /// A one-time password is to be sent by e-mail. **Inferred**, as above.
        EmailOneTimePasswordRequest = "email-one-time-password-request",
    }
}

/// The callback keys that may stand in a callback: the current one, and during a change the one before it.
///
/// Identomat does not sign callbacks: a shared key inside the body is all that there is. Take what they say
/// for a hint, and read the result.
///
/// ```
/// use identomat::{CallbackEvent, CallbackKeys};
///
/// let keys = CallbackKeys::new(["cb_new", "cb_old"])?;
///
/// // In the handler of the request:
/// # let body = br#"{"callbackApiKey":"cb_old","type":"one-time-password-request",
/// #   "sessionId":"0123456789abcdefghij0123456789abcdefghij","text":"Code 1234","phoneNumber":"+995500000000"}"#;
/// let callback = keys.read(&body[..])?;
/// match callback.event() {
///     CallbackEvent::OneTimePassword { text, phone_number } => send(phone_number.expose(), text.expose()),
///     _ => {}
/// }
/// # fn send(_: &str, _: &str) {}
/// # Ok::<(), identomat::Error>(())
/// ```
#[derive(Clone)]
pub struct CallbackKeys(Vec<Secret>);

impl CallbackKeys {
    /// Takes callbacks with any of these keys.
    ///
    /// # Errors
    ///
    /// A configuration error when there is none, or one is empty.
    pub fn new(keys: impl IntoIterator<Item: Into<Secret>>) -> Result<Self> {
        let keys: Vec<Secret> = keys.into_iter().map(Into::into).collect();
        if keys.is_empty() || keys.iter().any(Secret::is_empty) {
            let detail = "callbacks need at least one key, and none that is empty";
            return Err(Error::configuration(detail).with_provider(PROVIDER));
        }
        Ok(Self(keys))
    }

    /// Checks the key in the body, in a time that does not tell how much of it was right, and only then looks
    /// at anything else.
    ///
    /// The answer's [`raw`](Answer::raw) has the key and the one-time text in it: never log or store it
    /// unseen.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`] when the key is missing, there twice or wrong, or the body is not a JSON object:
    /// answer 401, and forget the body. A decode error, which does not quote the body, when it is no
    /// callback.
    pub fn read(&self, body: impl Into<Bytes>) -> Result<Answer<Callback>> {
        let body = body.into();
        self.check(&body)?;
        Answer::from_json(body).map_err(|error| error.with_provider(PROVIDER))
    }

    fn check(&self, body: &[u8]) -> Result<()> {
        #[derive(Deserialize)]
        struct Keyed {
            #[serde(rename = "callbackApiKey")]
            key: Secret,
        }
        let keyed: Option<Keyed> = is_json_object(body)
            .then(|| serde_json::from_slice(body).ok())
            .flatten();
        // Every key is tried, whichever fits: the time does not tell which.
        let fits = keyed.is_some_and(|keyed| {
            self.0
                .iter()
                .fold(false, |fits, key| key.ct_eq(keyed.key.expose().as_bytes()) | fits)
        });
        if fits {
            return Ok(());
        }
        let detail = "the callback does not have any of the configured keys in it";
        Err(Error::new(ErrorKind::Auth, detail).with_provider(PROVIDER))
    }
}

impl fmt::Debug for CallbackKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackKeys")
            .field("keys", &self.0.len())
            .finish()
    }
}

/// A callback. It is no verdict: whatever it says, read the result.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Callback {
    /// What it is about.
    #[serde(rename = "type")]
    pub callback_type: CallbackType,
    /// The session. That it is the session's token is **inferred** (contract identomat, 9).
    #[serde(default, rename = "sessionId", deserialize_with = "lenient")]
    pub session_token: Option<SessionToken>,
    /// The text to send, with the one-time password or the link in it.
    #[serde(default, deserialize_with = "lenient")]
    pub text: Option<Personal<String>>,
    /// Where to send it.
    #[serde(default, deserialize_with = "lenient")]
    pub phone_number: Option<Personal<String>>,
    /// The link that is shared. Whoever has it can go through the session.
    #[serde(default, deserialize_with = "lenient")]
    pub session_link: Option<Secret>,
    /// Known, so that it is no extra member.
    #[serde(default, rename = "callbackApiKey")]
    _key: Option<IgnoredAny>,
}

impl Callback {
    /// What is to be done, if the callback says it whole and its members are documented.
    #[must_use]
    pub fn event(&self) -> CallbackEvent<'_> {
        match (
            &self.callback_type,
            &self.text,
            &self.phone_number,
            &self.session_link,
        ) {
            (CallbackType::OneTimePasswordRequest, Some(text), Some(phone_number), _) => {
                CallbackEvent::OneTimePassword { text, phone_number }
            }
            (CallbackType::ShareSessionLinkViaSms, Some(text), Some(phone_number), Some(session_link)) => {
                CallbackEvent::ShareLink {
                    text,
                    phone_number,
                    session_link,
                }
            }
            _ => CallbackEvent::Other,
        }
    }
}

/// What a callback asks for. Both are sent only to a company that delivers messages itself.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum CallbackEvent<'a> {
    /// Send a one-time password to a phone.
    OneTimePassword {
        /// The text with the password.
        text: &'a Personal<String>,
        /// The phone.
        phone_number: &'a Personal<String>,
    },
    /// Send the link to a session to a phone.
    ShareLink {
        /// The text with the link.
        text: &'a Personal<String>,
        /// The phone.
        phone_number: &'a Personal<String>,
        /// The link.
        session_link: &'a Secret,
    },
    /// Anything else: of a type whose members are not documented, or not whole. The callback's members and
    /// its [`extra`](Answer::extra) have what there is.
    Other,
}
