//! A project, whose credentials open the products (contract idlayr, 13.2).

use std::time::SystemTime;

use serde_json::{Value, json};

use super::body::{Configuration, Urls};
use super::credentials::Credential;
use super::link;
use super::state::{Account, Console, MEMBER_NAME};
use crate::clock::date_time;
use crate::idlayr::project::{IdlayrProject, ProjectMode};
use crate::random::Random;

pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mode: ProjectMode,
    pub(super) configuration: Configuration,
    created_at: SystemTime,
    pub(super) updated_at: SystemTime,
    pub(super) credentials: Vec<Credential>,
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
            credentials: vec![Credential::of_project(random, now)],
        }
    }

    /// One that the builder was told of. It gave no name, and one URL for all products.
    pub(super) fn known(
        number: usize,
        project: &IdlayrProject,
        random: &mut Random,
        now: SystemTime,
    ) -> Self {
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

    pub(super) fn credential_body(&self, credential: &Credential, console: &Console, is_new: bool) -> Value {
        let path = format!("{}/credentials", self.path(console));
        let mut body = credential.body(&path, is_new);
        let creator = json!({ "member_id": console.member_id, "name": MEMBER_NAME });
        body.insert("created_by".to_owned(), creator);
        if let Some(links) = body.get_mut("_links").and_then(Value::as_object_mut) {
            links.insert("member".to_owned(), link(&console.member_path()));
        }
        Value::Object(body)
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
                .map(|credential| self.credential_body(credential, console, true))
                .collect();
            members.insert("_embedded".to_owned(), json!({ "credentials": credentials }));
        }
        body
    }

    pub(super) fn account(&self, credential: &Credential) -> Account {
        Account {
            project_id: Some(self.id.clone()),
            client_id: credential.client_id.clone(),
            client_secret: credential.client_secret.clone(),
            scopes: credential.scopes.clone(),
            mode: self.mode,
            configuration: self.configuration.clone(),
        }
    }
}
