//! The Global API and its services.

use super::Operation;

pub(crate) fn operations() -> Vec<Operation> {
    Vec::new()
}
