//! The published signing keys, and what each of them may have signed (contract idlayr, 8.3).

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
// By name: the process-wide provider is the application's to choose, and panics where it was not.
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::jwk::ThumbprintHash;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use verikit_core::{Error, RawReply, Result, is_json_object};

use super::ecdsa::raw_of_der;

/// The platform's public keys, as [`Client::signing_keys`](crate::Client::signing_keys) fetches them.
#[derive(Clone)]
pub struct SigningKeys(Arc<[Key]>);

struct Key {
    id: Box<str>,
    family: Family,
    /// What the key says that it signs with.
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

/// What a key is, by the key set alone: a message that could choose it would choose what it can forge.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    P256,
    P384,
}

/// What a look at the keys comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fits,
    DoesNotFit,
    UnknownKey,
}

#[derive(Deserialize)]
struct KeySet<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    kty: String,
    #[serde(default)]
    r#use: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

impl SigningKeys {
    /// Reads a key set (RFC 7517). Keys that sign nothing of ours are passed over: one that is new and
    /// strange must not take the others away.
    pub(super) fn read(reply: &RawReply) -> Result<Self> {
        let unreadable = || Error::decode("it is not a JSON object with a list of keys");
        if !is_json_object(reply.body()) {
            return Err(unreadable());
        }
        let set: KeySet<'_> = serde_json::from_slice(reply.body()).map_err(|_| unreadable())?;
        let usable = set.keys.into_iter().filter_map(|key| Key::read(key.get()));
        Ok(Self(usable.collect()))
    }

    /// How many keys there are that could have signed a callback.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The identifiers that the keys are named by in a signature.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| &*key.id)
    }

    pub(super) fn verify(
        &self,
        key_id: &str,
        algorithm: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> Verdict {
        let mut verdict = Verdict::UnknownKey;
        for key in self.0.iter().filter(|key| *key.id == *key_id) {
            if key.verify(algorithm, message, signature) {
                return Verdict::Fits;
            }
            verdict = Verdict::DoesNotFit;
        }
        verdict
    }
}

/// The keys are public, and their identifiers no secret; but these are texts from outside.
impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("keys", &self.0.len())
            .finish()
    }
}

impl Key {
    fn read(json: &str) -> Option<Self> {
        if !is_json_object(json.as_bytes()) {
            return None;
        }
        let jwk: Jwk = serde_json::from_str(json).ok()?;
        let signs = jwk.r#use.as_deref().is_none_or(|purpose| purpose == "sig")
            && jwk
                .key_ops
                .as_ref()
                .is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        if !signs || jwk.kid.is_empty() {
            return None;
        }
        let (family, key) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => (Family::Rsa, rsa_key(jwk.n.as_deref()?, jwk.e.as_deref()?)?),
            ("EC", Some("P-256")) => (
                Family::P256,
                ec_key(jwk.x.as_deref()?, jwk.y.as_deref()?, Family::P256)?,
            ),
            ("EC", Some("P-384")) => (
                Family::P384,
                ec_key(jwk.x.as_deref()?, jwk.y.as_deref()?, Family::P384)?,
            ),
            _ => return None,
        };
        let algorithm = match jwk.alg.as_deref() {
            Some(name) => Some(family.algorithm_of_jwk(name)?),
            None => None,
        };
        Some(Self {
            id: jwk.kid.into(),
            family,
            algorithm,
            key,
        })
    }

    fn verify(&self, algorithm: Option<&str>, message: &[u8], signature: &[u8]) -> bool {
        let Some(algorithm) = self.algorithm(algorithm) else {
            return false;
        };
        let Ok(verifier) = (DEFAULT_PROVIDER.verifier_factory)(&algorithm, &self.key) else {
            return false;
        };
        let fits = |signature: Vec<u8>| verifier.verify(message, &signature).is_ok();
        match self.family.number_bytes() {
            None => fits(signature.to_vec()),
            Some(size) => {
                (signature.len() == 2 * size && fits(signature.to_vec()))
                    || raw_of_der(signature, size).is_some_and(fits)
            }
        }
    }

    /// The text of the message chooses the hash, and nothing else. Where it names none, the key has to.
    fn algorithm(&self, text: Option<&str>) -> Option<Algorithm> {
        let text = text.map(str::to_ascii_lowercase);
        match text.as_deref() {
            None | Some("hs2019") => match self.family {
                Family::Rsa => self.algorithm,
                Family::P256 => Some(Algorithm::ES256),
                Family::P384 => Some(Algorithm::ES384),
            },
            Some(text) => match (self.family, text) {
                (Family::Rsa, "rsa-sha256") => Some(Algorithm::RS256),
                (Family::Rsa, "rsa-sha384") => Some(Algorithm::RS384),
                (Family::Rsa, "rsa-sha512") => Some(Algorithm::RS512),
                (Family::P256, "ecdsa-sha256") => Some(Algorithm::ES256),
                (Family::P384, "ecdsa-sha384") => Some(Algorithm::ES384),
                _ => None,
            },
        }
    }
}

impl Family {
    /// How long each number of a signature is, where it has two.
    fn number_bytes(self) -> Option<usize> {
        match self {
            Self::Rsa => None,
            Self::P256 => Some(32),
            Self::P384 => Some(48),
        }
    }

    /// A key for another algorithm than those of its family that are taken here is no key of ours.
    fn algorithm_of_jwk(self, name: &str) -> Option<Algorithm> {
        match (self, name) {
            (Self::Rsa, "RS256") => Some(Algorithm::RS256),
            (Self::Rsa, "RS384") => Some(Algorithm::RS384),
            (Self::Rsa, "RS512") => Some(Algorithm::RS512),
            (Self::P256, "ES256") => Some(Algorithm::ES256),
            (Self::P384, "ES384") => Some(Algorithm::ES384),
            _ => None,
        }
    }
}

/// Keys under 2048 bits are refused by the crypto library whenever they are used: as good as none.
fn rsa_key(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let number = |text: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let digits = bytes.get(zeros..)?;
        (!digits.is_empty()).then(|| digits.to_vec())
    };
    let (modulus, exponent) = (number(modulus)?, number(exponent)?);
    (256..=1024)
        .contains(&modulus.len())
        .then(|| DecodingKey::from_rsa_raw_components(&modulus, &exponent))
}

/// The point in its uncompressed form. That it lies on the curve is checked by the crypto library.
fn ec_key(x: &str, y: &str, family: Family) -> Option<DecodingKey> {
    let mut point = vec![4];
    for coordinate in [x, y] {
        let bytes = URL_SAFE_NO_PAD.decode(coordinate).ok()?;
        if Some(bytes.len()) != family.number_bytes() {
            return None;
        }
        point.extend(bytes);
    }
    Some(DecodingKey::from_ec_der(&point))
}

pub(super) fn sha256(bytes: &[u8]) -> Option<Vec<u8>> {
    (DEFAULT_PROVIDER.key_utils.compute_digest)(bytes, ThumbprintHash::SHA256).ok()
}
