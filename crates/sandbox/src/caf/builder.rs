//! What the builder can be told about CAF.

use super::mobile_key::CafMobileKey;
use crate::sandbox::SandboxBuilder;

/// CAF.
impl SandboxBuilder {
    /// Adds a Mobile Key of CAF besides the default one, which may run every product.
    pub fn caf_mobile_key(mut self, key: CafMobileKey) -> Self {
        self.providers.caf.mobile_keys.push(key);
        self
    }
}
