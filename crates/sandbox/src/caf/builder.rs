//! What the builder can be told about CAF.

use std::time::Duration;

use super::mobile_key::CafMobileKey;
use crate::sandbox::SandboxBuilder;

/// CAF.
impl SandboxBuilder {
    /// Adds a Mobile Key of CAF besides the default one, which may run every product.
    pub fn caf_mobile_key(mut self, key: CafMobileKey) -> Self {
        self.providers.caf.mobile_keys.push(key);
        self
    }

    /// How many reads of a transaction of CAF still find it `PROCESSING`; 0 unless set. It comes to its
    /// status, and webhooks go out, with the read after them.
    pub fn caf_processing_reads(mut self, reads: u32) -> Self {
        self.providers.caf.processing_reads = reads;
        self
    }

    /// How long an access token of CAF's Connect API is valid; 3600 s unless set.
    pub fn caf_connect_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.providers.caf.connect_token_lifetime = lifetime;
        self
    }
}
