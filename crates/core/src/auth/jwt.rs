//! JWTs signed with HS256, and nothing else.
//!
//! Core makes these itself: there is no back end to choose that another crate's features could take away, the
//! header segment and the key schedule are kept. `jsonwebtoken` checks every one of them in the tests.

use std::fmt;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::Value;

use super::hmac::{HmacSha256, SIGNATURE_BYTES};
use crate::error::Result;
use crate::secret::Secret;

/// Signs JWTs with one key.
#[derive(Clone)]
pub struct Hs256 {
    key: HmacSha256,
    /// The encoded header with the dot behind it.
    header: Box<str>,
}

/// The claims of a token, in the order in which they were added.
#[derive(Clone, Default)]
pub struct Claims {
    /// A whole JSON object, or nothing as long as there are no claims: what is signed needs no copy.
    json: Vec<u8>,
}

/// Three times and a subject, which is what providers ask for.
const USUAL_BYTES: usize = 128;

impl Claims {
    /// No claims.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.member(name, value)
    }

    /// Adds a point in time in whole Unix seconds.
    #[must_use]
    pub fn seconds(self, name: &str, value: i64) -> Self {
        self.member(name, &value)
    }

    fn member<V: Serialize + ?Sized>(mut self, name: &str, value: &V) -> Self {
        match self.json.last_mut() {
            Some(closing) => *closing = b',',
            None => {
                self.json.reserve(USUAL_BYTES);
                self.json.push(b'{');
            }
        }
        // Writing a text or a number to a Vec does not fail.
        let _ = serde_json::to_writer(&mut self.json, name);
        self.json.push(b':');
        let _ = serde_json::to_writer(&mut self.json, value);
        self.json.push(b'}');
        self
    }

    fn json(&self) -> &[u8] {
        if self.json.is_empty() { b"{}" } else { &self.json }
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims([redacted])")
    }
}

