//! The URL for the device (contract idlayr, 3.3 and 11).

use std::fmt;

use http::Uri;
use serde::{Deserialize, Deserializer};
use verikit_core::value::{lenient, read_text};

use crate::hal::Object;

/// The URL that the device opens over mobile data. Whoever opens it takes part in the check: `Debug` shows
/// its host alone.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceUrl(Box<str>);

impl DeviceUrl {
    /// The URL as the provider wrote it, to the letter, to be handed to the device.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Devices open https alone (contract idlayr, 11); a sandbox has plain http.
    pub(crate) fn is_plain_http(&self) -> bool {
        !self
            .0
            .get(..8)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// Checked as a URI, which costs a fraction of parsing it into a URL that nobody needs.
    fn parse(text: &str) -> Option<Self> {
        if is_plain_web_url(text) {
            return Some(Self(text.into()));
        }
        let uri = text.parse::<Uri>().ok()?;
        let is = |scheme: &str| {
            uri.scheme_str()
                .is_some_and(|found| found.eq_ignore_ascii_case(scheme))
        };
        let web = is("https") || is("http");
        let host = uri.host().is_some_and(|host| !host.is_empty());
        (web && host).then(|| Self(text.into()))
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| {
            Self::parse(text).ok_or("expected a URL that a device could open")
        })
    }
}

/// Whether it is a web URL in which there is nothing to parse, as the provider's own are: the name of a host,
/// and characters that stand for themselves.
fn is_plain_web_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    // Looks at all bytes, wrong ones or not: that way the compiler takes many of them at once.
    fn all(text: &str, fits: impl Fn(u8) -> bool) -> bool {
        text.bytes().fold(true, |all, byte| all & fits(byte))
    }
    let of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let of_path = |byte: u8| of_host(byte) || matches!(byte, b'/' | b'_' | b'?' | b'=' | b'&' | b'%');
    !host.is_empty() && all(host, of_host) && all(path, of_path) && text.len() <= 2048
}

impl fmt::Debug for DeviceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.0.parse::<Uri>().unwrap_or_default();
        let scheme = uri.scheme_str().unwrap_or_default();
        write!(f, "DeviceUrl({scheme}://{}/...)", uri.host().unwrap_or_default())
    }
}

/// The links of a check. Only one of them is of use: without it the others are not missed, and so nothing
/// here is lenient by itself.
#[derive(Deserialize)]
struct CheckLinks {
    check_url: Object<CheckLink>,
}

#[derive(Deserialize)]
struct CheckLink {
    #[serde(deserialize_with = "DeviceUrl::read")]
    href: DeviceUrl,
}

/// Reads the URL from `_links`, if it is there.
pub(crate) fn read_check_url<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DeviceUrl>, D::Error> {
    let links: Option<Object<CheckLinks>> = lenient(deserializer)?;
    Ok(links.map(|links| links.0.check_url.0.href))
}

/// Reads the URL from `_links`, where a check is of no use without it.
pub(crate) fn require_check_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DeviceUrl, D::Error> {
    read_check_url(deserializer)?
        .ok_or_else(|| serde::de::Error::custom("no check_url that a device could open"))
}

#[cfg(test)]
mod tests;
