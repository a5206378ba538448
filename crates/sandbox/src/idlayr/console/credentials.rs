//! Credentials, of members and of projects (contract idlayr, 13.1).

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::{SCOPE, link};
use crate::clock::date_time;
use crate::idlayr::lists::{List, Property};
use crate::idlayr::problem::Problem;
use crate::idlayr::project::DEFAULT_SCOPES;
use crate::random::Random;

pub(super) const CREDENTIALS: List<'_> = List::new(
    "credentials",
    &[Property::text("client_id"), Property::time("created_at")],
);

#[derive(Clone)]
pub(in crate::idlayr) struct Credential {
    pub(in crate::idlayr) client_id: String,
    pub(in crate::idlayr) client_secret: String,
    pub(super) scopes: Vec<String>,
    pub(super) created_at: SystemTime,
}

impl Credential {
    fn new(scopes: Vec<String>, random: &mut Random, now: SystemTime) -> Self {
        Self {
            client_id: random.uuid(),
            client_secret: random.text(26),
            scopes,
            created_at: now,
        }
    }

    /// It opens the console.
    pub(in crate::idlayr) fn of_member(random: &mut Random, now: SystemTime) -> Self {
        Self::new(vec![SCOPE.to_owned()], random, now)
    }

    /// It opens the products.
    pub(super) fn of_project(random: &mut Random, now: SystemTime) -> Self {
        let scopes = DEFAULT_SCOPES.split(' ').map(str::to_owned).collect();
        Self::new(scopes, random, now)
    }

    /// What is shown of it at `path`. The secret is shown once, at the creation.
    pub(super) fn body(&self, path: &str, is_new: bool) -> Map<String, Value> {
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        set("client_id", json!(self.client_id));
        set("scopes", json!(self.scopes));
        set("created_at", json!(date_time(self.created_at)));
        set(
            "_links",
            json!({ "self": link(&format!("{path}/{}", self.client_id)) }),
        );
        if is_new {
            set("client_secret", json!(self.client_secret));
        }
        body
    }
}

pub(super) fn find<'a>(credentials: &'a [Credential], client_id: &str) -> Option<&'a Credential> {
    let mut credentials = credentials.iter();
    credentials.find(|credential| credential.client_id == client_id)
}

pub(super) fn remove(credentials: &mut Vec<Credential>, client_id: &str) -> Result<(), Problem> {
    let mut known = credentials.iter();
    let at = known.position(|credential| credential.client_id == client_id);
    credentials.remove(at.ok_or_else(Problem::not_found)?);
    Ok(())
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
