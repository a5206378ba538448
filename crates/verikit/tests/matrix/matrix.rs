//! Operations x phases and statuses: how often each arrives, and what the caller is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use verikit::transport::{Body, SharedTransport, TransportError, TransportErrorKind};
use verikit::{Delivery, ErrorKind};

use crate::operations::{Connection, Operation, Sent, calls, line_of, providers};
use crate::row::{ALWAYS, End, each, open, transport};
use crate::server::{Fault, Plan, Server};

/// Long enough for a token and a request on a busy machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

struct Row {
    plan: Plan,
    what: String,
    /// How often the operation arrives at the server.
    arrivals: usize,
    end: End,
}

async fn play(row: Row, transport: SharedTransport) {
    let operation = row.plan.operation;
    let name = format!("{} {}: {}", operation.provider, operation.title(), row.what);
    let mut server = Server::start(row.plan).await;
    let slow = matches!(
        row.plan.fault,
        Fault::Silence | Fault::DripHead | Fault::DripBody | Fault::Stall
    );
    let opened = open(operation, &server, transport, |connection| {
        match (slow, row.plan.times) {
            (true, ALWAYS) => connection.timeout = Some(SHORT),
            (true, _) if operation.sent == Sent::Once => connection.timeout = Some(SHORT),
            // The attempt was over with the head.
            (true, _) if operation.is_streaming_at(row.plan.fault) => connection.timeout = Some(SHORT),
            (true, _) => connection.attempt_timeout = Some(SHORT),
            (false, _) => {}
        }
    });
    opened.warm_up().await.expect(&name);
    if row.plan.fault == Fault::Refused {
        server.refuse().await;
    }
    let end = End::from(opened.call().await);
    assert_eq!((server.calls(), end), (row.arrivals, row.end), "{name}");
    assert_eq!(server.strays(), [""; 0], "{name}");
}

/// One kind of trouble: persistent, and once with a good answer after it.
fn rows(operation: Operation, fault: Fault, kind: ErrorKind, delivery: Delivery, sends: u32) -> [Row; 2] {
    let arrivals = usize::try_from(sends).unwrap();
    let persistent = Row {
        plan: operation.failing(fault, ALWAYS),
        what: format!("{fault:?}, always"),
        arrivals: if fault == Fault::Refused { 0 } else { arrivals },
        end: operation.failed(kind, delivery, sends),
    };
    let once = Row {
        plan: operation.failing(fault, 1),
        what: format!("{fault:?}, once"),
        arrivals: if sends > 1 { 2 } else { 1 },
        end: if sends > 1 {
            End::Answered
        } else {
            operation.failed(kind, delivery, 1)
        },
    };
    [persistent, once]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn phases() {
    use Fault::{
        Closed, CutBody, CutHead, DripBody, DripHead, Refused, Reset, ResetBeforeReading, ResetPooled,
        Silence, Stall,
    };
    let mut table = Vec::new();
    for operation in calls() {
        let sends_at = |fault| match operation.sent {
            Sent::Safe if !operation.is_streaming_at(fault) => 3,
            _ => 1,
        };
        for fault in [ResetBeforeReading, ResetPooled, Closed, Reset, CutHead, CutBody] {
            table.extend(rows(
                operation,
                fault,
                ErrorKind::Interrupted,
                operation.delivery_after(fault),
                sends_at(fault),
            ));
        }
        for fault in [DripHead, DripBody, Stall, Silence] {
            let delivery = operation.delivery_after(fault);
            let sends = sends_at(fault);
            let [mut persistent, once] = rows(operation, fault, ErrorKind::Timeout, delivery, sends);
            // The one attempt takes all the time there is.
            persistent.arrivals = 1;
            persistent.end = operation.failed(ErrorKind::Timeout, delivery, 1);
            table.extend([persistent, once]);
        }
        // Nobody comes to listen later: what recovers is shown by the other phases.
        let [refused, _] = rows(operation, Refused, ErrorKind::Connect, Delivery::NotSent, 3);
        table.push(refused);
    }
    let shared = transport();
    each(table, 12, move |row| play(row, shared.clone())).await;
}

/// The pooled connection is closed right after the answer before. Either the client has noticed and opens
/// another, or the request is lost in it: which of the two is a matter of microseconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stale_pooled_connections() {
    const CALLS: usize = 8;
    let shared = transport();
    each(calls(), 4, move |operation| {
        let transport = shared.clone();
        async move {
            let plan = Plan {
                forsakes: true,
                ..operation.failing(Fault::Closed, 0)
            };
            let server = Server::start(plan).await;
            let opened = open(operation, &server, transport, |_| {});
            let title = operation.title();
            opened.warm_up().await.expect(&title);
            for number in 1..=CALLS {
                let name = format!("{title}: stale pooled connection, call {number}");
                let before = server.calls();
                let end = End::from(opened.call().await);
                let arrivals = server.calls() - before;
                if end == End::Answered {
                    assert_eq!(arrivals, 1, "{name}");
                } else {
                    let lost = operation.failed(ErrorKind::Interrupted, Delivery::Unknown, 1);
                    assert_eq!((operation.sent, arrivals, end), (Sent::Once, 0, lost), "{name}");
                }
            }
            assert_eq!(server.strays(), [""; 0], "{title}");
        }
    })
    .await;
}

