//! What a create call asks for (contract 3.2, 4, 5), and what of it is refused.

use std::net::IpAddr;

use axum::extract::rejection::BytesRejection;
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::kind::{Kind, Version};
use crate::idlayr::has_content_type;
use crate::idlayr::network::Network;
use crate::idlayr::problem::Problem;

/// Numbers that no country has stand for a country that is not supported (ours).
const UNSUPPORTED_COUNTRY: &str = "999";
/// Another unassigned code stands for an operator that is not supported (ours).
const UNSUPPORTED_OPERATOR: &str = "888";

const DEFAULT_PERIOD: u32 = 10_080;
const SHORTEST_PERIOD: u32 = 60;
const LONGEST_PERIOD: u32 = 540_000;

/// The members that not every check has are any JSON: a check that lacks them ignores them, whatever
/// they are.
#[derive(Deserialize)]
pub(super) struct CreateRequest {
    phone_number: Option<String>,
    phone_ip: Option<String>,
    pub(super) reference_id: Option<String>,
    callback_url: Option<Value>,
    redirect_url: Option<Value>,
    period: Option<Value>,
}

impl CreateRequest {
    pub(super) fn phone_number(&self, kind: &Kind) -> Result<String, Problem> {
        let phone_number = e164(self.phone_number.as_deref())?;
        if let Some(ip) = &self.phone_ip {
            check_ip(kind, ip)?;
        }
        Ok(phone_number)
    }

    pub(super) fn callback_url(&self, kind: &Kind) -> Result<Option<Url>, Problem> {
        match &self.callback_url {
            Some(value) if kind.has_device_step => url(value)
                .ok_or_else(|| Problem::bad_request("callback_url is not a URI."))
                .map(Some),
            _ => Ok(None),
        }
    }

    pub(super) fn redirect_url(&self, version: Version) -> Result<Option<Url>, Problem> {
        match (version, &self.redirect_url) {
            (Version::V0_2, Some(value)) => url(value)
                .ok_or_else(|| Problem::bad_request("redirect_url is not a URI."))
                .map(Some),
            _ => Ok(None),
        }
    }

    /// In minutes. That a period outside the limits is refused, and so with 400, is ours.
    pub(super) fn period(&self, kind: &Kind) -> Result<u32, Problem> {
        match &self.period {
            Some(value) if kind.tells_sim_change => value
                .as_u64()
                .and_then(|minutes| u32::try_from(minutes).ok())
                .filter(|minutes| (SHORTEST_PERIOD..=LONGEST_PERIOD).contains(minutes))
                .ok_or_else(|| {
                    Problem::bad_request("period must be a whole number of minutes from 60 to 540000.")
                }),
            _ => Ok(DEFAULT_PERIOD),
        }
    }
}

fn url(value: &Value) -> Option<Url> {
    Url::parse(value.as_str()?).ok()
}

/// The body of a create call.
pub(in crate::idlayr) fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<T, Problem> {
    if !has_content_type(headers, "application/json") {
        return Err(Problem::unsupported_media_type("application/json"));
    }
    let body = body.map_err(|_| Problem::too_large())?;
    serde_json::from_slice(&body).map_err(|_| Problem::bad_request("The body is not a valid request."))
}

/// The digits of an E.164 number. The documents write no `+`, but one is probably accepted
/// (contract 1).
pub(in crate::idlayr) fn e164(number: Option<&str>) -> Result<String, Problem> {
    let number = number.ok_or_else(|| Problem::bad_request("phone_number is missing."))?;
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if !is_number {
        return Err(Problem::phone_format_invalid());
    }
    if digits.starts_with(UNSUPPORTED_COUNTRY) {
        return Err(Problem::country_not_supported());
    }
    if digits.starts_with(UNSUPPORTED_OPERATOR) {
        return Err(Problem::mno_not_supported());
    }
    Ok(digits.to_owned())
}

/// Refuses an address that cannot be the phone's.
fn check_ip(kind: &Kind, text: &str) -> Result<(), Problem> {
    let ip: IpAddr = text
        .parse()
        .map_err(|_| Problem::bad_request("phone_ip is not an IP address."))?;
    match Network::of(ip) {
        Network::NotMobile => Err(Problem::not_mobile_ip()),
        Network::Unsupported => Err(Problem::mno_not_supported()),
        Network::Other if kind.compares_ip_and_number => Err(Problem::ip_msisdn_mismatch()),
        Network::Own | Network::Other | Network::Unreachable => Ok(()),
    }
}
