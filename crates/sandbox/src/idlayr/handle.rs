//! What a test holds of the emulated IDlayr.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use url::Url;

use super::callbacks::IdlayrForgery;
use super::checks::Check;
use super::project::IdlayrProject;
use super::state::State;
use crate::outbox::Delivery;
use crate::script::{ScriptedAnswer, Scripts};

/// The emulated IDlayr: where it is, who may call it, and what a test can do to it.
pub struct IdlayrSandbox {
    pub(super) state: Arc<State>,
    scripts: Arc<Scripts>,
    default_project: IdlayrProject,
}

/// A check as the sandbox holds it. The phone number is masked except for its last two digits.
#[derive(Clone, PartialEq, Eq)]
pub struct IdlayrCheck {
    check_id: String,
    product: &'static str,
    version: &'static str,
    status: &'static str,
    is_final: bool,
    masked_phone_number: String,
    reference_id: Option<String>,
    matched: Option<bool>,
    no_sim_change: Option<bool>,
    error_code: Option<&'static str>,
    check_url: Option<String>,
}

impl IdlayrCheck {
    fn new(check: &Check, base_url: &Url) -> Self {
        Self {
            check_id: check.id.clone(),
            product: check.kind.name,
            version: check.version.as_str(),
            status: check.status.as_str(),
            is_final: check.status.is_final(),
            masked_phone_number: check.masked_number(),
            reference_id: check.reference_id.clone(),
            matched: check.matched,
            no_sim_change: check.no_sim_change(),
            error_code: check.error_code,
            check_url: check.check_url(base_url),
        }
    }

    /// The check's id.
    #[must_use]
    pub fn check_id(&self) -> &str {
        &self.check_id
    }

    /// `PhoneCheck`, `SubscriberCheck` or `SIMCheck`.
    #[must_use]
    pub fn product(&self) -> &str {
        self.product
    }

    /// `v0.1` or `v0.2`.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version
    }

    /// `ACCEPTED`, `PENDING`, `COMPLETED`, `EXPIRED` or `ERROR`.
    #[must_use]
    pub fn status(&self) -> &str {
        self.status
    }

    /// Whether the status will not change any more.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.is_final
    }

    /// The number, masked except for its last two digits.
    #[must_use]
    pub fn masked_phone_number(&self) -> &str {
        &self.masked_phone_number
    }

    /// The caller's own reference.
    #[must_use]
    pub fn reference_id(&self) -> Option<&str> {
        self.reference_id.as_deref()
    }

    /// Whether the number is the phone's; `None` without a result, and for a SIMCheck.
    #[must_use]
    pub fn is_match(&self) -> Option<bool> {
        self.matched
    }

    /// Whether the SIM stayed the same; `None` without a result, and for a PhoneCheck.
    #[must_use]
    pub fn no_sim_change(&self) -> Option<bool> {
        self.no_sim_change
    }

    /// Why a check ended as `ERROR`.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        self.error_code
    }

    /// The URL for the device; `None` for a SIMCheck, which needs no device.
    #[must_use]
    pub fn check_url(&self) -> Option<&str> {
        self.check_url.as_deref()
    }
}

impl IdlayrSandbox {
    pub(super) fn new(state: Arc<State>, scripts: Arc<Scripts>, default_project: IdlayrProject) -> Self {
        Self {
            state,
            scripts,
            default_project,
        }
    }