/// The reset meets the client while it connects, where it has sent nothing and may repeat, or after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_reset_as_they_are_made() {
    let shared = transport();
    let rows: Vec<_> = calls()
        .into_iter()
        .flat_map(|operation| [(operation, ALWAYS), (operation, 1)])
        .collect();
    each(rows, 4, move |(operation, times)| {
        let transport = shared.clone();
        async move {
            let often = if times == ALWAYS { "always" } else { "once" };
            let name = format!("{}: reset at once, {often}", operation.title());
            let server = Server::start(operation.failing(Fault::ResetAtOnce, times)).await;
            let opened = open(operation, &server, transport, |_| {});
            opened.warm_up().await.expect(&name);
            let result = opened.call().await;
            let connections = server.calls();
            let Err(error) = result else {
                assert_eq!((times, connections), (1, 2), "{name}");
                return;
            };
            let attempts = usize::try_from(error.attempts()).unwrap();
            assert_eq!(attempts, connections, "{name}: {error}");
            if operation.sent == Sent::Safe {
                assert_eq!((times, connections), (ALWAYS, 3), "{name}: {error}");
                return;
            }
            match (error.kind(), error.delivery()) {
                (ErrorKind::Connect, Delivery::NotSent) => {
                    assert_eq!((times, connections), (ALWAYS, 3), "{name}");
                }
                (ErrorKind::Interrupted, Delivery::Unknown) => assert!(!error.is_safe_to_repeat(), "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statuses() {
    use Delivery::{Refused, Unknown};
    use ErrorKind::{Auth, Provider, RateLimited};
    let mut table = Vec::new();
    for operation in calls() {
        let safe = operation.sent == Sent::Safe;
        let if_safe = if safe { 3 } else { 1 };
        for status in [408, 500, 502, 503, 504] {
            table.extend(rows(
                operation,
                Fault::Status(status, ""),
                Provider,
                Unknown,
                if_safe,
            ));
        }
        for wait in NO_WAIT {
            table.extend(rows(operation, Fault::Status(429, wait), RateLimited, Refused, 3));
        }
        for wait in ["retry-after: 0\r\n", "retry-after: soon\r\n"] {
            table.extend(rows(
                operation,
                Fault::Status(503, wait),
                Provider,
                Unknown,
                if_safe,
            ));
        }
        for wait in TOO_LONG {
            table.extend(rows(operation, Fault::Status(429, wait), RateLimited, Refused, 1));
            let kind = if safe { RateLimited } else { Provider };
            table.extend(rows(operation, Fault::Status(503, wait), kind, Unknown, 1));
        }
        // A renewed token is another credential, and so is one that is signed for another time; the same
        // token again is not, nor is a secret.
        let sends = if operation.needs_token() { 2 } else { 1 };
        table.extend(rows(operation, Fault::Status(401, ""), Auth, Refused, sends));
        let another_time = Fault::Status(401, "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        let sends = if operation.signs() || operation.needs_token() {
            2
        } else {
            1
        };
        table.extend(rows(operation, another_time, Auth, Refused, sends));
        if operation.needs_token() {
            let mut same = rows(operation, Fault::Status(401, ""), Auth, Refused, 1);
            for row in &mut same {
                row.plan.same_token = true;
                row.what.push_str(", the same token again");
            }
            table.extend(same);
        }
        for status in [400, 402, 403, 404, 409, 412, 422] {
            let kind = if status == 403 { Auth } else { Provider };
            table.extend(rows(operation, Fault::Status(status, ""), kind, Refused, 1));
        }
        for status in [301, 302, 307] {
            let location = "location: /elsewhere\r\n";
            table.extend(rows(
                operation,
                Fault::Status(status, location),
                ErrorKind::Redirect,
                Unknown,
                1,
            ));
        }
        table.extend(rows(operation, Fault::Status(501, ""), Provider, Unknown, 1));
    }
    let shared = transport();
    each(table, 12, move |row| play(row, shared.clone())).await;
}

/// Waits that are over at once, and one that is none.
pub(crate) const NO_WAIT: [&str; 6] = [
    "",
    "retry-after: 0\r\n",
    "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    "retry-after: soon\r\n",
    "retry-after: -1\r\n",
    "retry-after: 0.5\r\n",
];

/// Waits beyond any deadline.
pub(crate) const TOO_LONG: [&str; 3] = [
    "retry-after: 3600\r\n",
    "retry-after: 99999999999999999999999\r\n",
    "retry-after: Fri, 31 Dec 2100 23:59:59 GMT\r\n",
];

/// Ten thousand calls a provider, over all of its operations that are sent once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_creates_whose_answer_is_lost_are_sent_once_each() {
    const CREATES: usize = 10_000;
    for (provider, operations) in providers() {
        let seen: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let counted = Arc::clone(&seen);
        let token_line = operations.iter().find_map(|operation| operation.token_line);
        let transport = SharedTransport::new(move |request: http::Request<bytes::Bytes>| {
            let line = line_of(&request);
            let answer = if token_line == Some(line.as_str()) {
                let token = r#"{"access_token":"t-1","token_type":"bearer","expires_in":3600}"#;
                Ok(http::Response::new(Body::from(token)))
            } else {
                *counted.lock().unwrap().entry(line).or_default() += 1;
                Err(TransportError::new(TransportErrorKind::Interrupted))
            };
            async move {
                tokio::task::yield_now().await;
                answer
            }
        });
        let connection = Connection::new("https://api.example.com", transport);
        let once: Vec<Operation> = operations
            .into_iter()
            .filter(|operation| operation.sent == Sent::Once)
            .collect();
        assert!(!once.is_empty(), "{provider}");
        let each = CREATES.div_ceil(once.len());
        for operation in once {
            let name = format!("{provider} {}: the answer is lost", operation.title());
            let opened = operation.open(&connection);
            let mut creating = JoinSet::new();
            for _ in 0..each {
                creating.spawn(opened.call());
            }
            while let Some(created) = creating.join_next().await {
                let end = End::from(created.unwrap());
                let lost = operation.failed(ErrorKind::Interrupted, Delivery::Unknown, 1);
                assert_eq!(end, lost, "{name}");
            }
            // Each was sent, and none a second time.
            assert_eq!(seen.lock().unwrap().remove(operation.line), Some(each), "{name}");
        }
        let strays = seen.lock().unwrap();
        assert!(strays.is_empty(), "{provider}: {strays:?}");
    }
}
