//! IDlayr's error codes (contract idlayr, 15.2).

verikit_core::open_enum! {
    /// What stands after `#` in the `type` of an error answer. An open set: the public list could not be read
    /// whole.
    ///
    /// ```
    /// use idlayr::{Error, ProblemCode};
    ///
    /// fn advice(error: &Error) -> &'static str {
    ///     match ProblemCode::of(error) {
    ///         Some(ProblemCode::PhoneFormatInvalid) => "ask for the number again",
    ///         Some(ProblemCode::NotMobileIp) => "ask the user to switch off Wi-Fi",
    ///         Some(ProblemCode::MnoNotSupported) => "use another way to verify",
    ///         _ => "try again later",
    ///     }
    /// }
    /// ```
    pub enum ProblemCode {
        /// 400: the request is malformed.
        BadRequest = "bad_request",
        /// 400: the number is not E.164.
        PhoneFormatInvalid = "phone_format_invalid",
        /// 400: the operator is not connected.
        MnoNotSupported = "mno_not_supported",
        /// 403: not allowed.
        Forbidden = "forbidden",
        /// 404: no such check.
        CheckNotFound = "check_not_found",
        /// 404: no such trace.
        TraceNotFound = "trace_not_found",
        /// 404: no such workspace.
        WorkspaceNotFound = "workspace_not_found",
        /// 409: the address and the number belong to different operators.
        IpMsisdnMismatch = "ip_msisdn_mismatch",
        /// 410: traces are kept for seven days.
        TraceGone = "trace_gone",
        /// 412: the address is outside any mobile network.
        NotMobileIp = "not_mobile_ip",
        /// 429: too many requests.
        TooManyRequests = "too_many_requests",
        /// 501: the operator cannot redirect.
        MnoRedirectUnsupported = "mno_redirect_unsupported",
    }
}

impl ProblemCode {
    /// The code of an error, if the provider named one.
    #[must_use]
    pub fn of(error: &verikit_core::Error) -> Option<Self> {
        error.code().map(Self::from)
    }
}
