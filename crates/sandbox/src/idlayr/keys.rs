//! The keys that callbacks and redirects are signed with, and the key set that publishes them (contract
//! idlayr, 8.3).

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use axum::Router;
use axum::extract::State as FromState;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};

use super::method_not_allowed;
use super::problem::typed;
use super::state::State;
use crate::calls::Verdict;
use crate::lock::lock;
use crate::random::Random;

/// What IDlayr's callbacks and redirects are signed with.
///
/// Which of the two is in use is not documented; RSA with SHA-256 is the most likely (contract idlayr, 8.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdlayrSigningKey {
    /// RSA with 2048 bits: `rsa-sha256`.
    #[default]
    Rsa,
    /// ECDSA on P-256: `ecdsa-sha256`, its signatures in DER.
    P256,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// One key. It is made when it is first needed: an RSA key takes its time, and most sandboxes sign nothing.
pub(super) struct SigningKey {
    id: String,
    kind: IdlayrSigningKey,
    pair: OnceLock<Option<Pair>>,
}

impl SigningKey {
    pub(super) fn new(id: String, kind: IdlayrSigningKey) -> Self {
        Self {
            id,
            kind,
            pair: OnceLock::new(),
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// As the draft names it.
    pub(super) fn algorithm(&self) -> &'static str {
        match self.kind {
            IdlayrSigningKey::Rsa => "rsa-sha256",
            IdlayrSigningKey::P256 => "ecdsa-sha256",
        }
    }

    /// The library makes a key unless the machine has no memory or no randomness left.
    fn pair(&self) -> Option<&Pair> {
        let made = self.pair.get_or_init(|| match self.kind {
            IdlayrSigningKey::Rsa => RsaKeyPair::generate(KeySize::Rsa2048).ok().map(Pair::Rsa),
            IdlayrSigningKey::P256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)
                .ok()
                .map(Pair::P256),
        });
        made.as_ref()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self.pair()? {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Pair::P256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
        }
    }

    /// The public half, by RFC 7517.
    fn jwk(&self) -> Option<Value> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Some(match self.pair()? {
            Pair::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({
                    "kty": "RSA", "kid": self.id, "use": "sig", "alg": "RS256",
                    "n": text(&public.n), "e": text(&public.e),
                })
            }
            Pair::P256(pair) => {
                // A point in its uncompressed form: 4, x, y.
                let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
                json!({
                    "kty": "EC", "kid": self.id, "use": "sig", "alg": "ES256",
                    "crv": "P-256", "x": text(x), "y": text(y),
                })
            }
        })
    }
}

/// All keys, the one in use last.
pub(super) struct SigningKeys {
    kind: IdlayrSigningKey,
    published: Mutex<Vec<Arc<SigningKey>>>,
    random: Mutex<Random>,
}

impl SigningKeys {
    pub(super) fn new(kind: IdlayrSigningKey, random: Random) -> Self {
        let keys = Self {
            kind,
            published: Mutex::default(),
            random: Mutex::new(random),
        };
        keys.rotate();
        keys
    }

    /// A key that nobody publishes.
    pub(super) fn unpublished(&self) -> SigningKey {
        SigningKey::new(lock(&self.random).uuid(), self.kind)
    }

    /// A key that nobody publishes, under the name of the one in use.
    pub(super) fn impostor(&self) -> SigningKey {
        let name = self.current().map(|key| key.id.clone());
        SigningKey::new(name.unwrap_or_default(), self.kind)
    }

    /// Puts a new key to use, and gives its name. The old ones stay published: what they signed may be on its
    /// way.
    pub(super) fn rotate(&self) -> String {
        let key = Arc::new(self.unpublished());
        let id = key.id.clone();
        lock(&self.published).push(key);
        id
    }

    pub(super) fn current(&self) -> Option<Arc<SigningKey>> {
        lock(&self.published).last().cloned()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        let published = lock(&self.published);
        published.iter().map(|key| key.id.clone()).collect()
    }

    fn jwks(&self) -> Value {
        let published = lock(&self.published).clone();
        let keys: Vec<Value> = published.iter().filter_map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("kind", &self.kind)
            .field("published", &self.ids())
            .finish_non_exhaustive()
    }
}

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/.well-known/jwks.json", get(jwks))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state)
}

/// No token is needed (inferred, contract idlayr, 2.5).
async fn jwks(FromState(state): FromState<Arc<State>>) -> Response {
    let set = state.callbacks.keys().jwks();
    let mut response = typed(StatusCode::OK, "application/json", &set).into_response();
    response
        .extensions_mut()
        .insert(Verdict("none needed (public keys)".into()));
    response
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    fn bytes(jwk: &Value, name: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()
    }

    #[test]
    fn what_a_key_signs_its_published_half_verifies() {
        let rsa = SigningKey::new("k".to_owned(), IdlayrSigningKey::Rsa);
        let jwk = rsa.jwk().unwrap();
        assert_eq!((&jwk["kty"], &jwk["kid"]), (&json!("RSA"), &json!("k")));
        let public = RsaPublicKeyComponents {
            n: bytes(&jwk, "n"),
            e: bytes(&jwk, "e"),
        };
        let signature = rsa.sign(b"message").unwrap();
        let verify = |message: &[u8]| public.verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature);
        assert!(verify(b"message").is_ok() && verify(b"massage").is_err());

        let p256 = SigningKey::new("k".to_owned(), IdlayrSigningKey::P256);
        let jwk = p256.jwk().unwrap();
        assert_eq!((&jwk["kty"], &jwk["crv"]), (&json!("EC"), &json!("P-256")));
        let point = [vec![4], bytes(&jwk, "x"), bytes(&jwk, "y")].concat();
        let signature = p256.sign(b"message").unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point);
        assert!(public.verify(b"message", &signature).is_ok());
        assert!(public.verify(b"massage", &signature).is_err());
    }

    #[test]
    fn a_rotation_keeps_the_old_key_published() {
        let keys = SigningKeys::new(IdlayrSigningKey::P256, Random::from_seed(1));
        let first = keys.ids();
        let second = keys.rotate();
        assert_eq!(keys.current().unwrap().id(), second);
        assert_eq!(keys.ids(), [first[0].clone(), second]);
        let published = keys.jwks();
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
        assert_ne!(published["keys"][0]["x"], published["keys"][1]["x"]);
        assert_eq!(keys.impostor().id(), keys.current().unwrap().id());
        assert!(!keys.ids().contains(&keys.unpublished().id().to_owned()));
    }
}
