//! The Mobile API and SDK session tokens.

use super::Operation;

pub(crate) fn operations() -> Vec<Operation> {
    Vec::new()
}
