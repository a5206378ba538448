//! Configuration from the environment, through a look-up function so that no test touches the real one.

use std::fmt;

use crate::error::{Error, Result};
use crate::value::is_on_this_machine;

/// Reads configuration variables.
///
/// ```
/// use verikit_core::Environment;
///
/// let environment = Environment::new(|name| (name == "EXAMPLE_KEY").then(|| "k-1".to_owned()));
/// assert_eq!(environment.required("EXAMPLE_KEY")?, "k-1");
/// assert!(environment.required("EXAMPLE_SECRET").unwrap_err().to_string().contains("EXAMPLE_SECRET"));
/// # Ok::<(), verikit_core::Error>(())
/// ```
pub struct Environment<'a>(Box<LookUp<'a>>);

type LookUp<'a> = dyn Fn(&str) -> Option<String> + 'a;

impl<'a> Environment<'a> {
    /// Looks variables up with a function.
    pub fn new(look_up: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self(Box::new(look_up))
    }

    /// A variable that has to be there. Surrounding white space, the usual result of copy and paste, is cut
    /// off.
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn required(&self, name: &str) -> Result<String> {
        self.optional(name).ok_or_else(|| {
            Error::configuration(format!("the environment variable {name} is not set or is empty"))
        })
    }

    /// A variable that may be absent; an empty one counts as absent.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// A switch: `true` or `1`, `false` or `0`, absent.
    ///
    /// # Errors
    ///
    /// A configuration error for any other value, which could mean either.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.optional(name).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(Error::configuration(format!(
                "the environment variable {name} must be true or false"
            ))),
        }
    }

    /// A base URL. Where the switch `plain_http` is on, it has to be this machine's: two variables must not
    /// be able to send credentials and personal data in the clear to anywhere else.
    ///
    /// # Errors
    ///
    /// A configuration error that names both variables, when the URL leads elsewhere.
    pub fn base_url(&self, name: &str, plain_http: &str) -> Result<Option<String>> {
        let base_url = self.optional(name);
        let elsewhere = base_url.as_deref().is_some_and(|base_url| !is_loopback(base_url));
        if self.flag(plain_http)? && elsewhere {
            return Err(Error::configuration(format!(
                "{plain_http} is for a sandbox on this machine; {name} is elsewhere"
            )));
        }
        Ok(base_url)
    }
}

fn is_loopback(base_url: &str) -> bool {
    url::Url::parse(base_url).is_ok_and(|url| is_on_this_machine(&url))
}

impl Default for Environment<'_> {
    /// The process's own environment.
    fn default() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }
}

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_trimmed_and_never_shown() {
        let environment = Environment::new(|name| match name {
            "A" => Some(" a-value \n".to_owned()),
            "EMPTY" => Some("  ".to_owned()),
            "ON" => Some("true".to_owned()),
            "ODD" => Some("a-value".to_owned()),
            _ => None,
        });
        assert_eq!(environment.required("A").unwrap(), "a-value");
        assert!(environment.required("EMPTY").unwrap_err().is_configuration());
        assert!(environment.flag("ON").unwrap());
        assert!(!environment.flag("ABSENT").unwrap());
        let error = environment.flag("ODD").unwrap_err();
        assert!(error.to_string().contains("ODD") && !error.to_string().contains("a-value"));
    }
    #[test]
    fn plain_http_stays_on_this_machine() {
        let base_url = |base_url: &str, plain_http: &str| {
            let environment = Environment::new(|name| match name {
                "URL" => Some(base_url.to_owned()),
                "PLAIN" => Some(plain_http.to_owned()),
                _ => None,
            });
            environment.base_url("URL", "PLAIN")
        };
        for here in [
            "http://127.0.0.1:7071/v1",
            "http://[::1]:1",
            "http://localhost",
            "http://LOCALHOST:1/",
        ] {
            assert_eq!(base_url(here, "true").unwrap().as_deref(), Some(here));
        }
        for elsewhere in [
            "http://api.example.com",
            "https://api.example.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://127.0.0.1@example.com/",
            "127.0.0.1",
        ] {
            let error = base_url(elsewhere, "true").unwrap_err();
            assert!(error.is_configuration());
            let shown = error.to_string();
            assert!(
                shown.contains("URL") && shown.contains("PLAIN") && !shown.contains("example"),
                "{shown}"
            );
            // Without the switch, the realm is the judge.
            assert_eq!(base_url(elsewhere, "false").unwrap().as_deref(), Some(elsewhere));
        }
        assert_eq!(base_url("", "true").unwrap(), None);
        assert!(base_url("http://localhost", "maybe").is_err());
    }
}
