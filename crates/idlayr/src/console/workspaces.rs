//! Workspaces (contract idlayr, 13 and 13.1).

use serde::Deserialize;
use verikit_core::value::{Amount, lenient};
use verikit_core::{Answer, Call, Personal, Timestamp};

use super::list::{ConsoleList, listed};
use super::members::{MemberId, MemberRole};
use super::patch::{Change, patch};
use super::redact::{Identified, call_about};
use super::values::{WorkspaceResidency, object, object_or_default};
use super::{get, refuse};
use crate::checks::{Currency, Route};
use crate::client::Client;

const LIST: Route = Route {
    name: "console_workspace.list",
    path: "/console/v0.2/workspaces",
};
const GET: Route = Route {
    name: "console_workspace.get",
    path: "/console/v0.2/workspaces/{workspace_id}",
};
const RENAME: Route = Route {
    name: "console_workspace.rename",
    path: "/console/v0.2/workspaces/{workspace_id}",
};

verikit_core::identifier! {
    /// Identifies a workspace.
    pub struct WorkspaceId;
}

/// A workspace: projects, members, and one balance that all of its projects are paid from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Workspace {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Where it keeps its data. Calls of its projects must go there.
    #[serde(default, deserialize_with = "lenient")]
    pub data_residency: Option<WorkspaceResidency>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    #[serde(default, rename = "_embedded", deserialize_with = "object_or_default")]
    embedded: Embedded,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
struct Embedded {
    #[serde(default, deserialize_with = "object")]
    balance: Option<Balance>,
    #[serde(default, deserialize_with = "object")]
    me: Option<Me>,
}

impl Workspace {
    /// What is left to pay checks from, if the answer says so. There is no other call that tells.
    #[must_use]
    pub fn balance(&self) -> Option<&Balance> {
        self.embedded.balance.as_ref()
    }

    /// Whose credential asked, if the answer says so.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.embedded.me.as_ref()
    }
}

listed!(Workspace in workspaces);

impl Identified for Workspace {
    fn id(&self) -> &str {
        self.workspace_id.as_str()
    }
}

/// A workspace's balance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Balance {
    /// What the amounts are counted in.
    #[serde(default, deserialize_with = "lenient")]
    pub currency: Option<Currency>,
    /// What can be spent.
    #[serde(default, deserialize_with = "lenient")]
    pub amount_available: Option<Amount>,
    /// What is set aside for checks that have not come to their end. It was seen negative.
    #[serde(default, deserialize_with = "lenient")]
    pub amount_reserved: Option<Amount>,
    /// How far the balance may go below zero. Not in every answer.
    #[serde(default, deserialize_with = "lenient")]
    pub credit_limit: Option<Amount>,
}

/// The member whose credential asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Me {
    /// The member.
    #[serde(default, deserialize_with = "lenient")]
    pub member_id: Option<MemberId>,
    /// The member's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// What the member may do.
    #[serde(default, deserialize_with = "lenient")]
    pub role: Option<MemberRole>,
}

/// The workspaces that the credential opens.
#[derive(Debug, Clone)]
pub struct Workspaces {
    client: Client,
}

impl Workspaces {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists the workspaces: `GET /console/v0.2/workspaces`, contract idlayr 13. Not billed; may be repeated.
    pub fn list(&self) -> ConsoleList<Workspace> {
        ConsoleList::new(self.client.clone(), LIST, &[])
    }

    /// Reads a workspace with its balance: `GET /console/v0.2/workspaces/{workspace_id}`, contract idlayr 13
    /// and 13.1. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn get(&self, workspace_id: &WorkspaceId) -> Call<Answer<Workspace>> {
        let id = workspace_id.as_str();
        call_about(&self.client, get(&self.client, GET, &[id]), id)
    }

    /// Renames a workspace, which its owner may do: `PATCH /console/v0.2/workspaces/{workspace_id}` with a
    /// JSON-Patch of `/name`, contract idlayr 13. Not billed; sent once. That the answer is the workspace is
    /// **unconfirmed**.
    ///
    /// # Errors
    ///
    /// An empty name is refused, and nothing is sent. 403 `forbidden` for whoever is not the owner; 404
    /// `workspace_not_found`.
    pub fn rename(&self, workspace_id: &WorkspaceId, name: impl Into<String>) -> Call<Answer<Workspace>> {
        let (id, name) = (workspace_id.as_str(), name.into());
        let operation = if name.is_empty() {
            Err(refuse("the name is empty"))
        } else {
            patch(&self.client, RENAME, &[id], &[Change::replace("/name", name)])
        };
        call_about(&self.client, operation, id)
    }
}
