//! A realm: one origin, the credential that opens it, and the limits that hold there.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "reqwest")]
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::auth::{Authorize, NoAuthorization};
use crate::error::{Error, ErrorFacts, Result, read_error_facts};
use crate::limit::RateLimit;

/// Reads a provider's error answer.
pub type ReadErrorFacts = fn(&HeaderMap, &[u8]) -> ErrorFacts;

/// One origin with its credential and limits. Cheap to clone; operations name the realm that they belong to.
#[derive(Clone)]
pub struct Realm {
    inner: Arc<Inner>,
    authorize: Arc<dyn Authorize>,
}

/// By route, which is a text of the program: they do not become more and more.
#[cfg(feature = "reqwest")]
type Urls = Vec<(&'static str, Url)>;

struct Inner {
    provider: &'static str,
    base: Url,
    #[cfg(feature = "reqwest")]
    urls: ArcSwap<Urls>,
    base_path: String,
    origin: Arc<str>,
    scheme: Scheme,
    authority: Authority,
    #[cfg(feature = "reqwest")]
    host: HeaderValue,
    accept: HeaderValue,
    known_codes: &'static [&'static str],
    rate_limit: Option<RateLimit>,
    read_error_facts: ReadErrorFacts,
}

impl Realm {
    /// Starts a realm of `provider` at a base URL.
    pub fn builder(provider: &'static str, base_url: impl Into<String>) -> RealmBuilder {
        RealmBuilder {
            provider,
            base_url: base_url.into(),
            allow_plain_http: false,
            accept: HeaderValue::from_static("application/json"),
            known_codes: &[],
            authorize: Arc::new(NoAuthorization),
            rate_limit: None,
            read_error_facts,
        }
    }

    /// The provider that it belongs to.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.inner.provider
    }

    /// The base URL.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.inner.base
    }

    /// The same origin and the same limits with another credential, such as a token for the person that one
    /// call is about.
    #[must_use]
    pub fn authorized_by(&self, authorize: Arc<dyn Authorize>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            authorize,
        }
    }

    pub(crate) fn origin(&self) -> &Arc<str> {
        &self.inner.origin
    }

    pub(crate) fn base_path(&self) -> &str {
        &self.inner.base_path
    }

    pub(crate) fn accept(&self) -> &HeaderValue {
        &self.inner.accept
    }

    pub(crate) fn authorizer(&self) -> &Arc<dyn Authorize> {
        &self.authorize
    }

    pub(crate) fn rate_limit(&self) -> Option<&RateLimit> {
        self.inner.rate_limit.as_ref()
    }

    pub(crate) fn known_codes(&self) -> &'static [&'static str] {
        self.inner.known_codes
    }

    pub(crate) fn read_error_facts(&self, headers: &HeaderMap, body: &[u8]) -> ErrorFacts {
        (self.inner.read_error_facts)(headers, body)
    }

    /// A link of the provider as a URL of this realm, or nothing if it leads anywhere else.
    pub(crate) fn resolve(&self, link: &str) -> Option<Url> {
        let base = &self.inner.base;
        let url = base.join(link).ok()?;
        let same = url.scheme() == base.scheme()
            && url.host() == base.host()
            && url.port_or_known_default() == base.port_or_known_default()
            && url.username().is_empty()
            && url.password().is_none();
        same.then_some(url)
    }

    /// The `Host` header of its requests.
    #[cfg(feature = "reqwest")]
    pub(crate) fn host(&self) -> &HeaderValue {
        &self.inner.host
    }

    /// The address of an encoded path and query.
    pub(crate) fn address(&self, path_and_query: Bytes) -> Result<http::Uri> {
        let unusable = || Error::invalid_input("the path and query do not make a URL");
        let mut parts = Parts::default();
        parts.scheme = Some(self.inner.scheme.clone());
        parts.authority = Some(self.inner.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(path_and_query).map_err(|_| unusable())?);
        http::Uri::from_parts(parts).map_err(|_| unusable())
    }

    /// The same address in the form that the bundled transport takes.
    #[cfg(feature = "reqwest")]
    pub(crate) fn url(&self, path_and_query: &str) -> Url {
        let mut url = self.inner.base.clone();
        match path_and_query.split_once('?') {
            Some((path, query)) => {
                url.set_path(path);
                url.set_query(Some(query));
            }
            None => url.set_path(path_and_query),
        }
        url
    }

    /// The same for a route that takes no arguments, which has one URL and no more: it is parsed once.
    #[cfg(feature = "reqwest")]
    pub(crate) fn url_of_route(&self, route: &'static str) -> Url {
        let known = |urls: &Urls| {
            let found = urls.iter().find(|(of, _)| *of == route);
            found.map(|(_, url)| url.clone())
        };
        known(&self.inner.urls.load()).unwrap_or_else(|| {
            let url = self.url(route);
            self.inner.urls.rcu(|urls| {
                let mut urls = Urls::clone(urls);
                if known(&urls).is_none() {
                    urls.push((route, url.clone()));
                }
                urls
            });
            url
        })
    }
}

