//! What a test holds of the emulated ID Scan.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::cm::State;

/// The emulated ID Scan.
pub struct CmIdScan {
    state: Arc<State>,
}

impl CmIdScan {
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

impl fmt::Debug for CmIdScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmIdScan")
            .field("page_url", &self.state.page_url.as_str())
            .finish_non_exhaustive()
    }
}
