//! The console API v0.2: workspaces and what is in them (contract idlayr, 13).
//!
//! A workspace's credentials open the console and no product; a project's open the products and not the
//! console. So the console has a client of its own, with its own token.
//!
//! What the contract calls unconfirmed, or what follows from one of two documents that contradict each other,
//! is marked **Unconfirmed** here.

mod billing;
mod config;
mod credentials;
mod list;
mod members;
mod patch;
mod projects;
mod redact;
mod usage;
mod values;
mod workspaces;

use http::Method;
use verikit_core::{Environment, Error, Operation, Repeat, Result, Secret};

use crate::checks::Route;
use crate::client::Client;
use crate::config::PROVIDER;

pub use billing::{
    Billing, BillingAccount, BillingId, BillingMode, PaymentMethod, PaymentMethodId, PutBillingAccount,
    TopUp, TopUpId,
};
pub use config::ConsoleConfig;
pub use credentials::{ClientId, CreatedBy, CreatedMemberCredential, CreatedProjectCredential, Credential};
pub use list::{ConsoleItem, ConsoleList, ConsolePage};
pub use members::{Member, MemberId, MemberRole, Members};
pub use projects::{
    CreateProject, CreatedProject, DestinationUrls, Project, ProjectConfiguration, ProjectId, ProjectMode,
    Projects, UpdateProject,
};
pub use usage::{
    Analytics, AnalyticsGroup, Interval, Usage, UsageCount, UsageDate, UsageGroup, UsageReports,
};
pub use values::WorkspaceResidency;
pub use workspaces::{Balance, Me, Workspace, WorkspaceId, Workspaces};

/// A client of the console, for one workspace credential.
///
/// Cheap to clone, usable from any number of tasks, made anywhere. It shares neither a token nor a limit with
/// the clients of projects; it may share their [transport](ConsoleConfig::transport).
///
/// ```no_run
/// # async fn example() -> idlayr::Result<()> {
/// use idlayr::Client;
/// use idlayr::console::{Console, ProjectMode};
///
/// let console = Console::from_env()?;
/// let workspaces = console.workspaces().list().await?;
/// let workspace = workspaces.items.first().expect("a credential belongs to a workspace");
/// let project = console
///     .projects(&workspace.workspace_id)
///     .create("shop")
///     .mode(ProjectMode::Sandbox)
///     .await?;
/// // The secret is in this answer and in no other.
/// let credential = project.credentials.first().expect("a new project has a credential");
/// let client = Client::builder(credential.client_id.as_str(), credential.client_secret.clone()).build()?;
/// # drop(client);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Console {
    client: Client,
}

impl Console {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Starts with a workspace's credentials. Those of a project are of no use here.
    pub fn builder(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> ConsoleConfig {
        ConsoleConfig::new(client_id, client_secret)
    }

    /// Makes a client from the environment: `IDLAYR_CONSOLE_CLIENT_ID`, `IDLAYR_CONSOLE_CLIENT_SECRET` and
    /// the optional variables of [`ConsoleConfig::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        ConsoleConfig::from_environment(&Environment::default())?.build()
    }

    /// The workspaces that the credential opens, and their balances.
    #[must_use]
    pub fn workspaces(&self) -> Workspaces {
        Workspaces::new(self.client.clone())
    }

    /// The members of a workspace and their credentials, which open the console.
    #[must_use]
    pub fn members(&self, workspace_id: &WorkspaceId) -> Members {
        Members::new(self.client.clone(), workspace_id.clone())
    }

    /// The projects of a workspace and their credentials, which open the products.
    #[must_use]
    pub fn projects(&self, workspace_id: &WorkspaceId) -> Projects {
        Projects::new(self.client.clone(), workspace_id.clone())
    }

    /// What was used in a workspace, and how checks ended.
    #[must_use]
    pub fn usage(&self, workspace_id: &WorkspaceId) -> UsageReports {
        UsageReports::new(self.client.clone(), workspace_id.clone())
    }

    /// A workspace's billing account, payment methods and top-ups.
    #[must_use]
    pub fn billing(&self, workspace_id: &WorkspaceId) -> Billing {
        Billing::new(self.client.clone(), workspace_id.clone())
    }

    /// The access token that calls are made with, fetched if there is none. For checking a set-up; calls need
    /// no help with their token.
    ///
    /// # Errors
    ///
    /// When the credentials are not accepted or the provider cannot be reached.
    pub async fn access_token(&self) -> Result<Secret> {
        self.client.tokens().access_token().await
    }
}

/// A call in the console, without a body.
fn operation(
    client: &Client,
    method: Method,
    repeat: Repeat,
    route: Route,
    arguments: &[&str],
) -> Result<Operation> {
    Operation::new(method, repeat, route.name, client.realm(), route.path, arguments)
}

/// A call that only reads.
fn get(client: &Client, route: Route, arguments: &[&str]) -> Result<Operation> {
    operation(client, Method::GET, Repeat::Safe, route, arguments)
}

/// A call that makes something, and is sent once.
fn post(client: &Client, route: Route, arguments: &[&str]) -> Result<Operation> {
    operation(client, Method::POST, Repeat::Once, route, arguments)
}

/// A call that deletes something: to delete it twice does no harm.
fn delete(client: &Client, route: Route, arguments: &[&str]) -> Result<Operation> {
    operation(client, Method::DELETE, Repeat::Safe, route, arguments)
}

/// Refuses an argument before anything is sent.
fn refuse(detail: &'static str) -> Error {
    Error::invalid_input(detail).with_provider(PROVIDER)
}
