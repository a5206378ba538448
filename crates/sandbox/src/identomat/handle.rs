//! What a test holds of the emulated Identomat.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};
use url::Url;

use super::callback::{self, IdentomatEvent};
use super::outcome::{IdentomatErrorStatus, IdentomatOutcome, IdentomatResultShape, IdentomatSignature};
use super::session::Session;
use super::state::State;
use super::widget;
use crate::outbox::Delivery;
use crate::script::{ScriptedAnswer, Scripts};

/// The emulated Identomat: where it is, who may call it, and what a test can do to it.
pub struct IdentomatSandbox {
    state: Arc<State>,
    scripts: Arc<Scripts>,
    base_url: Url,
}

impl IdentomatSandbox {
    pub(super) fn new(state: Arc<State>, scripts: Arc<Scripts>) -> Self {
        let mut base_url = state.url.clone();
        base_url.set_path("/external-api/");
        Self {
            state,
            scripts,
            base_url,
        }
    }

    /// The made-up company key of the default company.
    #[must_use]
    pub fn company_key(&self) -> &str {
        &self.state.default_company().company_key
    }

    /// The made-up secret key of the default company, which signs its requests and their answers.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        &self.state.default_company().secret_key
    }

    /// The made-up key that the default company's callbacks carry.
    #[must_use]
    pub fn callback_api_key(&self) -> &str {
        &self.state.default_company().callback_api_key
    }

    /// Stands for `https://widget.identomat.com/external-api/`.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Stands for `https://widget.identomat.com/`, the widget for the end user.
    #[must_use]
    pub fn widget_url(&self) -> &Url {
        &self.state.url
    }

    /// All sessions that were not deleted, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<IdentomatSession> {
        let data = self.state.data();
        let sessions = data.sessions().into_iter();
        sessions
            .map(|session| IdentomatSession(session.clone()))
            .collect()
    }

    /// The session with this token.
    #[must_use]
    pub fn session(&self, token: &str) -> Option<IdentomatSession> {
        let data = self.state.data();
        data.session(token).cloned().map(IdentomatSession)
    }

    /// Opens the widget and ends the session as its end user would. `false` if there is no such session, if
    /// it was not opened in time, or if it has come to its end already.
    pub fn finish(&self, token: &str, outcome: IdentomatOutcome) -> bool {
        widget::opened(&self.state, token, "verikit-sandbox".to_owned()).is_ok()
            && widget::finish(&self.state, token, outcome).is_some()
    }

    /// Decides a session as an operator would: also one that was decided before. `false` if there is no such
    /// session, if its end user has not come to the end, or for `Abandoned`, which only end users do.
    pub fn decide(&self, token: &str, outcome: IdentomatOutcome) -> bool {
        let mut data = self.state.data();
        let decidable =
            |session: &&mut Session| session.is_finished() && outcome != IdentomatOutcome::Abandoned;
        let Some(session) = data.session_mut(token).filter(decidable) else {
            return false;
        };
        session.outcome = Some(outcome);
        session.is_by_operator = true;
        true
    }

    /// Spoils the signature of the next answer that would have one: the next success of a signed request.
    pub fn spoil_next_signature(&self, signature: IdentomatSignature) {
        self.state.data().next_signature = Some(signature);
    }

    /// Sets the HTTP status of errors.
    pub fn set_error_status(&self, status: IdentomatErrorStatus) {
        self.state.data().error_status = status;
    }

    /// Sets which generation of result bodies is sent.
    pub fn set_result_shape(&self, shape: IdentomatResultShape) {
        self.state.data().result_shape = shape;
    }

    /// The widget's address for a session.
    #[must_use]
    pub fn widget_address(&self, token: &str) -> Url {
        self.state.widget_address(token)
    }

    /// Sends an event of a session to its company's callback URL. `false` if there is no such session.
    pub fn send_callback(&self, token: &str, event: IdentomatEvent) -> bool {
        callback::send(&self.state, token, event)
    }

    /// Has the next callback carry another key than the company's.
    pub fn forge_next_callback(&self) {
        self.state.data().forges_next_callback = true;
    }

    /// The callbacks so far, oldest first, also those that were not sent because no URL is set or because the
    /// sandbox speaks no TLS: hand their body to the code that receives callbacks.
    #[must_use]
    pub fn callbacks(&self) -> Vec<Delivery> {
        self.state.callbacks.deliveries()
    }

    /// Waits until no callback is due: each has ended, or waits for the sandbox's clock.
    pub async fn callbacks_settled(&self) {
        self.state.callbacks.settled().await;
    }

    /// Has the host give this answer, once, to the next request that it fits. The widget is on the same host:
    /// keep an answer for the API with `for_path_prefix("/external-api")`. Answers wait in the order in which
    /// they were added.
    pub fn answer_next(&self, answer: ScriptedAnswer) {
        self.scripts.add(answer);
    }

    /// How many scripted answers were not given yet.
    #[must_use]
    pub fn waiting_answers(&self) -> usize {
        self.scripts.waiting()
    }
}

impl fmt::Debug for IdentomatSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentomatSandbox")
            .field("base_url", &self.base_url.as_str())
            .field("sessions", &self.state.data().sessions().len())
            .finish_non_exhaustive()
    }
}

/// A session as the sandbox holds it. `Debug` shows neither its token nor what it was begun with.
#[derive(Clone, Debug)]
pub struct IdentomatSession(Session);

impl IdentomatSession {
    /// The token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0.token
    }

    /// The flags that it was begun with.
    #[must_use]
    pub fn flags(&self) -> &Map<String, Value> {
        &self.0.flags
    }

    /// The steps that it was begun with.
    #[must_use]
    pub fn steps(&self) -> &[Map<String, Value>] {
        &self.0.steps
    }

    /// The configuration that it was begun with.
    #[must_use]
    pub fn config_id(&self) -> Option<&str> {
        self.0.config_id.as_deref()
    }

    /// The token of the parent session.
    #[must_use]
    pub fn parent_session_id(&self) -> Option<&str> {
        self.0.parent.as_deref()
    }

    /// When it began, by the sandbox's clock.
    #[must_use]
    pub fn began(&self) -> SystemTime {
        self.0.began
    }

    /// Whether the end user has opened it.
    #[must_use]
    pub fn is_opened(&self) -> bool {
        self.0.is_opened
    }

    /// How it ended; `None` until then.
    #[must_use]
    pub fn outcome(&self) -> Option<&IdentomatOutcome> {
        self.0.outcome.as_ref()
    }
}
