//! Changing a project (contract idlayr, 13.2).

use verikit_core::{Answer, Call, CallOptions, Operation, Result};

use super::project::{DestinationUrls, Project, ProjectConfiguration, ProjectId, ProjectMode};
use super::{UPDATE, WorkspaceId};
use crate::client::Client;
use crate::console::patch::{Change, patch};
use crate::console::redact::call_about;
use crate::console::refuse;

const CALLBACK: &str = "/configuration/phone_check/callback_url";

/// Changes of a project that are about to be sent, in the order in which they were said. Await it to send it.
///
/// ```
/// # async fn example(
/// #     console: &idlayr::console::Console,
/// #     workspace_id: &idlayr::console::WorkspaceId,
/// #     project_id: &idlayr::console::ProjectId,
/// # ) -> idlayr::Result<()> {
/// use idlayr::console::ProjectMode;
///
/// let project = console.projects(workspace_id).update(project_id).mode(ProjectMode::Live).await?;
/// assert_eq!(project.mode, Some(ProjectMode::Live));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct UpdateProject {
    client: Client,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
    changes: Vec<Change>,
    urls: Vec<DestinationUrls>,
    nameless: bool,
    options: CallOptions,
}

impl UpdateProject {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId, project_id: ProjectId) -> Self {
        Self {
            client,
            workspace_id,
            project_id,
            changes: Vec::new(),
            urls: Vec::new(),
            nameless: false,
            options: CallOptions::default(),
        }
    }

    /// Renames it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.nameless |= name.is_empty();
        self.changes.push(Change::replace("/name", name));
        self
    }

    /// Makes its checks real, or not.
    pub fn mode(mut self, mode: ProjectMode) -> Self {
        self.changes.push(Change::replace("/mode", mode));
        self
    }

    /// Sets where its checks call back and redirect to, for all products: what is not said here is gone.
    pub fn configuration(mut self, configuration: ProjectConfiguration) -> Self {
        self.changes.push(Change::add("/configuration", &configuration));
        self.urls.extend(configuration.phone_check);
        self.urls.extend(configuration.subscriber_check);
        self
    }

    /// Sets where its PhoneCheck checks call back and redirect to. **Unconfirmed**: known from the vendor's
    /// command-line client alone.
    pub fn phone_check(mut self, urls: DestinationUrls) -> Self {
        self.changes
            .push(Change::add("/configuration/phone_check", &urls));
        self.urls.push(urls);
        self
    }

    /// Sets another callback URL for its PhoneCheck checks, in place of the one that is set.
    pub fn phone_check_callback_url(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        self.changes.push(Change::replace(CALLBACK, url.as_str()));
        self.urls.push(DestinationUrls::new().callback_url(url));
        self
    }

    /// Removes the callback URL of its PhoneCheck checks.
    pub fn remove_phone_check_callback_url(mut self) -> Self {
        self.changes.push(Change::remove(CALLBACK));
        self
    }

    fn operation(&self) -> Result<Operation> {
        if self.changes.is_empty() {
            return Err(refuse("an update of a project needs a change"));
        }
        if self.nameless {
            return Err(refuse("the name is empty"));
        }
        // The documents ask not to mix replace and remove of one path; of two values one would be lost.
        for (place, change) in self.changes.iter().enumerate() {
            if self
                .changes
                .iter()
                .take(place)
                .any(|earlier| earlier.path == change.path)
            {
                return Err(refuse("an update of a project changes one member twice"));
            }
        }
        self.urls.iter().try_for_each(|urls| urls.check(&self.client))?;
        let arguments = [self.workspace_id.as_str(), self.project_id.as_str()];
        patch(&self.client, UPDATE, &arguments, &self.changes)
    }

    fn into_call(self) -> Call<Answer<Project>> {
        let operation = self.operation();
        call_about(&self.client, operation, self.project_id.as_str()).with_options(self.options)
    }
}

verikit_core::forward_call!(UpdateProject => Answer<Project>);
