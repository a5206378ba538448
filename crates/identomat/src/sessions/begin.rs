//! Beginning a session (contract identomat, 2.1).

use serde::Serialize;
use verikit_core::{Call, CallOptions, Error, Operation, RawReply, Result};

use super::conflicts::FlagConflict;
use super::flags::Flags;
use super::steps::Step;
use super::token::{SessionToken, WidgetUrl};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::route;

verikit_core::identifier! {
    /// Identifies a configuration that was made in the vendor's dashboard.
    pub struct ConfigId;
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Flags::is_empty")]
    flags: &'a Flags,
    #[serde(skip_serializing_if = "<[Step]>::is_empty")]
    steps: &'a [Step],
    #[serde(skip_serializing_if = "Option::is_none")]
    config_id: Option<&'a ConfigId>,
}

/// A session that is about to begin. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct BeginSession {
    client: Client,
    flags: Flags,
    steps: Vec<Step>,
    config_id: Option<ConfigId>,
    parent: Option<SessionToken>,
    options: CallOptions,
}

impl BeginSession {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            flags: Flags::new(),
            steps: Vec::new(),
            config_id: None,
            parent: None,
            options: CallOptions::default(),
        }
    }

    /// How it goes.
    pub fn flags(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    /// Adds a step.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds steps.
    pub fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// The configuration to go by, which the newest of the vendor's guides prefers to steps. Steps that are
    /// given as well override those of the configuration, for instance to fill in a name; how a step is
    /// matched to the one that it overrides is not documented.
    pub fn config_id(mut self, config_id: ConfigId) -> Self {
        self.config_id = Some(config_id);
        self
    }

    /// Ties the session to another one, for a call of several participants.
    pub fn parent(mut self, parent: &SessionToken) -> Self {
        self.parent = Some(parent.clone());
        self
    }

    /// What of the flags and steps does not go together, as [`Flags::check`] has it.
    #[must_use]
    pub fn check(&self) -> Vec<FlagConflict> {
        self.flags.check(&self.steps)
    }

    fn operation(&self) -> Result<Operation> {
        let own = |error: Error| error.with_provider(PROVIDER);
        self.flags.check_extra().map_err(own)?;
        self.steps.iter().try_for_each(Step::check).map_err(own)?;
        let body = Body {
            flags: &self.flags,
            steps: &self.steps,
            config_id: self.config_id.as_ref(),
        };
        let operation = self
            .client
            .operation(&route::BEGIN)?
            .json(&body)?
            .body_credential("company_key", self.client.company_key().clone())?;
        match &self.parent {
            Some(parent) => operation.body_credential("parent_session_id", parent.secret().clone()),
            None => Ok(operation),
        }
    }

    fn into_call(self) -> Call<BegunSession> {
        let operation = self.operation();
        let widget_url = self.client.widget_url().clone();
        let read = move |reply: &RawReply| {
            let token = read_token(reply.body())?;
            Ok(BegunSession {
                widget_url: WidgetUrl::new(&widget_url, &token),
                token,
            })
        };
        self.client.call(operation, read).with_options(self.options)
    }
}

verikit_core::forward_call!(BeginSession => BegunSession);

/// An error code does not come here: it was told apart before.
fn read_token(body: &[u8]) -> Result<SessionToken> {
    serde_json::from_slice(body)
        .map_err(|_| Error::decode("it is not a JSON string that could be a session token"))
}

/// A session that has begun.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BegunSession {
    /// Names the session. Store it with the user's own session.
    pub token: SessionToken,
    /// Where the user goes through it: to redirect to, or for an iframe if there is no
    /// [`return_url`](crate::Flags::return_url).
    pub widget_url: WidgetUrl,
}
