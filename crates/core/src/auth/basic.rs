//! HTTP Basic credentials as OAuth 2.0 wants them (RFC 6749, 2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use super::StaticAuthorization;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// How id and secret are written before they are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BasicEncoding {
    /// Form-urlencoded each, as RFC 6749 says. For plain letters and digits it changes nothing.
    #[default]
    FormUrlencoded,
    /// As they are, for servers that never heard of the rule.
    Plain,
}

/// An `Authorization: Basic` value.
///
/// # Errors
///
/// When the id is empty, or holds a colon and is sent plain.
///
/// ```
/// use verikit_core::Secret;
/// use verikit_core::auth::basic::{BasicEncoding, basic};
///
/// let authorization = basic("client:1", &Secret::new("p%ss word"), BasicEncoding::FormUrlencoded)?;
/// # let _ = authorization;
/// # Ok::<(), verikit_core::Error>(())
/// ```
pub fn basic(id: &str, secret: &Secret, encoding: BasicEncoding) -> Result<StaticAuthorization> {
    if id.is_empty() || secret.is_empty() {
        return Err(Error::configuration(
            "the client id and the client secret must not be empty",
        ));
    }
    let joined: Zeroizing<String> = Zeroizing::new(match encoding {
        BasicEncoding::FormUrlencoded => {
            let mut joined: String = byte_serialize(id.as_bytes()).collect();
            joined.push(':');
            joined.extend(byte_serialize(secret.expose().as_bytes()));
            joined
        }
        BasicEncoding::Plain if id.contains(':') => {
            return Err(Error::configuration(
                "a client id with a colon cannot be sent unencoded",
            ));
        }
        BasicEncoding::Plain => format!("{id}:{}", secret.expose()),
    });
    StaticAuthorization::new("Basic", &Secret::new(STANDARD.encode(joined.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Authorization, Authorize as _};
    use proptest::prelude::*;
    use std::time::Instant;

    #[expect(clippy::disallowed_methods, reason = "the value is not looked at")]
    fn header(id: &str, secret: &str, encoding: BasicEncoding) -> String {
        let mut request = http::Request::new(bytes::Bytes::new());
        let authorization = basic(id, &Secret::new(secret), encoding).unwrap();
        assert!(matches!(
            authorization.authorize(&mut request, Instant::now()),
            Authorization::Done(Ok(_))
        ));
        let value = &request.headers()["authorization"];
        assert!(value.is_sensitive());
        value.to_str().unwrap().to_owned()
    }

    /// Computed with Python: `base64(quote_plus(id) + ":" + quote_plus(secret))`, whose alphabet agrees with
    /// the form encoding for these characters.
    #[test]
    fn golden_vectors() {
        for (id, secret, value) in [
            ("client", "secret", "Basic Y2xpZW50OnNlY3JldA=="),
            ("cli:ent", "se:cret", "Basic Y2xpJTNBZW50OnNlJTNBY3JldA=="),
            ("a+b", "c+d", "Basic YSUyQmI6YyUyQmQ="),
            ("a%b", "c%d", "Basic YSUyNWI6YyUyNWQ="),
            ("a b", "c d", "Basic YStiOmMrZA=="),
            ("d\u{f6}ner", "gr\u{fc}n", "Basic ZCVDMyVCNm5lcjpnciVDMyVCQ24="),
        ] {
            assert_eq!(header(id, secret, BasicEncoding::FormUrlencoded), value, "{id}");
        }
        assert_eq!(header("a b", "c+d", BasicEncoding::Plain), "Basic YSBiOmMrZA==");
        assert_eq!(header("a", "d\u{f6}", BasicEncoding::Plain), "Basic YTpkw7Y=");
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        assert!(
            basic("a:b", &Secret::new("c"), BasicEncoding::Plain)
                .unwrap_err()
                .is_configuration()
        );
        assert!(basic("", &Secret::new("c"), BasicEncoding::Plain).is_err());
        assert!(basic("a", &Secret::new(""), BasicEncoding::FormUrlencoded).is_err());
    }

    proptest! {
        /// Read back as RFC 6749 and RFC 7617 say.
        #[test]
        fn any_id_and_secret_come_back(id in "\\PC{1,30}", secret in "\\PC{1,60}") {
            let read = |value: String| {
                let bytes = STANDARD.decode(value.strip_prefix("Basic ").unwrap()).unwrap();
                let text = String::from_utf8(bytes).unwrap();
                let (id, secret) = text.split_once(':').unwrap();
                (id.to_owned(), secret.to_owned())
            };
            let decode = |text: &str| {
                let pair = format!("x={text}");
                let (_, value) = url::form_urlencoded::parse(pair.as_bytes()).next().unwrap();
                value.into_owned()
            };
            let (sent_id, sent_secret) = read(header(&id, &secret, BasicEncoding::FormUrlencoded));
            prop_assert_eq!((decode(&sent_id), decode(&sent_secret)), (id.clone(), secret.clone()));
            if !id.contains(':') {
                prop_assert_eq!(read(header(&id, &secret, BasicEncoding::Plain)), (id, secret));
            }
        }
    }
}
