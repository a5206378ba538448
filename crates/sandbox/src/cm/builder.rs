//! What the builder can be told about CM.com.

use std::time::Duration;

use super::mobile_identity::CmRateLimit;
use super::state::Credential;
use crate::sandbox::SandboxBuilder;

/// CM.com.
impl SandboxBuilder {
    /// Replaces the generated credential of CM.com, which opens all three bases.
    pub fn cm_credential(mut self, key_id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.providers.cm.credential = Some(Credential::new(key_id.into(), secret.into()));
        self
    }

    /// By how much CM.com lets a caller's clock differ from the sandbox's; not at all unless set, as no
    /// tolerance is documented.
    pub fn cm_leeway(mut self, leeway: Duration) -> Self {
        self.providers.cm.leeway = leeway;
        self
    }

    /// Whether Mobile Identity holds callers to one call a second; not unless set.
    pub fn cm_rate_limit(mut self, limit: CmRateLimit) -> Self {
        self.providers.cm.mobile_identity.rate_limit = limit;
        self
    }

    /// Lets the URL of a callback or of a webhook be plain http, if it leads to this machine. Without it only
    /// `https://` is accepted, as the real services have it; the sandbox speaks no TLS, so it sends nothing
    /// there and keeps what it would have sent for
    /// [`CmMobileIdentity::callbacks`](crate::CmMobileIdentity::callbacks) and
    /// [`CmIdScan::deliveries`](crate::CmIdScan::deliveries).
    pub fn cm_plain_http_callbacks(mut self, allowed: bool) -> Self {
        self.providers.cm.allows_plain_http_callbacks = allowed;
        self
    }
}
