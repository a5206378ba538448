//! What a check is (contract idlayr, 3.3 to 3.6).

use std::fmt;
use std::time::Duration;

use http::Uri;
use serde::{Deserialize, Deserializer};
use verikit_core::value::{Amount, lenient, read_text};
use verikit_core::{Personal, Timestamp};

use crate::hal::Object;

verikit_core::identifier! {
    /// Identifies a check: a UUID, taken as an opaque text.
    pub struct CheckId;
}

verikit_core::open_enum! {
    /// Where a check stands.
    pub enum CheckStatus {
        /// Created; the device has not opened its URL.
        Accepted = "ACCEPTED",
        /// The device opened the URL; the outcome is not known yet.
        Pending = "PENDING",
        /// Final: the outcome is known. The only billed status.
        Completed = "COMPLETED",
        /// Final: its time passed without a result.
        Expired = "EXPIRED",
        /// Final: there can be no result; the error code may say why.
        Error = "ERROR",
    }
}

impl CheckStatus {
    /// Whether the check has come to its end. A status that this version does not know counts as not final;
    /// waiting is bounded by the check's `ttl`.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Expired | Self::Error)
    }
}

verikit_core::open_enum! {
    /// Why a check ended with the status `ERROR`. An open set that has grown several times.
    pub enum CheckErrorCode {
        /// The request came from an address outside any mobile network.
        NotMobileIp = "not_mobile_ip",
        /// The operator is not connected.
        MnoNotSupported = "mno_not_supported",
        /// The operator did not answer in time.
        MnoTimeout = "mno_timeout",
        /// The operator does not know the number; often a virtual operator.
        MnoUserNotFound = "mno_user_not_found",
        /// The operator's answer was unusable.
        MnoResponseError = "mno_response_error",
        /// A failure on the operator's side.
        MnoServerError = "mno_server_error",
        /// The operator may not share the data.
        MnoNoDataAvailable = "mno_no_data_available",
        /// The address given at the creation differs from the one seen at the redirect.
        IpMismatch = "ip_mismatch",
        /// Address and number belong to different operators, as with two SIMs.
        IpMsisdnMismatch = "ip_msisdn_mismatch",
    }
}

verikit_core::open_enum! {
    /// What a charge is counted in.
    pub enum Currency {
        /// The unit of free and test credit.
        Api = "API",
        /// US dollar.
        Usd = "USD",
        /// Pound sterling.
        Gbp = "GBP",
        /// Euro.
        Eur = "EUR",
    }
}

/// An operator's network, as it looks by its country and network code. `Debug` shows it only if it has the five or six digits
/// of one.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub struct NetworkId(Box<str>);

impl NetworkId {
    /// The text as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (5..=6).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_digit()) {
            write!(f, "NetworkId({})", self.0)
        } else {
            write!(f, "NetworkId([{} bytes])", self.0.len())
        }
    }
}

/// A life that a check could have. What is stated beyond a day is not taken for one; the raw answer shows it.
fn plausible(ttl: Option<u64>) -> Option<Duration> {
    ttl.filter(|seconds| *seconds <= 24 * 3600)
        .map(Duration::from_secs)
}

/// The URL that the device opens over mobile data. Whoever opens it takes part in the check: `Debug` shows
/// its host alone.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceUrl(Box<str>);

