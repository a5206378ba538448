//! The console, which has a client of its own.

use idlayr::console::{ClientId, Console, Interval, MemberId, PaymentMethodId, ProjectId, WorkspaceId};
use idlayr::{Currency, ProductId};

use crate::operations::{Called, Connect, Connection, Operation, configured, operation};

const WORKSPACE: &str = r#"{"workspace_id":"w-1"}"#;
const WORKSPACES: &str = r#"{"_embedded":{"workspaces":[]}}"#;
const MEMBER: &str = r#"{"member_id":"m-1"}"#;
const MEMBERS: &str = r#"{"_embedded":{"members":[]}}"#;
const PROJECT: &str = r#"{"project_id":"p-1"}"#;
const PROJECTS: &str = r#"{"_embedded":{"projects":[]}}"#;
const CREDENTIAL: &str = r#"{"client_id":"c-1"}"#;
const CREATED_CREDENTIAL: &str = r#"{"client_id":"c-1","client_secret":"s-1"}"#;
const CREDENTIALS: &str = r#"{"_embedded":{"credentials":[]}}"#;
const USAGE: &str = r#"{"_embedded":{"usage":[]}}"#;
const ANALYTICS: &str = r#"{"_embedded":{"analytics":[]}}"#;
const ACCOUNT: &str = r#"{"billing_mode":"FREE"}"#;
const METHOD: &str = r#"{"id":"pm-1"}"#;
const METHODS: &str = r#"{"_embedded":{"payment_methods":[]}}"#;
const TOP_UP: &str = r#"{"top_up_id":"t-1"}"#;
const TOP_UPS: &str = r#"{"_embedded":{"top_ups":[]}}"#;

fn workspace() -> WorkspaceId {
    WorkspaceId::new("w-1").unwrap()
}

fn member() -> MemberId {
    MemberId::new("m-1").unwrap()
}

fn project() -> ProjectId {
    ProjectId::new("p-1").unwrap()
}

fn credential() -> ClientId {
    ClientId::new("c-1").unwrap()
}

fn method() -> PaymentMethodId {
    PaymentMethodId::new("pm-1").unwrap()
}

