//! What every provider's client is made from.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, DATE, RETRY_AFTER};
use serde_json::Value;
use url::Url;
use verikit::testing::{ManualClock, drive};
use verikit::{Clock as _, ErrorKind, RetryPolicy, Secret};
use verikit_core::auth::SelfSigned;
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::error::read_error_facts;
use verikit_core::webhook::{SignatureEncoding, WebhookKeys};
use verikit_core::{Client, Operation, Realm, Settings};

use super::answer::{Answer, Requests};
use super::{has_dot_segment, line, percent_decoded, text};
use crate::needles::{assert_debug_hidden, assert_error_hidden, contains_needle};

/// The signature on the first line, the notification behind it.
pub(crate) fn webhook(input: &[u8]) {
    const SECRETS: [&str; 2] = ["example-webhook-secret", "sdk-test-secret-0123456789"];
    let at = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(input.len());
    let signature = text(&input[..at]);
    let body = &input[(at + 1).min(input.len())..];
    for encoding in [SignatureEncoding::Hex, SignatureEncoding::Base64] {
        let keys =
            |secrets: &[&str]| WebhookKeys::new(secrets.iter().copied().map(Secret::new), encoding).unwrap();
        let both = keys(&SECRETS);
        let fits = SECRETS.iter().any(|secret| {
            let good = keys(&[secret]).sign_for_test(body);
            both.verify(body, &good).unwrap();
            // Mutations hardly ever hit the end of a signature.
            let (_, shorter) = good.split_at(1);
            for near in [
                &format!("{good}0"),
                &format!("0{good}"),
                &format!("{good}{good}"),
                shorter,
            ] {
                assert!(both.verify(body, near).is_err(), "{near} is taken for {good}");
            }
            assert!(keys(&["another secret"]).verify(body, &good).is_err());
            match encoding {
                SignatureEncoding::Hex => good.eq_ignore_ascii_case(signature.trim()),
                _ => good == signature.trim(),
            }
        });
        match both.verify(body, &signature) {
            Ok(()) => assert!(fits, "{signature:?} is taken for the signature"),
            Err(error) => {
                assert!(!fits, "{signature:?} is the signature");
                assert_eq!(error.kind(), ErrorKind::Signature);
                assert_error_hidden(&error);
            }
        }
        assert_debug_hidden(&both);
    }
}

/// An answer of any status to a call that reads, from a provider that has documented two codes.
pub(crate) fn error_answer(input: &[u8]) {
    let answer = Answer::read(input);
    facts(&answer);
    let clock = ManualClock::new();
    let requests = Requests::default();
    let given = answer.clone();
    let settings = Settings::default()
        .transport(requests.answered(move |_| given.clone()))
        .clock(clock.shared())
        .retry(RetryPolicy::never());
    let client = Client::new(settings).unwrap();
    let realm = Realm::builder("example", "https://api.example.com")
        .known_codes(&["check_not_found", "bad_request"])
        .build()
        .unwrap();
    let operation = Operation::get("checks.get", &realm, "/checks/{id}", &["1"]).unwrap();
    let result = drive(&clock, client.call_raw(operation).send());
    assert_eq!(requests.count(), 1, "never repeated, whatever it says");
    let error = match result {
        Ok(reply) => {
            assert!(answer.status.is_success());
            assert_eq!(reply.body(), &answer.body);
            return assert_debug_hidden(&reply);
        }
        Err(error) => error,
    };
    assert!(!answer.status.is_success());
    assert_error_hidden(&error);
    assert_eq!(error.status(), Some(answer.status));
    assert!(error.body().len() <= 2048 && answer.body.starts_with(error.body()));
    let kind = match answer.status.as_u16() {
        401 | 403 => ErrorKind::Auth,
        429 => ErrorKind::RateLimited,
        300..=399 => ErrorKind::Redirect,
        _ => ErrorKind::Provider,
    };
    assert_eq!(error.kind(), kind);
    let wait = answer
        .headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let wait = wait.filter(|_| matches!(answer.status.as_u16(), 429 | 503));
    assert_eq!(
        error.retry_after(),
        wait.and_then(|wait| asked_to_wait(wait, &answer, clock.system_time()))
    );
}

