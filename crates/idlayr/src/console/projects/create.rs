//! Making a project (contract idlayr, 13.2).

use serde::Serialize;
use verikit_core::{Answer, Call, CallOptions, Operation, Personal, Result};

use super::project::{CreatedProject, ProjectConfiguration, ProjectMode};
use super::{CREATE, WorkspaceId};
use crate::client::Client;
use crate::console::redact::call;
use crate::console::{post, refuse};

/// A project that is about to be made. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateProject {
    client: Client,
    workspace_id: WorkspaceId,
    body: Body,
    options: CallOptions,
}

/// The request's body. Members that are not set are left out.
#[derive(Debug, Serialize)]
struct Body {
    name: Personal<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<ProjectMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<ProjectConfiguration>,
}

impl CreateProject {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId, name: String) -> Self {
        Self {
            client,
            workspace_id,
            body: Body {
                name: Personal::new(name),
                mode: None,
                configuration: None,
            },
            options: CallOptions::default(),
        }
    }

    /// Whether its checks are real. The provider's default is not documented: say it.
    pub fn mode(mut self, mode: ProjectMode) -> Self {
        self.body.mode = Some(mode);
        self
    }

    /// Where its checks call back and redirect to.
    pub fn configuration(mut self, configuration: ProjectConfiguration) -> Self {
        self.body.configuration = Some(configuration);
        self
    }

    fn operation(&self) -> Result<Operation> {
        if self.body.name.expose().is_empty() {
            return Err(refuse("the name is empty"));
        }
        if let Some(configuration) = &self.body.configuration {
            configuration.check(&self.client)?;
        }
        post(&self.client, CREATE, &[self.workspace_id.as_str()])?.json(&self.body)
    }

    fn into_call(self) -> Call<Answer<CreatedProject>> {
        call(&self.client, self.operation()).with_options(self.options)
    }
}

verikit_core::forward_call!(CreateProject => Answer<CreatedProject>);
