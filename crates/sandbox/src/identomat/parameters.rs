//! Parameters, wherever they stand: the query, a form, a multipart form or a JSON object (contract identomat,
//! 1).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;
use url::form_urlencoded;

use super::answer::Refusal;
use super::signature::Signed;
use crate::media_type::has_content_type;
use crate::multipart;

/// What a request says, by name.
pub(super) struct Parameters(BTreeMap<String, Given>);

/// A parameter in the form in which it was given.
pub(super) enum Given {
    /// From a query or a form: objects and arrays are JSON texts here.
    Text(String),
    Json(Value),
    File(Bytes),
}

impl Parameters {
    /// The parameters, and what a signature is made over. The type of a body has to be said: that the live
    /// service does without it now and then is nothing to rely on.
    pub(super) fn read(
        method: &Method,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<(Self, Signed), Refusal> {
        let mut parameters = Self(BTreeMap::new());
        parameters.add_form(query.unwrap_or_default().as_bytes())?;
        let has_type = |wanted| has_content_type(headers, wanted);
        if body.is_empty() {
            // A query alone is signed as an empty body: one of the candidates of an open question.
        } else if method == Method::GET {
            return Err(Refusal::argument("a GET request has no body"));
        } else if has_type("application/json") {
            parameters.add_json(&body)?;
        } else if has_type("application/x-www-form-urlencoded") {
            parameters.add_form(&body)?;
        } else if has_type("multipart/form-data") {
            let parts = multipart::boundary(headers)
                .and_then(|boundary| multipart::parts(&body, &boundary))
                .ok_or_else(|| Refusal::argument("the body is not multipart/form-data"))?;
            return parameters.with_parts(parts);
        } else {
            return Err(Refusal::argument("the body has no Content-Type that is known"));
        }
        Ok((parameters, Signed::Whole(body)))
    }

    fn add(&mut self, name: &str, value: Given) -> Result<(), Refusal> {
        match self.0.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(Refusal::argument("a parameter is given twice")),
        }
    }

    fn add_form(&mut self, text: &[u8]) -> Result<(), Refusal> {
        for (name, value) in form_urlencoded::parse(text) {
            self.add(&name, Given::Text(value.into_owned()))?;
        }
        Ok(())
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Err(Refusal::argument("the body is not a JSON object"));
        };
        for (name, value) in members {
            self.add(&name, Given::Json(value))?;
        }
        Ok(())
    }

    /// Files have to come after texts: they are signed in this order, and no document says that a server
    /// sorts them.
    fn with_parts(mut self, parts: Vec<multipart::Part>) -> Result<(Self, Signed), Refusal> {
        let mut values = Vec::with_capacity(parts.len());
        let mut has_files = false;
        for part in parts {
            if has_files && !part.is_file {
                return Err(Refusal::argument("a text part comes after a file part"));
            }
            has_files |= part.is_file;
            values.push(part.value.clone());
            let given = if part.is_file {
                Given::File(part.value)
            } else {
                let text = std::str::from_utf8(&part.value)
                    .map_err(|_| Refusal::argument("a text part is not UTF-8"))?;
                Given::Text(text.to_owned())
            };
            self.add(&part.name, given)?;
        }
        Ok((self, Signed::Parts(values)))
    }

    /// Refuses parameters with other names than these: a misspelt one would go unnoticed otherwise.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        let is_known = |name: &String| name == "company_key" || names.contains(&name.as_str());
        match self.0.keys().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(Refusal::argument(format!("there is no parameter {name:?}"))),
        }
    }

    /// A text that is not empty. Null is as if it were not there.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Given::Json(Value::Null)) => Ok(None),
            Some(Given::Text(text) | Given::Json(Value::String(text))) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(Refusal::argument(format!("{name} is not a text"))),
        }
    }

    /// As [`text`](Self::text), and it must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?
            .ok_or_else(|| Refusal::argument(format!("{name} is missing")))
    }

    /// An object or array: as it is in JSON, as a JSON text elsewhere (contract identomat, 1).
    pub(super) fn structure(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.0.get(name) {
            None | Some(Given::Json(Value::Null)) => Ok(None),
            Some(Given::Json(value)) => Ok(Some(value.clone())),
            Some(Given::Text(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Refusal::argument(format!("{name} is not a JSON text"))),
            Some(Given::File(_)) => Err(Refusal::argument(format!("{name} is a file"))),
        }
    }

    /// Everything but the company key and the session's token.
    pub(super) fn others(&self) -> impl Iterator<Item = (&str, &Given)> {
        self.0
            .iter()
            .filter(|(name, _)| !["company_key", "session_token"].contains(&name.as_str()))
            .map(|(name, given)| (name.as_str(), given))
    }
}
