//! Whatever the server does, a call ends by its deadline.

use std::time::Duration;

use verikit::transport::SharedTransport;
use verikit::{Clock as _, Delivery, ErrorKind, SystemClock};

use crate::operations::{Operation, Sent, calls};
use crate::row::{ALWAYS, each, open, transport};
use crate::server::{Fault, Plan, Server};

const DEADLINE: Duration = Duration::from_millis(200);
const LATE: Duration = Duration::from_millis(100);

#[derive(Clone, Copy)]
struct Row {
    plan: Plan,
    kind: ErrorKind,
    delivery: Delivery,
    /// Whether the call ends at once, without waiting for its deadline.
    at_once: bool,
}

/// Plays a row and says how long the call took.
async fn play(row: Row, name: &str, transport: SharedTransport) -> Duration {
    let server = Server::start(row.plan).await;
    let opened = open(row.plan.operation, &server, transport, |connection| {
        connection.timeout = Some(DEADLINE);
    });
    if !row.plan.at_token {
        opened.warm_up().await.expect(name);
    }
    let call = opened.call();
    let began = SystemClock.now();
    let error = call.await.expect_err(name);
    let took = SystemClock.now() - began;
    assert_eq!(
        (error.kind(), error.delivery()),
        (row.kind, row.delivery),
        "{name}: {error}"
    );
    assert!(row.at_once || took >= DEADLINE, "{name}: gave up after {took:?}");
    took
}

/// A busy machine may be late where the client is not: late three times out of three is the client.
async fn ends_in_time(row: Row, transport: SharedTransport) {
    let fault = row.plan.fault;
    let at = if row.plan.at_token {
        "at the token request"
    } else {
        "at the call"
    };
    let name = format!("{}: {fault:?} {at}", row.plan.operation.title());
    let latest = if row.at_once { LATE } else { DEADLINE + LATE };
    let mut took = Duration::ZERO;
    for _ in 0..3 {
        took = play(row, &name, transport.clone()).await;
        if took <= latest {
            return;
        }
    }
    panic!("{name}: took {took:?}, three times");
}

fn rows(operation: Operation) -> Vec<Row> {
    let row = |fault, at_token, kind, delivery, at_once| Row {
        plan: Plan {
            at_token,
            ..operation.failing(fault, ALWAYS)
        },
        kind,
        delivery,
        at_once,
    };
    let mut rows = Vec::new();
    for fault in [Fault::Silence, Fault::DripHead, Fault::DripBody, Fault::Stall] {
        let delivery = operation.delivery_after(fault);
        rows.push(row(fault, false, ErrorKind::Timeout, delivery, false));
        if operation.needs_token() {
            rows.push(row(fault, true, ErrorKind::Timeout, Delivery::NotSent, false));
        }
    }
    let beyond = "retry-after: 1\r\n";
    rows.push(row(
        Fault::Status(429, beyond),
        false,
        ErrorKind::RateLimited,
        Delivery::Refused,
        true,
    ));
    let kind = match operation.sent {
        Sent::Safe => ErrorKind::RateLimited,
        Sent::Once => ErrorKind::Provider,
    };
    rows.push(row(
        Fault::Status(503, beyond),
        false,
        kind,
        Delivery::Unknown,
        true,
    ));
    if operation.needs_token() {
        // The fetch has time of its own, and waits; the call does not wait for longer than it has.
        rows.push(row(
            Fault::Status(429, beyond),
            true,
            ErrorKind::Timeout,
            Delivery::NotSent,
            false,
        ));
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_ends_by_its_deadline() {
    let shared = transport();
    let table = calls().into_iter().flat_map(rows).collect();
    each(table, 12, move |row| ends_in_time(row, shared.clone())).await;
}
