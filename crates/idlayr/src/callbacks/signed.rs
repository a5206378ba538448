//! What was signed, put together again from what arrived.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE, HOST};
use http::request::Parts;
use subtle::ConstantTimeEq as _;
use verikit_core::value::parse_http_date;

use super::header::SignatureHeader;
use super::keys::{SigningKeys, Verdict, sha256};

const REQUEST_TARGET: &str = "(request-target)";
pub(super) const CALLBACK_TYPE: &str = "x-tru-callback";
const DIGEST: &str = "digest";

/// What a callback's signature covers, and no less (contract idlayr, 8.3).
const SIGNED_OF_CALLBACK: [&str; 5] = [REQUEST_TARGET, "host", "date", CALLBACK_TYPE, DIGEST];
/// What a redirect's signature can cover (inferred, contract idlayr, 8.4).
const SIGNED_OF_REDIRECT: [&str; 3] = [REQUEST_TARGET, "host", "date"];

/// How far the clocks may be apart (contract idlayr, 8.3).
const SKEW: Duration = Duration::from_secs(300);

/// A signature with all that it is judged by, but for the key.
pub(super) struct Signed {
    key_id: String,
    algorithm: Option<String>,
    /// The texts that may have been signed: one, unless there are two ways to write the target.
    messages: Vec<Vec<u8>>,
    signature: Vec<u8>,
    pub(super) sent_at: SystemTime,
}

/// Why something is refused without a look at the keys: a sentence of ours.
pub(super) type Refusal = &'static str;

impl Signed {
    /// Checks all of a callback that needs no key. `host` is the receiver's own.
    pub(super) fn of_callback(
        request: &Parts,
        body: &[u8],
        host: &str,
        now: SystemTime,
    ) -> Result<Self, Refusal> {
        let headers = &request.headers;
        let authorization = the_one(headers, AUTHORIZATION.as_str())
            .ok_or("a callback has exactly one Authorization header")?;
        let date = the_one(headers, DATE.as_str()).ok_or("a callback has exactly one Date header")?;
        let digest = the_one(headers, DIGEST).ok_or("a callback has exactly one Digest header")?;
        let callback_type =
            the_one(headers, CALLBACK_TYPE).ok_or("a callback has exactly one x-tru-callback header")?;
        if headers.get_all(HOST).iter().count() > 1 {
            return Err("the callback has more than one Host header");
        }
        let header = SignatureHeader::parse(authorization)
            .ok_or("the callback's Authorization header is not a Signature that can be read")?;
        if !SIGNED_OF_CALLBACK.iter().all(|name| header.names.contains(name)) {
            return Err("the callback's signature does not cover all that it has to");
        }
        let sent_at = fresh(date, now)?;
        if !is_digest_of(digest, body) {
            return Err("the callback's digest is not that of its body");
        }
        // The host is the receiver's own: whoever can pass on a message that was signed for another receiver
        // can pass on its Host header too. Only how its letters are written is taken from the request.
        let written = the_one(headers, HOST.as_str()).filter(|written| written.eq_ignore_ascii_case(host));
        let host = written.unwrap_or(host);
        let path_and_query = request.uri.path_and_query().map_or("/", |target| target.as_str());
        let target = format!(
            "{} {path_and_query}",
            request.method.as_str().to_ascii_lowercase()
        );
        let message = message(&header.names, |name| match name {
            REQUEST_TARGET => Some(target.as_bytes().to_vec()),
            "host" => Some(host.as_bytes().to_vec()),
            "date" => Some(date.as_bytes().to_vec()),
            CALLBACK_TYPE => Some(callback_type.as_bytes().to_vec()),
            DIGEST => Some(digest.as_bytes().to_vec()),
            other => joined(headers, other),
        });
        let message = message.ok_or("the callback's signature covers a header that did not arrive")?;
        Ok(Self::new(&header, vec![message], sent_at))
    }

    /// The same for a redirect: `targets` are the ways to write its path and query without the signature.
    pub(super) fn of_redirect(
        authorization: &str,
        date: &str,
        targets: &[String],
        host: &str,
        now: SystemTime,
    ) -> Result<Self, Refusal> {
        let header = SignatureHeader::parse(authorization)
            .ok_or("the redirect's authorization is not a Signature that can be read")?;
        let all = SIGNED_OF_REDIRECT.iter().all(|name| header.names.contains(name));
        if !all || header.names.len() > SIGNED_OF_REDIRECT.len() {
            return Err("the redirect's signature does not cover what it has to");
        }
        let sent_at = fresh(date, now)?;
        let messages = targets.iter().filter_map(|target| {
            message(&header.names, |name| match name {
                REQUEST_TARGET => Some(format!("get {target}").into_bytes()),
                "host" => Some(host.as_bytes().to_vec()),
                "date" => Some(date.as_bytes().to_vec()),
                _ => None,
            })
        });
        let messages = messages.collect();
        Ok(Self::new(&header, messages, sent_at))
    }

