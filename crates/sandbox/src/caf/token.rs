//! The tokens that callers of the Mobile API and of the SDKs' session tokens sign with a Mobile Key, judged
//! as strictly as they are written (contract caf, 2.2).

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::hmac::is_hmac_sha256;
use super::mobile_key::CafMobileKey;
use super::state::State;

/// In seconds this is the year 5138, in milliseconds it was in 1973.
const IN_MILLISECONDS: u64 = 100_000_000_000;

/// "Exactly" these two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
}

/// Claims beyond these are ignored, as RFC 7519 asks for; none is documented.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    #[serde(default, rename = "peopleId", deserialize_with = "super::body::present")]
    people_id: Option<String>,
    #[serde(default, deserialize_with = "super::body::present")]
    exp: Option<Value>,
}

/// Why a token was refused, in words for the log of calls.
pub(super) type Refusal = &'static str;

/// Who signed a token, and for whom.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) key: CafMobileKey,
    people_id: Option<String>,
    /// The token itself, which is signed with the secret that signs answers.
    pub(super) token: String,
}

impl Caller {
    /// Whether the token may be used about this person. What the vendor does when it may not is undocumented;
    /// that it refuses is ours.
    pub(super) fn speaks_for(&self, people_id: &str) -> bool {
        self.people_id.as_deref().is_none_or(|own| own == people_id)
    }

    pub(super) fn people_id(&self) -> Option<&str> {
        self.people_id.as_deref()
    }
}

/// Judges a token.
pub(super) fn check(state: &State, token: &str) -> Result<Caller, Refusal> {
    let segments: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = segments[..] else {
        return Err("JWT: not three segments");
    };
    let header: Header = decoded(header, "JWT: the header is not base64url of alg and typ alone")?;
    if header.alg != "HS256" {
        return Err("JWT: alg is not HS256");
    }
    if header.typ != "JWT" {
        return Err("JWT: typ is not JWT");
    }
    let claims: Claims = decoded(
        payload,
        "JWT: the claims are not base64url of iss, peopleId and exp",
    )?;
    let key = state
        .mobile_key(&claims.iss)
        .ok_or("JWT: iss is not a known client id")?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| "JWT: the signature is not base64url")?;
    let message = token.rsplit_once('.').map_or("", |(message, _)| message);
    if !is_hmac_sha256(key.client_secret.as_bytes(), message.as_bytes(), &signature) {
        return Err("JWT: wrong signature");
    }
    check_expiry(claims.exp.as_ref(), state.clock.now())?;
    Ok(Caller {
        key: key.clone(),
        people_id: claims.people_id,
        token: token.to_owned(),
    })
}

fn decoded<T: DeserializeOwned>(segment: &str, refusal: Refusal) -> Result<T, Refusal> {
    let json = URL_SAFE_NO_PAD.decode(segment).map_err(|_| refusal)?;
    serde_json::from_slice(&json).map_err(|_| refusal)
}

fn check_expiry(exp: Option<&Value>, now: SystemTime) -> Result<(), Refusal> {
    let Some(exp) = exp else { return Ok(()) };
    let seconds = exp.as_u64().ok_or("JWT: exp is not a whole number of seconds")?;
    if seconds >= IN_MILLISECONDS {
        return Err("JWT: exp is in milliseconds");
    }
    let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if Duration::from_secs(seconds) <= since_1970 {
        return Err("JWT: expired");
    }
    Ok(())
}
