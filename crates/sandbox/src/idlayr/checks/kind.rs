//! What tells one kind of check from another, as data: everything else they share (contract 3, 4, 5).

/// The version of the API that a check was created with. A check is known to its own version only
/// (ours: nothing is documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::idlayr) enum Version {
    V0_1,
    V0_2,
}

impl Version {
    pub(in crate::idlayr) fn as_str(self) -> &'static str {
        match self {
            Self::V0_1 => "v0.1",
            Self::V0_2 => "v0.2",
        }
    }
}

/// A kind of check.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::idlayr) struct Kind {
    /// The first segment of its paths, and the scope that opens them.
    pub(in crate::idlayr) path: &'static str,
    /// What the documents call it.
    pub(in crate::idlayr) name: &'static str,
    /// What the console and coverage call it.
    pub(in crate::idlayr) product_id: &'static str,
    pub(super) versions: &'static [Version],
    /// A device has to open `check_url`; without that step, the answer to the creation is the result.
    pub(in crate::idlayr) has_device_step: bool,
    /// Whether the result says `match`.
    pub(super) tells_match: bool,
    /// Whether the result tells of SIM changes, and the request may name a `period`.
    pub(super) tells_sim_change: bool,
    /// Whether an address of another operator than the number's is refused. Documented for PhoneCheck,
    /// expected of SubscriberCheck (contract 4), no error of SIMCheck.
    pub(super) compares_ip_and_number: bool,
    /// The codes of contract 3.6 that its checks can end with.
    pub(super) error_codes: &'static [&'static str],
}

/// The codes that name what went wrong on the device's way, then those that every kind has.
const DEVICE_ERROR_CODES: [&str; 9] = [
    "not_mobile_ip",
    "ip_mismatch",
    "ip_msisdn_mismatch",
    "mno_not_supported",
    "mno_timeout",
    "mno_user_not_found",
    "mno_response_error",
    "mno_server_error",
    "mno_no_data_available",
];
const SIM_ERROR_CODES: [&str; 6] = [
    "mno_not_supported",
    "mno_timeout",
    "mno_user_not_found",
    "mno_response_error",
    "mno_server_error",
    "mno_no_data_available",
];

static PHONE_CHECK: Kind = Kind {
    path: "phone_check",
    name: "PhoneCheck",
    product_id: "PCK",
    versions: &[Version::V0_1, Version::V0_2],
    has_device_step: true,
    tells_match: true,
    tells_sim_change: false,
    compares_ip_and_number: true,
    error_codes: &DEVICE_ERROR_CODES,
};

static SUBSCRIBER_CHECK: Kind = Kind {
    path: "subscriber_check",
    name: "SubscriberCheck",
    product_id: "SUK",
    versions: &[Version::V0_1, Version::V0_2],
    has_device_step: true,
    tells_match: true,
    tells_sim_change: true,
    compares_ip_and_number: true,
    error_codes: &DEVICE_ERROR_CODES,
};

static SIM_CHECK: Kind = Kind {
    path: "sim_check",
    name: "SIMCheck",
    product_id: "SCK",
    versions: &[Version::V0_1],
    has_device_step: false,
    tells_match: false,
    tells_sim_change: true,
    compares_ip_and_number: false,
    error_codes: &SIM_ERROR_CODES,
};

/// MOCheck is not among them: what is known of it shares nothing with these (contract 7).
pub(in crate::idlayr) static ALL: [&Kind; 3] = [&PHONE_CHECK, &SUBSCRIBER_CHECK, &SIM_CHECK];
