//! A client of the Core API.

use caf::Config;
use caf::core_api::CoreTransactions;
use caf::testing::Step;
use caf::transactions::{TemplateId, TransactionId};

use crate::support::Scripted;

pub(crate) const TOKEN: &str = "core-token-0001";
pub(crate) const BASE: &str = "https://api.combateafraude.com/v1";
pub(crate) const ID: &str = "64b0c0ffee0000000000bbbb";
pub(crate) const TEMPLATE: &str = "64b0c0ffee0000000000aaaa";

/// The answer to a create, as documented.
pub(crate) const CREATED: &str =
    r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000bbbb"}"#;

pub(crate) fn id() -> TransactionId {
    TransactionId::new(ID).unwrap()
}

pub(crate) fn template() -> TemplateId {
    TemplateId::new(TEMPLATE).unwrap()
}

/// A transaction with a status that is written as it stands.
pub(crate) fn with_status(status: &str) -> String {
    format!(r#"{{"requestId":"r-1","id":"{ID}","status":{status}}}"#)
}

impl Scripted {
    pub(crate) fn core(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::core_with(steps, |config| config)
    }

    pub(crate) fn core_with(
        steps: impl IntoIterator<Item = Step>,
        set: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::with(steps, |config| set(config.core_token(TOKEN)))
    }

    pub(crate) fn transactions(&self) -> CoreTransactions {
        self.client.core().transactions()
    }

    /// Asserts the whole of the one request, with the token of the Core API.
    #[track_caller]
    pub(crate) fn assert_core_sent(&self, line: &str, accept: &str, body: &str) {
        self.assert_sent(line, accept, &format!("Bearer {TOKEN}"), body);
    }
}
