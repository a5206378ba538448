//! A URL that was parsed already.

use url::Url;

/// The URL that a request was built from, for the transport that would otherwise parse it again.
#[derive(Clone)]
pub(crate) struct KeptUrl(Url);

impl KeptUrl {
    pub(crate) fn new(url: Url) -> Self {
        Self(url)
    }

    /// Whether it is still the request's URL: a transport on the way may have changed the URI.
    pub(crate) fn is_for(&self, uri: &http::Uri) -> bool {
        let same_target = uri.path_and_query().is_some_and(|target| {
            target.as_str() == &self.0[url::Position::BeforePath..url::Position::AfterQuery]
        });
        let same_authority = uri.authority().is_some_and(|authority| {
            authority.as_str() == &self.0[url::Position::BeforeHost..url::Position::AfterPort]
        });
        same_target && same_authority && uri.scheme_str() == Some(self.0.scheme())
    }

    pub(crate) fn into_url(self) -> Url {
        self.0
    }
}
