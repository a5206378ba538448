//! The table of what may be repeated, through the whole loop.

use super::*;
use Delivery::{CarriedOut, NotSent, Refused, Unknown};

/// How a kind of trouble ends, and how many requests each sort of call sends when it does not stop.
struct Row {
    what: &'static str,
    step: Step,
    kind: ErrorKind,
    delivery: Delivery,
    safe: u32,
    once: u32,
}

fn row(what: &'static str, step: Step, kind: ErrorKind, delivery: Delivery, (safe, once): (u32, u32)) -> Row {
    Row {
        what,
        step,
        kind,
        delivery,
        safe,
        once,
    }
}

fn status(code: u16, kind: ErrorKind, delivery: Delivery, sends: (u32, u32)) -> Row {
    row("a status", Step::answer(code, "no"), kind, delivery, sends)
}

fn rows() -> Vec<Row> {
    use ErrorKind as Kind;
    const BOTH: (u32, u32) = (3, 3);
    const SAFE: (u32, u32) = (3, 1);
    const NONE: (u32, u32) = (1, 1);
    let fail = Step::Fail;
    let mut rows = vec![
        row(
            "no connection",
            fail(TransportErrorKind::Connect),
            Kind::Connect,
            NotSent,
            BOTH,
        ),
        row(
            "a bad certificate",
            fail(TransportErrorKind::Certificate),
            Kind::Tls,
            NotSent,
            NONE,
        ),
        row(
            "an unsendable request",
            fail(TransportErrorKind::Request),
            Kind::InvalidInput,
            NotSent,
            NONE,
        ),
        row(
            "a reset",
            fail(TransportErrorKind::Interrupted),
            Kind::Interrupted,
            Unknown,
            SAFE,
        ),
        row(
            "a refused stream",
            fail(TransportErrorKind::Unprocessed),
            Kind::Interrupted,
            Refused,
            BOTH,
        ),
        row("silence", Step::Silence, Kind::Timeout, Unknown, SAFE),
        row("a cut body", Step::CutBody, Kind::Interrupted, Unknown, SAFE),
        row(
            "an encoded answer",
            Step::json(200, "\u{1f}").header("content-encoding", "gzip"),
            Kind::Decode,
            CarriedOut,
            NONE,
        ),
        row(
            "an encoded refusal",
            Step::answer(500, "\u{1f}").header("content-encoding", "br"),
            Kind::Provider,
            Unknown,
            SAFE,
        ),
        row(
            "an answer over the limit",
            Step::json(200, "x".repeat(1024 * 1024 + 1)),
            Kind::TooLarge,
            CarriedOut,
            NONE,
        ),
        status(429, Kind::RateLimited, Refused, BOTH),
        status(401, Kind::Auth, Refused, NONE),
        status(403, Kind::Auth, Refused, NONE),
        status(101, Kind::Provider, Unknown, NONE),
        status(501, Kind::Provider, Unknown, NONE),
    ];
    rows.extend([408, 500, 502, 503, 504].map(|code| status(code, Kind::Provider, Unknown, SAFE)));
    rows.extend([400, 402, 404, 409, 410, 422].map(|code| status(code, Kind::Provider, Refused, NONE)));
    rows.extend([300, 301, 302, 303, 304, 307, 308].map(|code| status(code, Kind::Redirect, Unknown, NONE)));
    rows
}

fn status_of(step: &Step) -> Option<u16> {
    match step {
        Step::Answer { status, .. } => Some(status.as_u16()),
        _ => None,
    }
}

#[test]
fn every_row_when_it_does_not_stop() {
    for row in rows() {
        for repeat in BOTH {
            let what = format!("{} {:?}, {repeat:?}", row.what, status_of(&row.step));
            let bench = Bench::with(vec![row.step.clone(); 5], |settings| {
                settings.attempt_timeout(Duration::from_secs(5))
            });
            let error = bench.run(repeat).unwrap_err();
            let expected = if repeat == Repeat::Safe {
                row.safe
            } else {
                row.once
            };
            assert_eq!(error.kind(), row.kind, "{what}");
            assert_eq!(error.delivery(), row.delivery, "{what}");
            assert_eq!(error.attempts(), expected, "{what}");
            assert_eq!(bench.sends(), usize::try_from(expected).unwrap(), "{what}");
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                status_of(&row.step),
                "{what}"
            );
            let harmless = repeat == Repeat::Safe || matches!(row.delivery, NotSent | Refused);
            assert_eq!(error.is_safe_to_repeat(), harmless, "{what}");
            assert_eq!(
                (error.provider(), error.operation()),
                ("example", "check.create"),
                "{what}"
            );
        }
    }
}

#[test]
fn every_row_when_it_passes() {
    for row in rows() {
        for repeat in BOTH {
            let what = format!("{} {:?}, {repeat:?}", row.what, status_of(&row.step));
            let script = [row.step.clone(), row.step.clone(), Step::json(200, "{}")];
            let bench = Bench::with(script, |settings| {
                settings.attempt_timeout(Duration::from_secs(5))
            });
            let sends = if repeat == Repeat::Safe {
                row.safe
            } else {
                row.once
            };
            match bench.run(repeat) {
                Ok(reply) => assert_eq!((reply.attempts(), sends), (3, 3), "{what}"),
                Err(error) => assert_eq!((error.attempts(), sends), (1, 1), "{what}"),
            }
        }
    }
}

