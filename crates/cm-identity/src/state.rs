//! How a SIM swap or an identity match came out (contract cm-identity, 3.1 and 10).

use serde::{Deserialize, Deserializer};

verikit_core::open_enum! {
    /// How a SIM swap or an identity match came out. Only `success` is ever shown in documents; that others
    /// exist is inferred from its being there.
    pub enum State {
        /// There is a result.
        Success = "success",
    }
}

/// Whether there is a result to read. Older answers have no `state`: on a 2xx that means success. A word that
/// this version does not know never does.
pub(crate) fn is_success(state: Option<&State>) -> bool {
    matches!(state, None | Some(State::Success))
}

/// For a `state` that is absent or a text. A `null` is neither.
pub(crate) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<State>, D::Error> {
    State::deserialize(deserializer).map(Some)
}
