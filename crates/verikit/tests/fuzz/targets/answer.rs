//! HTTP answers as inputs, and clients that get them without a network.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use verikit::transport::{Body, SharedTransport, TransportError};
use verikit::{Delivery, Error, ErrorKind};

use crate::needles::assert_error_hidden;

/// An answer, written as
///
/// ```text
/// word 200
/// content-type: application/json
///
/// {"a":1}
/// ```
///
/// The word is for the target. What cannot be read as a head is all body, of a 200; a line that is no header
/// is none.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) word: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn read(input: &[u8]) -> Self {
        let end = input.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = end.map_or((&[][..], input), |end| (&input[..end], &input[end + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let (word, status) = first.rsplit_once(' ').unwrap_or(("", &first));
        let mut headers = HeaderMap::new();
        for line in lines {
            let mut parts = line.splitn(2, |byte| *byte == b':');
            let name = HeaderName::from_bytes(parts.next().unwrap_or_default().trim_ascii());
            let value = HeaderValue::from_bytes(parts.next().unwrap_or_default().trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        let status = status
            .parse()
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok());
        Self {
            word: word.to_owned(),
            // No final answer has a status below 200: the HTTP stack reads over those.
            status: status
                .filter(|status| status.as_u16() >= 200)
                .unwrap_or(StatusCode::OK),
            headers,
            body: Bytes::copy_from_slice(body),
        }
    }

    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            word: String::new(),
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// Asserts an error of a call of this provider that was answered so. Where the status is one of success,
    /// the error is of one of these kinds: the answer could not be used.
    #[track_caller]
    pub(crate) fn assert_error(&self, error: &Error, provider: &str, unusable: &[ErrorKind]) {
        assert_error_hidden(error);
        assert_eq!(error.provider(), provider);
        if self.status.is_success() {
            assert!(unusable.contains(&error.kind()), "{error}");
            assert_eq!(error.delivery(), Delivery::CarriedOut);
        } else {
            assert_eq!(error.status(), Some(self.status));
            assert_ne!(error.delivery(), Delivery::CarriedOut);
        }
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// The requests that a transport was given.
#[derive(Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<Vec<Request<Bytes>>>>);

impl Requests {
    /// A transport that answers every request as `answer` says.
    pub(crate) fn answered(
        &self,
        answer: impl Fn(&Request<Bytes>) -> Answer + Send + Sync + 'static,
    ) -> SharedTransport {
        let requests = self.clone();
        SharedTransport::new(move |request: Request<Bytes>| {
            let response = answer(&request).response();
            requests.0.lock().unwrap().push(request);
            async { Ok::<_, TransportError>(response) }
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Those whose path does not end like this.
    pub(crate) fn except(&self, path: &str) -> Vec<Request<Bytes>> {
        let mut requests = self.0.lock().unwrap().clone();
        requests.retain(|request| !request.uri().path().ends_with(path));
        requests
    }

    pub(crate) fn all(&self) -> Vec<Request<Bytes>> {
        self.except("no path ends like this")
    }
}
