//! A sandbox that wants its requests signed, and a client of it.

use std::time::{Duration, SystemTime};

use identomat::{BegunSession, Client, Config, Flags, RetryPolicy};
use verikit_sandbox::{IdentomatHmac, IdentomatSandbox, Sandbox, SandboxBuilder, SandboxClock};

/// Time stands still at 2026-01-01T00:00:00Z.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: SandboxClock,
    pub(crate) client: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(set: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let clock = SandboxClock::manual(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600));
        let builder = Sandbox::builder()
            .seed(7)
            .clock(clock.clone())
            .identomat_hmac(IdentomatHmac::Required);
        let sandbox = set(builder).start().await.unwrap();
        let client = settings(&sandbox)
            .secret_key(sandbox.identomat().secret_key())
            .build()
            .unwrap();
        Self {
            sandbox,
            clock,
            client,
        }
    }

    pub(crate) fn identomat(&self) -> &IdentomatSandbox {
        self.sandbox.identomat()
    }

    pub(crate) async fn begin(&self, flags: Flags) -> BegunSession {
        self.client.sessions().begin().flags(flags).await.unwrap()
    }
}

/// Without HMAC.
pub(crate) fn settings(sandbox: &Sandbox) -> Config {
    let identomat = sandbox.identomat();
    Client::builder(identomat.company_key())
        .base_url(identomat.base_url().as_str())
        .widget_url(identomat.widget_url().as_str())
        .dangerously_allow_plain_http(true)
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}
