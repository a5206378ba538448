//! Tokens for apps, and the golden vectors of contract caf, 9.

use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use caf::testing::{ManualClock, ScriptedTransport};
use caf::{Attempt, Client, Cpf, KeyHash, Observer, Secret, TokenIssued};
use serde_json::json;
use verikit_core::auth::jwt::{Claims, Hs256};

use crate::mobile_support::{CLIENT_ID, NOW, SECRET, assert_silent, claims, clock, cpf};
use crate::support::Scripted;

const GOLDEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1IiwicGVvcGxlSWQiOiIxMjM0NTY3ODkwOSIsImV4cCI6MTg5MzQ1NjAwMH0.TZIKKL0bfm-FbNwBi0k7iZ9x7XKjrFZ0yHpixePl7Ww";
const GOLDEN_WITHOUT_END: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1In0.G5ec2xvAK2S9moHRAaBZP3erlpZFZxVuBK2MGOf2vY4";

/// Contract caf, 9.1: the default life of five minutes ends on the vector's second.
#[test]
fn the_golden_token_byte_for_byte() {
    let scripted = Scripted::mobile([]);
    let token = scripted
        .client
        .mobile()
        .tokens()
        .for_person(&cpf())
        .issue()
        .unwrap();
    assert_eq!(token.token.expose(), GOLDEN);
    assert_eq!(token.lifetime, Duration::from_secs(300));
    let end = token.expires_at.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(end.as_secs(), 1_893_456_000);
    assert!(!format!("{token:?}").contains("eyJ"));
}

/// Contract caf, 9.2: no token of ours is without an end, so it is the signer alone that is asked.
#[test]
fn the_golden_token_without_an_end_byte_for_byte() {
    let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
    let token = signer.sign(&Claims::new().text("iss", CLIENT_ID));
    assert_eq!(token.expose(), GOLDEN_WITHOUT_END);
}

/// Contract caf, 9.3, the trap: the secret is no base64, even if it looks like it.
#[test]
fn a_secret_that_looks_like_base64_is_used_as_it_is() {
    let client = Client::builder()
        .mobile_key(CLIENT_ID, "c2VjcmV0LXNlY3JldC1zZWNyZXQ=")
        .transport(ScriptedTransport::new([]).shared())
        .clock(clock().shared())
        .build()
        .unwrap();
    let token = client.mobile().tokens().for_person(&cpf()).issue().unwrap();
    let (message, signature) = token.token.expose().rsplit_once('.').unwrap();
    assert_eq!(message, GOLDEN.rsplit_once('.').unwrap().0);
    assert_eq!(signature, "9aBFcgRbmGvzgNCk8iwFRGiA2PI09Ii30UbhpndpBWE");
}

#[test]
fn a_life_is_whole_seconds_from_ten_to_fifteen_minutes() {
    let scripted = Scripted::mobile([]);
    let tokens = scripted.client.mobile().tokens();
    for (life, seconds) in [(10_000, 10), (10_999, 10), (300_000, 300), (900_000, 900)] {
        let token = tokens
            .for_anybody()
            .lifetime(Duration::from_millis(life))
            .issue()
            .unwrap();
        assert_eq!(
            claims(token.token.expose()),
            json!({"iss": CLIENT_ID, "exp": NOW + seconds})
        );
        assert_eq!(token.lifetime, Duration::from_secs(seconds));
    }
    for life in [0, 1, 9_999, 900_001, u64::MAX] {
        let error = tokens
            .for_person(&cpf())
            .lifetime(Duration::from_millis(life))
            .issue()
            .unwrap_err();
        scripted.assert_refused(&error);
        assert_silent(&error, &[]);
        let about = if life < 10_000 {
            "10 seconds"
        } else {
            "dangerously_allow_long_life"
        };
        assert!(error.to_string().contains(about), "{error}");
    }
    let day = tokens.for_person(&cpf()).lifetime(Duration::from_secs(86_400));
    assert!(day.clone().dangerously_allow_long_life(false).issue().is_err());
    let token = day.dangerously_allow_long_life(true).issue().unwrap();
    assert_eq!(claims(token.token.expose())["exp"], NOW + 86_400);
    let forever = tokens
        .for_anybody()
        .lifetime(Duration::MAX)
        .dangerously_allow_long_life(true);
    assert!(forever.issue().is_ok());
}