#[test]
fn an_errors_body_is_kept_up_to_2_kib() {
    for length in [0, 1, 2048, 2049, 70_000] {
        let bench = Bench::new([Step::answer(404, "x".repeat(length))]);
        let error = bench.run(Repeat::Once).unwrap_err();
        assert_eq!(error.body().len(), length.min(2048));
    }
    let bench = Bench::new([Step::answer(404, "\u{1f}").header("content-encoding", "gzip")]);
    let error = bench.run(Repeat::Once).unwrap_err();
    assert!(error.body().is_empty(), "what is encoded is not shown as text");
}

#[test]
fn an_identity_encoding_is_no_encoding() {
    let bench = Bench::new([Step::json(200, "{}").header("content-encoding", "Identity")]);
    assert_eq!(&bench.run(Repeat::Once).unwrap().body()[..], b"{}");
}

#[test]
fn an_undecodable_answer_was_carried_out_and_is_kept_whole() {
    #[derive(Debug, Deserialize)]
    struct Check {
        #[expect(dead_code, reason = "only its type matters")]
        id: String,
    }
    for (body, repeat) in [
        (r#"{"id":447700900042}"#, Repeat::Once),
        ("<html>", Repeat::Safe),
        ("", Repeat::Once),
    ] {
        let bench = Bench::new([
            Step::json(200, body).header("x-request-id", "r-9"),
            Step::json(200, "{}"),
        ]);
        let call = bench.client.call(Ok(operation(repeat)), read_json::<Check>);
        let error = drive(&bench.clock, call.send()).unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.delivery(), CarriedOut);
        assert_eq!((error.attempts(), bench.sends()), (1, 1));
        assert_eq!(&error.body()[..], body.as_bytes());
        assert_eq!(error.request_id(), Some("r-9"));
        assert_eq!(error.is_safe_to_repeat(), repeat == Repeat::Safe);
        assert!(!format!("{error} {error:?}").contains("447700900042"));
    }
}

#[test]
fn a_length_over_the_limit_fails_before_a_byte_is_read_and_a_count_over_it_at_once() {
    let clock = ManualClock::new();
    let pulled = Arc::new(AtomicUsize::new(0));
    for (declared, pulls) in [(Some(11), 0), (None, 11)] {
        pulled.store(0, Ordering::Relaxed);
        let counter = Arc::clone(&pulled);
        let transport = SharedTransport::new(move |_| {
            let counter = Arc::clone(&counter);
            let body = drip(move || {
                counter.fetch_add(1, Ordering::Relaxed);
                std::future::ready(())
            });
            std::future::ready(answered(body.with_declared_length(declared)))
        });
        let client = client(&clock, transport, |settings| settings.json_limit(10));
        let error = drive(&clock, client.call_raw(operation(Repeat::Safe)).send()).unwrap_err();
        assert!(error.is_too_large());
        assert_eq!((error.delivery(), error.attempts()), (CarriedOut, 1));
        assert_eq!(pulled.load(Ordering::Relaxed), pulls);
    }
}

#[test]
fn a_body_shorter_than_declared_is_no_answer() {
    let clock = ManualClock::new();
    let transport = SharedTransport::new(|_| {
        let chunks = futures_util::stream::iter([Ok(Bytes::from_static(b"{}"))]);
        std::future::ready(answered(Body::from_stream(chunks).with_declared_length(Some(3))))
    });
    let client = client(&clock, transport, |settings| settings);
    let error = drive(&clock, client.call_raw(operation(Repeat::Once)).send()).unwrap_err();
    assert!(error.is_interrupted());
    assert_eq!(error.delivery(), Unknown);
}

#[test]
fn what_the_operation_takes_for_an_answer_is_one() {
    let none = r#"{"detail":"none"}"#;
    let bench = Bench::new([
        Step::json(404, none),
        Step::json(404, "{}"),
        Step::json(410, none),
        Step::json(404, none),
    ]);
    let taken = || {
        operation(Repeat::Once).also_accept(|status, body| status == 404 && body == br#"{"detail":"none"}"#)
    };
    let reply = bench.send(bench.client.call_raw(taken())).unwrap();
    assert_eq!((reply.status().as_u16(), reply.attempts()), (404, 1));
    assert_eq!(reply.body(), none);
    for status in [404, 410] {
        let error = bench.send(bench.client.call_raw(taken())).unwrap_err();
        assert_eq!(
            (error.status().unwrap().as_u16(), error.delivery()),
            (status, Refused)
        );
    }
    assert_eq!(bench.run(Repeat::Once).unwrap_err().status().unwrap(), 404);
}

#[test]
fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let no_connection = Step::Fail(TransportErrorKind::Connect);
    for (script, repeat, kind, delivery) in [
        // A delete that was lost on the way back and could not be sent again may be done all the same.
        (
            vec![
                Step::answer(502, ""),
                no_connection.clone(),
                no_connection.clone(),
            ],
            Repeat::Safe,
            ErrorKind::Connect,
            Unknown,
        ),
        (
            vec![Step::CutBody, Step::answer(404, "")],
            Repeat::Safe,
            ErrorKind::Provider,
            Unknown,
        ),
        (
            vec![
                Step::answer(429, ""),
                no_connection.clone(),
                no_connection.clone(),
            ],
            Repeat::Once,
            ErrorKind::Connect,
            Refused,
        ),
        (
            vec![
                no_connection.clone(),
                no_connection.clone(),
                Step::answer(500, ""),
            ],
            Repeat::Once,
            ErrorKind::Provider,
            Unknown,
        ),
    ] {
        let bench = Bench::new(script);
        let error = bench.run(repeat).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.delivery(), delivery, "{error}");
        assert_eq!(bench.transport.unplayed(), 0);
    }
}
