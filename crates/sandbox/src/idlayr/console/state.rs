//! The workspace, and the projects whose credentials open the products.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::body::{Configuration, Urls};
use super::{SCOPE, WORKSPACES, link};
use crate::clock::date_time;
use crate::idlayr::project::{DEFAULT_SCOPES, IdlayrProject, ProjectMode};
use crate::idlayr::state::Data;
use crate::random::Random;

/// Who has credentials, and what they open.
#[derive(Clone)]
pub(in crate::idlayr) struct Account {
    pub(in crate::idlayr) client_id: String,
    pub(in crate::idlayr) client_secret: String,
    pub(in crate::idlayr) scopes: Vec<String>,
    pub(in crate::idlayr) mode: ProjectMode,
    configuration: Configuration,
}

impl Account {
    /// Where the checks of a kind call back and redirect to, unless they say otherwise.
    pub(in crate::idlayr) fn urls(&self, product: &str) -> Option<&Urls> {
        self.configuration.of(product)
    }
}

#[derive(Clone)]
pub(super) struct Credential {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    scopes: Vec<String>,
    created_at: SystemTime,
}

pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mode: ProjectMode,
    pub(super) configuration: Configuration,
    created_at: SystemTime,
    pub(super) updated_at: SystemTime,
    pub(super) credentials: Vec<Credential>,
}

pub(in crate::idlayr) struct Console {
    pub(super) workspace_id: String,
    pub(super) name: String,
    pub(super) member_id: String,
    user_id: String,
    created_at: SystemTime,
    credential: Account,
    pub(super) projects: Vec<Project>,
}

impl Credential {
    pub(super) fn new(random: &mut Random, now: SystemTime) -> Self {
        Self {
            client_id: random.uuid(),
            client_secret: random.text(26),
            scopes: DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            created_at: now,
        }
    }

    /// The secret is shown once, at the creation.
    pub(super) fn body(&self, console: &Console, project: &Project, is_new: bool) -> Value {
        let (path, member) = (project.path(console), console.member_path());
        let mut body = json!({
            "client_id": self.client_id,
            "scopes": self.scopes,
            "created_at": date_time(self.created_at),
            "created_by": { "member_id": console.member_id, "name": MEMBER_NAME },
            "_links": { "self": link(&format!("{path}/credentials/{}", self.client_id)), "member": link(&member) },
        });
        if let (true, Some(members)) = (is_new, body.as_object_mut()) {
            members.insert("client_secret".to_owned(), json!(self.client_secret));
        }
        body
    }
}

impl Project {
    pub(super) fn new(
        name: String,
        mode: ProjectMode,
        configuration: Configuration,
        random: &mut Random,
        now: SystemTime,
    ) -> Self {
        Self {
            id: random.uuid(),
            name,
            mode,
            configuration,
            created_at: now,
            updated_at: now,
            credentials: vec![Credential::new(random, now)],
        }
    }

    /// One that the builder was told of. It gave no name, and one URL for all products.
    fn known(number: usize, project: &IdlayrProject, random: &mut Random, now: SystemTime) -> Self {
        let urls = Urls {
            callback_url: project.callback_url.clone(),
            redirect_url: project.redirect_url.clone(),
        };
        let credential = Credential {
            client_id: project.client_id.clone(),
            client_secret: project.client_secret.clone(),
            scopes: project.scopes.clone(),
            created_at: now,
        };
        Self {
            credentials: vec![credential],
            ..Self::new(
                format!("Project {number}"),
                project.mode,
                Configuration::same(&urls),
                random,
                now,
            )
        }
    }

    pub(super) fn path(&self, console: &Console) -> String {
        format!("{}/projects/{}", console.path(), self.id)
    }

    pub(super) fn body(&self, console: &Console, is_new: bool) -> Value {
        let path = self.path(console);
        let mut body = json!({
            "project_id": self.id,
            "name": self.name,
            "mode": self.mode.as_str(),
            "member_id": console.member_id,
            "created_at": date_time(self.created_at),
            "updated_at": date_time(self.updated_at),
            "configuration": self.configuration.json(),
            "_links": { "self": link(&path), "my_credentials": link(&format!("{path}/credentials")) },
        });
        if let (true, Some(members)) = (is_new, body.as_object_mut()) {
            let credentials = self.credentials.iter();
            let credentials: Vec<Value> = credentials
                .map(|credential| credential.body(console, self, true))
                .collect();
            members.insert("_embedded".to_owned(), json!({ "credentials": credentials }));
        }
        body
    }

    fn account(&self, credential: &Credential) -> Account {
        Account {
            client_id: credential.client_id.clone(),
            client_secret: credential.client_secret.clone(),
            scopes: credential.scopes.clone(),
            mode: self.mode,
            configuration: self.configuration.clone(),
        }
    }
}

const MEMBER_NAME: &str = "Sandbox Owner";
/// As bodies write it (contract 1). The API's host is that of the residency `eu`.
const RESIDENCY: &str = "EU";

impl Console {
    pub(in crate::idlayr) fn new(projects: &[IdlayrProject], random: &mut Random, now: SystemTime) -> Self {
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
            credential: Account {
                client_id: random.uuid(),
                client_secret: random.text(26),
                scopes: vec![SCOPE.to_owned()],
                mode: ProjectMode::Sandbox,
                configuration: Configuration::default(),
            },
        }
    }

    /// The workspace's own credential, which opens no product.
    pub(in crate::idlayr) fn credential(&self) -> &Account {
        &self.credential
    }

    pub(in crate::idlayr) fn account(&self, client_id: &str) -> Option<Account> {
        if self.credential.client_id == client_id {
            return Some(self.credential.clone());
        }
        self.projects.iter().find_map(|project| {
            let mut credentials = project.credentials.iter();
            let credential = credentials.find(|credential| credential.client_id == client_id)?;
            Some(project.account(credential))
        })
    }

    pub(super) fn path(&self) -> String {
        format!("{WORKSPACES}/{}", self.workspace_id)
    }

    fn member_path(&self) -> String {
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
                    "currency": "API",
                    "amount_available": self.balance,
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
