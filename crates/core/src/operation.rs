//! An operation of a provider's API, as a pure value: what to ask, where, and whether it may be asked twice.

mod request;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderValue, Method, StatusCode};
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::path::{fill, push_query};
use crate::payload::Payload;
use crate::realm::Realm;
use crate::secret::Secret;

/// Whether an operation may be sent again when it is unknown what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// It only reads (or deletes): sending it again does no harm.
    Safe,
    /// It starts, bills or completes something: it is sent again only when it is proven that it was not
    /// carried out.
    Once,
}

/// Whether an answer without a 2xx status is one of the operation's own, by its status and the body as far as
/// it was read.
type IsAnswer = fn(StatusCode, &[u8]) -> bool;

/// One request to a provider, not yet authorised and not yet sent.
///
/// ```
/// use verikit_core::{Operation, Realm};
///
/// let realm = Realm::builder("example", "https://api.example.com").build()?;
/// let operation = Operation::get("check.get", &realm, "/checks/{check_id}", &["a/b"])?;
/// assert_eq!(operation.path_and_query(), "/checks/a%2Fb");
/// assert!(Operation::get("check.get", &realm, "/checks/{check_id}", &[".."]).is_err());
/// # Ok::<(), verikit_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Operation {
    name: &'static str,
    route: &'static str,
    realm: Realm,
    repeat: Repeat,
    method: Method,
    path: Cow<'static, str>,
    has_query: bool,
    /// Few, and mostly none: a map would be the largest member.
    headers: Vec<(HeaderName, HeaderValue)>,
    payload: Payload,
    also_accepts: Option<IsAnswer>,
    limit: AnswerLimit,
    /// What makes the request unsendable, found while it was built.
    defect: Option<&'static str>,
}

/// How large an answer's body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerLimit {
    /// The client's limit for JSON, 1 MiB by default.
    Json,
    /// The client's limit for images and other files, 20 MiB by default.
    File,
    /// This many bytes.
    Bytes(usize),
}

impl Operation {
    /// An operation by method. `route` is the path's template below the realm's base; each `{...}` segment
    /// takes the next of `arguments`, percent-encoded as one segment.
    ///
    /// # Errors
    ///
    /// When an argument is empty, a dot segment or holds a control character, or their number is not the
    /// template's.
    pub fn new(
        method: Method,
        repeat: Repeat,
        name: &'static str,
        realm: &Realm,
        route: &'static str,
        arguments: &[&str],
    ) -> Result<Self> {
        let mut operation = Self {
            name,
            route,
            realm: realm.clone(),
            repeat,
            method,
            path: Cow::Borrowed(""),
            has_query: false,
            headers: Vec::new(),
            payload: Payload::None,
            also_accepts: None,
            limit: AnswerLimit::Json,
            defect: None,
        };
        match fill(realm.base_path(), route, arguments) {
            Ok(path) => operation.path = path,
            Err(detail) => return Err(operation.fail(Error::invalid_input(detail))),
        }
        Ok(operation)
    }

    /// A `GET`, which may be repeated.
    ///
    /// # Errors
    ///
    /// As [`Operation::new`].
    pub fn get(name: &'static str, realm: &Realm, route: &'static str, arguments: &[&str]) -> Result<Self> {
        Self::new(Method::GET, Repeat::Safe, name, realm, route, arguments)
    }

    /// A `POST` that starts or bills something, and is sent once.
    ///
    /// # Errors
    ///
    /// As [`Operation::new`].
    pub fn post(name: &'static str, realm: &Realm, route: &'static str, arguments: &[&str]) -> Result<Self> {
        Self::new(Method::POST, Repeat::Once, name, realm, route, arguments)
    }

    /// A `GET` of a link that the provider sent: absolute, or relative to the realm's base.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Untrusted`] when scheme, host or port differ from the realm's base; nothing is sent then.
    pub fn follow(name: &'static str, realm: &Realm, route: &'static str, link: &str) -> Result<Self> {
        let mut operation = Self::new(Method::GET, Repeat::Safe, name, realm, "", &[])?;
        operation.route = route;
        match realm.resolve(link) {
            Some(url) => {
                let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
                operation.path = Cow::Owned(target.to_owned());
                operation.has_query = url.query().is_some();
                Ok(operation)
            }
            None => Err(operation.fail(Error::new(
                ErrorKind::Untrusted,
                "the provider sent a link to another address than the configured base URL",
            ))),
        }
    }