    /// Stands for `https://eu.api.idlayr.com/`.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.state.base_url
    }

    /// The operator that devices are sent to; a server calls nothing there.
    #[must_use]
    pub fn operator_url(&self) -> &Url {
        &self.state.operator_url
    }

    /// The client id of the default project, whose scopes are `phone_check`, `coverage`,
    /// `subscriber_check`, `sim_check` and `mo_check`.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.default_project.client_id
    }

    /// The made-up secret of the default project.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.default_project.client_secret
    }

    /// The client id of the workspace's credential, whose scope is `console`.
    #[must_use]
    pub fn console_client_id(&self) -> &str {
        &self.state.console_credential.client_id
    }

    /// The made-up secret of the workspace's credential.
    #[must_use]
    pub fn console_client_secret(&self) -> &str {
        &self.state.console_credential.client_secret
    }

    /// Has the API's host give this answer, once, to the next request that it fits. Answers wait in the
    /// order in which they were added.
    pub fn answer_next(&self, answer: ScriptedAnswer) {
        self.scripts.add(answer);
    }

    /// How many scripted answers were not given yet.
    #[must_use]
    pub fn waiting_answers(&self) -> usize {
        self.scripts.waiting()
    }

    /// Makes every token issued so far invalid, as if the provider had rotated its keys.
    pub fn revoke_all_tokens(&self) {
        self.state.revoke_all_tokens();
    }

    /// Moves the device that asks whether it can be reached.
    pub fn set_device_ip(&self, ip: IpAddr) {
        self.state.data().device_ip = ip;
    }

    /// Every PhoneCheck, SubscriberCheck and SIMCheck of every project, oldest first.
    #[must_use]
    pub fn checks(&self) -> Vec<IdlayrCheck> {
        let mut data = self.state.data();
        let checks = self.state.present_checks(&mut data);
        checks
            .into_iter()
            .map(|check| IdlayrCheck::new(check, &self.state.base_url))
            .collect()
    }

    /// Lets one check expire now. `false` if there is none or if it has ended already.
    pub fn expire_check(&self, check_id: &str) -> bool {
        self.state
            .with_any_check(check_id, |check, _, now| {
                let is_open = !check.status.is_final();
                if is_open {
                    check.expire(now);
                }
                is_open
            })
            .unwrap_or(false)
    }

    /// All callbacks, oldest first, also those that were not sent because the sandbox speaks no TLS: hand
    /// their headers and body to the code that receives callbacks. The signature is over the URL's path and
    /// query, with the method POST.
    #[must_use]
    pub fn callbacks(&self) -> Vec<Delivery> {
        self.state.callbacks.outbox().deliveries()
    }

    /// Waits until no callback is due: each has ended, or waits for the sandbox's clock.
    pub async fn callbacks_settled(&self) {
        // A check whose time is up by the clock as it is now has a callback that goes out now.
        let _ = self.checks();
        self.state.callbacks.outbox().settled().await;
    }

    /// Sends a callback once more, with the same bytes, as the platform may that lost the answer. `id` is the
    /// [delivery's](Delivery::id). `false` if there is none.
    pub fn repeat_callback(&self, id: &str) -> bool {
        self.state.callbacks.outbox().repeat(id)
    }

    /// Tells anew of the end of a check, signed now; or sends a forgery of that. `false` if there is no such
    /// check, if it has not ended, or if it has no callback URL.
    pub fn send_callback(&self, check_id: &str, forgery: Option<IdlayrForgery>) -> bool {
        let state = &self.state;
        state
            .with_any_check(check_id, |check, random, now| {
                state.callbacks.send(check, &state.base_url, now, random, forgery)
            })
            .unwrap_or(false)
    }

    /// Signs with a new key from now on, and gives its `kid`. The old keys stay published: what they signed
    /// may still be on its way.
    pub fn rotate_signing_key(&self) -> String {
        self.state.callbacks.keys().rotate()
    }

    /// The `kid` of every published key, the one in use last.
    #[must_use]
    pub fn signing_key_ids(&self) -> Vec<String> {
        self.state.callbacks.keys().ids()
    }

    /// What the device was given for an open check, for the control page.
    pub(super) fn code_of(&self, check_id: &str) -> Option<String> {
        self.state
            .with_any_check(check_id, |check, _, _| check.code.clone())
            .flatten()
    }

    pub(super) fn projects(&self) -> &[IdlayrProject] {
        &self.state.settings.projects
    }
}

/// The reference may be anything, and whoever has the check URL takes part in the check.
impl fmt::Debug for IdlayrCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdlayrCheck")
            .field("check_id", &self.check_id)
            .field("product", &self.product)
            .field("version", &self.version)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for IdlayrSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdlayrSandbox")
            .field("base_url", &self.state.base_url.as_str())
            .field("operator_url", &self.state.operator_url.as_str())
            .field("client_id", &self.default_project.client_id)
            .finish_non_exhaustive()
    }
}
