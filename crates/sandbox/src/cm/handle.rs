//! What a test holds of the emulated CM.com.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::id_scan::CmIdScan;
use super::mobile_identity::CmMobileIdentity;
use super::state::State;
use crate::script::{ScriptedAnswer, Scripts};

/// The emulated CM.com: where it is, who may call it, and what a test can do to it.
pub struct CmSandbox {
    state: Arc<State>,
    scripts: Arc<Scripts>,
    mobile_identity: CmMobileIdentity,
    id_scan: CmIdScan,
    urls: Urls,
}

struct Urls {
    mobile_identity: Url,
    mobile_identity_sandbox: Url,
    id_scan: Url,
}

impl CmSandbox {
    pub(super) fn new(state: Arc<State>, scripts: Arc<Scripts>) -> Self {
        let base = |name: &str| {
            let mut url = state.api_url.clone();
            url.set_path(&format!("/{name}/v1"));
            url
        };
        Self {
            urls: Urls {
                mobile_identity: base("mobile-identity"),
                mobile_identity_sandbox: base("mobile-identity-sandbox"),
                id_scan: base("id-scan"),
            },
            mobile_identity: CmMobileIdentity::new(Arc::clone(&state)),
            id_scan: CmIdScan::new(Arc::clone(&state)),
            state,
            scripts,
        }
    }

    /// The key id of the one credential, which opens all three bases: a UUID, unless the builder set it.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.state.credential.key_id
    }

    /// The made-up secret of the credential. It signs tokens and callbacks.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.state.credential.secret
    }

    /// Stands for `https://api.cm.com/mobile-identity/v1`.
    #[must_use]
    pub fn mobile_identity_url(&self) -> &Url {
        &self.urls.mobile_identity
    }

    /// Stands for `https://api.cm.com/mobile-identity-sandbox/v1`.
    #[must_use]
    pub fn mobile_identity_sandbox_url(&self) -> &Url {
        &self.urls.mobile_identity_sandbox
    }

    /// Stands for `https://api.cm.com/id-scan/v1`.
    #[must_use]
    pub fn id_scan_url(&self) -> &Url {
        &self.urls.id_scan
    }

    /// Stands for `https://id-scan.identity.cm.com/`, the host of ID Scan's page for the end user.
    #[must_use]
    pub fn id_scan_page_url(&self) -> &Url {
        &self.state.page_url
    }

    /// SIM swap, identity match and number verify.
    #[must_use]
    pub fn mobile_identity(&self) -> &CmMobileIdentity {
        &self.mobile_identity
    }

    /// ID Scan.
    #[must_use]
    pub fn id_scan(&self) -> &CmIdScan {
        &self.id_scan
    }

    /// Has the APIs' host give this answer, once, to the next request that it fits. Answers wait in the
    /// order in which they were added.
    pub fn answer_next(&self, answer: ScriptedAnswer) {
        self.scripts.add(answer);
    }

    /// How many scripted answers were not given yet.
    #[must_use]
    pub fn waiting_answers(&self) -> usize {
        self.scripts.waiting()
    }
}

impl fmt::Debug for CmSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CmSandbox")
            .field("api_url", &self.state.api_url.as_str())
            .finish_non_exhaustive()
    }
}
