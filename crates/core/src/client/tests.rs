//! The loop, played against scripts: no runtime, no socket, no real second.

mod downloads;
mod table;
mod time;
mod waits;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::*;
use crate::observe::Attempt;
use crate::operation::Repeat;
use crate::realm::{Realm, RealmBuilder};
use crate::testing::{ManualClock, ScriptedTransport, Step, drive};
use crate::transport::{Body, SharedTransport, TransportError, TransportErrorKind};
use crate::{Delivery, Reply, Secret, read_json};
use futures_util::FutureExt as _;
use serde::Deserialize;

const BOTH: [Repeat; 2] = [Repeat::Safe, Repeat::Once];

/// A client over a script, and the clock that both go by.
struct Bench {
    clock: ManualClock,
    transport: ScriptedTransport,
    client: Client,
}

impl Bench {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, |settings| settings)
    }

    fn with(steps: impl IntoIterator<Item = Step>, change: impl FnOnce(Settings) -> Settings) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new(steps);
        let client = client(&clock, transport.shared(), change);
        Self {
            clock,
            transport,
            client,
        }
    }

    fn call(&self, repeat: Repeat) -> Call<RawReply> {
        self.client.call_raw(operation(repeat))
    }

    fn send(&self, call: Call<RawReply>) -> Result<RawReply> {
        drive(&self.clock, call.send())
    }

    fn run(&self, repeat: Repeat) -> Result<RawReply> {
        self.send(self.call(repeat))
    }

    fn sends(&self) -> usize {
        self.transport.seen().len()
    }
}

fn client(
    clock: &ManualClock,
    transport: SharedTransport,
    change: impl FnOnce(Settings) -> Settings,
) -> Client {
    let settings = Settings::default().transport(transport).clock(clock.shared());
    Client::new(change(settings)).unwrap()
}

fn realm() -> RealmBuilder {
    Realm::builder("example", "https://api.example.com")
}

fn operation(repeat: Repeat) -> Operation {
    operation_in(&realm().build().unwrap(), repeat)
}

fn operation_in(realm: &Realm, repeat: Repeat) -> Operation {
    let operation = Operation::post("check.create", realm, "/checks", &[]).unwrap();
    operation
        .repeat(repeat)
        .json(&serde_json::json!({"a": 1}))
        .unwrap()
}

/// How much time passes on the clock while `work` runs.
fn elapsed<T>(clock: &ManualClock, work: impl FnOnce() -> T) -> (T, Duration) {
    let began = clock.now();
    let output = work();
    (output, clock.now().duration_since(began))
}

fn answered(body: Body) -> Result<http::Response<Body>, TransportError> {
    Ok(http::Response::new(body))
}

