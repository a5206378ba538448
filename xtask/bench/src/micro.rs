//! Pieces of a call, without a network: what each costs beside the plain way to do the same. Prints one line
//! of JSON.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::AUTHORIZATION;
use idlayr::transport::{BundledTransport, SharedTransport};
use idlayr::{CheckErrorCode, CheckId, CheckStatus, Currency, Personal, PhoneCheck, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_core::auth::{
    Authorize, Bearer, FetchToken, FetchTokenFuture, FetchedToken, Replaces, SelfSigned, StaticAuthorization,
    TokenCache, TokenLifetime,
};
use verikit_core::value::Amount;
use verikit_core::{Answer, Clock, Secret, SystemClock};

use crate::Outcome;
use crate::counting::{Allocator, Counter};
use crate::results::{Piece, PieceName};
use crate::serve::TOKEN;
use crate::statistics::Spread;

/// A piece of work, as often as told.
type Work = Box<dyn FnMut(u64)>;

/// Samples of each piece, and how long one takes. All pieces take turns, so that a slow moment of the machine
/// hits all of them.
const SAMPLES: usize = 41;
const QUICK_SAMPLES: usize = 7;
const SAMPLE: Duration = Duration::from_millis(10);
/// Enough for an allocation every so often to show.
const COUNTED: u64 = 1_000;

pub(crate) fn run(quick: bool, allocator: Allocator) -> Outcome<()> {
    let mut works = works()?;
    let pieces = match allocator {
        Allocator::System => timed(&mut works, if quick { QUICK_SAMPLES } else { SAMPLES }),
        Allocator::Counting => counted(&mut works, &Counter::start(allocator, None)),
    };
    println!(
        "{}",
        serde_json::to_string(&pieces).map_err(|error| error.to_string())?
    );
    Ok(())
}

fn timed(works: &mut [(PieceName, Work)], samples: usize) -> Vec<Piece> {
    let times: Vec<u64> = works
        .iter_mut()
        .map(|(_, work)| calibrated(|times| nanoseconds(work, times)))
        .collect();
    let mut taken: Vec<Vec<f64>> = vec![Vec::new(); works.len()];
    for _ in 0..samples {
        for (((_, work), times), taken) in works.iter_mut().zip(&times).zip(&mut taken) {
            taken.push(nanoseconds(work, *times) / *times as f64);
        }
    }
    let pieces = works.iter().zip(taken);
    pieces
        .map(|((name, _), taken)| Piece {
            name: *name,
            nanoseconds: Spread::of(taken),
            counted: None,
        })
        .collect()
}

/// How often a piece fits into one sample, by the quickest of three tries: the others met somebody else's
/// work.
fn calibrated(mut took: impl FnMut(u64) -> f64) -> u64 {
    let sample = SAMPLE.as_nanos() as f64;
    let mut times = 1;
    loop {
        let quickest = (0..3).map(|_| took(times)).fold(f64::MAX, f64::min);
        if quickest * 4.0 > sample {
            return ((times as f64 * sample / quickest) as u64).max(1);
        }
        times *= 4;
    }
}

fn nanoseconds(work: &mut Work, times: u64) -> f64 {
    let clock = SystemClock;
    let began = clock.now();
    work(times);
    clock.now().saturating_duration_since(began).as_nanos() as f64
}

fn counted(works: &mut [(PieceName, Work)], counter: &Counter) -> Vec<Piece> {
    works
        .iter_mut()
        .map(|(name, work)| {
            // What only the first time allocates is not what a call costs.
            work(10);
            let before = counter.total();
            work(COUNTED);
            let total = counter.total().zip(before);
            Piece {
                name: *name,
                nanoseconds: None,
                counted: total.map(|(after, before)| after.since(before).per(COUNTED)),
            }
        })
        .collect()
}

/// The loop lies within the work: one call through a pointer for a whole sample.
fn work(mut once: impl FnMut() + 'static) -> Work {
    Box::new(move |times| {
        for _ in 0..times {
            once();
        }
    })
}

fn works() -> Outcome<Vec<(PieceName, Work)>> {
    let mut works = authorizations()?;
    works.extend(tokens()?);
    works.extend(parsers());
    works.push((PieceName::SecondClient, second_client()?));
    Ok(works)
}

fn refused(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A source of tokens that has one.
#[derive(Debug)]
struct AtHand;

impl FetchToken for AtHand {
    fn fetch(&self, _: Replaces) -> FetchTokenFuture {
        Box::pin(async {
            Ok(FetchedToken::new(
                Secret::new(TOKEN),
                TokenLifetime::new(Duration::from_secs(3_600)),
                SystemClock.now(),
            ))
        })
    }
}

fn authorizations() -> Outcome<Vec<(PieceName, Work)>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let fixed = StaticAuthorization::new("Bearer", &Secret::new(TOKEN)).map_err(refused)?;
    let cache = TokenCache::new(Arc::new(AtHand), Arc::clone(&clock));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(refused)?;
    runtime.block_on(cache.token()).map_err(refused)?;
    let signed = SelfSigned::builder(signer()?, |validity| claims(validity.from, validity.until))
        // As long as the measurement at least: this is about a token that is kept.
        .lifetime(Duration::from_secs(3_600))
        .build(clock)
        .map_err(refused)?;
    Ok(vec![
        (PieceName::StaticHeader, authorize(fixed)),
        (PieceName::CachedToken, authorize(Bearer::new(cache))),
        (PieceName::KeptJwt, authorize(signed)),
    ])
}

/// The request is prepared and has the header already, so that inserting it again allocates nothing by
/// itself.
fn authorize(authorizer: impl Authorize) -> Work {
    let mut request = http::Request::new(Bytes::new());
    let placeholder = http::HeaderValue::from_static("placeholder");
    request.headers_mut().insert(AUTHORIZATION, placeholder);
    let now: Instant = SystemClock.now();
    work(move || {
        let authorized = authorizer.authorize(black_box(&mut request), now);
        drop(black_box(authorized));
    })
}

const KEY_ID: &str = "3b438437-04a4-40bb-8389-54bb02766fba";
const KEY: &str = "bench-only-key-0123456789abcdef0123456789abcdef";

fn signer() -> Outcome<Hs256> {
    Hs256::new(&Secret::new(KEY), Some(KEY_ID)).map_err(refused)
}

fn claims(from: i64, until: i64) -> Claims {
    Claims::new()
        .seconds("iat", from)
        .seconds("nbf", from)
        .seconds("exp", until)
}

/// The same claims as a struct, which is what jsonwebtoken is given.
#[derive(Serialize)]
struct PlainClaims {
    iat: i64,
    nbf: i64,
    exp: i64,
}

fn tokens() -> Outcome<Vec<(PieceName, Work)>> {
    // Its own choice of a back end is a panic when another crate turns on a second one: name it, as an
    // application should.
    jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER
        .install_default()
        .map_err(|_| "a provider is installed already".to_owned())?;
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(KEY_ID.to_owned());
    let key = EncodingKey::from_secret(KEY.as_bytes());
    let ours = signer()?;
    let same = (
        ours.sign(&claims(1_704_067_200, 1_704_067_260)),
        jsonwebtoken::encode(&header, &plain_claims(1_704_067_200), &key).map_err(refused)?,
    );
    if same.0.expose().split('.').nth(1) != same.1.split('.').nth(1) {
        return Err("the tokens that are compared have different claims".to_owned());
    }
    let (prepared, alone) = (claims(1_704_067_200, 1_704_067_260), signer()?);
    Ok(vec![
        (
            PieceName::FreshJwt,
            work(move || {
                let from = black_box(1_704_067_200);
                drop(black_box(ours.sign(&claims(from, from + 60))));
            }),
        ),
        (
            PieceName::SignedClaims,
            work(move || drop(black_box(alone.sign(black_box(&prepared))))),
        ),
        (
            PieceName::JsonWebToken,
            work(move || {
                let claims = plain_claims(black_box(1_704_067_200));
                drop(black_box(jsonwebtoken::encode(&header, &claims, &key)));
            }),
        ),
    ])
}

fn plain_claims(from: i64) -> PlainClaims {
    PlainClaims {
        iat: from,
        nbf: from,
        exp: from + 60,
    }
}

/// A check as it is read, with ten members that nobody here knows.
const CHECK: &str = r#"{
  "check_id": "0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80",
  "status": "COMPLETED",
  "match": true,
  "reference_id": "order-77",
  "charge_amount": 1,
  "charge_currency": "API",
  "network_id": "23410",
  "created_at": "2024-05-02T09:10:11+00:00",
  "updated_at": "2024-05-02T09:10:31+00:00",
  "ttl": 120,
  "new_text": "something that a later version adds",
  "new_number": 12.5,
  "new_truth": false,
  "new_nothing": null,
  "new_list": [1, 2, 3, "four"],
  "new_object": {"a": {"b": [true, null]}, "c": "d"},
  "new_id": "7d9c1f8e-30a5-4a53-9d8e-0a6b1c2d3e4f",
  "new_time": "2024-05-02T09:10:31+00:00",
  "new_link": "https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/new",
  "new_flag": true,
  "_links": {
    "self": {"href": "https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80"},
    "check_url": {"href": "https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}
  }
}"#;

/// What somebody who writes this by hand would read: texts and numbers.
type Plain = Check<String, String, String, f64, String, String>;
/// The same fields as our own value types, which check what they read; no bytes kept, nothing lenient, no URL
/// parsed.
type Checked = Check<CheckId, CheckStatus, CheckErrorCode, Amount, Currency, Timestamp>;

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what costs")]
struct Check<Id, Status, Code, Money, Unit, Time> {
    check_id: Id,
    status: Status,
    r#match: Option<bool>,
    error_code: Option<Code>,
    reference_id: Option<Personal<String>>,
    charge_amount: Option<Money>,
    charge_currency: Option<Unit>,
    network_id: Option<String>,
    ttl: Option<u64>,
    created_at: Option<Time>,
    updated_at: Option<Time>,
    #[serde(rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading it is what costs")]
struct Links {
    check_url: Option<Link>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading it is what costs")]
struct Link {
    href: String,
}

fn parsers() -> Vec<(PieceName, Work)> {
    let body = Bytes::from_static(CHECK.as_bytes());
    let (plain, checked) = (body.clone(), body.clone());
    vec![
        (
            PieceName::PlainParse,
            work(move || drop(black_box(serde_json::from_slice::<Plain>(black_box(&plain))))),
        ),
        (
            PieceName::CheckedParse,
            work(move || drop(black_box(serde_json::from_slice::<Checked>(black_box(&checked))))),
        ),
        (
            PieceName::TypedParse,
            work(move || {
                let body = black_box(&body).clone();
                drop(black_box(Answer::<PhoneCheck>::from_json(body)));
            }),
        ),
    ]
}

fn second_client() -> Outcome<Work> {
    let transport = BundledTransport::builder().build().map_err(refused)?;
    let shared = SharedTransport::new(transport);
    let build = move || {
        idlayr::Client::builder("bench-client-id", "bench-client-secret")
            .transport(shared.clone())
            .build()
    };
    build().map_err(refused)?;
    Ok(work(move || drop(black_box(build()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_readers_read_the_same_check() {
        let plain: Plain = serde_json::from_str(CHECK).unwrap();
        let checked: Checked = serde_json::from_str(CHECK).unwrap();
        let typed = Answer::<PhoneCheck>::from_json(CHECK).unwrap();
        assert_eq!(plain.check_id, checked.check_id.as_str());
        assert_eq!(plain.check_id, typed.check_id.as_str());
        assert!(typed.is_match() && typed.check_url.is_some() && plain.links.is_some());
        // `self` lies within `_links`, which is known.
        assert_eq!(typed.extra().len(), 10);
    }

    #[test]
    fn every_piece_works_and_is_measured_once() {
        let mut works = works().unwrap();
        for (_, work) in &mut works {
            work(2);
        }
        let mut names: Vec<_> = works.iter().map(|(name, _)| *name).collect();
        names.dedup();
        assert_eq!(names, PieceName::ALL);
        let counted = counted(&mut works, &Counter::start(Allocator::System, None));
        assert!(counted.iter().all(|piece| piece.counted.is_none()));
    }

    #[test]
    fn a_sample_is_filled_whoever_interrupts() {
        let filled = |nanoseconds: f64| SAMPLE.as_nanos() as f64 / nanoseconds;
        assert_eq!(calibrated(|times| times as f64 * 25.0) as f64, filled(25.0));
        let mut tries = 0;
        let interrupted = |times: u64| {
            tries += 1;
            times as f64 * 25.0 + if tries % 3 == 0 { 1e9 } else { 0.0 }
        };
        assert_eq!(calibrated(interrupted) as f64, filled(25.0));
        // A piece that is slower than a sample is done once.
        assert_eq!(calibrated(|_| 1e9), 1);
    }
}
