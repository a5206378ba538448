//! CAF, a file for each family of its APIs.

mod connect;
mod core_faces;
mod core_transactions;
mod global;
mod mobile;

use super::Operation;

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
