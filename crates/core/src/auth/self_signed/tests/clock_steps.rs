//! The client's wall clock is put right while a token lives.

use std::sync::atomic::AtomicI64;

use super::*;
use crate::clock::Sleep;

/// A clock whose wall time can be set, as time synchronisation does it.
#[derive(Debug, Clone)]
struct Stepped {
    steady: ManualClock,
    off: Arc<AtomicI64>,
}

impl Clock for Stepped {
    fn now(&self) -> Instant {
        self.steady.now()
    }

    fn system_time(&self) -> SystemTime {
        let off = self.off.load(Ordering::Relaxed);
        let by = Duration::from_secs(off.unsigned_abs());
        let time = self.steady.system_time();
        if off < 0 { time - by } else { time + by }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.steady.sleep(duration)
    }
}

/// What a server that goes by `clock` answers to the token in `request`: a 401 with its `Date`, or nothing.
fn refusal(clock: &ManualClock, request: &http::Request<Bytes>) -> Option<http::HeaderMap> {
    let now = unix_seconds(clock.system_time());
    let times = read(request.headers()[AUTHORIZATION].to_str().unwrap());
    let refused = now < times.nbf || times.exp <= now;
    refused.then(|| {
        let date = http_date(now).unwrap().parse().unwrap();
        http::HeaderMap::from_iter([(DATE, date)])
    })
}

#[test]
fn a_token_of_a_wrong_clock_goes_when_the_clock_is_put_right() {
    for off in [-3600, 3600, -90, 90, i64::from(i32::MIN) / 8] {
        let clock = Stepped {
            steady: ManualClock::new(),
            off: Arc::new(AtomicI64::new(off)),
        };
        let signer = Hs256::new(&Secret::new(SECRET), None).unwrap();
        let claims = |validity: Validity| {
            Claims::new()
                .seconds("iat", validity.from)
                .seconds("nbf", validity.from)
                .seconds("exp", validity.until)
        };
        let builder = SelfSigned::builder(signer, claims).lifetime(Duration::from_secs(600));
        let signed = builder.build(Arc::new(clock.clone())).unwrap();
        let authorised = || {
            let mut request = http::Request::new(Bytes::new());
            let ticket = match signed.authorize(&mut request, clock.now()) {
                Authorization::Done(Ok(ticket)) => ticket,
                other => panic!("{other:?}"),
            };
            (request, ticket)
        };
        authorised();
        clock.off.store(0, Ordering::Relaxed);

        let (request, ticket) = authorised();
        if let Some(headers) = refusal(&clock.steady, &request) {
            let answer = RefusedAnswer {
                headers: &headers,
                received_at: clock.system_time(),
            };
            assert!(
                signed.refused(&ticket, &answer),
                "{off}: another token may be taken"
            );
        }
        for _ in 0..3 {
            let (request, _) = authorised();
            assert!(refusal(&clock.steady, &request).is_none(), "{off}");
            clock.steady.advance(Duration::from_secs(400));
        }
        let (_, ticket) = authorised();
        let date = http_date(unix_seconds(clock.system_time())).unwrap();
        let headers = http::HeaderMap::from_iter([(DATE, date.parse().unwrap())]);
        let answer = RefusedAnswer {
            headers: &headers,
            received_at: clock.system_time(),
        };
        assert!(
            !signed.refused(&ticket, &answer),
            "{off}: the clock explains no more refusals"
        );
    }
}
