//! The workspace, and the projects whose credentials open the products.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::billing::Billing;
use super::body::{Configuration, Urls};
use super::credentials::{Credential, find};
use super::project::Project;
use super::{WORKSPACES, link};
use crate::clock::date_time;
use crate::idlayr::amount::CURRENCY;
use crate::idlayr::project::{IdlayrProject, ProjectMode};
use crate::idlayr::state::Data;
use crate::random::Random;

/// Who has credentials, and what they open.
#[derive(Clone)]
pub(in crate::idlayr) struct Account {
    pub(in crate::idlayr) client_id: String,
    pub(in crate::idlayr) client_secret: String,
    pub(in crate::idlayr) scopes: Vec<String>,
    pub(in crate::idlayr) mode: ProjectMode,
    /// Of the workspace's own credentials: none.
    pub(in crate::idlayr) project_id: Option<String>,
    pub(super) configuration: Configuration,
}

impl Account {
    /// Where the checks of a kind call back and redirect to, unless they say otherwise.
    pub(in crate::idlayr) fn urls(&self, product: &str) -> Option<&Urls> {
        self.configuration.of(product)
    }
}

pub(in crate::idlayr) struct Console {
    pub(super) workspace_id: String,
    pub(super) name: String,
    pub(super) member_id: String,
    user_id: String,
    created_at: SystemTime,
    /// The member's, which open the console and no product.
    pub(super) credentials: Vec<Credential>,
    pub(super) projects: Vec<Project>,
    pub(super) billing: Billing,
}

pub(super) const MEMBER_NAME: &str = "Sandbox Owner";
/// As bodies write it (contract 1). The API's host is that of the residency `eu`.
const RESIDENCY: &str = "EU";

impl Console {
    pub(in crate::idlayr) fn new(
        projects: &[IdlayrProject],
        credential: Credential,
        random: &mut Random,
        now: SystemTime,
    ) -> Self {
        let projects = projects.iter().zip(1..);
        Self {
            projects: projects
                .map(|(project, number)| Project::known(number, project, random, now))
                .collect(),
            workspace_id: random.uuid(),
            name: "Sandbox".to_owned(),
            member_id: random.uuid(),
            user_id: random.uuid(),
            created_at: now,
            credentials: vec![credential],
            billing: Billing::new(random, now),
        }
    }

    pub(in crate::idlayr) fn account(&self, client_id: &str) -> Option<Account> {
        let of_member = find(&self.credentials, client_id).map(|credential| Account {
            client_id: credential.client_id.clone(),
            client_secret: credential.client_secret.clone(),
            scopes: credential.scopes.clone(),
            mode: ProjectMode::Sandbox,
            project_id: None,
            configuration: Configuration::default(),
        });
        of_member.or_else(|| {
            self.projects
                .iter()
                .find_map(|project| Some(project.account(find(&project.credentials, client_id)?)))
        })
    }

    pub(super) fn path(&self) -> String {
        format!("{WORKSPACES}/{}", self.workspace_id)
    }

    pub(super) fn member_path(&self) -> String {
        format!("{}/members/{}", self.path(), self.member_id)
    }

    pub(super) fn member_body(&self) -> Value {
        json!({
            "member_id": self.member_id,
            "role": "OWNER",
            "data_residency": RESIDENCY,
            "user_id": self.user_id,
            "name": MEMBER_NAME,
            "created_at": date_time(self.created_at),
            "_links": { "self": link(&self.member_path()) },
        })
    }
}

impl Data {
    /// The tokens of a credential that there is no more (ours).
    pub(super) fn end_tokens(&mut self, client_id: &str) {
        self.tokens.retain(|_, token| token.client_id != client_id);
    }

    /// With the balance, for which there is no endpoint of its own (contract 13.1).
    pub(super) fn workspace_body(&self) -> Value {
        let console = &self.console;
        let (path, member) = (console.path(), console.member_path());
        let credentials = link(&format!("{member}/credentials"));
        json!({
            "workspace_id": console.workspace_id,
            "data_residency": RESIDENCY,
            "name": console.name,
            "created_at": date_time(console.created_at),
            "_links": {
                "self": link(&path),
                "credentials": credentials,
                "members": link(&format!("{path}/members")),
            },
            "_embedded": {
                "balance": {
                    "currency": CURRENCY,
                    "amount_available": self.balance.json(),
                    "amount_reserved": self.checks.values().filter(|check| check.reserved).count(),
                    "credit_limit": 0,
                },
                "me": {
                    "member_id": console.member_id,
                    "name": MEMBER_NAME,
                    "role": "OWNER",
                    "_links": { "self": link(&member), "credentials": credentials },
                },
            },
        })
    }
}

/// It is full of secrets.
impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console")
            .field("workspace_id", &self.workspace_id)
            .field("projects", &self.projects.len())
            .finish_non_exhaustive()
    }
}