#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Safe Token "console_workspace.list", "GET /console/v0.2/workspaces", 200 WORKSPACES,
            |console: Console| console.workspaces().list()),
        operation!(Safe Token "console_workspace.get", "GET /console/v0.2/workspaces/w-1", 200 WORKSPACE,
            |console: Console| console.workspaces().get(&workspace())),
        operation!(Once Token "console_workspace.rename", "PATCH /console/v0.2/workspaces/w-1", 200 WORKSPACE,
            |console: Console| console.workspaces().rename(&workspace(), "n")),
        operation!(Safe Token "console_member.list", "GET /console/v0.2/workspaces/w-1/members", 200 MEMBERS,
            |console: Console| console.members(&workspace()).list()),
        operation!(Safe Token "console_member.get", "GET /console/v0.2/workspaces/w-1/members/m-1", 200 MEMBER,
            |console: Console| console.members(&workspace()).get(&member())),
        operation!(Safe Token "console_member_credential.list", "GET /console/v0.2/workspaces/w-1/members/m-1/credentials", 200 CREDENTIALS,
            |console: Console| console.members(&workspace()).credentials(&member())),
        operation!(Once Token "console_member_credential.create", "POST /console/v0.2/workspaces/w-1/members/m-1/credentials", 200 CREATED_CREDENTIAL,
            |console: Console| console.members(&workspace()).create_credential(&member())),
        operation!(Safe Token "console_member_credential.get", "GET /console/v0.2/workspaces/w-1/members/m-1/credentials/c-1", 200 CREDENTIAL,
            |console: Console| console.members(&workspace()).credential(&member(), &credential())),
        operation!(Safe Token "console_member_credential.delete", "DELETE /console/v0.2/workspaces/w-1/members/m-1/credentials/c-1", 200 "{}",
            |console: Console| console.members(&workspace()).delete_credential(&member(), &credential())),
        operation!(Safe Token "console_project.list", "GET /console/v0.2/workspaces/w-1/projects", 200 PROJECTS,
            |console: Console| console.projects(&workspace()).list()),
        operation!(Once Token "console_project.create", "POST /console/v0.2/workspaces/w-1/projects", 201 PROJECT,
            |console: Console| console.projects(&workspace()).create("n")),
        operation!(Safe Token "console_project.get", "GET /console/v0.2/workspaces/w-1/projects/p-1", 200 PROJECT,
            |console: Console| console.projects(&workspace()).get(&project())),
        operation!(Once Token "console_project.update", "PATCH /console/v0.2/workspaces/w-1/projects/p-1", 200 PROJECT,
            |console: Console| console.projects(&workspace()).update(&project()).name("n")),
        operation!(Safe Token "console_project_credential.list", "GET /console/v0.2/workspaces/w-1/projects/p-1/credentials", 200 CREDENTIALS,
            |console: Console| console.projects(&workspace()).credentials(&project())),
        operation!(Once Token "console_project_credential.create", "POST /console/v0.2/workspaces/w-1/projects/p-1/credentials", 200 CREATED_CREDENTIAL,
            |console: Console| console.projects(&workspace()).create_credential(&project())),
        operation!(Safe Token "console_project_credential.get", "GET /console/v0.2/workspaces/w-1/projects/p-1/credentials/c-1", 200 CREDENTIAL,
            |console: Console| console.projects(&workspace()).credential(&project(), &credential())),
        operation!(Safe Token "console_project_credential.delete", "DELETE /console/v0.2/workspaces/w-1/projects/p-1/credentials/c-1", 200 "{}",
            |console: Console| console.projects(&workspace()).delete_credential(&project(), &credential())),
        operation!(Safe Token "console_usage.list", "GET /console/v0.2/workspaces/w-1/usage/daily?search=date%3E2024", 200 USAGE,
            |console: Console| console.usage(&workspace()).usage(Interval::Daily, "date>2024")),
        operation!(Safe Token "console_analytics.list", "GET /console/v0.2/workspaces/w-1/analytics/pck/daily", 200 ANALYTICS,
            |console: Console| console.usage(&workspace()).analytics(&ProductId::PhoneCheck, Interval::Daily)),
        operation!(Safe Token "console_billing_account.get", "GET /console/v0.2/workspaces/w-1/billing_account", 200 ACCOUNT,
            |console: Console| console.billing(&workspace()).account()),
        operation!(Safe Token "console_billing_account.put", "PUT /console/v0.2/workspaces/w-1/billing_account", 200 ACCOUNT,
            |console: Console| console.billing(&workspace()).put_account().city("c")),
        operation!(Safe Token "console_payment_method.list", "GET /console/v0.2/workspaces/w-1/payment_methods", 200 METHODS,
            |console: Console| console.billing(&workspace()).payment_methods()),
        operation!(Safe Token "console_payment_method.get", "GET /console/v0.2/workspaces/w-1/payment_methods/pm-1", 200 METHOD,
            |console: Console| console.billing(&workspace()).payment_method(&method())),
        operation!(Safe Token "console_payment_method.delete", "DELETE /console/v0.2/workspaces/w-1/payment_methods/pm-1", 200 "{}",
            |console: Console| console.billing(&workspace()).delete_payment_method(&method())),
        operation!(Safe Token "console_top_up.list", "GET /console/v0.2/workspaces/w-1/topups", 200 TOP_UPS,
            |console: Console| console.billing(&workspace()).top_ups()),
        operation!(Once Token "console_top_up.create", "POST /console/v0.2/workspaces/w-1/topups", 201 TOP_UP,
            |console: Console| console.billing(&workspace()).create_top_up(&method(), &Currency::Eur, "5")),
    ]
}

impl Connect for Console {
    const PROVIDER: &'static str = "idlayr";
    const TOKEN_LINE: Option<&'static str> = Some(super::TOKEN_LINE);

    fn connect(connection: &Connection) -> Self {
        configured!(Console::builder("workspace-1", "secret-1"), connection)
    }

    fn fetch_token(&self) -> Option<Called> {
        let console = self.clone();
        Some(Box::pin(async move { console.access_token().await.map(|_| ()) }))
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
