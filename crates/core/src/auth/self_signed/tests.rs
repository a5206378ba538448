mod clock_steps;

use std::sync::Barrier;
use std::time::SystemTime;

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::*;
use crate::secret::Secret;
use crate::testing::{ManualClock, drive};
use crate::transport::{Body, SharedTransport, TransportError};
use crate::value::unix_seconds;
use crate::{Client, Delivery, Operation, RawReply, Realm, Settings};

const SECRET: &str = "a-signing-secret";

#[derive(Debug, Deserialize)]
struct Times {
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What a server reads in a token: the judge shares no code with the signer.
fn read(authorization: &str) -> Times {
    let _ = DEFAULT_PROVIDER.install_default();
    let token = authorization.strip_prefix("Bearer ").unwrap();
    let mut validation = Validation::new(Algorithm::HS256);
    // The clock of these tests is not the machine's: the times are judged below.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<Times>(token, &key, &validation)
        .unwrap()
        .claims
}

fn signed(clock: &ManualClock) -> SelfSigned {
    let signer = Hs256::new(&Secret::new(SECRET), Some("key-1")).unwrap();
    let claims = |validity: Validity| {
        Claims::new()
            .seconds("iat", validity.from)
            .seconds("nbf", validity.from)
            .seconds("exp", validity.until)
    };
    SelfSigned::builder(signer, claims).build(clock.shared()).unwrap()
}

/// A server whose clock is `ahead` of the client's and that takes only what is valid by its own clock.
struct Bench {
    clock: ManualClock,
    signed: Arc<SelfSigned>,
    client: Client,
    realm: Realm,
}

impl Bench {
    /// `date` says what the server puts into `Date`, given the time by its own clock.
    fn new(ahead: i64, delay: u64, date: impl Fn(i64) -> Option<String> + Send + Sync + 'static) -> Self {
        let clock = ManualClock::new();
        let server = clock.clone();
        let transport = SharedTransport::new(move |request: http::Request<Bytes>| {
            let now = unix_seconds(server.system_time()) + ahead;
            let times = read(request.headers()[AUTHORIZATION].to_str().unwrap());
            let mut response = http::Response::new(Body::from("{}"));
            if !(times.nbf <= now && times.iat <= now && now < times.exp) {
                *response.status_mut() = http::StatusCode::UNAUTHORIZED;
            }
            if let Some(date) = date(now) {
                response.headers_mut().insert(DATE, date.parse().unwrap());
            }
            let wait = server.sleep(Duration::from_secs(delay));
            async move {
                wait.await;
                Ok::<_, TransportError>(response)
            }
        });
        let settings = Settings::default().transport(transport).clock(clock.shared());
        let signed = Arc::new(signed(&clock));
        let shared: Arc<dyn Authorize> = Arc::clone(&signed) as _;
        Self {
            client: Client::new(settings).unwrap(),
            realm: Realm::builder("example", "https://api.example.com")
                .authorize(shared)
                .build()
                .unwrap(),
            clock,
            signed,
        }
    }

    fn call(&self) -> crate::Call<RawReply> {
        let operation = Operation::post("check.create", &self.realm, "/checks", &[]).unwrap();
        self.client.call_raw(operation)
    }

