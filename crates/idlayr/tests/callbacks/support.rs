//! A platform that signs callbacks, written from the contract: it shares no code with the verifier.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::request::Parts;
use idlayr::testing::{ManualClock, ScriptedTransport, Step, drive};
use idlayr::{Callback, Callbacks, Client, Error, RedirectSignature};
use serde_json::{Value, json};

pub const ID: &str = "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80";
pub const HOST: &str = "app.example.net";
pub const NOW: &str = "Thu, 01 Jan 2026 00:00:00 GMT";
pub const ALL: [&str; 5] = ["(request-target)", "host", "date", "x-tru-callback", "digest"];

pub fn completed() -> String {
    format!(
        r#"{{"check_id":"{ID}","status":"COMPLETED","match":true,"reference_id":"order-77","charge_amount":1,"charge_currency":"API","created_at":"2024-05-02T09:10:11+00:00","updated_at":"2024-05-02T09:10:29+00:00","network_id":"23410"}}"#
    )
}

/// How something is signed.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Rsa256,
    Rsa384,
    Rsa512,
    Pss256,
    P256Raw,
    P256Der,
    P384Raw,
    P384Der,
    /// With the public key as the shared secret: what an algorithm of the message's choice would make
    /// possible.
    HmacWithPublicKey,
    /// The hash in RSA's padding and nothing done to it: a signature by any key of 2048 bits whose exponent
    /// is 1.
    PaddedAlone,
}

/// One key of each family, and the key set's entries for them.
pub struct Keys {
    rsa: RsaKeyPair,
    p256: Vec<u8>,
    p384: Vec<u8>,
}

/// Keys that the platform publishes.
pub static KEYS: LazyLock<Keys> = LazyLock::new(Keys::generate);
/// Keys that somebody else made.
pub static FORGED: LazyLock<Keys> = LazyLock::new(Keys::generate);

impl Keys {
    fn generate() -> Self {
        let pkcs8 = |algorithm: &'static EcdsaSigningAlgorithm| {
            let key = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
            key.as_ref().to_vec()
        };
        Self {
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
            p256: pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING),
            p384: pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING),
        }
    }

    fn point(&self, size: usize) -> Vec<u8> {
        let (algorithm, pkcs8) = match size {
            32 => (&ECDSA_P256_SHA256_FIXED_SIGNING, &self.p256),
            _ => (&ECDSA_P384_SHA384_FIXED_SIGNING, &self.p384),
        };
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).unwrap();
        pair.public_key().as_ref().to_vec()
    }

    pub fn rsa(&self, id: &str) -> Value {
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(self.rsa.public_key());
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({"kty": "RSA", "kid": id, "use": "sig", "n": text(&public.n), "e": text(&public.e)})
    }

    pub fn p256(&self, id: &str) -> Value {
        self.ec(id, "P-256", 32)
    }

    pub fn p384(&self, id: &str) -> Value {
        self.ec(id, "P-384", 48)
    }

    fn ec(&self, id: &str, curve: &str, size: usize) -> Value {
        let point = self.point(size);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) = (text(&point[1..=size]), text(&point[size + 1..]));
        json!({"kty": "EC", "kid": id, "use": "sig", "crv": curve, "x": x, "y": y})
    }

    pub fn sign(&self, way: Way, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let rsa = |encoding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; self.rsa.public_modulus_len()];
            self.rsa.sign(encoding, &random, message, &mut signature).unwrap();
            signature
        };
        let ec = |algorithm, pkcs8: &[u8]| {
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).unwrap();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        };
        match way {
            Way::Rsa256 => rsa(&RSA_PKCS1_SHA256),
            Way::Rsa384 => rsa(&RSA_PKCS1_SHA384),
            Way::Rsa512 => rsa(&RSA_PKCS1_SHA512),
            Way::Pss256 => rsa(&RSA_PSS_SHA256),
            Way::P256Raw => ec(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.p256),
            Way::P256Der => ec(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.p256),
            Way::P384Raw => ec(&ECDSA_P384_SHA384_FIXED_SIGNING, &self.p384),
            Way::P384Der => ec(&ECDSA_P384_SHA384_ASN1_SIGNING, &self.p384),
            Way::PaddedAlone => {
                // "SHA-256, no parameters, 32 bytes follow" in DER (RFC 8017, 9.2).
                let algorithm = [
                    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
                    0x05, 0x00, 0x04, 0x20,
                ];
                let hash = digest::digest(&digest::SHA256, message);
                [&[0, 1][..], &[0xff; 202], &[0], &algorithm, hash.as_ref()].concat()
            }
            Way::HmacWithPublicKey => {
                let secret = self.rsa.public_key().as_ref();
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message)
                    .as_ref()
                    .to_vec()
            }
        }
    }
}

