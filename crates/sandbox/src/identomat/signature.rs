//! The code that signs requests and answers (contract identomat, 7). It is made by the crypto back end of
//! `jsonwebtoken`, which no client signs with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, EncodingKey};

/// What a code is made of.
pub(super) enum Signed {
    /// The body as it was received.
    Whole(Bytes),
    /// The values of a multipart body's parts: those of texts first, then those of files.
    Parts(Vec<Bytes>),
}

/// Why a signature was refused, in words for the log of calls.
pub(super) type Refusal = &'static str;

/// The base64 of HMAC-SHA256, which is chained over parts: the raw code of one is the key of the next. `None`
/// without any part.
pub(super) fn code(secret: &str, signed: &Signed) -> Option<String> {
    let mac = match signed {
        Signed::Whole(body) => mac(secret.as_bytes(), body)?,
        Signed::Parts(parts) => {
            let (first, others) = parts.split_first()?;
            let first = mac(secret.as_bytes(), first)?;
            others.iter().try_fold(first, |key, part| mac(&key, part))?
        }
    };
    Some(STANDARD.encode(mac))
}

fn mac(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let key = EncodingKey::from_secret(key);
    let signer = (DEFAULT_PROVIDER.signer_factory)(&Algorithm::HS256, &key).ok()?;
    signer.try_sign(message).ok()
}

/// The value of the header that carries a code, on requests and on answers.
pub(super) fn header(code: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("signature=\"{code}\"")).ok()
}

/// Whether the request is signed; the refusal if it is, and wrongly. The codes need no comparison in constant
/// time: the secret is made up and the caller is on the same machine.
pub(super) fn check(headers: &HeaderMap, secret: &str, signed: &Signed) -> Result<bool, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(false);
    };
    if values.next().is_some() {
        return Err("more than one Authorization header");
    }
    let given = value
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("signature=\"")?.strip_suffix('"'))
        .ok_or("the Authorization header is not signature=\"...\"")?;
    match code(secret, signed) {
        Some(expected) if expected == given => Ok(true),
        _ => Err("wrong signature"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "test-secret-key-0001";
    const TOKEN: &str = "0123456789abcdefghij0123456789abcdefghij";

    fn whole(body: &str) -> String {
        let signed = Signed::Whole(Bytes::copy_from_slice(body.as_bytes()));
        code(KEY, &signed).unwrap()
    }

    fn parts(parts: &[&[u8]]) -> String {
        let parts = parts.iter().map(|part| Bytes::copy_from_slice(part)).collect();
        code(KEY, &Signed::Parts(parts)).unwrap()
    }

    /// The contract's vectors G1 to G5.
    #[test]
    fn whole_bodies_have_the_contracts_codes() {
        let json = r#"{"company_key":"ck_test_0001","flags":{"language":"en","skip_agreement":true}}"#;
        assert_eq!(whole(json), "8HdGAlU+9IqSpDHfFdc+yjWpdN/9p1octXElRMCIBg0=");
        let form = format!("company_key=ck_test_0001&session_token={TOKEN}");
        assert_eq!(whole(&form), "l6I1+YMqlUcaNx4iWng06qnNdec5Ar5ZCt+oIs0QHBE=");
        assert_eq!(whole(""), "4TdS2d7RqVvHb83vfLwLC8+emRj1okXcsOq/Qzti5XM=");
        let georgian = "{\"company_key\":\"ck_test_0001\",\"flags\":{\"language\":\"ka\"},\"note\":\"\u{10d2}\u{10d0}\
                        \u{10db}\u{10d0}\u{10e0}\u{10ef}\u{10dd}\u{10d1}\u{10d0}\"}";
        assert_eq!(georgian.len(), 93);
        assert_eq!(whole(georgian), "frCQbLl3JEErBL3DTFXSMuAg2UQiGytW1yQeDg+aM7M=");
        let answer = "\"abcdefghij0123456789abcdefghij0123456789\"";
        assert_eq!(whole(answer), "ak9+V00EAonM0igov9YwjbRQsWCnW87gamM+6UnQm0g=");
        assert_eq!(
            header(&whole(answer)).unwrap(),
            "signature=\"ak9+V00EAonM0igov9YwjbRQsWCnW87gamM+6UnQm0g=\""
        );
    }

    /// The contract's vectors G6 and G7, and the four codes that must not come out.
    #[test]
    fn parts_are_chained_as_the_contract_has_it() {
        let (company, token) = (b"ck_test_0001".as_slice(), TOKEN.as_bytes());
        let image = b"\xff\xd8\xff\xe0\x00\x10JFIF".as_slice();
        let g6 = parts(&[company, token, image]);
        assert_eq!(g6, "tY/WyEnkZpsjLi5MCaRBfxwtO0yiFvVu7qvTUJnLvo0=");
        assert_eq!(
            parts(&[company, token]),
            "bnUlieUnd9SOcNcvGfphyW5FPs6g+WUBhT/oOTd8EEI="
        );
        // The ways that are wrong come out as the contract says too, and as nothing else.
        assert_eq!(
            parts(&[image, company, token]),
            "rPmqim4wVgkYBug5eOmRg03hOWYI7IvtevGblyz7deQ="
        );
        assert_eq!(
            parts(&[&[company, token, image].concat()]),
            "OmOz0ujYQwiaQyxKIL7Ye04U009hwt26E4O6C8caJSM="
        );
        assert_eq!(
            parts(&[
                b"company_key=ck_test_0001",
                format!("session_token={TOKEN}").as_bytes(),
                &[b"image=".as_slice(), image].concat(),
            ]),
            "JyQ6oWECPH1D3ddHiaNVlh61oAZX1WuW7cKBY1CuTwk="
        );
        assert_ne!(g6, "TBRuVFVY6yJKRiUxlJ0KuXDFiQWjIBgt48oWFK0aUrg=");
        assert!(code(KEY, &Signed::Parts(Vec::new())).is_none());
    }

    #[test]
    fn only_one_well_formed_header_is_a_signature() {
        let signed = Signed::Whole(Bytes::new());
        let judged = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            check(&headers, KEY, &signed)
        };
        let good = "signature=\"4TdS2d7RqVvHb83vfLwLC8+emRj1okXcsOq/Qzti5XM=\"";
        assert_eq!(judged(&[]), Ok(false));
        assert_eq!(judged(&[good]), Ok(true));
        assert_eq!(judged(&[good, good]), Err("more than one Authorization header"));
        for other in [
            good.replace('"', ""),
            good.replace("signature", "Signature"),
            format!("Bearer {good}"),
        ] {
            assert!(
                judged(&[&other]).unwrap_err().contains("is not signature"),
                "{other}"
            );
        }
        assert_eq!(judged(&[&good.replace("4Td", "5Td")]), Err("wrong signature"));
        assert_eq!(judged(&[&good.replace("XM=", "XM")]), Err("wrong signature"));
    }
}
