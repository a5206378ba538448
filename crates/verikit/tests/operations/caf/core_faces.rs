//! The Core API's onboarding links, profiles and faces.

use super::Operation;

pub(crate) fn operations() -> Vec<Operation> {
    Vec::new()
}
