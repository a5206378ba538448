//! The Connect API.

use super::Operation;

pub(crate) fn operations() -> Vec<Operation> {
    Vec::new()
}
