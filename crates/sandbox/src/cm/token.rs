//! The callers' tokens: a JWT of their own making (contract cm-identity, 2), judged as strictly as it is
//! written there. The signature is checked by `jsonwebtoken`, which no client signs with.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::state::Credential;

/// In seconds this is the year 5138, in milliseconds it was in 1973.
const IN_MILLISECONDS: u64 = 100_000_000_000;

/// Members beyond these are ignored, as RFC 7519 asks for; no others are documented.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iat: Value,
    nbf: Value,
    exp: Value,
}

/// Why a token was refused, in words for the log of calls.
pub(super) type Refusal = &'static str;

/// Judges a token at `now`, with `leeway` for clocks that differ.
pub(super) fn check(
    token: &str,
    credential: &Credential,
    now: SystemTime,
    leeway: Duration,
) -> Result<(), Refusal> {
    let segments: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = segments[..] else {
        return Err("JWT: not three segments");
    };
    let header: Header = decoded(header, "JWT: the header is not base64url of alg, typ and kid")?;
    if header.alg != "HS256" {
        return Err("JWT: alg is not HS256");
    }
    if header.typ != "JWT" {
        return Err("JWT: typ is not JWT");
    }
    if header.crit.is_some() {
        return Err("JWT: crit asks for an extension");
    }
    if header.kid != credential.key_id {
        return Err("JWT: unknown kid");
    }
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| "JWT: the signature is not base64url")?;
    let message = token.rsplit_once('.').map_or("", |(message, _)| message);
    let key = DecodingKey::from_secret(credential.secret.as_bytes());
    let verifier = (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::HS256, &key)
        .map_err(|_| "JWT: the sandbox cannot verify")?;
    verifier
        .verify(message.as_bytes(), &signature)
        .map_err(|_| "JWT: wrong signature")?;
    let claims: Claims = decoded(claims, "JWT: the claims are not base64url of iat, nbf and exp")?;
    check_times(&claims, now, leeway)
}

fn decoded<T: DeserializeOwned>(segment: &str, refusal: Refusal) -> Result<T, Refusal> {
    let json = URL_SAFE_NO_PAD.decode(segment).map_err(|_| refusal)?;
    serde_json::from_slice(&json).map_err(|_| refusal)
}

fn check_times(claims: &Claims, now: SystemTime, leeway: Duration) -> Result<(), Refusal> {
    let issued = seconds(
        &claims.iat,
        "JWT: iat is not a whole number of seconds",
        "JWT: iat is in milliseconds",
    )?;
    let not_before = seconds(
        &claims.nbf,
        "JWT: nbf is not a whole number of seconds",
        "JWT: nbf is in milliseconds",
    )?;
    let expires = seconds(
        &claims.exp,
        "JWT: exp is not a whole number of seconds",
        "JWT: exp is in milliseconds",
    )?;
    if expires <= not_before || expires <= issued {
        return Err("JWT: exp is not after iat and nbf");
    }
    let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let latest = since_1970.saturating_add(leeway);
    if Duration::from_secs(issued) > latest {
        return Err("JWT: iat is in the future");
    }
    if Duration::from_secs(not_before) > latest {
        return Err("JWT: not valid yet");
    }
    if Duration::from_secs(expires).saturating_add(leeway) <= since_1970 {
        return Err("JWT: expired");
    }
    Ok(())
}

fn seconds(claim: &Value, not_whole: Refusal, too_large: Refusal) -> Result<u64, Refusal> {
    match claim.as_u64() {
        None => Err(not_whole),
        Some(value) if value >= IN_MILLISECONDS => Err(too_large),
        Some(value) => Ok(value),
    }
}