    fn new(header: &SignatureHeader<'_>, messages: Vec<Vec<u8>>, sent_at: SystemTime) -> Self {
        Self {
            key_id: header.key_id.to_owned(),
            algorithm: header.algorithm.map(str::to_owned),
            messages,
            signature: header.signature.clone(),
            sent_at,
        }
    }

    pub(super) fn judge(&self, keys: &SigningKeys) -> Verdict {
        let mut verdict = Verdict::DoesNotFit;
        for message in &self.messages {
            verdict = keys.verify(&self.key_id, self.algorithm.as_deref(), message, &self.signature);
            if verdict != Verdict::DoesNotFit {
                break;
            }
        }
        verdict
    }
}

/// The signing string: a line for each name, in the order of the names.
fn message(names: &[&str], value: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    for name in names {
        if !message.is_empty() {
            message.push(b'\n');
        }
        message.extend_from_slice(name.as_bytes());
        message.extend_from_slice(b": ");
        message.extend(value(name)?);
    }
    Some(message)
}

/// A header that is there exactly once. Of two, one would be signed and the other one read.
pub(super) fn the_one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::trim),
        _ => None,
    }
}

/// All values of a header that is signed besides, as the draft joins them.
fn joined(headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    let name = http::HeaderName::from_lowercase(name.as_bytes()).ok()?;
    let values: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(|value| value.as_bytes().trim_ascii())
        .collect();
    (!values.is_empty()).then(|| values.join(&b", "[..]))
}

fn fresh(date: &str, now: SystemTime) -> Result<SystemTime, Refusal> {
    let sent_at = parse_http_date(date).ok_or("the signed date is not an HTTP date")?;
    let apart = now
        .duration_since(sent_at)
        .unwrap_or_else(|error| error.duration());
    if apart > SKEW {
        return Err("the signed date is more than 300 s away from this machine's time");
    }
    Ok(sent_at)
}

/// Whether a `Digest` header is the SHA-256 of these bytes, in base64 or in hexadecimal: the documents
/// contradict each other (contract idlayr, 8.3). Neither text can be taken for the other.
fn is_digest_of(header: &str, body: &[u8]) -> bool {
    let Some((name, text)) = header.split_once('=') else {
        return false;
    };
    let given = STANDARD
        .decode(text)
        .ok()
        .filter(|given| given.len() == 32)
        .or_else(|| hex(text));
    match (given, sha256(body)) {
        (Some(given), Some(digest)) => {
            name.eq_ignore_ascii_case("SHA-256") && bool::from(given.ct_eq(&digest))
        }
        _ => false,
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| match pair {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    });
    bytes
        .collect::<Option<Vec<u8>>>()
        .filter(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf 'hello' | sha256sum`.
    const HELLO_HEX: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    const HELLO_BASE64: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

    #[test]
    fn a_digest_is_base64_or_hexadecimal() {
        let upper = HELLO_HEX.to_uppercase();
        for good in [HELLO_HEX, HELLO_BASE64, &upper] {
            assert!(is_digest_of(&format!("SHA-256={good}"), b"hello"), "{good}");
            assert!(is_digest_of(&format!("sha-256={good}"), b"hello"), "{good}");
            for header in [
                format!("SHA-512={good}"),
                format!("={good}"),
                good.to_owned(),
                format!("SHA-256={good}0"),
                format!("SHA-256=x{good}"),
                format!("SHA-256={good},MD5=x"),
                "SHA-256=".to_owned(),
                String::new(),
            ] {
                assert!(!is_digest_of(&header, b"hello"), "{header}");
            }
            assert!(!is_digest_of(&format!("SHA-256={good}"), b"hello "));
        }
    }

    #[test]
    fn a_date_is_fresh_for_300_seconds_on_either_side() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let at = parse_http_date(date).unwrap();
        for seconds in [0, 1, 299, 300] {
            let apart = Duration::from_secs(seconds);
            assert_eq!(fresh(date, at + apart), Ok(at));
            assert_eq!(fresh(date, at - apart), Ok(at));
        }
        for millis in [300_001, 301_000, 86_400_000] {
            let apart = Duration::from_millis(millis);
            assert!(fresh(date, at + apart).is_err() && fresh(date, at - apart).is_err());
        }
        assert!(fresh("1994-11-06T08:49:37Z", at).is_err());
    }
}
