//! What IDlayr posts to a callback URL, the keys that it is signed with, and signed redirect URLs.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method};
use rcgen::{KeyPair, SigningKey as _};
use serde_json::{Value, json};
use url::form_urlencoded;
use verikit::idlayr::{Callback, Client, RedirectSignature};
use verikit::testing::{ManualClock, drive};
use verikit::{Error, ErrorKind};

use super::answer::{Answer as HttpAnswer, Requests};
use super::{assert_unreadable, text};
use crate::needles::{assert_debug_hidden, assert_error_hidden};

const HOST: &str = "app.example.net";
const PUBLISHED: &str = include_str!("../corpus/signing_keys/published");
/// What OpenSSL signed, at the time that the clock of the tests shows.
const SIGNED: [&[u8]; 4] = [
    include_bytes!("../corpus/signed_callback/rsa-2048-sha256"),
    include_bytes!("../corpus/signed_callback/rsa-3072-sha512"),
    include_bytes!("../corpus/signed_callback/p256-sha256"),
    include_bytes!("../corpus/signed_callback/p384-sha384"),
];

fn client(clock: &ManualClock, requests: &Requests, keys: impl Into<bytes::Bytes>) -> Client {
    let keys = HttpAnswer::json(200, keys);
    Client::builder("client-1", "secret-1")
        .transport(requests.answered(move |_| keys.clone()))
        .clock(clock.shared())
        .build()
        .unwrap()
}

