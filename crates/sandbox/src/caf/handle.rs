//! What a test holds of the emulated CAF.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::account::CafAccount;
use super::core_faces::CafCoreFaces;
use super::global::CafGlobal;
use super::mobile::CafMobile;
use super::sdk::CafSdkSession;
use super::state::State;
use crate::outbox::Delivery;
use crate::script::{ScriptedAnswer, Scripts};

/// The emulated CAF: where its hosts are, who may call them, and what a test can do to them.
pub struct CafSandbox {
    state: Arc<State>,
    scripts: Arc<Scripts>,
    /// The generated Mobile Key.
    client_id: String,
    client_secret: String,
    account: CafAccount,
    mobile: CafMobile,
    core_faces: CafCoreFaces,
    global: CafGlobal,
}

impl CafSandbox {
    pub(super) fn new(state: Arc<State>, scripts: Arc<Scripts>) -> Self {
        let key = state.mobile_keys.first();
        let (client_id, client_secret) = key.map_or_else(Default::default, |key| {
            (key.client_id.clone(), key.client_secret.clone())
        });
        Self {
            account: CafAccount::new(Arc::clone(&state)),
            mobile: CafMobile::new(Arc::clone(&state)),
            core_faces: CafCoreFaces::new(Arc::clone(&state)),
            global: CafGlobal::new(Arc::clone(&state)),
            state,
            scripts,
            client_id,
            client_secret,
        }
    }

    /// Stands for `https://api.mobile.combateafraude.com/`, the Mobile API.
    #[must_use]
    pub fn mobile_url(&self) -> &Url {
        &self.state.urls.mobile
    }

    /// Stands for `https://web.us.prd.caf.io/`, where the SDKs' session tokens come from.
    #[must_use]
    pub fn sdk_url(&self) -> &Url {
        &self.state.urls.sdk
    }

    /// Stands for `https://api.combateafraude.com/`, the Core API.
    #[must_use]
    pub fn core_url(&self) -> &Url {
        &self.state.urls.core
    }

    /// Stands for `https://api.us.prd.caf.io/`, the Connect API.
    #[must_use]
    pub fn connect_url(&self) -> &Url {
        &self.state.urls.connect
    }

    /// Stands for `https://mtls.us.prd.caf.io/`, the Connect API for callers with a certificate. The sandbox
    /// speaks no TLS: here it is the same API on another port, and asks for no certificate.
    #[must_use]
    pub fn connect_mtls_url(&self) -> &Url {
        &self.state.urls.mtls
    }

    /// Stands for `https://api.public.caf.io/v1`, the Global API.
    #[must_use]
    pub fn global_url(&self) -> &Url {
        &self.state.urls.global
    }

    /// Stands for `https://api.sa.prd.combateafraude.com/`, the host of the one service `cpf_sync`.
    #[must_use]
    pub fn cpf_sync_url(&self) -> &Url {
        &self.state.urls.cpf_sync
    }

    /// The made-up client id of the default Mobile Key, which may run every product.
    #[must_use]
    pub fn mobile_client_id(&self) -> &str {
        &self.client_id
    }

    /// The made-up secret of the default Mobile Key. It signs tokens and answers.
    #[must_use]
    pub fn mobile_client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The made-up token for the Core API. At the Global API it lacks the permission.
    #[must_use]
    pub fn core_token(&self) -> &str {
        &self.state.trust.core
    }

    /// The made-up client id of the application that calls the Connect API.
    #[must_use]
    pub fn connect_client_id(&self) -> &str {
        &self.state.application.client_id
    }

    /// The made-up secret of the application that calls the Connect API.
    #[must_use]
    pub fn connect_client_secret(&self) -> &str {
        &self.state.application.client_secret
    }

    /// The made-up token for the Global API. At the Core API it lacks the permission.
    #[must_use]
    pub fn global_token(&self) -> &str {
        &self.state.trust.global
    }

    /// A token of Trust that has no permission: the Core and Global APIs answer it with 403.
    #[must_use]
    pub fn token_without_permissions(&self) -> &str {
        &self.state.trust.without_permissions
    }

    /// The customer's account: transactions, onboarding links, and where webhooks go.
    #[must_use]
    pub fn account(&self) -> &CafAccount {
        &self.account
    }

    /// The Global API's orchestrations.
    #[must_use]
    pub fn global(&self) -> &CafGlobal {
        &self.global
    }

    /// Has no access token of the Connect API be valid any more.
    pub fn revoke_connect_tokens(&self) {
        self.state.connect_tokens.revoke_all();
    }

    /// The Mobile API's faces, attempts and signed answers.
    #[must_use]
    pub fn mobile(&self) -> &CafMobile {
        &self.mobile
    }

    /// The sessions that SDKs were given tokens for, oldest first.
    #[must_use]
    pub fn sdk_sessions(&self) -> Vec<CafSdkSession> {
        self.state.sdk_sessions().clone()
    }

    /// The Core API's faces and attempts.
    #[must_use]
    pub fn core_faces(&self) -> &CafCoreFaces {
        &self.core_faces
    }

    /// What Connect's webhooks are signed with.
    #[must_use]
    pub fn webhook_secret(&self) -> &str {
        &self.state.webhook_secret
    }

    /// The webhooks so far of all families, oldest first, also those that were not sent because the sandbox
    /// speaks no TLS: hand their headers and body to the code that receives webhooks.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.state.webhooks.deliveries()
    }

    /// Waits until no webhook is due: each has ended, or waits for the sandbox's clock.
    pub async fn webhooks_settled(&self) {
        self.state.webhooks.settled().await;
    }

    /// Sends a webhook once more, with the same bytes, as a provider may that lost the answer. `id` is the
    /// event's, or the [delivery's](Delivery::id) where bodies have none. `false` if there is none.
    pub fn repeat_webhook(&self, id: &str) -> bool {
        self.state.webhooks.repeat(id)
    }

    /// Has one of the hosts give this answer, once, to the next request that it fits. The hosts share their
    /// waiting answers: keep one for the request that it is meant for with `for_host` or `for_path_prefix`.
    /// Answers wait in the order in which they were added.
    pub fn answer_next(&self, answer: ScriptedAnswer) {
        self.scripts.add(answer);
    }

    /// How many scripted answers were not given yet.
    #[must_use]
    pub fn waiting_answers(&self) -> usize {
        self.scripts.waiting()
    }
}

impl fmt::Debug for CafSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafSandbox")
            .field("urls", &self.state.urls)
            .finish_non_exhaustive()
    }
}
