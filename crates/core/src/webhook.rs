//! Notifications that are signed with a shared secret: verify first, parse after.
//!
//! The providers differ in header and encoding, which their crates know; what is the same is here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::auth::hmac::{HmacSha256, SIGNATURE_BYTES};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureEncoding {
    /// Standard base64 with padding.
    Base64,
    /// Hexadecimal, in either case.
    Hex,
}

/// The secrets that may have signed a notification: the current one, and during a rotation the one before it.
///
/// ```
/// use verikit_core::webhook::{SignatureEncoding, WebhookKeys};
///
/// let keys = WebhookKeys::new(["new", "old"], SignatureEncoding::Hex)?;
/// let body = br#"{"id":"1"}"#;
/// let header = WebhookKeys::new(["old"], SignatureEncoding::Hex)?.sign_for_test(body);
/// keys.verify(body, &header)?;
/// assert!(keys.verify(b"another body", &header).is_err());
/// # Ok::<(), verikit_core::Error>(())
/// ```
#[derive(Clone)]
pub struct WebhookKeys {
    keys: Vec<HmacSha256>,
    encoding: SignatureEncoding,
}

impl WebhookKeys {
    /// Accepts signatures by any of these secrets.
    ///
    /// # Errors
    ///
    /// A configuration error when there is none, or one is empty.
    pub fn new(secrets: impl IntoIterator<Item: Into<Secret>>, encoding: SignatureEncoding) -> Result<Self> {
        let keys = secrets
            .into_iter()
            .map(|secret| HmacSha256::new(&secret.into()))
            .collect::<Result<Vec<_>>>()?;
        if keys.is_empty() {
            return Err(Error::configuration("a webhook needs at least one secret"));
        }
        Ok(Self { keys, encoding })
    }

    /// Checks the signature over the body's bytes as they were received. Do this before parsing anything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Signature`] when the signature is unreadable or belongs to none of the secrets.
    pub fn verify(&self, body: &[u8], signature: &str) -> Result<()> {
        let refuse = || {
            Error::new(
                ErrorKind::Signature,
                "the notification's signature is not of any configured secret",
            )
        };
        let signature = self.decode(signature.trim()).ok_or_else(refuse)?;
        // Every key is tried, whichever fits: the time does not tell which.
        let fits = self
            .keys
            .iter()
            .fold(false, |fits, key| key.verify(&[body], &signature) | fits);
        if fits { Ok(()) } else { Err(refuse()) }
    }

    /// Signs a body with the first secret, for tests of the receiver.
    #[must_use]
    pub fn sign_for_test(&self, body: &[u8]) -> String {
        let signature = self
            .keys
            .first()
            .map_or([0; SIGNATURE_BYTES], |key| key.sign(&[body]));
        match self.encoding {
            SignatureEncoding::Base64 => STANDARD.encode(signature),
            SignatureEncoding::Hex => signature.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    fn decode(&self, text: &str) -> Option<[u8; SIGNATURE_BYTES]> {
        match self.encoding {
            SignatureEncoding::Base64 => STANDARD.decode(text).ok()?.try_into().ok(),
            SignatureEncoding::Hex => {
                if text.len() != 2 * SIGNATURE_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                let mut out = [0; SIGNATURE_BYTES];
                for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
                    *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
                }
                Some(out)
            }
        }
    }
}

impl fmt::Debug for WebhookKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookKeys")
            .field("keys", &self.keys.len())
            .field("encoding", &self.encoding)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contract caf, 9.4, and cm-identity, CV-1.
    #[test]
    fn golden_vectors() {
        let caf = br#"{"specversion":"1.0","type":"TRANSACTIONSTATUSUPDATED","source":"TRANSACTION","id":"01K0EXAMPLE0000000000000000","time":"2026-01-02T03:04:05.678Z","datacontenttype":"application/json","data":{"transactionId":"64b0c0ffee00000000000001","status":"APPROVED"}}"#;
        let keys = WebhookKeys::new([Secret::new("example-webhook-secret")], SignatureEncoding::Hex).unwrap();
        let signature = "39326ba465e2d1f4efceb0b90d96e8ec3c686485058860f02cafd96eeb29a415";
        keys.verify(caf, signature).unwrap();
        keys.verify(caf, &signature.to_uppercase()).unwrap();
        let spaced = String::from_utf8(caf.to_vec()).unwrap().replacen(':', ": ", 1);
        assert!(
            keys.verify(spaced.as_bytes(), signature)
                .unwrap_err()
                .is_signature()
        );
        keys.verify(
            spaced.as_bytes(),
            "f9dedda0d422002158be7339c6f980aff7cb88b67393b1b5a8c11ea9b5f4131d",
        )
        .unwrap();

        let cm = br#"{"id":"11111111-2222-4333-8444-555555555555","type":"numberVerify.state","numberVerify":{"id":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","state":"completed","match":true},"created":"2025-06-01T12:00:00+00:00"}"#;
        let keys = WebhookKeys::new(
            [Secret::new("sdk-test-secret-0123456789")],
            SignatureEncoding::Base64,
        )
        .unwrap();
        keys.verify(cm, "IJUM/NyvnqT6KmVYVyxIH3WrNd3xRlwU2Ykub6WZ6/Y=")
            .unwrap();
    }

    #[test]
    fn malformed_signatures_are_refused() {
        for encoding in [SignatureEncoding::Hex, SignatureEncoding::Base64] {
            let keys = WebhookKeys::new([Secret::new("k")], encoding).unwrap();
            let good = keys.sign_for_test(b"body");
            keys.verify(b"body", &good).unwrap();
            for bad in [
                "",
                "0",
                "zz",
                "\u{e9}",
                good.split_at(1).1,
                &format!("{good}{good}"),
                &good.replace('=', ""),
            ] {
                if bad != good {
                    assert!(keys.verify(b"body", bad).is_err(), "{bad}");
                }
            }
        }
        assert!(WebhookKeys::new([] as [Secret; 0], SignatureEncoding::Hex).is_err());
        assert!(WebhookKeys::new([Secret::new("k"), Secret::new("")], SignatureEncoding::Hex).is_err());
    }
}