/// A body of one-byte chunks, with what `between` does before each.
fn drip<F>(between: impl Fn() -> F + Send + 'static) -> Body
where
    F: Future<Output = ()> + Send + 'static,
{
    Body::from_stream(futures_util::stream::unfold(between, |between| async move {
        between().await;
        Some((Ok(Bytes::from_static(b"x")), between))
    }))
}

#[test]
fn what_came_along_with_the_answer_is_there() {
    let bench = Bench::new([
        Step::answer(503, ""),
        Step::json(201, r#"{"id":"c-1","new":7}"#).header("x-request-id", "r-1"),
    ]);
    #[derive(Debug, Deserialize)]
    struct Check {
        id: String,
    }
    let call = bench.client.call(Ok(operation(Repeat::Safe)), read_json::<Check>);
    let reply: Reply<_> = drive(&bench.clock, call.send_with_metadata()).unwrap();
    assert_eq!(reply.status(), 201);
    assert_eq!(reply.attempts(), 2);
    assert_eq!(reply.headers()["x-request-id"], "r-1");
    assert_eq!(&reply.raw()[..], br#"{"id":"c-1","new":7}"#);
    assert_eq!(reply.value().id, "c-1");
}

#[test]
fn a_credential_in_an_answer_is_read_and_not_kept() {
    #[derive(Debug, Deserialize)]
    struct Made {
        secret: Secret,
    }
    fn redact(body: &Bytes) -> Bytes {
        let text = std::str::from_utf8(body).unwrap();
        Bytes::from(text.replace("s3cr3t", "***"))
    }
    let bench = Bench::new([
        Step::json(201, r#"{"secret":"s3cr3t"}"#),
        Step::json(201, r#"{"id":"s3cr3t"}"#),
    ]);
    let call = || {
        bench
            .client
            .call_redacted(Ok(operation(Repeat::Once)), redact, read_json::<Made>)
    };
    let reply = drive(&bench.clock, call().send_with_metadata()).unwrap();
    assert_eq!(reply.value().secret.expose(), "s3cr3t");
    assert_eq!(&reply.raw()[..], br#"{"secret":"***"}"#);
    let error = drive(&bench.clock, call().send()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Decode, Delivery::CarriedOut)
    );
    assert_eq!(&error.body()[..], br#"{"id":"***"}"#);
}

#[test]
fn a_credential_in_a_refusal_is_not_kept_either() {
    fn redact(body: &Bytes) -> Bytes {
        let text = std::str::from_utf8(body).unwrap();
        Bytes::from(text.replace("s3cr3t", "***"))
    }
    let bench = Bench::new([Step::answer(500, r#"{"made":{"secret":"s3cr3t"}}"#)]);
    let call = bench
        .client
        .call_redacted(Ok(operation(Repeat::Once)), redact, |_| Ok(()));
    let error = drive(&bench.clock, call.send()).unwrap_err();
    assert_eq!(&error.body()[..], br#"{"made":{"secret":"***"}}"#);
}

/// Whatever an answer was refused for, its headers say what the provider adds: rate limits, dates, cookies.
#[test]
fn an_error_keeps_the_headers_of_its_answer_and_shows_none() {
    let added = |step: Step| {
        step.header("x-ratelimit-remaining", "0")
            .header("set-cookie", "session=c00k1e")
    };
    for step in [
        Step::answer(429, "{}").header("retry-after", "60"),
        Step::answer(400, "{}"),
        Step::json(200, "not json"),
        Step::json(200, "[".repeat(2048)),
        Step::json(200, "\u{1f}").header("content-encoding", "gzip"),
    ] {
        let bench = Bench::new([added(step)]);
        let call = bench
            .client
            .call(Ok(operation(Repeat::Once)), read_json::<serde_json::Value>)
            .answer_limit(1024);
        let error = drive(&bench.clock, call.send()).unwrap_err();
        let headers = error.headers().unwrap();
        assert_eq!(headers["x-ratelimit-remaining"], "0", "{error}");
        assert_eq!(headers["set-cookie"], "session=c00k1e", "{error}");
        let shown = format!("{error} {error:#} {error:?} {error:#?}");
        assert!(!shown.contains("c00k1e"), "{shown}");
    }
    let bench = Bench::new([Step::Fail(TransportErrorKind::Connect)]);
    let call = bench.call(Repeat::Once).retry(RetryPolicy::never());
    assert!(bench.send(call).unwrap_err().headers().is_none());
}

#[test]
fn a_preview_sends_nothing() {
    let bench = Bench::new([]);
    let call = bench.call(Repeat::Once);
    let preview = call.prepare().unwrap();
    assert_eq!(preview.address(), "https://api.example.com/checks");
    assert_eq!(preview.body(), r#"{"a":"[redacted]"}"#);
    assert_eq!(bench.sends(), 0);
    assert_eq!(bench.send(call).unwrap_err().status().unwrap(), 599);
    assert_eq!(bench.sends(), 1, "the same call can still be sent");
}

#[test]
fn an_argument_that_was_refused_is_an_error_when_the_call_is_sent_and_nothing_leaves() {
    let bench = Bench::new([]);
    let refused = Operation::get(
        "check.get",
        &realm().build().unwrap(),
        "/checks/{check_id}",
        &[".."],
    );
    let call = bench.client.call(refused, |reply| Ok(reply.clone()));
    assert!(call.prepare().unwrap_err().is_invalid_input());
    let error = bench.send(call).unwrap_err();
    assert!(error.is_invalid_input());
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(bench.sends(), 0);
}

#[test]
fn options_of_a_call_are_its_own() {
    let bench = Bench::new(std::iter::repeat_n(Step::answer(503, ""), 8));
    let call = bench.call(Repeat::Safe).retry(RetryPolicy::never());
    assert_eq!(bench.send(call).unwrap_err().attempts(), 1);
    let call = bench
        .call(Repeat::Safe)
        .retry(RetryPolicy::default().max_attempts(5));
    assert_eq!(bench.send(call).unwrap_err().attempts(), 5);
    let call = bench
        .call(Repeat::Once)
        .retry(RetryPolicy::default().max_attempts(5));
    assert_eq!(
        bench.send(call).unwrap_err().attempts(),
        1,
        "no policy repeats it"
    );

    let bench = Bench::new([
        Step::Silence,
        Step::json(200, "0123456789"),
        Step::json(200, "0123456789"),
    ]);
    let call = bench.call(Repeat::Once).timeout(Duration::from_secs(3));
    let (error, passed) = elapsed(&bench.clock, || bench.send(call).unwrap_err());
    assert!(error.is_timeout());
    assert_eq!(passed, Duration::from_secs(3));
    let call = bench.call(Repeat::Once).answer_limit(9);
    assert!(bench.send(call).unwrap_err().is_too_large());
    assert_eq!(bench.run(Repeat::Once).unwrap().body().len(), 10);
}

#[test]
fn the_observer_sees_each_attempt_and_what_it_came_to() {
    let attempts: Arc<Mutex<Vec<Attempt>>> = Arc::default();
    let kept = Arc::clone(&attempts);
    let clock = ManualClock::new();
    let ticking = clock.clone();
    let step = AtomicUsize::new(0);
    let transport = SharedTransport::new(move |_| {
        ticking.advance(Duration::from_secs(2));
        let step = step.fetch_add(1, Ordering::Relaxed);
        async move {
            match step {
                0 => {
                    let mut failed = http::Response::new(Body::empty());
                    *failed.status_mut() = http::StatusCode::BAD_GATEWAY;
                    Ok(failed)
                }
                1 => Err(TransportError::new(TransportErrorKind::Connect)),
                _ => answered("{}".into()),
            }
        }
    });
    let observer = move |attempt: &Attempt| {
        kept.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(attempt.clone());
    };
    let client = client(&clock, transport, |settings| {
        settings.observer(Arc::new(observer))
    });
    drive(&clock, client.call_raw(operation(Repeat::Safe)).send()).unwrap();

    let seen = attempts.lock().unwrap();
    let facts: Vec<_> = seen
        .iter()
        .map(|seen| {
            let status = seen.status.map(|status| status.as_u16());
            (seen.number, status, seen.error, seen.delivery)
        })
        .collect();
    assert_eq!(
        facts,
        [
            (1, Some(502), Some(ErrorKind::Provider), Some(Delivery::Unknown)),
            (2, None, Some(ErrorKind::Connect), Some(Delivery::NotSent)),
            (3, Some(200), None, None),
        ]
    );
    for attempt in seen.iter() {
        assert_eq!((attempt.provider, attempt.route), ("example", "/checks"));
        assert_eq!(attempt.elapsed, Duration::from_secs(2));
    }
}

#[test]
fn a_call_outside_of_a_runtime_is_a_configuration_error_and_no_panic() {
    let transport = ScriptedTransport::new([Step::json(200, "{}")]);
    let client = Client::new(Settings::default().transport(transport.shared())).unwrap();
    let error = client
        .call_raw(operation(Repeat::Once))
        .send()
        .now_or_never()
        .expect("it ends at once")
        .unwrap_err();
    assert!(error.is_configuration(), "{error}");
    assert!(error.to_string().contains("tokio"), "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(transport.seen().len(), 0);
}

#[test]
fn a_lost_answer_never_sends_a_once_call_again() {
    let steps = (0..10_000).map(|number| match number % 4 {
        0 => Step::Fail(TransportErrorKind::Interrupted),
        1 => Step::CutBody,
        2 => Step::answer(504, ""),
        _ => Step::Silence,
    });
    let eager = RetryPolicy::default().max_attempts(100).base(Duration::ZERO);
    let bench = Bench::with(steps, |settings| settings.retry(eager));
    for number in 0..10_000 {
        let error = bench.run(Repeat::Once).unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown, "call {number}");
        assert_eq!(error.attempts(), 1, "call {number}");
        assert!(!error.is_safe_to_repeat(), "call {number}");
    }
    assert_eq!(bench.sends(), 10_000);
    assert_eq!(bench.transport.unplayed(), 0);
}
