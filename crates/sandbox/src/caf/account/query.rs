//! A request's query, read as strictly as its body.

use std::collections::HashMap;

use http::Uri;
use url::form_urlencoded;

use crate::members::Mistake;

/// The parameters that nobody has asked for yet.
pub(in crate::caf) struct Query(HashMap<String, String>);

impl Query {
    pub(in crate::caf) fn of(uri: &Uri) -> Result<Self, Mistake> {
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err("A parameter occurs more than once.".to_owned());
            }
        }
        Ok(Self(parameters))
    }

    pub(in crate::caf) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    pub(in crate::caf) fn boolean(&mut self, name: &str) -> Result<bool, Mistake> {
        match self.take(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(format!("{name} must be true or false.")),
        }
    }

    /// Creating asks for it (contract caf, 4.2).
    pub(in crate::caf) fn origin(&mut self) -> Result<(), Mistake> {
        match self.take("origin").as_deref() {
            Some("TRUST") => Ok(()),
            _ => Err("origin must be TRUST.".to_owned()),
        }
    }

    /// To be called at the end. The name is the caller's own and not repeated.
    pub(in crate::caf) fn refuse_others(self) -> Result<(), Mistake> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err("A parameter of the query is not known.".to_owned())
        }
    }
}