impl Hs256 {
    /// A signer with the secret's UTF-8 bytes as the key, as they are. The header is `alg`, `typ` and, if
    /// given, `kid`, in that order.
    ///
    /// # Errors
    ///
    /// A configuration error when the secret is empty.
    pub fn new(secret: &Secret, key_id: Option<&str>) -> Result<Self> {
        let mut header = String::from(r#"{"alg":"HS256","typ":"JWT""#);
        if let Some(key_id) = key_id {
            let _ = write!(header, r#","kid":{}"#, Value::from(key_id));
        }
        header.push('}');
        let mut encoded = URL_SAFE_NO_PAD.encode(header);
        encoded.push('.');
        Ok(Self {
            key: HmacSha256::new(secret)?,
            header: encoded.into_boxed_str(),
        })
    }

    /// Makes a token.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> Secret {
        let claims = claims.json();
        let mut token = String::with_capacity(
            self.header.len() + encoded_bytes(claims.len()) + 1 + encoded_bytes(SIGNATURE_BYTES),
        );
        token.push_str(&self.header);
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.key.sign(&[token.as_bytes()]);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Secret::new(token)
    }
}

/// How long base64 without padding is: four characters for every three bytes.
const fn encoded_bytes(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

impl fmt::Debug for Hs256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hs256([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The example credential that CM.com prints on two pages; it opens nothing.
    const KEY_ID: &str = "3b438437-04a4-40bb-8389-54bb02766fba";
    const SECRET: &str = "AC4Etykn7jusGR5FwLDAtILtQbiQbTMKedP31szXg4WlSbjGEXyNMZ";
    const HEADER: &str =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjNiNDM4NDM3LTA0YTQtNDBiYi04Mzg5LTU0YmIwMjc2NmZiYSJ9";
    const GV_1: &str = "eyJpYXQiOjE1NDYzMDA4MDAsIm5iZiI6MTU0NjMwMDgwMCwiZXhwIjoxNTQ2MzAwODYwfQ.bwqCUHS1d5d8guAPHDsdd9-a8oXxH1q45O0tDP1asTo";
    const GV_2: &str = "eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.lTzOd4cKOan2rwL4fHjwOffc0dp3pwYjDdl4uM1WluU";
    const GV_3: &str = "eyJpYXQiOjE3MDQwNjcyMDAsIm5iZiI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY3MjYwfQ.3htbVOTgyRG1ivmF10YTWe14lAj1t9pwB7k1cPN_8ks";

    fn cm_token(secret: &str, issued: i64) -> String {
        let claims = Claims::new()
            .seconds("iat", issued)
            .seconds("nbf", issued)
            .seconds("exp", issued + 60);
        Hs256::new(&Secret::new(secret), Some(KEY_ID))
            .unwrap()
            .sign(&claims)
            .expose()
            .to_owned()
    }

    /// The judge that shares no code with us. Expiry is not its business here: the vectors are old.
    fn jsonwebtoken_accepts(token: &str, secret: &str) -> bool {
        use jsonwebtoken::{Algorithm, DecodingKey, crypto::aws_lc::DEFAULT_PROVIDER};
        let (message, signature) = token.rsplit_once('.').unwrap();
        let key = DecodingKey::from_secret(secret.as_bytes());
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&Algorithm::HS256, &key).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        verifier.verify(message.as_bytes(), &signature).is_ok()
    }

    #[test]
    fn the_printed_vectors_byte_for_byte() {
        assert_eq!(cm_token(SECRET, 1_546_300_800), format!("{HEADER}.{GV_1}"));
        assert_eq!(cm_token(SECRET, 1_704_067_200), format!("{HEADER}.{GV_3}"));
        assert!(jsonwebtoken_accepts(&format!("{HEADER}.{GV_1}"), SECRET));
        assert!(jsonwebtoken_accepts(&format!("{HEADER}.{GV_3}"), SECRET));
    }

    #[test]
    fn the_misprinted_vector_belongs_to_another_key() {
        assert_eq!(GV_2.split_once('.').unwrap().0, GV_3.split_once('.').unwrap().0);
        let printed = format!("{HEADER}.{GV_2}");
        assert_ne!(cm_token(SECRET, 1_704_067_200), printed);
        assert!(!jsonwebtoken_accepts(&printed, SECRET));
        assert_eq!(cm_token("your-256-bit-secret", 1_704_067_200), printed);
        assert!(jsonwebtoken_accepts(&printed, "your-256-bit-secret"));
    }

    /// CAF's form: no `kid`, `iss` first (contract caf, 9.1 and 9.2), and a secret that is valid base64 and
    /// is still used raw.
    #[test]
    fn claims_keep_their_order() {
        let secret = "example-client-secret-do-not-use-0123456789";
        let signer = Hs256::new(&Secret::new(secret), None).unwrap();
        let issuer = Claims::new().text("iss", "cli_0a1b2c3d4e5f60718293a4b5");
        assert_eq!(
            signer.sign(&issuer).expose(),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1In0.\
             G5ec2xvAK2S9moHRAaBZP3erlpZFZxVuBK2MGOf2vY4"
        );
        let bound = issuer
            .text("peopleId", "12345678909")
            .seconds("exp", 1_893_456_000);
        assert_eq!(
            signer.sign(&bound).expose(),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1IiwicGVvcGxlSWQiOiIxM\
             jM0NTY3ODkwOSIsImV4cCI6MTg5MzQ1NjAwMH0.TZIKKL0bfm-FbNwBi0k7iZ9x7XKjrFZ0yHpixePl7Ww"
        );
        let base64_looking = Hs256::new(&Secret::new("c2VjcmV0LXNlY3JldC1zZWNyZXQ="), None).unwrap();
        assert!(
            base64_looking
                .sign(&bound)
                .expose()
                .ends_with(".9aBFcgRbmGvzgNCk8iwFRGiA2PI09Ii30UbhpndpBWE")
        );
    }

    #[test]
    fn hostile_texts_stay_inside_their_member() {
        let signer = Hs256::new(&Secret::new("k"), Some("a\"},\"alg\":\"none")).unwrap();
        let token = signer.sign(&Claims::new().text("iss", "x\",\"admin\":true,\"y\":\""));
        let parts: Vec<_> = token.expose().split('.').collect();
        let json =
            |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        assert_eq!(json(parts[0])["alg"], "HS256");
        assert_eq!(json(parts[1]).as_object().unwrap().len(), 1);
        assert!(jsonwebtoken_accepts(token.expose(), "k"));
    }

    #[test]
    fn no_claims_are_an_empty_object() {
        let signer = Hs256::new(&Secret::new("k"), None).unwrap();
        let token = signer.sign(&Claims::new());
        assert_eq!(token.expose().split('.').nth(1), Some("e30"));
        assert!(jsonwebtoken_accepts(token.expose(), "k"));
    }

    #[derive(Debug, Clone)]
    enum Claim {
        Text(String),
        Seconds(i64),
    }

    fn any_claims() -> impl Strategy<Value = Vec<(String, Claim)>> {
        let claim = prop_oneof![
            any::<String>().prop_map(Claim::Text),
            any::<i64>().prop_map(Claim::Seconds)
        ];
        proptest::collection::vec((any::<String>(), claim), 0..6)
    }

    proptest! {
        /// The judge puts the object together from `serde_json`'s own values.
        #[test]
        fn any_claims_are_written_as_values_are_written(members in any_claims()) {
            let mut claims = Claims::new();
            let mut expected = Vec::new();
            for (name, claim) in members {
                let value = match &claim {
                    Claim::Text(text) => Value::from(text.as_str()),
                    Claim::Seconds(seconds) => Value::from(*seconds),
                };
                expected.push(format!("{}:{value}", Value::from(name.as_str())));
                claims = match claim {
                    Claim::Text(text) => claims.text(&name, &text),
                    Claim::Seconds(seconds) => claims.seconds(&name, seconds),
                };
            }
            let token = Hs256::new(&Secret::new("k"), Some("1")).unwrap().sign(&claims);
            let encoded = token.expose().split('.').nth(1).unwrap();
            let json = URL_SAFE_NO_PAD.decode(encoded).unwrap();
            prop_assert_eq!(String::from_utf8(json).unwrap(), format!("{{{}}}", expected.join(",")));
            prop_assert!(jsonwebtoken_accepts(token.expose(), "k"));
        }
    }

    proptest! {
        /// The judge of the signature is jsonwebtoken, that of the claims another JSON writer.
        #[test]
        fn any_claims_are_signed_as_jsonwebtoken_signs_them(
            secret in "\\PC{1,100}",
            other in "\\PC{1,100}",
            key_id in proptest::option::of("\\PC{1,40}"),
            texts in proptest::collection::vec(("[a-z]{1,8}", "(?s).{0,40}"), 0..4),
            seconds in any::<i64>(),
        ) {
            let mut claims = Claims::new();
            let mut expected = serde_json::Map::new();
            for (number, (name, text)) in texts.iter().enumerate() {
                let name = format!("{name}{number}");
                claims = claims.text(&name, text);
                expected.insert(name, Value::from(text.as_str()));
            }
            let claims = claims.seconds("exp", seconds);
            expected.insert(String::from("exp"), Value::from(seconds));
            let token = Hs256::new(&Secret::new(secret.as_str()), key_id.as_deref()).unwrap().sign(&claims);
            prop_assert!(jsonwebtoken_accepts(token.expose(), &secret));
            prop_assert!(secret == other || !jsonwebtoken_accepts(token.expose(), &other));
            let parts: Vec<_> = token.expose().split('.').collect();
            let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
            prop_assert_eq!(json(parts[1]), Value::Object(expected));
            let header = json(parts[0]);
            prop_assert_eq!(header["kid"].as_str(), key_id.as_deref());
            prop_assert_eq!(&header["alg"], "HS256");
        }
    }
}
