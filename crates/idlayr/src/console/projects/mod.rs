//! Projects and their credentials (contract idlayr, 13 and 13.2).

mod create;
mod project;
mod update;

use verikit_core::{Answer, Call};

use super::credentials::{ClientId, CreatedProjectCredential, Credential};
use super::list::{ConsoleList, in_workspace};
use super::redact::{call, call_about, call_without_answer};
use super::workspaces::WorkspaceId;
use super::{delete, get, post};
use crate::checks::Route;
use crate::client::Client;

pub use create::CreateProject;
pub use project::{CreatedProject, DestinationUrls, Project, ProjectConfiguration, ProjectId, ProjectMode};
pub use update::UpdateProject;

const LIST: Route = Route {
    name: "console_project.list",
    path: "/console/v0.2/workspaces/{workspace_id}/projects",
};
const CREATE: Route = Route {
    name: "console_project.create",
    path: "/console/v0.2/workspaces/{workspace_id}/projects",
};
const GET: Route = Route {
    name: "console_project.get",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}",
};
const UPDATE: Route = Route {
    name: "console_project.update",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}",
};
const CREDENTIALS: Route = Route {
    name: "console_project_credential.list",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}/credentials",
};
const CREATE_CREDENTIAL: Route = Route {
    name: "console_project_credential.create",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}/credentials",
};
const CREDENTIAL: Route = Route {
    name: "console_project_credential.get",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}/credentials/{client_id}",
};
const DELETE_CREDENTIAL: Route = Route {
    name: "console_project_credential.delete",
    path: "/console/v0.2/workspaces/{workspace_id}/projects/{project_id}/credentials/{client_id}",
};

/// The projects of a workspace. There is no call that deletes one.
#[derive(Debug, Clone)]
pub struct Projects {
    client: Client,
    workspace_id: WorkspaceId,
}

impl Projects {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId) -> Self {
        Self { client, workspace_id }
    }

    fn path<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        in_workspace(&self.workspace_id, rest)
    }

    /// Makes a project with a credential: `POST .../projects`, contract idlayr 13 and 13.2. Not billed; sent
    /// once. The answer is the only one with the credential's secret.
    ///
    /// The name is the project's own in the workspace. So a project whose creation may have been carried out
    /// is found again with [`list`](Projects::list) and [`name`](ConsoleList::name), and gets a new
    /// credential with [`create_credential`](Projects::create_credential).
    ///
    /// # Errors
    ///
    /// An empty name, or a URL that is none, is refused, and nothing is sent. 403 `forbidden`. What is
    /// answered for a name that is taken is not documented.
    pub fn create(&self, name: impl Into<String>) -> CreateProject {
        CreateProject::new(self.client.clone(), self.workspace_id.clone(), name.into())
    }

    /// Lists the projects: `GET .../projects`, contract idlayr 13. Not billed; may be repeated.
    pub fn list(&self) -> ConsoleList<Project> {
        ConsoleList::new(self.client.clone(), LIST, &self.path(&[]))
    }

    /// Reads a project: `GET .../projects/{project_id}`, contract idlayr 13. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn get(&self, project_id: &ProjectId) -> Call<Answer<Project>> {
        let id = project_id.as_str();
        call_about(&self.client, get(&self.client, GET, &self.path(&[id])), id)
    }

    /// Changes a project: `PATCH .../projects/{project_id}` with a JSON-Patch, contract idlayr 13 and 13.2.
    /// Not billed; sent once. That the answer is the project is **unconfirmed**.
    ///
    /// # Errors
    ///
    /// No change, an empty name, a URL that is none, or two changes of one member, is refused, and nothing is
    /// sent. 403 `forbidden`, 404.
    pub fn update(&self, project_id: &ProjectId) -> UpdateProject {
        UpdateProject::new(self.client.clone(), self.workspace_id.clone(), project_id.clone())
    }

    /// Lists a project's credentials, which open the products: `GET .../projects/{project_id}/credentials`,
    /// contract idlayr 13. Not billed; may be repeated.
    pub fn credentials(&self, project_id: &ProjectId) -> ConsoleList<Credential> {
        ConsoleList::new(
            self.client.clone(),
            CREDENTIALS,
            &self.path(&[project_id.as_str()]),
        )
    }

    /// Makes a further credential for a project: `POST .../projects/{project_id}/credentials`, contract
    /// idlayr
    /// 13. Not billed; sent once. The answer is the only one with its secret. That no body is sent is
    /// **unconfirmed**.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn create_credential(&self, project_id: &ProjectId) -> Call<Answer<CreatedProjectCredential>> {
        let arguments = self.path(&[project_id.as_str()]);
        call(&self.client, post(&self.client, CREATE_CREDENTIAL, &arguments))
    }

    /// Reads a project's credential, without its secret: `GET
    /// .../projects/{project_id}/credentials/{client_id}`, contract idlayr 13. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn credential(&self, project_id: &ProjectId, client_id: &ClientId) -> Call<Answer<Credential>> {
        let arguments = self.path(&[project_id.as_str(), client_id.as_str()]);
        let operation = get(&self.client, CREDENTIAL, &arguments);
        call_about(&self.client, operation, client_id.as_str())
    }

    /// Deletes a project's credential: `DELETE .../projects/{project_id}/credentials/{client_id}`, contract
    /// idlayr 13. Not billed. It may be repeated; what a second deletion is answered with is not documented,
    /// and 404 after a repeat may mean that the first one was carried out.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn delete_credential(&self, project_id: &ProjectId, client_id: &ClientId) -> Call<()> {
        let arguments = self.path(&[project_id.as_str(), client_id.as_str()]);
        call_without_answer(&self.client, delete(&self.client, DELETE_CREDENTIAL, &arguments))
    }
}
