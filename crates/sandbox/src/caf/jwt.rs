//! Compact JSON Web Tokens that the sandbox itself signs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::hmac::hmac_sha256;

/// One segment of a token.
pub(super) fn segment(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// A token with the header that all of them have (contract caf, 2.2).
pub(super) fn signed(claims: &Value, secret: &str) -> Option<String> {
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let message = format!("{}.{}", segment(&header), segment(claims));
    let code = hmac_sha256(secret.as_bytes(), message.as_bytes())?;
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(code)))
}
