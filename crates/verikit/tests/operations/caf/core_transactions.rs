//! The Core API's transactions and document reading.

use super::Operation;

pub(crate) fn operations() -> Vec<Operation> {
    Vec::new()
}