/// Digits are seconds. The judge of dates is a calendar library; it and HTTP agree on one form only.
fn asked_to_wait(wait: &str, answer: &Answer, now: SystemTime) -> Option<Duration> {
    let wait = wait.trim();
    if !wait.is_empty() && wait.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(wait.parse().unwrap_or(u64::MAX)));
    }
    let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = date.and_then(http_date).unwrap_or(now);
    let wait = http_date(wait)?.duration_since(now).unwrap_or_default();
    Some(Duration::from_secs(wait.as_secs()))
}

fn http_date(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    // Before 1970 there was no HTTP.
    let zoned = jiff::fmt::rfc2822::parse(text)
        .ok()
        .filter(|zoned| zoned.year() >= 1970)?;
    let form = zoned.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    (form == text).then(|| zoned.timestamp().into())
}

/// What is read from an error answer is short, cannot forge a line, and is the provider's own.
fn facts(answer: &Answer) {
    let facts = read_error_facts(&answer.headers, &answer.body);
    let members: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let one_of = |names: &[&str]| {
        names
            .iter()
            .any(|name| members.get(name).is_some_and(Value::is_string))
    };
    if facts.code.is_some() {
        assert!(one_of(&["type", "error", "code"]));
    }
    let has_message = members.is_string() || one_of(&["detail", "error_description", "message", "title"]);
    assert_eq!(facts.message.is_some(), has_message);
    for (fact, most) in [
        (&facts.code, 128),
        (&facts.message, 2048),
        (&facts.request_id, 128),
    ] {
        let Some(fact) = fact else { continue };
        assert!(fact.len() <= most, "{} bytes", fact.len());
        let forges = |c: char| {
            c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!fact.contains(forges), "{fact:?}");
    }
    assert_debug_hidden(&facts);
}

