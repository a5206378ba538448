//! What a call would send, for people to look at.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::operation::Operation;

/// A request that was built and not sent. Credentials, query values, path arguments and the values in the
/// body are redacted.
#[derive(Clone)]
pub struct Preview {
    operation: &'static str,
    method: Method,
    address: String,
    headers: HeaderMap,
    body: String,
}

/// Headers whose values are ours and say nothing about anybody.
const SHOWN_HEADERS: [&str; 4] = ["accept", "accept-encoding", "content-type", "user-agent"];

impl Preview {
    pub(crate) fn new(operation: &Operation, request: http::Request<Bytes>, body: String) -> Self {
        let realm = operation.realm();
        let mut address = format!("{}{}", realm.origin(), realm.base_path().trim_end_matches('/'));
        address.push_str(operation.route());
        if let Some(query) = request.uri().query() {
            let names =
                url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| format!("{name}=[redacted]"));
            address.push('?');
            address.push_str(&names.collect::<Vec<_>>().join("&"));
        }
        let (parts, _) = request.into_parts();
        Self {
            operation: operation.name(),
            method: parts.method,
            address,
            headers: parts.headers,
            body,
        }
    }

    /// The operation's name.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The base URL and the route template, with the names of the query parameters.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The body's shape: member names with redacted values. Empty without a body.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.address)?;
        for (name, value) in &self.headers {
            let shown = SHOWN_HEADERS.contains(&name.as_str());
            let value = value.to_str().ok().filter(|_| shown).unwrap_or("[redacted]");
            write!(f, "\n{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n\n{}", self.body)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preview")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("address", &self.address)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