    fn run(&self) -> Result<RawReply> {
        drive(&self.clock, self.call().send())
    }
}

fn http_date(seconds: i64) -> Option<String> {
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap();
    Some(timestamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

#[test]
fn two_hundred_calls_are_one_signature_a_life() {
    let bench = Bench::new(0, 0, http_date);
    for _ in 0..200 {
        assert_eq!(bench.run().unwrap().attempts(), 1);
    }
    assert_eq!(bench.signed.tokens_signed(), 1);
    bench.clock.advance(Duration::from_secs(60));
    for _ in 0..200 {
        bench.run().unwrap();
    }
    assert_eq!(bench.signed.tokens_signed(), 2);
}

#[test]
fn a_token_serves_until_the_margin_before_its_end() {
    // The margin is half of a short life, 30 s of a longer one, a tenth of a long one; and a second.
    for (life, served) in [(10, 4), (60, 29), (200, 169), (600, 539)] {
        let clock = ManualClock::new();
        let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
        let builder = SelfSigned::builder(signer, |_| Claims::new()).lifetime(Duration::from_secs(life));
        let signed = builder.build(clock.shared()).unwrap();
        let signed_after = |seconds| {
            clock.advance(Duration::from_secs(seconds));
            let mut request = http::Request::new(Bytes::new());
            let authorization = signed.authorize(&mut request, clock.now());
            assert!(matches!(authorization, Authorization::Done(Ok(_))));
            signed.tokens_signed()
        };
        assert_eq!(
            [signed_after(0), signed_after(served - 1), signed_after(1)],
            [1, 1, 2],
            "a life of {life} s"
        );
    }
}

#[test]
fn fifty_threads_at_once_are_one_signature() {
    let clock = ManualClock::new();
    let signed = signed(&clock);
    let barrier = Barrier::new(50);
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                let mut request = http::Request::new(Bytes::new());
                barrier.wait();
                match signed.authorize(&mut request, clock.now()) {
                    Authorization::Done(Ok(ticket)) => assert_eq!(ticket.generation(), 1),
                    other => panic!("{other:?}"),
                }
                assert!(request.headers()[AUTHORIZATION].is_sensitive());
            });
        }
    });
    assert_eq!(signed.tokens_signed(), 1);
}

#[test]
fn a_token_is_dated_back_by_30_s_and_lives_for_60() {
    let clock = ManualClock::new();
    let mut request = http::Request::new(Bytes::new());
    let signed = signed(&clock);
    assert!(matches!(
        signed.authorize(&mut request, clock.now()),
        Authorization::Done(Ok(_))
    ));
    let times = read(request.headers()[AUTHORIZATION].to_str().unwrap());
    let now = unix_seconds(clock.system_time());
    assert_eq!((times.iat, times.nbf, times.exp), (now - 30, now - 30, now + 60));
}

#[test]
fn a_clock_that_is_off_is_corrected_after_one_401_and_stays_corrected() {
    for ahead in [31 + 30, -31, 90, -90, 240, -240, 86_400 * 365, -86_400 * 365] {
        let bench = Bench::new(ahead, 0, http_date);
        assert_eq!(bench.run().unwrap().attempts(), 2, "{ahead}");
        for _ in 0..10 {
            bench.clock.advance(Duration::from_secs(20));
            assert_eq!(
                bench.run().unwrap().attempts(),
                1,
                "{ahead}: the correction is kept"
            );
        }
    }
}

#[test]
fn a_clock_that_is_off_by_what_is_tolerated_needs_no_correction_at_any_time() {
    for ahead in -30..=30 {
        let bench = Bench::new(ahead, 0, http_date);
        for second in 0..130 {
            let reply = bench.run();
            assert_eq!(reply.unwrap().attempts(), 1, "{ahead} s ahead, after {second} s");
            bench.clock.advance(Duration::from_secs(1));
        }
    }
}

#[test]
fn concurrent_401s_correct_the_clock_once() {
    let bench = Bench::new(300, 1, http_date);
    let calls = futures_util::future::join_all((0..200).map(|_| bench.call().send()));
    for reply in drive(&bench.clock, calls) {
        assert_eq!(reply.unwrap().attempts(), 2);
    }
    assert_eq!(bench.signed.tokens_signed(), 2);
}

#[test]
fn a_401_that_the_clock_does_not_explain_is_final() {
    let no_date: fn(i64) -> Option<String> = |_| None;
    let nonsense: fn(i64) -> Option<String> = |_| Some(String::from("yesterday"));
    // The server judges by a clock that is far off, and says otherwise.
    let near: fn(i64) -> Option<String> = |now| http_date(now - 3600 + 30);
    let nearly_behind: fn(i64) -> Option<String> = |now| http_date(now - 3600 - 30);
    for date in [no_date, nonsense, near, nearly_behind] {
        let bench = Bench::new(3600, 0, date);
        let error = bench.run().unwrap_err();
        assert!(error.is_auth());
        assert_eq!((error.attempts(), error.delivery()), (1, Delivery::Refused));
        assert_eq!(bench.signed.tokens_signed(), 1);
    }
}

#[test]
fn a_server_that_always_says_no_is_asked_twice_and_no_more() {
    let bench = Bench::new(3600, 0, |now| http_date(now + 3600));
    let error = bench.run().unwrap_err();
    assert!(error.is_auth());
    assert_eq!(error.attempts(), 2);
}

