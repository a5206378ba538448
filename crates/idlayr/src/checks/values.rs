//! Words and identifiers of checks (contract idlayr, 3.3 to 3.6).

use std::fmt;

use serde::Deserialize;

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

/// An operator's network, as it looks by its country and network code. `Debug` shows it only if it has the
/// five or six digits of one.
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
