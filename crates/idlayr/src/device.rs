//! What the device brings back from the end of the redirects (contract idlayr, 3.7).

use std::fmt;

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Error, Personal, Result, Secret, is_json_object};

use crate::checks::CheckId;
use crate::config::PROVIDER;

/// The code that completes a check. It shows that whoever has it received the end of the redirect chain, so
/// it is a secret until it is used.
#[derive(Debug, Clone)]
pub struct CompletionCode(Secret);

impl CompletionCode {
    /// Takes a code as the device brought it. It is opaque.
    ///
    /// # Errors
    ///
    /// When it is empty, longer than 512 bytes, or holds a control character.
    pub fn new(code: impl Into<String>) -> Result<Self> {
        let code = code.into();
        if code.is_empty() || code.len() > 512 || code.chars().any(char::is_control) {
            return Err(refuse(
                "the completion code is empty, too long or holds a control character",
            ));
        }
        Ok(Self(Secret::new(code)))
    }

    /// The code itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

verikit_core::open_enum! {
    /// Why the device's journey failed: the `error` of the redirect result. It is neither the
    /// [`CheckErrorCode`](crate::CheckErrorCode) of a check nor the [`ProblemCode`](crate::ProblemCode) of a
    /// refused call (contract idlayr, 15.2). An open set, of which one value is documented; those of checks
    /// are to be expected, and the vendor's SDKs add their own, which begin with `sdk_`.
    pub enum RedirectErrorCode {
        /// The operator cannot redirect.
        MnoRedirectUnsupported = "mno_redirect_unsupported",
    }
}

/// How the device's journey ended.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// It came to the end. Complete the check with the code; the result is in the answer to that.
    Code(CompletionCode),
    /// It failed on the way.
    Error {
        /// Why.
        error: RedirectErrorCode,
        /// The platform's explanation.
        description: Option<Personal<String>>,
    },
}

/// What a device says of its check. It comes through the user's hands and proves nothing: the answer to
/// [`complete`](crate::PhoneChecks::complete) does.
///
/// ```
/// use idlayr::{DeviceReturn, Outcome};
///
/// let body = br#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","code":"4fa09c17be"}"#;
/// let returned = DeviceReturn::from_json(body)?;
/// assert!(matches!(returned.outcome, Outcome::Code(_)));
///
/// let url = "https://app.example.net/done?check_id=0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80&error=mno_timeout";
/// let returned = DeviceReturn::from_url(url)?;
/// assert!(matches!(returned.outcome, Outcome::Error { .. }));
/// # Ok::<(), idlayr::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct DeviceReturn {
    /// The check.
    pub check_id: CheckId,
    /// How it ended.
    pub outcome: Outcome,
    /// The reference that the check was made with.
    pub reference_id: Option<Personal<String>>,
}

#[derive(Deserialize)]
struct Body {
    check_id: CheckId,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    error_description: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    reference_id: Option<String>,
}

impl DeviceReturn {
    /// Reads the JSON that the last hop answers with when the check has no `redirect_url`.
    ///
    /// # Errors
    ///
    /// When it is no such JSON. The error does not quote it.
    pub fn from_json(body: &[u8]) -> Result<Self> {
        let no_answer =
            || refuse("the device's answer is not a JSON object with check_id and either code or error");
        if !is_json_object(body) {
            return Err(no_answer());
        }
        let body: Body = serde_json::from_slice(body).map_err(|_| no_answer())?;
        Self::new(
            body.check_id,
            body.code,
            body.error,
            body.error_description,
            body.reference_id,
        )
    }