    /// Adds a query parameter, encoded. CR, LF and NUL are refused when the request is made: no provider's
    /// parameter has a use for them, and a proxy on the way may decode them.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if [name, value].iter().any(|text| text.contains(['\r', '\n', '\0'])) {
            self.defect = Some("a query parameter holds a line break or NUL");
        }
        push_query(self.path.to_mut(), self.has_query, name, value);
        self.has_query = true;
        self
    }

    /// Adds a header. For header values that are not secret; credentials are the authorizer's business.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sends a JSON body. It is serialised here, once.
    ///
    /// # Errors
    ///
    /// When the value does not serialise.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Result<Self> {
        self.json_as(JSON, body)
    }

    /// Sends a JSON body under another content type, such as `application/json-patch+json`.
    ///
    /// # Errors
    ///
    /// When the value does not serialise.
    pub fn json_as(mut self, content_type: HeaderValue, body: &(impl Serialize + ?Sized)) -> Result<Self> {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                self.payload = Payload::json(bytes, content_type);
                Ok(self)
            }
            // The serializer's message could quote the value.
            Err(_) => Err(self.fail(Error::invalid_input(
                "the request body does not serialise to JSON",
            ))),
        }
    }

    /// Sends a form body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.payload = Payload::form(fields);
        self
    }

    /// Sends bytes as they are.
    #[must_use]
    pub fn bytes(mut self, body: Bytes, content_type: HeaderValue) -> Self {
        self.payload = Payload::bytes(body, content_type);
        self
    }

    /// Puts a credential into the JSON or form body, for the providers that want it there. Previews show it
    /// redacted.
    ///
    /// # Errors
    ///
    /// When the body is neither a JSON object nor a form.
    pub fn body_credential(mut self, name: &'static str, secret: Secret) -> Result<Self> {
        if self.payload.add_credential(name, secret) {
            Ok(self)
        } else {
            Err(self.fail(Error::invalid_input("the body has no place for a credential")))
        }
    }

    /// Takes more for an answer of the operation than what has a 2xx status: what `is_answer` says of a
    /// status and a body, of which 64 KiB are read. Everything else stays an error.
    #[must_use]
    pub fn also_accept(mut self, is_answer: fn(StatusCode, &[u8]) -> bool) -> Self {
        self.also_accepts = Some(is_answer);
        self
    }

    /// Sets how large the answer's body may be.
    #[must_use]
    pub fn answer_limit(mut self, limit: AnswerLimit) -> Self {
        self.limit = limit;
        self
    }

    /// Sets whether the operation may be repeated.
    #[must_use]
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// The operation's name, such as `phone_check.create`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The path's template, for logs and errors.
    #[must_use]
    pub fn route(&self) -> &'static str {
        self.route
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Whether it may be repeated.
    #[must_use]
    pub fn repeatable(&self) -> Repeat {
        self.repeat
    }

    /// The encoded path and query below the origin. It may hold identifiers: errors and logs use
    /// [`route`](Operation::route).
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.path
    }

    /// The realm it belongs to.
    #[must_use]
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// An answer that is a file, unless another limit was set.
    pub(crate) fn for_file(mut self) -> Self {
        if self.limit == AnswerLimit::Json {
            self.limit = AnswerLimit::File;
        }
        self
    }

    pub(crate) fn limit(&self) -> AnswerLimit {
        self.limit
    }

    pub(crate) fn also_accepts(&self, status: StatusCode, body: &[u8]) -> bool {
        self.also_accepts.is_some_and(|is_answer| is_answer(status, body))
    }

    /// Refuses what was found unsendable while it was built.
    pub(crate) fn check(&self) -> Result<()> {
        match self.defect {
            Some(defect) => Err(self.fail(Error::invalid_input(defect))),
            None => Ok(()),
        }
    }

    /// Gives an error this operation's context.
    pub(crate) fn fail(&self, mut error: Error) -> Error {
        let inner = error.inner_mut();
        inner.repeat = self.repeat;
        inner.provider = self.realm.provider();
        inner.operation = self.name;
        inner.method = method_name(&self.method);
        inner.route = self.route;
        inner.origin = Some(self.realm.origin().clone());
        error
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The method as a text that lives as long as the program; errors outlive their operation.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        _ => "request",
    }
}

/// Shows the route, never the path, the query or the body.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("name", &self.name)
            .field("method", &self.method)
            .field("route", &self.route)
            .field("repeat", &self.repeat)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