#[derive(Default)]
struct Issued(Mutex<Vec<TokenIssued>>);

impl Observer for Issued {
    fn attempt(&self, _: &Attempt) {
        panic!("nothing was sent");
    }

    fn token_issued(&self, issued: &TokenIssued) {
        self.0.lock().unwrap().push(issued.clone());
    }
}

#[test]
fn the_observer_hears_of_each_token_and_of_no_person() {
    let heard = Arc::new(Issued::default());
    let observer = Arc::clone(&heard);
    let scripted = Scripted::mobile_with([], |config| config.observer(observer));
    let tokens = scripted.client.mobile().tokens();
    tokens.for_person(&cpf()).issue().unwrap();
    tokens
        .for_anybody()
        .lifetime(Duration::from_secs(60))
        .issue()
        .unwrap();
    tokens
        .for_anybody()
        .lifetime(Duration::from_secs(901))
        .issue()
        .unwrap_err();
    let heard = heard.0.lock().unwrap();
    let told: Vec<_> = heard
        .iter()
        .map(|issued| {
            (
                issued.provider,
                issued.key,
                issued.lifetime.as_secs(),
                issued.person_bound,
            )
        })
        .collect();
    let key = KeyHash::of(CLIENT_ID);
    assert_eq!(told, [("caf", key, 300, true), ("caf", key, 60, false)]);
    let shown = format!("{heard:?}");
    assert!(
        !shown.contains("12345678909") && !shown.contains(CLIENT_ID),
        "{shown}"
    );
}

#[test]
fn tokens_of_fifty_people_made_at_once_never_cross() {
    let scripted = Scripted::mobile([]);
    let tokens = scripted.client.mobile().tokens();
    let barrier = Barrier::new(50);
    std::thread::scope(|scope| {
        for number in 0..50_u64 {
            let (tokens, barrier) = (tokens.clone(), &barrier);
            scope.spawn(move || {
                let digits = format!("{:011}", number * 37);
                let person = Cpf::parse(&digits).unwrap();
                barrier.wait();
                for _ in 0..40 {
                    let token = tokens.for_person(&person).issue().unwrap();
                    let expected = json!({"iss": CLIENT_ID, "peopleId": digits, "exp": NOW + 300});
                    assert_eq!(claims(token.token.expose()), expected);
                }
            });
        }
    });
}

#[test]
fn calls_about_fifty_people_made_at_once_never_carry_anothers_token() {
    use caf::testing::drive;
    use caf::transport::{Body, SharedTransport, TransportError};

    let crossed = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&crossed);
    let transport = SharedTransport::new(move |request: http::Request<bytes::Bytes>| {
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let token = request.headers()["authorization"].to_str().unwrap();
        seen.lock()
            .unwrap()
            .push((claims(token)["peopleId"].clone(), body["peopleId"].clone()));
        async {
            Ok::<_, TransportError>(http::Response::new(Body::from(
                r#"{"requestId":"1","isMatch":true}"#,
            )))
        }
    });
    let client = Client::builder()
        .mobile_key(CLIENT_ID, SECRET)
        .transport(transport)
        .clock(ManualClock::new().shared())
        .build()
        .unwrap();
    let barrier = Barrier::new(50);
    std::thread::scope(|scope| {
        for number in 0..50_u64 {
            let (client, barrier) = (client.clone(), &barrier);
            scope.spawn(move || {
                let person = Cpf::parse(&format!("{:011}", number * 41)).unwrap();
                let faces = client.mobile().faces();
                barrier.wait();
                for _ in 0..10 {
                    let call = faces.authenticate(&person, "https://img.example.com/a.jpg");
                    drive(&ManualClock::new(), call.send()).unwrap();
                }
            });
        }
    });
    let seen = crossed.lock().unwrap();
    assert_eq!(seen.len(), 500);
    for (token, body) in seen.iter() {
        assert_eq!(token, body);
    }
}
