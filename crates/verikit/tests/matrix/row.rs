//! One row of a table: a call against a server, and what it comes to.

use std::future::Future;

use tokio::task::JoinSet;
use verikit::transport::{BundledTransport, SharedTransport};
use verikit::{Delivery, Error, ErrorKind};

use crate::operations::{Connection, Opened, Operation, Sent};
use crate::server::{Fault, Plan, Server};

/// How a call ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Answered,
    Failed {
        kind: ErrorKind,
        delivery: Delivery,
        attempts: u32,
        safe_to_repeat: bool,
    },
}

impl From<Result<(), Error>> for End {
    fn from(result: Result<(), Error>) -> Self {
        match result {
            Ok(()) => Self::Answered,
            Err(error) => Self::Failed {
                kind: error.kind(),
                delivery: error.delivery(),
                attempts: error.attempts(),
                safe_to_repeat: error.is_safe_to_repeat(),
            },
        }
    }
}

impl Operation {
    /// The end with an error, and what follows from it for repeating by hand.
    pub(crate) fn failed(&self, kind: ErrorKind, delivery: Delivery, attempts: u32) -> End {
        let harmless = matches!(delivery, Delivery::NotSent | Delivery::Refused);
        End::Failed {
            kind,
            delivery,
            attempts,
            safe_to_repeat: self.sent == Sent::Safe || harmless,
        }
    }

    /// Whether the fault meets a stream, whose call was answered with the head before.
    pub(crate) fn is_streaming_at(&self, fault: Fault) -> bool {
        self.streams && matches!(fault, Fault::CutBody | Fault::DripBody | Fault::Stall)
    }

    /// What is known when an answer does not come whole.
    pub(crate) fn delivery_after(&self, fault: Fault) -> Delivery {
        if self.is_streaming_at(fault) {
            Delivery::CarriedOut
        } else {
            Delivery::Unknown
        }
    }

    /// A plan of failing the operation so many times.
    pub(crate) fn failing(self, fault: Fault, times: usize) -> Plan {
        Plan {
            operation: self,
            fault,
            at_token: false,
            times,
            same_token: false,
            forsakes: false,
        }
    }
}

pub(crate) const ALWAYS: usize = usize::MAX;

/// Making one costs more than a call: the rows of a test share it.
pub(crate) fn transport() -> SharedTransport {
    let transport = BundledTransport::builder().dangerously_allow_plain_http(true);
    SharedTransport::new(transport.build().unwrap())
}

/// The operation's own client, for a server of this test.
pub(crate) fn open(
    operation: Operation,
    server: &Server,
    transport: SharedTransport,
    change: impl FnOnce(&mut Connection),
) -> Opened {
    let mut connection = Connection::new(server.base(), transport);
    change(&mut connection);
    operation.open(&connection)
}

/// Runs the rows, so many at a time, and fails with all that failed.
pub(crate) async fn each<R: Send + 'static, F: Future<Output = ()> + Send + 'static>(
    rows: Vec<R>,
    at_once: usize,
    run: impl Fn(R) -> F,
) {
    let mut running = JoinSet::new();
    let mut failed = 0;
    let count = rows.len();
    for row in rows {
        if running.len() >= at_once {
            failed += usize::from(running.join_next().await.unwrap().is_err());
        }
        running.spawn(run(row));
    }
    while let Some(done) = running.join_next().await {
        failed += usize::from(done.is_err());
    }
    assert_eq!(failed, 0, "of {count} rows; each is named above");
}
