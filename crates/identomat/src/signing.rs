//! HMAC in both directions (contract identomat, 7).

use std::fmt;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use verikit_core::auth::hmac::{HmacSha256, SIGNATURE_BYTES};
use verikit_core::auth::{Authorization, Authorize, Ticket};
use verikit_core::{Error, ErrorKind, Result, Secret};

use crate::config::PROVIDER;

/// Signs requests and checks answers with the secret key. A client that was given one does both by itself;
/// this is for requests that you send in another way, such as multipart.
///
/// ```
/// use identomat::HmacSigner;
///
/// let signer = HmacSigner::new("test-secret-key-0001")?;
/// let body = br#"{"company_key":"ck_test_0001","flags":{"language":"en","skip_agreement":true}}"#;
/// assert_eq!(signer.sign(body), "8HdGAlU+9IqSpDHfFdc+yjWpdN/9p1octXElRMCIBg0=");
/// # Ok::<(), identomat::Error>(())
/// ```
#[derive(Clone)]
pub struct HmacSigner(HmacSha256);

impl HmacSigner {
    /// Takes the UTF-8 bytes of the secret key as they are. That it is not decoded first is **inferred**
    /// (contract identomat, 7).
    ///
    /// # Errors
    ///
    /// A configuration error when the key is empty.
    pub fn new(secret_key: impl Into<Secret>) -> Result<Self> {
        Self::from_bytes(secret_key.into().expose().as_bytes())
    }

    /// Takes a key as raw bytes.
    ///
    /// # Errors
    ///
    /// A configuration error when there are none.
    pub fn from_bytes(secret_key: &[u8]) -> Result<Self> {
        HmacSha256::from_bytes(secret_key)
            .map(Self)
            .map_err(|error| error.with_provider(PROVIDER))
    }

    /// The code of a JSON or form body: the base64 of its MAC. Sign the very bytes that are sent.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        STANDARD.encode(self.0.sign(&[body]))
    }

    /// Begins the code of a multipart body.
    pub fn multipart(&self) -> MultipartSignature {
        MultipartSignature {
            key: self.0.clone(),
            last: None,
            has_file: false,
        }
    }

    /// The `Authorization` value of a code, marked as sensitive.
    ///
    /// # Errors
    ///
    /// When the code is not the base64 of a MAC.
    pub fn authorization(code: &str) -> Result<HeaderValue> {
        let refuse = || Error::invalid_input("a signature's code is the base64 of 32 bytes");
        decode(code).ok_or_else(refuse)?;
        let mut value = HeaderValue::from_str(&format!("signature=\"{code}\"")).map_err(|_| refuse())?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Checks the `Authorization` header of an answer against its body as it was received, in constant time.
    /// Do this before parsing anything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Signature`] when the header is missing, there twice, unreadable, or of another key or
    /// body.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<()> {
        let refuse =
            |detail: &'static str| Err(Error::new(ErrorKind::Signature, detail).with_provider(PROVIDER));
        match self.check(headers, body) {
            Signed::Well => Ok(()),
            Signed::Not => refuse("the answer has to be signed, and is not"),
            Signed::Badly => refuse("the answer's signature is not of the secret key"),
        }
    }

    pub(crate) fn check(&self, headers: &HeaderMap, body: &[u8]) -> Signed {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (None, _) => Signed::Not,
            (Some(value), None) => match value.to_str().ok().and_then(code_in).and_then(decode) {
                Some(mac) if self.0.verify(&[body], &mac) => Signed::Well,
                _ => Signed::Badly,
            },
            (Some(_), Some(_)) => Signed::Badly,
        }
    }
}

impl fmt::Debug for HmacSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSigner([redacted])")
    }
}

/// Whether an answer is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    Well,
    Not,
    Badly,
}

/// The code in `signature="<code>"`.
fn code_in(value: &str) -> Option<&str> {
    value.trim().strip_prefix("signature=\"")?.strip_suffix('"')
}

fn decode(code: &str) -> Option<[u8; SIGNATURE_BYTES]> {
    STANDARD.decode(code).ok()?.try_into().ok()
}

/// The code of a multipart body, part by part: each MAC's 32 bytes are the key of the next. Text parts come
/// first, in the order in which they are sent.
///
/// What counts as a part is not documented. That it is the bytes of its value, without name, headers and
/// boundary, is **inferred** (contract identomat, 7); what you hand over is what is signed.
///
/// ```
/// use identomat::HmacSigner;
///
/// let signer = HmacSigner::new("test-secret-key-0001")?;
/// let code = signer
///     .multipart()
///     .text(b"ck_test_0001")?
///     .text(b"0123456789abcdefghij0123456789abcdefghij")?
///     .file(&[0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46])?
///     .finish()?;
/// assert_eq!(code, "tY/WyEnkZpsjLi5MCaRBfxwtO0yiFvVu7qvTUJnLvo0=");
/// # Ok::<(), identomat::Error>(())
/// ```
#[must_use]
pub struct MultipartSignature {
    key: HmacSha256,
    last: Option<[u8; SIGNATURE_BYTES]>,
    has_file: bool,
}

impl MultipartSignature {
    /// Adds a text part.
    ///
    /// # Errors
    ///
    /// After a file part: the provider wants texts first.
    pub fn text(self, part: &[u8]) -> Result<Self> {
        if self.has_file {
            let detail = "a text part after a file part: the provider wants the texts first";
            return Err(Error::invalid_input(detail).with_provider(PROVIDER));
        }
        self.chain(part)
    }

    /// Adds a file part.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn file(mut self, part: &[u8]) -> Result<Self> {
        self.has_file = true;
        self.chain(part)
    }

    fn chain(self, part: &[u8]) -> Result<Self> {
        let mac = self.key.sign(&[part]);
        Ok(Self {
            key: HmacSha256::from_bytes(&mac)?,
            last: Some(mac),
            has_file: self.has_file,
        })
    }

    /// The code.
    ///
    /// # Errors
    ///
    /// When no part was added.
    pub fn finish(self) -> Result<String> {
        self.last.map(|mac| STANDARD.encode(mac)).ok_or_else(|| {
            Error::invalid_input("a multipart body without a part has no signature").with_provider(PROVIDER)
        })
    }
}

impl fmt::Debug for MultipartSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MultipartSignature([redacted])")
    }
}

/// Signs the very buffer that is sent.
#[derive(Debug)]
pub(crate) struct SignBody(pub(crate) HmacSigner);

impl Authorize for SignBody {
    fn authorize<'a>(&'a self, request: &'a mut http::Request<Bytes>, _: Instant) -> Authorization<'a> {
        let value = HmacSigner::authorization(&self.0.sign(request.body()));
        Authorization::Done(value.map(|value| {
            request.headers_mut().insert(AUTHORIZATION, value);
            Ticket::default()
        }))
    }

    fn is_ready(&self, _: Instant) -> bool {
        true
    }
}