/// A 401 with a `Date`, to a client that signs its own tokens.
pub(crate) fn server_date(input: &[u8]) {
    let mut answer = Answer::json(401, "{}");
    let Ok(date) = http::HeaderValue::from_bytes(input) else {
        return;
    };
    answer.headers.insert(DATE, date.clone());
    let clock = ManualClock::new();
    let signer = Hs256::new(&Secret::new("k"), None).unwrap();
    let signed = SelfSigned::builder(signer, |validity| {
        Claims::new()
            .seconds("nbf", validity.from)
            .seconds("exp", validity.until)
    });
    let signed = Arc::new(signed.build(clock.shared()).unwrap());
    let requests = Requests::default();
    let settings = Settings::default()
        .transport(requests.answered(move |_| answer.clone()))
        .clock(clock.shared());
    let client = Client::new(settings).unwrap();
    let realm = Realm::builder("example", "https://api.example.com")
        .authorize(signed.clone())
        .build()
        .unwrap();
    let operation = Operation::get("checks.get", &realm, "/checks", &[]).unwrap();
    let error = drive(&clock, client.call_raw(operation).send()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_error_hidden(&error);

    let requests = requests.all();
    assert!(requests.len() <= 2 && signed.tokens_signed() == requests.len() as u64);
    let Some(there) = date.to_str().ok().and_then(http_date) else {
        return;
    };
    let unix = |time: SystemTime| {
        i64::try_from(
            time.duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default()
                .as_secs(),
        )
        .unwrap()
    };
    let (there, here) = (unix(there), unix(clock.system_time()));
    let corrected = there.abs_diff(here) > 30;
    assert_eq!(requests.len(), 1 + usize::from(corrected), "{date:?}");
    if corrected {
        assert_eq!(claim(&requests[1], "exp"), there + 60);
        assert_eq!(claim(&requests[1], "nbf"), (there - 30).max(0));
    }
}

fn claim(request: &http::Request<bytes::Bytes>, name: &str) -> i64 {
    use base64::Engine as _;
    let token = request.headers()[AUTHORIZATION].to_str().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims[name].as_i64().unwrap()
}

/// A base URL on the first line, two path arguments and the value of a query behind it.
pub(crate) fn url(input: &[u8]) {
    let input = text(input);
    let (base, rest) = line(&input);
    let (first, rest) = line(rest);
    let (second, value) = line(rest);
    let Some((realm, base)) = realm(base) else { return };
    let route = "/checks/{check_id}/traces/{trace_id}";
    let operation = Operation::get("trace.get", &realm, route, &[first, second]);
    let refused = |text: &str| matches!(text, "" | "." | "..") || text.contains(char::is_control);
    let operation = match operation {
        Ok(operation) => operation.query("search", value),
        Err(error) => {
            assert!(refused(first) || refused(second));
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            return assert_error_hidden(&error);
        }
    };
    assert!(!refused(first) && !refused(second));
    let Some(sent) = sent(operation) else {
        assert!(value.contains(['\r', '\n', '\0']), "only these are not sent");
        return;
    };
    assert_eq!(sent.origin(), base.origin());
    let within = sent
        .path()
        .strip_prefix(base.path().trim_end_matches('/'))
        .unwrap();
    let segments: Vec<&str> = within.split('/').collect();
    let ["", "checks", first_sent, "traces", second_sent] = segments[..] else {
        panic!("{sent} has other segments")
    };
    assert_eq!(percent_decoded(first_sent), first.as_bytes());
    assert_eq!(percent_decoded(second_sent), second.as_bytes());
    assert!(!has_dot_segment(within));
    let pairs: Vec<_> = sent.query_pairs().collect();
    assert_eq!(pairs, [("search".into(), value.into())]);
    assert_eq!(sent.fragment(), None);
}

/// A base URL on the first line, a link of the provider behind it.
pub(crate) fn link(input: &[u8]) {
    let input = text(input);
    let (base, link) = line(&input);
    let Some((realm, base)) = realm(base) else { return };
    match Operation::follow("checks.list", &realm, "/checks", link) {
        Ok(operation) => {
            assert_debug_hidden(&operation);
            let Some(sent) = sent(operation) else { return };
            assert_eq!(sent.origin(), base.origin(), "{link:?}");
            assert!(sent.username().is_empty() && sent.password().is_none());
            assert!(!has_dot_segment(sent.path()));
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Untrusted);
            assert_error_hidden(&error);
            let joined = base.join(link);
            let same = joined.is_ok_and(|url| url.origin() == base.origin() && !url.as_str().contains('@'));
            assert!(!same, "{link:?} stays at {base}");
        }
    }
}

/// A realm at a base URL, or nothing where it is refused, and the URL in another library's eyes.
fn realm(base: &str) -> Option<(Realm, Url)> {
    match Realm::builder("example", base).build() {
        // The configured address is shown, whatever it is.
        Ok(realm) if contains_needle(realm.base_url().as_str()) => None,
        Ok(realm) => {
            let base = Url::parse(base).unwrap();
            assert_eq!(base.scheme(), "https");
            assert!(base.username().is_empty() && base.password().is_none());
            assert!(base.query().is_none() && base.fragment().is_none());
            assert_eq!(realm.base_url().origin(), base.origin());
            Some((realm, base))
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_error_hidden(&error);
            None
        }
    }
}

/// The address that a transport was given, or nothing where it was given none.
fn sent(operation: Operation) -> Option<Url> {
    let clock = ManualClock::new();
    let requests = Requests::default();
    let settings = Settings::default()
        .transport(requests.answered(|_| Answer::json(200, "{}")))
        .clock(clock.shared());
    let client = Client::new(settings).unwrap();
    let result = drive(&clock, client.call_raw(operation).send());
    let requests = requests.all();
    match requests.as_slice() {
        [] => {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_error_hidden(&error);
            None
        }
        [request] => {
            let address = request.uri().to_string();
            let url = Url::parse(&address).unwrap();
            // A library that reads the address again must not read another one.
            assert_eq!(url.as_str(), address);
            Some(url)
        }
        more => panic!("{} requests", more.len()),
    }
}
