//! The signature in a redirect URL (contract idlayr, 8.4).

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::{Callbacks, signature};
use crate::clock::http_date;

impl Callbacks {
    /// Adds the signature to the URL that the device is sent to, if redirects are signed: over the path and
    /// the query as they are, the host and the date. The URL is left as it is if it leads to no host: an
    /// app's own scheme.
    pub(in crate::idlayr) fn sign_redirect(&self, mut url: Url, now: SystemTime) -> Url {
        if !self.settings.signs_redirects || !url.has_host() {
            return url;
        }
        let date = http_date(now);
        let target = signature::target("get", &url);
        let lines = [
            ("(request-target)", target.as_str()),
            ("host", signature::host(&url)),
            ("date", &date),
        ];
        let key = self.keys.current();
        if let Some(authorization) = key.and_then(|key| signature::authorization(&key, &lines)) {
            url.query_pairs_mut()
                .append_pair("authorization", &STANDARD.encode(authorization))
                .append_pair("date", &STANDARD.encode(date));
        }
        url
    }
}
