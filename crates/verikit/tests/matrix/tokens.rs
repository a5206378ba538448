//! The token request: at most three, and a call that waits for a token was not sent.

use std::time::Duration;

use verikit::transport::SharedTransport;
use verikit::{Delivery, ErrorKind};

use crate::matrix::{NO_WAIT, TOO_LONG};
use crate::operations::{Operation, operations};
use crate::row::{ALWAYS, End, each, open, transport};
use crate::server::{Fault, Plan, Server};

struct Row {
    operation: Operation,
    fault: Fault,
    times: usize,
    /// How many token requests arrive.
    tokens: usize,
    /// The kind of the call's error, unless it succeeds.
    kind: Option<ErrorKind>,
}

/// Everything that needs a token, and asking for one.
fn needing_a_token() -> Vec<Operation> {
    let mut operations = operations();
    operations.retain(|operation| operation.needs_token() || operation.is_token());
    operations
}

async fn play(row: Row, transport: SharedTransport) {
    let operation = row.operation;
    let times = if row.times == ALWAYS { "always" } else { "once" };
    let name = format!(
        "{}: {:?} at the token request, {times}",
        operation.name, row.fault
    );
    let plan = Plan {
        at_token: true,
        ..operation.failing(row.fault, row.times)
    };
    let mut server = Server::start(plan).await;
    if row.fault == Fault::Refused {
        server.refuse().await;
    }
    let opened = open(operation, &server, transport, |connection| {
        if row.kind == Some(ErrorKind::Timeout) {
            connection.timeout = Some(Duration::from_millis(200));
        }
    });
    let result = opened.call().await;
    let requests = if operation.is_token() { 0 } else { server.calls() };
    assert_eq!(server.strays(), [""; 0], "{name}");
    let Some(kind) = row.kind else {
        assert_eq!(End::from(result), End::Answered, "{name}");
        let sent = usize::from(!operation.is_token());
        assert_eq!((server.tokens(), requests), (row.tokens, sent), "{name}");
        return;
    };
    let error = result.expect_err(&name);
    // The deadline may pass before the token request leaves a busy machine.
    let tokens = match kind {
        ErrorKind::Timeout => server.tokens().max(row.tokens),
        _ => server.tokens(),
    };
    assert_eq!((tokens, requests), (row.tokens, 0), "{name}");
    assert_eq!(
        (error.kind(), error.delivery()),
        (kind, Delivery::NotSent),
        "{name}"
    );
    assert!(error.is_safe_to_repeat(), "{name}");
    assert_eq!(error.operation(), operation.name, "{name}");
    if !operation.is_token() {
        assert_eq!(
            error.attempts(),
            0,
            "{name}: token requests are not attempts of the call"
        );
        let step = (kind != ErrorKind::Timeout).then_some("oauth2.token");
        assert_eq!(error.step(), step, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_request_fails() {
    use Fault::{
        Closed, CutBody, CutHead, DripBody, DripHead, Refused, Reset, ResetBeforeReading, Silence, Stall,
        Status,
    };
    let mut table = Vec::new();
    for operation in needing_a_token() {
        let mut row = |fault, kind, tokens| {
            let row = |times, tokens, kind| Row {
                operation,
                fault,
                times,
                tokens,
                kind,
            };
            table.push(row(ALWAYS, tokens, Some(kind)));
            match (fault, kind) {
                // Nobody comes to listen later, and a token request outlasts so short a call.
                (Refused, _) | (_, ErrorKind::Timeout) => {}
                _ if tokens > 1 => table.push(row(1, 2, None)),
                _ => table.push(row(1, 1, Some(kind))),
            }
        };
        row(Refused, ErrorKind::Connect, 0);
        for fault in [ResetBeforeReading, Closed, Reset, CutHead, CutBody] {
            row(fault, ErrorKind::Interrupted, 3);
        }
        for status in [408, 500, 502, 503, 504] {
            row(Status(status, ""), ErrorKind::Provider, 3);
        }
        for wait in NO_WAIT {
            row(Status(429, wait), ErrorKind::RateLimited, 3);
        }
        for wait in TOO_LONG {
            row(Status(429, wait), ErrorKind::RateLimited, 1);
            row(Status(503, wait), ErrorKind::RateLimited, 1);
        }
        for status in [401, 403] {
            row(Status(status, ""), ErrorKind::Auth, 1);
        }
        row(Status(400, ""), ErrorKind::Provider, 1);
        row(Status(302, "location: /elsewhere\r\n"), ErrorKind::Redirect, 1);
        // Asking for a token alone has no deadline but the fetch's own.
        if !operation.is_token() {
            for fault in [DripHead, DripBody, Stall, Silence] {
                row(fault, ErrorKind::Timeout, 1);
            }
        }
    }
    let shared = transport();
    each(table, 24, move |row| play(row, shared.clone())).await;
}