#[test]
fn a_clock_before_1970_makes_no_negative_time() {
    let clock = ManualClock::starting_at(SystemTime::UNIX_EPOCH);
    let mut request = http::Request::new(Bytes::new());
    let signed = signed(&clock);
    assert!(matches!(
        signed.authorize(&mut request, clock.now()),
        Authorization::Done(Ok(_))
    ));
    assert_eq!(read(request.headers()[AUTHORIZATION].to_str().unwrap()).nbf, 0);
}

#[test]
fn no_token_is_used_after_its_end_however_short_its_life() {
    for life in [10, 11, 60, 61, 120] {
        // Times in a token are whole seconds: the end comes before the life is over.
        let late = Duration::from_millis(999);
        let clock =
            ManualClock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) + late);
        let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
        let claims = |validity: Validity| {
            Claims::new()
                .seconds("iat", validity.from)
                .seconds("nbf", validity.from)
                .seconds("exp", validity.until)
        };
        let builder = SelfSigned::builder(signer, claims).lifetime(Duration::from_secs(life));
        let signed = builder.build(clock.shared()).unwrap();
        // What is tolerated of a server's clock that is ahead, as far as the life allows.
        let ahead = i64::try_from(life / 2).unwrap().min(30);
        for _ in 0..2 * life * 4 {
            let mut request = http::Request::new(Bytes::new());
            assert!(matches!(
                signed.authorize(&mut request, clock.now()),
                Authorization::Done(Ok(_))
            ));
            let times = read(request.headers()[AUTHORIZATION].to_str().unwrap());
            let server_now = unix_seconds(clock.system_time()) + ahead;
            assert!(server_now < times.exp, "a life of {life} s");
            clock.advance(Duration::from_millis(250));
        }
    }
}

#[test]
fn a_life_under_ten_seconds_is_a_configuration_error_and_debug_shows_no_key() {
    for life in [
        Duration::ZERO,
        Duration::from_secs(1),
        Duration::from_millis(9999),
    ] {
        let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
        let builder = SelfSigned::builder(signer, |_| Claims::new()).lifetime(life);
        assert!(!format!("{builder:?}").contains(SECRET));
        let error = builder.build(ManualClock::new().shared()).unwrap_err();
        assert!(error.is_configuration());
    }
    assert!(!format!("{:?}", signed(&ManualClock::new())).contains(SECRET));
}

#[test]
fn parts_of_a_second_are_a_configuration_error() {
    let build = |life, back_date| {
        let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
        let builder = SelfSigned::builder(signer, |_| Claims::new()).lifetime(life);
        builder.back_date(back_date).build(ManualClock::new().shared())
    };
    let (ten, zero) = (Duration::from_secs(10), Duration::ZERO);
    build(ten, zero).unwrap();
    for (life, back_date, about) in [
        (Duration::from_nanos(10_000_000_001), zero, "life"),
        (Duration::from_millis(10_500), zero, "life"),
        (ten, Duration::from_millis(1), "dated back"),
    ] {
        let error = build(life, back_date).unwrap_err();
        assert!(error.is_configuration());
        assert!(error.to_string().contains(about), "{error}");
    }
}

#[test]
fn signers_of_other_claims_have_tokens_of_their_own_and_share_what_the_server_said_of_its_clock() {
    let bench = Bench::new(600, 0, http_date);
    let other = Arc::new(bench.signed.with_claims(|validity| {
        Claims::new()
            .text("sub", "somebody")
            .seconds("iat", validity.from)
            .seconds("nbf", validity.from)
            .seconds("exp", validity.until)
    }));
    let until = unix_seconds(bench.clock.system_time()) + 90;
    assert_eq!(bench.signed.validity(Duration::from_secs(90)).until, until);
    let bound = Bench {
        realm: bench.realm.authorized_by(Arc::clone(&other) as _),
        signed: Arc::clone(&other),
        client: bench.client.clone(),
        clock: bench.clock.clone(),
    };
    // The one is refused once and learns that the server is ten minutes ahead; the other knows it then.
    assert_eq!(bound.run().unwrap().attempts(), 2);
    assert_eq!(bench.run().unwrap().attempts(), 1);
    assert_eq!((other.tokens_signed(), bench.signed.tokens_signed()), (2, 1));
    assert_eq!(bench.signed.validity(Duration::from_secs(90)).until, until + 600);
}