impl DeviceUrl {
    /// The URL as the provider wrote it, to the letter, to be handed to the device.
    #[must_use]
    pub fn as_str(&self) -> &str {
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

/// Whether it is a web URL in which there is nothing to parse, as the provider's own are: the name of a host, and
/// characters that stand for themselves.
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

/// A check that was just created.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Members")]
#[non_exhaustive]
pub struct CreatedPhoneCheck {
    /// The check.
    pub check_id: CheckId,
    /// Always `ACCEPTED`, as documented.
    pub status: CheckStatus,
    /// The URL for the device.
    pub check_url: DeviceUrl,
    /// How long the check lives. 60 s and 120 s are both documented; this is what the answer says.
    pub ttl: Option<Duration>,
    /// Your own reference.
    pub reference_id: Option<Personal<String>>,
    /// What the check will cost if it is completed; until then a reservation.
    pub charge_amount: Option<Amount>,
    /// What the amount is counted in.
    pub charge_currency: Option<Currency>,
    /// The workspace's balance after the charge. In this answer only.
    pub snapshot_balance: Option<Amount>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A check as it is read, listed or completed.
///
/// ```
/// use idlayr::{Answer, PhoneCheck};
///
/// let check = Answer::<PhoneCheck>::from_json(
///     r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true}"#,
/// )?;
/// assert!(check.is_match());
/// # Ok::<(), idlayr::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Members")]
#[non_exhaustive]
pub struct PhoneCheck {
    /// The check.
    pub check_id: CheckId,
    /// Where it stands.
    pub status: CheckStatus,
    matched: Option<bool>,
    /// Why there is no result, with the status `ERROR`.
    pub error_code: Option<CheckErrorCode>,
    /// Your own reference.
    pub reference_id: Option<Personal<String>>,
    /// What it cost. While it is not `COMPLETED`, a reservation.
    pub charge_amount: Option<Amount>,
    /// What the amount is counted in.
    pub charge_currency: Option<Currency>,
    /// The operator, by its network code. With the status `COMPLETED` only.
    pub network_id: Option<NetworkId>,
    /// How long it lives.
    pub ttl: Option<Duration>,
    /// The URL for the device.
    pub check_url: Option<DeviceUrl>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

impl PhoneCheck {
    /// Whether the number belongs to the SIM: `true` only when the status is `COMPLETED` and `match` is the
    /// JSON boolean `true`.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.verdict() == Some(true)
    }

    /// The result, if there is one: `Some(false)` is a completed check whose number does not match. `None`
    /// before the end, and at an end without a result.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        match self.status {
            CheckStatus::Completed => self.matched,
            _ => None,
        }
    }
}

/// The members on the wire. What decides is strict: a wrong type there is an error. What informs is lenient:
/// a wrong type there leaves the member empty, and the raw answer shows it.
#[derive(Deserialize)]
struct Members {
    check_id: CheckId,
    status: CheckStatus,
    #[serde(default)]
    r#match: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    error_code: Option<CheckErrorCode>,
    #[serde(default, deserialize_with = "lenient")]
    reference_id: Option<Personal<String>>,
    #[serde(default, deserialize_with = "lenient")]
    charge_amount: Option<Amount>,
    #[serde(default, deserialize_with = "lenient")]
    charge_currency: Option<Currency>,
    #[serde(default, deserialize_with = "lenient")]
    snapshot_balance: Option<Amount>,
    #[serde(default, deserialize_with = "lenient")]
    network_id: Option<NetworkId>,
    #[serde(default, deserialize_with = "lenient")]
    ttl: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    updated_at: Option<Timestamp>,
    #[serde(default, rename = "_links", deserialize_with = "lenient")]
    links: Option<Object<CheckLinks>>,
}

/// Only one of the links is of use: without it the others are not missed, and so nothing here is lenient by
/// itself.
#[derive(Deserialize)]
struct CheckLinks {
    check_url: Object<CheckLink>,
}

#[derive(Deserialize)]
struct CheckLink {
    #[serde(deserialize_with = "DeviceUrl::read")]
    href: DeviceUrl,
}

impl Members {
    fn check_url(&mut self) -> Option<DeviceUrl> {
        self.links.take().map(|links| links.0.check_url.0.href)
    }
}

impl From<Members> for PhoneCheck {
    fn from(mut members: Members) -> Self {
        Self {
            check_url: members.check_url(),
            check_id: members.check_id,
            status: members.status,
            matched: members.r#match,
            error_code: members.error_code,
            reference_id: members.reference_id,
            charge_amount: members.charge_amount,
            charge_currency: members.charge_currency,
            network_id: members.network_id,
            ttl: plausible(members.ttl),
            created_at: members.created_at,
            updated_at: members.updated_at,
        }
    }
}

impl TryFrom<Members> for CreatedPhoneCheck {
    type Error = &'static str;

    fn try_from(mut members: Members) -> Result<Self, Self::Error> {
        Ok(Self {
            check_url: members
                .check_url()
                .ok_or("no check_url that a device could open")?,
            check_id: members.check_id,
            status: members.status,
            ttl: plausible(members.ttl),
            reference_id: members.reference_id,
            charge_amount: members.charge_amount,
            charge_currency: members.charge_currency,
            snapshot_balance: members.snapshot_balance,
            created_at: members.created_at,
            updated_at: members.updated_at,
        })
    }
}

#[cfg(test)]
mod tests;
