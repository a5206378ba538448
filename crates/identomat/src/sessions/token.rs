//! The token of a session, and the widget's address with it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use url::Url;
use verikit_core::value::read_text;
use verikit_core::{Error, Result, Secret};

use crate::config::PROVIDER;

/// Names a session and opens it: whoever has it can go through the session in the user's place, and with the
/// company key read the result. A secret between you and the user. Opaque; keep it as it came.
#[derive(Clone)]
pub struct SessionToken(Secret);

/// Tokens are of 40 characters; this only keeps out what cannot be one.
const MAX_BYTES: usize = 1024;

impl SessionToken {
    /// How long a token is valid by default (contract identomat, 2.1). Whether it counts to the first opening
    /// of the widget or to the end of the session is not documented.
    pub const VALIDITY: Duration = Duration::from_secs(15 * 60);

    /// Takes a token that was stored.
    ///
    /// # Errors
    ///
    /// When it is empty, longer than 1,024 bytes or holds a control character. The error does not quote it.
    pub fn new(token: impl Into<String>) -> Result<Self> {
        let token = Secret::new(token);
        match defect(token.expose()) {
            None => Ok(Self(token)),
            Some(defect) => Err(Error::invalid_input(defect).with_provider(PROVIDER)),
        }
    }

    /// The token itself, for storing it with the user's own session.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Compares in a time that depends on the lengths alone.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.expose().as_bytes())
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }
}

fn defect(token: &str) -> Option<&'static str> {
    if token.is_empty() {
        Some("the session token is empty")
    } else if token.len() > MAX_BYTES {
        Some("the session token is longer than 1,024 bytes")
    } else if token.contains(char::is_control) {
        Some("the session token holds a control character")
    } else {
        None
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}

impl<'de> Deserialize<'de> for SessionToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| match defect(text) {
            None => Ok(Self(Secret::new(text))),
            Some(defect) => Err(defect),
        })
    }
}

/// The widget's address with a session's token in it, as the vendor defines it: to redirect the user's
/// browser to, or for an iframe. As secret as the token. `Debug` shows its origin alone.
///
/// In an iframe the widget needs the camera, and for a video call the microphone too:
///
/// ```
/// # fn example(session: &identomat::BegunSession) -> String {
/// format!(r#"<iframe src="{}" allow="camera; microphone"></iframe>"#, session.widget_url.expose())
/// # }
/// ```
#[derive(Clone)]
pub struct WidgetUrl {
    text: Secret,
    origin: Box<str>,
}

impl WidgetUrl {
    pub(crate) fn new(widget: &Url, token: &SessionToken) -> Self {
        // Percent-encoded, although tokens are plain today.
        let mut url = widget.clone();
        url.query_pairs_mut().append_pair("session_token", token.expose());
        Self {
            text: Secret::new(url),
            origin: widget.origin().ascii_serialization().into(),
        }
    }

    /// The address itself: for the `Location` of a redirect, or the `src` of an iframe. Every character of it
    /// can stand in an HTML attribute as it is.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// Its origin, as a browser writes it: `https://host`, with the port if it is not the usual one. The page
    /// that holds the iframe takes `message` events from this origin alone. It is no secret.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Debug for WidgetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WidgetUrl({}/...)", self.origin)
    }
}

/// The widget's message to the page around it: the user has come to an end. **It is no verdict**, and anybody
/// can send it: it says no more than "ask the server for the result".
///
/// The widget posts the text `DONE`; a newer one an object with `type` and `sessionId` (both **inferred**
/// from pages that listen; contract identomat, 8). The page has to compare `event.origin` with
/// [`WidgetUrl::origin`] first.
///
/// ```
/// use identomat::WidgetEnd;
///
/// assert!(WidgetEnd::from_message("DONE").is_some());
/// assert!(WidgetEnd::from_message(r#"{"type":"done","sessionId":"0123456789abcdefghij"}"#).is_some());
/// assert!(WidgetEnd::from_message("resize").is_none());
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WidgetEnd {
    /// The session that the message names. Compare it with the user's own; never take it from here.
    pub session_token: Option<SessionToken>,
}

impl WidgetEnd {
    /// Reads `event.data`: the text as it is, or the JSON of whatever it was. Nothing for every other
    /// message.
    #[must_use]
    pub fn from_message(message: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Done {
            #[serde(rename = "type")]
            kind: String,
            #[serde(default, rename = "sessionId")]
            session_token: Option<SessionToken>,
        }
        let message = message.trim_ascii();
        if matches!(message, "DONE" | "\"DONE\"") {
            return Some(Self { session_token: None });
        }
        if !verikit_core::is_json_object(message.as_bytes()) {
            return None;
        }
        let done: Done = serde_json::from_str(message).ok()?;
        (done.kind == "done").then_some(Self {
            session_token: done.session_token,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_percent_encoded_and_stays_hidden() {
        let widget = Url::parse("https://widget.identomat.com/").unwrap();
        let url = |token: &str| WidgetUrl::new(&widget, &SessionToken::new(token).unwrap());
        let plain = url("0123456789abcdefghij");
        assert_eq!(
            plain.expose(),
            "https://widget.identomat.com/?session_token=0123456789abcdefghij"
        );
        assert_eq!(plain.origin(), "https://widget.identomat.com");
        assert_eq!(
            format!("{plain:?}"),
            "WidgetUrl(https://widget.identomat.com/...)"
        );
        let odd = url("a&b=c#d\"<'é");
        assert_eq!(
            odd.expose(),
            "https://widget.identomat.com/?session_token=a%26b%3Dc%23d%22%3C%27%C3%A9"
        );
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_unquoted() {
        for token in ["", "a\nb", "a\0", &"a".repeat(1025)] {
            let error = SessionToken::new(token).unwrap_err();
            assert!(error.is_invalid_input());
            assert_eq!(error.provider(), "identomat");
        }
        assert!(serde_json::from_str::<SessionToken>("\"\"").is_err());
        assert!(serde_json::from_str::<SessionToken>("1").is_err());
        let token = SessionToken::new("abc").unwrap();
        assert!(token.ct_eq(&SessionToken::new("abc").unwrap()));
        assert!(!token.ct_eq(&SessionToken::new("abd").unwrap()));
        assert_eq!(format!("{token:?}"), "SessionToken([redacted])");
    }

    #[test]
    fn the_widgets_end_is_told_from_every_other_message() {
        let named = WidgetEnd::from_message(r#" {"type":"done","sessionId":"abc","x":1} "#).unwrap();
        assert_eq!(named.session_token.unwrap().expose(), "abc");
        for bare in ["DONE", " DONE\n", "\"DONE\"", r#"{"type":"done"}"#] {
            assert!(
                WidgetEnd::from_message(bare).unwrap().session_token.is_none(),
                "{bare}"
            );
        }
        for other in [
            "",
            "done",
            "DONE!",
            "\"done\"",
            "identomat_finished",
            "identomat_close",
            r#"["done","abc"]"#,
            r#"{"type":"DONE"}"#,
            r#"{"type":"done","type":"done"}"#,
            r#"{"type":"done","sessionId":""}"#,
            r#"{"type":"done","sessionId":7}"#,
            r#"{"sessionId":"abc"}"#,
            "null",
        ] {
            assert!(WidgetEnd::from_message(other).is_none(), "{other}");
        }
    }
}
