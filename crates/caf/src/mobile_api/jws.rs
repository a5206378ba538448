//! Compact JWTs of the vendor, verified (contract caf, 3.6). Nothing in one is believed, or even parsed,
//! before its signature is found good.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{self, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use verikit_core::auth::hmac::HmacSha256;
use verikit_core::{Error, ErrorKind, Result, is_json_object};

use crate::config::PROVIDER;

/// By how much the issuer's clock may be ahead where an age is asked for.
const TOLERATED: f64 = 60.0;
/// 10000-01-01T00:00:00Z in seconds since 1970.
const YEAR_10000: f64 = 253_402_300_800.0;

pub(super) fn refuse(detail: &'static str) -> Error {
    Error::new(ErrorKind::Signature, detail).with_provider(PROVIDER)
}

/// The payload of a compact JWT that was signed with this key, as JSON bytes.
pub(super) fn open(key: &HmacSha256, body: &[u8]) -> Result<Vec<u8>> {
    let not_signed = || refuse("it has to be signed, and is not");
    let text = compact(body).ok_or_else(not_signed)?;
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(not_signed());
    };
    if header.is_empty() || payload.is_empty() || signature.is_empty() {
        return Err(not_signed());
    }
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part);
    check_header(&decoded(header).map_err(|_| not_signed())?)?;
    let wrong = || refuse("it was not signed with the client secret");
    let signature = decoded(signature).map_err(|_| wrong())?;
    if !key.verify(&[header.as_bytes(), b".", payload.as_bytes()], &signature) {
        return Err(wrong());
    }
    let payload = decoded(payload).map_err(|_| refuse("it is signed, but its payload cannot be read"))?;
    if is_json_object(&payload) {
        Ok(payload)
    } else {
        Err(refuse("it is signed, but its payload is not a JSON object"))
    }
}

/// Without white space around it, and taken out of the JSON text that it may be.
fn compact(body: &[u8]) -> Option<Cow<'_, str>> {
    let body = body.trim_ascii();
    if let [b'"', .., b'"'] = body {
        return serde_json::from_slice(body).ok().map(Cow::Owned);
    }
    str::from_utf8(body).ok().map(Cow::Borrowed)
}

fn check_header(header: &[u8]) -> Result<()> {
    #[derive(Deserialize)]
    struct Header {
        alg: String,
        #[serde(default, deserialize_with = "is_there")]
        crit: bool,
    }
    if !is_json_object(header) {
        return Err(refuse("it has to be signed, and is not"));
    }
    // A member that is there twice is an error too: which of the two counted would be anybody's guess.
    let header: Header =
        serde_json::from_slice(header).map_err(|_| refuse("its header names no algorithm, or two"))?;
    if header.alg != "HS256" {
        return Err(refuse("it is signed in another way than HS256"));
    }
    if header.crit {
        return Err(refuse(
            "its header has extensions that must be understood, and are not",
        ));
    }
    Ok(())
}

/// What a payload says about itself.
#[derive(Deserialize)]
pub(super) struct Registered {
    #[serde(default, deserialize_with = "seconds")]
    pub(super) exp: Option<f64>,
    #[serde(default, deserialize_with = "seconds")]
    nbf: Option<f64>,
    #[serde(default, deserialize_with = "seconds")]
    pub(super) iat: Option<f64>,
    #[serde(default, deserialize_with = "is_there")]
    pub(super) iss: bool,
}

impl Registered {
    /// Reads the claims, and checks their times.
    pub(super) fn check(payload: &[u8], now: SystemTime, max_age: Option<Duration>) -> Result<Self> {
        let claims: Self = serde_json::from_slice(payload)
            .map_err(|_| refuse("it is signed, but a time in it is not a number, or is there twice"))?;
        let now = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs_f64();
        if claims.exp.is_some_and(|exp| exp <= now) {
            return Err(refuse("it is signed, but has come to its end"));
        }
        if claims.nbf.is_some_and(|nbf| now < nbf) {
            return Err(refuse("it is signed, but is not valid yet"));
        }
        if let Some(max_age) = max_age {
            let Some(iat) = claims.iat else {
                return Err(refuse("it is signed, but does not say when, and its age matters"));
            };
            if now - iat > max_age.as_secs_f64() {
                return Err(refuse("it is signed, but is too old"));
            }
            if iat - now > TOLERATED {
                return Err(refuse("it is signed, but at a time that has not come"));
            }
        }
        Ok(claims)
    }

    pub(super) fn issued_at(&self) -> Option<SystemTime> {
        self.iat.and_then(at)
    }
}

pub(super) fn at(seconds: f64) -> Option<SystemTime> {
    // A number that is no time, of the milliseconds or of a telephone, would show.
    let since_1970 = Some(seconds).filter(|seconds| *seconds < YEAR_10000)?;
    let since_1970 = Duration::try_from_secs_f64(since_1970).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(since_1970)
}

/// A number, and nothing that could be taken for one: a text or null in the place of a time is no time.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<f64>, D::Error> {
    struct Seconds;

    impl Visitor<'_> for Seconds {
        type Value = f64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of seconds")
        }

        fn visit_i64<E: de::Error>(self, seconds: i64) -> std::result::Result<f64, E> {
            #[expect(clippy::cast_precision_loss, reason = "no time that matters is beyond 2^53 s")]
            Ok(seconds as f64)
        }

        fn visit_u64<E: de::Error>(self, seconds: u64) -> std::result::Result<f64, E> {
            #[expect(clippy::cast_precision_loss, reason = "no time that matters is beyond 2^53 s")]
            Ok(seconds as f64)
        }

        fn visit_f64<E: de::Error>(self, seconds: f64) -> std::result::Result<f64, E> {
            Ok(seconds)
        }
    }

    deserializer.deserialize_any(Seconds).map(Some)
}

fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
