//! HMAC-SHA256, by a library that no client signs with.

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

/// The code of `message`. The library refuses no key and no message, so there always is one.
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let key = EncodingKey::from_secret(key);
    let signer = (DEFAULT_PROVIDER.signer_factory)(&Algorithm::HS256, &key).ok()?;
    signer.try_sign(message).ok()
}

/// Whether `code` is the code of `message`.
pub(super) fn is_hmac_sha256(key: &[u8], message: &[u8], code: &[u8]) -> bool {
    let key = DecodingKey::from_secret(key);
    (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::HS256, &key)
        .is_ok_and(|verifier| verifier.verify(message, &code.to_vec()).is_ok())
}