    /// Reads the URL that the last hop redirects to when the check has a `redirect_url`, or its path and
    /// query.
    ///
    /// A signature that the platform may have added (`authorization`, `date`) is not checked here: the code
    /// is the proof.
    ///
    /// # Errors
    ///
    /// When the query lacks `check_id`, has neither `code` nor `error`, or has one of these twice. What
    /// stands behind a `#` is no part of the query.
    pub fn from_url(url: &str) -> Result<Self> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (_, query) = url
            .split_once('?')
            .ok_or_else(|| refuse("the redirect URL has no query"))?;
        Self::from_query(query)
    }

    /// Reads the query of that URL, without the question mark.
    ///
    /// # Errors
    ///
    /// As [`from_url`](DeviceReturn::from_url).
    pub fn from_query(query: &str) -> Result<Self> {
        let [
            mut check_id,
            mut code,
            mut error,
            mut description,
            mut reference_id,
        ] = [const { None }; 5];
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "check_id" => &mut check_id,
                "code" => &mut code,
                "error" => &mut error,
                "error_description" => &mut description,
                "reference_id" => &mut reference_id,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(refuse("the redirect URL has a member twice"));
            }
        }
        let check_id = check_id.ok_or_else(|| refuse("the redirect URL has no check_id"))?;
        let check_id = CheckId::new(&check_id)
            .map_err(|error| refuse("the redirect URL's check_id cannot be used").with_source(error))?;
        Self::new(check_id, code, error, description, reference_id)
    }

    fn new(
        check_id: CheckId,
        code: Option<String>,
        error: Option<String>,
        description: Option<String>,
        reference_id: Option<String>,
    ) -> Result<Self> {
        let outcome = match (code, error) {
            (Some(code), None) => Outcome::Code(CompletionCode::new(code)?),
            (None, Some(error)) => Outcome::Error {
                error: RedirectErrorCode::from(error.as_str()),
                description: description.map(Personal::new),
            },
            (Some(_), Some(_)) => {
                return Err(refuse("the device brought both a code and an error"));
            }
            (None, None) => {
                return Err(refuse("the device brought neither a code nor an error"));
            }
        };
        Ok(Self {
            check_id,
            outcome,
            reference_id: reference_id.map(Personal::new),
        })
    }
}

impl fmt::Debug for DeviceReturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceReturn")
            .field("check_id", &self.check_id)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

fn refuse(detail: &'static str) -> Error {
    Error::invalid_input(detail).with_provider(PROVIDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";

    #[test]
    fn a_code_comes_as_json_or_in_a_query() {
        let json = format!(r#"{{"check_id":"{ID}","code":"4fa09c17be","reference_id":"order-77","new":1}}"#);
        let query = format!(
            "https://app.example.net/done?check_id={ID}&code=4fa09c17be&reference_id=order-77&x=1#top"
        );
        for returned in [
            DeviceReturn::from_json(json.as_bytes()),
            DeviceReturn::from_url(&query),
        ] {
            let returned = returned.unwrap();
            assert_eq!(returned.check_id.as_str(), ID);
            assert_eq!(returned.reference_id.as_ref().unwrap().expose(), "order-77");
            assert!(matches!(&returned.outcome, Outcome::Code(code) if code.expose() == "4fa09c17be"));
            let shown = format!("{returned:?}");
            assert!(
                !shown.contains("4fa09c17be") && !shown.contains("order-77"),
                "{shown}"
            );
        }
    }

    #[test]
    fn an_error_comes_with_its_description() {
        let query = format!("check_id={ID}&error=mno_redirect_unsupported&error_description=no+way%21");
        let returned = DeviceReturn::from_query(&query).unwrap();
        let Outcome::Error { error, description } = &returned.outcome else {
            panic!("{returned:?}")
        };
        assert_eq!(*error, RedirectErrorCode::MnoRedirectUnsupported);
        assert_eq!(description.as_ref().unwrap().expose(), "no way!");
        assert!(!format!("{returned:?}").contains("no way"));
    }

    #[test]
    fn what_is_ambiguous_or_incomplete_is_refused() {
        for json in [
            String::from("{}"),
            format!(r#"{{"check_id":"{ID}"}}"#),
            format!(r#"{{"check_id":"{ID}","code":"a","error":"b"}}"#),
            format!(r#"{{"check_id":"{ID}","code":"a","code":"b"}}"#),
            format!(r#"{{"check_id":"{ID}","code":7}}"#),
            format!(r#"{{"check_id":"{ID}","code":""}}"#),
            String::from(r#"{"check_id":"..","code":"a"}"#),
            format!(r#"["{ID}","a"]"#),
            String::from("<html>"),
            String::new(),
        ] {
            assert!(
                DeviceReturn::from_json(json.as_bytes())
                    .unwrap_err()
                    .is_invalid_input(),
                "{json}"
            );
        }
        for url in [
            String::from("https://app.example.net/done"),
            format!("https://app.example.net/?check_id={ID}"),
            format!("?check_id={ID}&code=a&code=b"),
            format!("?check_id={ID}&code=a&error=b"),
            String::from("?check_id=&code=a"),
            format!("?check_id={ID}&code=a%0Ab"),
        ] {
            assert!(
                DeviceReturn::from_url(&url).unwrap_err().is_invalid_input(),
                "{url}"
            );
        }
    }
}
