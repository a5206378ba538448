//! What was used, and how checks ended (contract idlayr, 13.3).

use std::fmt;

use serde::Deserialize;
use verikit_core::value::{Amount, lenient};

use super::list::{ConsoleList, in_workspace, listed};
use super::projects::ProjectId;
use super::workspaces::WorkspaceId;
use crate::checks::{CheckStatus, Currency, NetworkId, Route};
use crate::client::Client;
use crate::coverage::ProductId;

const USAGE: Route = Route {
    name: "console_usage.list",
    path: "/console/v0.2/workspaces/{workspace_id}/usage/{interval}",
};
const ANALYTICS: Route = Route {
    name: "console_analytics.list",
    path: "/console/v0.2/workspaces/{workspace_id}/analytics/{product}/{interval}",
};

/// How long the time is that one row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interval {
    /// An hour; dates are written `2024-01-10T05`.
    Hourly,
    /// A day; dates are written `2024-01-10`.
    Daily,
    /// A month; dates are written `2024-01`.
    Monthly,
}

impl Interval {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Monthly => "monthly",
        }
    }
}

/// What rows of usage are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UsageGroup {
    /// A row for each product.
    ProductId,
    /// A row for each project.
    ProjectId,
}

/// What rows of analytics are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnalyticsGroup {
    /// A row for each project.
    ProjectId,
    /// A row for each operator's network.
    NetworkId,
}

/// The date of a row, as long as the interval makes it: `2024-01`, `2024-01-10` or `2024-01-10T05`. `Debug`
/// shows it only if it is written like one of these.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct UsageDate(Box<str>);

impl UsageDate {
    /// The text as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UsageDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = "0000-00-00T00";
        let written = |(letter, form): (u8, u8)| match form {
            b'0' => letter.is_ascii_digit(),
            _ => letter == form,
        };
        if matches!(self.0.len(), 7 | 10 | 13) && self.0.bytes().zip(form.bytes()).all(written) {
            write!(f, "UsageDate({})", self.0)
        } else {
            write!(f, "UsageDate([{} bytes])", self.0.len())
        }
    }
}

/// How many there were. `Debug` shows it as far as anybody counts: what is sent in its place may be anybody's
/// number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct UsageCount(u64);

impl UsageCount {
    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for UsageCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 10_000_000 {
            write!(f, "UsageCount({})", self.0)
        } else {
            f.write_str("UsageCount([large])")
        }
    }
}

/// A row of usage: what was charged in a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Which time.
    pub date: UsageDate,
    /// What was charged.
    #[serde(default, deserialize_with = "lenient")]
    pub amount: Option<Amount>,
    /// What the amount is counted in.
    #[serde(default, deserialize_with = "lenient")]
    pub currency: Option<Currency>,
    /// How many checks there were.
    #[serde(default, deserialize_with = "lenient")]
    pub counter: Option<UsageCount>,
    /// The product, when rows are counted by it.
    #[serde(default, deserialize_with = "lenient")]
    pub product_id: Option<ProductId>,
    /// The project, when rows are counted by it.
    #[serde(default, deserialize_with = "lenient")]
    pub project_id: Option<ProjectId>,
}

listed!(Usage in usage);

/// A row of analytics: how many checks of a product ended in one way in a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Analytics {
    /// Which time.
    pub date: UsageDate,
    /// The workspace.
    #[serde(default, deserialize_with = "lenient")]
    pub workspace_id: Option<WorkspaceId>,
    /// The product.
    #[serde(default, deserialize_with = "lenient")]
    pub product_id: Option<ProductId>,
    /// Where the checks stand.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<CheckStatus>,
    /// How many there were.
    #[serde(default, deserialize_with = "lenient")]
    pub counter: Option<UsageCount>,
    /// Whether the numbers matched, where that applies.
    #[serde(default, rename = "match", deserialize_with = "lenient")]
    pub matched: Option<bool>,
    /// Whether the SIMs had not changed, where that applies.
    #[serde(default, deserialize_with = "lenient")]
    pub no_sim_change: Option<bool>,
    /// The project, when rows are counted by it.
    #[serde(default, deserialize_with = "lenient")]
    pub project_id: Option<ProjectId>,
    /// The operator's network, when rows are counted by it.
    #[serde(default, deserialize_with = "lenient")]
    pub network_id: Option<NetworkId>,
}

listed!(Analytics in analytics);

/// Usage and analytics of a workspace.
#[derive(Debug, Clone)]
pub struct UsageReports {
    client: Client,
    workspace_id: WorkspaceId,
}

impl UsageReports {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId) -> Self {
        Self { client, workspace_id }
    }

    /// Lists what was charged: `GET .../usage/{interval}`, contract idlayr 13.3. Not billed; may be repeated.
    ///
    /// `search` is a condition in RSQL on `date`, written as long as the interval makes it, such as
    /// `date>=2024-01-10`. The documents require it.
    ///
    /// # Errors
    ///
    /// An empty condition is refused, and nothing is sent.
    pub fn usage(&self, interval: Interval, search: impl Into<String>) -> ConsoleList<Usage> {
        let arguments = in_workspace(&self.workspace_id, &[interval.as_str()]);
        ConsoleList::new(self.client.clone(), USAGE, &arguments).searched(search.into())
    }

    /// Lists how a product's checks ended: `GET .../analytics/{product}/{interval}`, contract idlayr 13.3.
    /// Not billed; may be repeated.
    ///
    /// [`search`](ConsoleList::search) takes a condition on `date`, `project_id`, `network_id`, `status`,
    /// `match` and `no_sim_change`. The schema requires one; the vendor's own client goes without.
    ///
    /// # Errors
    ///
    /// An unknown product whose name is no segment of a path is refused, and nothing is sent.
    pub fn analytics(&self, product: &ProductId, interval: Interval) -> ConsoleList<Analytics> {
        // The path has it in lower case.
        let product = product.as_str().to_ascii_lowercase();
        let arguments = in_workspace(&self.workspace_id, &[&product, interval.as_str()]);
        ConsoleList::new(self.client.clone(), ANALYTICS, &arguments)
    }
}

impl ConsoleList<Usage> {
    /// What rows are counted by; more than one may be said, each once. **Unconfirmed**: that each is a
    /// parameter of its own, as the schema has it. The vendor's command-line client joins them with a comma.
    pub fn group_by(self, group: UsageGroup) -> Self {
        let name = match group {
            UsageGroup::ProductId => "product_id",
            UsageGroup::ProjectId => "project_id",
        };
        self.parameter("group_by", name)
    }
}

impl ConsoleList<Analytics> {
    /// What rows are counted by; more than one may be said, each once. **Unconfirmed**: that each is a
    /// parameter of its own, as the schema has it. The vendor's command-line client joins them with a comma.
    pub fn group_by(self, group: AnalyticsGroup) -> Self {
        let name = match group {
            AnalyticsGroup::ProjectId => "project_id",
            AnalyticsGroup::NetworkId => "network_id",
        };
        self.parameter("group_by", name)
    }
}
