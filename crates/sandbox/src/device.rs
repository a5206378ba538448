//! A phone that follows `check_url` the way the vendors' mobile SDKs do.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::Full;
use url::{Origin, Position, Url};

use crate::clock;
use crate::exchange::exchange;

/// The mobile SDKs follow as many.
const MOST_REDIRECTS: usize = 10;
/// The mobile SDKs' socket timeout, here for a whole hop.
const HOP_TIME: Duration = Duration::from_secs(5);

/// An emulated host that the device may call.
#[derive(Clone, Debug)]
pub(crate) struct Reachable {
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
}

/// Follows the redirects of the emulated hosts: at most ten, keeping cookies for each host and port,
/// and never leaving the sandbox.
#[derive(Clone, Debug)]
pub struct Device {
    reachable: Arc<[Reachable]>,
    keeps_cookies: bool,
}

/// One answer on the device's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceHop {
    host: &'static str,
    status: StatusCode,
}

impl DeviceHop {
    /// The real host that was emulated, such as `eu.api.idlayr.com`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host
    }

    /// The status of its answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// Where the device's way ended. `Debug` shows neither the body nor the last URL: both hold the code.
#[derive(Clone)]
pub struct DeviceResult {
    hops: Vec<DeviceHop>,
    status: StatusCode,
    content_type: Option<String>,
    body: Bytes,
    redirected_to: Option<Url>,
}

impl DeviceResult {
    /// Every answer on the way, the last included.
    #[must_use]
    pub fn hops(&self) -> &[DeviceHop] {
        &self.hops
    }

    /// The status of the last answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The type of the last body.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The last body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The URL outside the sandbox at which the device stopped, without opening it: a check's
    /// `redirect_url` with its query members.
    #[must_use]
    pub fn redirected_to(&self) -> Option<&Url> {
        self.redirected_to.as_ref()
    }

    /// A text member of the ending, from the query of the last URL or from the JSON body: `check_id`,
    /// `code`, `error`, `error_description`, `reference_id`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<String> {
        match &self.redirected_to {
            Some(url) => url
                .query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned()),
            None => {
                let body: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
                Some(body.get(name)?.as_str()?.to_owned())
            }
        }
    }

    /// The code that the server completes the check with.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        self.member("code")
    }

    /// Why there is no code.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        self.member("error")
    }
}

impl fmt::Debug for DeviceResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceResult")
            .field("hops", &self.hops)
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field(
                "redirected_to",
                &self
                    .redirected_to
                    .as_ref()
                    .map(|url| url.origin().ascii_serialization()),
            )
            .finish()
    }
}

/// Why the device gave up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The text is no URL.
    #[error("not a URL")]
    NotAUrl,
    /// The first URL is not one of this sandbox's; nothing was opened.
    #[error("not a URL of this sandbox")]
    NotTheSandbox,
    /// There were more than ten redirects.
    #[error("more than {MOST_REDIRECTS} redirects")]
    TooManyRedirects,
    /// A redirect came without a `Location` that is a URL.
    #[error("a redirect without a usable Location")]
    BadLocation,
    /// A hop took more than five seconds.
    #[error("a hop took more than {} s", HOP_TIME.as_secs())]
    Timeout,
    /// A connection failed or broke, or a body was larger than 1 MiB.
    #[error("the connection failed")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl DeviceError {
    fn connection(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Connection(source.into())
    }
}

/// Name and value by name, for each host and port.
type Cookies = HashMap<Origin, HashMap<String, String>>;

impl Device {
    pub(crate) fn new(reachable: Vec<Reachable>) -> Self {
        Self {
            reachable: reachable.into(),
            keeps_cookies: true,
        }
    }

    /// A device that forgets its cookies, as a wrongly built one does: its checks never end.
    #[must_use]
    pub fn without_cookies(mut self) -> Self {
        self.keeps_cookies = false;
        self
    }

    /// Opens `check_url` and follows it to the end.
    ///
    /// # Errors
    ///
    /// Only where the way itself breaks; an answer with an error status is a result. See
    /// [`DeviceError`].
    pub async fn follow(&self, check_url: impl AsRef<str>) -> Result<DeviceResult, DeviceError> {
        let mut url = Url::parse(check_url.as_ref()).map_err(|_| DeviceError::NotAUrl)?;
        let mut host = self.host_of(&url).ok_or(DeviceError::NotTheSandbox)?;
        let mut cookies = Cookies::new();
        let mut hops = Vec::new();
        loop {
            let response = self.open(&url, &cookies).await?;
            let (head, body) = response.into_parts();
            hops.push(DeviceHop {
                host,
                status: head.status,
            });
            if self.keeps_cookies {
                keep_cookies(&mut cookies, &url, &head.headers);
            }
            let ended = |hops, redirected_to| DeviceResult {
                hops,
                status: head.status,
                content_type: text(&head.headers, &CONTENT_TYPE),
                body,
                redirected_to,
            };
            if !is_redirect(head.status) {
                return Ok(ended(hops, None));
            }
            if hops.len() > MOST_REDIRECTS {
                return Err(DeviceError::TooManyRedirects);
            }
            let location = text(&head.headers, &LOCATION).ok_or(DeviceError::BadLocation)?;
            let next = url.join(&location).map_err(|_| DeviceError::BadLocation)?;
            match self.host_of(&next) {
                Some(name) => host = name,
                None => return Ok(ended(hops, Some(next))),
            }
            url = next;
        }
    }

    fn host_of(&self, url: &Url) -> Option<&'static str> {
        let origin = url.origin();
        self.reachable
            .iter()
            .find(|reachable| reachable.origin == origin)
            .map(|reachable| reachable.name)
    }

    async fn open(&self, url: &Url, cookies: &Cookies) -> Result<Response<Bytes>, DeviceError> {
        let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(&url[Position::BeforePath..Position::AfterQuery])
            .header(HOST, &authority);
        if let Some(cookies) = cookies.get(&url.origin()).filter(|cookies| !cookies.is_empty()) {
            let pairs: Vec<String> = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let request = request.body(Full::default()).map_err(DeviceError::connection)?;
        clock::within(HOP_TIME, exchange(authority, request))
            .await
            .ok_or(DeviceError::Timeout)?
            .map_err(DeviceError::Connection)
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Name and value are enough here: the emulated hosts set no cookie that another rule would hide.
fn keep_cookies(cookies: &mut Cookies, url: &Url, headers: &HeaderMap) {
    let jar = cookies.entry(url.origin()).or_default();
    for cookie in headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
    {
        let pair = cookie.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.trim().split_once('=') {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}
