//! HMAC-SHA256: signing, and verification in constant time.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::error::{Error, Result};
use crate::secret::Secret;

/// A key for HMAC-SHA256, with its schedule computed once.
#[derive(Clone)]
pub struct HmacSha256(Hmac<Sha256>);

/// The signature's length in bytes.
pub const SIGNATURE_BYTES: usize = 32;

impl HmacSha256 {
    /// A key from the secret's UTF-8 bytes as they are. A secret that looks like base64 is not decoded.
    ///
    /// # Errors
    ///
    /// A configuration error when the secret is empty: everybody could sign with that.
    pub fn new(secret: &Secret) -> Result<Self> {
        Self::from_bytes(secret.expose().as_bytes())
    }

    /// A key from raw bytes.
    ///
    /// # Errors
    ///
    /// A configuration error when there are none.
    pub fn from_bytes(key: &[u8]) -> Result<Self> {
        if key.is_empty() {
            return Err(Error::configuration("a signing key is empty"));
        }
        match Hmac::new_from_slice(key) {
            Ok(schedule) => Ok(Self(schedule)),
            Err(_) => Err(Error::configuration("the signing key cannot be used")),
        }
    }

    /// The signature over the concatenation of `parts`.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; SIGNATURE_BYTES] {
        self.over(parts).finalize().into_bytes().into()
    }

    /// Whether `signature` is the whole signature over the concatenation of `parts`. Constant time.
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.over(parts).verify_slice(signature).is_ok()
    }

    fn over(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for HmacSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSha256([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    const EXPECTED: [u8; 32] = [
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a,
        0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
    ];

    #[test]
    fn rfc_4231() {
        let key = HmacSha256::new(&Secret::new("Jefe")).unwrap();
        assert_eq!(key.sign(&[b"what do ya want for nothing?"]), EXPECTED);
        assert_eq!(key.sign(&[b"what do ya ", b"", b"want for nothing?"]), EXPECTED);
        assert!(key.verify(&[b"what do ya want for nothing?"], &EXPECTED));
    }

    #[test]
    fn nothing_but_the_whole_signature_verifies() {
        let key = HmacSha256::new(&Secret::new("Jefe")).unwrap();
        for wrong in [&EXPECTED[..31], &[], &[EXPECTED, EXPECTED].concat()[..]] {
            assert!(!key.verify(&[b"what do ya want for nothing?"], wrong));
        }
        for bit in 0..256 {
            let mut flipped = EXPECTED;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.verify(&[b"what do ya want for nothing?"], &flipped));
        }
        assert!(HmacSha256::new(&Secret::new("")).unwrap_err().is_configuration());
    }
}