/// A request, written as it is sent. What cannot stand in one is left out.
fn request(input: &[u8]) -> (Parts, Vec<u8>) {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((input, &[][..]), |end| (&input[..end], &input[end + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut first = lines.next().unwrap_or_default().splitn(2, |byte| *byte == b' ');
    let mut request = http::Request::new(());
    *request.method_mut() = Method::from_bytes(first.next().unwrap_or_default()).unwrap_or(Method::POST);
    let target = text(first.next().unwrap_or_default()).into_owned();
    *request.uri_mut() = target.parse().unwrap_or_default();
    for line in lines {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = HeaderName::from_bytes(parts.next().unwrap_or_default().trim_ascii());
        let value = HeaderValue::from_bytes(parts.next().unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers_mut().append(name, value);
        }
    }
    (request.into_parts().0, body.to_vec())
}

/// All that the signatures of the corpus cover, but for the host.
fn covered((parts, body): &(Parts, Vec<u8>)) -> Vec<Vec<u8>> {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .map(|value| value.as_bytes().to_vec())
            .unwrap_or_default()
    };
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    vec![
        format!("{} {target}", parts.method).into_bytes(),
        header("date"),
        header("x-tru-callback"),
        header("digest"),
        body.clone(),
    ]
}

fn verify(keys: impl Into<bytes::Bytes>, parts: &Parts, body: &[u8]) -> (Result<Callback, Error>, usize) {
    let (clock, requests) = (ManualClock::new(), Requests::default());
    let callbacks = client(&clock, &requests, keys).callbacks(HOST).unwrap();
    let verified = drive(&clock, callbacks.verify(parts, body.to_vec()));
    (verified, requests.count())
}

/// A callback as it arrives: whatever is changed in what was signed is refused.
pub(crate) fn signed_callback(input: &[u8]) {
    let arrived = request(input);
    let (verified, fetches) = verify(PUBLISHED, &arrived.0, &arrived.1);
    assert!(fetches <= 1);
    match verified {
        Ok(callback) => {
            let signed = SIGNED.map(|signed| covered(&request(signed)));
            assert!(signed.contains(&covered(&arrived)), "{}", text(input));
            assert!(callback.check.is_match());
            assert_debug_hidden(&callback);
        }
        Err(error) => {
            assert!(error.is_signature(), "{error}");
            assert_error_hidden(&error);
        }
    }
}

#[test]
fn the_corpus_has_callbacks_that_are_taken() {
    for signed in SIGNED {
        let (parts, body) = request(signed);
        verify(PUBLISHED, &parts, &body).0.unwrap();
    }
}

/// A key set: each key that is taken stands in it, and a changed one verifies nothing.
pub(crate) fn signing_keys(input: &[u8]) {
    let (clock, requests) = (ManualClock::new(), Requests::default());
    let fetched = drive(
        &clock,
        client(&clock, &requests, input.to_vec()).signing_keys().send(),
    );
    let value: Value = serde_json::from_slice(input).unwrap_or_default();
    let stated: Vec<&Value> = value["keys"].as_array().into_iter().flatten().collect();
    match fetched {
        Ok(keys) => {
            assert_debug_hidden(&keys);
            assert_eq!(keys.len(), keys.key_ids().count());
            for id in keys.key_ids().filter(|_| !value.is_null()) {
                let of_key =
                    |key: &&&Value| key["kid"] == id && ["RSA", "EC"].iter().any(|kind| key["kty"] == *kind);
                assert!(stated.iter().any(|key| of_key(&key)), "{id}");
            }
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert_error_hidden(&error);
        }
    }
    let (parts, body) = request(SIGNED[0]);
    let (verified, _) = verify(input.to_vec(), &parts, &body);
    if verified.is_ok() && !value.is_null() {
        let published: Value = serde_json::from_str(PUBLISHED).unwrap();
        let number = |key: &Value, name: &str| {
            key[name]
                .as_str()
                .unwrap_or_default()
                .trim_start_matches('A')
                .to_owned()
        };
        let same = |key: &&Value| {
            ["n", "e"]
                .iter()
                .all(|name| number(key, name) == number(&published["keys"][0], name))
        };
        assert!(stated.iter().any(same), "{}", text(input));
    }
}

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate().unwrap());

/// A body that is signed as it is: what it decides, and nothing private in what it shows.
pub(crate) fn callback_body(input: &[u8]) {
    let point = KEY.public_key_raw();
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (x, y) = (encoded(&point[1..33]), encoded(&point[33..]));
    let keys = json!({"keys": [{"kty": "EC", "kid": "k-1", "crv": "P-256", "x": x, "y": y}]}).to_string();
    let digest = digest_header(input);
    let date = "Thu, 01 Jan 2026 00:00:00 GMT";
    let message = format!(
        "(request-target): post /\nhost: {HOST}\ndate: {date}\nx-tru-callback: phone_check\ndigest: {digest}"
    );
    let signature = STANDARD.encode(KEY.sign(message.as_bytes()).unwrap());
    let authorization = format!(
        "Signature keyId=\"k-1\",algorithm=\"ecdsa-sha256\",headers=\"(request-target) host date x-tru-callback digest\",signature=\"{signature}\""
    );
    let request = http::Request::post("/")
        .header("authorization", authorization)
        .header("date", date)
        .header("x-tru-callback", "phone_check")
        .header("digest", digest);
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let value: Value = serde_json::from_slice(input).unwrap_or_default();
    match verify(keys, &parts, input).0 {
        Ok(callback) => {
            assert_debug_hidden(&callback);
            let check = &callback.check;
            let key = format!(
                "phone_check/{}/{}",
                check.check_id.as_str(),
                check.status.as_str()
            );
            assert_eq!((callback.replay_key(), check.raw().as_ref()), (key, input));
            if !value.is_null() {
                let decided = |name: &str| value[name].as_bool().filter(|_| value["status"] == "COMPLETED");
                assert_eq!(check.verdict(), decided("match"), "{value}");
                assert_eq!(check.no_sim_change(), decided("no_sim_change"), "{value}");
            }
        }
        Err(error) => assert_unreadable(&error),
    }
}

fn digest_header(body: &[u8]) -> String {
    format!(
        "SHA-256={}",
        STANDARD.encode(digest::digest(&digest::SHA256, body))
    )
}

/// A redirect URL: none is valid where there is no key, and only one without a signature has none.
pub(crate) fn redirect_url(input: &[u8]) {
    let url = text(input);
    let (clock, requests) = (ManualClock::new(), Requests::default());
    let callbacks = client(&clock, &requests, "{\"keys\":[]}")
        .callbacks(HOST)
        .unwrap();
    let before = url.split('#').next().unwrap_or_default();
    let query = before.split_once('?').map_or("", |(_, query)| query);
    let parts = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "authorization" || name == "date");
    let parts = parts.count();
    match drive(&clock, callbacks.verify_redirect(&url)) {
        Ok(RedirectSignature::Absent) => assert_eq!((parts, requests.count()), (0, 0), "{url}"),
        Ok(_) => panic!("valid without a key: {url}"),
        Err(error) => {
            assert!(error.is_signature(), "{error}: {url}");
            assert!(parts > 0, "{url}");
            assert!(requests.count() == 0 || parts == 2, "{url}");
            assert_error_hidden(&error);
        }
    }
}