impl fmt::Debug for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realm")
            .field("provider", &self.inner.provider)
            .field("base_url", &self.inner.base.as_str())
            .field("authorize", &self.authorize)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Realm`].
#[must_use]
pub struct RealmBuilder {
    provider: &'static str,
    base_url: String,
    allow_plain_http: bool,
    accept: HeaderValue,
    known_codes: &'static [&'static str],
    authorize: Arc<dyn Authorize>,
    rate_limit: Option<RateLimit>,
    read_error_facts: ReadErrorFacts,
}

impl RealmBuilder {
    /// How requests are authorised.
    pub fn authorize(mut self, authorize: Arc<dyn Authorize>) -> Self {
        self.authorize = authorize;
        self
    }

    /// A limit of calls per time that all operations of the realm share.
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.rate_limit = limit;
        self
    }

    /// The `Accept` header.
    pub fn accept(mut self, accept: HeaderValue) -> Self {
        self.accept = accept;
        self
    }

    /// The provider's documented error codes. An error shows a code only if it is one of these.
    pub fn known_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.known_codes = codes;
        self
    }

    /// How the provider's error answers are read, where [`read_error_facts`] does not fit.
    pub fn read_error_facts(mut self, read: ReadErrorFacts) -> Self {
        self.read_error_facts = read;
        self
    }

    /// Takes a base URL with plain http, for tests against a local sandbox.
    pub fn dangerously_allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Checks the base URL and makes the realm.
    ///
    /// # Errors
    ///
    /// A configuration error when the base URL is no plain `https://host[:port][/path]`.
    pub fn build(self) -> Result<Realm> {
        let refuse = |detail: &'static str| Error::configuration(detail).with_provider(self.provider);
        let mut base = Url::parse(&self.base_url)
            .map_err(|_| refuse("the base URL is not a URL; write https://host"))?;
        match base.scheme() {
            "https" => {}
            "http" if self.allow_plain_http => {}
            "http" => {
                return Err(refuse(
                    "the base URL is plain http, which would send credentials in the open; \
                     for a local sandbox, opt in with dangerously_allow_plain_http",
                ));
            }
            _ => return Err(refuse("the base URL must start with https://")),
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(refuse(
                "the base URL holds a user name or password; credentials are set apart from it",
            ));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(refuse(
                "the base URL has a query or a fragment; it is an address that paths are added to",
            ));
        }
        // A base without a trailing slash would lose its last segment where a relative link is resolved.
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        let authority = Authority::try_from(&base[url::Position::BeforeHost..url::Position::AfterPort])
            .map_err(|_| refuse("the base URL has no host"))?;
        let scheme = if base.scheme() == "https" {
            Scheme::HTTPS
        } else {
            Scheme::HTTP
        };
        let inner = Arc::new(Inner {
            provider: self.provider,
            base_path: base.path().to_owned(),
            origin: base[..url::Position::AfterPort].into(),
            base,
            #[cfg(feature = "reqwest")]
            urls: ArcSwap::default(),
            scheme,
            #[cfg(feature = "reqwest")]
            host: HeaderValue::from_str(authority.as_str())
                .map_err(|_| refuse("the base URL has no host that can stand in a header"))?,
            authority,
            accept: self.accept,
            known_codes: self.known_codes,
            rate_limit: self.rate_limit,
            read_error_facts: self.read_error_facts,
        });
        Ok(Realm {
            inner,
            authorize: self.authorize,
        })
    }
}

impl fmt::Debug for RealmBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealmBuilder")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "reqwest")]
    #[test]
    fn the_url_of_a_route_is_the_one_of_its_path_each_time() {
        let realm = Realm::builder("example", "https://api.example.com")
            .build()
            .unwrap();
        for _ in 0..2 {
            for route in ["/checks", "/", "/a b"] {
                assert_eq!(realm.url_of_route(route), realm.url(route));
            }
        }
        assert_eq!(realm.inner.urls.load().len(), 3);
    }

    #[test]
    fn a_base_url_is_checked() {
        for base in [
            "",
            "api.example.com",
            "http://api.example.com",
            "ftp://api.example.com",
            "https://user:pass@api.example.com",
            "https://api.example.com/?key=1",
            "https://api.example.com/#x",
            "https://",
        ] {
            let error = Realm::builder("example", base).build().unwrap_err();
            assert!(error.is_configuration(), "{base}");
            assert!(!error.to_string().contains("pass@"), "{error}");
        }
        let plain = Realm::builder("example", "http://127.0.0.1:9").dangerously_allow_plain_http(true);
        assert_eq!(plain.build().unwrap().origin().as_ref(), "http://127.0.0.1:9");
    }
}
