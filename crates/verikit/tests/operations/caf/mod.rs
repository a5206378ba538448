//! CAF, a file for each family of its APIs.

mod connect;
mod core_faces;
mod core_transactions;
mod global;
mod mobile;

use super::{Connection, Operation, connected};

/// The list. A new operation joins with one entry in its family's file.
pub(crate) fn operations() -> Vec<Operation> {
    [
        mobile::operations(),
        core_transactions::operations(),
        core_faces::operations(),
        connect::operations(),
        global::operations(),
    ]
    .concat()
}

/// A family's client, of which the address is set.
fn client(config: caf::Config, connection: &Connection) -> caf::Client {
    connected!(config, connection)
}