pub fn sha256(body: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, body.as_bytes()).as_ref().to_vec()
}

/// One callback on its way: what is signed, and what arrives.
#[derive(Clone)]
pub struct Sent {
    pub method: &'static str,
    pub target: String,
    /// What stands in the message in the place of each name.
    pub headers: Vec<(String, String)>,
    pub names: Vec<String>,
    pub key_id: String,
    pub algorithm: Option<String>,
    pub body: String,
    pub signature: Vec<u8>,
}

impl Sent {
    /// Signed by the platform with its RSA key, `rsa-1`.
    pub fn good() -> Self {
        Self::unsigned(&completed()).sign(&KEYS, Way::Rsa256)
    }

    pub fn unsigned(body: &str) -> Self {
        let digest = format!("SHA-256={}", STANDARD.encode(sha256(body)));
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: "POST",
            target: "/idlayr/callback?shop=7".to_owned(),
            headers: vec![
                header("host", HOST),
                header("date", NOW),
                header("x-tru-callback", "phone_check"),
                header("digest", &digest),
                header("content-type", "application/json"),
            ],
            names: ALL.map(str::to_owned).to_vec(),
            key_id: "rsa-1".to_owned(),
            algorithm: Some("rsa-sha256".to_owned()),
            body: body.to_owned(),
            signature: Vec::new(),
        }
    }

    pub fn key(mut self, id: &str, algorithm: &str) -> Self {
        (self.key_id, self.algorithm) = (id.to_owned(), Some(algorithm.to_owned()));
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(present, _)| present != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn names(mut self, names: &[&str]) -> Self {
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Signs what there is now.
    pub fn sign(mut self, keys: &Keys, way: Way) -> Self {
        let lines = self.names.iter().map(|name| {
            let value = match name.as_str() {
                "(request-target)" => format!("{} {}", self.method.to_lowercase(), self.target),
                name => {
                    let all = self.headers.iter().filter(|(present, _)| present == name);
                    all.map(|(_, value)| value.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                }
            };
            format!("{name}: {value}")
        });
        let message = lines.collect::<Vec<_>>().join("\n");
        self.signature = keys.sign(way, message.as_bytes());
        self
    }

    pub fn authorization(&self) -> String {
        let algorithm = self.algorithm.as_ref();
        let algorithm = algorithm
            .map(|name| format!("algorithm=\"{name}\","))
            .unwrap_or_default();
        format!(
            "Signature keyId=\"{}\",{algorithm}headers=\"{}\",signature=\"{}\"",
            self.key_id,
            self.names.join(" "),
            STANDARD.encode(&self.signature),
        )
    }

    pub fn parts(&self) -> Parts {
        let mut request = http::Request::builder()
            .method(self.method)
            .uri(&self.target)
            .header("authorization", self.authorization());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }
}

/// A client without a network, whose time stands still.
pub struct World {
    pub client: Client,
    pub callbacks: Callbacks,
    pub transport: ScriptedTransport,
    pub clock: ManualClock,
}

pub fn key_set(keys: &[Value]) -> Step {
    Step::json(200, json!({ "keys": keys }).to_string())
}

/// All that the platform publishes.
pub fn published() -> Step {
    key_set(&[KEYS.rsa("rsa-1"), KEYS.p256("p256-1"), KEYS.p384("p384-1")])
}

impl World {
    /// The platform answers the requests for its keys with these, one after the other.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let client = Client::builder("client-1", "secret-1")
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1)
            .build()
            .unwrap();
        Self {
            callbacks: client.callbacks(HOST).unwrap(),
            client,
            transport,
            clock,
        }
    }

    pub fn verify(&self, sent: &Sent) -> Result<Callback, Error> {
        self.verify_parts(&sent.parts(), &sent.body)
    }

    pub fn verify_parts(&self, parts: &Parts, body: &str) -> Result<Callback, Error> {
        drive(&self.clock, self.callbacks.verify(parts, body.to_owned()))
    }

    pub fn verify_redirect(&self, url: &str) -> Result<RedirectSignature, Error> {
        drive(&self.clock, self.callbacks.verify_redirect(url))
    }

    /// How many times the keys were asked for.
    pub fn fetches(&self) -> usize {
        self.transport.seen().len()
    }
}
