//! The request that an operation makes.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};

use super::Operation;
use crate::error::Result;
use crate::preview::Preview;

const IDENTITY: HeaderValue = HeaderValue::from_static("identity");
const VERIKIT: HeaderValue = HeaderValue::from_static(concat!("verikit/", env!("CARGO_PKG_VERSION")));

impl Operation {
    /// Builds the HTTP request: a pure function of the operation. It carries no credential yet, except those
    /// that belong into the body.
    ///
    /// # Errors
    ///
    /// When the parts do not make a URL.
    pub fn request(&self) -> Result<http::Request<Bytes>> {
        self.check()?;
        let path_and_query = match self.path {
            Cow::Borrowed(route) => Bytes::from_static(route.as_bytes()),
            Cow::Owned(ref path) => Bytes::copy_from_slice(path.as_bytes()),
        };
        let uri = self
            .realm
            .address(path_and_query)
            .map_err(|error| self.fail(error))?;
        let mut request = http::Request::new(self.payload.bytes_to_send());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        // The authorizer and the HTTP stack add three more; growing once costs two allocations.
        headers.reserve(8 + self.headers.len());
        headers.insert(ACCEPT, self.realm.accept().clone());
        // No decompression bombs, and signatures over bodies stay simple.
        headers.insert(ACCEPT_ENCODING, IDENTITY);
        headers.insert(USER_AGENT, VERIKIT);
        if let Some(content_type) = self.payload.content_type() {
            headers.insert(CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        Ok(request)
    }

    /// The request's URL, in the form that the bundled transport takes.
    #[cfg(feature = "reqwest")]
    pub(crate) fn url(&self) -> url::Url {
        match self.path {
            Cow::Borrowed(route) => self.realm.url_of_route(route),
            Cow::Owned(ref path) => self.realm.url(path),
        }
    }

    /// What would be sent, without credentials and without the values in the body.
    ///
    /// # Errors
    ///
    /// As [`Operation::request`].
    pub fn preview(&self) -> Result<Preview> {
        let request = self.request()?;
        Ok(Preview::new(self, request, self.payload.redacted()))
    }
}
