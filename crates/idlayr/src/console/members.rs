//! Members and their credentials (contract idlayr, 13 and 13.1).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, Personal, Timestamp};

use super::credentials::{ClientId, CreatedMemberCredential, Credential};
use super::list::{ConsoleList, in_workspace, listed};
use super::redact::{Identified, call, call_about, call_without_answer};
use super::values::WorkspaceResidency;
use super::workspaces::WorkspaceId;
use super::{delete, get, post};
use crate::checks::Route;
use crate::client::Client;

const LIST: Route = Route {
    name: "console_member.list",
    path: "/console/v0.2/workspaces/{workspace_id}/members",
};
const GET: Route = Route {
    name: "console_member.get",
    path: "/console/v0.2/workspaces/{workspace_id}/members/{member_id}",
};
const CREDENTIALS: Route = Route {
    name: "console_member_credential.list",
    path: "/console/v0.2/workspaces/{workspace_id}/members/{member_id}/credentials",
};
const CREATE_CREDENTIAL: Route = Route {
    name: "console_member_credential.create",
    path: "/console/v0.2/workspaces/{workspace_id}/members/{member_id}/credentials",
};
const CREDENTIAL: Route = Route {
    name: "console_member_credential.get",
    path: "/console/v0.2/workspaces/{workspace_id}/members/{member_id}/credentials/{client_id}",
};
const DELETE_CREDENTIAL: Route = Route {
    name: "console_member_credential.delete",
    path: "/console/v0.2/workspaces/{workspace_id}/members/{member_id}/credentials/{client_id}",
};

verikit_core::identifier! {
    /// Identifies a member of a workspace.
    pub struct MemberId;
}

verikit_core::open_enum! {
    /// What a member may do.
    pub enum MemberRole {
        /// Everything.
        Owner = "OWNER",
        /// Most things.
        Admin = "ADMIN",
        /// Look.
        Viewer = "VIEWER",
    }
}

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The member.
    pub member_id: MemberId,
    /// What the member may do.
    #[serde(default, deserialize_with = "lenient")]
    pub role: Option<MemberRole>,
    /// Where the workspace keeps its data.
    #[serde(default, deserialize_with = "lenient")]
    pub data_residency: Option<WorkspaceResidency>,
    /// The user behind the member.
    #[serde(default, deserialize_with = "lenient")]
    pub user_id: Option<Personal<String>>,
    /// The member's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// What the member was invited with.
    #[serde(default, deserialize_with = "lenient")]
    pub invitation_reference: Option<Personal<String>>,
    /// When the member joined.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
}

listed!(Member in members);

impl Identified for Member {
    fn id(&self) -> &str {
        self.member_id.as_str()
    }
}

/// The members of a workspace.
#[derive(Debug, Clone)]
pub struct Members {
    client: Client,
    workspace_id: WorkspaceId,
}

impl Members {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId) -> Self {
        Self { client, workspace_id }
    }

    fn path<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        in_workspace(&self.workspace_id, rest)
    }

    /// Lists the members: `GET .../members`, contract idlayr 13. Not billed; may be repeated.
    pub fn list(&self) -> ConsoleList<Member> {
        ConsoleList::new(self.client.clone(), LIST, &self.path(&[]))
    }

    /// Reads a member: `GET .../members/{member_id}`, contract idlayr 13. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// What is answered for a member that does not exist is not documented; 404 is to be expected.
    pub fn get(&self, member_id: &MemberId) -> Call<Answer<Member>> {
        let id = member_id.as_str();
        call_about(&self.client, get(&self.client, GET, &self.path(&[id])), id)
    }

    /// Lists a member's credentials, which open the console: `GET .../members/{member_id}/credentials`,
    /// contract idlayr 13. Not billed; may be repeated.
    pub fn credentials(&self, member_id: &MemberId) -> ConsoleList<Credential> {
        ConsoleList::new(
            self.client.clone(),
            CREDENTIALS,
            &self.path(&[member_id.as_str()]),
        )
    }

    /// Makes a credential for a member: `POST .../members/{member_id}/credentials` without a body, contract
    /// idlayr 13. Not billed; sent once. The answer is the only one with its secret.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn create_credential(&self, member_id: &MemberId) -> Call<Answer<CreatedMemberCredential>> {
        let arguments = self.path(&[member_id.as_str()]);
        call(&self.client, post(&self.client, CREATE_CREDENTIAL, &arguments))
    }

    /// Reads a member's credential, without its secret: `GET
    /// .../members/{member_id}/credentials/{client_id}`, contract idlayr 13. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn credential(&self, member_id: &MemberId, client_id: &ClientId) -> Call<Answer<Credential>> {
        let arguments = self.path(&[member_id.as_str(), client_id.as_str()]);
        let operation = get(&self.client, CREDENTIAL, &arguments);
        call_about(&self.client, operation, client_id.as_str())
    }

    /// Deletes a member's credential: `DELETE .../members/{member_id}/credentials/{client_id}`, contract
    /// idlayr
    /// 13. Not billed. It may be repeated; what a second deletion is answered with is not documented, and 404
    /// after a repeat may mean that the first one was carried out.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn delete_credential(&self, member_id: &MemberId, client_id: &ClientId) -> Call<()> {
        let arguments = self.path(&[member_id.as_str(), client_id.as_str()]);
        call_without_answer(&self.client, delete(&self.client, DELETE_CREDENTIAL, &arguments))
    }
}
