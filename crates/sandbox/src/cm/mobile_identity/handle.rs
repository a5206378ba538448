//! What a test holds of the emulated Mobile Identity.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::cm::State;

/// The emulated Mobile Identity.
pub struct CmMobileIdentity {
    state: Arc<State>,
}

impl CmMobileIdentity {
    pub(in crate::cm) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    pub(in crate::cm) fn state_json(&self) -> Value {
        json!({})
    }

    pub(in crate::cm) fn panel(&self) -> String {
        String::new()
    }
}

impl fmt::Debug for CmMobileIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmMobileIdentity")
            .field("api_url", &self.state.api_url.as_str())
            .finish_non_exhaustive()
    }
}
